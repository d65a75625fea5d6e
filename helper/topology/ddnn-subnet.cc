// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-subnet.h"

#include "ns3/arp-cache.h"
#include "ns3/boolean.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-interface.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/ndisc-cache.h"

#include <sstream>
#include <stdexcept>
#include <string>

namespace ns3
{

namespace
{

constexpr uint32_t IPV4_BASE = 0x0a000000; // 10.0.0.0
constexpr uint32_t IPV4_HOST_BITS = 14;
const Ipv4Mask IPV4_MASK("255.255.192.0");
const std::string IPV6_BASE = "fd00:dd:0:"; // ns-3's routers drop 2001:db8::/32
const Ipv6Prefix IPV6_PREFIX(64);

template <typename Ip>
Ptr<Ip>
GetIp(Ptr<NetDevice> device)
{
    return device->GetNode()->GetObject<Ip>();
}

Ptr<Ipv4StaticRouting>
GetIpv4Routing(Ptr<NetDevice> device)
{
    return Ipv4StaticRoutingHelper().GetStaticRouting(GetIp<Ipv4>(device));
}

Ptr<Ipv6StaticRouting>
GetIpv6Routing(Ptr<NetDevice> device)
{
    return Ipv6StaticRoutingHelper().GetStaticRouting(GetIp<Ipv6>(device));
}

uint32_t
GetIpv4Index(Ptr<NetDevice> device)
{
    return GetIp<Ipv4>(device)->GetInterfaceForDevice(device);
}

uint32_t
GetIpv6Index(Ptr<NetDevice> device)
{
    return GetIp<Ipv6>(device)->GetInterfaceForDevice(device);
}

Ipv6Address
MakeIpv6(const std::string& prefix, uint32_t number, const std::string& suffix)
{
    std::ostringstream text;
    text << prefix << std::hex << number << suffix;
    return Ipv6Address(text.str().c_str());
}

std::string
Hexadecimal(uint32_t number)
{
    std::ostringstream text;
    text << std::hex << number;
    return text.str();
}

/// What Ipv4AddressHelper and Ipv6AddressHelper do, without a queueing discipline.
template <typename Ip, typename InterfaceAddress>
uint32_t
AddInterface(Ptr<NetDevice> device, const InterfaceAddress& address)
{
    auto ip = GetIp<Ip>(device);
    const uint32_t interface = ip->AddInterface(device);
    ip->SetMetric(interface, 1);
    ip->SetUp(interface);
    ip->AddAddress(interface, address);
    return interface;
}

/// Fill an ARP or NDISC cache.
template <typename Cache, typename IpAddress>
void
AddPermanent(Ptr<Cache> cache, const IpAddress& address, const Address& linkAddress)
{
    auto* entry = cache->Lookup(address);
    if (!entry)
    {
        entry = cache->Add(address);
    }
    entry->SetMacAddress(linkAddress);
    entry->MarkPermanent();
}

void
AddIpv4Neighbour(Ptr<NetDevice> device, Ptr<NetDevice> neighbour)
{
    const auto ours = GetIp<Ipv4L3Protocol>(device)->GetInterface(GetIpv4Index(device));
    const auto theirs = GetIp<Ipv4L3Protocol>(neighbour)->GetInterface(GetIpv4Index(neighbour));
    for (uint32_t i = 0; i < theirs->GetNAddresses(); ++i)
    {
        AddPermanent(ours->GetArpCache(),
                     theirs->GetAddress(i).GetLocal(),
                     neighbour->GetAddress());
    }
}

void
AddIpv6Neighbour(Ptr<NetDevice> device, Ptr<NetDevice> neighbour)
{
    const auto ours = GetIp<Ipv6L3Protocol>(device)->GetInterface(GetIpv6Index(device));
    const auto theirs = GetIp<Ipv6L3Protocol>(neighbour)->GetInterface(GetIpv6Index(neighbour));
    for (uint32_t i = 0; i < theirs->GetNAddresses(); ++i)
    {
        AddPermanent(ours->GetNdiscCache(),
                     theirs->GetAddress(i).GetAddress(),
                     neighbour->GetAddress());
    }
}

} // namespace

DdnnSubnet::DdnnSubnet(bool ipv6, uint32_t number)
    : m_ipv6(ipv6)
    , m_number(number)
{
    if (number > MAX_NUMBER)
    {
        throw std::runtime_error("subnet " + std::to_string(number) +
                                 " does not exist, the last is " + std::to_string(MAX_NUMBER) +
                                 "; use fewer links");
    }
}

bool
DdnnSubnet::IsIpv6() const
{
    return m_ipv6;
}

uint32_t
DdnnSubnet::Add(Ptr<NetDevice> device, uint32_t host) const
{
    return Add(device, host, false);
}

uint32_t
DdnnSubnet::AddSingle(Ptr<NetDevice> device, uint32_t host) const
{
    return Add(device, host, true);
}

uint32_t
DdnnSubnet::Add(Ptr<NetDevice> device, uint32_t host, bool single) const
{
    const Address address = GetAddress(host);
    if (!m_ipv6)
    {
        const auto mask = single ? Ipv4Mask::GetOnes() : IPV4_MASK;
        return AddInterface<Ipv4>(device,
                                  Ipv4InterfaceAddress(Ipv4Address::ConvertFrom(address), mask));
    }
    const auto prefix = single ? Ipv6Prefix::GetOnes() : IPV6_PREFIX;
    const uint32_t interface =
        AddInterface<Ipv6>(device, Ipv6InterfaceAddress(Ipv6Address::ConvertFrom(address), prefix));
    const auto group = Ipv6Address::ConvertFrom(GetBroadcast());
    GetIp<Ipv6L3Protocol>(device)->AddMulticastAddress(group, interface);
    GetIpv6Routing(device)->AddHostRouteTo(group, interface);
    return interface;
}

Address
DdnnSubnet::GetAddress(uint32_t host) const
{
    if (host < 1 || host > MAX_HOST)
    {
        throw std::runtime_error("host " + std::to_string(host) +
                                 " does not exist in a subnet of " + std::to_string(MAX_HOST) +
                                 "; use fewer devices per cell");
    }
    if (m_ipv6)
    {
        return MakeIpv6(IPV6_BASE, m_number, "::" + Hexadecimal(host));
    }
    return Ipv4Address(IPV4_BASE + (m_number << IPV4_HOST_BITS) + host);
}

Address
DdnnSubnet::GetBroadcast() const
{
    if (m_ipv6)
    {
        return MakeIpv6("ff05::dd:", m_number, "");
    }
    return Ipv4Address(IPV4_BASE + (m_number << IPV4_HOST_BITS))
        .GetSubnetDirectedBroadcast(IPV4_MASK);
}

void
DdnnSubnet::ForwardBroadcast(Ptr<NetDevice> sender,
                             Ptr<NetDevice> uplink,
                             Ptr<NetDevice> downlink) const
{
    if (!m_ipv6)
    {
        // else the gateway would take it for itself; AddRoute leads it there
        const auto ipv4 = GetIp<Ipv4>(uplink);
        if (!ipv4->SetAttributeFailSafe("WeakEsModel", BooleanValue(false))) // as in ns-3.37
        {
            ipv4->SetAttribute("StrongEndSystemModel", BooleanValue(true));
        }
        return;
    }
    const auto group = Ipv6Address::ConvertFrom(GetBroadcast());
    GetIpv6Routing(sender)->AddHostRouteTo(group, GetIpv6Index(sender));
    GetIpv6Routing(uplink)->AddMulticastRoute(Ipv6Address::GetAny(),
                                              group,
                                              GetIpv6Index(uplink),
                                              {GetIpv6Index(downlink)});
}

void
DdnnSubnet::AddRoute(Ptr<NetDevice> via, const Address& nextHop) const
{
    if (m_ipv6)
    {
        GetIpv6Routing(via)->AddNetworkRouteTo(MakeIpv6(IPV6_BASE, m_number, "::"),
                                               IPV6_PREFIX,
                                               Ipv6Address::ConvertFrom(nextHop),
                                               GetIpv6Index(via));
        return;
    }
    GetIpv4Routing(via)->AddNetworkRouteTo(Ipv4Address(IPV4_BASE + (m_number << IPV4_HOST_BITS)),
                                           IPV4_MASK,
                                           Ipv4Address::ConvertFrom(nextHop),
                                           GetIpv4Index(via));
}

void
DdnnSubnet::AddHostRoute(Ptr<NetDevice> via, const Address& host)
{
    if (Ipv6Address::IsMatchingType(host))
    {
        GetIpv6Routing(via)->AddHostRouteTo(Ipv6Address::ConvertFrom(host), GetIpv6Index(via));
        return;
    }
    GetIpv4Routing(via)->AddHostRouteTo(Ipv4Address::ConvertFrom(host), GetIpv4Index(via));
}

void
DdnnSubnet::AddDefaultRoute(Ptr<NetDevice> via, const Address& nextHop)
{
    if (Ipv6Address::IsMatchingType(nextHop))
    {
        GetIpv6Routing(via)->SetDefaultRoute(Ipv6Address::ConvertFrom(nextHop), GetIpv6Index(via));
        return;
    }
    GetIpv4Routing(via)->SetDefaultRoute(Ipv4Address::ConvertFrom(nextHop), GetIpv4Index(via));
}

Address
DdnnSubnet::MakeEndpoint(const Address& host, uint16_t port)
{
    if (Ipv6Address::IsMatchingType(host))
    {
        return Inet6SocketAddress(Ipv6Address::ConvertFrom(host), port);
    }
    return InetSocketAddress(Ipv4Address::ConvertFrom(host), port);
}

Address
DdnnSubnet::MakeAnyEndpoint(bool ipv6, uint16_t port)
{
    if (ipv6)
    {
        return Inet6SocketAddress(Ipv6Address::GetAny(), port);
    }
    return InetSocketAddress(Ipv4Address::GetAny(), port);
}

void
DdnnSubnet::InstallStack(const NodeContainer& nodes, bool useIpv6)
{
    InternetStackHelper stack;
    stack.SetIpv4StackInstall(!useIpv6);
    stack.SetIpv6StackInstall(useIpv6);
    stack.SetRoutingHelper(Ipv4StaticRoutingHelper());
    stack.SetRoutingHelper(Ipv6StaticRoutingHelper());
    stack.Install(nodes);
    if (!useIpv6)
    {
        return;
    }
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        auto ipv6 = nodes.Get(i)->GetObject<Ipv6L3Protocol>();
        // Only nodes that do not forward solicit routers.
        ipv6->SetAttribute("IpForward", BooleanValue(true));
        // A node's address is good on all its interfaces, as with IPv4.
        ipv6->SetAttribute("StrongEndSystemModel", BooleanValue(false));
        nodes.Get(i)->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
    }
}

void
DdnnSubnet::AddNeighbour(Ptr<NetDevice> device, Ptr<NetDevice> neighbour)
{
    if (!device->NeedsArp())
    {
        return;
    }
    if (GetIp<Ipv4>(device) && GetIp<Ipv4>(device)->GetInterfaceForDevice(device) >= 0)
    {
        AddIpv4Neighbour(device, neighbour);
    }
    if (GetIp<Ipv6>(device) && GetIp<Ipv6>(device)->GetInterfaceForDevice(device) >= 0)
    {
        AddIpv6Neighbour(device, neighbour);
    }
}

} // namespace ns3
