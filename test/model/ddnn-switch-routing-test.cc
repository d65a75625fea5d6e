// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/switch-world.h"

#include "ns3/aodv-helper.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/nix-vector-helper.h"
#include "ns3/olsr-helper.h"
#include "ns3/output-stream-wrapper.h"

#include <gtest/gtest.h>

#include <sstream>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int LINKS = 3;

/// Two ends with two routers between them. Point-to-point and Wi-Fi devices are switched
/// themselves; of bridges the IP interfaces are.
class SwitchRouting : public testing::TestWithParam<std::string>
{
  protected:
    SwitchRouting()
    {
        world.nodes.Create(4); // ends first
        row = NodeContainer(world.nodes.Get(0), world.nodes.Get(2), world.nodes.Get(3));
        row.Add(world.nodes.Get(1));
        PlaceInARow(row, 50);
        world.period = MilliSeconds(100);
    }

    void Connect(const Ipv4RoutingHelper& routing)
    {
        InternetStackHelper stack;
        stack.SetRoutingHelper(routing);
        stack.Install(world.nodes);
        stack.AssignStreams(world.nodes, 2000);
        const bool adHoc = GetParam() == "AdHoc";
        for (int i = 0; i < (adHoc ? 1 : LINKS); ++i)
        {
            const NodeContainer ends(row.Get(i), row.Get(i + 1));
            links[i] = adHoc ? InstallAdHoc() : InstallLink(ends);
            const std::string number = std::to_string(i + 1);
            Ipv4AddressHelper ipv4(("10.1." + number + ".0").c_str(), "255.255.255.0");
            const auto interfaces = ipv4.Assign(links[i]);
            Ipv6AddressHelper(("2001:" + number + "::").c_str(), Ipv6Prefix(64)).Assign(links[i]);
            world.addresses[0] = i == 0 ? interfaces.GetAddress(0) : world.addresses[0];
            world.addresses[1] = interfaces.GetAddress(interfaces.GetN() - 1);
        }
    }

    NetDeviceContainer InstallLink(const NodeContainer& ends) const
    {
        if (GetParam() == "PointToPoint")
        {
            return PointToPointHelper().Install(ends);
        }
        const NetDeviceContainer ports = CsmaHelper().Install(ends);
        if (GetParam() == "Csma")
        {
            return ports;
        }
        NetDeviceContainer bridges = BridgeHelper().Install(ends.Get(0), ports.Get(0));
        bridges.Add(BridgeHelper().Install(ends.Get(1), ports.Get(1)));
        return bridges;
    }

    NetDeviceContainer InstallAdHoc() const
    {
        YansWifiChannelHelper channel;
        channel.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
        channel.AddPropagationLoss("ns3::RangePropagationLossModel", "MaxRange", DoubleValue(60));
        const std::vector<std::string> macs(row.GetN(), "ns3::AdhocWifiMac");
        return InstallWifi(row, macs, WIFI_STANDARD_80211a, channel);
    }

    /// All addresses, and all routes that do not expire.
    template <typename Ip>
    std::string GetState() const
    {
        std::ostringstream state;
        const auto stream = Create<OutputStreamWrapper>(&state);
        for (uint32_t i = 0; i < world.nodes.GetN(); ++i)
        {
            const auto ip = world.nodes.Get(i)->GetObject<Ip>();
            for (uint32_t interface = 0; interface < ip->GetNInterfaces(); ++interface)
            {
                state << ip->IsUp(interface);
                for (uint32_t j = 0; j < ip->GetNAddresses(interface); ++j)
                {
                    state << ip->GetAddress(interface, j) << "\n";
                }
            }
            ip->GetRoutingProtocol()->PrintRoutingTable(stream);
        }
        std::string text = state.str();
        for (auto at = text.find("Time: "); at != std::string::npos; at = text.find("Time: ", at))
        {
            text.erase(at, text.find('\n', at) - at);
        }
        return text;
    }

    /// Let a router be off for some time, and all be as before after another.
    template <typename Ip>
    void ExpectAsBefore(Time begin, Time outage, Time recovery, bool hasTables = true)
    {
        const Time off = begin + Seconds(2);
        const Time on = off + outage;
        const Time after = on + recovery;
        const auto router = DdnnNodeSwitch::Get(world.nodes.Get(2));
        world.Exchange(begin, begin + Seconds(1), world.period);
        world.Exchange(off + MilliSeconds(1), after + Seconds(1), world.period);
        world.Run(off);
        const std::string before = GetState<Ip>();
        router->SetOff(DdnnOffCause::FAULT, true);
        world.Run(on);
        router->SetOff(DdnnOffCause::FAULT, false);
        world.Run(after);
        EXPECT_TRUE(!hasTables || GetState<Ip>() == before) << before << GetState<Ip>();
        world.Run(after + Seconds(2));
        EXPECT_EQ(world.CountArrivals(off, on), 0U);
        for (uint32_t end : {0, 1})
        {
            // AODV of ns-3.48 loses packets while it looks for the first route
            EXPECT_EQ(world.CountReceived(end, begin + 5 * world.period, off), 5U) << end;
            EXPECT_EQ(world.CountReceived(end, after, after + Seconds(1)), 10U) << end;
        }
    }

    SwitchWorld world;
    NodeContainer row;
    NetDeviceContainer links[LINKS]; ///< a single one where all share a channel
};

using SwitchNixRouting = SwitchRouting;
using SwitchStaticRouting = SwitchRouting;

std::string
GetName(const testing::TestParamInfo<std::string>& info)
{
    return info.param;
}

} // namespace

INSTANTIATE_TEST_SUITE_P(Links,
                         SwitchStaticRouting,
                         testing::Values("PointToPoint", "Bridge"),
                         GetName);
INSTANTIATE_TEST_SUITE_P(Links, SwitchNixRouting, testing::Values("PointToPoint", "Csma"), GetName);
INSTANTIATE_TEST_SUITE_P(Links, SwitchRouting, testing::Values("AdHoc", "Bridge"), GetName);

TEST_P(SwitchStaticRouting, Ipv4KeepsDefaultHostAndNetworkRoutes)
{
    Connect(Ipv4StaticRoutingHelper());
    const auto routes = [this](int node) {
        return Ipv4StaticRoutingHelper().GetStaticRouting(row.Get(node)->GetObject<Ipv4>());
    };
    routes(0)->SetDefaultRoute("10.1.1.2", 1);
    routes(1)->AddHostRouteTo("10.1.3.2", "10.1.2.2", 2);
    routes(2)->AddNetworkRouteTo("10.1.1.0", "255.255.255.0", "10.1.2.1", 1);
    routes(3)->SetDefaultRoute("10.1.3.1", 1);
    ExpectAsBefore<Ipv4>(Seconds(1), Seconds(3), Seconds(1));
}

TEST_P(SwitchStaticRouting, Ipv6KeepsAddressesAndRoutes)
{
    Connect(Ipv4StaticRoutingHelper());
    const auto routes = [this](int node) {
        row.Get(node)->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
        return Ipv6StaticRoutingHelper().GetStaticRouting(row.Get(node)->GetObject<Ipv6>());
    };
    const auto address = [this](int link, int end) {
        const auto ipv6 = links[link].Get(end)->GetNode()->GetObject<Ipv6>();
        return ipv6->GetAddress(ipv6->GetInterfaceForDevice(links[link].Get(end)), 1).GetAddress();
    };
    routes(0)->SetDefaultRoute(address(0, 1), 1);
    routes(1)->AddHostRouteTo(address(2, 1), address(1, 1), 2);
    routes(2)->AddNetworkRouteTo("2001:1::", Ipv6Prefix(64), address(1, 0), 1);
    routes(3)->SetDefaultRoute(address(2, 0), 1);
    world.addresses[0] = address(0, 0);
    world.addresses[1] = address(2, 1);
    ExpectAsBefore<Ipv6>(Seconds(5), Seconds(3), Seconds(5));
}

TEST_P(SwitchNixRouting, VectorsLeadOverTheRouterAgain)
{
    Connect(Ipv4NixVectorHelper());
    ExpectAsBefore<Ipv4>(Seconds(1), Seconds(3), Seconds(1));
}

TEST_P(SwitchRouting, OlsrConvergesAgain)
{
    OlsrHelper olsr;
    Connect(olsr);
    olsr.AssignStreams(world.nodes, 3000);
    ExpectAsBefore<Ipv4>(Seconds(30), Seconds(30), Seconds(30));
}

TEST_P(SwitchRouting, AodvFindsRoutesAgain)
{
    AodvHelper aodv;
    Connect(aodv);
    aodv.AssignStreams(world.nodes, 3000);
    ExpectAsBefore<Ipv4>(Seconds(5), Seconds(10), Seconds(15), false);
}
