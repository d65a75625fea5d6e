// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-access.h"

#include "ns3/ddnn-attributes.h"
#include "ns3/object-factory.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnAccess);

namespace
{

/// Routers do not fragment IPv6: no link may carry more than the backhaul.
constexpr uint16_t IPV6_MTU = 1500;

/// The technologies, and their classes.
constexpr std::array<std::pair<const char*, const char*>, 5> TECHNOLOGIES{{
    {"wifi", "ns3::DdnnWifiAccess"},
    {"csma", "ns3::DdnnCsmaAccess"},
    {"p2p", "ns3::DdnnPointToPointAccess"},
    {"lrwpan", "ns3::DdnnLrWpanAccess"},
    {"lte", "ns3::DdnnLteAccess"},
}};

} // namespace

TypeId
DdnnAccess::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnAccess").SetParent<Object>().SetGroupName("Ddnn");
    return tid;
}

std::vector<std::string>
DdnnAccess::GetNames()
{
    std::vector<std::string> names;
    for (const auto& [name, type] : TECHNOLOGIES)
    {
        names.emplace_back(name);
    }
    return names;
}

Ptr<DdnnAccess>
DdnnAccess::Make(const std::string& name)
{
    std::string known;
    for (const auto& [technology, type] : TECHNOLOGIES)
    {
        if (name == technology)
        {
            const auto access = ObjectFactory(type).Create<DdnnAccess>();
            access->m_name = name;
            return access;
        }
        known += std::string(" ") + technology;
    }
    throw std::runtime_error("access network '" + name + "' is not known, use one of:" + known);
}

void
DdnnAccess::CheckUnused(const std::vector<std::string>& used)
{
    std::set<TypeId> checked{GetTypeId()}; // the classes of used technologies need no check
    for (const bool isUsed : {true, false})
    {
        for (const auto& [technology, name] : TECHNOLOGIES)
        {
            const bool counts = std::find(used.begin(), used.end(), technology) != used.end();
            TypeId type = TypeId::LookupByName(name);
            for (; counts == isUsed && checked.insert(type).second; type = type.GetParent())
            {
                if (!isUsed)
                {
                    CheckUnset(type, "the access network is " + used.front());
                }
            }
        }
    }
}

const std::string&
DdnnAccess::GetName() const
{
    return m_name;
}

void
DdnnAccess::DoDispose()
{
    m_netDevices = NetDeviceContainer();
    m_stations = nullptr;
    Object::DoDispose();
}

void
DdnnAccess::SetCell(uint32_t number)
{
    m_cell = number;
}

uint32_t
DdnnAccess::GetCell() const
{
    return m_cell;
}

void
DdnnAccess::SetStations(Ptr<DdnnStations> stations)
{
    if (!CanHaveStations())
    {
        throw std::runtime_error("ns3::DdnnStations::Stations: access network " + m_name +
                                 " of the first cell cannot have any, use wifi or csma");
    }
    m_stations = stations;
}

bool
DdnnAccess::CanHaveStations() const
{
    return false;
}

Ptr<DdnnStations>
DdnnAccess::GetStations() const
{
    return m_stations;
}

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
        DdnnSubnet::AddDefaultRoute(m_netDevices.Get(i), subnet.GetAddress(GATEWAY_HOST));
    }
    AddNeighbours();
    if (m_stations)
    {
        m_stations->Start(subnet, FIRST_DEVICE_HOST + m_numDevices, GATEWAY_HOST, GetStartUpTime());
    }
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

Time
DdnnAccess::GetStartUpTime() const
{
    return Time(0);
}

void
DdnnAccess::FinishStartUp()
{
}

Time
DdnnAccess::GetSlotSpacing(uint32_t) const
{
    return Time(0);
}

NetDeviceContainer
DdnnAccess::GetDevices() const
{
    NetDeviceContainer devices;
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        devices.Add(m_netDevices.Get(i));
    }
    return devices;
}

NetDeviceContainer
DdnnAccess::GetGatewayDevices() const
{
    NetDeviceContainer devices;
    for (uint32_t i = m_numDevices; i < m_netDevices.GetN(); ++i)
    {
        devices.Add(m_netDevices.Get(i));
    }
    return devices;
}

NetDeviceContainer
DdnnAccess::GetDownlinkDevices() const
{
    return GetGatewayDevices();
}

const DdnnSubnet&
DdnnAccess::GetSubnet() const
{
    if (!m_subnet)
    {
        throw std::runtime_error("access network " + m_name +
                                 " has no addresses yet: call AssignAddresses");
    }
    return *m_subnet;
}

void
DdnnAccess::SetSubnet(const DdnnSubnet& subnet)
{
    if (IsIpv6Only() && !subnet.IsIpv6())
    {
        throw std::runtime_error("access network " + m_name +
                                 " carries IPv6 only: see ns3::DdnnTopologyHelper::IpVersion");
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
