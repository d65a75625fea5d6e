// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-exit.h"

#include "ns3/ddnn-backlog.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnExit);

TypeId
DdnnExit::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnExit")
            .SetParent<DdnnApplication>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnExit>()
            .AddAttribute("Threshold",
                          "T of the paper: a sample exits here if its uncertainty is at most this. "
                          "DdnnHelper takes that of the hierarchy unless another default is set.",
                          DoubleValue(ddnn::Tier().threshold),
                          MakeDoubleAccessor(&DdnnExit::m_threshold),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("ExitPolicy",
                          "What the threshold follows. The threshold is T + (1 - T) b, b being the "
                          "backlog of the way up divided by the limit, at most 1.",
                          EnumValue(FIXED),
                          DDNN_MAKE_ENUM_ACCESSOR(ExitPolicy, &DdnnExit::m_exitPolicy),
                          MakeEnumChecker(FIXED, "fixed", BACKLOG, "backlog", DEADLINE, "deadline"))
            .AddAttribute("BacklogLimit",
                          "With the ExitPolicy backlog, the backlog at which every sample exits.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&DdnnExit::m_backlogLimit),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("Collector",
                          "What waits for the class scores.",
                          TypeId::ATTR_GET,
                          PointerValue(),
                          MakePointerAccessor(&DdnnExit::m_collector),
                          MakePointerChecker<DdnnCollector>())
            .AddTraceSource("ScoresReceived",
                            "A node's class scores were accepted.",
                            MakeTraceSourceAccessor(&DdnnExit::m_scoresTrace),
                            "ns3::DdnnApplication::ContributionTracedCallback")
            .AddTraceSource("Closed",
                            "No more class scores of a sample are awaited.",
                            MakeTraceSourceAccessor(&DdnnExit::m_closedTrace),
                            "ns3::DdnnApplication::ClosedTracedCallback")
            .AddTraceSource("Prediction",
                            "The class scores of a sample were joined.",
                            MakeTraceSourceAccessor(&DdnnExit::m_predictionTrace),
                            "ns3::DdnnExit::PredictionTracedCallback");
    return tid;
}

DdnnExit::DdnnExit()
    : m_collector(CreateObject<DdnnCollector>())
{
}

DdnnExit::~DdnnExit() = default;

void
DdnnExit::SetTier(uint32_t tier)
{
    m_tier = tier;
}

uint32_t
DdnnExit::GetTier() const
{
    return m_tier;
}

Ptr<DdnnCollector>
DdnnExit::GetCollector() const
{
    return m_collector;
}

void
DdnnExit::AddGroup(const std::vector<uint32_t>& nodes,
                   const Address& address,
                   Ptr<NetDevice> device)
{
    m_groups.push_back({nodes, {nullptr, address, device}});
}

const std::vector<uint32_t>&
DdnnExit::GetGroup(const DdnnDestination& destination) const
{
    const auto found = std::find_if(m_groups.begin(), m_groups.end(), [&](const Group& group) {
        return group.destination.group == destination.group &&
               group.destination.device == destination.device;
    });
    NS_ABORT_MSG_IF(found == m_groups.end(),
                    "no group of nodes has the address " << destination.group);
    return found->nodes;
}

void
DdnnExit::SetBacklog(std::function<Time()> backlog)
{
    m_backlog = std::move(backlog);
}

void
DdnnExit::Crash()
{
    m_collector->Clear();
    DdnnApplication::Crash();
}

void
DdnnExit::DoDispose()
{
    m_collector->Dispose();
    m_collector = nullptr;
    m_groups.clear();
    m_backlog = nullptr;
    DdnnApplication::DoDispose();
}

bool
DdnnExit::IsLast() const
{
    return m_tier + 1 == GetHierarchy().tiers.size();
}

bool
DdnnExit::UsesGroups() const
{
    return GetSite()->GetTransport() == DdnnSite::UDP;
}

/// \return the nodes of the tier that no group has
std::vector<uint32_t>
DdnnExit::GetUngrouped() const
{
    std::vector<uint32_t> nodes;
    for (int i = 0; i < GetHierarchy().tiers[m_tier].numNodes; ++i)
    {
        const auto node = static_cast<uint32_t>(i);
        const bool grouped = std::any_of(m_groups.begin(), m_groups.end(), [&](const Group& group) {
            return std::count(group.nodes.begin(), group.nodes.end(), node) > 0;
        });
        if (!grouped || !UsesGroups())
        {
            nodes.push_back(node);
        }
    }
    return nodes;
}

std::vector<Ptr<Node>>
DdnnExit::GetPeers() const
{
    std::vector<Ptr<Node>> peers{GetSite()->GetTrackerNode()};
    const bool asks =
        !IsLast() && !GetHierarchy().rawOffload && GetSite()->GetOffload() != DdnnSite::PUSH;
    for (int i = 0; asks && i < GetHierarchy().tiers[m_tier].numNodes; ++i)
    {
        peers.push_back(GetSite()->GetNode(m_tier, i));
    }
    return peers;
}

void
DdnnExit::StartApplication()
{
    DdnnApplication::StartApplication();
    m_ungrouped = GetUngrouped();
    if (m_exitPolicy != FIXED && !IsLast() && !m_backlog)
    {
        m_backlog = [this] {
            return GetDdnnBacklog(GetNode(), GetSite()->GetNode(m_tier + 1, 0));
        };
    }
    m_collector->Start(GetSite()->GetNumSamples(),
                       std::vector<std::size_t>(GetHierarchy().tiers[m_tier].numNodes,
                                                ddnn::ScoreBytes(GetHierarchy())),
                       [this](const DdnnCollector::Closed& closed) {
                           Close(closed);
                       });
}

bool
DdnnExit::Takes(const DdnnHeader& header) const
{
    return header.kind == DdnnKind::SCORES && header.tier == m_tier &&
           header.node < GetHierarchy().tiers[m_tier].numNodes;
}

void
DdnnExit::Receive(const DdnnMessage& message)
{
    const DdnnHeader& header = message.header;
    ddnn::Scores scores;
    if (!DecodeScores(message.payload, GetHierarchy().numClasses, scores))
    {
        return Reject(DdnnReject::BAD_PAYLOAD, message);
    }
    if (const auto reason = m_collector->Accept(header.sample, header.node, message))
    {
        return Reject(*reason, message);
    }
    m_scoresTrace(header.sample, header.node);
    m_collector->CloseIfComplete(header.sample);
}

void
DdnnExit::Close(const DdnnCollector::Closed& closed)
{
    if (IsOff())
    {
        return;
    }
    m_closedTrace(closed.sample, closed.presence);
    std::vector<ddnn::Scores> scores(closed.contributions.size());
    for (std::size_t node = 0; node < scores.size(); ++node)
    {
        DecodeScores(closed.contributions[node], GetHierarchy().numClasses, scores[node]);
    }
    const ddnn::Verdict joined = GetModel().CloseExit(static_cast<int>(m_tier), scores);
    DdnnPrediction prediction;
    prediction.exit = static_cast<int>(m_tier);
    prediction.label = joined.label;
    prediction.uncertainty = joined.uncertainty;
    prediction.final = IsLast() || joined.uncertainty <= GetThreshold(closed.sample);
    DdnnJob job;
    job.sample = closed.sample;
    job.tier = m_tier;
    job.exit = true;
    job.operations = ddnn::ExitOperations(GetHierarchy(), static_cast<int>(m_tier));
    Compute(job, closed.latency, [this, job, prediction](const DdnnLatency& until) {
        Decide(job.sample, prediction, until);
    });
}

double
DdnnExit::GetThreshold(uint32_t sample) const
{
    if (m_exitPolicy == FIXED)
    {
        return m_threshold;
    }
    const Time remaining =
        GetSite()->GetCaptureTime(sample) + GetSite()->GetSampleDeadline() - Simulator::Now();
    const Time limit = m_exitPolicy == BACKLOG ? m_backlogLimit : remaining;
    const Time backlog = m_backlog();
    const double used = backlog < limit ? (backlog / limit).GetDouble() : 1;
    return m_threshold + (1 - m_threshold) * used;
}

void
DdnnExit::Decide(uint32_t sample, DdnnPrediction prediction, const DdnnLatency& latency)
{
    if (IsOff())
    {
        return;
    }
    m_predictionTrace(sample, prediction);
    DdnnMessage message;
    message.header.kind = DdnnKind::PREDICTION;
    message.header.tier = m_tier;
    message.header.sample = sample;
    message.payload = EncodePrediction(prediction);
    message.latency = latency;
    Send({GetSite()->GetTrackerNode()}, message);
    if (!prediction.final && GetSite()->GetOffload() != DdnnSite::PUSH)
    {
        Request(sample, latency);
    }
}

void
DdnnExit::Request(uint32_t sample, const DdnnLatency& latency)
{
    DdnnMessage request;
    request.header.kind = DdnnKind::REQUEST;
    request.header.tier = m_tier;
    request.header.node = DdnnHeader::ALL_NODES;
    request.header.sample = sample;
    request.latency = latency;
    for (std::size_t i = 0; UsesGroups() && i < m_groups.size(); ++i)
    {
        request.attempt = i; // tells one from the other
        Send(m_groups[i].destination, request);
    }
    request.attempt = 0;
    for (const uint32_t node : m_ungrouped)
    {
        request.header.node = node;
        Send({GetSite()->GetNode(m_tier, node)}, request);
    }
}

} // namespace ns3
