// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-address-resolver.h"

#include "ns3/ddnn-switch.h"

#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/socket.h"

#include <vector>

namespace ns3
{

namespace
{

bool
IsUsable(Ptr<const Ipv4>, const Ipv4InterfaceAddress& address)
{
    return address.GetLocal() != Ipv4Address::GetAny() && !address.GetLocal().IsLocalhost();
}

/// Without duplicate address detection, an address stays tentative (optimistic) for ever.
bool
IsUsable(Ptr<const Ipv6> ipv6, const Ipv6InterfaceAddress& address)
{
    const Ipv6Address ip = address.GetAddress();
    const auto icmp = ipv6->GetObject<Icmpv6L4Protocol>();
    const auto state = address.GetState();
    const bool tentative =
        state == Ipv6InterfaceAddress::TENTATIVE ||
        (state == Ipv6InterfaceAddress::TENTATIVE_OPTIMISTIC && icmp && icmp->IsAlwaysDad());
    return !ip.IsAny() && !ip.IsLocalhost() && !ip.IsLinkLocal() && !tentative &&
           state != Ipv6InterfaceAddress::INVALID;
}

/// \return whether an interface is up, or its net device is switched off: a fault that nobody knows
/// of
template <typename Ip>
bool
IsUp(Ptr<Ip> ip, uint32_t interface)
{
    return ip->IsUp(interface) || DdnnNetDeviceSwitch::Get(ip->GetNetDevice(interface))->IsOff();
}

/// \return the usable addresses of a node's interfaces that are up
template <typename InterfaceAddress, typename Ip>
std::vector<InterfaceAddress>
GetAddresses(Ptr<Ip> ip)
{
    std::vector<InterfaceAddress> addresses;
    for (uint32_t i = 0; ip && i < ip->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; IsUp(ip, i) && j < ip->GetNAddresses(i); ++j)
        {
            const InterfaceAddress address = ip->GetAddress(i, j);
            if (IsUsable(ip, address))
            {
                addresses.push_back(address);
            }
        }
    }
    return addresses;
}

bool
IsOnLink(const Ipv4InterfaceAddress& ours, const Ipv4InterfaceAddress& theirs)
{
    return ours.GetMask().IsMatch(ours.GetLocal(), theirs.GetLocal());
}

bool
IsOnLink(const Ipv6InterfaceAddress& ours, const Ipv6InterfaceAddress& theirs)
{
    return ours.GetPrefix().IsMatch(ours.GetAddress(), theirs.GetAddress());
}

Ipv4Address
GetHost(const Ipv4InterfaceAddress& address)
{
    return address.GetLocal();
}

Ipv6Address
GetHost(const Ipv6InterfaceAddress& address)
{
    return address.GetAddress();
}

/// \return the net device of the route to an address; nullptr: there is none
template <typename Header, typename Ip, typename IpAddress>
Ptr<NetDevice>
FindDevice(Ptr<Ip> ip, const IpAddress& to)
{
    Header header;
    header.SetDestination(to);
    Socket::SocketErrno error;
    const auto routing = ip->GetRoutingProtocol();
    const auto route = routing ? routing->RouteOutput(nullptr, header, nullptr, error) : nullptr;
    return route ? route->GetOutputDevice() : nullptr;
}

template <typename InterfaceAddress, typename Header, typename Ip>
std::optional<DdnnFoundAddress>
Search(Ptr<Ip> from, Ptr<Ip> to)
{
    const auto ours = GetAddresses<InterfaceAddress>(from);
    const auto theirs = GetAddresses<InterfaceAddress>(to);
    for (const InterfaceAddress& own : ours)
    {
        for (const InterfaceAddress& other : theirs)
        {
            if (IsOnLink(own, other))
            {
                return {{GetHost(other), from->GetInterfaceForAddress(GetHost(own))}};
            }
        }
    }
    for (const InterfaceAddress& other : theirs)
    {
        if (!ours.empty() && FindDevice<Header>(from, GetHost(other)))
        {
            return {{GetHost(other), -1}};
        }
    }
    return std::nullopt;
}

/// \return whether the other node still has the address, and the interfaces at both ends are up
template <typename Ip, typename IpAddress>
bool
IsValid(Ptr<Ip> from, Ptr<Ip> to, const IpAddress& address, int32_t own)
{
    const int32_t theirs = to ? to->GetInterfaceForAddress(address) : -1;
    return theirs >= 0 && IsUp(to, theirs) && (own < 0 || IsUp(from, own));
}

/// \return false: each interface has got its address, and it is none of these
template <typename InterfaceAddress, typename Ip, typename IpAddress>
bool
MayHave(Ptr<Ip> ip, const IpAddress& address)
{
    const std::size_t interfaces = ip ? ip->GetNInterfaces() - 1 : 0; // but for the loopback device
    return !ip || ip->GetInterfaceForAddress(address) >= 0 ||
           GetAddresses<InterfaceAddress>(ip).size() < interfaces;
}

} // namespace

DdnnAddressResolver::DdnnAddressResolver(Ptr<Node> node)
    : m_node(node)
{
}

bool
DdnnAddressResolver::MayHave(Ptr<Node> node, const Address& address)
{
    return Ipv4Address::IsMatchingType(address)
               ? ns3::MayHave<Ipv4InterfaceAddress>(node->GetObject<Ipv4>(),
                                                    Ipv4Address::ConvertFrom(address))
               : ns3::MayHave<Ipv6InterfaceAddress>(node->GetObject<Ipv6>(),
                                                    Ipv6Address::ConvertFrom(address));
}

std::optional<Address>
DdnnAddressResolver::Find(Ptr<Node> other)
{
    const auto found = m_found.find(other->GetId());
    if (found != m_found.end() && IsValid(other, found->second))
    {
        return found->second.address;
    }
    if (const auto address = Search(other))
    {
        m_found[other->GetId()] = *address;
        return address->address;
    }
    // it may be down for a while
    return found == m_found.end() ? std::nullopt : std::optional<Address>(found->second.address);
}

bool
DdnnAddressResolver::IsValid(Ptr<Node> other, const DdnnFoundAddress& found) const
{
    if (Ipv4Address::IsMatchingType(found.address))
    {
        return ns3::IsValid(m_node->GetObject<Ipv4>(),
                            other->GetObject<Ipv4>(),
                            Ipv4Address::ConvertFrom(found.address),
                            found.interface);
    }
    return ns3::IsValid(m_node->GetObject<Ipv6>(),
                        other->GetObject<Ipv6>(),
                        Ipv6Address::ConvertFrom(found.address),
                        found.interface);
}

void
DdnnAddressResolver::Forget(Ptr<Node> other)
{
    m_found.erase(other->GetId());
}

std::optional<DdnnFoundAddress>
DdnnAddressResolver::Search(Ptr<Node> other) const
{
    const auto ipv4 = ns3::Search<Ipv4InterfaceAddress, Ipv4Header>(m_node->GetObject<Ipv4>(),
                                                                    other->GetObject<Ipv4>());
    return ipv4 ? ipv4
                : ns3::Search<Ipv6InterfaceAddress, Ipv6Header>(m_node->GetObject<Ipv6>(),
                                                                other->GetObject<Ipv6>());
}

Ptr<NetDevice>
DdnnAddressResolver::FindDevice(Ptr<Node> other)
{
    const auto address = Find(other);
    if (!address)
    {
        return nullptr;
    }
    if (Ipv4Address::IsMatchingType(*address))
    {
        return ns3::FindDevice<Ipv4Header>(m_node->GetObject<Ipv4>(),
                                           Ipv4Address::ConvertFrom(*address));
    }
    return ns3::FindDevice<Ipv6Header>(m_node->GetObject<Ipv6>(),
                                       Ipv6Address::ConvertFrom(*address));
}

} // namespace ns3
