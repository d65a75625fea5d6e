// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/topology/access-world.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr uint32_t NUM_DEVICES = 6;

struct Choice
{
    std::string name;
    bool ipv6;
};

void
PrintTo(const Choice& choice, std::ostream* os)
{
    *os << choice.name << (choice.ipv6 ? " with IPv6" : " with IPv4");
}

class Access : public testing::TestWithParam<Choice>
{
  protected:
    Access()
        : world(GetParam().name, GetParam().ipv6, NUM_DEVICES)
    {
    }

    /// Every device sends to a host, each in its slot. \return when all has arrived
    Time SendAll(Time after, const Address& host, uint32_t size)
    {
        const Time spacing = world.access->GetSlotSpacing(size);
        for (uint32_t i = 0; i < NUM_DEVICES; ++i)
        {
            world.Send(after + spacing * i, i, host, size);
        }
        return after + spacing * NUM_DEVICES + world.access->GetTransmissionTime(size) +
               MilliSeconds(20);
    }

    /// The gateway sends to all devices. \return when all has arrived
    Time SendDown(Time after, uint32_t size)
    {
        const bool broadcast = world.access->HasBroadcast();
        for (uint32_t i = 0; i < (broadcast ? 1 : NUM_DEVICES); ++i)
        {
            world.Send(after,
                       world.gateway,
                       broadcast ? world.access->GetBroadcastAddress() : world.GetDeviceAddress(i),
                       size);
        }
        return after + world.access->GetTransmissionTime(size) + MilliSeconds(20);
    }

    AccessWorld world;
};

std::string
GetTestName(const testing::TestParamInfo<Choice>& info)
{
    return info.param.name + (info.param.ipv6 ? "Ipv6" : "Ipv4");
}

} // namespace

INSTANTIATE_TEST_SUITE_P(Networks,
                         Access,
                         testing::Values(Choice{"wifi", false},
                                         Choice{"wifi", true},
                                         Choice{"csma", false},
                                         Choice{"csma", true},
                                         Choice{"p2p", false},
                                         Choice{"p2p", true},
                                         Choice{"lrwpan", true},
                                         Choice{"lte", false},
                                         Choice{"lte", true}),
                         GetTestName);

TEST_P(Access, CarriesMessagesToTheGateway)
{
    Time end;
    for (uint32_t size : {12, 128, 3072, 30000})
    {
        end = SendAll(end, world.GetGatewayAddress(), size);
    }
    world.Run(end);
    EXPECT_EQ(world.received.size(), 4 * NUM_DEVICES);
    for (uint32_t i = 0; i < NUM_DEVICES; ++i)
    {
        for (uint32_t size : {12, 128, 3072, 30000})
        {
            EXPECT_EQ(world.Count(i, world.gateway, size), 1u) << i << ": " << size;
        }
    }
}

TEST_P(Access, CarriesMessagesToAServerBehindTheGatewayAndBack)
{
    Time end;
    for (uint32_t size : {128, 3072})
    {
        end = SendAll(end, world.serverAddress, size);
    }
    for (uint32_t i = 0; i < NUM_DEVICES; ++i)
    {
        world.Send(end, world.server, world.GetDeviceAddress(i), 40 + i);
        end += world.access->GetTransmissionTime(40);
    }
    world.Run(end + MilliSeconds(20));
    EXPECT_EQ(world.received.size(), 3 * NUM_DEVICES);
    for (uint32_t i = 0; i < NUM_DEVICES; ++i)
    {
        EXPECT_EQ(world.Count(i, world.server, 128), 1u) << i;
        EXPECT_EQ(world.Count(i, world.server, 3072), 1u) << i;
        EXPECT_EQ(world.Count(world.server, i, 40 + i), 1u) << i;
    }
}

TEST_P(Access, CarriesMessagesFromTheGatewayToAllDevices)
{
    world.Run(SendDown(Time(), 12));
    EXPECT_EQ(world.received.size(), NUM_DEVICES);
    for (uint32_t i = 0; i < NUM_DEVICES; ++i)
    {
        EXPECT_EQ(world.Count(world.gateway, i, 12), 1u) << i;
    }
}

TEST_P(Access, ReturnsTheNetDevicesThatTransmitUpAndDown)
{
    world.Run(Time());
    world.onAir.clear();
    world.tagged.clear();
    const Time end = world.access->GetTransmissionTime(3072);
    world.Send(Time(), 3, world.GetGatewayAddress(), 3072);
    world.Run(end);
    EXPECT_GT(world.onAir[3], 3072u);
    EXPECT_LT(world.onAir[3], 6000u);
    EXPECT_GT(world.tagged[3], 3072u);
    for (uint32_t other : {0, 1, 2, 4, 5})
    {
        EXPECT_LT(world.onAir[other], 500u) << other;
        EXPECT_EQ(world.tagged[other], 0u) << other;
    }
    EXPECT_EQ(world.tagged[world.gateway], 0u);
    const uint64_t fromDevice = world.onAir[3];
    const uint64_t fromGateway = world.onAir[world.gateway];
    world.Send(end, world.gateway, world.GetDeviceAddress(3), 1000);
    world.Run(end + world.access->GetTransmissionTime(1000));
    EXPECT_GT(world.onAir[world.gateway], fromGateway + 1000);
    EXPECT_GT(world.tagged[world.gateway], 1000u);
    EXPECT_LT(world.onAir[3], fromDevice + 500);
}

TEST_P(Access, SilencesADeviceThatIsOffUntilItIsOn)
{
    world.Run(Time());
    world.Switch(2, true);
    world.onAir.clear();
    Time end = SendDown(SendAll(Time(), world.GetGatewayAddress(), 12), 13);
    world.Run(end);
    EXPECT_EQ(world.onAir[2], 0u);
    for (uint32_t i = 0; i < NUM_DEVICES; ++i)
    {
        EXPECT_EQ(world.Count(i, world.gateway, 12), i == 2 ? 0u : 1u) << i;
        EXPECT_EQ(world.Count(world.gateway, i, 13), i == 2 ? 0u : 1u) << i;
    }
    world.Switch(2, false);
    end += MilliSeconds(200);
    end = SendDown(SendAll(end, world.GetGatewayAddress(), 14), 15);
    world.Run(end);
    EXPECT_GT(world.onAir[2], 14u);
    for (uint32_t i = 0; i < NUM_DEVICES; ++i)
    {
        EXPECT_EQ(world.Count(i, world.gateway, 14), 1u) << i;
        EXPECT_EQ(world.Count(world.gateway, i, 15), 1u) << i;
    }
}

TEST(AccessNames, AreThoseOfWhatIsMade)
{
    EXPECT_EQ(DdnnAccess::GetNames(),
              (std::vector<std::string>{"wifi", "csma", "p2p", "lrwpan", "lte"}));
    for (const std::string& name : DdnnAccess::GetNames())
    {
        EXPECT_EQ(DdnnAccess::Make(name)->GetName(), name);
        EXPECT_EQ(DdnnAccess::Make(name)->IsIpv6Only(), name == "lrwpan");
    }
}

TEST(AccessNames, RefuseAnUnknownOne)
{
    try
    {
        DdnnAccess::Make("token-ring");
        FAIL() << "accepted";
    }
    catch (const std::runtime_error& error)
    {
        EXPECT_STREQ(error.what(),
                     "access network 'token-ring' is not known, use one of: wifi csma p2p lrwpan "
                     "lte");
    }
}

namespace
{

/// Run a cell with some traffic. \return events and bytes on air
std::pair<uint64_t, std::map<uint32_t, uint64_t>>
RunCell(const Choice& choice)
{
    AccessWorld world(choice.name, choice.ipv6, NUM_DEVICES);
    for (uint32_t i = 0; i < NUM_DEVICES; ++i)
    {
        world.Send(Time(), i, world.serverAddress, 300); // all at once, so that they contend
    }
    world.Run(Seconds(1));
    return {Simulator::GetEventCount(), world.onAir};
}

} // namespace

class AccessTwice : public testing::TestWithParam<Choice>
{
};

INSTANTIATE_TEST_SUITE_P(Networks,
                         AccessTwice,
                         testing::Values(Choice{"wifi", false},
                                         Choice{"csma", true},
                                         Choice{"p2p", true},
                                         Choice{"lrwpan", true},
                                         Choice{"lte", false}),
                         GetTestName);

TEST_P(AccessTwice, TheSecondRunIsLikeTheFirst)
{
    EXPECT_EQ(RunCell(GetParam()), RunCell(GetParam()));
}

class AccessCells : public testing::TestWithParam<Choice>
{
};

INSTANTIATE_TEST_SUITE_P(Networks,
                         AccessCells,
                         testing::Values(Choice{"wifi", false},
                                         Choice{"csma", false},
                                         Choice{"p2p", false},
                                         Choice{"lrwpan", true}),
                         GetTestName);

TEST_P(AccessCells, DoNotHearEachOther)
{
    std::vector<std::unique_ptr<AccessWorld>> cells;
    for (uint32_t cell = 0; cell < 3; ++cell)
    {
        cells.push_back(std::make_unique<AccessWorld>(GetParam().name, GetParam().ipv6, 2, cell));
        for (uint32_t i = 0; i < 2; ++i)
        {
            const Time slot = cells[cell]->access->GetSlotSpacing(20) * i;
            cells[cell]->Send(slot, i, cells[cell]->serverAddress, 20 + cell);
        }
    }
    cells[0]->Run(Seconds(1));
    for (uint32_t cell = 0; cell < 3; ++cell)
    {
        EXPECT_EQ(cells[cell]->received.size(), 2u) << cell;
        EXPECT_EQ(cells[cell]->Count(0, cells[cell]->server, 20 + cell), 1u) << cell;
        EXPECT_EQ(cells[cell]->Count(1, cells[cell]->server, 20 + cell), 1u) << cell;
    }
}

TEST(AccessMix, AGatewayLeadsFromOneTechnologyToAnother)
{
    AccessWorld world("wifi", true, 2);
    const NodeContainer others(2);
    DdnnSubnet::InstallStack(others, true);
    const auto lrWpan = DdnnAccess::Make("lrwpan");
    lrWpan->Install(others, world.nodes.Get(world.gateway));
    lrWpan->AssignAddresses(DdnnSubnet(true, 5));
    auto socket = Socket::CreateSocket(others.Get(1), UdpSocketFactory::GetTypeId());
    socket->Bind(DdnnSubnet::MakeAnyEndpoint(true, AccessWorld::PORT));
    world.Send(Time(), 0, GetAddress(lrWpan->GetDevices().Get(1)), 200);
    world.Run(Seconds(1));
    const auto packet = socket->Recv();
    ASSERT_TRUE(packet);
    std::vector<uint8_t> message(packet->GetSize());
    packet->CopyData(message.data(), message.size());
    EXPECT_EQ(message, MakeContent(0, 200));
}
