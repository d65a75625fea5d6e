// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-aggregator.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/log.h"
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
            .AddAttribute("AggregationDeadline",
                          "From the first summary, how long a sample waits for the others. The "
                          "default is not a multiple of the devices' slots, so that it does not "
                          "meet one.",
                          TimeValue(MicroSeconds(50137)),
                          MakeTimeAccessor(&DdnnAggregator::m_aggregationDeadline),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Threshold",
                          "T of the paper: exit here if the uncertainty is at most this.",
                          DoubleValue(0.8),
                          MakeDoubleAccessor(&DdnnAggregator::m_threshold),
                          MakeDoubleChecker<double>(0, 1))
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

DdnnAggregator::DdnnAggregator() = default;

DdnnAggregator::~DdnnAggregator() = default;

void
DdnnAggregator::SetNumSamples(uint32_t numSamples)
{
    m_closed.assign(numSamples, false);
}

void
DdnnAggregator::StartApplication()
{
    DdnnApplication::StartApplication();
    NS_ABORT_MSG_IF(m_tier >= GetHierarchy().tiers.size(), "the hierarchy has no tier " << m_tier);
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
    if (header.sample >= m_closed.size())
    {
        return Reject(DdnnReject::UNKNOWN_SAMPLE, header);
    }
    ddnn::Scores scores;
    if (!DecodeScores(payload, GetHierarchy().numClasses, scores))
    {
        return Reject(DdnnReject::BAD_PAYLOAD, header);
    }
    if (m_closed[header.sample])
    {
        return Reject(DdnnReject::LATE, header);
    }
    Accept(header, std::move(scores));
}

void
DdnnAggregator::Accept(const DdnnHeader& header, ddnn::Scores scores)
{
    Sample& sample = m_samples[header.sample];
    sample.scores.resize(GetHierarchy().tiers[m_tier].numNodes);
    if (!sample.scores[header.sender].empty())
    {
        return Reject(DdnnReject::DUPLICATE, header);
    }
    sample.scores[header.sender] = std::move(scores);
    ++sample.arrived;
    m_summaryTrace(header.sample, header.sender);
    if (sample.arrived == 1)
    {
        sample.closeEvent =
            Simulator::Schedule(m_aggregationDeadline, &DdnnAggregator::Close, this, header.sample);
    }
    if (sample.arrived == sample.scores.size())
    {
        sample.closeEvent.Cancel();
        Close(header.sample);
    }
}

void
DdnnAggregator::Close(uint32_t id)
{
    const auto found = m_samples.find(id);
    const std::vector<ddnn::Scores> scores = std::move(found->second.scores);
    m_samples.erase(found);
    m_closed[id] = true;
    std::string presence;
    for (const auto& node : scores)
    {
        presence += node.empty() ? '0' : '1';
    }
    m_closedTrace(id, presence);
    const ddnn::Verdict joined = GetModel().CloseExit(m_tier, scores);
    DdnnVerdict verdict;
    verdict.exit = m_tier;
    verdict.label = joined.label;
    verdict.uncertainty = joined.uncertainty;
    verdict.final = m_tier + 1 == GetHierarchy().tiers.size() || joined.uncertainty <= m_threshold;
    Simulator::Schedule(
        Seconds(ddnn::ExitOperations(GetHierarchy(), m_tier) / m_operationsPerSecond),
        &DdnnAggregator::Decide,
        this,
        id,
        verdict);
}

void
DdnnAggregator::Decide(uint32_t sample, DdnnVerdict verdict)
{
    m_verdictTrace(sample, verdict);
    DdnnHeader header;
    header.kind = DdnnKind::VERDICT;
    header.tier = m_tier;
    header.sample = sample;
    Send(m_ledger, header, EncodeVerdict(verdict));
    if (!verdict.final)
    {
        header.kind = DdnnKind::OFFLOAD_REQUEST;
        SendToTargets(header);
    }
}

} // namespace ns3
