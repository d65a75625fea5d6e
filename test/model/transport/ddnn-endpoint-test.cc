// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/faults/fault-network.h"

#include "ns3/ddnn-streams.h"
#include "ns3/inet-socket-address.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ddnn::test;

TEST(DdnnEndpoint, RefusesAnAddressThatItsNodeDoesNotHave)
{
    const auto run = [](const char* address) {
        const World world = MakeWorld('c', 3, 1);
        const auto network = MakeFaultNetwork("star", 3);
        DdnnHelper ddnn(world.model, world.dataset, world.samples);
        ddnn.SetAddress(network->gateway.Get(0), Ipv4Address(address));
        ddnn.Install({network->devices, network->cloud}, network->gateway).Start(FAULT_START);
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        Simulator::Destroy();
    };
    run("10.1.0.2");
    EXPECT_DEATH(run("10.9.9.9"), "node [0-9]+ does not have the address 10.9.9.9");
}

TEST(DdnnStreams, LoseWhatIsTooMuchForAConnection)
{
    const auto network = MakeFaultNetwork("star", 1);
    uint32_t lost = 0;
    auto streams = std::make_unique<DdnnStreams>(
        [](Ptr<Packet>, const DdnnMessageTag*) {
        },
        [&lost](const DdnnMessageName&) {
            ++lost;
        });
    streams->Listen(network->devices.Get(0), {});
    const Ptr<Packet> message = Create<Packet>(1);
    message->AddByteTag(DdnnMessageTag(DdnnMessageName{}));
    Simulator::Schedule(Seconds(1), [&streams, message] {
        for (std::size_t i = 0; i < DdnnStreams::MAX_WAITING + 3; ++i)
        {
            EXPECT_TRUE(streams->Send(InetSocketAddress(Ipv4Address("10.1.0.2"), 9), message));
        }
    });
    Simulator::Stop(Seconds(1));
    Simulator::Run();
    EXPECT_EQ(lost, 3U);
    streams = nullptr;
    Simulator::Destroy();
}
