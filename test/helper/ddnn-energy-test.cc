// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/simulate.h"

#include "ns3/config.h"
#include "ns3/ddnn-energy.h"
#include "ns3/double.h"
#include "ns3/energy-source-container.h"
#include "ns3/simulator.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy-state-helper.h"
#include "ns3/wifi-phy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

using namespace ns3;
using ddnn::test::ExpectAsInferred;
using ddnn::test::MakeWorld;
using ddnn::test::Simulate;
using ddnn::test::World;

namespace
{

/// What ns-3's rounding to nanojoules may cost, as a part of the whole.
constexpr double ROUNDING = 1e-5;

DdnnScenarioSettings
MakeSettings(const std::string& access, double batteryJoules = 0)
{
    DdnnScenarioSettings settings;
    settings.threshold = 0.3;
    settings.access.name = access;
    settings.energy.enabled = true;
    settings.energy.batteryJoules = batteryJoules;
    return settings;
}

double
JoulesPerSection(const World& world, int device)
{
    return DdnnComputeEnergyModel::JOULES_PER_OPERATION *
           ddnn::Operations(world.model->GetHierarchy(), 0, device);
}

void
ExpectConserved(const DdnnRunResult& result)
{
    for (const DdnnDeviceEnergy& device : result.energy->devices)
    {
        const double used = device.radio + device.compute;
        EXPECT_NEAR(device.drawn, used, ROUNDING * used);
        EXPECT_GT(used, 0);
    }
}

/// How long a radio was in a state while energy is accounted, in seconds.
struct States
{
    Time begin;
    Time end;
    double sending{0};
    double receiving{0};

    void Observe(DdnnHelper& helper, uint32_t device, Time duration)
    {
        begin = helper.GetFirstCapture();
        end = begin + duration;
        const auto& access = *helper.GetTopology().GetCells()[0].access;
        DynamicCast<WifiNetDevice>(access.GetNetDevices().Get(device))
            ->GetPhy()
            ->GetState()
            ->TraceConnectWithoutContext("State", MakeCallback(&States::Count, this));
    }

    void Count(Time start, Time duration, WifiPhyState state)
    {
        const Time counted = Min(start + duration, end) - Max(start, begin);
        const double seconds = Max(counted, Time(0)).GetSeconds();
        sending += state == WifiPhyState::TX ? seconds : 0;
        receiving += state == WifiPhyState::RX ? seconds : 0;
    }
};

/// Call it when the account has opened.
void
DoubleJoules(const DdnnHelper& helper, int device)
{
    const auto node = helper.GetTopology().GetNode(0, device);
    const auto source = node->GetObject<energy::EnergySourceContainer>()->Get(0);
    const auto models = source->FindDeviceEnergyModels("ns3::DdnnComputeEnergyModel");
    models.Get(0)->SetAttribute("JoulesPerOperation",
                                DoubleValue(2 * DdnnComputeEnergyModel::JOULES_PER_OPERATION));
}

/// The records from `first` to `last` alone, and what belongs to them.
DdnnRunResult
Part(const DdnnRunResult& result, std::size_t first, std::size_t last)
{
    DdnnRunResult part;
    part.records = {result.records.begin() + first, result.records.begin() + last};
    return part;
}

World
Part(const World& world, std::size_t first, std::size_t last)
{
    World part = world;
    part.samples = {world.samples.begin() + first, world.samples.begin() + last};
    return part;
}

} // namespace

TEST(Energy, IsNotAccountedUnlessAsked)
{
    const World world = MakeWorld('c', 2, 2);
    DdnnScenarioSettings settings = MakeSettings("p2p", 1e-6);
    settings.energy.enabled = false;
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_FALSE(result.energy);
    const auto summary = Summarise(result, world.model->GetHierarchy(), settings.threshold);
    EXPECT_TRUE(std::isnan(summary.joulesPerSample));
    EXPECT_TRUE(std::isnan(summary.joulesPerCorrectVerdict));
    EXPECT_TRUE(std::isnan(summary.firstDeathSeconds));
    ExpectAsInferred(world, result, settings.threshold);
}

TEST(Energy, AccountAloneChangesNothing)
{
    for (const char* access : {"p2p", "wifi"})
    {
        const World world = MakeWorld('c', 3, 5);
        DdnnScenarioSettings settings = MakeSettings(access);
        const auto with = Simulate(world, settings);
        settings.energy.enabled = false;
        auto without = Simulate(world, settings);
        EXPECT_GT(with.events, without.events) << access; // those of the sources
        without.events = with.events;
        const auto& hierarchy = world.model->GetHierarchy();
        EXPECT_EQ(ddnn::test::Csv(hierarchy, 0.3, with), ddnn::test::Csv(hierarchy, 0.3, without))
            << access;
    }
}

TEST(Energy, CountsEveryOperation)
{
    const World world = MakeWorld('c', 3, 2);
    for (const char* access : {"p2p", "csma", "lrwpan", "lte"})
    {
        DdnnScenarioSettings settings = MakeSettings(access);
        settings.interval = Seconds(1);
        const auto result = Simulate(world, settings);
        ASSERT_EQ(result.energy->devices.size(), 3U);
        for (int device = 0; device < 3; ++device)
        {
            EXPECT_DOUBLE_EQ(result.energy->devices[device].compute,
                             2 * JoulesPerSection(world, device));
            EXPECT_EQ(result.energy->devices[device].radio, 0) << access;
        }
        EXPECT_TRUE(result.energy->deaths.empty());
        ExpectConserved(result);
    }
}

TEST(Energy, RawOffloadComputesNothing)
{
    const World world = MakeWorld('a', 2, 3);
    const auto result = Simulate(world, MakeSettings("p2p"));
    for (const DdnnDeviceEnergy& device : result.energy->devices)
    {
        EXPECT_EQ(device.compute, 0);
        EXPECT_EQ(device.drawn, 0);
    }
}

TEST(Energy, OfAnIdleRadioIsCurrentTimesVoltageTimesTime)
{
    const World world = MakeWorld('c', 1, 4);
    DdnnScenarioSettings settings = MakeSettings("wifi");
    settings.energy.joulesPerOperation = 0;
    // All states draw the same, so that only the time counts.
    Config::SetDefault("ns3::WifiRadioEnergyModel::IdleCurrentA", DoubleValue(0.2));
    Config::SetDefault("ns3::WifiRadioEnergyModel::CcaBusyCurrentA", DoubleValue(0.2));
    Config::SetDefault("ns3::WifiRadioEnergyModel::TxCurrentA", DoubleValue(0.2));
    Config::SetDefault("ns3::WifiRadioEnergyModel::RxCurrentA", DoubleValue(0.2));
    const auto result = Simulate(world, settings);
    Config::Reset();
    const double joules = 0.2 * 3.0 * 4 * settings.interval.GetSeconds();
    EXPECT_NEAR(result.energy->devices[0].radio, joules, 1e-9);
    EXPECT_EQ(result.energy->devices[0].compute, 0);
    ExpectConserved(result);
}

TEST(Energy, OfARadioIsThatOfItsStates)
{
    // Device 1 is silent, but it hears beacons and device 0.
    const World world = MakeWorld('c', 2, 10);
    DdnnScenarioSettings settings = MakeSettings("wifi");
    std::vector<States> states(2);
    settings.attach = [&states](DdnnHelper& helper) -> std::shared_ptr<void> {
        helper.GetDevice(1)->SetFailed(true);
        for (uint32_t device = 0; device < 2; ++device)
        {
            states[device].Observe(helper, device, 10 * MilliSeconds(100));
        }
        return nullptr;
    };
    const auto result = Simulate(world, settings);
    for (int device = 0; device < 2; ++device)
    {
        const double joules = 3.0 * (0.273 * 1 + (0.380 - 0.273) * states[device].sending +
                                     (0.313 - 0.273) * states[device].receiving);
        EXPECT_NEAR(result.energy->devices[device].radio, joules, 1e-6);
        EXPECT_GT(states[device].receiving, 0);
    }
    EXPECT_GT(states[0].sending, states[1].sending);
    EXPECT_EQ(result.energy->devices[1].compute, 0);
    EXPECT_GT(result.energy->devices[0].compute, 0);
    ExpectConserved(result);
}

TEST(Energy, IsNotDrawnWhileTheRadioIsOff)
{
    const World world = MakeWorld('c', 2, 10);
    DdnnScenarioSettings settings = MakeSettings("wifi");
    settings.failedDevices = {0};
    settings.attach = [](DdnnHelper& helper) -> std::shared_ptr<void> {
        for (const auto& [time, down] : {std::pair{300, true}, std::pair{700, false}})
        {
            Simulator::Schedule(helper.GetFirstCapture() + MilliSeconds(time),
                                &DdnnHelper::SetDown,
                                &helper,
                                1,
                                DdnnDownReason::FAULT,
                                down);
        }
        return nullptr;
    };
    const auto result = Simulate(world, settings);
    EXPECT_EQ(result.energy->devices[0].radio, 0);
    EXPECT_EQ(result.energy->devices[0].compute, 0);
    // on for 600 of 1000 ms, and mostly idle
    EXPECT_GT(result.energy->devices[1].radio, 0.273 * 3 * 0.6);
    EXPECT_LT(result.energy->devices[1].radio, 0.280 * 3 * 0.6);
    EXPECT_DOUBLE_EQ(result.energy->devices[1].compute, 6 * JoulesPerSection(world, 1));
    const double used = result.energy->devices[1].radio + result.energy->devices[1].compute;
    EXPECT_NEAR(result.energy->devices[1].drawn, used, ROUNDING * used);
}

TEST(Energy, ABatteryForSomeSamplesEndsWithTheLast)
{
    const World world = MakeWorld('c', 2, 8);
    const double joules = JoulesPerSection(world, 0);
    const auto result = Simulate(world, MakeSettings("p2p", 3 * joules));
    ASSERT_EQ(result.energy->deaths.size(), 2U);
    for (int device = 0; device < 2; ++device)
    {
        EXPECT_NEAR(result.energy->devices[device].compute, 3 * joules, 2 * ROUNDING * 3 * joules);
    }
    ExpectConserved(result);
    const double section = ddnn::Operations(world.model->GetHierarchy(), 0, 0) / 249e6;
    EXPECT_NEAR(result.energy->deaths[0].time.GetSeconds(), 0.2 + section, 1e-6);
}

TEST(Energy, TheDeadAreLikeFailedDevices)
{
    constexpr int ALIVE = 4;
    const World world = MakeWorld('c', 3, 8);
    const double joules = 2 * JoulesPerSection(world, 2);
    // Half a section's more, so that the features of the last sample still leave.
    DdnnScenarioSettings settings = MakeSettings("p2p", (ALIVE + 0.5) * joules);
    settings.attach = [](DdnnHelper& helper) -> std::shared_ptr<void> {
        Simulator::Schedule(helper.GetFirstCapture(), [&helper] {
            DoubleJoules(helper, 2);
        });
        return nullptr;
    };
    const auto result = Simulate(world, settings);
    ASSERT_EQ(result.energy->deaths.size(), 1U);
    EXPECT_EQ(result.energy->deaths[0].device, 2U);
    const double section = ddnn::Operations(world.model->GetHierarchy(), 0, 2) / 249e6;
    EXPECT_NEAR(result.energy->deaths[0].time.GetSeconds(), 0.4 + section / 2, 3e-6);
    ExpectAsInferred(Part(world, 0, ALIVE), Part(result, 0, ALIVE), settings.threshold);
    ExpectAsInferred(Part(world, ALIVE, 8), Part(result, ALIVE, 8), settings.threshold, {2});
    ExpectConserved(result);
}

TEST(Energy, EmptyBatteriesEndWifiStations)
{
    const World world = MakeWorld('c', 3, 10);
    const DdnnScenarioSettings settings = MakeSettings("wifi", 0.45);
    const auto result = Simulate(world, settings);
    ASSERT_EQ(result.energy->deaths.size(), 3U);
    for (const DdnnDeath& death : result.energy->deaths)
    {
        EXPECT_LT(death.time.GetSeconds(), 0.45 / (0.273 * 3));
        EXPECT_GT(death.time.GetSeconds(), 0.45 / (0.313 * 3));
    }
    for (const DdnnDeviceEnergy& device : result.energy->devices)
    {
        EXPECT_NEAR(device.drawn, 0.45, 2 * ROUNDING * 0.45);
    }
    ExpectAsInferred(Part(world, 0, 5), Part(result, 0, 5), settings.threshold);
    EXPECT_EQ(result.records[7].outcome, DdnnOutcome::LOST);
}

TEST(Energy, NothingBringsADeadDeviceBack)
{
    const World world = MakeWorld('c', 2, 10);
    DdnnScenarioSettings settings = MakeSettings("wifi", 0.2);
    settings.attach = [](DdnnHelper& helper) -> std::shared_ptr<void> {
        for (const auto& [time, down] : {std::pair{100, true},
                                         std::pair{150, false},
                                         std::pair{500, true},
                                         std::pair{600, false}})
        {
            Simulator::Schedule(helper.GetFirstCapture() + MilliSeconds(time),
                                &DdnnHelper::SetDown,
                                &helper,
                                0,
                                DdnnDownReason::FAULT,
                                down);
        }
        return nullptr;
    };
    const auto result = Simulate(world, settings);
    ASSERT_EQ(result.energy->deaths.size(), 2U);
    EXPECT_EQ(result.energy->deaths[0].device, 1U);
    EXPECT_NEAR((result.energy->deaths[1].time - result.energy->deaths[0].time).GetSeconds(),
                0.05,
                2e-3);
    for (const DdnnDeviceEnergy& device : result.energy->devices)
    {
        EXPECT_NEAR(device.drawn, 0.2, 2 * ROUNDING * 0.2);
    }
    EXPECT_EQ(result.records[9].outcome, DdnnOutcome::LOST);
}

TEST(Energy, IsDeterministic)
{
    const World world = MakeWorld('c', 3, 6);
    const DdnnScenarioSettings settings = MakeSettings("wifi", 0.3);
    const auto& hierarchy = world.model->GetHierarchy();
    std::string first;
    for (int run = 0; run < 2; ++run)
    {
        const auto result = Simulate(world, settings);
        DdnnCsv csv(hierarchy, true);
        csv.Add(result, Summarise(result, hierarchy, settings.threshold));
        const std::string text = csv.GetSummary() + csv.GetDeaths() + csv.GetSamples();
        EXPECT_TRUE(first.empty() || first == text);
        first = text;
    }
}

TEST(Energy, IsInTheTables)
{
    const ddnn::Hierarchy hierarchy = ddnn::MakePreset('c', {});
    DdnnRunResult result;
    result.records.resize(4);
    for (int sample = 0; sample < 4; ++sample)
    {
        result.records[sample].verdict = sample / 2; // of class 0: two are correct
    }
    result.energy = DdnnEnergyResult{{{0.5, 0.25, 0.75}, {0.25, 0, 0.25}}, {}};
    const auto rows = [&] {
        DdnnCsv csv(hierarchy, true);
        csv.Add(result, Summarise(result, hierarchy, 1));
        return std::pair{csv.GetSummary(), csv.GetDeaths()};
    };
    EXPECT_NE(rows().first.find(",joules_per_sample,joules_per_correct_verdict,first_death_s\n"),
              std::string::npos);
    EXPECT_NE(rows().first.find(",0.250000000,0.500000000,\n"), std::string::npos);
    EXPECT_EQ(rows().second, "threshold,device,time_s\n");
    result.energy->deaths = {{5, MilliSeconds(1500)}, {0, Seconds(2)}};
    EXPECT_NE(rows().first.find(",0.250000000,0.500000000,1.500000\n"), std::string::npos);
    EXPECT_EQ(rows().second, "threshold,device,time_s\n1.000000,5,1.500000\n1.000000,0,2.000000\n");
}

TEST(Energy, RefusesBadSettings)
{
    const auto message = [](double battery, double perOperation) -> std::string {
        try
        {
            CheckEnergy({true, battery, perOperation});
        }
        catch (const std::runtime_error& e)
        {
            return e.what();
        }
        return "accepted";
    };
    EXPECT_EQ(message(0, 0), "accepted");
    EXPECT_EQ(message(-1, 0), "--battery has -1.000000 joules, must be 0 (never empty) to 1000000");
    EXPECT_EQ(message(std::nan(""), 0),
              "--battery has nan joules, must be 0 (never empty) to 1000000");
    EXPECT_EQ(message(1, 2), "--joulesPerOperation is 2.000000, must be 0 to 1");
}
