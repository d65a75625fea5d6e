// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TIMING_H
#define DDNN_TIMING_H

#include "ddnn-topology.h"

#include "contrib-ddnn/hierarchy.h"

#include "ns3/nstime.h"

namespace ns3
{

/**
 * How far apart messages arrive that belong together, when nothing is lost: what deadlines must
 * allow for. Generous estimates, from the hierarchy's sizes and the topology's links.
 */
class DdnnTiming
{
  public:
    /// Both must outlive this.
    DdnnTiming(const ddnn::Hierarchy& hierarchy, const DdnnTopology& topology);

    /// \return bytes of the largest payload that nodes of the tiers up to this one send
    static int GetLargestPayload(const ddnn::Hierarchy& hierarchy, std::size_t lastTier);

    /// \return from the first to the last device's summary at the local aggregator, if all leave at
    ///         the same moment
    Time GetSummarySpread() const;

    /// \return from the first to the last features that a node of this tier takes, or raw views
    Time GetFeatureSpread(int tier) const;

    /// \return from the sending of features by a node of this tier, or of raw views, to their
    ///         acknowledgement, if all nodes send at the same moment
    Time GetFeatureRoundTrip(int tier) const;

  private:
    Time GetSlots(int payload) const;

    const ddnn::Hierarchy& m_hierarchy;
    const DdnnTopology& m_topology;
};

} // namespace ns3

#endif // DDNN_TIMING_H
