// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-lr-wpan-access.h"

#include "ns3/boolean.h"
#include "ns3/ddnn-compat.h"
#include "ns3/string.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnLrWpanAccess);

namespace
{

/// Observed: a message of n bytes takes at most (n + 30) / 92 + 1 frames, with the headers of
/// 6LoWPAN, IPv6 and UDP.
constexpr uint32_t COMPRESSED_HEADERS = 30; // bytes
constexpr uint32_t FRAGMENT = 92;           // bytes

/// Longest back-off 2.24 ms, sensing and turning round 0.32 ms, 133 bytes of 32 us, and the
/// acknowledgement 0.54 ms, with the space after it 0.64 ms.
const Time FRAME_TIME = MicroSeconds(8000);

uint32_t
GetFrames(uint32_t messageBytes)
{
    return (messageBytes + COMPRESSED_HEADERS) / FRAGMENT + 1;
}

/// ns-3's header compression of RFC 6282 takes the second fragment of an IPv6 packet for a UDP
/// header and overwrites four of its bytes: RFC 4944's is right.
void
ChooseCompression(Ptr<NetDevice> device)
{
    if (!device->SetAttributeFailSafe("Rfc6282", BooleanValue(false)))
    {
        device->SetAttribute("CompressionType", StringValue("HC1")); // since ns-3.48
    }
}

} // namespace

TypeId
DdnnLrWpanAccess::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnLrWpanAccess")
                            .SetParent<DdnnWirelessAccess>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnLrWpanAccess>();
    return tid;
}

bool
DdnnLrWpanAccess::IsIpv6Only() const
{
    return true;
}

void
DdnnLrWpanAccess::Install(const NodeContainer& devices, Ptr<Node> gateway)
{
    m_numDevices = devices.GetN();
    Place(devices);
    PlaceInMiddle(gateway);
    m_lrWpan = std::make_unique<LrWpanHelper>();
    m_radios = m_lrWpan->Install(NodeContainer(devices, NodeContainer(gateway)));
    // The first to associate is the coordinator.
    NetDeviceContainer coordinatorFirst(m_radios.Get(m_numDevices));
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        coordinatorFirst.Add(m_radios.Get(i));
    }
    DDNN_CREATE_ASSOCIATED_PAN(*m_lrWpan, coordinatorFirst, GetCell() + 1);
    m_netDevices = m_sixLowPan.Install(m_radios);
    for (uint32_t i = 0; i < m_netDevices.GetN(); ++i)
    {
        ChooseCompression(m_netDevices.Get(i));
    }
}

bool
DdnnLrWpanAccess::HasBroadcast() const
{
    return true;
}

Time
DdnnLrWpanAccess::GetSlotSpacing(uint32_t messageBytes) const
{
    return FRAME_TIME * GetFrames(messageBytes);
}

Time
DdnnLrWpanAccess::GetTransmissionTime(uint32_t messageBytes) const
{
    return FRAME_TIME * (2 * GetFrames(messageBytes)); // some are repeated
}

void
DdnnLrWpanAccess::EnablePcap(const std::string& prefix)
{
    m_lrWpan->EnablePcap(prefix, m_radios);
}

int64_t
DdnnLrWpanAccess::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    next += AssignPlacementStreams(next); // the first, so that nothing else changes the positions
    next += m_lrWpan->AssignStreams(m_radios, next);
    next += m_sixLowPan.AssignStreams(m_netDevices, next);
    return next - stream;
}

} // namespace ns3
