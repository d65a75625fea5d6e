// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-ledger.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnLedger");
NS_OBJECT_ENSURE_REGISTERED(DdnnLedger);

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
DdnnLedger::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnLedger")
            .SetParent<DdnnApplication>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnLedger>()
            .AddAttribute("FirstCapture",
                          "Simulation time at which the first sample is captured.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&DdnnLedger::m_firstCapture),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Interval",
                          "Time between two captures.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&DdnnLedger::m_interval),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("SampleDeadline",
                          "From its capture, how long a sample waits for the last verdict.",
                          TimeValue(MilliSeconds(500)),
                          MakeTimeAccessor(&DdnnLedger::m_sampleDeadline),
                          MakeTimeChecker(Time(0)))
            .AddTraceSource("SampleOpened",
                            "A sample is captured by the devices at this moment.",
                            MakeTraceSourceAccessor(&DdnnLedger::m_openedTrace),
                            "ns3::DdnnApplication::SampleTracedCallback")
            .AddTraceSource("Verdict",
                            "An exit said what a sample is.",
                            MakeTraceSourceAccessor(&DdnnLedger::m_verdictTrace),
                            "ns3::DdnnApplication::VerdictTracedCallback")
            .AddTraceSource("Ended",
                            "A sample ended. It happens exactly once to every sample.",
                            MakeTraceSourceAccessor(&DdnnLedger::m_endedTrace),
                            "ns3::DdnnLedger::EndedTracedCallback");
    return tid;
}

DdnnLedger::DdnnLedger() = default;

DdnnLedger::~DdnnLedger() = default;

void
DdnnLedger::SetNumSamples(uint32_t numSamples)
{
    m_numSamples = numSamples;
}

uint64_t
DdnnLedger::GetCount(DdnnOutcome outcome) const
{
    return m_counts.at(static_cast<std::size_t>(outcome));
}

Time
DdnnLedger::GetRemaining(uint32_t sample) const
{
    return m_firstCapture + m_interval * sample + m_sampleDeadline - Simulator::Now();
}

void
DdnnLedger::StartApplication()
{
    DdnnApplication::StartApplication();
    NS_ABORT_MSG_IF(m_firstCapture < Simulator::Now(),
                    "FirstCapture is before the start of the ledger");
    if (m_numSamples > 0)
    {
        m_openEvent =
            Simulator::Schedule(m_firstCapture - Simulator::Now(), &DdnnLedger::Open, this, 0);
    }
}

void
DdnnLedger::StopApplication()
{
    m_openEvent.Cancel();
    DdnnApplication::StopApplication();
}

void
DdnnLedger::Open(uint32_t sample)
{
    m_opened = sample + 1;
    if (m_opened < m_numSamples)
    {
        m_openEvent = Simulator::Schedule(m_interval, &DdnnLedger::Open, this, sample + 1);
    }
    m_samples[sample].endEvent =
        Simulator::Schedule(m_sampleDeadline, &DdnnLedger::HandleDeadline, this, sample);
    m_openedTrace(sample);
}

void
DdnnLedger::Receive(const DdnnHeader& header, const DdnnPayload& payload)
{
    const auto& hierarchy = GetHierarchy();
    if (header.kind != DdnnKind::VERDICT)
    {
        return Reject(DdnnReject::UNEXPECTED, header);
    }
    DdnnVerdict verdict;
    if (!DecodeVerdict(payload, hierarchy.tiers.size(), hierarchy.numClasses, verdict) ||
        verdict.exit != header.tier)
    {
        return Reject(DdnnReject::BAD_PAYLOAD, header);
    }
    const auto found = m_samples.find(header.sample);
    if (found == m_samples.end())
    {
        const bool ended = header.sample < m_opened;
        return Reject(ended ? DdnnReject::LATE : DdnnReject::UNKNOWN_SAMPLE, header);
    }
    Accept(found, header, verdict);
}

void
DdnnLedger::Accept(SampleIterator sample, const DdnnHeader& header, const DdnnVerdict& verdict)
{
    auto& best = sample->second.verdict;
    if (best && best->exit == verdict.exit)
    {
        return Reject(DdnnReject::DUPLICATE, header);
    }
    if (best && best->exit > verdict.exit)
    {
        return Reject(DdnnReject::LATE, header); // a higher exit has answered since
    }
    best = verdict;
    m_verdictTrace(sample->first, verdict);
    if (verdict.final)
    {
        End(sample, DdnnOutcome::EXITED);
    }
}

void
DdnnLedger::HandleDeadline(uint32_t sample)
{
    const auto found = m_samples.find(sample);
    End(found, found->second.verdict ? DdnnOutcome::FALLBACK : DdnnOutcome::LOST);
}

void
DdnnLedger::End(SampleIterator sample, DdnnOutcome outcome)
{
    sample->second.endEvent.Cancel();
    const uint32_t id = sample->first;
    const DdnnVerdict verdict = sample->second.verdict.value_or(DdnnVerdict());
    m_samples.erase(sample);
    ++m_counts.at(static_cast<std::size_t>(outcome));
    NS_LOG_INFO("sample " << id << " " << ToString(outcome) << ", class " << verdict.label);
    m_endedTrace(id, outcome, verdict);
}

} // namespace ns3
