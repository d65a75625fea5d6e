// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/faults/fault-network.h"

#include "ns3/ddnn-streams.h"
#include "ns3/inet-socket-address.h"

#include <gtest/gtest.h>

#include <memory>

using namespace ns3;
using namespace ddnn::test;

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
