// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_DROPS_H
#define DDNN_DROPS_H

#include "ddnn-topology.h"

#include "ns3/packet.h"

#include <functional>
#include <string>

namespace ns3
{

/// Why a packet did not go on.
enum class DdnnDrop
{
    QUEUE,      ///< a queue was full, or its discipline dropped it
    RETRIES,    ///< a MAC layer had no acknowledgement, or no free channel
    EXPIRED,    ///< it waited too long in a MAC layer's queue
    OFF,        ///< the sender's radio or link is off, or was: nothing goes out
    LINK,       ///< the link is down, or its other end is off
    LOSS,       ///< a loss that the settings or a fault demand
    UNHEARD,    ///< it was on the medium once, and this receiver did not hear it
    IP,         ///< no route, too many hops, an interface that is down
    REASSEMBLY, ///< other fragments were missing
    RADIO,      ///< LTE: somewhere between the device and the gateway's link
    CONNECTION  ///< the TCP connection broke
};

/// In lower case, as in tables: "retries".
std::string ToString(DdnnDrop cause);

/**
 * Told of each packet that is dropped for good.
 *
 * \param node ns-3's identifier of the one where it happened: the sender, the receiver, or one on
 *        the way
 */
using DdnnDropCallback =
    std::function<void(DdnnDrop cause, uint32_t node, Ptr<const Packet> packet)>;

/**
 * Told of each packet that a node puts on a shared medium.
 *
 * \param sendsOnce the medium's layers repeat nothing, else broadcast packets alone are not
 *        repeated: whoever does not get it then never will
 */
using DdnnAirCallback = std::function<void(Ptr<const Packet> packet, bool sendsOnce)>;

/// Told of each packet that a gateway forwards from such a medium where nothing is repeated.
using DdnnForwardCallback = std::function<void(Ptr<const Packet> packet)>;

/// What an observer of drops is told.
struct DdnnDropObserver
{
    DdnnDropCallback drop;
    DdnnAirCallback air;
    DdnnForwardCallback forward;
};

/// Observe IP, the queues and the links of a topology's nodes.
/// \param topology must outlive the simulation, as must what the observer refers to
void TraceDrops(const DdnnTopology& topology, const DdnnDropObserver& observer);

} // namespace ns3

#endif // DDNN_DROPS_H
