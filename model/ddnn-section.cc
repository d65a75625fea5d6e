// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-section.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnSection");
NS_OBJECT_ENSURE_REGISTERED(DdnnSection);

TypeId
DdnnSection::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnSection")
            .SetParent<DdnnApplication>()
            .SetGroupName("Ddnn")
            .AddAttribute("Tier",
                          "Tier of this node, the devices' being 0.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DdnnSection::m_tier),
                          MakeUintegerChecker<uint32_t>(0, DdnnHeader::MAX_TIERS - 1))
            .AddAttribute("Index",
                          "Number of this node in its tier.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DdnnSection::m_index),
                          MakeUintegerChecker<uint32_t>(0, 65535))
            .AddAttribute("Aggregator",
                          "Address and port that summaries are sent to.",
                          AddressValue(),
                          MakeAddressAccessor(&DdnnSection::m_aggregator),
                          MakeAddressChecker())
            .AddAttribute("Parent",
                          "Address and port that features, or raw views, are sent to.",
                          AddressValue(),
                          MakeAddressAccessor(&DdnnSection::m_parent),
                          MakeAddressChecker())
            .AddAttribute("Slot",
                          "How long this node holds a summary back, so that nodes do not all send "
                          "at once. The helper gives each device a slot of its own.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&DdnnSection::m_slot),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("FeatureSlot",
                          "The same for features and raw views.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&DdnnSection::m_featureSlot),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Jitter",
                          "Upper limit of the random time that is added to the slot.",
                          TimeValue(MicroSeconds(20)),
                          MakeTimeAccessor(&DdnnSection::m_jitter),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("BufferedSamples",
                          "How many of the latest samples' features are kept for a request.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&DdnnSection::m_bufferedSamples),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("PushFeatures",
                          "Send features unasked, as soon as they are there.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&DdnnSection::m_pushFeatures),
                          MakeBooleanChecker())
            .AddAttribute("FeatureTries",
                          "How often features and views are sent at most, until they are "
                          "acknowledged; 1: once, and no acknowledgement is expected.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&DdnnSection::m_featureTries),
                          MakeUintegerChecker<uint32_t>(1, 100))
            .AddAttribute("FeatureTimeout",
                          "From one try to the next.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&DdnnSection::m_featureTimeout),
                          MakeTimeChecker(NanoSeconds(1)));
    return tid;
}

DdnnSection::DdnnSection()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

DdnnSection::~DdnnSection() = default;

void
DdnnSection::Crash()
{
    m_buffer.clear();
    for (auto& [sample, message] : m_unacknowledged)
    {
        message.repeat.Cancel();
    }
    m_unacknowledged.clear();
    ++m_life;
    DdnnApplication::Crash();
}

uint64_t
DdnnSection::GetGivenUp() const
{
    return m_givenUp;
}

void
DdnnSection::SetSlowdown(double factor)
{
    m_slowdown = factor;
}

Time
DdnnSection::GetComputeDelay() const
{
    return GetDuration(ddnn::Operations(GetHierarchy(), m_tier, m_index));
}

int64_t
DdnnSection::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

void
DdnnSection::DoDispose()
{
    m_random = nullptr;
    DdnnApplication::DoDispose();
}

void
DdnnSection::StartApplication()
{
    DdnnApplication::StartApplication();
    NS_ABORT_MSG_IF(m_tier >= GetHierarchy().tiers.size() ||
                        static_cast<int>(m_index) >= GetHierarchy().tiers[m_tier].numNodes,
                    "the hierarchy has no node " << m_index << " in tier " << m_tier);
    m_random->SetAttribute("Max", DoubleValue(m_jitter.GetSeconds()));
}

std::vector<Address>
DdnnSection::GetDestinations() const
{
    std::vector<Address> destinations{m_aggregator};
    if (!m_parent.IsInvalid())
    {
        destinations.push_back(m_parent);
    }
    return destinations;
}

uint32_t
DdnnSection::GetTier() const
{
    return m_tier;
}

uint32_t
DdnnSection::GetIndex() const
{
    return m_index;
}

Time
DdnnSection::GetDuration(int64_t operations) const
{
    return Seconds(m_slowdown * operations / GetOperationsPerSecond());
}

void
DdnnSection::Publish(uint32_t sample, ddnn::NodeOutput output, Time delay)
{
    SendLater(delay + m_slot, m_aggregator, DdnnKind::SUMMARY, sample, EncodeScores(output.scores));
    if (m_parent.IsInvalid())
    {
        return;
    }
    if (m_pushFeatures)
    {
        return SendToParent(delay, DdnnKind::FEATURES, sample, std::move(output.features));
    }
    Buffered& entry = m_buffer[sample];
    entry.features = std::move(output.features);
    entry.ready = Simulator::Now() + delay;
    if (m_buffer.size() > m_bufferedSamples)
    {
        m_buffer.erase(m_buffer.begin());
    }
}

void
DdnnSection::SendToParent(Time delay, DdnnKind kind, uint32_t sample, DdnnPayload data)
{
    SendLater(delay + m_featureSlot, m_parent, kind, sample, std::move(data));
}

void
DdnnSection::Receive(const DdnnHeader& header, const DdnnPayload& payload)
{
    const bool acknowledgement = header.kind == DdnnKind::ACKNOWLEDGEMENT;
    if (header.kind != DdnnKind::OFFLOAD_REQUEST && !acknowledgement)
    {
        return ReceiveOther(header, payload);
    }
    if (header.tier != m_tier || (acknowledgement && header.sender != m_index))
    {
        return Reject(DdnnReject::UNEXPECTED, header);
    }
    if (!payload.empty())
    {
        return Reject(DdnnReject::BAD_PAYLOAD, header);
    }
    if (acknowledgement)
    {
        return HandleAcknowledgement(header);
    }
    HandleRequest(header);
}

void
DdnnSection::HandleRequest(const DdnnHeader& header)
{
    const auto found = m_buffer.find(header.sample);
    if (found == m_buffer.end())
    {
        return Reject(DdnnReject::UNKNOWN_SAMPLE, header);
    }
    Buffered& entry = found->second;
    if (entry.requested)
    {
        return Reject(DdnnReject::DUPLICATE, header);
    }
    entry.requested = true;
    SendToParent(Max(entry.ready - Simulator::Now(), Time(0)),
                 DdnnKind::FEATURES,
                 header.sample,
                 std::move(entry.features));
}

void
DdnnSection::HandleAcknowledgement(const DdnnHeader& header)
{
    const auto found = m_unacknowledged.find(header.sample);
    if (found == m_unacknowledged.end())
    {
        return Reject(DdnnReject::DUPLICATE, header);
    }
    found->second.repeat.Cancel();
    m_unacknowledged.erase(found);
}

void
DdnnSection::Repeat(uint32_t sample)
{
    const auto found = m_unacknowledged.find(sample);
    Unacknowledged& message = found->second;
    if (message.triesLeft == 0)
    {
        ++m_givenUp;
        m_unacknowledged.erase(found);
        return;
    }
    --message.triesLeft;
    message.repeat = Simulator::Schedule(m_featureTimeout, &DdnnSection::Repeat, this, sample);
    if (!IsFailed() && Spend(DdnnHeader::SIZE + message.payload.size()))
    {
        Send(m_parent, message.header, message.payload);
    }
}

bool
DdnnSection::Spend(uint32_t)
{
    return true;
}

void
DdnnSection::ReceiveOther(const DdnnHeader& header, const DdnnPayload&)
{
    Reject(DdnnReject::UNEXPECTED, header);
}

void
DdnnSection::SendLater(Time delay,
                       const Address& to,
                       DdnnKind kind,
                       uint32_t sample,
                       DdnnPayload data)
{
    DdnnHeader header;
    header.kind = kind;
    header.tier = m_tier;
    header.sender = m_index;
    header.sample = sample;
    Simulator::Schedule(delay + Seconds(m_random->GetValue()),
                        &DdnnSection::SendNow,
                        this,
                        m_life,
                        to,
                        header,
                        std::move(data));
}

void
DdnnSection::SendNow(uint32_t life, Address to, DdnnHeader header, DdnnPayload payload)
{
    if (life != m_life || IsFailed())
    {
        return;
    }
    const bool repeats = m_featureTries > 1 && header.kind != DdnnKind::SUMMARY;
    if (repeats)
    {
        m_unacknowledged[header.sample] = {header, std::move(payload), m_featureTries, EventId()};
        return Repeat(header.sample);
    }
    if (Spend(DdnnHeader::SIZE + payload.size()))
    {
        Send(to, header, payload);
    }
}

} // namespace ns3
