// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-timing.h"

#include "ns3/ddnn-header.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// IP, UDP and PPP, of each fragment at most.
constexpr uint32_t LOWER_HEADERS = 60;

/// Payload of a fragment, at least.
constexpr uint32_t FRAGMENT = 1200;

/// On a point-to-point link, with all headers.
int64_t
WireBytes(int payload)
{
    const int64_t message = DdnnHeader::SIZE + payload;
    return message + (message / FRAGMENT + 1) * LOWER_HEADERS;
}

} // namespace

DdnnTiming::DdnnTiming(const ddnn::Hierarchy& hierarchy, const DdnnTopology& topology)
    : m_hierarchy(hierarchy)
    , m_topology(topology)
{
}

int
DdnnTiming::GetLargestPayload(const ddnn::Hierarchy& hierarchy, std::size_t lastTier)
{
    int largest = ddnn::SummaryBytes(hierarchy);
    for (std::size_t tier = 0; tier <= lastTier; ++tier)
    {
        const bool raw = hierarchy.rawOffload && tier == 0;
        const bool sends = !hierarchy.rawOffload && tier + 1 < hierarchy.tiers.size();
        for (int node = 0; (raw || sends) && node < hierarchy.tiers[tier].numNodes; ++node)
        {
            largest = std::max(largest,
                               raw ? ddnn::RawBytes(hierarchy, node)
                                   : ddnn::FeatureBytes(hierarchy, tier, node));
        }
    }
    return largest;
}

/// From the first to the last device's message of that size at the gateway.
Time
DdnnTiming::GetSlots(int payload) const
{
    const uint32_t message = DdnnHeader::SIZE + payload;
    Time longest;
    for (const DdnnTopology::Cell& cell : m_topology.GetCells())
    {
        const uint32_t devices = cell.devices.size();
        const Time slots = cell.access->GetSlotSpacing(message) * devices;
        longest = Max(longest, slots + cell.access->GetTransmissionTime(message));
    }
    return longest;
}

Time
DdnnTiming::GetSummarySpread() const
{
    const int payload = ddnn::SummaryBytes(m_hierarchy);
    const int64_t all = WireBytes(payload) * m_hierarchy.tiers[0].numNodes;
    return GetSlots(payload) + m_topology.GetSettings().cell.rate.CalculateBytesTxTime(all);
}

Time
DdnnTiming::GetFeatureSpread(int tier) const
{
    const bool raw = m_hierarchy.rawOffload;
    const int below = raw ? 0 : tier - 1;
    int64_t all = 0;
    for (int node = 0; node < m_hierarchy.tiers[below].numNodes; ++node)
    {
        all += WireBytes(raw ? ddnn::RawBytes(m_hierarchy, node)
                             : ddnn::FeatureBytes(m_hierarchy, below, node));
    }
    const DdnnTopologySettings& links = m_topology.GetSettings();
    Time spread = m_topology.GetUplink(tier).rate.CalculateBytesTxTime(all) +
                  links.site.rate.CalculateBytesTxTime(all);
    if (below == 0)
    {
        spread +=
            GetSlots(GetLargestPayload(m_hierarchy, 0)) + links.cell.rate.CalculateBytesTxTime(all);
    }
    return spread;
}

Time
DdnnTiming::GetFeatureRoundTrip(int tier) const
{
    const int last = static_cast<int>(m_hierarchy.tiers.size()) - 1;
    const int above = m_hierarchy.rawOffload ? last : tier + 1;
    if (above > last)
    {
        return Time(0);
    }
    const DdnnTopologySettings& links = m_topology.GetSettings();
    Time delay = links.cell.delay + links.site.delay * 2;
    for (int up = tier + 1; up <= above; ++up)
    {
        delay += m_topology.GetUplink(up).delay;
    }
    return GetFeatureSpread(above) + delay * 2;
}

} // namespace ns3
