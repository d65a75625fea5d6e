// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-message-tracker.h"

#include "ns3/ddnn-exit.h"
#include "ns3/ddnn-site-applications.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <unordered_set>

namespace ns3
{

DdnnMessageTracker::DdnnMessageTracker(const ApplicationContainer& applications, Time drain)
    : m_drain(drain)
{
    for (const DdnnSiteApplications& site : FindDdnnSites(applications))
    {
        for (const auto& application : site.all)
        {
            m_receivers.push_back({application, application->GetNode()->GetId(), {}});
        }
    }
    for (Receiver& receiver : m_receivers)
    {
        Connect(&receiver);
    }
    Simulator::ScheduleNow([this] { // net devices and IP may be installed later
        TraceDdnnDrops(
            [this](DdnnDrop cause, uint32_t node, Ptr<const Packet> packet) {
                HandleDrop(cause, node, packet);
            },
            [this](DdnnDrop cause, uint32_t node, Ptr<const Packet> packet) {
                HandlePassing(cause, node, packet);
            });
    });
}

void
DdnnMessageTracker::Connect(Receiver* receiver)
{
    const auto connect = [receiver](const std::string& source, const CallbackBase& handler) {
        receiver->application->TraceConnectWithoutContext(source, handler);
    };
    connect("Sending", MakeCallback(&DdnnMessageTracker::HandleSending, this, receiver));
    connect("NotSent", MakeCallback(&DdnnMessageTracker::HandleNotSent, this, receiver));
    connect("Rx", MakeCallback(&DdnnMessageTracker::HandleRx, this, receiver));
    connect("Rejected", MakeCallback(&DdnnMessageTracker::HandleRejected, this, receiver));
    connect("ConnectionLost", MakeCallback(&DdnnMessageTracker::HandleConnectionLost, this));
}

void
DdnnMessageTracker::Add(Counts& counts, const Copy& copy, std::size_t disposition, int number)
{
    Count& count = counts[copy.site].at(static_cast<std::size_t>(copy.kind) - 1).at(disposition);
    count.messages += number;
    count.bytes += static_cast<int64_t>(number) * copy.bytes;
}

void
DdnnMessageTracker::HandleSending(Receiver* sender,
                                  const DdnnMessageName& name,
                                  uint32_t payloadBytes,
                                  const DdnnDestination& to)
{
    const Ptr<DdnnSite> site = sender->application->GetSite();
    Copy copy{};
    copy.site = name.site;
    copy.kind = name.header.kind;
    copy.isGroup = !to.node;
    copy.isTcp = site->GetTransport() == DdnnSite::TCP;
    copy.cause = DdnnDrop::UNKNOWN;
    copy.bytes = DdnnHeader::SIZE + payloadBytes;
    copy.origin = sender->node;
    copy.sent = Simulator::Now();
    const auto add = [&](const Ptr<Node>& node) {
        copy.node = node->GetId();
        Add(m_counts, copy, SENT);
        m_copies.emplace(name, copy);
    };
    if (to.node)
    {
        return add(to.node);
    }
    for (const uint32_t node : DynamicCast<DdnnExit>(sender->application)->GetGroup(to))
    {
        add(site->GetNode(name.header.tier, node));
    }
}

void
DdnnMessageTracker::HandleNotSent(Receiver* sender, const DdnnMessageName& name)
{
    const auto [begin, end] = m_copies.equal_range(name);
    for (auto copy = begin; copy != end; ++copy)
    {
        if (copy->second.origin == sender->node && copy->second.sent == Simulator::Now())
        {
            copy->second.isDropped = true;
            copy->second.cause = DdnnDrop::NO_ROUTE;
        } // else an earlier message of the same name
    }
}

void
DdnnMessageTracker::HandleRx(Receiver* receiver, const DdnnMessageName& name)
{
    receiver->last.reset();
    const auto [begin, end] = m_copies.equal_range(name);
    const auto copy = std::find_if(begin, end, [receiver](const auto& other) {
        return other.second.node == receiver->node;
    });
    if (copy != end)
    {
        receiver->last = copy->second;
        Add(m_counts, copy->second, ACCEPTED);
        m_copies.erase(copy);
    }
}

void
DdnnMessageTracker::HandleRejected(Receiver* receiver, const DdnnMessageName&, DdnnReject reason)
{
    if (receiver->last)
    {
        Add(m_counts, *receiver->last, ACCEPTED, -1);
        Add(m_counts, *receiver->last, REJECTED + static_cast<std::size_t>(reason));
        receiver->last.reset();
    }
}

void
DdnnMessageTracker::HandleConnectionLost(const DdnnMessageName& name)
{
    const auto [begin, end] = m_copies.equal_range(name);
    for (auto copy = begin; copy != end; ++copy)
    {
        copy->second.isDropped = true;
        copy->second.cause = DdnnDrop::CONNECTION;
    }
}

/// Others hear what is for a group as well, and what becomes of it there is no loss.
bool
DdnnMessageTracker::Concerns(const Copy& copy, uint32_t node)
{
    const bool isPath = !copy.isGroup || node == copy.node || node == copy.origin;
    return isPath && !copy.isTcp && !copy.isDropped;
}

void
DdnnMessageTracker::HandleDrop(DdnnDrop cause, uint32_t node, Ptr<const Packet> packet)
{
    static const TypeId MESSAGE = DdnnMessageTag::GetTypeId();
    for (ByteTagIterator i = packet->GetByteTagIterator(); i.HasNext();)
    {
        const ByteTagIterator::Item item = i.Next();
        if (item.GetTypeId() != MESSAGE)
        {
            continue;
        }
        DdnnMessageTag tag;
        item.GetTag(tag);
        const auto [begin, end] = m_copies.equal_range(tag.name);
        std::for_each(begin, end, [cause, node](auto& copy) {
            if (Concerns(copy.second, node))
            {
                copy.second.isDropped = true;
                copy.second.cause = cause;
            }
        });
    }
}

/// With UDP, a packet that goes on carries one message.
void
DdnnMessageTracker::HandlePassing(DdnnDrop cause, uint32_t node, Ptr<const Packet> packet)
{
    DdnnMessageTag tag;
    if (!packet->FindFirstMatchingByteTag(tag))
    {
        return;
    }
    const auto [begin, end] = m_copies.equal_range(tag.name);
    std::for_each(begin, end, [cause, node](auto& copy) {
        const bool isTunnelsEnd = cause == DdnnDrop::NO_SOCKET && node != copy.second.node;
        if (Concerns(copy.second, node) && !isTunnelsEnd)
        {
            copy.second.cause = cause;
        }
    });
}

std::string
DdnnMessageTracker::GetName(std::size_t disposition)
{
    if (disposition < REJECTED)
    {
        return disposition == SENT ? "sent" : "accepted";
    }
    if (disposition < LOST)
    {
        return "rejected-" + ToString(static_cast<DdnnReject>(disposition - REJECTED));
    }
    if (disposition < IN_FLIGHT)
    {
        return "lost-" + ToString(static_cast<DdnnDrop>(disposition - LOST));
    }
    return disposition == IN_FLIGHT ? "in-flight" : "unknown";
}

std::vector<DdnnMessageCount>
DdnnMessageTracker::GetCounts() const
{
    std::unordered_set<DdnnMessageName, DdnnMessageNameHash> kept; // by TCP
    for (const Receiver& receiver : m_receivers)
    {
        const std::vector<DdnnMessageName> names = receiver.application->GetInFlight();
        kept.insert(names.begin(), names.end());
    }
    Counts counts = m_counts;
    for (const auto& [name, copy] : m_copies)
    {
        const bool isUnheard = copy.isGroup && copy.cause == DdnnDrop::UNKNOWN;
        const DdnnDrop cause = isUnheard ? DdnnDrop::UNHEARD : copy.cause;
        std::size_t disposition = UNKNOWN;
        if (kept.count(name) > 0 || (!copy.isDropped && copy.sent + m_drain > Simulator::Now()))
        {
            disposition = IN_FLIGHT;
        }
        else if (cause != DdnnDrop::UNKNOWN)
        {
            disposition = LOST + static_cast<std::size_t>(cause);
        }
        Add(counts, copy, disposition);
    }
    std::vector<DdnnMessageCount> result;
    for (const auto& [site, kinds] : counts)
    {
        for (std::size_t kind = 0; kind < kinds.size(); ++kind)
        {
            for (std::size_t i = 0; i < kinds[kind].size(); ++i)
            {
                if (kinds[kind][i].messages > 0)
                {
                    result.push_back({site,
                                      ToString(static_cast<DdnnKind>(kind + 1)),
                                      GetName(i),
                                      kinds[kind][i].messages,
                                      kinds[kind][i].bytes});
                }
            }
        }
    }
    return result;
}

} // namespace ns3
