// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/topology/access-world.h"

#include "ns3/ddnn-wifi-access.h"
#include "ns3/mobility-model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3;
using namespace ddnn::test;

namespace
{

using Attributes = AttributeGuard::Attributes;

/// Add to attributes that let devices of a given distance send at a fixed rate.
Attributes
Fixed(double radiusMetres, const Attributes& more = {})
{
    Attributes attributes{{"ns3::DdnnWirelessAccess::Radius", std::to_string(radiusMetres)},
                          {"ns3::DdnnWifiAccess::AllowUnconnected", "true"},
                          {"ns3::DdnnWifiAccess::Rate", "HtMcs7"}};
    attributes.insert(attributes.end(), more.begin(), more.end());
    return attributes;
}

std::string
Refusal(const Attributes& attributes)
{
    const AttributeGuard guard(attributes);
    try
    {
        const AccessWorld world("wifi", false, 1);
    }
    catch (const std::runtime_error& e)
    {
        Simulator::Destroy();
        return e.what();
    }
    return "accepted";
}

/// How many of 200 broadcasts arrive, which are not repeated, at 10 devices in all.
uint32_t
CountBroadcasts(const Attributes& attributes)
{
    const AttributeGuard guard(attributes);
    constexpr uint32_t NUM_DEVICES = 10;
    AccessWorld world("wifi", false, NUM_DEVICES);
    for (uint32_t i = 0; i < 200; ++i)
    {
        world.Send(MilliSeconds(2 * i), world.gateway, world.access->GetBroadcastAddress(), 20);
    }
    world.Run(MilliSeconds(500));
    return world.received.size();
}

/// Of devices from the gateway.
std::vector<double>
GetDistances(const Attributes& attributes, uint32_t numDevices)
{
    const AttributeGuard guard(attributes);
    const AccessWorld world("wifi", false, numDevices);
    const auto gateway = world.nodes.Get(world.gateway)->GetObject<MobilityModel>();
    std::vector<double> distances;
    for (uint32_t i = 0; i < numDevices; ++i)
    {
        distances.push_back(
            world.nodes.Get(i)->GetObject<MobilityModel>()->GetDistanceFrom(gateway));
    }
    return distances;
}

/// How long a message of 1400 bytes takes to the gateway.
Time
GetTransmission(const std::string& rate)
{
    const AttributeGuard guard(Fixed(5, {{"ns3::DdnnWifiAccess::Rate", rate}}));
    AccessWorld world("wifi", false, 1);
    world.Send(Time(), 0, world.GetGatewayAddress(), 1400);
    Time passed;
    while (world.received.empty() && passed < MilliSeconds(10))
    {
        passed += MicroSeconds(10);
        world.Run(passed);
    }
    return passed;
}

} // namespace

TEST(WifiAccess, RefusesAnUnknownStandard)
{
    EXPECT_EQ(Refusal({{"ns3::DdnnWifiAccess::Standard", "80211zz"}}),
              "Wi-Fi standard '80211zz' is not known, use one of: 80211a 80211g 80211n 80211ac "
              "80211ax");
}

TEST(WifiAccess, RefusesARateOfAnotherStandard)
{
    EXPECT_EQ(Refusal({{"ns3::DdnnWifiAccess::Rate", "VhtMcs3"}}),
              "Wi-Fi rate 'VhtMcs3' is none of 80211n's, use one of: HtMcs0 HtMcs1 HtMcs2 HtMcs3 "
              "HtMcs4 HtMcs5 HtMcs6 HtMcs7");
    EXPECT_EQ(Refusal({{"ns3::DdnnWifiAccess::Rate", "HtMcs3"}}), "accepted");
}

TEST(WifiAccess, RefusesAnExponentThatThePathLossDoesNotHave)
{
    EXPECT_EQ(Refusal({{"ns3::DdnnWifiAccess::PathLossExponent", "2"}}), "accepted");
    EXPECT_EQ(Refusal({{"ns3::DdnnWifiAccess::PathLossExponent", "2"},
                       {"ns3::DdnnWifiAccess::PathLoss", "friis"}}),
              "ns3::DdnnWifiAccess::PathLossExponent has no effect with the PathLoss friis");
}

TEST(WifiAccess, FadingLosesTheMoreTheFartherDevicesAre)
{
    std::vector<uint32_t> arrived;
    for (double radius : {5.0, 50.0, 70.0})
    {
        arrived.push_back(
            CountBroadcasts(Fixed(radius, {{"ns3::DdnnWifiAccess::Fading", "nakagami"}})));
    }
    EXPECT_GT(arrived[0], 1980u);
    EXPECT_LT(arrived[1], arrived[0] - 40);
    EXPECT_LT(arrived[2], arrived[1] - 40);
    EXPECT_EQ(CountBroadcasts(Fixed(5)), 2000u);
}

TEST(WifiAccess, PathLossDecidesWhoIsInReach)
{
    const auto slow = Fixed(200, {{"ns3::DdnnWifiAccess::Rate", "HtMcs0"}});
    const auto count = [&slow](const std::string& attribute, const std::string& value) {
        const AttributeGuard guard(Attributes{{"ns3::DdnnWifiAccess::" + attribute, value}});
        return CountBroadcasts(slow);
    };
    EXPECT_EQ(count("PathLossExponent", "3"), 0u);    // 46.7 + 30 lg 200 = 116 dB
    EXPECT_EQ(count("PathLossExponent", "2"), 2000u); // 93 dB
    EXPECT_EQ(count("PathLoss", "friis"), 2000u);     // 93 dB
}

TEST(WifiAccess, PlacesDevicesUniformlyOnADisc)
{
    constexpr uint32_t NUM_DEVICES = 400;
    constexpr double RADIUS = 30;
    const auto distances =
        GetDistances(Fixed(RADIUS, {{"ns3::DdnnWirelessAccess::Placement", "disc"}}), NUM_DEVICES);
    EXPECT_LE(*std::max_element(distances.begin(), distances.end()), RADIUS);
    // A disc of half the area has its radius divided by the square root of two.
    const auto inner = std::count_if(distances.begin(), distances.end(), [](double distance) {
        return distance < RADIUS / std::sqrt(2);
    });
    EXPECT_NEAR(inner, NUM_DEVICES / 2, 4 * std::sqrt(NUM_DEVICES / 4));
}

TEST(WifiAccess, PositionsDependOnTheRunNumberAlone)
{
    const Attributes disc = Fixed(30, {{"ns3::DdnnWirelessAccess::Placement", "disc"}});
    const auto first = GetDistances(disc, 5);
    EXPECT_EQ(GetDistances(disc, 5), first);
    const AttributeGuard guard(Attributes{{"ns3::DdnnWifiAccess::Fading", "nakagami"},
                                          {"ns3::DdnnStations::Stations", "2"}});
    EXPECT_EQ(GetDistances(disc, 5), first);
}

TEST(WifiAccess, DataFramesHaveTheRateThatIsSet)
{
    // 1400 bytes and some headers at 6.5 and 65 Mbit/s
    EXPECT_NEAR((GetTransmission("HtMcs0") - GetTransmission("HtMcs7")).GetMicroSeconds(),
                1480 * 8 / 6.5 - 1480 * 8 / 65,
                150);
}
