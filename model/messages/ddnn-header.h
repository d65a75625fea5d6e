// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_HEADER_H
#define DDNN_HEADER_H

#include "ns3/header.h"
#include "ns3/packet.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace ns3
{

/// What a message carries. The tier tells whether class scores are a device's or an edge's.
enum class DdnnKind : uint8_t
{
    SCORES = 1,     ///< class scores, upward: first term of Eq. (1)
    REQUEST,        ///< "this sample did not exit, send your features", downward: no payload
    FEATURES,       ///< a section's features, upward: second term of Eq. (1)
    RAW,            ///< a view, one byte per value, upward: the baseline
    PREDICTION,     ///< the prediction of an exit, to the sample tracker
    ACKNOWLEDGEMENT ///< "your features arrived", with their header otherwise: no payload
};

constexpr std::size_t DDNN_NUM_KINDS = 6; ///< values of DdnnKind, which begin at 1

/// In lower case, as in tables: "scores".
std::string ToString(DdnnKind kind);

/**
 * Starts every message of a DDNN.
 *
 * Ten bytes, in network byte order: magic (1), version (1), kind (1), tier (1), number of a node in
 * that tier (2), sample (4). Tier and node are the sender's. Of a request, the tier is that of the
 * exit and of the nodes that it asks, and the node is the one that it asks, or ALL_NODES. Of a
 * prediction, the node is 0.
 */
class DdnnHeader : public Header
{
  public:
    static constexpr uint32_t SIZE = 10;          ///< bytes
    static constexpr uint8_t MAGIC = 0xdd;        ///< first byte
    static constexpr uint8_t VERSION = 1;         ///< of this layout
    static constexpr uint8_t MAX_TIERS = 8;       ///< more are not a DDNN's message
    static constexpr uint16_t ALL_NODES = 0xffff; ///< a request to all nodes of the tier

    static TypeId GetTypeId();

    /**
     * Take the header off a packet.
     *
     * \param packet unchanged if false is returned
     * \param header receives the fields
     * \return false if the packet is too short, of another version or not a DDNN's
     */
    static bool Read(Ptr<Packet> packet, DdnnHeader& header);

    TypeId GetInstanceTypeId() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    uint32_t GetSerializedSize() const override;
    void Print(std::ostream& os) const override;

    DdnnKind kind{DdnnKind::SCORES}; ///< what follows the header
    uint8_t tier{0};                 ///< of the node
    uint16_t node{0};                ///< number of the node in its tier
    uint32_t sample{0};              ///< number of the sample in its site

  private:
    uint8_t m_magic{MAGIC};
    uint8_t m_version{VERSION};
};

} // namespace ns3

#endif // DDNN_HEADER_H
