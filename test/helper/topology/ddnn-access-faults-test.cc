// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/topology/access-world.h"

#include "ns3/ddnn-loss-gate.h"

#include <gtest/gtest.h>

#include <string>

using namespace ns3;
using ddnn::test::AccessWorld;

namespace
{

constexpr uint32_t NUM_DEVICES = 3;

/// Faults of an access network while it runs, on each technology.
class AccessFaults : public testing::TestWithParam<std::string>
{
  protected:
    AccessFaults()
        : world(GetParam(), GetParam() == "lrwpan", NUM_DEVICES)
        , period(GetParam() == "lrwpan" ? MilliSeconds(180) : MilliSeconds(6))
    {
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
                world.Send(begin, device, world.GetGatewayAddress(), upSize);
                world.Send(begin + slot, world.gateway, world.GetDeviceAddress(device), downSize);
            }
        }
        return after + period * periods;
    }

    /// Let a node go off and on again and again, while all exchange messages.
    /// \return the end
    Time Flap(uint32_t node)
    {
        Time end;
        for (uint32_t i = 0; i < 40; ++i)
        {
            world.Switch(node, true);
            end = Exchange(end, 1, 200, 201) + MicroSeconds(1237 * (i % 7));
            world.Run(end);
            world.Switch(node, false);
            end = Exchange(end, 1, 202, 203) + MicroSeconds(1237 * (i % 5));
            world.Run(end);
        }
        return end;
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

TEST_P(AccessFaults, EachFragmentOfADeviceIsLostForItself)
{
    const auto loss = DdnnLinkLoss::Get(NetDeviceContainer(world.access->GetDevices().Get(1)));
    loss->AssignStreams(2000);
    loss->SetRate(0.5);
    for (uint32_t i = 0; i < 12; ++i)
    {
        world.Send(MilliSeconds(50 * i), 1, world.GetGatewayAddress(), 6000);
        world.Send(MilliSeconds(50 * i), world.gateway, world.GetDeviceAddress(1), 6000);
    }
    world.Run(GetParam() == "lrwpan" ? Seconds(10) : Seconds(1));
    // of three fragments or more, 1.5 messages are expected to be whole
    EXPECT_LT(world.Count(1, world.gateway, 6000), 6u);
    EXPECT_LT(world.Count(world.gateway, 1, 6000), 6u);
    loss->SetRate(0);
    ExpectSound(GetParam() == "lrwpan" ? Seconds(11) : Seconds(2));
}

TEST_P(AccessFaults, AGatewayThatIsOffHearsAndSendsNothing)
{
    world.Switch(world.gateway, true);
    world.Switch(world.gateway, true); // twice is once
    const Time end = Exchange(Time(), 5, 20, 21) + MilliSeconds(100);
    world.Run(end);
    EXPECT_EQ(world.received.size(), 0u);
    world.Switch(world.gateway, false);
    world.Switch(world.gateway, false);
    ExpectSound(end + Seconds(1)); // what waited may be late
}

TEST_P(AccessFaults, TheGatewayCanBeSwitchedAgainAndAgainInMidTraffic)
{
    const Time end = Flap(world.gateway);
    uint32_t arrived = 0;
    for (uint32_t device = 0; device < NUM_DEVICES; ++device)
    {
        arrived += world.Count(device, world.gateway, 202);
        arrived += world.Count(world.gateway, device, 203);
    }
    EXPECT_GT(arrived, 0u);
    ExpectSound(end + Seconds(1));
}

TEST_P(AccessFaults, ADeviceCanBeSwitchedAgainAndAgainInMidTraffic)
{
    const Time end = Flap(1);
    EXPECT_GT(world.Count(1, world.gateway, 202), 0u);
    EXPECT_GT(world.Count(world.gateway, 1, 203), 0u);
    ExpectSound(end + Seconds(1));
}

TEST_P(AccessFaults, NodesCanBeSwitchedOffWhileFramesAreInTheAir)
{
    const bool slow = GetParam() == "lrwpan";
    Time end;
    for (uint32_t i = 0; i < 60; ++i)
    {
        for (uint32_t device = 0; device < NUM_DEVICES; ++device) // all together
        {
            world.Send(end, device, world.GetGatewayAddress(), 1000);
            world.Send(end, world.gateway, world.GetDeviceAddress(device), 1000);
        }
        world.Run(end + MicroSeconds((slow ? 1000 : 40) * i));
        world.Switch(i % NUM_DEVICES, true);
        world.Run(end + MicroSeconds((slow ? 1000 : 40) * i + 700));
        world.Switch(world.gateway, true);
        end += slow ? MilliSeconds(1000) : MilliSeconds(10);
        world.Run(end);
        world.Switch(i % NUM_DEVICES, false);
        world.Switch(world.gateway, false);
    }
    ExpectSound(end + Seconds(1));
}
