// SPDX-License-Identifier: GPL-2.0-only
#include "test/support/simulate.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

#include <tuple>

using namespace ns3;
using namespace ddnn::test;

class HelperSize : public testing::TestWithParam<std::tuple<char, int>>
{
};

TEST_P(HelperSize, LosesNothing)
{
    const auto [config, numDevices] = GetParam();
    const World world = MakeWorld(config, numDevices, 6);
    const DdnnRunResult result = Simulate(world, 0.5);
    ExpectAsInferred(world, result, 0.5);
    ExpectLatencies(result);
    for (const DdnnSampleRecord& record : result.records)
    {
        const auto& present = record.exit == 0 ? record.scores[0] : record.features[1];
        EXPECT_EQ(present, std::string(numDevices, '1'));
    }
}

INSTANTIATE_TEST_SUITE_P(Presets,
                         HelperSize,
                         testing::Values(std::tuple('b', 1),
                                         std::tuple('c', 1),
                                         std::tuple('c', 2),
                                         std::tuple('c', 24),
                                         std::tuple('c', 64),
                                         std::tuple('a', 1),
                                         std::tuple('a', 6),
                                         std::tuple('a', 24)));

class HelperStandard : public testing::TestWithParam<std::tuple<const char*, const char*>>
{
};

TEST_P(HelperStandard, LosesNothing)
{
    const World world = MakeWorld('c', 16, 6);
    const auto [standard, rate] = GetParam();
    Settings settings;
    settings.SetThreshold(0.5).Set("WifiAccess::Standard", standard).Set("WifiAccess::Rate", rate);
    ExpectAsInferred(world, Simulate(world, settings), 0.5);
}

INSTANTIATE_TEST_SUITE_P(Wifi,
                         HelperStandard,
                         testing::Values(std::tuple("80211a", ""),
                                         std::tuple("80211a", "OfdmRate6Mbps"),
                                         std::tuple("80211g", ""),
                                         std::tuple("80211g", "ErpOfdmRate54Mbps"),
                                         std::tuple("80211n", "HtMcs0"),
                                         std::tuple("80211ac", ""),
                                         std::tuple("80211ac", "VhtMcs9"),
                                         std::tuple("80211ax", ""),
                                         std::tuple("80211ax", "HeMcs11")));

TEST(Helper, RawOffloadSendsViews)
{
    const World world = MakeWorld('a', 6, 8);
    const DdnnRunResult result = Simulate(world, 1.0);
    EXPECT_EQ(result.exited, 8U);
    for (const DdnnSampleRecord& record : result.records)
    {
        EXPECT_EQ(record.bytes.payload, 6U * 3072);
        // Two fragments of at most 2296 bytes, ns-3's MTU of Wi-Fi, with 20 bytes of IPv4 each; UDP
        // 8, DDNN 10.
        EXPECT_EQ(record.bytes.header, 6U * 58);
        EXPECT_EQ(record.scores[0], "");
        EXPECT_EQ(record.prediction, Infer(world, record.sample)[1].label);
    }
}

TEST(Helper, ADeviceMayBeNamedTwiceAmongTheFailed)
{
    const World world = MakeWorld('c', 3, 5);
    Settings settings;
    settings.SetThreshold(0.7);
    settings.failedDevices = {1, 1};
    ExpectAsInferred(world, Simulate(world, settings), 0.7, {1});
}

TEST(Helper, FailedDevicesAreAbsent)
{
    const World world = MakeWorld('c', 6, 15);
    for (const std::vector<int>& failed : {std::vector<int>{2}, {0, 5}, {0, 1, 2, 3, 4}})
    {
        Settings settings;
        settings.SetThreshold(0.7);
        settings.failedDevices = failed;
        const DdnnRunResult result = Simulate(world, settings);
        ExpectAsInferred(world, result, 0.7, failed);
        ExpectLatencies(result);
        EXPECT_EQ(result.records[0].scores[0][failed[0]], '0');
        const uint64_t present = 6 - failed.size();
        for (const DdnnSampleRecord& record : result.records)
        {
            EXPECT_EQ(record.bytes.payload, present * (record.exit == 0 ? 12 : 140));
        }
    }
}

TEST(Helper, RadioSwitchedOffIsAbsent)
{
    const World world = MakeWorld('c', 6, 15);
    Settings settings;
    settings.SetThreshold(0.7);
    settings.faults = ParseFaults("0s link:device:4 link-down");
    ExpectAsInferred(world, Simulate(world, settings), 0.7, {4});
}

TEST(Helper, AllDevicesFailedLosesEverySample)
{
    const World world = MakeWorld('c', 2, 5);
    Settings settings;
    settings.failedDevices = {0, 1};
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_EQ(result.lost, 5U);
    for (const DdnnSampleRecord& record : result.records)
    {
        EXPECT_EQ(record.prediction, -1);
        EXPECT_EQ(record.exit, -1);
        EXPECT_EQ(record.latency.GetTotal(), MilliSeconds(500));
        EXPECT_EQ(record.latency.waiting, MilliSeconds(500));
        EXPECT_EQ(record.bytes.payload, 0U);
    }
}

TEST(Helper, SlowCloudMeansFallback)
{
    const World world = MakeWorld('c', 6, 10);
    Settings settings;
    settings.SetThreshold(0.7);
    settings.Set("Backhaul::Delay", "270ms");
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_GT(result.fallback, 0U);
    EXPECT_EQ(result.lost, 0U);
    for (const DdnnSampleRecord& record : result.records)
    {
        const ddnn::Verdict local = Infer(world, record.sample)[0];
        EXPECT_EQ(record.outcome,
                  local.uncertainty <= 0.7 ? DdnnOutcome::EXITED : DdnnOutcome::FALLBACK);
        EXPECT_EQ(record.exit, 0);
        EXPECT_EQ(record.prediction, local.label);
    }
    ExpectLatencies(result);
    // The predictions come when the samples have ended.
    EXPECT_EQ(result.rejected.at(DdnnReject::LATE), result.fallback);
}

TEST(Helper, SlowBackhaulAloneMakesNothingLate)
{
    const World world = MakeWorld('c', 6, 5);
    Settings settings;
    settings.SetThreshold(0).SetInterval(1).Set("Backhaul::Rate", "50kbps");
    const DdnnRunResult result = Simulate(world, settings);
    ExpectAsInferred(world, result, 0);
    EXPECT_GT(result.records[0].latency.GetTotal(), MilliSeconds(150));
}

class HelperLoss : public testing::TestWithParam<std::tuple<double, int>>
{
};

TEST_P(HelperLoss, EverySampleEndsOnce)
{
    const auto [rate, run] = GetParam();
    const World world = MakeWorld('c', 4, 30);
    Settings settings;
    settings.SetThreshold(0.7);
    settings.rngRun = run;
    settings.faults = ParseFaults("0s link:* loss " + std::to_string(rate));
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_EQ(result.exited + result.fallback + result.lost, 30U);
    EXPECT_GT(result.fallback + result.lost, 0U);
    ExpectLatencies(result);
    for (const DdnnSampleRecord& record : result.records)
    {
        EXPECT_TRUE(record.latency.GetTotal().IsStrictlyPositive());
        EXPECT_LE(record.latency.GetTotal(), MilliSeconds(500));
        EXPECT_EQ(record.prediction < 0, record.outcome == DdnnOutcome::LOST);
    }
}

INSTANTIATE_TEST_SUITE_P(Rates,
                         HelperLoss,
                         testing::Combine(testing::Values(0.2, 0.5, 0.8, 1.0),
                                          testing::Values(1, 2, 3)));
