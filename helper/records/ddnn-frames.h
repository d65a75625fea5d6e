// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FRAMES_H
#define DDNN_FRAMES_H

#include "ns3/ddnn-message-tag.h"

#include "ns3/net-device.h"
#include "ns3/packet.h"

#include <cstdint>
#include <functional>
#include <map>

namespace ns3
{

/// What a net device puts on its link in one go.
struct DdnnFrame
{
    Ptr<const Packet> packet; ///< what it carries, with its byte tags; maybe with link headers
    uint32_t bytes;           ///< of the whole frame on the link
    const NetDevice* sender;  ///< whose frame it is: the device itself, or one below it
};

/// What a frame is for.
enum class DdnnFrameKind
{
    MESSAGE,   ///< it carries bytes of a DDNN's message
    TRANSPORT, ///< TCP between the ports of a site, without such bytes, as acknowledgements are
    CONTROL,   ///< of the link layer, ARP, ICMP, routing, DHCP, and all IPv4 broadcasts
    OTHER      ///< a user's other traffic over IP
};

/**
 * Observe what a net device transmits. Where it is off, it transmits nothing.
 *
 * Of point-to-point, CSMA, Wi-Fi, IEEE 802.15.4 (also below 6LoWPAN), LTE and mesh devices, these
 * are the frames of the link layer: each MPDU of an A-MPDU; the frames of all interfaces of a mesh
 * point; each RLC PDU of an LTE transport block, with its part of the padding. Of others, whose
 * frames are unknown, they are the packets that IP hands to the device.
 *
 * \param callback called for each frame, until the simulation is destroyed
 * \return whether these are the frames of the link layer
 */
bool TraceDdnnFrames(Ptr<NetDevice> device, const std::function<void(const DdnnFrame&)>& callback);

/**
 * Find out what a frame is for, wherever it is observed, be it compressed, fragmented or tunnelled.
 * Since TraceDdnnFrames was first called, IP marks what is not a message when it is sent.
 *
 * \param sites number of the site by its port
 * \param tag receives the tag of the message, of the first one if there are several
 * \param site receives the number of the site of a MESSAGE or of TRANSPORT
 */
DdnnFrameKind ClassifyDdnnFrame(const DdnnFrame& frame,
                                const std::map<uint16_t, uint16_t>& sites,
                                DdnnMessageTag& tag,
                                uint16_t& site);

} // namespace ns3

#endif // DDNN_FRAMES_H
