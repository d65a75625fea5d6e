// SPDX-License-Identifier: GPL-2.0-only
#include "wire-world.h"

#include "contrib-ddnn/hierarchy-presets.h"

#include <gtest/gtest.h>

#include <tuple>

using namespace ns3;
using namespace ddnn::test;

namespace
{

/// With features of so many devices meeting at the backhaul, of 1 microsecond per byte.
Time
CloudLatency(const World& world, int numDevices, Time delay = MilliSeconds(5))
{
    return TimeToBackhaul(world) + numDevices * MicroSeconds(FEATURES_FRAME) + Compute(world, 1) +
           MicroSeconds(VERDICT_FRAME) + 2 * delay;
}

/// Call it so long after the first capture.
template <typename Action>
void
At(const DdnnHelper& helper, Time time, Action action)
{
    Simulator::Schedule(helper.GetFirstCapture() + time, action);
}

std::vector<Time>
Latencies(const DdnnRunResult& result)
{
    std::vector<Time> latencies;
    for (const DdnnSampleRecord& record : result.records)
    {
        latencies.push_back(record.latency.total);
    }
    return latencies;
}

std::string
ErrorOfFind(const DdnnTopology& topology, const std::string& name, std::size_t index)
{
    try
    {
        topology.FindWire(name, index);
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "";
}

} // namespace

class WireLatency : public testing::TestWithParam<int>
{
};

TEST_P(WireLatency, OfALocalExitIsTheClosedForm)
{
    const World world = MakeWorld('c', GetParam(), 4);
    const DdnnRunResult result = SimulateWires(world, MakeWireSettings(1));
    for (const DdnnSampleRecord& record : result.records)
    {
        EXPECT_EQ(record.exit, 0);
        EXPECT_EQ(record.latency.total,
                  Compute(world, 0) + MicroSeconds(SUMMARY_FRAME) + MicroSeconds(700));
    }
}

TEST_P(WireLatency, OfACloudExitIsTheClosedForm)
{
    const World world = MakeWorld('c', GetParam(), 4);
    const DdnnRunResult result = SimulateWires(world, MakeWireSettings(0));
    for (const DdnnSampleRecord& record : result.records)
    {
        EXPECT_EQ(record.exit, 1);
        EXPECT_EQ(record.latency.total, CloudLatency(world, GetParam()));
    }
}

INSTANTIATE_TEST_SUITE_P(Devices, WireLatency, testing::Values(1, 2, 6));

TEST(WireLatency, OfACellsLinkIsTheClosedForm)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 2;
    World world = MakeWorld('c', 2, 3);
    ddnn::Hierarchy hierarchy = ddnn::MakePreset('c', preset);
    hierarchy.cells = {{"", {0}}, {"", {1}}};
    world.model = std::make_shared<TableModel>(hierarchy);
    const Time cell = MicroSeconds(1100);
    for (const Time& latency : Latencies(SimulateWires(world, MakeWireSettings(1))))
    {
        EXPECT_EQ(latency,
                  Compute(world, 0) + 2 * MicroSeconds(SUMMARY_FRAME) + MicroSeconds(700) + cell);
    }
}

TEST(Wire, IsFoundByNameAndIndex)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 4;
    preset.numEdges = 2;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset('f', preset);
    hierarchy.cells = {{"", {0, 1}}, {"", {2}}, {"", {3}}};
    DdnnTopologySettings settings;
    settings.makeAccess = [](const std::string&, uint32_t cell) {
        DdnnAccessSettings access;
        access.name = "p2p";
        return MakeCellAccess(access, "p2p", cell);
    };
    const DdnnTopology topology(hierarchy, settings);
    const auto& wires = topology.GetWires();
    const auto lower = [&](std::size_t wire) {
        return wires[wire].devices.Get(0)->GetNode();
    };
    const auto upper = [&](std::size_t wire) {
        return wires[wire].devices.Get(1)->GetNode();
    };
    EXPECT_EQ(lower(topology.FindWire("cell", 2)), topology.GetCells()[2].gateway);
    EXPECT_EQ(upper(topology.FindWire("cell", 2)), topology.GetAggregator(0));
    EXPECT_EQ(lower(topology.FindWire("edge")), topology.GetAggregator(0));
    EXPECT_EQ(upper(topology.FindWire("edge")), topology.GetAggregator(1));
    EXPECT_EQ(topology.FindWire("edge"), topology.GetTrunk(1));
    EXPECT_EQ(lower(topology.FindWire("edge-site", 1)), topology.GetAggregator(1));
    EXPECT_EQ(upper(topology.FindWire("edge-site", 1)), topology.GetNode(1, 1));
    EXPECT_EQ(upper(topology.FindWire("cloud")), topology.GetNode(2, 0));
    EXPECT_EQ(topology.FindWire("backhaul"), topology.FindWire("cloud"));
    const std::string known = ", there are backhaul, cell 0 to 2, edge, edge-site 0 to 1, cloud";
    EXPECT_EQ(ErrorOfFind(topology, "cell", 3), "link cell 3 does not exist" + known);
    EXPECT_EQ(ErrorOfFind(topology, "clouds", 0), "link clouds 0 does not exist" + known);
    EXPECT_EQ(ErrorOfFind(topology, "backhaul", 1), "link backhaul 1 does not exist" + known);
    EXPECT_EQ(topology.GetCellWire(2), topology.FindWire("cell", 2));
    EXPECT_EQ(topology.GetSite(1, 1), topology.FindWire("edge-site", 1));

    hierarchy.tiers[2].name = "edge-site";
    const DdnnTopology ambiguous(hierarchy, settings);
    EXPECT_EQ(ErrorOfFind(ambiguous, "edge-site", 0),
              "link edge-site 0 is two: call a tier otherwise in the hierarchy");
    EXPECT_EQ(ambiguous.FindWire("edge-site", 1), ambiguous.GetSite(1, 1));
    const DdnnTopology local(ddnn::MakeLocalOnly(preset), settings);
    EXPECT_EQ(ErrorOfFind(local, "backhaul", 0), "link backhaul 0 does not exist, there are none");
    Simulator::Destroy();
}

TEST(Wire, ThatIsDownLosesEverythingUntilItIsUp)
{
    const World world = MakeWorld('c', 3, 10);
    const DdnnRunResult result = SimulateWires(world, MakeWireSettings(0), [](DdnnHelper& helper) {
        DdnnTopology& topology = helper.GetTopology();
        const std::size_t wire = topology.FindWire("cloud");
        At(helper, MilliSeconds(300), [&topology, wire] {
            topology.SetWireUp(wire, false);
        });
        At(helper, MilliSeconds(600), [&topology, wire] {
            topology.SetWireUp(wire, true);
        });
    });
    for (std::size_t i = 0; i < result.records.size(); ++i)
    {
        const bool down = i >= 3 && i < 6;
        EXPECT_EQ(result.records[i].outcome, down ? DdnnOutcome::FALLBACK : DdnnOutcome::EXITED);
        EXPECT_EQ(result.records[i].exit, down ? 0 : 1);
        EXPECT_EQ(result.records[i].latency.total,
                  down ? MilliSeconds(400) : CloudLatency(world, 3));
    }
}

TEST(Wire, LosesSoManyPackets)
{
    constexpr double LOSS = 0.3;
    constexpr int SAMPLES = 2000;
    const World world = MakeWorld('c', 1, SAMPLES);
    const DdnnRunResult result = SimulateWires(world, MakeWireSettings(0), [](DdnnHelper& helper) {
        helper.GetTopology().SetWireLoss(helper.GetTopology().FindWire("cloud"), LOSS);
    });
    // features up and verdict down both arrive
    const double expected = SAMPLES * (1 - LOSS) * (1 - LOSS);
    EXPECT_NEAR(result.exited, expected, 4 * std::sqrt(expected * (1 - (1 - LOSS) * (1 - LOSS))));
    int features = 0;
    for (const DdnnSampleRecord& record : result.records)
    {
        features += record.features[1] == "1" ? 1 : 0;
    }
    EXPECT_NEAR(features, SAMPLES * (1 - LOSS), 4 * std::sqrt(SAMPLES * LOSS * (1 - LOSS)));
}

TEST(Wire, WithoutLossIsAsNoneWasSet)
{
    const World world = MakeWorld('c', 3, 8);
    DdnnScenarioSettings settings = MakeWireSettings(0.5);
    const std::string plain = Csv(world, settings);
    settings.attach = [](DdnnHelper& helper) -> std::shared_ptr<void> {
        DdnnTopology& topology = helper.GetTopology();
        topology.SetWireLoss(0, 0);
        topology.SetWireUp(0, true);
        topology.SetWireRate(0, DataRate("8Mbps"));
        topology.SetWireDelay(0, MilliSeconds(5));
        topology.PauseWire(0, Time(0));
        return nullptr;
    };
    EXPECT_EQ(Csv(world, settings), plain);
}

TEST(Wire, RateAndDelayChangeWhileItRuns)
{
    const World world = MakeWorld('c', 2, 6);
    const DdnnRunResult result = SimulateWires(world, MakeWireSettings(0), [](DdnnHelper& helper) {
        DdnnTopology& topology = helper.GetTopology();
        At(helper, MilliSeconds(200), [&topology] {
            topology.SetWireRate(0, DataRate("1Mbps"));
        });
        At(helper, MilliSeconds(400), [&topology] {
            topology.SetWireDelay(0, MilliSeconds(9));
        });
    });
    const Time slower = 7 * MicroSeconds(2 * FEATURES_FRAME + VERDICT_FRAME);
    const auto latencies = Latencies(result);
    for (std::size_t i = 0; i < latencies.size(); ++i)
    {
        const Time delay = MilliSeconds(i < 4 ? 5 : 9);
        EXPECT_EQ(latencies[i], CloudLatency(world, 2, delay) + (i < 2 ? Time(0) : slower)) << i;
    }
}

TEST(Wire, KeepsTheRateOfWhatItTransmits)
{
    const World world = MakeWorld('c', 2, 1);
    // in the middle of the first of two frames
    const Time change = TimeToBackhaul(world) + MicroSeconds(FEATURES_FRAME / 2);
    const DdnnRunResult result =
        SimulateWires(world, MakeWireSettings(0), [change](DdnnHelper& helper) {
            DdnnTopology& topology = helper.GetTopology();
            At(helper, change, [&topology] {
                topology.SetWireRate(0, DataRate("1Mbps"));
            });
        });
    EXPECT_EQ(result.records[0].latency.total,
              CloudLatency(world, 2) + 7 * MicroSeconds(FEATURES_FRAME + VERDICT_FRAME));
}

class WirePause : public testing::TestWithParam<DdnnDiscipline>
{
};

TEST_P(WirePause, HoldsWhatHasNotBegun)
{
    const World world = MakeWorld('c', 3, 2);
    const Time begin = TimeToBackhaul(world) + MicroSeconds(FEATURES_FRAME / 2);
    const Time end = begin + MilliSeconds(30);
    DdnnScenarioSettings settings = MakeWireSettings(0);
    settings.links.cloud.discipline = GetParam();
    const DdnnRunResult result = SimulateWires(world, settings, [&](DdnnHelper& helper) {
        DdnnTopology& topology = helper.GetTopology();
        const Time until = helper.GetFirstCapture() + end;
        At(helper, begin, [&topology, until] {
            topology.PauseWire(0, until);
        });
    });
    // of three frames one is in transmission, two wait for the end
    EXPECT_EQ(result.records[0].latency.total,
              end + 2 * MicroSeconds(FEATURES_FRAME) + 2 * MilliSeconds(5) + Compute(world, 1) +
                  MicroSeconds(VERDICT_FRAME));
    EXPECT_EQ(result.records[1].latency.total, CloudLatency(world, 3));
}

INSTANTIATE_TEST_SUITE_P(Disciplines,
                         WirePause,
                         testing::Values(DdnnDiscipline::NONE,
                                         DdnnDiscipline::FIFO,
                                         DdnnDiscipline::CODEL,
                                         DdnnDiscipline::FQ_CODEL));

class WireQueue : public testing::TestWithParam<std::tuple<DdnnDiscipline, DdnnIpVersion>>
{
};

TEST_P(WireQueue, ChangesNothingWhereThereIsRoom)
{
    const World world = MakeWorld('c', 4, 6);
    DdnnScenarioSettings settings = MakeWireSettings(0.5);
    std::tie(settings.links.cloud.discipline, settings.links.ipVersion) = GetParam();
    settings.links.cloud.queue = QueueSize("50p");
    DdnnScenarioSettings plain = settings;
    plain.links.cloud.discipline = DdnnDiscipline::NONE;
    const DdnnRunResult result = Simulate(world, settings);
    ExpectAsInferred(world, result, 0.5);
    EXPECT_EQ(Latencies(result), Latencies(Simulate(world, plain)));
}

INSTANTIATE_TEST_SUITE_P(Disciplines,
                         WireQueue,
                         testing::Combine(testing::Values(DdnnDiscipline::FIFO,
                                                          DdnnDiscipline::PFIFO_FAST,
                                                          DdnnDiscipline::CODEL,
                                                          DdnnDiscipline::FQ_CODEL,
                                                          DdnnDiscipline::RED),
                                          testing::Values(DdnnIpVersion::V4, DdnnIpVersion::V6)));

class WireLimit : public testing::TestWithParam<std::tuple<DdnnDiscipline, const char*, int>>
{
};

TEST_P(WireLimit, DropsWhatDoesNotFit)
{
    const auto [discipline, queue, arriving] = GetParam();
    const World world = MakeWorld('c', 6, 3);
    DdnnScenarioSettings settings = MakeWireSettings(0);
    settings.links.cloud.discipline = discipline;
    settings.links.cloud.queue = QueueSize(queue);
    uint64_t drops = 0;
    const DdnnRunResult result = SimulateWires(world, settings, [&drops](DdnnHelper& helper) {
        At(helper, MilliSeconds(500), [&drops, &helper] {
            drops = helper.GetTopology().GetWires()[0].GetQueueDrops();
        });
    });
    for (const DdnnSampleRecord& record : result.records)
    {
        const std::string& features = record.features[1];
        EXPECT_EQ(std::count(features.begin(), features.end(), '1'), arriving);
    }
    EXPECT_EQ(drops, 3 * (6U - arriving));
}

// One packet is in transmission; with a discipline one more is in the device.
INSTANTIATE_TEST_SUITE_P(
    Queues,
    WireLimit,
    testing::Values(std::tuple(DdnnDiscipline::NONE, "3p", 4),
                    std::tuple(DdnnDiscipline::NONE, "1p", 2),
                    std::tuple(DdnnDiscipline::NONE, "500B", 3), // frames of 168 bytes
                    std::tuple(DdnnDiscipline::FIFO, "3p", 5),
                    std::tuple(DdnnDiscipline::FIFO, "1p", 3),
                    std::tuple(DdnnDiscipline::FIFO, "500B", 5), // packets of 166 bytes
                    std::tuple(DdnnDiscipline::PFIFO_FAST, "3p", 5)));

class WireBacklog : public testing::TestWithParam<DdnnDiscipline>
{
};

TEST_P(WireBacklog, IsWhatWaits)
{
    const World world = MakeWorld('c', 6, 1);
    DdnnScenarioSettings settings = MakeWireSettings(0);
    settings.links.cloud.discipline = GetParam();
    std::vector<Time> backlog;
    const auto note = [&backlog](DdnnHelper& helper) {
        backlog.push_back(helper.GetTopology().GetBacklog(1));
    };
    SimulateWires(world, settings, [&](DdnnHelper& helper) {
        const Time first = TimeToBackhaul(world);
        for (int frames = 0; frames < 7; ++frames)
        {
            const Time middle = first + MicroSeconds(frames * FEATURES_FRAME + 10);
            At(helper, middle, [note, &helper] {
                note(helper);
            });
        }
        At(helper, MicroSeconds(1), [note, &helper] {
            note(helper);
        });
    });
    EXPECT_EQ(backlog[0], Time(0));
    for (int frames = 0; frames < 7; ++frames)
    {
        EXPECT_EQ(backlog[frames + 1], std::max(5 - frames, 0) * MicroSeconds(FEATURES_FRAME));
    }
}

INSTANTIATE_TEST_SUITE_P(Disciplines,
                         WireBacklog,
                         testing::Values(DdnnDiscipline::NONE,
                                         DdnnDiscipline::FIFO,
                                         DdnnDiscipline::PFIFO_FAST,
                                         DdnnDiscipline::CODEL,
                                         DdnnDiscipline::FQ_CODEL,
                                         DdnnDiscipline::RED));

TEST(Wire, RefusesWhatNsWouldAbortAt)
{
    const World world = MakeWorld('c', 1, 1);
    DdnnScenarioSettings settings = MakeWireSettings(0);
    settings.links.cloud.queue = QueueSize("0p");
    EXPECT_THROW(Simulate(world, settings), std::runtime_error);
    settings.links.cloud.queue = QueueSize("5000B");
    settings.links.cloud.discipline = DdnnDiscipline::PFIFO_FAST;
    EXPECT_THROW(Simulate(world, settings), std::runtime_error);
}
