// SPDX-License-Identifier: GPL-2.0-only
#include "wire-world.h"

#include "ns3/onoff-application.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace ns3;
using namespace ddnn::test;

namespace
{

/// Of a background packet of 512 bytes, at 1 microsecond per byte.
const Time SERVICE = MicroSeconds(512 + 8 + 20 + 2);

/// Note when background packets reach the backhaul.
void
NoteBackground(const DdnnHelper& helper, std::vector<Time>& arrivals)
{
    const Ptr<Node> node =
        helper.GetTopology().GetAggregator(helper.GetTopology().GetLastTier() - 1);
    for (uint32_t i = 0; i < node->GetNApplications(); ++i)
    {
        if (const auto source = DynamicCast<OnOffApplication>(node->GetApplication(i)))
        {
            source->TraceConnectWithoutContext(
                "Tx",
                Callback<void, Ptr<const Packet>>([&arrivals](Ptr<const Packet>) {
                    arrivals.push_back(Simulator::Now());
                }));
        }
    }
}

/// A run of one device with background traffic, all samples to the cloud.
struct Md1Run
{
    World world;
    DdnnRunResult result;
    std::vector<Time> arrivals; ///< of background packets
    Time firstCapture;
    Time interval;
};

Md1Run
RunMd1(double load, int numSamples, Time interval)
{
    Md1Run run;
    run.interval = interval;
    run.world = MakeWorld('c', 1, numSamples);
    DdnnScenarioSettings settings = MakeWireSettings(0);
    settings.rngRun = 1;
    settings.interval = interval;
    settings.links.backhaul.background.load = load;
    run.result = SimulateWires(run.world, settings, [&run](DdnnHelper& helper) {
        NoteBackground(helper, run.arrivals);
        run.firstCapture = helper.GetFirstCapture();
    });
    return run;
}

/// How long each packet waits, by Lindley's recursion.
struct Lindley
{
    std::vector<Time> samples;    ///< of each sample's features
    std::vector<Time> background; ///< of each background packet from the first capture on
};

Lindley
WaitingTimes(const Md1Run& run)
{
    Lindley waits;
    Time idle; // the queue is empty then
    const auto serve = [&idle](Time arrival, Time service) {
        const Time wait = Max(idle - arrival, Time(0));
        idle = arrival + wait + service;
        return wait;
    };
    Time features = run.firstCapture + TimeToBackhaul(run.world);
    for (const Time& arrival : run.arrivals)
    {
        for (; features < arrival && waits.samples.size() < run.world.samples.size();
             features += run.interval)
        {
            waits.samples.push_back(serve(features, MicroSeconds(FEATURES_FRAME)));
        }
        const Time wait = serve(arrival, SERVICE);
        if (arrival >= run.firstCapture)
        {
            waits.background.push_back(wait);
        }
    }
    return waits;
}

double
Mean(const std::vector<Time>& times)
{
    const Time sum = std::accumulate(times.begin(), times.end(), Time(0));
    return sum.GetSeconds() / static_cast<double>(times.size());
}

/// When a transmission begins that is ready at a time, on a link that transmits for `on` and then
/// pauses for `off`; times count from the first capture.
Time
AfterPause(Time ready, Time on, Time off)
{
    Time begin;
    while (begin + on + off <= ready)
    {
        begin += on + off;
    }
    return ready < begin + on ? ready : begin + on + off;
}

std::string
ErrorOfRun(const World& world, const DdnnScenarioSettings& settings)
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

} // namespace

class Md1 : public testing::TestWithParam<std::pair<double, int>>
{
};

/// In so many service times the mean has a relative standard deviation of 1% to 2%.
TEST_P(Md1, WaitsAsQueueingTheorySays)
{
    const auto [load, services] = GetParam();
    constexpr int SAMPLES = 100; // whose load is less than 0.1%
    const Md1Run run = RunMd1(load, SAMPLES, services / SAMPLES * SERVICE);
    const Lindley waits = WaitingTimes(run);
    ASSERT_EQ(waits.samples.size(), run.result.records.size());
    for (int i = 0; i < SAMPLES; ++i)
    {
        EXPECT_EQ(run.result.records[i].latency.total,
                  TimeToBackhaul(run.world) + waits.samples[i] + Compute(run.world, 1) +
                      MicroSeconds(FEATURES_FRAME + VERDICT_FRAME) + 2 * MilliSeconds(5));
    }
    const double expected = load * SERVICE.GetSeconds() / (2 * (1 - load));
    EXPECT_NEAR(Mean(waits.background), expected, 0.05 * expected);
}

INSTANTIATE_TEST_SUITE_P(Loads,
                         Md1,
                         testing::Values(std::pair(0.3, 150000),
                                         std::pair(0.6, 100000),
                                         std::pair(0.9, 300000)));

TEST(Background, ArrivesAsAPoissonProcess)
{
    constexpr double LOAD = 0.5;
    const Md1Run run = RunMd1(LOAD, 10, 2000 * SERVICE);
    const double mean = SERVICE.GetSeconds() / LOAD;
    const auto gaps = static_cast<double>(run.arrivals.size() - 1);
    const double sigma = 1 / std::sqrt(gaps);
    double sum = 0;
    double squares = 0;
    double products = 0;
    double above = 0;
    double previous = mean;
    for (std::size_t i = 1; i < run.arrivals.size(); ++i)
    {
        const double gap = (run.arrivals[i] - run.arrivals[i - 1]).GetSeconds();
        sum += gap / mean;
        squares += std::pow(gap / mean, 2);
        products += (gap / mean - 1) * (previous / mean - 1);
        above += gap > mean ? 1 : 0;
        previous = gap;
    }
    EXPECT_NEAR(sum / gaps, 1, 4 * sigma);
    EXPECT_NEAR(squares / gaps,
                2,
                4 * std::sqrt(20) * sigma); // variance of an exponential's square
    EXPECT_NEAR(products / gaps, 0, 4 * sigma);
    EXPECT_NEAR(above / gaps, std::exp(-1), 4 * 0.49 * sigma);
}

class BackgroundIp : public testing::TestWithParam<DdnnIpVersion>
{
};

TEST_P(BackgroundIp, LoadsTheLastTrunkAndNothingElse)
{
    constexpr double LOAD = 0.4;
    const World world = MakeWorld('e', 3, 20);
    DdnnScenarioSettings settings = MakeWireSettings(0);
    settings.links.ipVersion = GetParam();
    settings.links.backhaul.background.load = LOAD;
    const DdnnRunResult result = Simulate(world, settings);
    const double seconds = 20 * 0.1 + 0.4;
    const double frame = GetParam() == DdnnIpVersion::V6 ? 562 : 542;
    bool found = false;
    for (const DdnnTraffic& traffic : result.traffic)
    {
        EXPECT_TRUE(traffic.kind != "other" || traffic.hop == "cloud-up") << traffic.hop;
        if (traffic.kind == "other")
        {
            const double packets = LOAD * 1e6 * seconds / frame;
            EXPECT_NEAR(traffic.bytes.onAir / frame, packets, 4 * std::sqrt(packets));
            EXPECT_EQ(traffic.bytes.payload, 0U);
            found = true;
        }
    }
    EXPECT_TRUE(found);
    ExpectColumnsAddUp(result);
    ExpectBytesOfEquation1(world.model->GetHierarchy(), result);
}

INSTANTIATE_TEST_SUITE_P(Versions,
                         BackgroundIp,
                         testing::Values(DdnnIpVersion::V4, DdnnIpVersion::V6));

TEST(Background, DependsOnTheRunAlone)
{
    const World world = MakeWorld('c', 3, 10);
    DdnnScenarioSettings settings = MakeWireSettings(0.5);
    settings.rngRun = 7;
    settings.links.backhaul.background.load = 0.7;
    settings.links.backhaul.loss = 0.1;
    settings.links.cloud.queue = QueueSize("10p");
    settings.links.cloud.discipline = DdnnDiscipline::RED;
    const std::string first = Csv(world, settings);
    EXPECT_EQ(Csv(world, settings), first);
    settings.rngRun = 8;
    EXPECT_NE(Csv(world, settings), first);
}

class Overload : public testing::TestWithParam<DdnnDiscipline>
{
};

TEST_P(Overload, DropsAndHoldsTheDelay)
{
    const World world = MakeWorld('c', 2, 20);
    DdnnScenarioSettings settings = MakeWireSettings(0);
    settings.links.cloud.queue = QueueSize("100p");
    settings.links.cloud.discipline = GetParam();
    settings.links.backhaul.background.load = 1.1;
    uint64_t drops = 0;
    std::vector<double> backlog;
    const DdnnRunResult result = SimulateWires(world, settings, [&](DdnnHelper& helper) {
        for (int i = 0; i < 20; ++i)
        {
            Simulator::Schedule(helper.GetFirstCapture() + i * settings.interval, [&] {
                backlog.push_back(helper.GetTopology().GetBacklog(1).GetSeconds());
                drops = helper.GetTopology().GetWires()[0].GetQueueDrops();
            });
        }
    });
    EXPECT_EQ(result.exited + result.fallback, 20U);
    EXPECT_GT(drops, 300U);
    const double mean = std::accumulate(backlog.begin(), backlog.end(), 0.0) / 20;
    const double full = 101 * SERVICE.GetSeconds();
    EXPECT_LE(*std::max_element(backlog.begin(), backlog.end()), 1.001 * full);
    // a queue that drops at its end alone is full; the others keep it shorter
    const bool active = GetParam() == DdnnDiscipline::CODEL || GetParam() == DdnnDiscipline::RED;
    EXPECT_TRUE(active ? mean < 0.9 * full : mean > 0.9 * full) << mean / full;
}

INSTANTIATE_TEST_SUITE_P(Disciplines,
                         Overload,
                         testing::Values(DdnnDiscipline::NONE,
                                         DdnnDiscipline::FIFO,
                                         DdnnDiscipline::CODEL,
                                         DdnnDiscipline::RED));

TEST(Backhaul, FollowsARateTrace)
{
    const World world = MakeWorld('c', 1, 5);
    DdnnScenarioSettings settings = MakeWireSettings(0);
    settings.links.backhaul.trace = {{Time(0), DataRate("4Mbps")},
                                     {MilliSeconds(200), DataRate("1Mbps")},
                                     {MilliSeconds(300), DataRate("8Gbps")}};
    const DdnnRunResult result = SimulateWires(world, settings);
    const std::vector<int> nanosecondsPerByte{2000, 2000, 8000, 1, 1};
    for (std::size_t i = 0; i < nanosecondsPerByte.size(); ++i)
    {
        EXPECT_EQ(result.records[i].latency.total,
                  TimeToBackhaul(world) + Compute(world, 1) + 2 * MilliSeconds(5) +
                      nanosecondsPerByte[i] * NanoSeconds(FEATURES_FRAME + VERDICT_FRAME));
    }
}

TEST(Backhaul, PausesAgainAndAgain)
{
    const Time on = MilliSeconds(70);
    const Time off = MilliSeconds(41);
    const World world = MakeWorld('c', 1, 60);
    DdnnScenarioSettings settings = MakeWireSettings(0);
    settings.links.backhaul.on = on;
    settings.links.backhaul.off = off;
    const DdnnRunResult result = SimulateWires(world, settings);
    int held = 0;
    for (std::size_t i = 0; i < result.records.size(); ++i)
    {
        const Time captured = i * settings.interval;
        const Time up = AfterPause(captured + TimeToBackhaul(world), on, off) +
                        MicroSeconds(FEATURES_FRAME) + MilliSeconds(5) + Compute(world, 1);
        const Time down = AfterPause(up, on, off) + MicroSeconds(VERDICT_FRAME) + MilliSeconds(5);
        EXPECT_EQ(result.records[i].latency.total, down - captured) << i;
        held += down - captured > MilliSeconds(30) ? 1 : 0;
    }
    EXPECT_GT(held, 10);
    EXPECT_LT(held, 50);
}

TEST(Backhaul, LosesFromTheFirstCaptureOn)
{
    const World world = MakeWorld('c', 2, 5);
    DdnnScenarioSettings settings = MakeWireSettings(0);
    settings.transport = DdnnTransport::TCP; // its connections come up before
    settings.links.backhaul.loss = 1;
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_EQ(result.fallback, 5U);
}

TEST(Backhaul, RefusesWhatIsOutOfRange)
{
    const World world = MakeWorld('c', 1, 1);
    const std::vector<std::function<void(DdnnBackhaulSettings&)>> mistakes{
        [](auto& backhaul) {
            backhaul.loss = 1.1;
        },
        [](auto& backhaul) {
            backhaul.loss = -0.1;
        },
        [](auto& backhaul) {
            backhaul.loss = std::nan("");
        },
        [](auto& backhaul) {
            backhaul.on = Seconds(1);
        },
        [](auto& backhaul) {
            backhaul.off = Seconds(1);
        },
        [](auto& backhaul) {
            backhaul.on = backhaul.off = Seconds(-1);
        },
        [](auto& backhaul) {
            backhaul.background.load = -0.1;
        },
        [](auto& backhaul) {
            backhaul.background.load = 2.1;
        },
        [](auto& backhaul) {
            backhaul.background.packetBytes = 0;
        },
        [](auto& backhaul) {
            backhaul.background.packetBytes = 1401;
        },
        [](auto& backhaul) {
            backhaul.on = backhaul.off = NanoSeconds(1);
        },
        [](auto& backhaul) {
            backhaul.trace = {{Time(0), DataRate(0)}};
        },
        [](auto& backhaul) {
            backhaul.trace = {{Seconds(-1), DataRate(1)}};
        },
        [](auto& backhaul) {
            backhaul.trace = {{Seconds(1), DataRate(1)}, {Seconds(1), DataRate(2)}};
        }};
    for (const auto& mistake : mistakes)
    {
        DdnnScenarioSettings settings = MakeWireSettings(0);
        mistake(settings.links.backhaul);
        EXPECT_THROW(Simulate(world, settings), std::runtime_error);
    }
}

TEST(Backhaul, RefusesWhatWouldSeemToHang)
{
    // 1 s: 500 ms of captures, and 500 ms for the last verdict
    const World world = MakeWorld('c', 1, 5);
    DdnnScenarioSettings settings;
    settings.access.name = "p2p";
    settings.links.backhaul.background.load = 0.5;
    settings.links.cloud.rate = DataRate("1000Gbps");
    EXPECT_EQ(ErrorOfRun(world, settings),
              "--backhaulLoad makes more than ten million packets in this run; use less, a lower "
              "--backhaulRate or fewer --samples");
    settings = {};
    settings.links.backhaul.on = settings.links.backhaul.off = NanoSeconds(49);
    EXPECT_EQ(ErrorOfRun(world, settings),
              "--backhaulOnOff pauses the link more than ten million times in this run; use longer "
              "times");
    settings = {};
    settings.access.name = "csma";
    settings.access.background.load = DataRate("1000Gbps");
    EXPECT_EQ(ErrorOfRun(world, settings), "accepted") << "there are no stations";
    settings.access.background.stations = 1;
    EXPECT_EQ(ErrorOfRun(world, settings),
              "--stationLoad makes more than ten million datagrams in this run; use less, fewer "
              "--stations or fewer --samples");
}

TEST(Backhaul, IsNoneWithOneTier)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 3;
    for (const int cells : {1, 3})
    {
        ddnn::Hierarchy hierarchy = ddnn::MakeLocalOnly(preset);
        ddnn::SplitIntoCells(hierarchy, cells);
        World world = MakeWorld('c', 3, 5);
        world.model = std::make_shared<TableModel>(hierarchy);
        DdnnScenarioSettings settings;
        settings.threshold = 0; // the only exit classifies all the same
        for (const auto offload : {DdnnOffload::PULL, DdnnOffload::PUSH})
        {
            settings.policies.offload = offload;
            const DdnnRunResult result = Simulate(world, settings);
            EXPECT_EQ(result.exited, 5U);
            for (const DdnnSampleRecord& record : result.records)
            {
                EXPECT_EQ(record.exit, 0);
                EXPECT_EQ(record.verdict, Infer(world, record.sample)[0].label);
            }
            ExpectPartsAddUp(result);
            ExpectBytesOfEquation1(hierarchy, result);
        }
    }
}

TEST(Backhaul, OptionsAreRefusedWithOneTier)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 1;
    World world = MakeWorld('c', 1, 1);
    world.model = std::make_shared<TableModel>(ddnn::MakeLocalOnly(preset));
    const auto expectRefused = [&](const std::string& option, const auto& change) {
        DdnnScenarioSettings settings;
        change(settings.links);
        EXPECT_EQ(ErrorOfRun(world, settings),
                  "--backhaul" + option +
                      " has no effect on a hierarchy of one tier, which has no link to a cloud");
    };
    expectRefused("Loss", [](auto& links) {
        links.backhaul.loss = 0.1;
    });
    expectRefused("Load", [](auto& links) {
        links.backhaul.background.load = 0.1;
    });
    expectRefused("OnOff", [](auto& links) {
        links.backhaul.on = links.backhaul.off = Seconds(1);
    });
    expectRefused("Trace", [](auto& links) {
        links.backhaul.trace = {{Time(0), DataRate(1000)}};
    });
    expectRefused("Rate", [](auto& links) {
        links.cloud.rate = DataRate(1000);
    });
    expectRefused("Delay", [](auto& links) {
        links.cloud.delay = Seconds(1);
    });
    expectRefused("Queue", [](auto& links) {
        links.cloud.queue = QueueSize("7p");
    });
    expectRefused("QueueDisc", [](auto& links) {
        links.cloud.discipline = DdnnDiscipline::RED;
    });
}
