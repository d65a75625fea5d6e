// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_MESSAGE_TAG_H
#define DDNN_MESSAGE_TAG_H

#include "ddnn-header.h"
#include "ddnn-latency.h"

#include "ns3/tag.h"

#include <array>
#include <cstdint>

namespace ns3
{

/// Tells a message from all others of a simulation, on whichever process it runs.
struct DdnnMessageName
{
    uint16_t site{0};
    DdnnHeader header;
    uint16_t attempt{0}; ///< how often the message was sent before, or to how many groups

    bool operator==(const DdnnMessageName& o) const;
};

/// For hash tables.
struct DdnnMessageNameHash
{
    std::size_t operator()(const DdnnMessageName& name) const;
};

std::ostream& operator<<(std::ostream& os, const DdnnMessageName& name);

/**
 * Marks the bytes of a message, so that frames, fragments and segments that carry them can be
 * charged to it. A byte tag: it costs nothing on the link and passes through fragmentation,
 * segmentation and forwarding.
 */
class DdnnMessageTag : public Tag
{
  public:
    static TypeId GetTypeId();

    DdnnMessageTag() = default;

    /// Marks the bytes that Eq. (1) counts.
    explicit DdnnMessageTag(const DdnnMessageName& messageName);

    /// Marks the message's header.
    /// \param latency of the sample until the message was sent
    DdnnMessageTag(const DdnnMessageName& messageName, const DdnnLatency& latency);

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(TagBuffer buffer) const override;
    void Deserialize(TagBuffer buffer) override;
    void Print(std::ostream& os) const override;

    /// \return whether these bytes are payload, else they are the message's header
    bool IsPayload() const;

    /// \return the latency of the sample until the message was sent, of the header alone
    DdnnLatency GetLatency() const;

    DdnnMessageName name;

  private:
    /// A latency in ns-3's time steps, networks last: most messages have passed few of them.
    std::array<int64_t, 5 + DdnnHeader::MAX_TIERS> m_steps{};

    /// How many steps are kept: up to the last that is not zero, one at least; payload has none.
    uint8_t m_numSteps{0};
};

} // namespace ns3

#endif // DDNN_MESSAGE_TAG_H
