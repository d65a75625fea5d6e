// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ADDRESS_RESOLVER_H
#define DDNN_ADDRESS_RESOLVER_H

#include "ns3/address.h"
#include "ns3/node.h"

#include <cstdint>
#include <map>
#include <optional>

namespace ns3
{

/// How one node reaches another.
struct DdnnFoundAddress
{
    Address address;   ///< Ipv4Address or Ipv6Address
    int32_t interface; ///< the sender's on the same subnet; -1: the address is behind a router
};

/**
 * Finds the IP address by which one node reaches others, from what is configured on the nodes at
 * the moment: one on a subnet that both share, else one that the node has a route to. IPv4 comes
 * before IPv6, and interfaces of a node in their order. Addresses that are unspecified (before
 * DHCP), tentative or link-local do not count, nor do interfaces that are down. That a net device
 * is off, see DdnnNetDeviceSwitch, is no reason: nobody knows of a fault.
 *
 * An address that was found is kept until the other node has lost it, or an interface to it is
 * down, and there is another one.
 */
class DdnnAddressResolver
{
  public:
    /// \param node that sends
    explicit DdnnAddressResolver(Ptr<Node> node);

    /// \return false if a node does not have an address, and no interface of it waits for one
    static bool MayHave(Ptr<Node> node, const Address& address);

    /// \return an Ipv4Address or Ipv6Address; nothing: there is none at present
    std::optional<Address> Find(Ptr<Node> other);

    /// Look for the address anew when it is needed next.
    void Forget(Ptr<Node> other);

    /// \return the net device by which the other node is reached now; nullptr: there is no route
    Ptr<NetDevice> FindDevice(Ptr<Node> other);

  private:
    bool IsValid(Ptr<Node> other, const DdnnFoundAddress& found) const;
    std::optional<DdnnFoundAddress> Search(Ptr<Node> other) const;

    Ptr<Node> m_node;
    std::map<uint32_t, DdnnFoundAddress> m_found; ///< by node identifier
};

} // namespace ns3

#endif // DDNN_ADDRESS_RESOLVER_H
