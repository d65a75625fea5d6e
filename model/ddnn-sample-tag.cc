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

DdnnSampleTag::DdnnSampleTag(const DdnnHeader& header)
    : kind(header.kind)
    , sender(header.sender)
    , sample(header.sample)
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
    return 7;
}

void
DdnnSampleTag::Serialize(TagBuffer buffer) const
{
    buffer.WriteU8(static_cast<uint8_t>(kind));
    buffer.WriteU16(sender);
    buffer.WriteU32(sample);
}

void
DdnnSampleTag::Deserialize(TagBuffer buffer)
{
    kind = static_cast<DdnnKind>(buffer.ReadU8());
    sender = buffer.ReadU16();
    sample = buffer.ReadU32();
}

void
DdnnSampleTag::Print(std::ostream& os) const
{
    os << ToString(kind) << " of sample " << sample << " from node " << sender;
}

} // namespace ns3
