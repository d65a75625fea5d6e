// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_MILESTONES_H
#define DDNN_MILESTONES_H

#include "ddnn-record.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{

/**
 * When a sample passed which point on its way up the hierarchy, and how its latency splits.
 *
 * On each tier: the first features accepted by a node, the first closing of a node, the first
 * summary accepted by the aggregator, and its closing. From the first features to the first
 * closing, and from the first summary to the aggregator's closing, the sample waits. From a node's
 * closing to the first summary it computes for as long as that node's section takes; the rest of
 * that, and the way from one tier to the next, is transmission. Of that, the devices' messages are
 * on the access network until they leave their gateway upward, else on the backhaul. A sample that
 * does not pass all points waits from the last one until it ends.
 */
class DdnnMilestones
{
  public:
    /// The sample is captured. What is told before this, or after End, does not count.
    /// \param numTiers of the hierarchy
    void Open(Time now, std::size_t numTiers);

    /// A message of a device has left its gateway, upward.
    void PassGateway(uint32_t device, Time now, std::size_t numDevices);

    /// \param device whose summary it is, on the first tier
    /// \param compute duration of its section, on the first tier
    void Summary(int tier, Time now, uint32_t device, Time compute);

    void ExitClosed(int tier, Time now);

    /// \param child whose features they are, on the second tier a device
    void Features(int tier, Time now, uint32_t child);

    void ServerClosed(int tier, Time now, Time compute);

    /// \param exit tier whose verdict arrived, the last point that counts; -1: none did
    DdnnLatency End(Time now, int exit);

  private:
    /// Of one tier; what has not happened is not set.
    struct Tier
    {
        std::optional<Time> features;
        std::optional<Time> leftGateway; ///< the message of these features
        std::optional<Time> serverClosed;
        Time compute;
        std::optional<Time> summary;
        std::optional<Time> summaryLeftGateway;
        std::optional<Time> exitClosed;
    };

    std::optional<Time> LeftGateway(uint32_t device) const;

    Time m_captured;
    std::vector<Tier> m_tiers;
    std::vector<Time> m_passed; ///< `[device]`, when its latest message left its gateway
    bool m_open{false};         ///< captured, and not ended
};

} // namespace ns3

#endif // DDNN_MILESTONES_H
