// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-stations.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/on-off-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/udp-socket-factory.h"

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 9;        ///< the discard service's
constexpr uint32_t DATAGRAM = 1000; ///< bytes of application data

} // namespace

DdnnStations::DdnnStations(const DdnnStationsSettings& settings)
    : m_settings(settings)
{
    m_nodes.Create(settings.stations);
}

double
DdnnStations::CountDatagrams(const DdnnStationsSettings& settings, Time duration)
{
    return settings.stations * duration.GetSeconds() *
           static_cast<double>(settings.load.GetBitRate()) / (8.0 * DATAGRAM);
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
DdnnStations::Install(const DdnnSubnet& subnet,
                      uint32_t firstHost,
                      uint32_t gatewayHost,
                      Time start)
{
    if (m_settings.stations == 0)
    {
        return;
    }
    const std::string protocol = UdpSocketFactory::GetTypeId().GetName();
    m_sink = PacketSinkHelper(protocol, DdnnSubnet::MakeAnyEndpoint(subnet.IsIpv6(), PORT))
                 .Install(m_gateway->GetNode());
    OnOffHelper source(protocol, DdnnSubnet::MakeEndpoint(subnet.GetAddress(gatewayHost), PORT));
    source.SetConstantRate(m_settings.load, DATAGRAM);
    const Time interval = m_settings.load.CalculateBytesTxTime(DATAGRAM);
    DdnnSubnet::InstallStack(m_nodes, subnet.IsIpv6());
    for (uint32_t i = 0; i < m_settings.stations; ++i)
    {
        subnet.Add(m_netDevices.Get(i), firstHost + i);
        source.Install(m_nodes.Get(i)).Start(start + interval * i / m_settings.stations);
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

bool
DdnnStations::IsStation(const Address& address) const
{
    for (uint32_t i = 0; i < m_netDevices.GetN(); ++i)
    {
        if (m_netDevices.Get(i)->GetAddress() == address)
        {
            return true;
        }
    }
    return false;
}

uint64_t
DdnnStations::GetReceived() const
{
    return m_sink.GetN() == 0 ? 0 : DynamicCast<PacketSink>(m_sink.Get(0))->GetTotalRx();
}

int64_t
DdnnStations::AssignStreams(int64_t stream) const
{
    return InternetStackHelper().AssignStreams(m_nodes, stream);
}

} // namespace ns3
