// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_WIRE_WORLD_H
#define DDNN_WIRE_WORLD_H

#include "simulate.h"

#include "ns3/simulator.h"

#include <functional>

// What the tests of point-to-point links share: no contention, no jitter, and sizes by hand.
namespace ddnn::test
{

/// On a point-to-point link: DDNN 10, UDP 8, IPv4 20, PPP 2.
constexpr int64_t LOWER_BYTES = 40;
constexpr int64_t SUMMARY_FRAME = 12 + LOWER_BYTES;
constexpr int64_t REQUEST_FRAME = LOWER_BYTES;
constexpr int64_t FEATURES_FRAME = 128 + LOWER_BYTES;
constexpr int64_t VERDICT_FRAME = 12 + LOWER_BYTES;

/// Point-to-point access, 1 microsecond per byte on all links.
inline DdnnScenarioSettings
MakeWireSettings(double threshold)
{
    DdnnScenarioSettings settings;
    settings.threshold = threshold;
    settings.access.name = "p2p";
    settings.access.pointToPoint.rate = DataRate("8Mbps");
    settings.access.pointToPoint.delay = MicroSeconds(700);
    settings.links.cloud.rate = DataRate("8Mbps");
    settings.links.cloud.delay = MilliSeconds(5);
    settings.links.cell.rate = DataRate("8Mbps");
    settings.links.cell.delay = MicroSeconds(1100);
    settings.interval = MilliSeconds(100);
    settings.sampleDeadline = MilliSeconds(400);
    return settings;
}

inline void
RemoveJitter(DdnnHelper& helper)
{
    for (int i = 0; i < helper.GetHierarchy().tiers[0].numNodes; ++i)
    {
        helper.GetDevice(i)->SetAttribute("Jitter", TimeValue(Time(0)));
    }
}

/// Run without jitter, and with what is done when everything is installed.
inline DdnnRunResult
SimulateWires(const World& world,
              DdnnScenarioSettings settings,
              const std::function<void(DdnnHelper&)>& prepare = nullptr)
{
    settings.attach = [&prepare](DdnnHelper& helper) -> std::shared_ptr<void> {
        RemoveJitter(helper);
        if (prepare)
        {
            prepare(helper);
        }
        return nullptr;
    };
    return Simulate(world, settings);
}

/// Of a section, from its operations and its processor's speed.
inline Time
Compute(const World& world, int tier)
{
    const double speed = tier == 0 ? 249e6 : 100e9;
    return Seconds(ddnn::Operations(world.model->GetHierarchy(), tier, 0) / speed);
}

/// From the capture to the features' arrival at the gateway, and at once on to the cloud.
inline Time
TimeToBackhaul(const World& world)
{
    return Compute(world, 0) + MicroSeconds(SUMMARY_FRAME + REQUEST_FRAME + FEATURES_FRAME) +
           3 * MicroSeconds(700);
}

} // namespace ddnn::test

#endif // DDNN_WIRE_WORLD_H
