// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-endpoint.h"

#include "ns3/ddnn-application.h"

#include "ns3/abort.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnEndpoint");
NS_OBJECT_ENSURE_REGISTERED(DdnnEndpoint);

namespace
{

Address
MakeSocketAddress(const Address& host, uint16_t port)
{
    if (Ipv6Address::IsMatchingType(host))
    {
        return Inet6SocketAddress(Ipv6Address::ConvertFrom(host), port);
    }
    return InetSocketAddress(Ipv4Address::ConvertFrom(host), port);
}

std::string
GetText(const Address& host)
{
    std::ostringstream text;
    if (Ipv6Address::IsMatchingType(host))
    {
        text << Ipv6Address::ConvertFrom(host);
    }
    else
    {
        text << Ipv4Address::ConvertFrom(host);
    }
    return text.str();
}

/// The length that stands before a message in a TCP stream.
Ptr<Packet>
MakeLength(uint32_t length)
{
    std::array<uint8_t, DdnnStreams::LENGTH_SIZE> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i)
    {
        bytes[i] = static_cast<uint8_t>(length >> (8 * (bytes.size() - 1 - i)));
    }
    return Create<Packet>(bytes.data(), bytes.size());
}

} // namespace

TypeId
DdnnEndpoint::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnEndpoint").SetParent<Object>().SetGroupName("Ddnn");
    return tid;
}

DdnnEndpoint::DdnnEndpoint(Ptr<DdnnSite> site, Ptr<Node> node)
    : m_site(site)
    , m_node(node)
    , m_resolver(node)
{
}

DdnnEndpoint::~DdnnEndpoint() = default;

void
DdnnEndpoint::DoDispose()
{
    m_site = nullptr;
    m_node = nullptr;
    m_applications.clear();
    m_sockets.clear();
    m_deviceSockets.clear();
    m_streams = nullptr;
    Object::DoDispose();
}

Ptr<DdnnSite>
DdnnEndpoint::GetSite() const
{
    return m_site;
}

/// \return what to bind to: any address of each IP version that the node has
std::vector<Address>
DdnnEndpoint::GetLocals() const
{
    std::vector<Address> locals;
    if (m_node->GetObject<Ipv4>())
    {
        locals.push_back(MakeSocketAddress(Ipv4Address::GetAny(), m_site->GetPort()));
    }
    if (m_node->GetObject<Ipv6>())
    {
        locals.push_back(MakeSocketAddress(Ipv6Address::GetAny(), m_site->GetPort()));
    }
    return locals;
}

void
DdnnEndpoint::Open(Ptr<DdnnApplication> application)
{
    m_applications.push_back(application);
    if (m_applications.size() > 1)
    {
        return;
    }
    const Address given = m_site->GetAddress(m_node);
    NS_ABORT_MSG_IF(!given.IsInvalid() && !DdnnAddressResolver::MayHave(m_node, given),
                    "node " << m_node->GetId() << " does not have the address " << GetText(given)
                            << ", which DdnnHelper::SetAddress has given for it");
    const std::vector<Address> locals = GetLocals();
    if (m_site->GetTransport() == DdnnSite::TCP)
    {
        m_streams = std::make_unique<DdnnStreams>(
            [this](Ptr<Packet> packet, const DdnnMessageTag* tag) {
                HandleMessage(packet, tag);
            },
            [this](const DdnnMessageName& name) {
                HandleConnectionLost(name);
            });
        m_streams->Listen(m_node, locals);
        return;
    }
    for (const Address& local : locals)
    {
        m_sockets[Inet6SocketAddress::IsMatchingType(local)] = OpenSocket(local);
    }
}

void
DdnnEndpoint::Close(Ptr<DdnnApplication> application)
{
    const auto found = std::find(m_applications.begin(), m_applications.end(), application);
    if (found == m_applications.end())
    {
        return;
    }
    m_applications.erase(found);
    if (!m_applications.empty())
    {
        return;
    }
    if (m_streams)
    {
        m_streams->Close();
        m_streams = nullptr;
    }
    for (const auto& [local, socket] : m_sockets)
    {
        socket->Close();
    }
    for (const auto& [device, socket] : m_deviceSockets)
    {
        socket->Close();
    }
    m_sockets.clear();
    m_deviceSockets.clear();
}

Ptr<Socket>
DdnnEndpoint::OpenSocket(const Address& local)
{
    const auto socket = Socket::CreateSocket(m_node, UdpSocketFactory::GetTypeId());
    NS_ABORT_MSG_IF(socket->Bind(local) != 0,
                    "node " << m_node->GetId() << ": port " << m_site->GetPort() << " of DDNN site "
                            << m_site->GetNumber()
                            << " is in use; set ns3::DdnnSite::Port to another");
    socket->SetAllowBroadcast(true);
    socket->SetRecvCallback(MakeCallback(&DdnnEndpoint::HandleRead, this));
    return socket;
}

/// \return the socket of the address's IP version; nullptr if the node does not have it
Ptr<Socket>
DdnnEndpoint::FindSocket(const Address& host, Ptr<NetDevice> device)
{
    const bool ipv6 = Ipv6Address::IsMatchingType(host);
    if (device)
    {
        Ptr<Socket>& socket = m_deviceSockets[device];
        if (!socket)
        {
            // it only sends: bound to no port of ours
            socket = Socket::CreateSocket(m_node, UdpSocketFactory::GetTypeId());
            NS_ABORT_MSG_IF((ipv6 ? socket->Bind6() : socket->Bind()) != 0,
                            "node " << m_node->GetId() << " has no free port");
            socket->SetAllowBroadcast(true);
            socket->BindToNetDevice(device);
        }
        return socket;
    }
    const auto found = m_sockets.find(ipv6);
    return found == m_sockets.end() ? nullptr : found->second;
}

std::optional<Address>
DdnnEndpoint::Resolve(Ptr<Node> node)
{
    const Address given = m_site->GetAddress(node);
    return given.IsInvalid() ? m_resolver.Find(node) : given;
}

DdnnMessageName
DdnnEndpoint::GetName(const DdnnMessage& message) const
{
    DdnnMessageName name{m_site->GetNumber(), message.header, message.attempt};
    if (!message.isTagged)
    {
        name.header.kind = DdnnKind{};
    }
    return name;
}

Ptr<Packet>
DdnnEndpoint::MakePacket(const DdnnMessage& message) const
{
    const DdnnMessageName name = GetName(message);
    const uint32_t payload = message.payload.size();
    auto packet = payload > 0 ? Create<Packet>(message.payload.data(), payload) : Create<Packet>();
    packet->AddHeader(message.header);
    if (m_streams)
    {
        const auto length = MakeLength(packet->GetSize());
        length->AddAtEnd(packet);
        packet = length;
    }
    const uint32_t size = packet->GetSize();
    const uint32_t header = size - payload;
    // the first byte is 0 and the end is not tagged, other than ns-3's documentation says
    packet->AddByteTag(DdnnMessageTag(name, message.latency), 0, header);
    if (payload > 0)
    {
        packet->AddByteTag(DdnnMessageTag(name), header, size);
    }
    return packet;
}

bool
DdnnEndpoint::Send(const DdnnDestination& to, const DdnnMessage& message)
{
    if (to.node == m_node)
    {
        DdnnMessage local = message;
        local.isLocal = true;
        Deliver(local);
        return true;
    }
    const std::optional<Address> host = to.node ? Resolve(to.node) : to.group;
    if (!host)
    {
        NS_LOG_WARN("node " << m_node->GetId() << " has no address of node " << to.node->GetId());
        return false;
    }
    const Address address = MakeSocketAddress(*host, m_site->GetPort());
    const Ptr<Packet> packet = MakePacket(message);
    const Ptr<Socket> socket = m_streams ? nullptr : FindSocket(*host, to.device);
    const bool sent = m_streams ? m_streams->Send(address, packet)
                                : socket && socket->SendTo(packet, 0, address) >= 0;
    if (!sent && to.node)
    {
        m_resolver.Forget(to.node); // another address may have a route
    }
    return sent;
}

void
DdnnEndpoint::Connect(Ptr<Node> node)
{
    const std::optional<Address> host = node == m_node ? std::nullopt : Resolve(node);
    if (m_streams && host)
    {
        m_streams->Connect(MakeSocketAddress(*host, m_site->GetPort()));
    }
}

void
DdnnEndpoint::Reset()
{
    if (m_streams)
    {
        m_streams->Reset();
    }
}

std::vector<DdnnMessageName>
DdnnEndpoint::GetInFlight() const
{
    return m_streams ? m_streams->GetInFlight() : std::vector<DdnnMessageName>();
}

void
DdnnEndpoint::HandleRead(Ptr<Socket> socket)
{
    Address from;
    while (auto packet = socket->RecvFrom(from))
    {
        DdnnMessageTag tag;
        HandleMessage(packet, packet->FindFirstMatchingByteTag(tag) ? &tag : nullptr);
    }
}

/// \param tag of the message's header; nullptr: it has none
void
DdnnEndpoint::HandleMessage(Ptr<Packet> packet, const DdnnMessageTag* tag)
{
    if (m_applications.empty())
    {
        return;
    }
    DdnnMessage message;
    message.isTagged = tag != nullptr;
    if (!DdnnHeader::Read(packet, message.header))
    {
        message.isTagged = false;
        return m_applications.front()->HandleRejected(DdnnReject::MALFORMED, message);
    }
    message.payload.resize(packet->GetSize());
    packet->CopyData(message.payload.data(), message.payload.size());
    if (tag)
    {
        message.attempt = tag->name.attempt;
        message.latency = tag->GetLatency();
    }
    else
    {
        message.latency = DdnnLatency(Simulator::Now());
    }
    Deliver(message);
}

void
DdnnEndpoint::Deliver(const DdnnMessage& message)
{
    const auto applications = m_applications; // one may stop
    bool taken = false;
    for (const Ptr<DdnnApplication>& application : applications)
    {
        if (application->Takes(message.header))
        {
            application->HandleMessage(message);
            taken = true;
        }
    }
    if (!taken && !applications.empty())
    {
        applications.front()->HandleRejected(DdnnReject::UNEXPECTED, message);
    }
}

void
DdnnEndpoint::HandleConnectionLost(const DdnnMessageName& name)
{
    if (!m_applications.empty())
    {
        m_applications.front()->HandleConnectionLost(name);
    }
}

} // namespace ns3
