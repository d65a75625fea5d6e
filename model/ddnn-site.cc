// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-site.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/log.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnSite");
NS_OBJECT_ENSURE_REGISTERED(DdnnSite);

namespace
{

constexpr double MAX_MEAN = 9.2e9; ///< seconds; ns-3 counts nanoseconds in 64 bits

/// \return the mean of a random variable, bounds apart; nothing if it is not known
std::optional<double>
GetMean(Ptr<RandomVariableStream> variable)
{
    DoubleValue value;
    for (const char* name : {"Constant", "Mean"})
    {
        if (variable->GetAttributeFailSafe(name, value))
        {
            return value.Get();
        }
    }
    if (const auto uniform = DynamicCast<UniformRandomVariable>(variable))
    {
        return (uniform->GetMin() + uniform->GetMax()) / 2;
    }
    if (const auto gamma = DynamicCast<GammaRandomVariable>(variable))
    {
        return gamma->GetAlpha() * gamma->GetBeta();
    }
    if (const auto erlang = DynamicCast<ErlangRandomVariable>(variable))
    {
        return erlang->GetK() * erlang->GetLambda();
    }
    if (const auto weibull = DynamicCast<WeibullRandomVariable>(variable))
    {
        return weibull->GetScale() * std::tgamma(1 + 1 / weibull->GetShape());
    }
    if (const auto logNormal = DynamicCast<LogNormalRandomVariable>(variable))
    {
        return std::exp(logNormal->GetMu() + std::pow(logNormal->GetSigma(), 2) / 2);
    }
    return std::nullopt;
}

} // namespace

TypeId
DdnnSite::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnSite")
            .SetParent<Object>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnSite>()
            .AddAttribute("Interval",
                          "Time between two captures, in seconds.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0.1]"),
                          MakePointerAccessor(&DdnnSite::m_interval),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("CaptureDelay",
                          "From the start of the sample tracker to the first capture.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&DdnnSite::m_captureDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("SampleDeadline",
                          "From its capture, how long a sample waits for its final prediction.",
                          TimeValue(MilliSeconds(500)),
                          MakeTimeAccessor(&DdnnSite::m_sampleDeadline),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("Offload",
                          "When features travel up: on request and all nodes at once (pull), on "
                          "request and one end device after the other (staggered), or with the "
                          "class scores (push).",
                          EnumValue(STAGGERED),
                          DDNN_MAKE_ENUM_ACCESSOR(Offload, &DdnnSite::m_offload),
                          MakeEnumChecker(PULL, "pull", STAGGERED, "staggered", PUSH, "push"))
            .AddAttribute("FeatureTries",
                          "How often features and views are sent at most, until they are "
                          "acknowledged; 1: once, and nothing is acknowledged.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&DdnnSite::m_featureTries),
                          MakeUintegerChecker<uint32_t>(1, 100))
            .AddAttribute("Transport",
                          "Transport protocol of all messages.",
                          EnumValue(UDP),
                          DDNN_MAKE_ENUM_ACCESSOR(Transport, &DdnnSite::m_transport),
                          MakeEnumChecker(UDP, "udp", TCP, "tcp"))
            .AddAttribute("Port",
                          "UDP or TCP port of site 0; site n has the n-th after it.",
                          UintegerValue(9177),
                          MakeUintegerAccessor(&DdnnSite::m_port),
                          MakeUintegerChecker<uint16_t>(1))
            .AddTraceSource("Captured",
                            "The clock captures a sample; end devices see it after their offset.",
                            MakeTraceSourceAccessor(&DdnnSite::m_capturedTrace),
                            "ns3::DdnnSite::CapturedTracedCallback")
            .AddTraceSource("Finished",
                            "No more samples are captured: the last one was, or the sample tracker "
                            "has stopped.",
                            MakeTraceSourceAccessor(&DdnnSite::m_finishedTrace),
                            "ns3::DdnnSite::FinishedTracedCallback");
    return tid;
}

DdnnSite::DdnnSite() = default;

DdnnSite::~DdnnSite() = default;

void
DdnnSite::SetConfig(const DdnnSiteConfig& config)
{
    NS_ABORT_MSG_IF(m_port + config.number > 65535,
                    "ns3::DdnnSite::Port: site " << config.number << " would have port "
                                                 << m_port + config.number);
    m_config = config;
}

uint16_t
DdnnSite::GetNumber() const
{
    return m_config.number;
}

const ddnn::Model&
DdnnSite::GetModel() const
{
    return *m_config.model;
}

const ddnn::Hierarchy&
DdnnSite::GetHierarchy() const
{
    return m_config.model->GetHierarchy();
}

const ddnn::Dataset&
DdnnSite::GetDataset() const
{
    return *m_config.dataset;
}

int
DdnnSite::GetNumTiers() const
{
    return static_cast<int>(m_config.tiers.size());
}

uint32_t
DdnnSite::GetNumSamples() const
{
    return m_config.samples.size();
}

std::size_t
DdnnSite::GetDatasetIndex(uint32_t sample) const
{
    return m_config.samples[sample];
}

Ptr<Node>
DdnnSite::GetNode(uint32_t tier, uint32_t index) const
{
    return m_config.tiers.at(tier).Get(index);
}

Ptr<Node>
DdnnSite::GetExitNode(uint32_t tier) const
{
    return m_config.exits.Get(tier);
}

Ptr<Node>
DdnnSite::GetTrackerNode() const
{
    return m_config.exits.Get(0);
}

Address
DdnnSite::GetAddress(Ptr<Node> node) const
{
    const auto found = m_config.addresses.find(node);
    return found == m_config.addresses.end() ? Address() : found->second;
}

uint16_t
DdnnSite::GetPort() const
{
    return m_port + m_config.number;
}

DdnnSite::Transport
DdnnSite::GetTransport() const
{
    return m_transport;
}

DdnnSite::Offload
DdnnSite::GetOffload() const
{
    return m_offload;
}

uint32_t
DdnnSite::GetFeatureTries() const
{
    return m_featureTries;
}

Time
DdnnSite::GetSampleDeadline() const
{
    return m_sampleDeadline;
}

std::optional<Time>
DdnnSite::GetMeanInterval() const
{
    const std::optional<double> mean = GetMean(m_interval);
    return mean ? std::make_optional(Seconds(std::min(*mean, MAX_MEAN))) : std::nullopt;
}

Time
DdnnSite::GetIntervalUntilNow() const
{
    const int64_t drawn = m_captureTimes.size() - 1; // -1: no sample was captured
    const Time mean =
        drawn > 0 ? (m_captureTimes.back() - m_captureTimes.front()) / drawn : Time(0);
    return Max(NanoSeconds(1), GetMeanInterval().value_or(mean));
}

void
DdnnSite::SetStart(Time start)
{
    m_firstCapture = start + m_captureDelay;
}

Time
DdnnSite::GetFirstCapture() const
{
    return m_firstCapture;
}

void
DdnnSite::Start()
{
    if (GetNumSamples() > 0)
    {
        m_captureEvent =
            Simulator::Schedule(m_firstCapture - Simulator::Now(), &DdnnSite::Capture, this);
    }
}

void
DdnnSite::Stop()
{
    m_captureEvent.Cancel();
    m_stopped = true;
    if (GetNumCaptured() < GetNumSamples())
    {
        m_finishedTrace();
    }
}

bool
DdnnSite::HasStopped() const
{
    return m_stopped;
}

void
DdnnSite::Capture()
{
    const uint32_t sample = m_captureTimes.size();
    m_captureTimes.push_back(Simulator::Now());
    if (sample + 1 < GetNumSamples())
    {
        m_captureEvent = Simulator::Schedule(DrawInterval(), &DdnnSite::Capture, this);
    }
    NS_LOG_INFO("site " << GetNumber() << " captures sample " << sample);
    m_capturedTrace(sample);
    if (sample + 1 == GetNumSamples())
    {
        m_finishedTrace();
    }
}

/// \return at least 1 ns, so that time goes on
Time
DdnnSite::DrawInterval() const
{
    const double seconds = m_interval->GetValue();
    NS_ABORT_MSG_IF(!(seconds >= 0 && seconds <= 1e9),
                    "ns3::DdnnSite::Interval drew " << seconds << " s: it must be 0 to 1e9");
    return Max(NanoSeconds(1), NanoSeconds(std::llround(seconds * 1e9)));
}

uint32_t
DdnnSite::GetNumCaptured() const
{
    return m_captureTimes.size();
}

Time
DdnnSite::GetCaptureTime(uint32_t sample) const
{
    return m_captureTimes.at(sample);
}

int64_t
DdnnSite::AssignStreams(int64_t stream)
{
    m_interval->SetStream(stream);
    return 1;
}

void
DdnnSite::DoDispose()
{
    m_config = DdnnSiteConfig();
    m_interval = nullptr;
    Object::DoDispose();
}

} // namespace ns3
