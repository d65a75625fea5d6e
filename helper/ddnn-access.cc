// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-access.h"

#include "ddnn-loss-gate.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-header.h"
#include "ns3/mobility-helper.h"
#include "ns3/mobility-model.h"

#include <cmath>
#include <stdexcept>
#include <utility>

namespace ns3
{

namespace
{

/// Routers do not fragment IPv6: no link may carry more than the backhaul.
constexpr uint16_t IPV6_MTU = 1500;

Address
GetSource(Ptr<const Packet> packet, uint16_t protocol)
{
    if (protocol == Ipv4L3Protocol::PROT_NUMBER)
    {
        Ipv4Header header;
        packet->PeekHeader(header);
        return header.GetSource();
    }
    Ipv6Header header;
    packet->PeekHeader(header);
    return header.GetSource();
}

} // namespace

bool
DdnnAccess::IsIpv6Only() const
{
    return false;
}

bool
DdnnAccess::CanRepeat() const
{
    return true;
}

uint32_t
DdnnAccess::GetMaxDevices() const
{
    return DdnnSubnet::MAX_HOST + 1 - FIRST_DEVICE_HOST;
}

void
DdnnAccess::AssignAddresses(const DdnnSubnet& subnet)
{
    SetSubnet(subnet);
    const Ptr<NetDevice> gateway = m_netDevices.Get(m_numDevices);
    subnet.Add(gateway, GATEWAY_HOST);
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        subnet.Add(m_netDevices.Get(i), FIRST_DEVICE_HOST + i);
        DdnnSubnet::AddDefaultRoute(m_netDevices.Get(i), GetGatewayAddress());
    }
    AddNeighbours();
    m_stations.Install(subnet, FIRST_DEVICE_HOST + m_numDevices, GATEWAY_HOST, GetStartUpTime());
    InstallLossGates();
}

Address
DdnnAccess::GetDeviceAddress(uint32_t device) const
{
    return GetSubnet().GetAddress(FIRST_DEVICE_HOST + device);
}

Address
DdnnAccess::GetGatewayAddress() const
{
    return GetSubnet().GetAddress(GATEWAY_HOST);
}

Address
DdnnAccess::GetBroadcastAddress() const
{
    return GetSubnet().GetBroadcast();
}

void
DdnnAccess::AddRoutes(Ptr<NetDevice> via, const Address& nextHop) const
{
    GetSubnet().AddRoute(via, nextHop);
}

const NetDeviceContainer&
DdnnAccess::GetNetDevices() const
{
    return m_netDevices;
}

const DdnnSubnet&
DdnnAccess::GetSubnet() const
{
    if (!m_subnet)
    {
        throw std::runtime_error("access network " + GetName() +
                                 " has no addresses yet: call AssignAddresses");
    }
    return *m_subnet;
}

void
DdnnAccess::SetSubnet(const DdnnSubnet& subnet)
{
    if (IsIpv6Only() && !subnet.IsIpv6())
    {
        throw std::runtime_error("access network " + GetName() + " carries IPv6 only: use IPv6");
    }
    m_subnet = subnet;
    for (uint32_t i = 0; subnet.IsIpv6() && i < m_netDevices.GetN(); ++i)
    {
        const Ptr<NetDevice> device = m_netDevices.Get(i);
        if (device->GetMtu() > IPV6_MTU)
        {
            device->SetMtu(IPV6_MTU);
        }
    }
}

void
DdnnAccess::CheckDevice(uint32_t device) const
{
    if (device >= m_numDevices)
    {
        throw std::runtime_error("access network " + GetName() + " has no device " +
                                 std::to_string(device) + ", it has " +
                                 std::to_string(m_numDevices) + ", numbered from 0");
    }
}

void
DdnnAccess::InstallLossGates()
{
    m_losses.resize(m_numDevices);
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        m_losses[i].random = CreateObject<UniformRandomVariable>();
        m_deviceOf[GetDeviceAddress(i)] = i;
        DdnnLossGate::Install(m_netDevices.Get(i), [this, i](Ptr<const Packet> packet, uint16_t) {
            return IsLost(i, packet);
        });
    }
    NetDeviceContainer gateway;
    for (uint32_t i = m_numDevices; i < m_netDevices.GetN(); ++i)
    {
        gateway.Add(m_netDevices.Get(i));
    }
    DdnnLossGate::Install(gateway, [this](Ptr<const Packet> packet, uint16_t protocol) {
        return IsLostAtGateway(packet, protocol);
    });
}

void
DdnnAccess::SetLoss(uint32_t device, double packetErrorRate)
{
    CheckDevice(device);
    if (m_losses.empty())
    {
        throw std::runtime_error("access network " + GetName() +
                                 " cannot lose packets yet: call AssignAddresses");
    }
    if (!(packetErrorRate >= 0 && packetErrorRate <= 1))
    {
        throw std::runtime_error("loss of " + std::to_string(packetErrorRate) + " for device " +
                                 std::to_string(device) + " is none, use 0 to 1");
    }
    m_losses[device].packetErrorRate = packetErrorRate;
}

bool
DdnnAccess::IsLost(uint32_t device, Ptr<const Packet> packet)
{
    const Loss& loss = m_losses[device];
    if (loss.packetErrorRate == 0 || loss.random->GetValue() >= loss.packetErrorRate)
    {
        return false;
    }
    ++m_lost;
    if (m_lossCallback)
    {
        m_lossCallback(device, packet);
    }
    return true;
}

bool
DdnnAccess::IsLostAtGateway(Ptr<const Packet> packet, uint16_t protocol)
{
    const auto found = m_deviceOf.find(GetSource(packet, protocol));
    return found != m_deviceOf.end() && IsLost(found->second, packet);
}

uint64_t
DdnnAccess::GetLost() const
{
    return m_lost;
}

void
DdnnAccess::TraceLosses(LossCallback callback)
{
    m_lossCallback = std::move(callback);
}

int64_t
DdnnAccess::AssignLossStreams(int64_t stream)
{
    int64_t next = stream;
    for (const Loss& loss : m_losses)
    {
        loss.random->SetStream(next++);
    }
    return next - stream;
}

void
DdnnAccess::SetRate(uint32_t, const std::string& value)
{
    CheckRate(value);
}

void
DdnnAccess::SetDelay(uint32_t, Time delay)
{
    CheckDelay(delay);
}

bool
DdnnAccess::SharesDelay() const
{
    return false;
}

void
DdnnAccess::CheckRate(const std::string&) const
{
    throw std::runtime_error("access network " + GetName() +
                             " has one rate for all, which cannot change while it runs");
}

void
DdnnAccess::CheckDelay(Time) const
{
    throw std::runtime_error("access network " + GetName() +
                             " has no delay that could be set: it follows from the distances");
}

void
DdnnAccess::Place(const NodeContainer& nodes, DdnnPlacement placement, double radiusMetres)
{
    auto circle = CreateObject<ListPositionAllocator>();
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        const double angle = 2 * M_PI * i / nodes.GetN();
        circle->Add(Vector(radiusMetres * std::cos(angle), radiusMetres * std::sin(angle), 0));
    }
    MobilityHelper mobility;
    mobility.SetMobilityModel("ns3::ConstantPositionMobilityModel");
    mobility.SetPositionAllocator(circle);
    mobility.Install(nodes);
    if (placement == DdnnPlacement::DISC)
    {
        m_disc = CreateObject<UniformDiscPositionAllocator>();
        m_disc->SetRho(radiusMetres);
        m_onDisc.Add(nodes);
        ChoosePositions();
    }
}

void
DdnnAccess::PlaceInMiddle(Ptr<Node> node)
{
    auto origin = CreateObject<ListPositionAllocator>();
    origin->Add(Vector(0, 0, 0));
    MobilityHelper mobility;
    mobility.SetMobilityModel("ns3::ConstantPositionMobilityModel");
    mobility.SetPositionAllocator(origin);
    mobility.Install(node);
}

void
DdnnAccess::ChoosePositions() const
{
    for (uint32_t i = 0; i < m_onDisc.GetN(); ++i)
    {
        m_onDisc.Get(i)->GetObject<MobilityModel>()->SetPosition(m_disc->GetNext());
    }
}

int64_t
DdnnAccess::AssignPlacementStreams(int64_t stream)
{
    if (!m_disc)
    {
        return 0;
    }
    const int64_t used = m_disc->AssignStreams(stream);
    ChoosePositions();
    return used;
}

void
DdnnAccess::CreateStations(const DdnnStationsSettings& settings)
{
    m_stations = DdnnStations(settings);
}

DdnnStations&
DdnnAccess::GetStations()
{
    return m_stations;
}

const DdnnStations&
DdnnAccess::GetStations() const
{
    return m_stations;
}

uint64_t
DdnnAccess::GetStationsReceived() const
{
    return m_stations.GetReceived();
}

void
DdnnAccess::AddNeighbours() const
{
    const Ptr<NetDevice> gateway = m_netDevices.Get(m_numDevices);
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        DdnnSubnet::AddNeighbour(m_netDevices.Get(i), gateway);
        DdnnSubnet::AddNeighbour(gateway, m_netDevices.Get(i));
    }
}

} // namespace ns3
