// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-csma-access.h"

#include "ns3/csma-channel.h"
#include "ns3/csma-helper.h"
#include "ns3/csma-net-device.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnCsmaAccess);

namespace
{

/// Ethernet, IPv6 with a fragment header, and UDP, of each frame at most.
constexpr uint32_t LOWER_HEADERS = 74;

/// Payload of a fragment, at least.
constexpr uint32_t FRAGMENT = 1400;

} // namespace

TypeId
DdnnCsmaAccess::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnCsmaAccess")
                            .SetParent<DdnnAccess>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnCsmaAccess>()
                            .AddAttribute("DataRate",
                                          "Data rate of the segment.",
                                          DataRateValue(DataRate("100Mbps")),
                                          MakeDataRateAccessor(&DdnnCsmaAccess::m_dataRate),
                                          MakeDataRateChecker())
                            .AddAttribute("Delay",
                                          "Propagation delay between any two net devices.",
                                          TimeValue(NanoSeconds(500)),
                                          MakeTimeAccessor(&DdnnCsmaAccess::m_delay),
                                          MakeTimeChecker(Time(0)));
    return tid;
}

bool
DdnnCsmaAccess::CanHaveStations() const
{
    return true;
}

void
DdnnCsmaAccess::Install(const NodeContainer& devices, Ptr<Node> gateway)
{
    m_numDevices = devices.GetN();
    CsmaHelper csma;
    csma.SetChannelAttribute("DataRate", DataRateValue(m_dataRate));
    csma.SetChannelAttribute("Delay", TimeValue(m_delay));
    csma.DisableFlowControl(); // there is no queueing discipline to hold back
    csma.SetQueue("ns3::DropTailQueue", "MaxSize", QueueSizeValue(DDNN_QUEUE_SIZE));
    m_netDevices = csma.Install(NodeContainer(devices, NodeContainer(gateway)));
    if (GetStations())
    {
        GetStations()->CreateNodes();
        const Ptr<NetDevice> ours = m_netDevices.Get(m_numDevices);
        const auto channel = DynamicCast<CsmaChannel>(ours->GetChannel());
        GetStations()->SetNetDevices(csma.Install(GetStations()->GetNodes(), channel), ours);
    }
}

bool
DdnnCsmaAccess::HasBroadcast() const
{
    return true;
}

Time
DdnnCsmaAccess::GetSlotSpacing(uint32_t messageBytes) const
{
    return GetTransmissionTime(messageBytes);
}

Time
DdnnCsmaAccess::GetTransmissionTime(uint32_t messageBytes) const
{
    const uint32_t frames = messageBytes / FRAGMENT + 1;
    return m_dataRate.CalculateBytesTxTime(messageBytes + frames * LOWER_HEADERS) +
           m_delay * frames;
}

void
DdnnCsmaAccess::EnablePcap(const std::string& prefix)
{
    CsmaHelper().EnablePcap(prefix, m_netDevices);
}

int64_t
DdnnCsmaAccess::AssignStreams(int64_t stream)
{
    NetDeviceContainer all = m_netDevices;
    if (GetStations())
    {
        all.Add(GetStations()->GetNetDevices());
    }
    int64_t next = stream;
    for (uint32_t i = 0; i < all.GetN(); ++i)
    {
        next += DynamicCast<CsmaNetDevice>(all.Get(i))->AssignStreams(next);
    }
    next += GetStations() ? GetStations()->AssignStreams(next) : 0;
    return next - stream;
}

} // namespace ns3
