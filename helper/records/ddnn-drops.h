// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_DROPS_H
#define DDNN_DROPS_H

#include "ns3/packet.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace ns3
{

/// Why a packet did not go on.
enum class DdnnDrop : uint8_t
{
    QUEUE,          ///< a queue was full, or its discipline dropped it
    RETRIES,        ///< a MAC layer had no acknowledgement, or no free channel
    EXPIRED,        ///< it waited too long in a MAC layer's queue
    NOT_ASSOCIATED, ///< Wi-Fi: the sender has no access point, or the access point no such station
    OFF,            ///< a net device is off, see DdnnNetDeviceSwitch
    LOSS,           ///< the error model of a net device
    NO_ROUTE,       ///< no address, or IP: no route on the way, also after a search for one
    HOP_LIMIT,      ///< IP: too many hops
    INTERFACE_DOWN, ///< IP
    MALFORMED,      ///< IP: wrong checksum, unknown option or protocol
    REASSEMBLY,     ///< IP, 6LoWPAN: other fragments were missing
    UNRESOLVED,     ///< ARP, neighbour discovery or a mesh did not find the next hop
    NO_SOCKET,      ///< it has reached the node, where no application took it
    CONNECTION,     ///< the TCP connection broke
    UNHEARD,        ///< it was on the medium once, and the receiver did not hear it
    UNKNOWN         ///< nobody has told
};

constexpr std::size_t DDNN_NUM_DROPS = 15; ///< values of DdnnDrop before UNKNOWN

/// In lower case with a dash, as in tables: "no-route".
std::string ToString(DdnnDrop cause);

/// Told of a packet at a node, by ns-3's identifier of it.
using DdnnDropCallback = std::function<void(DdnnDrop cause, uint32_t node, Ptr<const Packet>)>;

/**
 * Observe where packets are dropped, or are seen for the last time: the net devices, queues,
 * queueing disciplines and IP of all nodes that exist.
 *
 * \param dropped called for each packet that is dropped
 * \param passed called for packets that go on, in a way that they may be lost without a word; the
 *        cause is why, if nothing more is told of the packet: UNRESOLVED when IP hands it to a net
 *        device or a mesh point has received it, and UNKNOWN when it has entered the next device;
 * UNHEARD when a CSMA device transmits it, for it does so once, and another when a router has
 * received and forwards it; NO_SOCKET when IP hands it to UDP
 */
void TraceDdnnDrops(const DdnnDropCallback& dropped, const DdnnDropCallback& passed);

} // namespace ns3

#endif // DDNN_DROPS_H
