// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_HEADER_H
#define DDNN_HEADER_H

#include "ns3/header.h"
#include "ns3/packet.h"

#include <cstdint>
#include <string>

namespace ns3
{

/// What a message carries. Whether a summary is a device's or an edge's is told by the tier.
enum class DdnnKind : uint8_t
{
    SUMMARY = 1,     ///< class scores, upward: first term of Eq. (1)
    OFFLOAD_REQUEST, ///< "this sample did not exit, send your features", downward: no payload
    FEATURES,        ///< a section's features, upward: second term of Eq. (1)
    RAW,             ///< a view, one byte per value, upward: the baseline
    VERDICT,         ///< what an exit says of a sample, to the ledger
    ACKNOWLEDGEMENT  ///< "your features arrived", with their header otherwise: no payload
};

/// In lower case with a dash, as in tables: "offload-request".
std::string ToString(DdnnKind kind);

/**
 * Starts every message of a DDNN.
 *
 * Ten bytes, in network byte order: magic (1), version (1), kind (1), tier of the sender (1), its
 * number in that tier (2), sample (4).
 */
class DdnnHeader : public Header
{
  public:
    static constexpr uint32_t SIZE = 10;    ///< bytes
    static constexpr uint8_t MAGIC = 0xdd;  ///< first byte
    static constexpr uint8_t VERSION = 1;   ///< of this layout
    static constexpr uint8_t MAX_TIERS = 8; ///< more are not a DDNN's message

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

    DdnnKind kind{DdnnKind::SUMMARY}; ///< what follows the header
    uint8_t tier{0};                  ///< of the sender
    uint16_t sender{0};               ///< number of the sender in its tier
    uint32_t sample{0};               ///< position in the simulation's list of samples

  private:
    uint8_t m_magic{MAGIC};
    uint8_t m_version{VERSION};
};

} // namespace ns3

#endif // DDNN_HEADER_H
