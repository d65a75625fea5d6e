// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-collector.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnCollector");
NS_OBJECT_ENSURE_REGISTERED(DdnnCollector);

TypeId
DdnnCollector::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnCollector")
            .SetParent<Object>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnCollector>()
            .AddAttribute(
                "Deadline",
                "From the first contribution, how long a sample waits for the others. The "
                "default is not a multiple of the devices' slots, so that it does not "
                "meet one.",
                TimeValue(MicroSeconds(50137)),
                MakeTimeAccessor(&DdnnCollector::m_deadline),
                MakeTimeChecker(Time(0)))
            .AddAttribute("Quorum",
                          "Close a sample when so many nodes have contributed; 0: all.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DdnnCollector::m_quorum),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("AdaptivePercentile",
                          "The deadline is this percentile of how long after a sample's first "
                          "contribution the latest others came, late ones included, and never more "
                          "than Deadline; 0: Deadline alone.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&DdnnCollector::m_adaptivePercentile),
                          MakeDoubleChecker<double>(0, 100))
            .AddAttribute(
                "AdaptiveWindow",
                "How many of the latest contributions AdaptivePercentile looks at. Before "
                "there are so many, Deadline holds.",
                UintegerValue(100),
                MakeUintegerAccessor(&DdnnCollector::m_adaptiveWindow),
                MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Absent",
                          "What stands in for a contribution that did not arrive.",
                          EnumValue(MASKED),
                          DDNN_MAKE_ENUM_ACCESSOR(Absent, &DdnnCollector::m_absent),
                          MakeEnumChecker(MASKED, "masked", ZERO, "zero", LAST_KNOWN, "last-known"))
            .AddAttribute("SilentAfter",
                          "A node that did not contribute to so many samples in a row is not "
                          "waited for until it does again; 0: always waited for.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DdnnCollector::m_silentAfter),
                          MakeUintegerChecker<uint32_t>());
    return tid;
}

DdnnCollector::DdnnCollector() = default;

DdnnCollector::~DdnnCollector() = default;

void
DdnnCollector::Start(uint32_t numSamples, std::vector<std::size_t> bytes, CloseCallback callback)
{
    m_presence.resize(numSamples);
    m_openedAt.resize(numSamples);
    m_sizes = std::move(bytes);
    m_nodes.resize(m_sizes.size());
    m_closeCallback = std::move(callback);
}

void
DdnnCollector::DoDispose()
{
    Clear();
    m_closeCallback = nullptr;
    Object::DoDispose();
}

void
DdnnCollector::Clear()
{
    for (auto& [id, sample] : m_samples)
    {
        sample.closeEvent.Cancel();
    }
    m_samples.clear();
    m_arrivals.clear();
    std::fill(m_nodes.begin(), m_nodes.end(), NodeState());
}

std::optional<DdnnReject>
DdnnCollector::Accept(uint32_t id, std::size_t node, const DdnnMessage& message)
{
    const DdnnPayload& payload = message.payload;
    if (id >= m_presence.size())
    {
        return DdnnReject::UNKNOWN_SAMPLE;
    }
    if (payload.size() != m_sizes.at(node))
    {
        return DdnnReject::BAD_PAYLOAD;
    }
    const std::string& presence = m_presence[id];
    if (!presence.empty())
    {
        if (presence[node] == '1')
        {
            return DdnnReject::DUPLICATE;
        }
        Note(id, node, payload);
        return DdnnReject::LATE;
    }
    if (m_samples.count(id) == 0)
    {
        Open(id, message.latency);
    }
    Sample& sample = m_samples[id];
    if (!sample.contributions[node].empty())
    {
        return DdnnReject::DUPLICATE;
    }
    sample.contributions[node] = payload;
    sample.last = message.latency;
    ++sample.present;
    Note(id, node, payload);
    return std::nullopt;
}

void
DdnnCollector::Open(uint32_t id, const DdnnLatency& latency)
{
    Sample& sample = m_samples[id];
    sample.contributions.resize(m_sizes.size());
    sample.first = latency;
    sample.closeEvent = Simulator::Schedule(GetWait(), &DdnnCollector::HandleDeadline, this, id);
    m_openedAt[id] = Simulator::Now();
}

void
DdnnCollector::Note(uint32_t id, std::size_t node, const DdnnPayload& payload)
{
    m_nodes[node].missed = 0;
    if (m_absent == LAST_KNOWN)
    {
        m_nodes[node].last = payload;
    }
    const auto open = m_samples.find(id);
    const bool first = open != m_samples.end() && open->second.present == 1;
    if (!first)
    {
        m_arrivals.push_back(Simulator::Now() - m_openedAt[id]);
    }
    if (m_arrivals.size() > m_adaptiveWindow)
    {
        m_arrivals.pop_front();
    }
}

Time
DdnnCollector::GetWait() const
{
    if (m_adaptivePercentile == 0 || m_arrivals.size() < m_adaptiveWindow)
    {
        return m_deadline;
    }
    std::vector<Time> sorted(m_arrivals.begin(), m_arrivals.end());
    std::sort(sorted.begin(), sorted.end());
    const double rank = std::ceil(m_adaptivePercentile / 100 * sorted.size());
    return Min(m_deadline, sorted[std::max<std::size_t>(rank, 1) - 1]);
}

void
DdnnCollector::CloseIfComplete(uint32_t id)
{
    const auto found = m_samples.find(id);
    if (found != m_samples.end() && IsComplete(found->second))
    {
        found->second.closeEvent.Cancel();
        Close(id, DdnnLatency(found->second.last));
    }
}

void
DdnnCollector::HandleDeadline(uint32_t id)
{
    DdnnLatency latency = m_samples.at(id).first;
    latency.Advance(latency.waiting, Simulator::Now());
    Close(id, latency);
}

bool
DdnnCollector::IsComplete(const Sample& sample) const
{
    if (sample.present == m_nodes.size() || (m_quorum > 0 && sample.present >= m_quorum))
    {
        return true;
    }
    for (std::size_t node = 0; node < m_nodes.size(); ++node)
    {
        const bool silent = m_silentAfter > 0 && m_nodes[node].missed >= m_silentAfter;
        if (sample.contributions[node].empty() && !silent)
        {
            return false;
        }
    }
    return true;
}

void
DdnnCollector::Close(uint32_t id, const DdnnLatency& latency)
{
    Closed closed{id, std::move(m_samples.at(id).contributions), "", latency};
    m_samples.erase(id);
    for (std::size_t node = 0; node < closed.contributions.size(); ++node)
    {
        DdnnPayload& contribution = closed.contributions[node];
        const bool present = !contribution.empty();
        closed.presence += present ? '1' : '0';
        m_nodes[node].missed += present ? 0 : 1;
        if (!present)
        {
            contribution = Substitute(node);
        }
    }
    m_presence[id] = closed.presence;
    m_closeCallback(closed);
}

DdnnPayload
DdnnCollector::Substitute(std::size_t node) const
{
    switch (m_absent)
    {
    case ZERO:
        return DdnnPayload(m_sizes[node]);
    case LAST_KNOWN:
        return m_nodes[node].last;
    case MASKED:
        break;
    }
    return {};
}

} // namespace ns3
