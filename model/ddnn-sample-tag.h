// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SAMPLE_TAG_H
#define DDNN_SAMPLE_TAG_H

#include "ddnn-header.h"

#include "ns3/tag.h"

namespace ns3
{

/**
 * Marks the bytes of a message, so that frames, fragments and segments that carry them can be
 * charged to it. A byte tag: it costs nothing on the wire and passes through fragmentation,
 * segmentation and forwarding.
 */
class DdnnSampleTag : public Tag
{
  public:
    static TypeId GetTypeId();

    DdnnSampleTag() = default;

    /// \param isPayload the bytes are what Eq. (1) counts, not the message's header
    /// \param message running number of the message
    DdnnSampleTag(const DdnnHeader& header, bool isPayload, uint64_t message = 0);

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(TagBuffer buffer) const override;
    void Deserialize(TagBuffer buffer) override;
    void Print(std::ostream& os) const override;

    DdnnKind kind{DdnnKind::SUMMARY}; ///< of the message
    uint8_t tier{0};                  ///< of its sender
    uint16_t sender{0};               ///< number of its sender in the tier
    uint32_t sample{0};               ///< position in the simulation's list of samples
    bool isPayload{false};            ///< else these bytes are the message's header
    uint64_t message{0};              ///< running number of the message in this process
};

} // namespace ns3

#endif // DDNN_SAMPLE_TAG_H
