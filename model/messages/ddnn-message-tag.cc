// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-message-tag.h"

#include <algorithm>
#include <functional>
#include <tuple>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnMessageTag);

namespace
{

constexpr uint32_t NAME_SIZE = 12; // bytes

} // namespace

bool
DdnnMessageName::operator==(const DdnnMessageName& o) const
{
    const auto tie = [](const DdnnMessageName& name) {
        const DdnnHeader& header = name.header;
        return std::tie(header.sample,
                        header.node,
                        header.kind,
                        header.tier,
                        name.site,
                        name.attempt);
    };
    return tie(*this) == tie(o);
}

std::size_t
DdnnMessageNameHash::operator()(const DdnnMessageName& name) const
{
    const DdnnHeader& header = name.header;
    const uint64_t node = uint64_t{name.site} << 16 | header.node;
    const uint64_t message = node << 24 ^ static_cast<uint64_t>(header.kind) << 20 ^
                             uint64_t { header.tier } << 16 ^ name.attempt;
    return std::hash<uint64_t>()(message * 0x9e3779b97f4a7c15 + header.sample);
}

std::ostream&
operator<<(std::ostream& os, const DdnnMessageName& name)
{
    name.header.Print(os);
    return os << ", site " << name.site << ", try " << name.attempt + 1;
}

TypeId
DdnnMessageTag::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnMessageTag")
                            .SetParent<Tag>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnMessageTag>();
    return tid;
}

DdnnMessageTag::DdnnMessageTag(const DdnnMessageName& messageName)
    : name(messageName)
{
}

DdnnMessageTag::DdnnMessageTag(const DdnnMessageName& messageName, const DdnnLatency& latency)
    : name(messageName)
    , m_steps{latency.captured.GetTimeStep(),
              latency.end.GetTimeStep(),
              latency.compute.GetTimeStep(),
              latency.waiting.GetTimeStep(),
              latency.queueing.GetTimeStep()}
    , m_numSteps(m_steps.size())
{
    for (std::size_t tier = 0; tier < latency.network.size(); ++tier)
    {
        m_steps[5 + tier] = latency.network[tier].GetTimeStep();
    }
    while (m_numSteps > 1 && m_steps[m_numSteps - 1] == 0)
    {
        --m_numSteps;
    }
}

bool
DdnnMessageTag::IsPayload() const
{
    return m_numSteps == 0;
}

DdnnLatency
DdnnMessageTag::GetLatency() const
{
    DdnnLatency latency;
    latency.captured = TimeStep(m_steps[0]);
    latency.end = TimeStep(m_steps[1]);
    latency.compute = TimeStep(m_steps[2]);
    latency.waiting = TimeStep(m_steps[3]);
    latency.queueing = TimeStep(m_steps[4]);
    std::transform(m_steps.begin() + 5, m_steps.end(), latency.network.begin(), TimeStep);
    return latency;
}

TypeId
DdnnMessageTag::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
DdnnMessageTag::GetSerializedSize() const
{
    return NAME_SIZE + 1 + m_numSteps * sizeof(m_steps[0]);
}

void
DdnnMessageTag::Serialize(TagBuffer buffer) const
{
    buffer.WriteU16(name.site);
    buffer.WriteU8(static_cast<uint8_t>(name.header.kind));
    buffer.WriteU8(name.header.tier);
    buffer.WriteU16(name.header.node);
    buffer.WriteU32(name.header.sample);
    buffer.WriteU16(name.attempt);
    buffer.WriteU8(m_numSteps);
    // as they are: tags never leave the machine
    buffer.Write(reinterpret_cast<const uint8_t*>(m_steps.data()), m_numSteps * sizeof(m_steps[0]));
}

void
DdnnMessageTag::Deserialize(TagBuffer buffer)
{
    name.site = buffer.ReadU16();
    name.header.kind = static_cast<DdnnKind>(buffer.ReadU8());
    name.header.tier = buffer.ReadU8();
    name.header.node = buffer.ReadU16();
    name.header.sample = buffer.ReadU32();
    name.attempt = buffer.ReadU16();
    m_numSteps = buffer.ReadU8();
    m_steps.fill(0);
    buffer.Read(reinterpret_cast<uint8_t*>(m_steps.data()), m_numSteps * sizeof(m_steps[0]));
}

void
DdnnMessageTag::Print(std::ostream& os) const
{
    os << name << (IsPayload() ? ", payload" : ", header");
}

} // namespace ns3
