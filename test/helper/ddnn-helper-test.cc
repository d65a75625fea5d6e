// SPDX-License-Identifier: GPL-2.0-only
#include "simulate.h"

#include "ns3/ddnn-helper.h"

#include "ns3/error-model.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"

#include <gtest/gtest.h>

#include <tuple>

using namespace ns3;
using namespace ddnn::test;

namespace
{

/// Drops received packets of one error model's kind from the first capture on.
Ptr<RateErrorModel>
MakeLoss(double rate, int64_t stream, Time from)
{
    auto loss = CreateObject<RateErrorModel>();
    loss->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    loss->SetRate(rate);
    loss->AssignStreams(stream);
    loss->Disable();
    Simulator::Schedule(from, &RateErrorModel::Enable, loss);
    return loss;
}

/// Random loss on all receivers.
void
AddLoss(DdnnHelper& helper, double rate)
{
    const DdnnTopology& topology = helper.GetTopology();
    const NetDeviceContainer& access = topology.GetCells()[0].access->GetNetDevices();
    int64_t stream = 100000;
    for (uint32_t i = 0; i < access.GetN(); ++i)
    {
        DynamicCast<WifiNetDevice>(access.Get(i))
            ->GetPhy()
            ->SetPostReceptionErrorModel(MakeLoss(rate, stream++, helper.GetFirstCapture()));
    }
    for (uint32_t i = 0; i < 2; ++i)
    {
        topology.GetWires()[0].devices.Get(i)->SetAttribute(
            "ReceiveErrorModel",
            PointerValue(MakeLoss(rate, stream++, helper.GetFirstCapture())));
    }
}

} // namespace

class HelperSize : public testing::TestWithParam<std::tuple<char, int>>
{
};

TEST_P(HelperSize, LosesNothing)
{
    const auto [config, numDevices] = GetParam();
    const World world = MakeWorld(config, numDevices, 6);
    const DdnnRunResult result = Simulate(world, 0.5);
    ExpectAsInferred(world, result, 0.5);
    ExpectPartsAddUp(result);
    for (const DdnnSampleRecord& record : result.records)
    {
        const auto& present = record.exit == 0 ? record.summaries[0] : record.features[1];
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
    DdnnScenarioSettings settings;
    settings.threshold = 0.5;
    std::tie(settings.access.wifi.standard, settings.access.wifi.rate) = GetParam();
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
        EXPECT_EQ(record.summaries[0], "");
        EXPECT_EQ(record.verdict, Infer(world, record.sample)[1].label);
    }
}

TEST(Helper, ADeviceMayBeNamedTwiceAmongTheFailed)
{
    const World world = MakeWorld('c', 3, 5);
    DdnnScenarioSettings settings;
    settings.threshold = 0.7;
    settings.failedDevices = {1, 1};
    ExpectAsInferred(world, Simulate(world, settings), 0.7, {1});
}

TEST(Helper, FailedDevicesAreAbsent)
{
    const World world = MakeWorld('c', 6, 15);
    for (const std::vector<int>& failed : {std::vector<int>{2}, {0, 5}, {0, 1, 2, 3, 4}})
    {
        DdnnScenarioSettings settings;
        settings.threshold = 0.7;
        settings.failedDevices = failed;
        const DdnnRunResult result = Simulate(world, settings);
        ExpectAsInferred(world, result, 0.7, failed);
        ExpectPartsAddUp(result);
        EXPECT_EQ(result.records[0].summaries[0][failed[0]], '0');
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
    DdnnScenarioSettings settings;
    settings.threshold = 0.7;
    settings.attach = [](DdnnHelper& helper) -> std::shared_ptr<void> {
        Simulator::Schedule(helper.GetFirstCapture() - MilliSeconds(1), [&helper] {
            helper.SetDown(4, DdnnDownReason::LINK, true);
        });
        return nullptr;
    };
    ExpectAsInferred(world, Simulate(world, settings), 0.7, {4});
}

TEST(Helper, AllDevicesFailedLosesEverySample)
{
    const World world = MakeWorld('c', 2, 5);
    DdnnScenarioSettings settings;
    settings.failedDevices = {0, 1};
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_EQ(result.lost, 5U);
    for (const DdnnSampleRecord& record : result.records)
    {
        EXPECT_EQ(record.verdict, -1);
        EXPECT_EQ(record.exit, -1);
        EXPECT_EQ(record.latency.total, MilliSeconds(500));
        EXPECT_EQ(record.latency.waiting, MilliSeconds(500));
        EXPECT_EQ(record.bytes.payload, 0U);
    }
}

TEST(Helper, SlowCloudMeansFallback)
{
    const World world = MakeWorld('c', 6, 10);
    DdnnScenarioSettings settings;
    settings.threshold = 0.7;
    settings.links.cloud.delay = MilliSeconds(270);
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_GT(result.fallback, 0U);
    EXPECT_EQ(result.lost, 0U);
    for (const DdnnSampleRecord& record : result.records)
    {
        const ddnn::Verdict local = Infer(world, record.sample)[0];
        EXPECT_EQ(record.outcome,
                  local.uncertainty <= 0.7 ? DdnnOutcome::EXITED : DdnnOutcome::FALLBACK);
        EXPECT_EQ(record.exit, 0);
        EXPECT_EQ(record.verdict, local.label);
    }
    ExpectPartsAddUp(result);
    // The verdicts come when the samples have ended.
    EXPECT_EQ(result.rejected.at(DdnnReject::LATE), result.fallback);
}

TEST(Helper, SlowBackhaulAloneMakesNothingLate)
{
    const World world = MakeWorld('c', 6, 5);
    DdnnScenarioSettings settings;
    settings.threshold = 0;
    settings.links.cloud.rate = DataRate("50kbps");
    settings.interval = Seconds(1);
    const DdnnRunResult result = Simulate(world, settings);
    ExpectAsInferred(world, result, 0);
    EXPECT_GT(result.records[0].latency.total, MilliSeconds(150));
}

class HelperLoss : public testing::TestWithParam<std::tuple<double, int>>
{
};

TEST_P(HelperLoss, EverySampleEndsOnce)
{
    const auto [rate, run] = GetParam();
    const World world = MakeWorld('c', 4, 30);
    DdnnScenarioSettings settings;
    settings.threshold = 0.7;
    settings.rngRun = run;
    settings.attach = [rate = rate](DdnnHelper& helper) -> std::shared_ptr<void> {
        AddLoss(helper, rate);
        return nullptr;
    };
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_EQ(result.exited + result.fallback + result.lost, 30U);
    EXPECT_GT(result.fallback + result.lost, 0U);
    ExpectPartsAddUp(result);
    for (const DdnnSampleRecord& record : result.records)
    {
        EXPECT_TRUE(record.latency.total.IsStrictlyPositive());
        EXPECT_LE(record.latency.total, MilliSeconds(500));
        EXPECT_EQ(record.verdict < 0, record.outcome == DdnnOutcome::LOST);
    }
}

INSTANTIATE_TEST_SUITE_P(Rates,
                         HelperLoss,
                         testing::Combine(testing::Values(0.2, 0.5, 0.8, 1.0),
                                          testing::Values(1, 2, 3)));
