// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-gateway.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnGateway");
NS_OBJECT_ENSURE_REGISTERED(DdnnGateway);

std::string
ToString(DdnnOutcome outcome)
{
    switch (outcome)
    {
    case DdnnOutcome::EXITED:
        return "exited";
    case DdnnOutcome::FALLBACK:
        return "fallback";
    case DdnnOutcome::LOST:
        return "lost";
    }
    return "unknown";
}

TypeId
DdnnGateway::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnGateway")
            .SetParent<DdnnApplication>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnGateway>()
            .AddAttribute("Broadcast",
                          "Address and port that reach all devices at once. If it is not set, "
                          "offload requests are sent to each device.",
                          AddressValue(),
                          MakeAddressAccessor(&DdnnGateway::m_broadcast),
                          MakeAddressChecker())
            .AddAttribute("FirstCapture",
                          "Simulation time at which the first sample is captured.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&DdnnGateway::m_firstCapture),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Interval",
                          "Time between two captures.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&DdnnGateway::m_interval),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("AggregationDeadline",
                          "From its capture, how long a sample waits for summaries. The default is "
                          "not a multiple of the devices' slots, so that it does not meet one.",
                          TimeValue(MicroSeconds(50137)),
                          MakeTimeAccessor(&DdnnGateway::m_aggregationDeadline),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("SampleDeadline",
                          "From its capture, how long a sample waits for the last verdict.",
                          TimeValue(MilliSeconds(500)),
                          MakeTimeAccessor(&DdnnGateway::m_sampleDeadline),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Threshold",
                          "T of the paper: exit here if the normalised entropy is at most this.",
                          DoubleValue(0.8),
                          MakeDoubleAccessor(&DdnnGateway::m_threshold),
                          MakeDoubleChecker<double>(0, 1))
            .AddTraceSource("SampleOpened",
                            "A sample is captured by the devices at this moment.",
                            MakeTraceSourceAccessor(&DdnnGateway::m_openedTrace),
                            "ns3::DdnnApplication::SampleTracedCallback")
            .AddTraceSource("SummaryReceived",
                            "A device's summary was accepted.",
                            MakeTraceSourceAccessor(&DdnnGateway::m_summaryTrace),
                            "ns3::DdnnApplication::ContributionTracedCallback")
            .AddTraceSource("Closed",
                            "The summaries of a sample were aggregated.",
                            MakeTraceSourceAccessor(&DdnnGateway::m_closedTrace),
                            "ns3::DdnnApplication::ClosedTracedCallback")
            .AddTraceSource("Verdict",
                            "An exit, this one or a higher one, said what a sample is.",
                            MakeTraceSourceAccessor(&DdnnGateway::m_verdictTrace),
                            "ns3::DdnnApplication::VerdictTracedCallback")
            .AddTraceSource("Ended",
                            "A sample ended. It happens exactly once to every sample.",
                            MakeTraceSourceAccessor(&DdnnGateway::m_endedTrace),
                            "ns3::DdnnGateway::EndedTracedCallback");
    return tid;
}

DdnnGateway::DdnnGateway() = default;

DdnnGateway::~DdnnGateway() = default;

void
DdnnGateway::SetNumSamples(uint32_t numSamples)
{
    m_numSamples = numSamples;
}

void
DdnnGateway::AddDevice(const Address& device)
{
    m_devices.push_back(device);
}

uint64_t
DdnnGateway::GetCount(DdnnOutcome outcome) const
{
    return m_counts.at(static_cast<std::size_t>(outcome));
}

void
DdnnGateway::StartApplication()
{
    DdnnApplication::StartApplication();
    NS_ABORT_MSG_IF(m_firstCapture < Simulator::Now(),
                    "FirstCapture is before the start of the gateway");
    if (m_numSamples > 0)
    {
        m_openEvent =
            Simulator::Schedule(m_firstCapture - Simulator::Now(), &DdnnGateway::Open, this, 0);
    }
}

void
DdnnGateway::StopApplication()
{
    m_openEvent.Cancel();
    DdnnApplication::StopApplication();
}

void
DdnnGateway::Open(uint32_t sample)
{
    m_opened = sample + 1;
    if (m_opened < m_numSamples)
    {
        m_openEvent = Simulator::Schedule(m_interval, &DdnnGateway::Open, this, sample + 1);
    }
    Sample& opened = m_samples[sample];
    opened.scores.resize(GetHierarchy().tiers[0].numNodes);
    if (GetHierarchy().rawOffload)
    {
        opened.closed = true;
    }
    else
    {
        // Scheduled first: where both deadlines are the same, the sample is closed before it ends.
        opened.closeEvent = Simulator::Schedule(Min(m_aggregationDeadline, m_sampleDeadline),
                                                &DdnnGateway::Close,
                                                this,
                                                sample);
    }
    opened.endEvent =
        Simulator::Schedule(m_sampleDeadline, &DdnnGateway::HandleDeadline, this, sample);
    m_openedTrace(sample);
}

void
DdnnGateway::Receive(const DdnnHeader& header, const DdnnPayload& payload)
{
    if (header.kind == DdnnKind::SUMMARY && header.tier == 0 && !GetHierarchy().rawOffload)
    {
        ReceiveSummary(header, payload);
    }
    else if (header.kind == DdnnKind::VERDICT && header.tier > 0)
    {
        ReceiveVerdict(header, payload);
    }
    else
    {
        Reject(DdnnReject::UNEXPECTED, header);
    }
}

DdnnGateway::SampleIterator
DdnnGateway::FindOpen(const DdnnHeader& header)
{
    const auto found = m_samples.find(header.sample);
    if (found == m_samples.end())
    {
        const bool ended = header.sample < m_opened;
        Reject(ended ? DdnnReject::LATE : DdnnReject::UNKNOWN_SAMPLE, header);
    }
    return found;
}

void
DdnnGateway::ReceiveSummary(const DdnnHeader& header, const DdnnPayload& payload)
{
    ddnn::Scores scores;
    if (!DecodeScores(payload, GetHierarchy().numClasses, scores))
    {
        return Reject(DdnnReject::BAD_PAYLOAD, header);
    }
    const auto found = FindOpen(header);
    if (found == m_samples.end())
    {
        return;
    }
    Sample& sample = found->second;
    if (header.sender >= sample.scores.size())
    {
        return Reject(DdnnReject::UNKNOWN_SENDER, header);
    }
    if (!sample.scores[header.sender].empty())
    {
        return Reject(DdnnReject::DUPLICATE, header);
    }
    if (sample.closed)
    {
        return Reject(DdnnReject::LATE, header);
    }
    sample.scores[header.sender] = std::move(scores);
    ++sample.arrived;
    m_summaryTrace(header.sample, header.sender);
    if (sample.arrived == sample.scores.size())
    {
        sample.closeEvent.Cancel();
        Close(header.sample);
    }
}

void
DdnnGateway::Close(uint32_t id)
{
    const auto found = m_samples.find(id);
    Sample& sample = found->second;
    sample.closed = true;
    std::string presence;
    for (const auto& scores : sample.scores)
    {
        presence += scores.empty() ? '0' : '1';
    }
    m_closedTrace(id, presence);
    if (sample.arrived > 0)
    {
        const ddnn::Verdict local = GetModel().CloseExit(0, sample.scores);
        sample.verdict = DdnnVerdict{0, local.label, local.uncertainty};
        m_verdictTrace(id, *sample.verdict);
        if (local.uncertainty <= m_threshold || GetHierarchy().tiers.size() == 1)
        {
            return End(found, DdnnOutcome::EXITED);
        }
    }
    RequestOffload(id);
}

void
DdnnGateway::RequestOffload(uint32_t sample)
{
    DdnnHeader header;
    header.kind = DdnnKind::OFFLOAD_REQUEST;
    header.sample = sample;
    if (!m_broadcast.IsInvalid())
    {
        return Send(m_broadcast, header, {});
    }
    for (const Address& device : m_devices)
    {
        Send(device, header, {});
    }
}

void
DdnnGateway::ReceiveVerdict(const DdnnHeader& header, const DdnnPayload& payload)
{
    const auto& hierarchy = GetHierarchy();
    DdnnVerdict verdict;
    if (!DecodeVerdict(payload, hierarchy.tiers.size(), hierarchy.numClasses, verdict))
    {
        return Reject(DdnnReject::BAD_PAYLOAD, header);
    }
    const auto found = FindOpen(header);
    if (found == m_samples.end())
    {
        return;
    }
    if (!found->second.closed || verdict.exit != header.tier)
    {
        return Reject(DdnnReject::UNEXPECTED, header);
    }
    found->second.verdict = verdict;
    m_verdictTrace(header.sample, verdict);
    End(found, DdnnOutcome::EXITED);
}

void
DdnnGateway::HandleDeadline(uint32_t sample)
{
    const auto found = m_samples.find(sample);
    End(found, found->second.verdict ? DdnnOutcome::FALLBACK : DdnnOutcome::LOST);
}

void
DdnnGateway::End(SampleIterator sample, DdnnOutcome outcome)
{
    sample->second.closeEvent.Cancel();
    sample->second.endEvent.Cancel();
    const uint32_t id = sample->first;
    const DdnnVerdict verdict = sample->second.verdict.value_or(DdnnVerdict());
    m_samples.erase(sample);
    ++m_counts.at(static_cast<std::size_t>(outcome));
    NS_LOG_INFO("sample " << id << " " << ToString(outcome) << ", class " << verdict.label);
    m_endedTrace(id, outcome, verdict);
}

} // namespace ns3
