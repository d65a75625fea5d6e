// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TRANSIT_H
#define DDNN_TRANSIT_H

#include "ddnn-drops.h"
#include "ddnn-helper.h"
#include "ddnn-record.h"

#include "ns3/address.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * Follows each message from the application that sends it to those that it is for, so that every
 * byte that was sent was accepted, rejected for a reason, lost for a cause, or is in flight.
 *
 * A message that did not arrive was lost for the first cause that a node on its way has told of.
 * With UDP, one that no node has dropped is in flight; with TCP, one that the sender still keeps.
 */
class DdnnTransit
{
  public:
    /// \param helper after Install and before the simulation runs; must outlive this, and this the
    ///        simulation
    explicit DdnnTransit(const DdnnHelper& helper);

    DdnnTransit(const DdnnTransit&) = delete;
    DdnnTransit& operator=(const DdnnTransit&) = delete;

    /// \return by kind and fate, once the simulation has run
    std::vector<DdnnMessageCount> GetCounts() const;

  private:
    static constexpr std::size_t NUM_KINDS = 7; ///< values of DdnnKind, and 0

    /// A message on its way to one node.
    struct Copy
    {
        uint32_t node; ///< its identifier in ns-3
        std::optional<DdnnDrop> cause;
        bool received{false};
    };

    /// A message that not all have received.
    struct Message
    {
        DdnnKind kind;
        uint32_t bytes;  ///< of header and payload
        uint32_t origin; ///< node that has sent it
        std::vector<Copy> copies;
        bool broadcast{false};
        bool onAir{false}; ///< on a medium where nothing is repeated
    };

    /// How many messages had a fate.
    struct Count
    {
        uint64_t messages{0};
        uint64_t bytes{0};
    };

    /// The message that an application has received last.
    struct Received
    {
        uint32_t node{0}; ///< the application's
        DdnnKind kind{DdnnKind::SUMMARY};
        uint32_t bytes{0};
        bool isCounted{false};
    };

    using Counts = std::map<std::pair<std::string, std::string>, Count>; ///< by kind and fate

    void FindNodes();
    void ConnectApplications();
    void ConnectLosses();
    Message* Find(Ptr<const Packet> packet);
    void HandleSending(uint32_t node,
                       uint64_t number,
                       const DdnnHeader& header,
                       uint32_t payloadBytes,
                       const Address& to);
    void HandleNotSent(uint64_t number);
    void HandleReceived(std::size_t application, uint64_t number);
    void HandleRejected(std::size_t application, DdnnReject reason);
    void HandleConnectionLost(uint64_t number);
    void HandleDrop(DdnnDrop cause, uint32_t node, Ptr<const Packet> packet);
    void HandleAir(Ptr<const Packet> packet, bool sendsOnce);
    void HandleForward(Ptr<const Packet> packet);
    std::string GetFate(const Message& message, const Copy& copy) const;
    void CountSent(const Message& message, int sign);
    static void Add(Counts& counts, DdnnKind kind, const std::string& fate, uint32_t bytes);

    const DdnnHelper& m_helper;
    std::map<Address, uint32_t> m_nodes;               ///< that have an IP address
    std::map<Address, std::vector<uint32_t>> m_groups; ///< of nodes that have a broadcast address
    std::map<uint32_t, const DdnnTopology::Cell*> m_cellOf; ///< by identifier of a device's node
    std::unordered_map<uint64_t, Message> m_messages;       ///< by running number
    std::vector<Received> m_received;                       ///< `[application]`
    std::array<Count, NUM_KINDS> m_sent;                    ///< `[kind]`
    std::array<Count, NUM_KINDS> m_accepted;                ///< `[kind]`
    Counts m_rejected;
};

} // namespace ns3

#endif // DDNN_TRANSIT_H
