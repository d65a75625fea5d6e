// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LATENCY_H
#define DDNN_LATENCY_H

#include "ddnn-header.h"

#include "ns3/nstime.h"

#include <array>

namespace ns3
{

/**
 * The latency of a sample, from its capture on, in parts. They follow the critical path: each
 * message carries the latency until it was sent, and what closes a collector, its last message or
 * its deadline, passes on its own. So the parts always add up to the time that has passed.
 */
struct DdnnLatency
{
    DdnnLatency() = default;

    explicit DdnnLatency(Time now)
        : captured(now)
        , end(now)
    {
    }

    Time captured; ///< when the site's clock captured the sample
    Time end;      ///< until when the parts account for the time
    Time compute;  ///< the sections and exits at work
    Time queueing; ///< for a processor that was busy
    Time waiting;  ///< for other nodes: until a deadline, or for the node's turn to send
    /// `[tier]`, messages on their way to the nodes or the exit of a tier, and those of its exit
    std::array<Time, DdnnHeader::MAX_TIERS> network;

    /// \return the sum of all parts
    Time GetTotal() const
    {
        return end - captured;
    }

    /// \param part one of the parts, which grows by the time since the end of the latency so far
    void Advance(Time& part, Time now)
    {
        part += now - end;
        end = now;
    }
};

} // namespace ns3

#endif // DDNN_LATENCY_H
