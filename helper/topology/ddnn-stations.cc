// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-stations.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/on-off-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnStations);

namespace
{

constexpr uint16_t PORT = 9;        ///< the discard service's
constexpr uint32_t DATAGRAM = 1000; ///< bytes of application data

} // namespace

TypeId
DdnnStations::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnStations")
                            .SetParent<Object>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnStations>()
                            .AddAttribute("Stations",
                                          "Stations of cross traffic in the first cell, on wifi "
                                          "and csma.",
                                          UintegerValue(0),
                                          MakeUintegerAccessor(&DdnnStations::m_stations),
                                          MakeUintegerChecker<uint32_t>(0, 1000))
                            .AddAttribute("Load",
                                          "Application data that each sends to the gateway.",
                                          DataRateValue(DataRate("500kbps")),
                                          MakeDataRateAccessor(&DdnnStations::m_load),
                                          MakeDataRateChecker());
    return tid;
}

DdnnStations::DdnnStations() = default;

DdnnStations::~DdnnStations() = default;

void
DdnnStations::DoDispose()
{
    m_nodes = NodeContainer();
    m_netDevices = NetDeviceContainer();
    m_gateway = nullptr;
    m_sink = nullptr;
    Object::DoDispose();
}

uint32_t
DdnnStations::GetNumber() const
{
    return m_stations;
}

void
DdnnStations::CreateNodes()
{
    m_nodes.Create(m_stations);
}

const NodeContainer&
DdnnStations::GetNodes() const
{
    return m_nodes;
}

void
DdnnStations::SetNetDevices(const NetDeviceContainer& netDevices, Ptr<NetDevice> gateway)
{
    m_netDevices = netDevices;
    m_gateway = gateway;
}

const NetDeviceContainer&
DdnnStations::GetNetDevices() const
{
    return m_netDevices;
}

void
DdnnStations::Start(const DdnnSubnet& subnet, uint32_t firstHost, uint32_t gatewayHost, Time start)
{
    if (m_stations == 0)
    {
        return;
    }
    if (m_load.GetBitRate() == 0)
    {
        throw std::runtime_error("ns3::DdnnStations::Load must be more than zero");
    }
    const std::string protocol = UdpSocketFactory::GetTypeId().GetName();
    m_sink = PacketSinkHelper(protocol, DdnnSubnet::MakeAnyEndpoint(subnet.IsIpv6(), PORT))
                 .Install(m_gateway->GetNode())
                 .Get(0);
    OnOffHelper source(protocol, DdnnSubnet::MakeEndpoint(subnet.GetAddress(gatewayHost), PORT));
    source.SetConstantRate(m_load, DATAGRAM);
    const Time interval = m_load.CalculateBytesTxTime(DATAGRAM);
    DdnnSubnet::InstallStack(m_nodes, subnet.IsIpv6());
    for (uint32_t i = 0; i < m_stations; ++i)
    {
        subnet.Add(m_netDevices.Get(i), firstHost + i);
        source.Install(m_nodes.Get(i)).Start(start + interval * i / m_stations);
    }
    AddNeighbours();
}

void
DdnnStations::AddNeighbours() const
{
    for (uint32_t i = 0; i < m_netDevices.GetN(); ++i)
    {
        DdnnSubnet::AddNeighbour(m_netDevices.Get(i), m_gateway);
        DdnnSubnet::AddNeighbour(m_gateway, m_netDevices.Get(i));
    }
}

Ptr<Application>
DdnnStations::GetSink() const
{
    return m_sink;
}

int64_t
DdnnStations::AssignStreams(int64_t stream) const
{
    return InternetStackHelper().AssignStreams(m_nodes, stream);
}

} // namespace ns3
