// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/access-world.h"
#include "test/helper/simulate.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

using namespace ns3;
using ddnn::test::AccessWorld;
using ddnn::test::MakeWorld;
using ddnn::test::World;

namespace
{

DdnnAccessSettings
Settings(const std::string& name, uint32_t stations, const std::string& load)
{
    DdnnAccessSettings settings;
    settings.name = name;
    settings.background.stations = stations;
    settings.background.load = DataRate(load);
    return settings;
}

class Stations : public testing::TestWithParam<std::tuple<std::string, bool>>
{
};

} // namespace

INSTANTIATE_TEST_SUITE_P(Networks,
                         Stations,
                         testing::Combine(testing::Values("wifi", "csma"), testing::Bool()));

TEST_P(Stations, BringsTheConfiguredLoadToTheGateway)
{
    const auto& [name, ipv6] = GetParam();
    AccessWorld world(Settings(name, 3, "400kbps"), ipv6, 2);
    world.Run(Time());
    const uint64_t before = world.access->GetStationsReceived();
    world.onAir.clear();
    world.Run(Seconds(2));
    const double received = world.access->GetStationsReceived() - before;
    EXPECT_NEAR(received, 3 * 400e3 / 8 * 2, 0.02 * 3 * 400e3 / 8 * 2);
    // Nothing of it is the devices' or the gateway's, whose beacons are all that is left.
    EXPECT_EQ(world.onAir[0], 0u);
    EXPECT_EQ(world.onAir[1], 0u);
    EXPECT_LT(world.onAir[world.gateway], 20u * 400);
}

TEST_P(Stations, LeavesTheDevicesTheirMessages)
{
    const auto& [name, ipv6] = GetParam();
    AccessWorld world(Settings(name, 2, "400kbps"), ipv6, 2);
    for (uint32_t i = 0; i < 20; ++i)
    {
        world.Send(MilliSeconds(10 * i), i % 2, world.access->GetGatewayAddress(), 100);
    }
    world.Run(MilliSeconds(300));
    EXPECT_EQ(world.Count(0, world.gateway, 100), 10u);
    EXPECT_EQ(world.Count(1, world.gateway, 100), 10u);
}

TEST(StationsScenario, IsNotChargedToTheSamples)
{
    const World world = MakeWorld('c', 3, 4);
    DdnnScenarioSettings settings;
    settings.access.name = "csma";
    const auto alone = Simulate(world, settings);
    settings.access.background.stations = 2;
    const auto shared = Simulate(world, settings);
    EXPECT_GT(shared.events, alone.events);
    ASSERT_EQ(shared.traffic.size(), alone.traffic.size());
    for (std::size_t i = 0; i < alone.traffic.size(); ++i)
    {
        EXPECT_EQ(shared.traffic[i].bytes.payload, alone.traffic[i].bytes.payload);
        EXPECT_EQ(shared.traffic[i].bytes.header, alone.traffic[i].bytes.header);
        EXPECT_EQ(shared.traffic[i].bytes.onAir, alone.traffic[i].bytes.onAir);
    }
}

TEST(StationsScenario, IsRefusedWhereThereAreNoStations)
{
    const World world = MakeWorld('c', 2, 2);
    DdnnScenarioSettings settings;
    settings.access.name = "lrwpan";
    settings.access.background.stations = 1;
    try
    {
        Simulate(world, settings);
        FAIL() << "accepted";
    }
    catch (const std::runtime_error& e)
    {
        EXPECT_STREQ(e.what(),
                     "--stations: access network lrwpan of the first cell has no background "
                     "stations, use wifi or csma");
    }
}

TEST(AccessLossScenario, LosesNothingAtZeroAndEverythingAtOne)
{
    const World world = MakeWorld('c', 3, 4);
    DdnnScenarioSettings settings;
    settings.access.name = "p2p";
    settings.access.packetErrorRate = 1;
    EXPECT_EQ(Simulate(world, settings).lost, 4u);
    settings.access.packetErrorRate = 0;
    ExpectAsInferred(world, Simulate(world, settings), settings.threshold);
}

TEST(AccessLossScenario, RefusesWhatHasNoEffect)
{
    const World world = MakeWorld('c', 2, 2);
    DdnnScenarioSettings settings;
    settings.access.name = "p2p";
    settings.access.radiusMetres = 10;
    EXPECT_THROW(Simulate(world, settings), std::runtime_error);
    settings.access.radiusMetres = 0;
    settings.access.wifi.fading = DdnnFading::NAKAGAMI;
    EXPECT_THROW(Simulate(world, settings), std::runtime_error);
    settings.access.wifi = {};
    settings.access.wifi.rate = "HtMcs3";
    EXPECT_THROW(Simulate(world, settings), std::runtime_error);
    settings.access.wifi = {};
    settings.access.wifi.standard = "80211ac";
    EXPECT_THROW(Simulate(world, settings), std::runtime_error);
    settings.access.wifi = {};
    settings.access.name = "wifi";
    settings.access.wifi.pathLoss = DdnnPathLoss::FRIIS;
    settings.access.wifi.pathLossExponent = 2;
    EXPECT_THROW(Simulate(world, settings), std::runtime_error);
    settings.access.packetErrorRate = 1.5;
    EXPECT_THROW(Simulate(world, settings), std::runtime_error);
}
