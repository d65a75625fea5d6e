// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ENDPOINT_H
#define DDNN_ENDPOINT_H

#include "ddnn-address-resolver.h"
#include "ddnn-streams.h"

#include "ns3/ddnn-message-tag.h"
#include "ns3/ddnn-payload.h"
#include "ns3/ddnn-site.h"

#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/socket.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace ns3
{

class DdnnApplication;

/// A message as applications see it.
struct DdnnMessage
{
    DdnnHeader header;
    DdnnPayload payload;
    uint16_t attempt{0};   ///< of its name
    DdnnLatency latency{}; ///< of the sample, until the message is sent
    bool isTagged{true};   ///< false: a stranger's, which says nothing but its bytes
    bool isLocal{false};   ///< it has crossed no link
};

/// Where a message goes: to a node, or to all nodes that a broadcast or multicast address reaches.
struct DdnnDestination
{
    Ptr<Node> node;          ///< nullptr: to the group
    Address group{};         ///< Ipv4Address or Ipv6Address
    Ptr<NetDevice> device{}; ///< by which the group is reached; nullptr: routing decides
};

/**
 * The sockets of a site on one node, which all its applications there share: UDP or TCP, IPv4 and
 * IPv6, bound to any address. Messages to the own node bypass them.
 */
class DdnnEndpoint : public Object
{
  public:
    static TypeId GetTypeId();

    DdnnEndpoint(Ptr<DdnnSite> site, Ptr<Node> node);
    ~DdnnEndpoint() override;

    /// Open the sockets for an application's messages, if they are not open yet.
    void Open(Ptr<DdnnApplication> application);

    /// Close them if no other application needs them.
    void Close(Ptr<DdnnApplication> application);

    /// \return the name of a message of this site; of a stranger's message one that no other has
    DdnnMessageName GetName(const DdnnMessage& message) const;

    /// Send a message, unless the transport refuses it.
    /// \return false if it is not sent: there is no address or route
    bool Send(const DdnnDestination& to, const DdnnMessage& message);

    /// With TCP, open the connection to a node, so that the first message need not wait for it.
    void Connect(Ptr<Node> node);

    /// With TCP, lose the connections to others, as when a program crashes.
    void Reset();

    /// \return with TCP, all messages that wait for a connection, or of which a part has not been
    ///         acknowledged
    std::vector<DdnnMessageName> GetInFlight() const;

    Ptr<DdnnSite> GetSite() const;

  private:
    void DoDispose() override;
    std::vector<Address> GetLocals() const;
    std::optional<Address> Resolve(Ptr<Node> node);
    Ptr<Socket> OpenSocket(const Address& local);
    Ptr<Socket> FindSocket(const Address& host, Ptr<NetDevice> device);
    Ptr<Packet> MakePacket(const DdnnMessage& message) const;
    void HandleRead(Ptr<Socket> socket);
    void HandleMessage(Ptr<Packet> packet, const DdnnMessageTag* tag);
    void Deliver(const DdnnMessage& message);
    void HandleConnectionLost(const DdnnMessageName& name);

    Ptr<DdnnSite> m_site;
    Ptr<Node> m_node;
    DdnnAddressResolver m_resolver;
    std::vector<Ptr<DdnnApplication>> m_applications;      ///< those that run
    std::map<bool, Ptr<Socket>> m_sockets;                 ///< `[IPv6]`, that receive and send
    std::map<Ptr<NetDevice>, Ptr<Socket>> m_deviceSockets; ///< to groups, by net device
    std::unique_ptr<DdnnStreams> m_streams;                ///< with TCP
};

} // namespace ns3

#endif // DDNN_ENDPOINT_H
