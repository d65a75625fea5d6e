// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-end-device.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnEndDevice);

TypeId
DdnnEndDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnEndDevice")
            .SetParent<DdnnSection>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnEndDevice>()
            .AddAttribute("Offset",
                          "Clock error, in seconds: how long after the site's clock this device "
                          "captures each sample. It is drawn once, and not less than 0: the site's "
                          "clock is the earliest.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0]"),
                          MakePointerAccessor(&DdnnEndDevice::m_offset),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("Turn",
                          "How many slots this device holds a message back, so that devices on one "
                          "channel do not all send at once. DdnnHelper numbers the devices.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DdnnEndDevice::m_turn),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("ScoreSlot",
                          "Length of a slot for class scores.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&DdnnEndDevice::m_scoreSlot),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("FeatureSlot",
                          "Length of a slot for features and raw views, unless the site's Offload "
                          "is pull.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&DdnnEndDevice::m_featureSlot),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("SendJitter",
                          "Upper limit of the random time that is added to the slots.",
                          TimeValue(MicroSeconds(20)),
                          MakeTimeAccessor(&DdnnEndDevice::m_sendJitter),
                          MakeTimeChecker(Time(0)))
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
                            "ns3::DdnnApplication::SampleTracedCallback");
    return tid;
}

DdnnEndDevice::DdnnEndDevice()
    : m_sendRandom(CreateObject<UniformRandomVariable>())
    , m_randomOutput(CreateObject<UniformRandomVariable>())
{
}

DdnnEndDevice::~DdnnEndDevice() = default;

void
DdnnEndDevice::SetBehaviour(DdnnBehaviour behaviour)
{
    m_behaviour = behaviour;
}

uint64_t
DdnnEndDevice::GetRateLimited() const
{
    return m_rateLimited;
}

int64_t
DdnnEndDevice::AssignStreams(int64_t stream)
{
    m_sendRandom->SetStream(stream);
    return 1;
}

int64_t
DdnnEndDevice::AssignExtraStreams(int64_t stream)
{
    const int64_t used = DdnnSection::AssignExtraStreams(stream);
    m_randomOutput->SetStream(stream + used);
    m_offset->SetStream(stream + used + 1);
    return used + 2;
}

void
DdnnEndDevice::DoDispose()
{
    m_offset = nullptr;
    m_sendRandom = nullptr;
    m_randomOutput = nullptr;
    DdnnSection::DoDispose();
}

void
DdnnEndDevice::StartApplication()
{
    DdnnSection::StartApplication();
    const double offset = m_offset->GetValue();
    NS_ABORT_MSG_IF(!(offset >= 0 && offset <= 1e9),
                    "ns3::DdnnEndDevice::Offset drew " << offset << " s: it must be 0 to 1e9");
    m_drawnOffset = Seconds(offset);
    m_sendRandom->SetAttribute("Max", DoubleValue(m_sendJitter.GetSeconds()));
    m_tokens = m_bucketSize;
    m_filledAt = Simulator::Now();
    GetSite()->TraceConnectWithoutContext("Captured",
                                          MakeCallback(&DdnnEndDevice::HandleCaptured, this));
}

void
DdnnEndDevice::StopApplication()
{
    GetSite()->TraceDisconnectWithoutContext("Captured",
                                             MakeCallback(&DdnnEndDevice::HandleCaptured, this));
    DdnnSection::StopApplication();
}

Time
DdnnEndDevice::GetHold(DdnnKind kind)
{
    const bool scores = kind == DdnnKind::SCORES;
    const bool slotted = scores || GetSite()->GetOffload() != DdnnSite::PULL;
    const Time slot = scores ? m_scoreSlot : m_featureSlot;
    return slot * (slotted ? m_turn : 0) + Seconds(m_sendRandom->GetValue());
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
        ++m_rateLimited;
        return false;
    }
    m_tokens -= bytes;
    return true;
}

void
DdnnEndDevice::HandleCaptured(uint32_t sample)
{
    Simulator::ScheduleWithContext(GetNode()->GetId(),
                                   m_drawnOffset,
                                   &DdnnEndDevice::Capture,
                                   Ptr<DdnnEndDevice>(this),
                                   sample);
}

void
DdnnEndDevice::Capture(uint32_t sample)
{
    if (!IsRunning() || IsOff())
    {
        return;
    }
    m_captureTrace(sample);
    if (m_behaviour != DdnnBehaviour::STUCK || m_last.features.empty())
    {
        m_last = Observe(sample);
    }
    ddnn::NodeOutput output = m_last;
    if (m_behaviour == DdnnBehaviour::RANDOM)
    {
        Randomise(output);
    }
    DdnnLatency latency(GetSite()->GetCaptureTime(sample));
    latency.Advance(latency.waiting, Simulator::Now());
    if (GetHierarchy().rawOffload)
    {
        return SendToParent(DdnnKind::RAW, sample, std::move(output.features), latency);
    }
    Run(sample, std::move(output), GetOperations(), latency);
}

ddnn::NodeOutput
DdnnEndDevice::Observe(uint32_t sample) const
{
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    const int device = static_cast<int>(GetIndex());
    const uint8_t* view = GetSite()->GetDataset().View(GetSite()->GetDatasetIndex(sample), device);
    if (hierarchy.rawOffload)
    {
        return {DdnnPayload(view, view + ddnn::RawBytes(hierarchy, device)), {}};
    }
    return GetModel().RunDevice(device, view);
}

void
DdnnEndDevice::Randomise(ddnn::NodeOutput& output)
{
    for (uint8_t& byte : output.features)
    {
        byte = m_randomOutput->GetInteger(0, 255);
    }
    for (float& score : output.scores)
    {
        score = m_randomOutput->GetValue(-1, 1);
    }
}

} // namespace ns3
