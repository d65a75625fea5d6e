// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-section.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnSection);

TypeId
DdnnSection::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnSection")
                            .SetParent<DdnnApplication>()
                            .SetGroupName("Ddnn")
                            .AddAttribute("FeatureTimeout",
                                          "With several FeatureTries, from one try to the next.",
                                          TimeValue(MilliSeconds(200)),
                                          MakeTimeAccessor(&DdnnSection::m_featureTimeout),
                                          MakeTimeChecker(NanoSeconds(1)));
    return tid;
}

DdnnSection::DdnnSection() = default;

DdnnSection::~DdnnSection() = default;

void
DdnnSection::SetPlace(uint32_t tier, uint32_t index)
{
    m_tier = tier;
    m_index = index;
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

int64_t
DdnnSection::GetOperations() const
{
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    if (!hierarchy.rawOffload)
    {
        return ddnn::Operations(hierarchy, m_tier, m_index);
    }
    int64_t operations = 0;
    for (std::size_t tier = 0; !HasParent() && tier < hierarchy.tiers.size(); ++tier)
    {
        for (int node = 0; node < hierarchy.tiers[tier].numNodes; ++node)
        {
            operations += ddnn::Operations(hierarchy, tier, node);
        }
    }
    return operations;
}

void
DdnnSection::Crash()
{
    m_buffer.clear();
    for (auto& [sample, entry] : m_unacknowledged)
    {
        entry.repeat.Cancel();
    }
    m_unacknowledged.clear();
    ++m_life;
    DdnnApplication::Crash();
}

uint64_t
DdnnSection::GetRetriesExhausted() const
{
    return m_retriesExhausted;
}

bool
DdnnSection::HasParent() const
{
    return m_tier + 1 < GetHierarchy().tiers.size();
}

Ptr<Node>
DdnnSection::GetParent() const
{
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    return hierarchy.rawOffload
               ? GetSite()->GetNode(hierarchy.tiers.size() - 1, 0)
               : GetSite()->GetNode(m_tier + 1, hierarchy.tiers[m_tier].parents[m_index]);
}

std::vector<Ptr<Node>>
DdnnSection::GetPeers() const
{
    std::vector<Ptr<Node>> peers{GetSite()->GetExitNode(m_tier)};
    if (HasParent())
    {
        peers.push_back(GetParent());
    }
    return peers;
}

/// A user's own model may give what the hierarchy does not allow, and others would only reject.
void
DdnnSection::Check(const ddnn::NodeOutput& output) const
{
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    const char* const function = hierarchy.rawOffload ? "CloseExit"
                                 : m_tier == 0        ? "RunDevice"
                                                      : "RunNode";
    const auto check = [&](const char* what, std::size_t bytes, std::size_t expected) {
        NS_ABORT_MSG_IF(bytes != expected,
                        "ddnn::Model::" << function << " gave " << bytes << " bytes of " << what
                                        << " for node " << m_index << " of tier " << m_tier
                                        << ", the hierarchy says " << expected);
    };
    check("scores", output.scores.size() * sizeof(float), ddnn::ScoreBytes(hierarchy));
    if (HasParent())
    {
        check("features", output.features.size(), ddnn::FeatureBytes(hierarchy, m_tier, m_index));
    }
}

void
DdnnSection::Run(uint32_t sample,
                 ddnn::NodeOutput output,
                 int64_t operations,
                 const DdnnLatency& latency)
{
    Check(output);
    // no request for the older ones can be of use
    const Time oldest = Simulator::Now() - GetSite()->GetSampleDeadline();
    while (!m_buffer.empty() && GetSite()->GetCaptureTime(m_buffer.begin()->first) < oldest)
    {
        m_buffer.erase(m_buffer.begin());
    }
    if (HasParent() && GetSite()->GetOffload() != DdnnSite::PUSH)
    {
        m_buffer[sample] = {};
    }
    DdnnJob job;
    job.sample = sample;
    job.tier = m_tier;
    job.node = m_index;
    job.operations = operations;
    auto publish = [this, sample, output = std::move(output)](const DdnnLatency& until) mutable {
        Publish(sample, std::move(output), until);
    };
    Compute(job, latency, std::move(publish));
}

void
DdnnSection::Publish(uint32_t sample, ddnn::NodeOutput output, const DdnnLatency& latency)
{
    DdnnMessage message;
    message.header.kind = DdnnKind::SCORES;
    message.header.sample = sample;
    message.payload = EncodeScores(output.scores);
    message.latency = latency;
    SendLater({GetSite()->GetExitNode(m_tier)}, std::move(message));
    const auto kept = m_buffer.find(sample);
    const bool requested = kept != m_buffer.end() && kept->second.isRequested;
    if (HasParent() && (requested || GetSite()->GetOffload() == DdnnSite::PUSH))
    {
        SendToParent(DdnnKind::FEATURES, sample, std::move(output.features), latency);
    }
    else if (kept != m_buffer.end())
    {
        kept->second.features = std::move(output.features);
    }
}

void
DdnnSection::SendToParent(DdnnKind kind,
                          uint32_t sample,
                          DdnnPayload payload,
                          const DdnnLatency& latency)
{
    DdnnMessage message;
    message.header.kind = kind;
    message.header.sample = sample;
    message.payload = std::move(payload);
    message.latency = latency;
    SendLater({GetParent()}, std::move(message));
}

bool
DdnnSection::Takes(const DdnnHeader& header) const
{
    if (header.kind == DdnnKind::REQUEST)
    {
        return header.tier == m_tier &&
               (header.node == m_index || header.node == DdnnHeader::ALL_NODES);
    }
    return header.kind == DdnnKind::ACKNOWLEDGEMENT && header.tier == m_tier &&
           header.node == m_index;
}

void
DdnnSection::Receive(const DdnnMessage& message)
{
    const bool acknowledgement = message.header.kind == DdnnKind::ACKNOWLEDGEMENT;
    if (message.header.kind != DdnnKind::REQUEST && !acknowledgement)
    {
        return ReceiveOther(message);
    }
    if (!message.payload.empty())
    {
        return Reject(DdnnReject::BAD_PAYLOAD, message);
    }
    if (acknowledgement)
    {
        return HandleAcknowledgement(message);
    }
    HandleRequest(message);
}

void
DdnnSection::HandleRequest(const DdnnMessage& request)
{
    const auto found = m_buffer.find(request.header.sample);
    if (found == m_buffer.end())
    {
        return Reject(DdnnReject::UNKNOWN_SAMPLE, request);
    }
    Kept& kept = found->second;
    if (std::exchange(kept.isRequested, true))
    {
        return Reject(DdnnReject::DUPLICATE, request);
    }
    if (!kept.features.empty())
    {
        SendToParent(DdnnKind::FEATURES,
                     request.header.sample,
                     std::exchange(kept.features, {}),
                     request.latency);
    }
}

void
DdnnSection::HandleAcknowledgement(const DdnnMessage& message)
{
    const auto found = m_unacknowledged.find(message.header.sample);
    if (found == m_unacknowledged.end())
    {
        return Reject(DdnnReject::DUPLICATE, message);
    }
    found->second.repeat.Cancel();
    m_unacknowledged.erase(found);
}

void
DdnnSection::Repeat(uint32_t sample)
{
    const auto found = m_unacknowledged.find(sample);
    const DdnnMessage message = found->second.message; // Send() may end in its acknowledgement
    if (message.attempt == GetSite()->GetFeatureTries())
    {
        ++m_retriesExhausted;
        m_unacknowledged.erase(found);
        return;
    }
    ++found->second.message.attempt;
    found->second.repeat =
        Simulator::Schedule(m_featureTimeout, &DdnnSection::Repeat, this, sample);
    if (!IsOff() && Spend(DdnnHeader::SIZE + message.payload.size()))
    {
        Send({GetParent()}, message);
    }
}

Time
DdnnSection::GetHold(DdnnKind)
{
    return Time(0);
}

bool
DdnnSection::Spend(uint32_t)
{
    return true;
}

void
DdnnSection::ReceiveOther(const DdnnMessage& message)
{
    Reject(DdnnReject::UNEXPECTED, message);
}

void
DdnnSection::SendLater(const DdnnDestination& to, DdnnMessage message)
{
    message.header.tier = m_tier;
    message.header.node = m_index;
    const Time hold = GetHold(message.header.kind);
    if (hold.IsZero())
    {
        return SendNow(m_life, to, std::move(message));
    }
    // moved into the event: ns-3 would copy it more than once
    auto kept = std::make_shared<DdnnMessage>(std::move(message));
    Simulator::Schedule(hold, [this, life = m_life, to, kept = std::move(kept)] {
        SendNow(life, to, std::move(*kept));
    });
}

void
DdnnSection::SendNow(uint32_t life, const DdnnDestination& to, DdnnMessage message)
{
    if (life != m_life || IsOff())
    {
        return;
    }
    message.latency.Advance(message.latency.waiting, Simulator::Now());
    if (GetSite()->GetFeatureTries() > 1 && message.header.kind != DdnnKind::SCORES)
    {
        const uint32_t sample = message.header.sample;
        m_unacknowledged[sample] = {std::move(message), EventId()};
        return Repeat(sample);
    }
    if (Spend(DdnnHeader::SIZE + message.payload.size()))
    {
        Send(to, message);
    }
}

} // namespace ns3
