// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-header.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnHeader);

std::string
ToString(DdnnKind kind)
{
    switch (kind)
    {
    case DdnnKind::SCORES:
        return "scores";
    case DdnnKind::REQUEST:
        return "request";
    case DdnnKind::FEATURES:
        return "features";
    case DdnnKind::RAW:
        return "raw";
    case DdnnKind::PREDICTION:
        return "prediction";
    case DdnnKind::ACKNOWLEDGEMENT:
        return "acknowledgement";
    }
    return "unknown";
}

TypeId
DdnnHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnHeader")
                            .SetParent<Header>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnHeader>();
    return tid;
}

TypeId
DdnnHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

bool
DdnnHeader::Read(Ptr<Packet> packet, DdnnHeader& header)
{
    if (packet->GetSize() < SIZE)
    {
        return false;
    }
    packet->PeekHeader(header);
    if (header.m_magic != MAGIC || header.m_version != VERSION || header.kind < DdnnKind::SCORES ||
        header.kind > DdnnKind::ACKNOWLEDGEMENT || header.tier >= MAX_TIERS)
    {
        return false;
    }
    packet->RemoveAtStart(SIZE);
    return true;
}

void
DdnnHeader::Serialize(Buffer::Iterator start) const
{
    start.WriteU8(m_magic);
    start.WriteU8(m_version);
    start.WriteU8(static_cast<uint8_t>(kind));
    start.WriteU8(tier);
    start.WriteHtonU16(node);
    start.WriteHtonU32(sample);
}

uint32_t
DdnnHeader::Deserialize(Buffer::Iterator start)
{
    m_magic = start.ReadU8();
    m_version = start.ReadU8();
    kind = static_cast<DdnnKind>(start.ReadU8());
    tier = start.ReadU8();
    node = start.ReadNtohU16();
    sample = start.ReadNtohU32();
    return SIZE;
}

uint32_t
DdnnHeader::GetSerializedSize() const
{
    return SIZE;
}

void
DdnnHeader::Print(std::ostream& os) const
{
    os << ToString(kind) << " of sample " << sample << ", node " << node << " of tier "
       << static_cast<uint32_t>(tier);
}

} // namespace ns3
