// SPDX-License-Identifier: GPL-2.0-only
#include "fault-network.h"
#include "test/support/test-support.h"

#include "ns3/ddnn-switch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <set>

using namespace ns3;
using namespace ddnn::test;

namespace
{

const std::vector<std::string> KINDS{"star", "csma", "adhoc"};

using Presence = std::vector<std::string>;

FaultRun
RunFaults(const std::string& faults, const std::string& kind = "star")
{
    FaultCase test;
    test.faults = faults;
    test.kind = kind;
    return Simulate(test);
}

/// A run that is long and does next to nothing but fail.
FaultRun
FailForLong(const std::string& faults, uint64_t run = 1)
{
    FaultCase test;
    test.faults = faults;
    test.run = run;
    test.numSamples = 2;
    test.interval = Seconds(10000);
    return Simulate(test);
}

/// Seconds from each fault with this action, or from the start, to the target's next one.
std::vector<double>
GetIntervals(const FaultRun& run, const std::string& from)
{
    std::map<std::string, DdnnFaultRecord> last;
    std::vector<double> intervals;
    for (const DdnnFaultRecord& fault : run.faults)
    {
        const auto before =
            last.emplace(fault.target, DdnnFaultRecord{Time(0), "", "up", ""}).first;
        EXPECT_NE(fault.action, before->second.action);
        if (before->second.action == from)
        {
            intervals.push_back((fault.time - before->second.time).GetSeconds());
        }
        before->second = fault;
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

TEST(FaultInjector, FaultsThatChangeNothingLeaveTheRunAsItIs)
{
    for (const std::string& kind : KINDS)
    {
        const FaultRun expected = RunFaults("", kind);
        const FaultRun run = RunFaults("0s link:* loss 0; 0s * up; 0s * normal; 0s * restart; "
                                       "0s link:* link-up; 0s device:* slow 1; 0s link:uplink rate "
                                       "10Mbps; 0s link:uplink delay 20ms; 1590ms * down",
                                       kind);
        EXPECT_EQ(run.GetText(), expected.GetText()) << kind;
        EXPECT_EQ(run.GetExits(), std::vector<int>(6, 1)) << kind;
        EXPECT_EQ(run.scores, Presence(6, "111")) << kind;
    }
}

TEST(FaultInjector, DeviceMissesWhatIsCapturedWhileItFails)
{
    // captures are at 0, 100 ms and so on; at the same moment the fault comes first
    const Presence expected{"111", "111", "101", "101", "101", "111"};
    for (const char* faults : {"150ms device:1 down; 450ms device:1 up",
                               "500ms device:1 up; 200ms device:1 down",
                               "200ms link:device:1 link-down; 500ms link:device:1 link-up",
                               "200ms link:device:1 loss 1; 500ms link:device:1 loss 0",
                               "200ms device:1 crash; 500ms device:1 restart",
                               "0s device:1 fails constant:200ms constant:300ms"})
    {
        for (const std::string& kind : KINDS)
        {
            EXPECT_EQ(RunFaults(faults, kind).scores, expected) << faults << ", " << kind;
        }
    }
}

TEST(FaultInjector, OverlappingFaultsCompose)
{
    const Presence expected{"111", "101", "101", "101", "111", "111"};
    for (const char* faults :
         {"100ms device:1 down; 200ms device:1 down; 400ms device:1 up",
          "100ms device:1 down; 200ms link:device:1 link-down; 300ms device:1 up; "
          "400ms link:device:1 link-up",
          "100ms device:1 crash; 200ms device:1 down; 300ms device:1 restart; 400ms device:1 up",
          "100ms device:1 down; 200ms device:1 crash; 300ms device:1 up; 400ms device:1 restart",
          "0s device:1 up; 0s device:1 fails-together constant:100ms constant:10s; "
          "400ms device:1 up"})
    {
        EXPECT_EQ(RunFaults(faults).scores, expected) << faults;
    }
}

TEST(FaultInjector, FaultsOfAMomentHappenInTheOrderInWhichTheyWereAdded)
{
    EXPECT_EQ(RunFaults("200ms device:1 down; 200ms device:1 up").scores, Presence(6, "111"));
    EXPECT_EQ(RunFaults("200ms device:1 up; 200ms device:1 down").scores[2], "101");
    // the random fault is drawn later, but was added before
    EXPECT_EQ(
        RunFaults("0s device:1 fails constant:100ms constant:100ms; 200ms device:1 down").scores,
        (Presence{"111", "101", "101", "101", "111", "101"}));
}

TEST(FaultInjector, EmptyBatteryStaysEmpty)
{
    FaultCase test;
    test.faults = "0s device:1 down; 100ms device:1 up; 200ms device:1 crash; "
                  "300ms device:1 restart";
    test.prepare = [](FaultSetup& setup) {
        DdnnNodeSwitch::Get(setup.network.devices.Get(1))->SetOff(DdnnOffCause::BATTERY, true);
    };
    EXPECT_EQ(Simulate(test).scores, Presence(6, "101"));
}

TEST(FaultInjector, CrashLosesWhatDownKeeps)
{
    // the third device is silent, so that features are asked for after the deadline only
    const FaultRun kept = RunFaults("0s device:2 down; 20ms device:0 down; 30ms device:0 up");
    EXPECT_EQ(kept.scores[0], "110");
    EXPECT_EQ(kept.features[0], "110");
    const FaultRun lost = RunFaults("0s device:2 down; 20ms device:0 crash; 30ms device:0 restart");
    EXPECT_EQ(lost.scores[0], "110");
    EXPECT_EQ(lost.features[0], "010");
}

TEST(FaultInjector, RestartedApplicationsHaveNewConnections)
{
    // what waits in the old connections is repeated after a second; the next sample does not wait
    FaultCase test;
    test.faults = "0s link:device:* loss 1; 50ms device:* crash; 60ms link:device:* loss 0; "
                  "80ms device:* restart";
    test.tcp = true;
    test.threshold = 1;
    const FaultRun run = Simulate(test);
    for (int sample = 1; sample < 6; ++sample)
    {
        EXPECT_EQ(run.scores[sample], "111") << sample;
        EXPECT_LT(run.latencies[sample].GetTotal(), MilliSeconds(20)) << sample;
    }
}

TEST(FaultInjector, GatewayThatIsDownIsTheEndOfItsSamples)
{
    for (const std::string& kind : KINDS)
    {
        for (const char* name : {"gateway:0", "gateway", "exit:local", "aggregator:local"})
        {
            const std::string target = name;
            const FaultRun run =
                RunFaults("200ms " + target + " down; 400ms " + target + " up", kind);
            EXPECT_EQ(run.GetExits(), (std::vector<int>{1, 1, -1, -1, 1, 1})) << kind << name;
        }
    }
}

TEST(FaultInjector, WithoutTheUplinkTheLocalPredictionStands)
{
    for (const char* faults :
         {"200ms cloud down; 400ms cloud up",
          "200ms link:uplink link-down; 400ms link:uplink:0 link-up",
          "200ms cloud crash; 400ms cloud:0 restart",
          "200ms link:uplink loss 1; 400ms link:uplink loss 0",
          "200ms link:uplink rate 1bps; 400ms cloud down",
          "200ms cloud down; 250ms link:uplink link-down; 300ms cloud up; "
          "400ms link:uplink link-up",
          "200ms cloud down; 250ms link:uplink link-down; 300ms link:uplink link-up; "
          "400ms cloud up"})
    {
        const FaultRun run = RunFaults(faults);
        const int end = std::string(faults).find("1bps") == std::string::npos ? 1 : 0;
        EXPECT_EQ(run.GetExits(), (std::vector<int>{1, 1, 0, 0, end, end})) << faults;
        EXPECT_EQ(run.outcomes[2], DdnnOutcome::FALLBACK) << faults;
    }
}

TEST(FaultInjector, SlowNodesComputeLonger)
{
    FaultCase test;
    test.threshold = 1; // the devices alone compute, and the exit
    const Time normal = Simulate(test).latencies[0].compute;
    test.faults = "100ms device:* slow 3; 200ms device:* normal; 300ms gateway slow 7";
    const FaultRun run = Simulate(test);
    EXPECT_EQ(run.latencies[0].compute, normal);
    EXPECT_EQ(run.latencies[2].compute, normal);
    // what a device and what the exit compute follows from how much either slows it down
    const double device = (run.latencies[1].compute - normal).GetNanoSeconds() / 2.0;
    const double exit = (run.latencies[3].compute - normal).GetNanoSeconds() / 6.0;
    EXPECT_GT(device, 0);
    EXPECT_NEAR(device + exit, normal.GetNanoSeconds(), 3);
}

TEST(FaultInjector, DelayAndRateAddToTheLatency)
{
    const FaultRun normal = RunFaults("");
    const FaultRun uplink = RunFaults("200ms link:uplink delay 70ms; 300ms link:uplink delay 20ms");
    const FaultRun access = RunFaults("200ms link:device:* delay 11ms");
    EXPECT_EQ(uplink.latencies[1].GetTotal(), normal.latencies[1].GetTotal());
    // features up, prediction down
    EXPECT_EQ(uplink.latencies[2].GetTotal(), normal.latencies[2].GetTotal() + MilliSeconds(100));
    EXPECT_EQ(uplink.latencies[3].GetTotal(), normal.latencies[3].GetTotal());
    // scores up, request down, features up
    EXPECT_EQ(access.latencies[2].GetTotal(), normal.latencies[2].GetTotal() + MilliSeconds(30));
    // the whole segment, which the gateway's net device is on as well
    const FaultRun segment = RunFaults("", "csma");
    const FaultRun slow = RunFaults("200ms link:device delay 10002us", "csma");
    EXPECT_EQ(slow.latencies[1].GetTotal(), segment.latencies[1].GetTotal());
    EXPECT_GE(slow.latencies[2].GetTotal(), segment.latencies[2].GetTotal() + MilliSeconds(29));
    for (const char* kind : {"star", "adhoc"})
    {
        const std::string value = kind == std::string("adhoc") ? "HtMcs0" : "1Mbps";
        const Time before = RunFaults("", kind).latencies[2].GetTotal();
        const FaultRun run = RunFaults("200ms link:device:* rate " + value, kind);
        EXPECT_GT(run.latencies[2].GetTotal(), before) << kind;
        EXPECT_LT(run.latencies[2].GetTotal(), before + MilliSeconds(20)) << kind;
    }
}

TEST(FaultInjector, BitErrorsAndRandomOutputChangePredictionsAndNotWhoIsThere)
{
    const FaultRun good = RunFaults("0s cloud ber 0");
    EXPECT_EQ(good.GetText(), RunFaults("").GetText());
    for (const char* faults : {"0s cloud ber 0.1; 400ms cloud normal",
                               "0s exit:cloud ber 0.1; 400ms cloud normal",
                               "0s device:* random; 400ms device normal",
                               "0s device:0 random; 400ms device normal"})
    {
        const FaultRun bad = RunFaults(faults);
        EXPECT_EQ(bad.features, Presence(6, "111")) << faults;
        for (std::size_t i = 0; i < 6; ++i)
        {
            const bool same = bad.predictions[i].uncertainty == good.predictions[i].uncertainty;
            EXPECT_EQ(same, i >= 4) << faults << ", " << i;
        }
    }
}

TEST(FaultInjector, StuckDevicesSendTheOutputsOfTheLastSample)
{
    const FaultRun good = RunFaults("");
    const FaultRun stuck = RunFaults("200ms device:* stuck; 400ms device:* normal");
    for (const std::size_t i : {2, 3})
    {
        EXPECT_EQ(stuck.predictions[i].uncertainty, good.predictions[1].uncertainty) << i;
    }
    for (const std::size_t i : {0, 1, 4, 5})
    {
        EXPECT_EQ(stuck.predictions[i].uncertainty, good.predictions[i].uncertainty) << i;
    }
}

TEST(FaultInjector, RandomFaultsFollowTheirDistribution)
{
    const FaultRun exponential = FailForLong("0s device:* fails exponential:5s weibull:3s:1.5");
    ExpectMean(GetIntervals(exponential, "up"), 5, 5);
    const double mean = 3 * std::tgamma(1 + 1 / 1.5);
    ExpectMean(GetIntervals(exponential, "down"),
               mean,
               std::sqrt(9 * std::tgamma(1 + 2 / 1.5) - mean * mean));
    const auto constant =
        GetIntervals(FailForLong("0s device:0 fails constant:5s constant:2500ms"), "up");
    EXPECT_EQ(constant, std::vector<double>(1333, 5.0));
    // memoryless: a part of 1/e lives longer than the mean
    const std::vector<double> lives = GetIntervals(exponential, "up");
    const double longer = std::count_if(lives.begin(), lives.end(), [](double life) {
        return life > 5;
    });
    EXPECT_NEAR(longer / lives.size(), std::exp(-1), 4 * 0.5 / std::sqrt(lives.size()));
}

TEST(FaultInjector, RandomFaultsDependOnTheRunNumberAlone)
{
    const std::string faults = "0s device:* fails exponential:5s exponential:5s";
    const std::string first = FailForLong(faults).GetFaults();
    EXPECT_EQ(FailForLong(faults).GetFaults(), first);
    EXPECT_NE(FailForLong(faults, 2).GetFaults(), first);
    // and not on the network, but for when the last sample ends
    const std::string often = "0s device:* fails exponential:50ms exponential:50ms";
    const std::string star = RunFaults(often, "star").GetFaults().substr(0, 1000);
    EXPECT_EQ(star.size(), 1000U);
    EXPECT_EQ(RunFaults(often, "csma").GetFaults().substr(0, 1000), star);
    EXPECT_EQ(RunFaults(often, "adhoc").GetText(), RunFaults(often, "adhoc").GetText());
}

TEST(FaultInjector, GroupsFailTogetherOrEachForItself)
{
    const FaultRun together =
        FailForLong("0s device:* fails-together exponential:5s exponential:5s");
    ASSERT_EQ(together.faults.size() % 3, 0U);
    ASSERT_GT(together.faults.size(), 1000U);
    for (std::size_t i = 0; i < together.faults.size(); ++i)
    {
        EXPECT_EQ(together.faults[i].target, "device:" + std::to_string(i % 3));
        EXPECT_EQ(together.faults[i].time, together.faults[i - i % 3].time);
        EXPECT_EQ(together.faults[i].action, i / 3 % 2 == 0 ? "down" : "up");
    }
    std::set<Time> times;
    const FaultRun apart = FailForLong("0s link:device:* fails exponential:5s exponential:5s");
    for (const DdnnFaultRecord& fault : apart.faults)
    {
        times.insert(fault.time);
    }
    EXPECT_EQ(times.size(), apart.faults.size());
    EXPECT_EQ(apart.faults[0].action, "link-down");
}

TEST(FaultInjector, RandomFaultsEndWithTheSamples)
{
    // the cloud is down, so that the last sample, of 500 ms, ends half a second later
    const FaultRun run = RunFaults("0s cloud down; 0s device:0 fails constant:10ms constant:10ms");
    ASSERT_EQ(run.outcomes.back(), DdnnOutcome::FALLBACK);
    EXPECT_EQ(run.faults.back().time, MilliSeconds(990));
    FaultCase test;
    test.faults = "0s device:0 fails constant:10ms constant:10ms";
    test.prepare = [](FaultSetup& setup) {
        setup.apps.Stop(FAULT_START + MilliSeconds(250));
    };
    EXPECT_LE(Simulate(test).faults.back().time, MilliSeconds(750));
}

TEST(FaultInjector, FileAndTextGiveTheSameFaults)
{
    const std::string text = "100ms device:2 down; 300ms device:2 up; 0s link:uplink loss 0.3; "
                             "0s device:0 fails exponential:100ms exponential:100ms";
    const ddnn::test::TempDir folder;
    const std::string path = folder.Path("x.faults");
    std::string lines = "# the same\n" + text;
    std::replace(lines.begin(), lines.end(), ';', '\n');
    std::ofstream(path) << lines;
    const FaultRun inlined = RunFaults(text);
    FaultCase test;
    test.prepare = [&path](FaultSetup& setup) {
        setup.injector.Add(ReadFaultScript(path));
    };
    const FaultRun fromFile = Simulate(test);
    EXPECT_EQ(fromFile.GetText(), inlined.GetText());
    EXPECT_EQ(fromFile.GetFaults(), inlined.GetFaults());
}

TEST(FaultInjector, TellsWhatHappenedInOrder)
{
    const FaultRun run = RunFaults("200ms device:0-1 slow 2; 100ms cloud crash; 200ms exit:cloud "
                                   "restart; 0s link:uplink delay 3ms; 150ms gateway down");
    EXPECT_EQ(run.GetFaults(),
              "0 link:uplink:0 delay 3ms\n"
              "0.1 cloud:0 crash\n"
              "0.15 exit:local down\n"
              "0.2 device:0 slow 2\n"
              "0.2 device:1 slow 2\n"
              "0.2 cloud:0 restart\n");
}

TEST(FaultInjector, AddsFaultsWhileTheSimulationRuns)
{
    std::string past = "accepted";
    FaultCase test;
    test.faults = "100ms device:0 down; 200ms device:0 up";
    test.prepare = [&past](FaultSetup& setup) {
        const Ptr<DdnnFaultInjector> injector(&setup.injector);
        Simulator::Schedule(FAULT_START + MilliSeconds(150), [injector, &past] {
            injector->Add("300ms device:1 down; 150ms device:2 down; 200ms device:2 up");
            try
            {
                injector->Add("0s device:0 down; 149ms device:2 down");
            }
            catch (const std::runtime_error& e)
            {
                past = e.what();
            }
        });
    };
    EXPECT_EQ(Simulate(test).scores, (Presence{"111", "011", "111", "101", "101", "101"}));
    EXPECT_EQ(past, "event 1: down: the time has passed");
}

TEST(FaultInjector, TimesCountFromTheFirstCaptureOfTheEarliestSite)
{
    FaultCase test;
    test.faults = "200ms device:1 down";
    test.prepare = [](FaultSetup& setup) {
        // a delay that is set after the injector was made, and applications that start later
        Ptr<DdnnSite> site = FindDdnnSites(setup.apps)[0].site;
        site->SetAttribute("CaptureDelay", TimeValue(MilliSeconds(30)));
        setup.apps.Start(FAULT_START + MilliSeconds(50));
    };
    EXPECT_EQ(Simulate(test).scores, (Presence{"111", "111", "101", "101", "101", "101"}));
}

TEST(FaultInjector, SharedNodeFailsForAllSites)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    const World world = MakeWorld('c', 3, 6);
    const auto network = MakeFaultNetwork("star", 3);
    DdnnHelper ddnn(world.model, world.dataset, world.samples);
    ddnn.SetExitAttribute("Threshold", DoubleValue(0), 0);
    ApplicationContainer apps;
    apps.Add(ddnn.Install({network->devices, network->cloud}, network->gateway));
    apps.Add(ddnn.Install({network->devices, network->cloud}, network->gateway));
    const auto sites = FindDdnnSites(apps);
    apps.Start(FAULT_START);
    sites[1].site->SetAttribute("CaptureDelay", TimeValue(MilliSeconds(50)));
    auto injector = CreateObject<DdnnFaultInjector>(apps);
    FaultRun first;
    FaultRun second;
    Observe(sites[0], first);
    Observe(sites[1], second);
    injector->TraceConnectWithoutContext(
        "Fault",
        Callback<void, const DdnnFaultRecord&>([&first](const DdnnFaultRecord& fault) {
            first.faults.push_back(fault);
        }));
    injector->Add("200ms cloud down; 290ms 1/cloud up; 350ms 1/device:2 stuck");
    ddnn.AssignStreams(1000);
    Simulator::Stop(Seconds(5));
    Simulator::Run();
    Simulator::Destroy();
    EXPECT_EQ(first.GetExits(), (std::vector<int>{1, 1, 0, 1, 1, 1}));
    EXPECT_EQ(second.GetExits(), (std::vector<int>{1, 1, 0, 1, 1, 1}));
    EXPECT_EQ(first.GetFaults(), "0.2 0/cloud:0 down\n0.29 0/cloud:0 up\n0.35 0/device:2 stuck\n");
}

TEST(FaultInjector, SharedNodeMayCrashBeforeALaterSiteStarts)
{
    FaultCase test;
    test.faults = "0s cloud crash; 100ms cloud restart";
    test.prepare = [](FaultSetup& setup) {
        const NodeContainer& cloud = setup.network.cloud;
        setup.ddnn.Install({setup.network.devices, cloud}, setup.network.gateway)
            .Start(FAULT_START + MilliSeconds(400));
    };
    EXPECT_EQ(Simulate(test).GetExits(), (std::vector<int>{0, 1, 1, 1, 1, 1}));
}

TEST(FaultInjector, TimesCountFromTheFirstCaptureOfASiteThatIsInstalledLate)
{
    FaultRun late;
    Ptr<DdnnFaultInjector> injector;
    FaultCase test;
    test.prepare = [&](FaultSetup& setup) {
        Simulator::Schedule(MilliSeconds(500), [&] {
            ApplicationContainer apps =
                setup.ddnn.Install({setup.network.devices, setup.network.cloud},
                                   setup.network.gateway);
            apps.Start(Seconds(1)); // from now
            apps.Stop(MilliSeconds(1450));
            const DdnnSiteApplications site = FindDdnnSites(apps)[0];
            Observe(site, late);
            injector = CreateObject<DdnnFaultInjector>(apps);
            injector->TraceConnectWithoutContext(
                "Fault",
                Callback<void, const DdnnFaultRecord&>([&late](const DdnnFaultRecord& fault) {
                    late.faults.push_back(fault);
                }));
            injector->AddLink("uplink", setup.network.uplink);
            injector->Add("200ms device:1 down; 300ms device:1 up; "
                          "0s link:uplink fails constant:190ms constant:10ms");
        });
    };
    test.rest = Seconds(10);
    Simulate(test);
    EXPECT_EQ(late.scores, (Presence{"111", "111", "101", "111", "111", ""}));
    EXPECT_EQ(late.GetFaults(),
              "0.19 link:uplink:0 link-down\n0.2 device:1 down\n0.2 link:uplink:0 link-up\n"
              "0.3 device:1 up\n0.39 link:uplink:0 link-down\n0.4 link:uplink:0 link-up\n");
}

TEST(FaultInjector, RefusesWhatCannotHappen)
{
    const auto refusal = [](const std::string& faults, const std::string& kind = "star") {
        FaultCase test;
        test.faults = faults;
        test.kind = kind;
        test.prepare = [](FaultSetup& setup) {
            setup.injector.AddNodes("router", NodeContainer(1));
        };
        return GetRefusal(test);
    };
    EXPECT_EQ(refusal("1s device:0 link-down"),
              "event 1: link-down: device:0 is a node; links are called link:NAME");
    EXPECT_EQ(refusal("0s * up; 1s link:uplink down"), "event 2: down: link:uplink:0 is a link");
    EXPECT_EQ(refusal("1s cloud stuck"), "event 1: stuck: cloud:0 is no end device");
    EXPECT_EQ(refusal("1s gateway random"), "event 1: random: exit:local is no end device");
    EXPECT_EQ(refusal("1s router slow 2"), "event 1: slow: router:0 has no DdnnProcessor");
    EXPECT_EQ(refusal("1s device:1 ber 0.1"),
              "event 1: ber: device:1 takes neither features nor class scores");
    EXPECT_EQ(refusal("1s gateway ber 0.1"), "accepted");
    EXPECT_EQ(refusal("1s router down; 2s router up"), "accepted");
    EXPECT_EQ(refusal("1s link:device:1 rate HtMcs1"),
              "event 1: rate: 'HtMcs1' must be a rate with its unit, like 10Mbps, from 1bps to "
              "1000Gbps");
    EXPECT_EQ(refusal("1s link:device:1 rate HtMcs1", "adhoc"), "accepted");
    EXPECT_EQ(refusal("1s link:device:1 rate VhtMcs1", "adhoc"),
              "event 1: rate: 'VhtMcs1' must be the name of a WifiMode that the device has");
    EXPECT_EQ(refusal("1s link:device:1 delay 1ms", "adhoc"),
              "event 1: delay: link:device:1 has no Delay that could be set: ns3::YansWifiChannel");
    EXPECT_NE(refusal("1s link:device:1 delay 1ms", "csma").find("delay: link:device:1 shares"),
              std::string::npos);
    EXPECT_EQ(refusal("1s link:device delay 1ms", "csma"), "accepted");
    EXPECT_EQ(refusal("1s link:device:1 rate 1Mbps", "csma"),
              "event 1: rate: link:device:1 has no DataRate that could be set: ns3::CsmaNetDevice");
    EXPECT_EQ(
        refusal("1s device:0 down; 1s device:3 down"),
        "event 2: down: 'device:3' must be one of device (3) cloud (1) exit (2) aggregator (2) "
        "gateway (1) link:device (3) link:uplink (1) router (1)");
}
