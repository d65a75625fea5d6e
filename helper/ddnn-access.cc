// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-access.h"

#include "ns3/mobility-helper.h"
#include "ns3/position-allocator.h"

#include <cmath>
#include <stdexcept>

namespace ns3
{

namespace
{

/// Routers do not fragment IPv6: no link may carry more than the backhaul.
constexpr uint16_t IPV6_MTU = 1500;

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
DdnnAccess::PlaceOnCircle(const NodeContainer& devices, Ptr<Node> middle, double radiusMetres)
{
    auto positions = CreateObject<ListPositionAllocator>();
    for (uint32_t i = 0; i < devices.GetN(); ++i)
    {
        const double angle = 2 * M_PI * i / devices.GetN();
        positions->Add(Vector(radiusMetres * std::cos(angle), radiusMetres * std::sin(angle), 0));
    }
    positions->Add(Vector(0, 0, 0));
    MobilityHelper mobility;
    mobility.SetMobilityModel("ns3::ConstantPositionMobilityModel");
    mobility.SetPositionAllocator(positions);
    mobility.Install(NodeContainer(devices, NodeContainer(middle)));
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
