// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SAMPLE_TAG_H
#define DDNN_SAMPLE_TAG_H

#include "ddnn-header.h"

#include "ns3/tag.h"

namespace ns3
{

/**
 * Marks the bytes of a message, so that frames and fragments that carry them can be charged to it.
 * A byte tag: it costs nothing on the wire and passes through fragmentation and forwarding.
 */
class DdnnSampleTag : public Tag
{
  public:
    static TypeId GetTypeId();

    DdnnSampleTag() = default;

    /// \param header of the message to mark
    explicit DdnnSampleTag(const DdnnHeader& header);

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(TagBuffer buffer) const override;
    void Deserialize(TagBuffer buffer) override;
    void Print(std::ostream& os) const override;

    DdnnKind kind{DdnnKind::SUMMARY}; ///< as in the header
    uint16_t sender{0};               ///< as in the header
    uint32_t sample{0};               ///< as in the header
};

} // namespace ns3

#endif // DDNN_SAMPLE_TAG_H
