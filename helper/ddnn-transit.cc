// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-transit.h"

#include "ns3/abort.h"
#include "ns3/ddnn-sample-tag.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <set>

namespace ns3
{

namespace
{

const char* const ACCEPTED = "accepted";
const char* const SENT = "sent";

template <typename... Args, typename Handler>
void
Connect(Ptr<Object> object, const std::string& source, const Handler& handler)
{
    NS_ABORT_MSG_IF(!object->TraceConnectWithoutContext(source, Callback<void, Args...>(handler)),
                    "cannot connect to the trace source " << source);
}

/// \return the IP address of an endpoint
Address
GetHost(const Address& endpoint)
{
    if (Inet6SocketAddress::IsMatchingType(endpoint))
    {
        return Inet6SocketAddress::ConvertFrom(endpoint).GetIpv6();
    }
    return InetSocketAddress::ConvertFrom(endpoint).GetIpv4();
}

/// \return the IP addresses of a node, but not by which it reaches itself
std::vector<Address>
GetAddresses(Ptr<Node> node)
{
    std::vector<Address> addresses;
    const auto ipv4 = node->GetObject<Ipv4>();
    for (uint32_t i = 1; ipv4 && i < ipv4->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < ipv4->GetNAddresses(i); ++j)
        {
            addresses.emplace_back(ipv4->GetAddress(i, j).GetLocal());
        }
    }
    const auto ipv6 = node->GetObject<Ipv6>();
    for (uint32_t i = 1; ipv6 && i < ipv6->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < ipv6->GetNAddresses(i); ++j)
        {
            addresses.emplace_back(ipv6->GetAddress(i, j).GetAddress());
        }
    }
    return addresses;
}

bool
UsesUdp(const DdnnHelper& helper)
{
    TypeIdValue protocol;
    helper.GetApplications().front()->GetAttribute("Protocol", protocol);
    return protocol.Get() == UdpSocketFactory::GetTypeId();
}

} // namespace

DdnnTransit::DdnnTransit(const DdnnHelper& helper)
    : m_helper(helper)
    , m_received(helper.GetApplications().size())
{
    FindNodes();
    ConnectApplications();
    if (UsesUdp(helper)) // TCP repairs losses
    {
        ConnectLosses();
    }
}

void
DdnnTransit::FindNodes()
{
    const DdnnTopology& topology = m_helper.GetTopology();
    const NodeContainer& nodes = topology.GetNodes();
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        for (const Address& address : GetAddresses(nodes.Get(i)))
        {
            m_nodes[address] = nodes.Get(i)->GetId();
        }
    }
    for (const DdnnTopology::Cell& cell : topology.GetCells())
    {
        std::vector<uint32_t> devices;
        for (uint32_t i = 0; i < cell.nodes.GetN(); ++i)
        {
            devices.push_back(cell.nodes.Get(i)->GetId());
            m_cellOf[devices.back()] = &cell;
        }
        if (cell.access->HasBroadcast())
        {
            m_groups[cell.access->GetBroadcastAddress()] = devices;
        }
    }
}

void
DdnnTransit::ConnectApplications()
{
    const auto& applications = m_helper.GetApplications();
    for (std::size_t i = 0; i < applications.size(); ++i)
    {
        const Ptr<DdnnApplication> application = applications[i];
        const uint32_t node = application->GetNode()->GetId();
        m_received[i].node = node;
        Connect<uint64_t, const DdnnHeader&, uint32_t, const Address&>(
            application,
            "Sending",
            [this, node](uint64_t number,
                         const DdnnHeader& header,
                         uint32_t payloadBytes,
                         const Address& to) {
                HandleSending(node, number, header, payloadBytes, to);
            });
        Connect<uint64_t>(application, "NotSent", [this](uint64_t number) {
            HandleNotSent(number);
        });
        Connect<uint64_t>(application, "Received", [this, i](uint64_t number) {
            HandleReceived(i, number);
        });
        Connect<DdnnReject>(application, "Rejected", [this, i](DdnnReject reason) {
            HandleRejected(i, reason);
        });
        Connect<uint64_t>(application, "ConnectionLost", [this](uint64_t number) {
            HandleConnectionLost(number);
        });
    }
}

void
DdnnTransit::ConnectLosses()
{
    DdnnDropObserver observer;
    observer.drop = [this](DdnnDrop cause, uint32_t node, Ptr<const Packet> packet) {
        HandleDrop(cause, node, packet);
    };
    observer.air = [this](Ptr<const Packet> packet, bool sendsOnce) {
        HandleAir(packet, sendsOnce);
    };
    observer.forward = [this](Ptr<const Packet> packet) {
        HandleForward(packet);
    };
    TraceDrops(m_helper.GetTopology(), observer);
}

void
DdnnTransit::Add(Counts& counts, DdnnKind kind, const std::string& fate, uint32_t bytes)
{
    Count& count = counts[{ToString(kind), fate}];
    ++count.messages;
    count.bytes += bytes;
}

DdnnTransit::Message*
DdnnTransit::Find(Ptr<const Packet> packet)
{
    DdnnSampleTag tag;
    if (!packet->FindFirstMatchingByteTag(tag))
    {
        return nullptr;
    }
    const auto found = m_messages.find(tag.message);
    return found == m_messages.end() ? nullptr : &found->second;
}

void
DdnnTransit::HandleSending(uint32_t node,
                           uint64_t number,
                           const DdnnHeader& header,
                           uint32_t payloadBytes,
                           const Address& to)
{
    Message message{header.kind, DdnnHeader::SIZE + payloadBytes, node, {}};
    const auto group = m_groups.find(GetHost(to));
    if (group != m_groups.end())
    {
        message.broadcast = true;
        for (const uint32_t receiver : group->second)
        {
            message.copies.push_back({receiver, {}});
        }
    }
    else
    {
        const auto other = m_nodes.find(GetHost(to));
        message.copies.push_back({other == m_nodes.end() ? node : other->second, {}});
    }
    CountSent(message, 1);
    m_messages[number] = std::move(message);
}

void
DdnnTransit::HandleNotSent(uint64_t number)
{
    const auto found = m_messages.find(number);
    CountSent(found->second, -1);
    m_messages.erase(found);
}

void
DdnnTransit::CountSent(const Message& message, int sign)
{
    Count& sent = m_sent.at(static_cast<std::size_t>(message.kind));
    const auto copies = static_cast<int64_t>(message.copies.size());
    sent.messages += sign * copies;
    sent.bytes += sign * copies * message.bytes;
}

void
DdnnTransit::HandleReceived(std::size_t application, uint64_t number)
{
    Received& received = m_received[application];
    received.isCounted = false; // not a message of ours, or one that came before
    const auto found = m_messages.find(number);
    if (found == m_messages.end())
    {
        return;
    }
    Message& message = found->second;
    const uint32_t node = received.node;
    const auto copy =
        std::find_if(message.copies.begin(), message.copies.end(), [node](const Copy& other) {
            return other.node == node && !other.received;
        });
    if (copy == message.copies.end())
    {
        return;
    }
    copy->received = true;
    received.kind = message.kind;
    received.bytes = message.bytes;
    received.isCounted = true;
    Count& accepted = m_accepted.at(static_cast<std::size_t>(message.kind));
    ++accepted.messages;
    accepted.bytes += message.bytes;
    if (std::all_of(message.copies.begin(), message.copies.end(), [](const Copy& other) {
            return other.received;
        }))
    {
        m_messages.erase(found);
    }
}

void
DdnnTransit::HandleRejected(std::size_t application, DdnnReject reason)
{
    Received& received = m_received[application];
    if (!received.isCounted)
    {
        return;
    }
    received.isCounted = false;
    Count& accepted = m_accepted.at(static_cast<std::size_t>(received.kind));
    --accepted.messages;
    accepted.bytes -= received.bytes;
    Add(m_rejected, received.kind, "rejected-" + ToString(reason), received.bytes);
}

void
DdnnTransit::HandleConnectionLost(uint64_t number)
{
    const auto found = m_messages.find(number);
    if (found != m_messages.end())
    {
        found->second.copies.front().cause = DdnnDrop::CONNECTION;
    }
}

void
DdnnTransit::HandleDrop(DdnnDrop cause, uint32_t node, Ptr<const Packet> packet)
{
    Message* message = Find(packet);
    if (!message)
    {
        return;
    }
    const auto copy =
        std::find_if(message->copies.begin(), message->copies.end(), [node](const Copy& other) {
            return other.node == node;
        });
    const bool isReceiver = copy != message->copies.end();
    if (!isReceiver && node != message->origin && m_cellOf.count(node) > 0)
    {
        return; // a device that has heard what is for others
    }
    for (Copy& other : message->copies)
    {
        if (!other.cause && (!isReceiver || other.node == node))
        {
            other.cause = cause;
        }
    }
}

void
DdnnTransit::HandleAir(Ptr<const Packet> packet, bool sendsOnce)
{
    Message* message = Find(packet);
    if (message && (sendsOnce || message->broadcast))
    {
        message->onAir = true;
    }
}

void
DdnnTransit::HandleForward(Ptr<const Packet> packet)
{
    if (Message* message = Find(packet))
    {
        message->onAir = false; // this medium has delivered it
    }
}

std::string
DdnnTransit::GetFate(const Message& message, const Copy& copy) const
{
    if (copy.cause)
    {
        return "lost-" + ToString(*copy.cause);
    }
    if (message.onAir)
    {
        return "lost-" + ToString(DdnnDrop::UNHEARD);
    }
    for (const uint32_t end : {message.origin, copy.node})
    {
        const auto cell = m_cellOf.find(end);
        if (cell != m_cellOf.end() && cell->second->access->GetName() == "lte")
        {
            return "lost-" + ToString(DdnnDrop::RADIO);
        }
    }
    return UsesUdp(m_helper) ? "in-flight" : "unaccounted";
}

std::vector<DdnnMessageCount>
DdnnTransit::GetCounts() const
{
    std::set<uint64_t> inFlight; // with TCP
    for (const auto& application : m_helper.GetApplications())
    {
        for (const uint64_t number : application->GetInFlight())
        {
            inFlight.insert(number);
        }
    }
    Counts counts = m_rejected;
    for (std::size_t kind = 1; kind < NUM_KINDS; ++kind)
    {
        const std::string name = ToString(static_cast<DdnnKind>(kind));
        counts[{name, SENT}] = m_sent[kind];
        counts[{name, ACCEPTED}] = m_accepted[kind];
    }
    for (const auto& [number, message] : m_messages)
    {
        for (const Copy& copy : message.copies)
        {
            if (!copy.received)
            {
                const bool kept = inFlight.count(number) > 0;
                Add(counts,
                    message.kind,
                    kept ? "in-flight" : GetFate(message, copy),
                    message.bytes);
            }
        }
    }
    std::vector<DdnnMessageCount> result;
    for (const auto& [name, count] : counts)
    {
        if (count.messages > 0)
        {
            result.push_back({name.first, name.second, count.messages, count.bytes});
        }
    }
    return result;
}

} // namespace ns3
