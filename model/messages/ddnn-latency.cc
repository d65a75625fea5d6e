// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-latency.h"

#include <numeric>

namespace ns3
{

Time
DdnnLatency::GetTotal() const
{
    return std::accumulate(network.begin(), network.end(), compute + queueing + waiting);
}

void
DdnnLatency::Advance(Time& part, Time now)
{
    part += now - captured - GetTotal();
}

} // namespace ns3
