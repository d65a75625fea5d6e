// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/access-world.h"

#include "ns3/ddnn-wifi-access.h"
#include "ns3/mobility-model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3;
using ddnn::test::AccessWorld;

namespace
{

std::string
Refusal(const std::string& standard, const std::string& rate)
{
    DdnnWifiSettings settings;
    settings.standard = standard;
    settings.rate = rate;
    try
    {
        DdnnWifiAccess access(settings);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "accepted";
}

DdnnAccessSettings
Fixed(double radiusMetres)
{
    DdnnAccessSettings settings;
    settings.radiusMetres = radiusMetres;
    settings.wifi.rate = "HtMcs7";
    settings.wifi.allowUnconnected = true;
    return settings;
}

/// How many of 200 broadcasts arrive, which are not repeated, at 10 devices in all.
uint32_t
CountBroadcasts(const DdnnAccessSettings& settings)
{
    constexpr uint32_t NUM_DEVICES = 10;
    AccessWorld world(settings, false, NUM_DEVICES);
    for (uint32_t i = 0; i < 200; ++i)
    {
        world.Send(MilliSeconds(2 * i), world.gateway, world.access->GetBroadcastAddress(), 20);
    }
    world.Run(MilliSeconds(500));
    return world.received.size();
}

std::vector<double>
Distances(AccessWorld& world, uint32_t numDevices)
{
    std::vector<double> distances;
    for (uint32_t i = 0; i < numDevices; ++i)
    {
        distances.push_back(world.nodes.Get(i)->GetObject<MobilityModel>()->GetDistanceFrom(
            world.nodes.Get(world.gateway)->GetObject<MobilityModel>()));
    }
    return distances;
}

} // namespace

TEST(WifiAccess, RefusesAnUnknownStandard)
{
    EXPECT_EQ(Refusal("80211zz", ""),
              "Wi-Fi standard '80211zz' is not known, use one of: 80211a 80211g 80211n 80211ac "
              "80211ax");
}

TEST(WifiAccess, RefusesARateOfAnotherStandard)
{
    EXPECT_EQ(Refusal("80211n", "VhtMcs3"),
              "Wi-Fi rate 'VhtMcs3' is none of 80211n's, use one of: HtMcs0 HtMcs1 HtMcs2 HtMcs3 "
              "HtMcs4 HtMcs5 HtMcs6 HtMcs7");
    EXPECT_EQ(Refusal("80211n", "HtMcs3"), "accepted");
}

TEST(WifiAccess, FadingLosesTheMoreTheFartherDevicesAre)
{
    std::vector<uint32_t> arrived;
    for (double radius : {5.0, 50.0, 70.0})
    {
        DdnnAccessSettings settings = Fixed(radius);
        settings.wifi.fading = DdnnFading::NAKAGAMI;
        arrived.push_back(CountBroadcasts(settings));
    }
    EXPECT_GT(arrived[0], 1980u);
    EXPECT_LT(arrived[1], arrived[0] - 40);
    EXPECT_LT(arrived[2], arrived[1] - 40);
    EXPECT_EQ(CountBroadcasts(Fixed(5)), 2000u);
}

TEST(WifiAccess, PathLossDecidesWhoIsInReach)
{
    DdnnAccessSettings settings = Fixed(200);
    settings.wifi.rate = "HtMcs0";
    EXPECT_EQ(CountBroadcasts(settings), 0u); // 46.7 + 30 lg 200 = 116 dB
    settings.wifi.pathLossExponent = 2;       // 93 dB
    EXPECT_EQ(CountBroadcasts(settings), 2000u);
    settings.wifi.pathLossExponent = 3;
    settings.wifi.pathLoss = DdnnPathLoss::FRIIS; // 93 dB
    EXPECT_EQ(CountBroadcasts(settings), 2000u);
}

TEST(WifiAccess, PlacesDevicesUniformlyOnADisc)
{
    constexpr uint32_t NUM_DEVICES = 400;
    constexpr double RADIUS = 30;
    DdnnAccessSettings settings = Fixed(RADIUS);
    settings.placement = DdnnPlacement::DISC;
    AccessWorld world(settings, false, NUM_DEVICES);
    const auto distances = Distances(world, NUM_DEVICES);
    EXPECT_LE(*std::max_element(distances.begin(), distances.end()), RADIUS);
    // A disc of half the area has its radius divided by the square root of two.
    const auto inner = std::count_if(distances.begin(), distances.end(), [](double distance) {
        return distance < RADIUS / std::sqrt(2);
    });
    EXPECT_NEAR(inner, NUM_DEVICES / 2, 4 * std::sqrt(NUM_DEVICES / 4));
}

TEST(WifiAccess, PlacesDevicesAsTheRunNumberSays)
{
    DdnnAccessSettings settings = Fixed(30);
    settings.placement = DdnnPlacement::DISC;
    const auto place = [](const DdnnAccessSettings& chosen) {
        AccessWorld world(chosen, false, 5);
        return Distances(world, 5);
    };
    const auto first = place(settings);
    EXPECT_EQ(place(settings), first);
    settings.wifi.fading = DdnnFading::NAKAGAMI;
    settings.background.stations = 2;
    EXPECT_EQ(place(settings), first);
}

TEST(WifiAccess, ChangesTheRateOfOneDeviceWhileItRuns)
{
    AccessWorld world(Fixed(5), false, 2);
    const auto bytesAt = [&world](const std::string& rate, Time after) {
        world.access->SetRate(0, rate);
        Time arrived;
        world.Send(after, 0, world.access->GetGatewayAddress(), 1400);
        world.Run(after);
        const std::size_t before = world.received.size();
        while (world.received.size() == before && arrived < MilliSeconds(10))
        {
            arrived += MicroSeconds(10);
            world.Run(after + arrived);
        }
        return arrived;
    };
    const Time fast = bytesAt("HtMcs7", Time());
    const Time slow = bytesAt("HtMcs0", MilliSeconds(20));
    // 1400 bytes and some headers at 6.5 and 65 Mbit/s
    EXPECT_NEAR((slow - fast).GetMicroSeconds(), 1480 * 8 / 6.5 - 1480 * 8 / 65, 150);
    EXPECT_THROW(world.access->SetRate(0, "VhtMcs0"), std::runtime_error);
    DdnnWifiAccess free;
    EXPECT_THROW(free.SetRate(0, "HtMcs0"), std::runtime_error);
}
