// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SUBNET_H
#define DDNN_SUBNET_H

#include "ns3/address.h"
#include "ns3/net-device.h"
#include "ns3/node-container.h"

#include <cstdint>

namespace ns3
{

/**
 * The addresses of one link, IPv4 or IPv6 behind one interface. Subnet n is the n-th /18 of
 * 10.0.0.0 to 13.255.255.255, or fd00:dd:0:n::/64. An address is an Ipv4Address or an Ipv6Address
 * as ns3::Address.
 */
class DdnnSubnet
{
  public:
    static constexpr uint32_t MAX_NUMBER = 4095; ///< the last subnet's
    static constexpr uint32_t MAX_HOST = 16381;  ///< the last host's in a subnet; the first is 1

    /**
     * \param ipv6 whether the addresses are IPv6's, else IPv4's
     * \param number of the subnet, 0 to MAX_NUMBER
     * \throws std::runtime_error if the number is too large
     */
    DdnnSubnet(bool ipv6, uint32_t number);

    bool IsIpv6() const;

    /**
     * Give a device an address, and bring its interface up, with metric 1 and without a queueing
     * discipline, which would cost simulation time. With IPv6 the interface joins the group that
     * GetBroadcast names, too, and can send to it.
     *
     * \param device whose node has been through InstallStack
     * \param host number of the address, 1 to MAX_HOST
     * \return the interface's index
     * \throws std::runtime_error if there is no such host number
     */
    uint32_t Add(Ptr<NetDevice> device, uint32_t host) const;

    /// As Add, but only this one address is on the link: routes to others must be added.
    uint32_t AddSingle(Ptr<NetDevice> device, uint32_t host) const;

    /// \throws std::runtime_error if there is no such host number
    Address GetAddress(uint32_t host) const;

    /**
     * The address that reaches all hosts of the subnet: IPv4's subnet broadcast, or a multicast
     * group of IPv6's site-local scope, one per subnet. Unlike ff02::1 this needs no socket that is
     * bound to a net device.
     */
    Address GetBroadcast() const;

    /**
     * Let what another node sends to GetBroadcast come to this subnet.
     * \param sender net device of that node, toward the gateway
     * \param uplink net device of the gateway, toward that node
     * \param downlink net device of the gateway in this subnet
     */
    void ForwardBroadcast(Ptr<NetDevice> sender,
                          Ptr<NetDevice> uplink,
                          Ptr<NetDevice> downlink) const;

    /// On the node of `via`, lead this subnet's addresses to `nextHop`, through that device.
    void AddRoute(Ptr<NetDevice> via, const Address& nextHop) const;

    /// On the node of `via`, lead one address through that device, to which it is connected.
    static void AddHostRoute(Ptr<NetDevice> via, const Address& host);

    /// On the node of `via`, lead all other addresses to `nextHop`, through that device.
    static void AddDefaultRoute(Ptr<NetDevice> via, const Address& nextHop);

    /// \return host and port as an InetSocketAddress or Inet6SocketAddress
    static Address MakeEndpoint(const Address& host, uint16_t port);

    /// \return the address to bind to for whatever comes to the port
    static Address MakeAnyEndpoint(bool ipv6, uint16_t port);

    /**
     * Install one IP version with static routing and forwarding, and without whatever IPv6 would
     * send of its own accord.
     */
    static void InstallStack(const NodeContainer& nodes, bool useIpv6);

    /**
     * Make the neighbour's link address known to the node of a device for ever, so that nothing has
     * to be asked on the link. Does nothing if the link needs no such addresses. Devices that join
     * a network forget it: call this afterwards.
     */
    static void AddNeighbour(Ptr<NetDevice> device, Ptr<NetDevice> neighbour);

  private:
    uint32_t Add(Ptr<NetDevice> device, uint32_t host, bool single) const;

    bool m_ipv6;
    uint32_t m_number;
};

} // namespace ns3

#endif // DDNN_SUBNET_H
