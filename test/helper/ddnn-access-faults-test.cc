// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/access-world.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

using namespace ns3;
using ddnn::test::AccessWorld;

namespace
{

constexpr uint32_t NUM_DEVICES = 3;

DdnnAccessSettings
Settings(const std::string& name)
{
    DdnnAccessSettings settings;
    settings.name = name;
    return settings;
}

/// Faults of an access network while it runs, on each technology.
class AccessFaults : public testing::TestWithParam<std::string>
{
  protected:
    AccessFaults()
        : world(Settings(GetParam()), GetParam() == "lrwpan", NUM_DEVICES)
        , period(GetParam() == "lrwpan" ? MilliSeconds(180) : MilliSeconds(6))
    {
        world.access->AssignLossStreams(2000);
        world.Run(Time());
    }

    /// Let a device send to the gateway and the gateway to it, in every period from `after` on, so
    /// that nobody hinders anybody. \return the end
    Time Exchange(Time after, uint32_t periods, uint32_t upSize, uint32_t downSize)
    {
        const Time slot = period / (2 * NUM_DEVICES);
        for (uint32_t i = 0; i < periods; ++i)
        {
            for (uint32_t device = 0; device < NUM_DEVICES; ++device)
            {
                const Time begin = after + period * i + slot * (2 * device);
                world.Send(begin, device, world.access->GetGatewayAddress(), upSize);
                world.Send(begin + slot,
                           world.gateway,
                           world.access->GetDeviceAddress(device),
                           downSize);
            }
        }
        return after + period * periods;
    }

    /// Messages of all devices in both directions.
    uint32_t CountAll(uint32_t upSize, uint32_t downSize) const
    {
        uint32_t count = 0;
        for (uint32_t device = 0; device < NUM_DEVICES; ++device)
        {
            count += world.Count(device, world.gateway, upSize);
            count += world.Count(world.gateway, device, downSize);
        }
        return count;
    }

    /// All works as if nothing had happened.
    void ExpectSound(Time after)
    {
        world.received.clear();
        const Time end = Exchange(after, 5, 50, 51);
        world.Run(end + MilliSeconds(100));
        for (uint32_t device = 0; device < NUM_DEVICES; ++device)
        {
            EXPECT_EQ(world.Count(device, world.gateway, 50), 5u) << device;
            EXPECT_EQ(world.Count(world.gateway, device, 51), 5u) << device;
        }
    }

    AccessWorld world;
    Time period;
};

std::string
GetTestName(const testing::TestParamInfo<std::string>& info)
{
    return info.param;
}

} // namespace

INSTANTIATE_TEST_SUITE_P(Networks,
                         AccessFaults,
                         testing::Values("wifi", "csma", "p2p", "lrwpan", "lte"),
                         GetTestName);

TEST_P(AccessFaults, LoseThePartThatIsSetInBothDirections)
{
    constexpr uint32_t MESSAGES = 200;
    constexpr double RATE = 0.3;
    world.access->SetLoss(1, RATE);
    world.access->SetLoss(2, 1);
    uint32_t traced = 0;
    world.access->TraceLosses([&traced](uint32_t device, Ptr<const Packet> packet) {
        EXPECT_NE(device, 0u);
        EXPECT_GT(packet->GetSize(), 20u);
        ++traced;
    });
    world.Run(Exchange(Time(), MESSAGES, 20, 21) + MilliSeconds(100));
    EXPECT_EQ(world.Count(0, world.gateway, 20), MESSAGES);
    EXPECT_EQ(world.Count(world.gateway, 0, 21), MESSAGES);
    const double expected = MESSAGES * (1 - RATE);
    const double tolerance = 4 * std::sqrt(MESSAGES * RATE * (1 - RATE));
    EXPECT_NEAR(world.Count(1, world.gateway, 20), expected, tolerance);
    EXPECT_NEAR(world.Count(world.gateway, 1, 21), expected, tolerance);
    EXPECT_NE(world.Count(1, world.gateway, 20), world.Count(world.gateway, 1, 21));
    EXPECT_EQ(world.Count(2, world.gateway, 20), 0u);
    EXPECT_EQ(world.Count(world.gateway, 2, 21), 0u);
    EXPECT_EQ(world.access->GetLost(), 2 * NUM_DEVICES * MESSAGES - CountAll(20, 21));
    EXPECT_EQ(world.access->GetLost(), traced);
}

TEST_P(AccessFaults, LoseNothingMoreOnceTheLossIsZero)
{
    for (uint32_t device = 0; device < NUM_DEVICES; ++device)
    {
        world.access->SetLoss(device, 1);
    }
    const Time end = Exchange(Time(), 5, 20, 21) + MilliSeconds(100);
    world.Run(end);
    EXPECT_EQ(CountAll(20, 21), 0u);
    EXPECT_EQ(world.access->GetLost(), 10 * NUM_DEVICES);
    for (uint32_t device = 0; device < NUM_DEVICES; ++device)
    {
        world.access->SetLoss(device, 0);
    }
    ExpectSound(end);
    EXPECT_EQ(world.access->GetLost(), 10 * NUM_DEVICES);
}

TEST_P(AccessFaults, LoseFragmentsEach)
{
    world.access->SetLoss(1, 0.5);
    for (uint32_t i = 0; i < 12; ++i)
    {
        world.Send(MilliSeconds(50 * i), 1, world.access->GetGatewayAddress(), 6000);
    }
    world.Run(GetParam() == "lrwpan" ? Seconds(5) : Seconds(1));
    EXPECT_LT(world.Count(1, world.gateway, 6000), 6u); // 1.5 expected of three fragments
    EXPECT_GT(world.access->GetLost(), 12u);
}

TEST_P(AccessFaults, RefuseWhatIsNoDeviceOrRate)
{
    EXPECT_THROW(world.access->SetLoss(NUM_DEVICES, 0.5), std::runtime_error);
    EXPECT_THROW(world.access->SetLoss(0, -0.1), std::runtime_error);
    EXPECT_THROW(world.access->SetLoss(0, 1.1), std::runtime_error);
    EXPECT_THROW(world.access->SetLoss(0, std::nan("")), std::runtime_error);
    EXPECT_THROW(world.access->SwitchOff(NUM_DEVICES), std::runtime_error);
    EXPECT_THROW(world.access->SwitchOn(NUM_DEVICES), std::runtime_error);
    EXPECT_THROW(world.access->SetRate(0, "3 apples"), std::runtime_error);
}

TEST_P(AccessFaults, CutOffAGatewayThatIsOff)
{
    world.access->SwitchOffGateway();
    world.access->SwitchOffGateway(); // twice is once
    const Time end = Exchange(Time(), 5, 20, 21) + MilliSeconds(100);
    world.Run(end);
    EXPECT_EQ(CountAll(20, 21), 0u);
    world.access->SwitchOnGateway();
    world.access->SwitchOnGateway();
    ExpectSound(end + Seconds(1)); // what waited may be late
}

TEST_P(AccessFaults, SwitchTheGatewayAgainAndAgainInMidTraffic)
{
    Time end;
    for (uint32_t i = 0; i < 40; ++i)
    {
        world.access->SwitchOffGateway();
        end = Exchange(end, 1, 200, 201) + MicroSeconds(1237 * (i % 7));
        world.Run(end);
        world.access->SwitchOnGateway();
        end = Exchange(end, 1, 202, 203) + MicroSeconds(1237 * (i % 5));
        world.Run(end);
    }
    EXPECT_GT(CountAll(202, 203), 0u);
    ExpectSound(end + Seconds(1));
}

TEST_P(AccessFaults, SwitchADeviceAgainAndAgainInMidTraffic)
{
    Time end;
    for (uint32_t i = 0; i < 40; ++i)
    {
        world.access->SwitchOff(1);
        end = Exchange(end, 1, 200, 201) + MicroSeconds(1237 * (i % 7));
        world.Run(end);
        world.access->SwitchOn(1);
        end = Exchange(end, 1, 202, 203) + MicroSeconds(1237 * (i % 5));
        world.Run(end);
    }
    EXPECT_GT(world.Count(1, world.gateway, 202), 0u);
    EXPECT_GT(world.Count(world.gateway, 1, 203), 0u);
    ExpectSound(end + Seconds(1));
}

TEST_P(AccessFaults, SwitchOffWhileFramesAreInTheAir)
{
    const bool slow = GetParam() == "lrwpan";
    Time end;
    for (uint32_t i = 0; i < 60; ++i)
    {
        for (uint32_t device = 0; device < NUM_DEVICES; ++device) // all together
        {
            world.Send(end, device, world.access->GetGatewayAddress(), 1000);
            world.Send(end, world.gateway, world.access->GetDeviceAddress(device), 1000);
        }
        world.Run(end + MicroSeconds((slow ? 1000 : 40) * i));
        world.access->SwitchOff(i % NUM_DEVICES);
        world.Run(end + MicroSeconds((slow ? 1000 : 40) * i + 700));
        world.access->SwitchOffGateway();
        end += slow ? MilliSeconds(1000) : MilliSeconds(10);
        world.Run(end);
        world.access->SwitchOn(i % NUM_DEVICES);
        world.access->SwitchOnGateway();
    }
    ExpectSound(end + Seconds(1));
}

TEST(AccessRates, PointToPointTakesTheTimeThatRateAndDelaySay)
{
    AccessWorld world(Settings("p2p"), false, 2);
    world.access->SetRate(1, "1Mbps");
    world.access->SetDelay(1, MilliSeconds(7));
    world.Send(Time(), 1, world.access->GetGatewayAddress(), 100);
    world.Send(Time(), world.gateway, world.access->GetDeviceAddress(1), 100);
    // UDP 8, IPv4 20, PPP 2 bytes, at 8 us each
    const Time arrival = MilliSeconds(7) + MicroSeconds((100 + 30) * 8);
    world.Run(arrival - NanoSeconds(1));
    EXPECT_EQ(world.received.size(), 0u);
    world.Run(arrival + NanoSeconds(1));
    EXPECT_EQ(world.received.size(), 2u);
    EXPECT_THROW(world.access->SetDelay(1, MilliSeconds(-1)), std::runtime_error);
    EXPECT_THROW(world.access->SetRate(1, "0bps"), std::runtime_error);
}

TEST(AccessRates, CsmaHasOneDelay)
{
    AccessWorld world(Settings("csma"), false, 2);
    world.access->SetDelay(1, MilliSeconds(7));
    world.Send(Time(), 0, world.access->GetGatewayAddress(), 100);
    world.Run(MilliSeconds(7));
    EXPECT_EQ(world.received.size(), 0u);
    world.Run(MilliSeconds(8));
    EXPECT_EQ(world.received.size(), 1u);
}

TEST(AccessRates, OthersSayThatTheyCannot)
{
    for (const char* name : {"csma", "lrwpan", "lte"})
    {
        EXPECT_THROW(MakeAccess(Settings(name))->SetRate(0, "1Mbps"), std::runtime_error) << name;
    }
    for (const char* name : {"wifi", "lrwpan", "lte"})
    {
        EXPECT_THROW(MakeAccess(Settings(name))->SetDelay(0, Time()), std::runtime_error) << name;
    }
}
