// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-aggregator.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/log.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnAggregator");
NS_OBJECT_ENSURE_REGISTERED(DdnnAggregator);

TypeId
DdnnAggregator::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnAggregator")
            .SetParent<DdnnApplication>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnAggregator>()
            .AddAttribute("Tier",
                          "Tier whose exit this is, the devices' being 0.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DdnnAggregator::m_tier),
                          MakeUintegerChecker<uint32_t>(0, DdnnHeader::MAX_TIERS - 1))
            .AddAttribute("Ledger",
                          "Address and port that verdicts are sent to.",
                          AddressValue(),
                          MakeAddressAccessor(&DdnnAggregator::m_ledger),
                          MakeAddressChecker())
            .AddAttribute("Threshold",
                          "T of the paper: exit here if the uncertainty is at most this.",
                          DoubleValue(0.8),
                          MakeDoubleAccessor(&DdnnAggregator::m_threshold),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("ExitPolicy",
                          "What the threshold follows. The threshold is T + (1 - T) b, b being the "
                          "backlog of the way up divided by the limit, at most 1.",
                          EnumValue(FIXED),
                          DDNN_MAKE_ENUM_ACCESSOR(ExitPolicy, &DdnnAggregator::m_exitPolicy),
                          MakeEnumChecker(FIXED, "Fixed", BACKLOG, "Backlog", DEADLINE, "Deadline"))
            .AddAttribute("BacklogLimit",
                          "With the ExitPolicy Backlog, the backlog at which every sample exits.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&DdnnAggregator::m_backlogLimit),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("RequestFeatures",
                          "Whether the nodes must be asked for the features of a sample that does "
                          "not exit.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&DdnnAggregator::m_requestFeatures),
                          MakeBooleanChecker())
            .AddAttribute("Collector",
                          "What waits for the summaries.",
                          TypeId::ATTR_GET,
                          PointerValue(),
                          MakePointerAccessor(&DdnnAggregator::m_collector),
                          MakePointerChecker<DdnnCollector>())
            .AddAttribute("OperationsPerSecond",
                          "Speed of the processor that joins the scores.",
                          DoubleValue(100e9),
                          MakeDoubleAccessor(&DdnnAggregator::m_operationsPerSecond),
                          MakeDoubleChecker<double>(1))
            .AddTraceSource("SummaryReceived",
                            "A node's summary was accepted.",
                            MakeTraceSourceAccessor(&DdnnAggregator::m_summaryTrace),
                            "ns3::DdnnApplication::ContributionTracedCallback")
            .AddTraceSource("Closed",
                            "No more summaries of a sample are awaited.",
                            MakeTraceSourceAccessor(&DdnnAggregator::m_closedTrace),
                            "ns3::DdnnApplication::ClosedTracedCallback")
            .AddTraceSource("Verdict",
                            "The scores of a sample were joined.",
                            MakeTraceSourceAccessor(&DdnnAggregator::m_verdictTrace),
                            "ns3::DdnnApplication::VerdictTracedCallback");
    return tid;
}

DdnnAggregator::DdnnAggregator()
    : m_collector(CreateObject<DdnnCollector>())
{
}

DdnnAggregator::~DdnnAggregator() = default;

void
DdnnAggregator::SetNumSamples(uint32_t numSamples)
{
    m_collector->SetNumSamples(numSamples);
}

Ptr<DdnnCollector>
DdnnAggregator::GetCollector() const
{
    return m_collector;
}

void
DdnnAggregator::SetBacklog(std::function<Time()> backlog)
{
    m_backlog = std::move(backlog);
}

void
DdnnAggregator::SetRemaining(std::function<Time(uint32_t)> remaining)
{
    m_remaining = std::move(remaining);
}

void
DdnnAggregator::Crash()
{
    m_collector->Clear();
    ++m_life;
    DdnnApplication::Crash();
}

void
DdnnAggregator::DoDispose()
{
    m_collector->Dispose();
    m_collector = nullptr;
    m_backlog = nullptr;
    m_remaining = nullptr;
    DdnnApplication::DoDispose();
}

void
DdnnAggregator::StartApplication()
{
    DdnnApplication::StartApplication();
    NS_ABORT_MSG_IF(m_tier >= GetHierarchy().tiers.size(), "the hierarchy has no tier " << m_tier);
    const bool last = m_tier + 1 == GetHierarchy().tiers.size();
    NS_ABORT_MSG_IF(m_exitPolicy != FIXED && !last && (!m_backlog || !m_remaining),
                    "an ExitPolicy needs SetBacklog and SetRemaining");
    m_collector->SetSizes(std::vector<std::size_t>(GetHierarchy().tiers[m_tier].numNodes,
                                                   ddnn::SummaryBytes(GetHierarchy())));
    m_collector->SetCloseCallback([this](uint32_t sample,
                                         const std::vector<DdnnPayload>& summaries,
                                         const std::string& presence) {
        Close(sample, summaries, presence);
    });
}

std::vector<Address>
DdnnAggregator::GetDestinations() const
{
    std::vector<Address> destinations = DdnnApplication::GetDestinations();
    destinations.push_back(m_ledger);
    return destinations;
}

void
DdnnAggregator::Receive(const DdnnHeader& header, const DdnnPayload& payload)
{
    if (header.kind != DdnnKind::SUMMARY || header.tier != m_tier)
    {
        return Reject(DdnnReject::UNEXPECTED, header);
    }
    if (header.sender >= GetHierarchy().tiers[m_tier].numNodes)
    {
        return Reject(DdnnReject::UNKNOWN_SENDER, header);
    }
    ddnn::Scores scores;
    if (!DecodeScores(payload, GetHierarchy().numClasses, scores))
    {
        return Reject(DdnnReject::BAD_PAYLOAD, header);
    }
    if (const auto reason = m_collector->Accept(header.sample, header.sender, payload))
    {
        return Reject(*reason, header);
    }
    m_summaryTrace(header.sample, header.sender);
    m_collector->CloseIfComplete(header.sample);
}

void
DdnnAggregator::Close(uint32_t id,
                      const std::vector<DdnnPayload>& summaries,
                      const std::string& presence)
{
    if (IsFailed())
    {
        return;
    }
    m_closedTrace(id, presence);
    std::vector<ddnn::Scores> scores(summaries.size());
    for (std::size_t node = 0; node < summaries.size(); ++node)
    {
        DecodeScores(summaries[node], GetHierarchy().numClasses, scores[node]);
    }
    const ddnn::Verdict joined = GetModel().CloseExit(m_tier, scores);
    DdnnVerdict verdict;
    verdict.exit = m_tier;
    verdict.label = joined.label;
    verdict.uncertainty = joined.uncertainty;
    verdict.final =
        m_tier + 1 == GetHierarchy().tiers.size() || joined.uncertainty <= GetThreshold(id);
    Simulator::Schedule(
        Seconds(ddnn::ExitOperations(GetHierarchy(), m_tier) / m_operationsPerSecond),
        &DdnnAggregator::Decide,
        this,
        m_life,
        id,
        verdict);
}

double
DdnnAggregator::GetThreshold(uint32_t sample) const
{
    if (m_exitPolicy == FIXED)
    {
        return m_threshold;
    }
    const Time limit = m_exitPolicy == BACKLOG ? m_backlogLimit : m_remaining(sample);
    const Time backlog = m_backlog();
    const double used = backlog < limit ? (backlog / limit).GetDouble() : 1;
    return m_threshold + (1 - m_threshold) * used;
}

void
DdnnAggregator::Decide(uint32_t life, uint32_t sample, DdnnVerdict verdict)
{
    if (life != m_life || IsFailed())
    {
        return;
    }
    m_verdictTrace(sample, verdict);
    DdnnHeader header;
    header.kind = DdnnKind::VERDICT;
    header.tier = m_tier;
    header.sample = sample;
    Send(m_ledger, header, EncodeVerdict(verdict));
    if (!verdict.final && m_requestFeatures)
    {
        header.kind = DdnnKind::OFFLOAD_REQUEST;
        SendToTargets(header);
    }
}

} // namespace ns3
