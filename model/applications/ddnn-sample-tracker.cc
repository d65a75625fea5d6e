// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-sample-tracker.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnSampleTracker");
NS_OBJECT_ENSURE_REGISTERED(DdnnSampleTracker);

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
DdnnSampleTracker::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnSampleTracker")
            .SetParent<DdnnApplication>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnSampleTracker>()
            .AddTraceSource("Prediction",
                            "An exit's prediction of a sample is the best so far.",
                            MakeTraceSourceAccessor(&DdnnSampleTracker::m_predictionTrace),
                            "ns3::DdnnSampleTracker::PredictionTracedCallback")
            .AddTraceSource("Ended",
                            "A sample ended. It happens exactly once to every sample.",
                            MakeTraceSourceAccessor(&DdnnSampleTracker::m_endedTrace),
                            "ns3::DdnnSampleTracker::EndedTracedCallback");
    return tid;
}

DdnnSampleTracker::DdnnSampleTracker() = default;

DdnnSampleTracker::~DdnnSampleTracker() = default;

uint64_t
DdnnSampleTracker::GetCount(DdnnOutcome outcome) const
{
    return m_counts.at(static_cast<std::size_t>(outcome));
}

/// StartTime counts from here.
void
DdnnSampleTracker::DoInitialize()
{
    GetSite()->SetStart(Simulator::Now() + m_startTime);
    DdnnApplication::DoInitialize();
}

void
DdnnSampleTracker::StartApplication()
{
    DdnnApplication::StartApplication();
    GetSite()->TraceConnectWithoutContext("Captured", MakeCallback(&DdnnSampleTracker::Open, this));
    GetSite()->Start();
}

/// What is open still ends.
void
DdnnSampleTracker::StopApplication()
{
    GetSite()->Stop();
    DdnnApplication::StopApplication();
}

std::vector<Ptr<Node>>
DdnnSampleTracker::GetPeers() const
{
    return {};
}

bool
DdnnSampleTracker::Takes(const DdnnHeader& header) const
{
    return header.kind == DdnnKind::PREDICTION;
}

void
DdnnSampleTracker::Open(uint32_t sample)
{
    m_samples[sample].endEvent = Simulator::Schedule(GetSite()->GetSampleDeadline(),
                                                     &DdnnSampleTracker::HandleDeadline,
                                                     this,
                                                     sample);
}

void
DdnnSampleTracker::Receive(const DdnnMessage& message)
{
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    const DdnnHeader& header = message.header;
    DdnnPrediction prediction;
    if (!DecodePrediction(message.payload,
                          static_cast<int>(hierarchy.tiers.size()),
                          hierarchy.numClasses,
                          prediction) ||
        prediction.exit != header.tier)
    {
        return Reject(DdnnReject::BAD_PAYLOAD, message);
    }
    const auto found = m_samples.find(header.sample);
    if (found == m_samples.end())
    {
        const bool ended = header.sample < GetSite()->GetNumCaptured();
        return Reject(ended ? DdnnReject::LATE : DdnnReject::UNKNOWN_SAMPLE, message);
    }
    Accept(found, message, prediction);
}

void
DdnnSampleTracker::Accept(SampleIterator sample,
                          const DdnnMessage& message,
                          const DdnnPrediction& prediction)
{
    auto& best = sample->second.prediction;
    if (best && best->exit == prediction.exit)
    {
        return Reject(DdnnReject::DUPLICATE, message);
    }
    if (best && best->exit > prediction.exit)
    {
        return Reject(DdnnReject::LATE, message); // a higher exit has answered since
    }
    best = prediction;
    sample->second.latency = message.latency;
    m_predictionTrace(sample->first, prediction);
    if (prediction.final)
    {
        End(sample, DdnnOutcome::EXITED);
    }
}

void
DdnnSampleTracker::HandleDeadline(uint32_t sample)
{
    const auto found = m_samples.find(sample);
    End(found, found->second.prediction ? DdnnOutcome::FALLBACK : DdnnOutcome::LOST);
}

void
DdnnSampleTracker::End(SampleIterator sample, DdnnOutcome outcome)
{
    const uint32_t id = sample->first;
    Sample ended = std::move(sample->second);
    ended.endEvent.Cancel();
    m_samples.erase(sample);
    ++m_counts.at(static_cast<std::size_t>(outcome));
    const Time captured = GetSite()->GetCaptureTime(id);
    ended.latency.waiting += ended.latency.captured - captured;
    ended.latency.captured = captured;
    ended.latency.Advance(ended.latency.waiting, Simulator::Now());
    const DdnnPrediction prediction = ended.prediction.value_or(DdnnPrediction());
    NS_LOG_INFO("sample " << id << " " << ToString(outcome) << ", class " << prediction.label);
    m_endedTrace(id, outcome, prediction, ended.latency);
}

} // namespace ns3
