// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/faults/fault-network.h"

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
