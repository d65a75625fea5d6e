// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-address-resolver.h"
#include "ns3/ddnn-switch.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/node-container.h"
#include "ns3/simulator.h"
#include "ns3/virtual-net-device.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

/// Two nodes with two links; of these devices, the IP interface is what a fault takes down.
class AddressResolver : public testing::Test
{
  protected:
    AddressResolver()
    {
        InternetStackHelper().Install(nodes);
        Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
        for (int i = 0; i < 2; ++i)
        {
            links.push_back(Connect(nodes));
            addresses.Assign(links.back());
            addresses.NewNetwork();
        }
    }

    ~AddressResolver() override
    {
        Simulator::Destroy();
    }

    static NetDeviceContainer Connect(const NodeContainer& ends)
    {
        NetDeviceContainer devices;
        for (uint32_t i = 0; i < ends.GetN(); ++i)
        {
            const auto device = CreateObject<VirtualNetDevice>();
            device->SetAddress(Mac48Address::Allocate());
            ends.Get(i)->AddDevice(device);
            devices.Add(device);
        }
        return devices;
    }

    Address Find()
    {
        return resolver.Find(nodes.Get(1)).value_or(Address());
    }

    static Ptr<Ipv4> GetIp(Ptr<Node> node)
    {
        return node->GetObject<Ipv4>();
    }

    NodeContainer nodes{2};
    std::vector<NetDeviceContainer> links;
    DdnnAddressResolver resolver{nodes.Get(0)};
    const Address first = Ipv4Address("10.1.0.2");
    const Address second = Ipv4Address("10.1.1.2");
};

} // namespace

TEST_F(AddressResolver, TakesAnotherAddressWhenAnInterfaceAtEitherEndIsDown)
{
    for (uint32_t end = 0; end < 2; ++end)
    {
        const auto ip = GetIp(nodes.Get(end));
        resolver.Forget(nodes.Get(1));
        EXPECT_EQ(Find(), first);
        ip->SetDown(1);
        EXPECT_EQ(Find(), second);
        ip->SetUp(1);
        EXPECT_EQ(Find(), second); // it is kept
    }
}

TEST_F(AddressResolver, TakesAnotherAddressBehindARouterToo)
{
    const NodeContainer chain(1);
    InternetStackHelper().Install(chain);
    const NodeContainer pair(chain.Get(0), nodes.Get(0));
    Ipv4AddressHelper("10.2.0.0", "255.255.255.0").Assign(Connect(pair));
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(GetIp(chain.Get(0)))
        ->SetDefaultRoute(Ipv4Address("10.2.0.2"), 1);
    DdnnAddressResolver far(chain.Get(0));
    EXPECT_EQ(far.Find(nodes.Get(1)), first);
    GetIp(nodes.Get(1))->SetDown(1);
    EXPECT_EQ(far.Find(nodes.Get(1)), second);
}

TEST_F(AddressResolver, KeepsTheAddressWhereThereIsNoOther)
{
    EXPECT_EQ(Find(), first);
    GetIp(nodes.Get(1))->SetDown(1);
    GetIp(nodes.Get(1))->SetDown(2);
    EXPECT_EQ(Find(), first);
    GetIp(nodes.Get(1))->SetUp(2);
    EXPECT_EQ(Find(), second);
}

TEST_F(AddressResolver, DoesNotNoticeAFault)
{
    for (uint32_t end = 0; end < 2; ++end)
    {
        const auto device = DdnnNetDeviceSwitch::Get(links[0].Get(end));
        device->SetOff(DdnnOffCause::LINK, true);
        EXPECT_FALSE(GetIp(nodes.Get(end))->IsUp(1));
        EXPECT_EQ(Find(), first);
        resolver.Forget(nodes.Get(1));
        EXPECT_EQ(Find(), first);
        device->SetOff(DdnnOffCause::LINK, false);
    }
}

TEST_F(AddressResolver, KnowsWhichAddressesANodeWillNeverHave)
{
    const Ptr<Node> node = nodes.Get(1);
    EXPECT_TRUE(DdnnAddressResolver::MayHave(node, first));
    EXPECT_TRUE(DdnnAddressResolver::MayHave(node, second));
    EXPECT_FALSE(DdnnAddressResolver::MayHave(node, Ipv4Address("10.9.9.9")));
    EXPECT_FALSE(DdnnAddressResolver::MayHave(node, Ipv6Address("2001::1")));
    GetIp(node)->SetDown(1);
    EXPECT_TRUE(DdnnAddressResolver::MayHave(node, Ipv4Address("10.9.9.9")));
    GetIp(node)->SetUp(1);
    GetIp(node)->AddInterface(Connect(node).Get(0)); // DHCP is yet to come
    EXPECT_TRUE(DdnnAddressResolver::MayHave(node, Ipv4Address("10.9.9.9")));
}
