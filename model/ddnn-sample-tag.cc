// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-sample-tag.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnSampleTag);

TypeId
DdnnSampleTag::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnSampleTag")
                            .SetParent<Tag>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnSampleTag>();
    return tid;
}

DdnnSampleTag::DdnnSampleTag(const DdnnHeader& header, bool isPayload, uint64_t message)
    : kind(header.kind)
    , tier(header.tier)
    , sender(header.sender)
    , sample(header.sample)
    , isPayload(isPayload)
    , message(message)
{
}

TypeId
DdnnSampleTag::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
DdnnSampleTag::GetSerializedSize() const
{
    return 17;
}

void
DdnnSampleTag::Serialize(TagBuffer buffer) const
{
    buffer.WriteU8(static_cast<uint8_t>(kind));
    buffer.WriteU8(tier);
    buffer.WriteU16(sender);
    buffer.WriteU32(sample);
    buffer.WriteU8(isPayload ? 1 : 0);
    buffer.WriteU64(message);
}

void
DdnnSampleTag::Deserialize(TagBuffer buffer)
{
    kind = static_cast<DdnnKind>(buffer.ReadU8());
    tier = buffer.ReadU8();
    sender = buffer.ReadU16();
    sample = buffer.ReadU32();
    isPayload = buffer.ReadU8() != 0;
    message = buffer.ReadU64();
}

void
DdnnSampleTag::Print(std::ostream& os) const
{
    os << ToString(kind) << " of sample " << sample << " from node " << sender << " of tier "
       << static_cast<uint32_t>(tier) << (isPayload ? ", payload" : ", header") << ", message "
       << message;
}

} // namespace ns3
