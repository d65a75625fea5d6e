// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/topology/access-world.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

using namespace ns3;
using namespace ddnn::test;

using Attributes = AttributeGuard::Attributes;

TEST(AccessAttributes, OfPointToPointAreTheTimeOfATransmission)
{
    const AttributeGuard guard(Attributes{{"ns3::DdnnPointToPointAccess::DataRate", "1Mbps"},
                                          {"ns3::DdnnPointToPointAccess::Delay", "7ms"}});
    AccessWorld world("p2p", false, 2);
    world.Send(Time(), 1, world.GetGatewayAddress(), 100);
    world.Send(Time(), world.gateway, world.GetDeviceAddress(1), 100);
    // UDP 8, IPv4 20, PPP 2 bytes, at 8 us each
    const Time arrival = MilliSeconds(7) + MicroSeconds((100 + 30) * 8);
    world.Run(arrival - NanoSeconds(1));
    EXPECT_EQ(world.received.size(), 0u);
    world.Run(arrival + NanoSeconds(1));
    EXPECT_EQ(world.received.size(), 2u);
}

TEST(AccessAttributes, OfCsmaAreTheTimeOfATransmission)
{
    const AttributeGuard guard(Attributes{{"ns3::DdnnCsmaAccess::DataRate", "1Mbps"},
                                          {"ns3::DdnnCsmaAccess::Delay", "7ms"}});
    AccessWorld world("csma", false, 2);
    world.Send(Time(), 0, world.GetGatewayAddress(), 100);
    // UDP 8, IPv4 20, Ethernet 18 bytes, at 8 us each
    const Time arrival = MilliSeconds(7) + MicroSeconds((100 + 46) * 8);
    world.Run(arrival - NanoSeconds(1));
    EXPECT_EQ(world.received.size(), 0u);
    world.Run(arrival + NanoSeconds(1));
    EXPECT_EQ(world.received.size(), 1u);
}

TEST(AccessLimits, LrWpanRefusesIpv4)
{
    EXPECT_THROW(AccessWorld("lrwpan", false, 1), std::runtime_error);
    Simulator::Destroy();
}

TEST(AccessLimits, LteRefusesABandwidthThatDoesNotExist)
{
    const AttributeGuard guard(Attributes{{"ns3::DdnnLteAccess::ResourceBlocks", "7"}});
    EXPECT_THROW(AccessWorld("lte", false, 1), std::runtime_error);
    Simulator::Destroy();
}

TEST(AccessLimits, LteRefusesASecondNetwork)
{
    AccessWorld world("lte", false, 1);
    EXPECT_THROW(AccessWorld("lte", false, 1), std::runtime_error);
}

TEST(AccessLimits, AttributesOfOtherTechnologiesAreRefused)
{
    const World world = MakeWorld('c', 2, 2);
    const auto expectRefused = [&world](const std::string& access,
                                        const std::string& attribute,
                                        const std::string& value) {
        const Settings settings = Settings().SetAccess(access).Set(attribute, value);
        try
        {
            Simulate(world, settings);
            ADD_FAILURE() << attribute;
        }
        catch (const std::runtime_error& error)
        {
            EXPECT_EQ(error.what(),
                      "ns3::Ddnn" + attribute + " has no effect: the access network is " + access);
        }
    };
    expectRefused("p2p", "WirelessAccess::Radius", "10");
    expectRefused("p2p", "WirelessAccess::Placement", "disc");
    expectRefused("p2p", "WifiAccess::Fading", "nakagami");
    expectRefused("lte", "WifiAccess::Rate", "HtMcs3");
    expectRefused("wifi", "LteAccess::ResourceBlocks", "50");
    expectRefused("csma", "PointToPointAccess::Delay", "2ms");
}

TEST(AccessLoss, LosesNothingAtZeroAndEverythingAtOne)
{
    const World world = MakeWorld('c', 3, 4);
    Settings settings = Settings().SetAccess("p2p").SetThreshold(0.8);
    ExpectAsInferred(world, Simulate(world, settings), 0.8);
    EXPECT_EQ(Simulate(world, settings.Set("Scenario::AccessLoss", "1")).lost, 4u);
}
