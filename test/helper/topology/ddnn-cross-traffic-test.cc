// SPDX-License-Identifier: GPL-2.0-only
// Of the backhaul: the cross traffic, and the queue that it makes.
#include "test/helper/topology/link-world.h"

#include "ns3/ddnn-frames.h"
#include "ns3/onoff-application.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

using namespace ns3;
using namespace ddnn::test;

namespace
{

/// Of a packet of the cross traffic, 512 bytes, at 1 microsecond per byte.
const Time SERVICE = MicroSeconds(512 + 8 + 20 + 2);

/// Note when packets of the cross traffic reach the backhaul.
void
NoteArrivals(const DdnnScenarioParts& parts, std::vector<Time>& arrivals)
{
    const Ptr<Node> node = GetBackhaul(parts).GetDevices().Get(0)->GetNode();
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

/// A run of one device with cross traffic, all samples to the cloud.
struct Md1Run
{
    World world;
    DdnnRunResult result;
    std::vector<Time> arrivals; ///< of packets of the cross traffic
    Time firstCapture;
    Time interval;
};

Md1Run
RunMd1(double load, int numSamples, Time interval)
{
    Md1Run run;
    run.interval = interval;
    run.world = MakeWorld('c', 1, numSamples);
    Settings settings = MakeLinkSettings(0)
                            .SetInterval(interval.GetSeconds())
                            .Set("Backhaul::Load", std::to_string(load));
    settings.rngRun = 1;
    run.result = Simulate(run.world, Prepare(settings, [&run](const DdnnScenarioParts& parts) {
                              NoteArrivals(parts, run.arrivals);
                              run.firstCapture = parts.firstCapture;
                          }));
    return run;
}

/// How long each packet waits, by Lindley's recursion.
struct Lindley
{
    std::vector<Time> samples; ///< of each sample's features
    std::vector<Time> cross;   ///< of each packet of the cross traffic from the first capture on
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
            waits.cross.push_back(wait);
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

} // namespace

/// Load, and for how many service times it is observed.
class CrossTrafficQueue : public testing::TestWithParam<std::pair<double, int>>
{
};

/// In so many service times the mean has a relative standard deviation of 1% to 2%.
TEST_P(CrossTrafficQueue, PacketsWaitAsQueueingTheorySays)
{
    const auto [load, services] = GetParam();
    constexpr int SAMPLES = 100; // whose load is less than 0.1%
    const Md1Run run = RunMd1(load, SAMPLES, services / SAMPLES * SERVICE);
    const Lindley waits = WaitingTimes(run);
    ASSERT_EQ(waits.samples.size(), run.result.records.size());
    for (int i = 0; i < SAMPLES; ++i)
    {
        EXPECT_EQ(run.result.records[i].latency.GetTotal(),
                  CloudLatency(run.world, 1) + waits.samples[i]);
    }
    const double expected = load * SERVICE.GetSeconds() / (2 * (1 - load));
    EXPECT_NEAR(Mean(waits.cross), expected, 0.05 * expected);
}

INSTANTIATE_TEST_SUITE_P(Loads,
                         CrossTrafficQueue,
                         testing::Values(std::pair(0.3, 150000),
                                         std::pair(0.6, 100000),
                                         std::pair(0.9, 300000)));

TEST(CrossTraffic, ArrivesAsAPoissonProcess)
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

class CrossTrafficIp : public testing::TestWithParam<const char*>
{
};

TEST_P(CrossTrafficIp, LoadsTheWayUpOfTheBackhaulAndNothingElse)
{
    constexpr double LOAD = 0.4;
    constexpr int64_t SECONDS = 2;
    const World world = MakeWorld('e', 3, 10 * SECONDS);
    Settings settings = MakeLinkSettings(0).Set("TopologyHelper::IpVersion", GetParam());
    settings.rngRun = 1;
    const DdnnRunResult alone = Simulate(world, settings);
    std::map<std::string, uint64_t> bytes; // that are no message's, by hop, while it captures
    settings = Prepare(settings, [&bytes](const DdnnScenarioParts& parts) {
        const Time first = parts.firstCapture;
        for (const DdnnTopology::Link& link : parts.topology->GetSites()[0].links)
        {
            for (uint32_t end : {0, 1})
            {
                const auto count = [&bytes, first, name = end ? link.downName : link.upName](
                                       const DdnnFrame& frame) {
                    DdnnMessageTag tag;
                    const Time now = Simulator::Now() - first;
                    const bool isOther = !frame.packet->FindFirstMatchingByteTag(tag);
                    const bool counts = now.IsPositive() && now < Seconds(SECONDS);
                    bytes[name] += counts && isOther ? frame.bytes : 0;
                };
                TraceDdnnFrames(link.devices.Get(end), count);
            }
        }
    });
    const DdnnRunResult result = Simulate(world, settings.Set("Backhaul::Load", "0.4"));
    const double frame = GetParam() == std::string("6") ? 562 : 542;
    const double packets = LOAD * 1e6 * SECONDS / frame;
    EXPECT_NEAR(bytes.at("cloud-up") / frame, packets, 4 * std::sqrt(packets));
    bytes.erase("cloud-up");
    for (const auto& [hop, others] : bytes)
    {
        EXPECT_EQ(others, 0U) << hop;
    }
    ASSERT_EQ(result.traffic.size(), alone.traffic.size());
    for (std::size_t i = 0; i < alone.traffic.size(); ++i)
    {
        EXPECT_EQ(result.traffic[i].bytes.payload, alone.traffic[i].bytes.payload);
        EXPECT_EQ(result.traffic[i].bytes.header, alone.traffic[i].bytes.header);
        EXPECT_EQ(result.traffic[i].bytes.onAir, alone.traffic[i].bytes.onAir);
    }
}

INSTANTIATE_TEST_SUITE_P(Versions, CrossTrafficIp, testing::Values("4", "6"));

TEST(CrossTraffic, DependsOnTheRunNumberAlone)
{
    const World world = MakeWorld('c', 3, 10);
    Settings settings = MakeLinkSettings(0.5)
                            .Set("Backhaul::Load", "0.7")
                            .Set("Backhaul::Loss", "0.1")
                            .Set("Backhaul::Queue", "10p")
                            .Set("Backhaul::QueueDisc", "red");
    settings.rngRun = 7;
    const std::string first = Csv(world, settings);
    EXPECT_EQ(Csv(world, settings), first);
    settings.rngRun = 8;
    EXPECT_NE(Csv(world, settings), first);
}

/// Queueing discipline, and whether it keeps the queue shorter than its room.
class Overload : public testing::TestWithParam<std::pair<const char*, bool>>
{
};

TEST_P(Overload, DropsPacketsAndBoundsTheBacklog)
{
    const auto& [discipline, active] = GetParam();
    const World world = MakeWorld('c', 2, 20);
    Settings settings = MakeLinkSettings(0)
                            .Set("Backhaul::Queue", "100p")
                            .Set("Backhaul::QueueDisc", discipline)
                            .Set("Backhaul::Load", "1.1");
    settings.rngRun = 1;
    uint64_t drops = 0;
    std::vector<double> backlog;
    settings = Prepare(settings, [&](const DdnnScenarioParts& parts) {
        for (int i = 0; i < 20; ++i)
        {
            At(parts, i * MilliSeconds(100), [&, &backhaul = GetBackhaul(parts)] {
                backlog.push_back(backhaul.GetBacklog().GetSeconds());
                drops = CountDrops(backhaul);
            });
        }
    });
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_EQ(result.exited + result.fallback, 20U);
    EXPECT_GT(drops, 300U);
    const double mean = std::accumulate(backlog.begin(), backlog.end(), 0.0) / 20;
    const double full = 101 * SERVICE.GetSeconds();
    EXPECT_LE(*std::max_element(backlog.begin(), backlog.end()), 1.001 * full);
    EXPECT_TRUE(active ? mean < 0.9 * full : mean > 0.9 * full) << mean / full;
}

INSTANTIATE_TEST_SUITE_P(Disciplines,
                         Overload,
                         testing::Values(std::pair("none", false),
                                         std::pair("fifo", false),
                                         std::pair("codel", true),
                                         std::pair("red", true)));
