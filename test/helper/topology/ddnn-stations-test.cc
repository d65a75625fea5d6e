// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/topology/access-world.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <tuple>

using namespace ns3;
using namespace ddnn::test;

namespace
{

AttributeGuard::Attributes
MakeStations(uint32_t number)
{
    return {{"ns3::DdnnStations::Stations", std::to_string(number)},
            {"ns3::DdnnStations::Load", "400kbps"}};
}

/// Technology, and whether it carries IPv6.
class Stations : public testing::TestWithParam<std::tuple<std::string, bool>>
{
};

} // namespace

INSTANTIATE_TEST_SUITE_P(Networks,
                         Stations,
                         testing::Combine(testing::Values("wifi", "csma"), testing::Bool()));

TEST_P(Stations, BringTheConfiguredLoadToTheGateway)
{
    const auto& [name, ipv6] = GetParam();
    const AttributeGuard guard(MakeStations(3));
    AccessWorld world(name, ipv6, 2);
    world.Run(Time());
    const auto sink = DynamicCast<PacketSink>(world.stations->GetSink());
    const uint64_t before = sink->GetTotalRx();
    world.onAir.clear();
    world.Run(Seconds(2));
    const double received = sink->GetTotalRx() - before;
    EXPECT_NEAR(received, 3 * 400e3 / 8 * 2, 0.02 * 3 * 400e3 / 8 * 2);
    // Nothing of it comes from the devices or the gateway, which beacons and acknowledges alone.
    EXPECT_EQ(world.onAir[0], 0u);
    EXPECT_EQ(world.onAir[1], 0u);
    EXPECT_LT(world.onAir[world.gateway], received / 10);
}

TEST_P(Stations, LeaveTheDevicesTheirMessages)
{
    const auto& [name, ipv6] = GetParam();
    const AttributeGuard guard(MakeStations(2));
    AccessWorld world(name, ipv6, 2);
    for (uint32_t i = 0; i < 20; ++i)
    {
        world.Send(MilliSeconds(10 * i), i % 2, world.GetGatewayAddress(), 100);
    }
    world.Run(MilliSeconds(300));
    EXPECT_EQ(world.Count(0, world.gateway, 100), 10u);
    EXPECT_EQ(world.Count(1, world.gateway, 100), 10u);
}

TEST(StationsScenario, SamplesAreNotChargedForStations)
{
    const World world = MakeWorld('c', 3, 4);
    const auto alone = Simulate(world, Settings().SetAccess("csma"));
    const auto shared =
        Simulate(world, Settings().SetAccess("csma").Set("Stations::Stations", "2"));
    EXPECT_GT(shared.events, alone.events);
    ASSERT_EQ(shared.traffic.size(), alone.traffic.size());
    for (std::size_t i = 0; i < alone.traffic.size(); ++i)
    {
        EXPECT_EQ(shared.traffic[i].bytes.payload, alone.traffic[i].bytes.payload);
        EXPECT_EQ(shared.traffic[i].bytes.header, alone.traffic[i].bytes.header);
        EXPECT_EQ(shared.traffic[i].bytes.onAir, alone.traffic[i].bytes.onAir);
    }
}

TEST(StationsScenario, OtherTechnologiesRefuseThem)
{
    const World world = MakeWorld('c', 2, 2);
    try
    {
        Simulate(world, Settings().SetAccess("lrwpan").Set("Stations::Stations", "1"));
        FAIL() << "accepted";
    }
    catch (const std::runtime_error& e)
    {
        EXPECT_STREQ(e.what(),
                     "ns3::DdnnStations::Stations: access network lrwpan of the first cell cannot "
                     "have any, use wifi or csma");
    }
}
