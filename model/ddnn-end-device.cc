// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-end-device.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnEndDevice");
NS_OBJECT_ENSURE_REGISTERED(DdnnEndDevice);

TypeId
DdnnEndDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnEndDevice")
            .SetParent<DdnnSection>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnEndDevice>()
            .AddAttribute("FirstCapture",
                          "Simulation time at which the first sample is captured.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&DdnnEndDevice::m_firstCapture),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Interval",
                          "Time between two captures.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&DdnnEndDevice::m_interval),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("OperationsPerSecond",
                          "Speed of the processor. The default is a Cortex-M7 at 216 MHz: 24.7 "
                          "million operations in 99.1 ms (Lai, Suda, Chandra, CMSIS-NN, "
                          "arXiv:1801.06601).",
                          DoubleValue(249e6),
                          MakeDoubleAccessor(&DdnnEndDevice::m_operationsPerSecond),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("ByteBudget",
                          "Rate at which the token bucket fills that limits what the device sends, "
                          "messages with their DdnnHeader; zero: no limit.",
                          DataRateValue(DataRate(0)),
                          MakeDataRateAccessor(&DdnnEndDevice::m_byteBudget),
                          MakeDataRateChecker())
            .AddAttribute("BucketSize",
                          "Bytes that the token bucket holds; it starts full.",
                          UintegerValue(2000),
                          MakeUintegerAccessor(&DdnnEndDevice::m_bucketSize),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("Capture",
                            "A sample was captured.",
                            MakeTraceSourceAccessor(&DdnnEndDevice::m_captureTrace),
                            "ns3::DdnnApplication::SampleTracedCallback")
            .AddTraceSource("Computed",
                            "The section runs on a sample, from now on. With raw offload it never "
                            "does.",
                            MakeTraceSourceAccessor(&DdnnEndDevice::m_computedTrace),
                            "ns3::DdnnEndDevice::ComputedTracedCallback");
    return tid;
}

DdnnEndDevice::DdnnEndDevice()
    : m_babble(CreateObject<UniformRandomVariable>())
{
}

DdnnEndDevice::~DdnnEndDevice() = default;

void
DdnnEndDevice::SetSamples(std::shared_ptr<const ddnn::Dataset> dataset,
                          std::vector<std::size_t> samples)
{
    m_dataset = std::move(dataset);
    m_samples = std::move(samples);
}

void
DdnnEndDevice::SetBehaviour(DdnnBehaviour behaviour)
{
    m_behaviour = behaviour;
}

int64_t
DdnnEndDevice::AssignFaultStreams(int64_t stream)
{
    const int64_t used = DdnnSection::AssignFaultStreams(stream);
    m_babble->SetStream(stream + used);
    return used + 1;
}

Time
DdnnEndDevice::GetComputeDelay() const
{
    return GetHierarchy().rawOffload ? Time(0) : DdnnSection::GetComputeDelay();
}

uint64_t
DdnnEndDevice::GetWithheld() const
{
    return m_withheld;
}

bool
DdnnEndDevice::Spend(uint32_t bytes)
{
    if (m_byteBudget.GetBitRate() == 0)
    {
        return true;
    }
    const Time passed = Simulator::Now() - m_filledAt;
    m_filledAt = Simulator::Now();
    m_tokens = std::min<double>(m_bucketSize,
                                m_tokens + passed.GetSeconds() * m_byteBudget.GetBitRate() / 8);
    if (m_tokens < bytes)
    {
        ++m_withheld;
        return false;
    }
    m_tokens -= bytes;
    return true;
}

double
DdnnEndDevice::GetOperationsPerSecond() const
{
    return m_operationsPerSecond;
}

void
DdnnEndDevice::DoDispose()
{
    m_dataset = nullptr;
    m_babble = nullptr;
    DdnnSection::DoDispose();
}

void
DdnnEndDevice::StartApplication()
{
    DdnnSection::StartApplication();
    NS_ABORT_MSG_IF(!m_dataset, "a device needs a data set: call SetSamples before the start");
    NS_ABORT_MSG_IF(m_firstCapture < Simulator::Now(),
                    "FirstCapture is before the start of the device");
    m_tokens = m_bucketSize;
    if (!m_samples.empty())
    {
        m_captureEvent = Simulator::Schedule(m_firstCapture - Simulator::Now(),
                                             &DdnnEndDevice::Capture,
                                             this,
                                             0);
    }
}

void
DdnnEndDevice::StopApplication()
{
    m_captureEvent.Cancel();
    DdnnSection::StopApplication();
}

void
DdnnEndDevice::Capture(uint32_t sample)
{
    if (sample + 1 < m_samples.size())
    {
        m_captureEvent = Simulator::Schedule(m_interval, &DdnnEndDevice::Capture, this, sample + 1);
    }
    if (IsFailed())
    {
        return;
    }
    m_captureTrace(sample);
    if (m_behaviour != DdnnBehaviour::STUCK || m_last.features.empty())
    {
        m_last = Observe(sample);
    }
    ddnn::NodeOutput output = m_last;
    if (m_behaviour == DdnnBehaviour::BABBLE)
    {
        Babble(output);
    }
    if (GetHierarchy().rawOffload)
    {
        SendToParent(Time(0), DdnnKind::RAW, sample, std::move(output.features));
    }
    else
    {
        m_computedTrace(sample, ddnn::Operations(GetHierarchy(), 0, GetIndex()), GetComputeDelay());
        Publish(sample, std::move(output), GetComputeDelay());
    }
}

ddnn::NodeOutput
DdnnEndDevice::Observe(uint32_t sample) const
{
    const uint8_t* view = m_dataset->View(m_samples[sample], GetIndex());
    if (GetHierarchy().rawOffload)
    {
        return {DdnnPayload(view, view + ddnn::RawBytes(GetHierarchy(), GetIndex())), {}};
    }
    return GetModel().RunDevice(GetIndex(), view);
}

void
DdnnEndDevice::Babble(ddnn::NodeOutput& output)
{
    for (uint8_t& byte : output.features)
    {
        byte = m_babble->GetInteger(0, 255);
    }
    for (float& score : output.scores)
    {
        score = m_babble->GetValue(-1, 1);
    }
}

} // namespace ns3
