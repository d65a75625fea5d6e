// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_MESSAGE_TRACKER_H
#define DDNN_MESSAGE_TRACKER_H

#include "ddnn-drops.h"

#include "ns3/application-container.h"
#include "ns3/ddnn-application.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{

/**
 * How many messages of one site and kind had one disposition. A message to a group of nodes counts
 * once for each.
 */
struct DdnnMessageCount
{
    uint16_t site{0};
    std::string kind; ///< as ToString(DdnnKind)
    std::string disposition;
    uint64_t messages{0};
    uint64_t bytes{0}; ///< of their DDNN headers and payload
};

/**
 * Follows each message from the application that sends it to those that it is for, on any network.
 * Dispositions are:
 * - `sent`, the sum of all others, in messages and in bytes;
 * - `accepted`;
 * - `rejected-` and the reason, as ToString(DdnnReject);
 * - `lost-` and the cause, as ToString(DdnnDrop): the first that a node on the way has told of.
 * With UDP these are all of DdnnDrop; with TCP, which repeats what is lost, `lost-connection`, and
 * `lost-no-route` of what the sender had no address or route for;
 * - `in-flight`: the sender keeps it still (TCP), or it was sent in the drain time before the end;
 * - `unknown`: nobody has told of it.
 *
 * What a link layer delivers twice counts once. The tracker must outlive the simulation.
 */
class DdnnMessageTracker
{
  public:
    /**
     * \param applications what DdnnHelper::Install has returned, of one site or several; they must
     *        exist when GetCounts is called, as they do until Simulator::Destroy
     * \param drain how long a message may travel: older ones are not in flight
     */
    explicit DdnnMessageTracker(const ApplicationContainer& applications, Time drain = Seconds(10));

    DdnnMessageTracker(const DdnnMessageTracker&) = delete;
    DdnnMessageTracker& operator=(const DdnnMessageTracker&) = delete;

    /// \return by site, kind and disposition, at this moment, without those that did not happen
    std::vector<DdnnMessageCount> GetCounts() const;

  private:
    /// A message on its way to one node.
    struct Copy
    {
        uint16_t site;
        DdnnKind kind;
        bool isGroup; ///< to a broadcast or multicast address
        bool isTcp;
        bool isDropped; ///< else it is lost for the cause only if it does not arrive
        DdnnDrop cause;
        uint32_t bytes;  ///< of header and payload
        uint32_t origin; ///< ns-3's identifier of the node that has sent it
        uint32_t node;   ///< that it is for
        Time sent;
    };

    /// An application, and the copy that it has received last.
    struct Receiver
    {
        Ptr<DdnnApplication> application;
        uint32_t node;
        std::optional<Copy> last; ///< nothing: that was no message of ours, or came before
    };

    /// Messages and bytes.
    struct Count
    {
        uint64_t messages{0};
        uint64_t bytes{0};
    };

    static constexpr std::size_t SENT = 0;
    static constexpr std::size_t ACCEPTED = 1;
    static constexpr std::size_t REJECTED = 2; ///< the first one of DdnnReject
    static constexpr std::size_t LOST = REJECTED + DDNN_NUM_REJECTS; ///< the first one of DdnnDrop
    static constexpr std::size_t IN_FLIGHT = LOST + DDNN_NUM_DROPS;
    static constexpr std::size_t UNKNOWN = IN_FLIGHT + 1;

    using SiteCounts = std::array<std::array<Count, UNKNOWN + 1>, DDNN_NUM_KINDS>;
    using Counts = std::map<uint16_t, SiteCounts>; ///< `[site][kind - 1][disposition]`

    void Connect(Receiver* receiver);
    void HandleSending(Receiver* sender,
                       const DdnnMessageName& name,
                       uint32_t payloadBytes,
                       const DdnnDestination& to);
    void HandleNotSent(Receiver* sender, const DdnnMessageName& name);
    void HandleRx(Receiver* receiver, const DdnnMessageName& name);
    void HandleRejected(Receiver* receiver, const DdnnMessageName& name, DdnnReject reason);
    void HandleConnectionLost(const DdnnMessageName& name);
    void HandleDrop(DdnnDrop cause, uint32_t node, Ptr<const Packet> packet);
    void HandlePassing(DdnnDrop cause, uint32_t node, Ptr<const Packet> packet);
    static bool Concerns(const Copy& copy, uint32_t node);
    static void Add(Counts& counts, const Copy& copy, std::size_t disposition, int number = 1);
    static std::string GetName(std::size_t disposition);

    Time m_drain;
    std::vector<Receiver> m_receivers;
    std::unordered_multimap<DdnnMessageName, Copy, DdnnMessageNameHash> m_copies; ///< unreceived
    Counts m_counts; ///< of those that were sent, accepted and rejected
};

} // namespace ns3

#endif // DDNN_MESSAGE_TRACKER_H
