// SPDX-License-Identifier: GPL-2.0-only
#include "simulate.h"
#include "test/test-support.h"

#include "ns3/ddnn-fault-injector.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

using namespace ns3;
using namespace ddnn::test;

namespace
{

/// Ten samples a second over point-to-point links, none of which exits before the cloud.
DdnnScenarioSettings
MakeSettings(const std::string& faults)
{
    DdnnScenarioSettings settings;
    settings.access.name = "p2p";
    settings.threshold = 0;
    settings.rngRun = 1;
    settings.faults = ParseFaults(faults);
    return settings;
}

/// Who told its scores of each sample.
std::vector<std::string>
Presence(const DdnnRunResult& result)
{
    std::vector<std::string> presence;
    for (const DdnnSampleRecord& record : result.records)
    {
        presence.push_back(record.summaries[0]);
    }
    return presence;
}

/// The tier whose verdict each sample has.
std::vector<int>
Exits(const DdnnRunResult& result)
{
    std::vector<int> exits;
    for (const DdnnSampleRecord& record : result.records)
    {
        exits.push_back(record.exit);
    }
    return exits;
}

/// All but the number of events, in which runs with and without faults differ.
std::string
Records(const World& world, const DdnnRunResult& result)
{
    const auto& hierarchy = world.model->GetHierarchy();
    DdnnCsv csv(hierarchy);
    csv.Add(result, Summarise(result, hierarchy, 0));
    return csv.GetSamples() + csv.GetTraffic();
}

std::string
FaultCsv(const World& world, const DdnnRunResult& result)
{
    const auto& hierarchy = world.model->GetHierarchy();
    DdnnCsv csv(hierarchy);
    csv.Add(result, Summarise(result, hierarchy, 0));
    return csv.GetFaults();
}

std::string
Refusal(const World& world, const DdnnScenarioSettings& settings)
{
    try
    {
        Simulate(world, settings);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "accepted";
}

/// A run that is long and does next to nothing but fail.
DdnnRunResult
FailForLong(const std::string& faults, uint64_t run)
{
    const World world = MakeWorld('c', 3, 2);
    DdnnScenarioSettings settings = MakeSettings(faults);
    settings.interval = Seconds(5000);
    settings.rngRun = run;
    return Simulate(world, settings);
}

/// Seconds from each fault with this action, or from the start, to the target's next one.
std::vector<double>
Intervals(const DdnnRunResult& result, const std::string& from)
{
    std::map<std::string, DdnnFaultRecord> last;
    std::vector<double> intervals;
    for (const DdnnFaultRecord& fault : result.faults)
    {
        const auto found = last.find(fault.target);
        const std::string before = found == last.end() ? "up" : found->second.action;
        const Time since = found == last.end() ? Time(0) : found->second.time;
        EXPECT_NE(fault.action, before);
        if (before == from)
        {
            intervals.push_back((fault.time - since).GetSeconds());
        }
        last[fault.target] = fault;
    }
    return intervals;
}

/// The mean is what it should be, within four standard errors.
void
ExpectMean(const std::vector<double>& values, double mean, double deviation)
{
    ASSERT_GT(values.size(), 1000U);
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    EXPECT_NEAR(sum / values.size(), mean, 4 * deviation / std::sqrt(values.size()));
}

} // namespace

TEST(FaultInjector, DownFromTheStartIsAFailedDevice)
{
    const World world = MakeWorld('c', 6, 10);
    for (const char* access : {"p2p", "wifi"})
    {
        DdnnScenarioSettings failed = MakeSettings("");
        failed.access.name = access;
        failed.threshold = 0.5;
        failed.failedDevices = {1, 4};
        DdnnScenarioSettings down = MakeSettings("0s device:1,4 down");
        down.access.name = access;
        down.threshold = 0.5;
        const DdnnRunResult expected = Simulate(world, failed);
        const DdnnRunResult result = Simulate(world, down);
        EXPECT_EQ(Records(world, result), Records(world, expected)) << access;
        EXPECT_EQ(Presence(result), std::vector<std::string>(10, "101101")) << access;
        ExpectAsInferred(world, result, 0.5, {1, 4});
    }
}

TEST(FaultInjector, WithoutAFaultThatMattersNothingChanges)
{
    const World world = MakeWorld('c', 3, 5);
    const DdnnRunResult expected = Simulate(world, MakeSettings(""));
    const DdnnRunResult result =
        Simulate(world,
                 MakeSettings("0s link:* loss 0; 0s * up; 0s * normal; 0s * restart; "
                              "0s link:* link-up; 0s link:cloud rate 10Mbps; "
                              "0s device:* slow 1; 999ms * down"));
    EXPECT_EQ(Records(world, result), Records(world, expected));
}

TEST(FaultInjector, DeviceMissesWhatIsCapturedWhileItIsDown)
{
    const World world = MakeWorld('c', 3, 8);
    const std::vector<std::string> expected{"111", "111", "101", "101", "101", "111", "111", "111"};
    // captures are at 0, 100 ms and so on; at the same moment the fault comes first
    EXPECT_EQ(Presence(Simulate(world, MakeSettings("150ms device:1 down; 450ms device:1 up"))),
              expected);
    EXPECT_EQ(Presence(Simulate(world, MakeSettings("500ms device:1 up; 200ms device:1 down"))),
              expected);
    EXPECT_EQ(Presence(Simulate(
                  world,
                  MakeSettings("200ms link:device:1 link-down; 500ms link:device:1 link-up"))),
              expected);
    EXPECT_EQ(
        Presence(Simulate(world, MakeSettings("200ms device:1 crash; 500ms device:1 restart"))),
        expected);
    EXPECT_EQ(
        Presence(Simulate(world, MakeSettings("0s device:1 fails constant:200ms constant:300ms"))),
        (std::vector<std::string>{"111", "111", "101", "101", "101", "111", "111", "101"}));
}

TEST(FaultInjector, OverlappingFaultsCompose)
{
    const World world = MakeWorld('c', 3, 6);
    const std::vector<std::string> expected{"111", "101", "101", "101", "111", "111"};
    for (const char* faults :
         {"100ms device:1 down; 200ms device:1 down; 400ms device:1 up",
          "100ms device:1 down; 200ms link:device:1 link-down; 300ms device:1 up; "
          "400ms link:device:1 link-up",
          "100ms device:1 crash; 200ms device:1 down; 300ms device:1 restart; 400ms device:1 up",
          "100ms device:1 down; 200ms device:1 crash; 300ms device:1 up; 400ms device:1 restart",
          "0s device:1 up; 100ms device:1 fails-together constant:1ns constant:10s; "
          "400ms device:1 up"})
    {
        EXPECT_EQ(Presence(Simulate(world, MakeSettings(faults))), expected) << faults;
    }
}

TEST(FaultInjector, EmptyBatteryStaysEmpty)
{
    const World world = MakeWorld('c', 3, 4);
    DdnnScenarioSettings settings = MakeSettings("0s device:1 down; 100ms device:1 up; "
                                                 "200ms device:1 crash; 300ms device:1 restart");
    settings.attach = [](DdnnHelper& helper) -> std::shared_ptr<void> {
        helper.SetDown(1, DdnnDownReason::BATTERY, true);
        return nullptr;
    };
    EXPECT_EQ(Presence(Simulate(world, settings)), std::vector<std::string>(4, "101"));
}

TEST(FaultInjector, CrashLosesWhatDownKeeps)
{
    // the third device is silent, so that features are asked for after the deadline only
    const World world = MakeWorld('c', 3, 1);
    const DdnnRunResult kept =
        Simulate(world, MakeSettings("0s device:2 down; 20ms device:0 down; 30ms device:0 up"));
    EXPECT_EQ(kept.records[0].summaries[0], "110");
    EXPECT_EQ(kept.records[0].features[1], "110");
    const DdnnRunResult lost =
        Simulate(world,
                 MakeSettings("0s device:2 down; 20ms device:0 crash; 30ms device:0 restart"));
    EXPECT_EQ(lost.records[0].summaries[0], "110");
    EXPECT_EQ(lost.records[0].features[1], "010");
}

TEST(FaultInjector, RestartedApplicationsHaveNewConnections)
{
    // what waits in the old connections is repeated after a second; the next sample does not wait
    const World world = MakeWorld('c', 3, 4);
    DdnnScenarioSettings settings =
        MakeSettings("0s link:device:* loss 1; 50ms device:* crash; "
                     "60ms link:device:* loss 0; 80ms device:* restart");
    settings.transport = DdnnTransport::TCP;
    settings.threshold = 1;
    const DdnnRunResult result = Simulate(world, settings);
    for (int sample = 1; sample < 4; ++sample)
    {
        EXPECT_EQ(result.records[sample].summaries[0], "111") << sample;
        EXPECT_LT(result.records[sample].latency.total, MilliSeconds(20)) << sample;
    }
}

TEST(FaultInjector, GatewayThatIsDownIsTheEndOfItsSamples)
{
    const World world = MakeWorld('c', 3, 6);
    for (const char* access : {"p2p", "csma"})
    {
        DdnnScenarioSettings settings = MakeSettings("200ms gateway down; 400ms gateway up");
        settings.access.name = access;
        const DdnnRunResult result = Simulate(world, settings);
        EXPECT_EQ(Exits(result), (std::vector<int>{1, 1, -1, -1, 1, 1})) << access;
        EXPECT_EQ(result.lost, 2U) << access;
    }
}

TEST(FaultInjector, WithoutTheBackhaulTheLocalVerdictStands)
{
    const World world = MakeWorld('c', 3, 6);
    const std::vector<int> expected{1, 1, 0, 0, 1, 1};
    for (const char* faults :
         {"200ms cloud down; 400ms cloud up",
          "200ms link:backhaul link-down; 400ms link:cloud link-up",
          "200ms cloud crash; 400ms cloud restart",
          "200ms link:cloud loss 1; 400ms link:cloud loss 0",
          "200ms cloud down; 250ms link:cloud link-down; 300ms cloud up; 400ms link:cloud link-up",
          "200ms cloud down; 250ms link:cloud link-down; 300ms link:cloud link-up; 400ms cloud up"})
    {
        const DdnnRunResult result = Simulate(world, MakeSettings(faults));
        EXPECT_EQ(Exits(result), expected) << faults;
        EXPECT_EQ(result.fallback, 2U) << faults;
    }
}

TEST(FaultInjector, RouterThatIsDownCutsItsTier)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 4;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset('f', preset);
    ddnn::SplitIntoCells(hierarchy, 2);
    World world = MakeWorld('c', 4, 4);
    world.model = std::make_shared<TableModel>(hierarchy);
    // up to this tier nothing gets any more
    EXPECT_EQ(Exits(Simulate(world, MakeSettings("0s aggregator:edge down"))),
              std::vector<int>(4, 0));
    EXPECT_EQ(Exits(Simulate(world, MakeSettings("0s link:edge link-down"))),
              std::vector<int>(4, 0));
    EXPECT_EQ(Exits(Simulate(world, MakeSettings("0s edge:* down"))), std::vector<int>(4, 0));
    EXPECT_EQ(Exits(Simulate(world, MakeSettings("0s aggregator:local down"))),
              std::vector<int>(4, -1));
    const DdnnRunResult one = Simulate(world, MakeSettings("0s edge:1 down"));
    const DdnnRunResult wire = Simulate(world, MakeSettings("0s link:edge:1 link-down"));
    const DdnnRunResult cell = Simulate(world, MakeSettings("0s gateway:1 down"));
    const DdnnRunResult cellWire = Simulate(world, MakeSettings("0s link:cell:1 link-down"));
    for (int sample = 0; sample < 4; ++sample)
    {
        EXPECT_EQ(one.records[sample].summaries[1], "10");
        EXPECT_EQ(wire.records[sample].summaries[1], "10");
        EXPECT_EQ(cell.records[sample].summaries[0], "1100");
        EXPECT_EQ(cellWire.records[sample].summaries[0], "1100");
    }
}

TEST(FaultInjector, SlowNodesComputeLonger)
{
    const World world = MakeWorld('c', 3, 3);
    DdnnScenarioSettings settings = MakeSettings("");
    settings.threshold = 1; // the devices alone compute
    const Time normal = Simulate(world, settings).records[0].latency.compute;
    settings.faults = ParseFaults("100ms device:* slow 3; 200ms device:* normal");
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_EQ(result.records[0].latency.compute, normal);
    EXPECT_NEAR(result.records[1].latency.compute.GetNanoSeconds(),
                3.0 * normal.GetNanoSeconds(),
                3);
    EXPECT_EQ(result.records[2].latency.compute, normal);
    // as long as the section took, also if it is as fast as before when the summary arrives
    settings.faults = ParseFaults("0s device:* slow 20; 15ms device:* normal");
    EXPECT_NEAR(Simulate(world, settings).records[0].latency.compute.GetNanoSeconds(),
                20.0 * normal.GetNanoSeconds(),
                20);
}

TEST(FaultInjector, DelayAddsToTheLatency)
{
    const World world = MakeWorld('c', 3, 4);
    const DdnnRunResult normal = Simulate(world, MakeSettings(""));
    const DdnnRunResult backhaul =
        Simulate(world, MakeSettings("200ms link:cloud delay 70ms; 300ms link:cloud delay 20ms"));
    const DdnnRunResult access = Simulate(world, MakeSettings("200ms link:device:* delay 30ms"));
    EXPECT_EQ(backhaul.records[1].latency.total, normal.records[1].latency.total);
    // features up, verdict down
    EXPECT_EQ(backhaul.records[2].latency.total,
              normal.records[2].latency.total + MilliSeconds(100));
    EXPECT_EQ(backhaul.records[3].latency.total, normal.records[3].latency.total);
    // summary up, request down, features up
    const Time usual = DdnnPointToPointSettings().delay;
    EXPECT_EQ(access.records[2].latency.total,
              normal.records[2].latency.total + 3 * (MilliSeconds(30) - usual));
}

TEST(FaultInjector, BitErrorsChangeVerdictsAndNotWhoIsThere)
{
    const World world = MakeWorld('c', 3, 10);
    const DdnnRunResult good = Simulate(world, MakeSettings("0s cloud ber 0"));
    const DdnnRunResult bad = Simulate(world, MakeSettings("0s cloud ber 0.1; 800ms cloud normal"));
    ExpectAsInferred(world, good, 0);
    std::size_t changed = 0;
    for (std::size_t i = 0; i < 10; ++i)
    {
        EXPECT_EQ(bad.records[i].features[1], "111");
        const bool same = bad.records[i].uncertainty == good.records[i].uncertainty;
        changed += same ? 0 : 1;
        EXPECT_TRUE(i < 8 || same) << i;
    }
    EXPECT_EQ(changed, 8U);
}

TEST(FaultInjector, RandomFaultsFollowTheirDistribution)
{
    const DdnnRunResult exponential =
        FailForLong("0s device:* fails exponential:5s weibull:3s:1.5", 1);
    ExpectMean(Intervals(exponential, "up"), 5, 5);
    const double mean = 3 * std::tgamma(1 + 1 / 1.5);
    ExpectMean(Intervals(exponential, "down"),
               mean,
               std::sqrt(9 * std::tgamma(1 + 2 / 1.5) - mean * mean));
    const auto constant =
        Intervals(FailForLong("0s device:0 fails constant:5s constant:2500ms", 1), "up");
    EXPECT_EQ(constant, std::vector<double>(1333, 5.0));
    // memoryless: a part of 1/e lives longer than the mean
    const auto lives = Intervals(exponential, "up");
    const double longer = std::count_if(lives.begin(), lives.end(), [](double life) {
        return life > 5;
    });
    EXPECT_NEAR(longer / lives.size(), std::exp(-1), 4 * 0.5 / std::sqrt(lives.size()));
}

TEST(FaultInjector, RandomFaultsDependOnTheRunNumberAlone)
{
    const World world = MakeWorld('c', 3, 2);
    const std::string faults = "0s device:* fails exponential:5s exponential:5s";
    const std::string first = FaultCsv(world, FailForLong(faults, 1));
    EXPECT_EQ(FaultCsv(world, FailForLong(faults, 1)), first);
    EXPECT_NE(FaultCsv(world, FailForLong(faults, 2)), first);
}

TEST(FaultInjector, GroupsFailTogetherOrEachForItself)
{
    const DdnnRunResult together =
        FailForLong("0s device:* fails-together exponential:5s exponential:5s", 1);
    ASSERT_EQ(together.faults.size() % 3, 0U);
    ASSERT_GT(together.faults.size(), 1000U);
    for (std::size_t i = 0; i < together.faults.size(); ++i)
    {
        EXPECT_EQ(together.faults[i].target, "device:" + std::to_string(i % 3));
        EXPECT_EQ(together.faults[i].time, together.faults[i - i % 3].time);
        EXPECT_EQ(together.faults[i].action, i / 3 % 2 == 0 ? "down" : "up");
    }
    const DdnnRunResult apart = FailForLong("0s device:* fails exponential:5s exponential:5s", 1);
    std::set<Time> times;
    for (const DdnnFaultRecord& fault : apart.faults)
    {
        times.insert(fault.time);
    }
    EXPECT_EQ(times.size(), apart.faults.size());
}

TEST(FaultInjector, FileAndTextGiveTheSameBytes)
{
    const World world = MakeWorld('c', 3, 10);
    const std::string text = "100ms device:2 down; 300ms device:2 up; 0s link:cloud loss 0.3; "
                             "0s device:0 fails exponential:100ms exponential:100ms";
    const ddnn::test::TempDir folder;
    const std::string path = folder.Path("x.faults");
    std::string lines = "# the same\n" + text;
    std::replace(lines.begin(), lines.end(), ';', '\n');
    std::ofstream(path) << lines;
    DdnnScenarioSettings settings = MakeSettings(text);
    const DdnnRunResult inlined = Simulate(world, settings);
    settings.faults = ReadFaultScript(path);
    const DdnnRunResult fromFile = Simulate(world, settings);
    const auto& hierarchy = world.model->GetHierarchy();
    EXPECT_EQ(Csv(hierarchy, 0, fromFile), Csv(hierarchy, 0, inlined));
    EXPECT_EQ(FaultCsv(world, fromFile), FaultCsv(world, inlined));
    EXPECT_NE(FaultCsv(world, inlined).find("0.000000,0.100000000,device:2,down,\n"),
              std::string::npos);
    EXPECT_NE(FaultCsv(world, inlined).find("0.000000,0.000000000,link:cloud,loss,0.3\n"),
              std::string::npos);
}

TEST(FaultInjector, TellsWhatHappenedInOrder)
{
    const World world = MakeWorld('c', 2, 3);
    const DdnnRunResult result =
        Simulate(world,
                 MakeSettings("200ms device:* slow 2; 100ms cloud crash; 200ms cloud restart"));
    EXPECT_EQ(FaultCsv(world, result),
              "threshold,time_s,target,action,value\n"
              "0.000000,0.100000000,cloud,crash,\n"
              "0.000000,0.200000000,device:0,slow,2\n"
              "0.000000,0.200000000,device:1,slow,2\n"
              "0.000000,0.200000000,cloud,restart,\n");
}

TEST(FaultInjector, WritesItsFileWhereFaultsWereGiven)
{
    const auto hierarchy = MakeWorld('c', 2, 3).model->GetHierarchy();
    const ddnn::test::TempDir folder;
    DdnnCsv(hierarchy).Write(folder.Path(""));
    EXPECT_FALSE(std::filesystem::exists(folder.Path("faults.csv")));
    DdnnCsv(hierarchy, false, true).Write(folder.Path(""));
    std::ifstream file(folder.Path("faults.csv"));
    std::string line;
    std::getline(file, line);
    EXPECT_EQ(line, "threshold,time_s,target,action,value");
}

TEST(FaultInjector, AddsFaultsWhileTheSimulationRuns)
{
    const World world = MakeWorld('c', 3, 4);
    DdnnScenarioSettings settings = MakeSettings("");
    std::string past = "accepted";
    settings.attach = [&past](DdnnHelper& helper) {
        auto injector = CreateObject<DdnnFaultInjector>(helper);
        injector->Add("100ms device:0 down; 200ms device:0 up");
        Simulator::Schedule(helper.GetFirstCapture() + MilliSeconds(150), [injector, &past] {
            injector->Add("300ms device:1 down");
            try
            {
                injector->Add("149ms device:2 down");
            }
            catch (const std::runtime_error& e)
            {
                past = e.what();
            }
        });
        return std::make_shared<Ptr<DdnnFaultInjector>>(injector);
    };
    EXPECT_EQ(Presence(Simulate(world, settings)),
              (std::vector<std::string>{"111", "011", "111", "101"}));
    EXPECT_EQ(past, "--fault, event 1: the time of down has passed");
}

TEST(FaultInjector, RefusesWhatTheTechnologyCannot)
{
    const World world = MakeWorld('c', 2, 2);
    const auto refusal = [&world](const std::string& access, const std::string& faults) {
        DdnnScenarioSettings settings = MakeSettings(faults);
        settings.access.name = access;
        return Refusal(world, settings);
    };
    EXPECT_EQ(refusal("p2p", "0s device:5 down"),
              "--fault, event 1: target device:5 does not exist, there are 2, numbered from 0");
    EXPECT_EQ(refusal("wifi", "0s link:cloud delay 1ms; 100ms link:device:1 delay 1ms"),
              "--fault, event 2: delay: access network wifi has no delay that could be set: it "
              "follows from the distances");
    EXPECT_EQ(refusal("lrwpan", "100ms link:device:1 rate 1Mbps"),
              "--fault, event 1: rate: access network lrwpan has one rate for all, which cannot "
              "change while it runs");
    EXPECT_NE(refusal("p2p", "500ms link:device:1 rate fast").find("event 1: rate: rate 'fast'"),
              std::string::npos);
    EXPECT_EQ(refusal("p2p", "100ms link:device:1 rate 1Mbps"), "accepted");
    EXPECT_EQ(refusal("csma", "0s * up; 100ms link:device:1 delay 1ms"),
              "--fault, event 2: delay: access network csma has one delay for all devices of a "
              "cell; name them all");
    EXPECT_EQ(refusal("csma", "100ms link:device:0,1 delay 1ms"), "accepted");
}

TEST(FaultInjector, NamesAllDevicesOfACellToDelayItsSegment)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 3;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset('c', preset);
    hierarchy.cells = {{"csma", {0, 2}}, {"csma", {1}}};
    World world = MakeWorld('c', 3, 2);
    world.model = std::make_shared<TableModel>(hierarchy);
    EXPECT_EQ(Refusal(world, MakeSettings("100ms link:device:1 delay 1ms")), "accepted");
    EXPECT_EQ(Refusal(world, MakeSettings("100ms link:device:0,2 delay 1ms")), "accepted");
    EXPECT_NE(Refusal(world, MakeSettings("100ms link:device:0-1 delay 1ms")), "accepted");
}

TEST(FaultInjector, RefusesWhatComesAfterTheEnd)
{
    // 200 ms of captures, and 500 ms for the last verdict
    const World world = MakeWorld('c', 2, 2);
    const std::string message = " is not before the end of the run, 0.7 s after the first capture";
    EXPECT_EQ(Refusal(world, MakeSettings("699ms device:1 down")), "accepted");
    EXPECT_EQ(Refusal(world, MakeSettings("0s * up; 700ms device:1 down")),
              "--fault, event 2: down" + message);
    EXPECT_EQ(Refusal(world, MakeSettings("999999s device:1 fails constant:1s constant:1s")),
              "--fault, event 1: fails" + message);
    DdnnScenarioSettings longer = MakeSettings("700ms device:1 down");
    longer.drain = MilliSeconds(1);
    EXPECT_EQ(Refusal(world, longer), "accepted");
}

TEST(FaultInjector, FindsSitesWhateverTiersAreCalled)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 2;
    preset.numEdges = 2;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset('f', preset);
    hierarchy.tiers.insert(hierarchy.tiers.begin() + 2, hierarchy.tiers[1]);
    hierarchy.tiers[1].name = "edge-site"; // its trunk is called as a way to an edge
    hierarchy.tiers[1].parents = {0, 1};
    World world = MakeWorld('c', 2, 2);
    world.model = std::make_shared<TableModel>(hierarchy);
    DdnnScenarioSettings settings = MakeSettings("0s link:edge:0 link-down");
    settings.upperThresholds = {0, 0};
    std::vector<bool> up;
    settings.attach = [&up](DdnnHelper& helper) -> std::shared_ptr<void> {
        Simulator::Schedule(helper.GetFirstCapture() + MilliSeconds(1), [&helper, &up] {
            for (const DdnnWire& wire : helper.GetTopology().GetWires())
            {
                up.push_back(wire.IsUp());
            }
        });
        return nullptr;
    };
    Simulate(world, settings);
    // edge-site, its two sites, edge, its two sites, cloud
    EXPECT_EQ(up, (std::vector<bool>{true, true, true, true, false, true, true}));
}

TEST(FaultInjector, EveryActionOnEveryConfigurationRunsToTheEnd)
{
    const std::string faults =
        "0s device:* slow 2; 0s cloud ber 0.01; 0s link:* loss 0.1; 50ms device:0 stuck; "
        "50ms device:* babble; 110ms * crash; 130ms * restart; 140ms * normal; "
        "210ms * down; 230ms * up; 310ms link:* link-down; 330ms link:* link-up; "
        "400ms link:* rate 100kbps; 400ms link:* delay 5ms; 400ms aggregator:* ber 0.01; "
        "450ms * fails exponential:50ms weibull:20ms:2; "
        "450ms link:* fails-together constant:30ms exponential:9ms";
    for (const char config : {'a', 'b', 'c', 'd', 'e', 'f'})
    {
        for (const DdnnTransport transport : {DdnnTransport::UDP, DdnnTransport::TCP})
        {
            const World world = MakeWorld(config, config == 'b' || config == 'd' ? 1 : 4, 10);
            DdnnScenarioSettings settings = MakeSettings(faults);
            settings.transport = transport;
            const DdnnRunResult result = Simulate(world, settings);
            EXPECT_EQ(result.exited + result.fallback + result.lost, 10U) << config;
            EXPECT_GT(result.faults.size(), 50U) << config;
            ExpectPartsAddUp(result);
        }
    }
}
