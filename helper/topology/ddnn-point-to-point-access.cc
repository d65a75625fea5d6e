// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-point-to-point-access.h"

#include "ddnn-link.h"

#include "ns3/point-to-point-helper.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnPointToPointAccess);

namespace
{

/// PPP, IPv6 with a fragment header, and UDP, of each frame at most.
constexpr uint32_t LOWER_HEADERS = 58;

/// Payload of a fragment, at least.
constexpr uint32_t FRAGMENT = 1400;

} // namespace

TypeId
DdnnPointToPointAccess::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnPointToPointAccess")
                            .SetParent<DdnnAccess>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnPointToPointAccess>()
                            .AddAttribute("DataRate",
                                          "Data rate of each device's link.",
                                          DataRateValue(DataRate("10Mbps")),
                                          MakeDataRateAccessor(&DdnnPointToPointAccess::m_dataRate),
                                          MakeDataRateChecker())
                            .AddAttribute("Delay",
                                          "Propagation delay of each device's link, one way.",
                                          TimeValue(MilliSeconds(1)),
                                          MakeTimeAccessor(&DdnnPointToPointAccess::m_delay),
                                          MakeTimeChecker(Time(0)));
    return tid;
}

void
DdnnPointToPointAccess::Install(const NodeContainer& devices, Ptr<Node> gateway)
{
    m_numDevices = devices.GetN();
    NetDeviceContainer gatewayEnds;
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        const NetDeviceContainer ends =
            CreateDdnnLink(devices.Get(i), gateway, {m_dataRate, m_delay});
        m_netDevices.Add(ends.Get(0));
        gatewayEnds.Add(ends.Get(1));
    }
    m_netDevices.Add(gatewayEnds);
}

void
DdnnPointToPointAccess::AssignAddresses(const DdnnSubnet& subnet)
{
    SetSubnet(subnet);
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        const Ptr<NetDevice> device = m_netDevices.Get(i);
        const Ptr<NetDevice> gateway = m_netDevices.Get(m_numDevices + i);
        subnet.AddSingle(device, FIRST_DEVICE_HOST + i);
        subnet.AddSingle(gateway, GATEWAY_HOST);
        DdnnSubnet::AddDefaultRoute(device, subnet.GetAddress(GATEWAY_HOST));
        DdnnSubnet::AddHostRoute(gateway, subnet.GetAddress(FIRST_DEVICE_HOST + i));
    }
}

bool
DdnnPointToPointAccess::HasBroadcast() const
{
    return false;
}

Time
DdnnPointToPointAccess::GetTransmissionTime(uint32_t messageBytes) const
{
    const uint32_t frames = messageBytes / FRAGMENT + 1;
    return m_dataRate.CalculateBytesTxTime(messageBytes + frames * LOWER_HEADERS) + m_delay;
}

void
DdnnPointToPointAccess::EnablePcap(const std::string& prefix)
{
    PointToPointHelper().EnablePcap(prefix, m_netDevices);
}

/// Nothing is random here; each device keeps a stream, so that a site's have the same numbers on
/// every access network but for its own.
int64_t
DdnnPointToPointAccess::AssignStreams(int64_t)
{
    return m_numDevices;
}

} // namespace ns3
