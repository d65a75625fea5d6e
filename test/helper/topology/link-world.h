// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LINK_WORLD_H
#define DDNN_LINK_WORLD_H

#include "test/support/simulate.h"

#include "ns3/point-to-point-net-device.h"
#include "ns3/queue-disc.h"
#include "ns3/queue.h"
#include "ns3/simulator.h"
#include "ns3/traffic-control-layer.h"

#include <functional>
#include <string>
#include <vector>

// What the tests of point-to-point links share: no contention, no jitter, and sizes by hand.
namespace ddnn::test
{

/// On a point-to-point link: DDNN 10, UDP 8, IPv4 20, PPP 2.
constexpr int64_t LOWER_BYTES = 40;
constexpr int64_t SCORES_FRAME = 12 + LOWER_BYTES;
constexpr int64_t REQUEST_FRAME = LOWER_BYTES;
constexpr int64_t FEATURES_FRAME = 128 + LOWER_BYTES;
constexpr int64_t PREDICTION_FRAME = 12 + LOWER_BYTES;

/// Point-to-point access, 1 microsecond per byte on all links, a sample each 100 ms.
inline Settings
MakeLinkSettings(double threshold)
{
    return Settings()
        .SetAccess("p2p")
        .SetThreshold(threshold)
        .SetInterval(0.1)
        .Set("Site::SampleDeadline", "400ms")
        .Set("EndDevice::SendJitter", "0s")
        .Set("PointToPointAccess::DataRate", "8Mbps")
        .Set("PointToPointAccess::Delay", "700us")
        .Set("TopologyHelper::CellRate", "8Mbps")
        .Set("TopologyHelper::CellDelay", "1100us")
        .Set("Backhaul::Rate", "8Mbps")
        .Set("Backhaul::Delay", "5ms");
}

/// Call something when everything is installed.
inline Settings
Prepare(Settings settings, const std::function<void(const DdnnScenarioParts&)>& prepare)
{
    settings.attach = [prepare](const DdnnScenarioParts& parts) -> std::shared_ptr<void> {
        prepare(parts);
        return nullptr;
    };
    return settings;
}

inline const DdnnBackhaul&
GetBackhaul(const DdnnScenarioParts& parts)
{
    return *parts.topology->GetSites()[0].backhaul;
}

/// How many packets the queues at both ends of the backhaul have dropped.
inline uint64_t
CountDrops(const DdnnBackhaul& backhaul)
{
    uint64_t drops = 0;
    for (uint32_t end = 0; end < 2; ++end)
    {
        const auto device = DynamicCast<PointToPointNetDevice>(backhaul.GetDevices().Get(end));
        const auto layer = device->GetNode()->GetObject<TrafficControlLayer>();
        const auto discipline = layer->GetRootQueueDiscOnDevice(device);
        drops += device->GetQueue()->GetTotalDroppedPackets();
        drops += discipline ? discipline->GetStats().nTotalDroppedPackets : 0;
    }
    return drops;
}

/// Call it so long after the first capture.
template <typename Action>
void
At(const DdnnScenarioParts& parts, Time time, Action action)
{
    Simulator::Schedule(parts.firstCapture + time, action);
}

/// What a section and an exit compute on each sample, at the default speeds.
inline Time
Compute(const World& world, int tier)
{
    const ddnn::Hierarchy& hierarchy = world.model->GetHierarchy();
    const double speed = tier == 0 ? 249e6 : 100e9;
    return Seconds(ddnn::Operations(hierarchy, tier, 0) / speed) +
           Seconds(ddnn::ExitOperations(hierarchy, tier) / 100e9);
}

/// From the capture to the features' arrival at the gateway, and at once on to the cloud.
inline Time
TimeToBackhaul(const World& world)
{
    return Compute(world, 0) + MicroSeconds(SCORES_FRAME + REQUEST_FRAME + FEATURES_FRAME) +
           3 * MicroSeconds(700);
}

/// With features of so many devices that meet at the backhaul.
inline Time
CloudLatency(const World& world, int numDevices, Time delay = MilliSeconds(5))
{
    return TimeToBackhaul(world) + numDevices * MicroSeconds(FEATURES_FRAME) + Compute(world, 1) +
           MicroSeconds(PREDICTION_FRAME) + 2 * delay;
}

inline std::vector<Time>
GetLatencies(const DdnnRunResult& result)
{
    std::vector<Time> latencies;
    for (const DdnnSampleRecord& record : result.records)
    {
        latencies.push_back(record.latency.GetTotal());
    }
    return latencies;
}

/// \return with what a run is refused, or "accepted"
inline std::string
GetRefusal(const World& world, const Settings& settings)
{
    try
    {
        Simulate(world, settings);
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "accepted";
}

} // namespace ddnn::test

#endif // DDNN_LINK_WORLD_H
