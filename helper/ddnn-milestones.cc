// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-milestones.h"

namespace ns3
{

void
DdnnMilestones::Open(Time now, std::size_t numTiers)
{
    m_open = true;
    m_captured = now;
    m_tiers.resize(numTiers);
}

void
DdnnMilestones::PassGateway(uint32_t device, Time now, std::size_t numDevices)
{
    if (m_open && device < numDevices)
    {
        // A message in several fragments has passed with its last one.
        m_passed.resize(numDevices);
        m_passed[device] = now;
    }
}

std::optional<Time>
DdnnMilestones::LeftGateway(uint32_t device) const
{
    if (device < m_passed.size() && m_passed[device].IsStrictlyPositive())
    {
        return m_passed[device];
    }
    return std::nullopt;
}

void
DdnnMilestones::Summary(int tier, Time now, uint32_t device, Time compute)
{
    if (!m_open || m_tiers[tier].summary)
    {
        return;
    }
    m_tiers[tier].summary = now;
    if (tier == 0)
    {
        m_tiers[0].serverClosed = m_captured;
        m_tiers[0].compute = compute;
        m_tiers[0].summaryLeftGateway = LeftGateway(device);
    }
}

void
DdnnMilestones::ExitClosed(int tier, Time now)
{
    if (m_open)
    {
        m_tiers[tier].exitClosed = now;
    }
}

void
DdnnMilestones::Features(int tier, Time now, uint32_t child)
{
    if (m_open && !m_tiers[tier].features)
    {
        m_tiers[tier].features = now;
        m_tiers[tier].leftGateway = LeftGateway(child);
    }
}

void
DdnnMilestones::ServerClosed(int tier, Time now, Time compute)
{
    if (m_open && !m_tiers[tier].serverClosed)
    {
        m_tiers[tier].serverClosed = now;
        m_tiers[tier].compute = compute;
    }
}

DdnnLatency
DdnnMilestones::End(Time now, int exit)
{
    DdnnLatency latency;
    Time reached = m_captured;
    const auto advance = [&reached](Time& part, const std::optional<Time>& until) {
        if (until && *until > reached)
        {
            part += *until - reached;
            reached = *until;
        }
    };
    for (const Tier& tier : m_tiers)
    {
        advance(latency.access, tier.leftGateway);
        advance(latency.backhaul, tier.features);
        advance(latency.waiting, tier.serverClosed);
        if (tier.summary)
        {
            advance(latency.compute, Min(reached + tier.compute, *tier.summary));
            advance(latency.access, tier.summaryLeftGateway);
            advance(&tier == &m_tiers.front() && !tier.summaryLeftGateway ? latency.access
                                                                          : latency.backhaul,
                    tier.summary);
        }
        advance(latency.waiting, tier.exitClosed);
    }
    advance(exit > 0 ? latency.backhaul : latency.waiting, now);
    latency.total = now - m_captured;
    m_open = false;
    m_passed = {};
    m_tiers = {};
    return latency;
}

} // namespace ns3
