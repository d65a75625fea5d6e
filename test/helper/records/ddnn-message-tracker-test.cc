// SPDX-License-Identifier: GPL-2.0-only
#include "tracked-site.h"

#include "ns3/aodv-helper.h"
#include "ns3/boolean.h"
#include "ns3/csma-helper.h"
#include "ns3/ddnn-compat.h"
#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/lte-helper.h"
#include "ns3/mesh-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/mobility-model.h"
#include "ns3/olsr-helper.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/radvd-helper.h"
#include "ns3/uinteger.h"
#include "ns3/virtual-net-device.h"
#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-helper.h"

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int SAMPLES = 10;
constexpr int DEVICES = 3;
constexpr uint64_t MESSAGES = DEVICES * SAMPLES; ///< of one kind, from or to the end devices

/// The nodes of one site.
struct SiteNodes
{
    NodeContainer devices{DEVICES};
    NodeContainer gateway{1};
    NodeContainer cloud{1};
    NodeContainer all{devices, gateway, cloud};
};

PointToPointHelper
MakeLink(const std::string& delay)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue(delay));
    return link;
}

/// A star of links around the gateway, with static routes.
struct Star : SiteNodes
{
    explicit Star(const std::string& cloudDelay = "2ms")
    {
        InternetStackHelper().Install(all);
        Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
        for (int i = 0; i < DEVICES; ++i)
        {
            addresses.Assign(MakeLink("2ms").Install(devices.Get(i), gateway.Get(0)));
            addresses.NewNetwork();
        }
        cloudLink = MakeLink(cloudDelay).Install(gateway.Get(0), cloud.Get(0));
        addresses.Assign(cloudLink);
        Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    }

    NetDeviceContainer cloudLink;
};

Ptr<RateErrorModel>
AddLoss(Ptr<NetDevice> device, double rate)
{
    const auto errors = CreateObject<RateErrorModel>();
    errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    errors->SetRate(rate);
    device->SetAttribute("ReceiveErrorModel", PointerValue(errors));
    return errors;
}

/// Nodes in a row, the gateway and the cloud at its ends or not.
void
PlaceInARow(const NodeContainer& nodes, double distance)
{
    MobilityHelper mobility;
    mobility.SetPositionAllocator("ns3::GridPositionAllocator",
                                  "DeltaX",
                                  DoubleValue(distance),
                                  "GridWidth",
                                  UintegerValue(100));
    mobility.Install(nodes);
}

/// Take a node away for a while.
void
AddOutage(Ptr<Node> node, double from, double until)
{
    const auto mobility = node->GetObject<MobilityModel>();
    const Vector home = mobility->GetPosition();
    Simulator::Schedule(Seconds(from), [mobility] {
        mobility->SetPosition(Vector(1e6, 0, 0));
    });
    Simulator::Schedule(Seconds(until), [mobility, home] {
        mobility->SetPosition(home);
    });
}

} // namespace

TEST(DdnnMessageTracker, FollowsTcpWithoutRegardToWhatItRepeats)
{
    Tracked run;
    Star net;
    AddLoss(net.cloudLink.Get(1), 0.2)->AssignStreams(3);
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES, "tcp");
    run.Run(60);
    EXPECT_EQ(run.GetDispositions("features"), "accepted");
    EXPECT_EQ(run.Count("accepted", "features"), MESSAGES);
}

TEST(DdnnMessageTracker, FindsWhatTcpKeepsUntilItsConnectionIsLost)
{
    for (const double until : {4.0, 2000.0})
    {
        Tracked run;
        Star net;
        AddLoss(net.cloudLink.Get(1), 1);
        run.Install(net.devices, net.gateway, net.cloud, SAMPLES, "tcp");
        run.Run(until);
        const std::string expected = until < 5 ? "in-flight" : "lost-connection";
        EXPECT_EQ(run.Count(expected, "features"), MESSAGES) << run.GetDispositions("features");
    }
}

TEST(DdnnMessageTracker, FindsWhatIsOnTheWayUntilTheNetworkHasDrained)
{
    for (const double drain : {30.0, 1.0})
    {
        Tracked run;
        Star net("100s");
        run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
        run.Run(20, drain);
        const std::string expected = drain > 20 ? "in-flight" : "unknown";
        EXPECT_EQ(run.Count(expected, "features"), MESSAGES);
        EXPECT_EQ(run.Count("accepted", "scores"), MESSAGES);
    }
}

TEST(DdnnMessageTracker, CountsWhatHasNoAddressOrRouteAsLost)
{
    for (const std::string transport : {"udp", "tcp"})
    {
        for (const bool hasAddress : {false, true})
        {
            Tracked run;
            SiteNodes net;
            InternetStackHelper().Install(net.all);
            Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
            for (int i = 0; i < DEVICES; ++i)
            {
                addresses.Assign(MakeLink("2ms").Install(net.devices.Get(i), net.gateway.Get(0)));
                addresses.NewNetwork();
            }
            const auto link = MakeLink("2ms").Install(net.gateway.Get(0), net.cloud.Get(0));
            if (hasAddress)
            {
                addresses.Assign(link); // but devices have no route to it
            }
            run.Install(net.devices, net.gateway, net.cloud, SAMPLES, transport);
            run.Run(20);
            EXPECT_EQ(run.Count("accepted", "scores"), MESSAGES);
            EXPECT_EQ(run.Count("sent", "features"), MESSAGES);
            EXPECT_EQ(run.Count("lost-no-route", "features"), MESSAGES);
        }
    }
}

TEST(DdnnMessageTracker, CountsWhatALinkDeliversTwiceOnce)
{
    Tracked run;
    SiteNodes net;
    InternetStackHelper().Install(net.all);
    std::vector<Ptr<VirtualNetDevice>> ends;
    NetDeviceContainer devices;
    for (int i = 0; i < DEVICES + 2; ++i)
    {
        ends.push_back(CreateObject<VirtualNetDevice>());
        ends.back()->SetAddress(Mac48Address::Allocate());
        net.all.Get(i)->AddDevice(ends.back());
        devices.Add(ends.back());
    }
    for (const auto& from : ends)
    {
        from->SetSendCallback(Callback<bool, Ptr<Packet>, const Address&, const Address&, uint16_t>(
            [&ends, from = PeekPointer(from)](Ptr<Packet> packet,
                                              const Address& source,
                                              const Address& destination,
                                              uint16_t protocol) {
                for (const auto& to : ends)
                {
                    for (int i = 0; PeekPointer(to) != from && i < 2; ++i)
                    {
                        Simulator::Schedule(MilliSeconds(1 + i),
                                            &VirtualNetDevice::Receive,
                                            to,
                                            packet->Copy(),
                                            protocol,
                                            source,
                                            destination,
                                            NetDevice::PACKET_HOST);
                    }
                }
                return true;
            }));
    }
    Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(devices);
    for (uint32_t i = 0; i < net.all.GetN(); ++i)
    {
        net.all.Get(i)->GetObject<Ipv4>()->SetAttribute("IpForward", BooleanValue(false));
    }
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_EQ(run.GetDispositions(), "accepted");
    EXPECT_EQ(run.Count("accepted", "features"), MESSAGES);
    const uint64_t local = 2 * SAMPLES; // the cloud's scores, and the local exit's predictions
    EXPECT_EQ(run.heard[0].arrivals, 2 * run.Count("accepted") - local);
}

TEST(DdnnMessageTracker, KeepsSitesApart)
{
    Tracked run;
    Star net;
    AddLoss(net.cloudLink.Get(1), 0.3)->AssignStreams(3);
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Install(net.devices, net.gateway, net.cloud, 2 * SAMPLES);
    run.Install(net.devices, net.gateway, net.cloud, 3 * SAMPLES, "tcp");
    run.Run(60);
    std::map<uint16_t, std::map<std::string, uint64_t>> features;
    for (const DdnnMessageCount& count : run.counts)
    {
        if (count.kind == "features")
        {
            features[count.site][count.disposition] = count.messages;
        }
    }
    EXPECT_EQ(features[0]["sent"], MESSAGES);
    EXPECT_EQ(features[1]["sent"], 2 * MESSAGES);
    EXPECT_EQ(features[2]["sent"], 3 * MESSAGES);
    EXPECT_GT(features[0]["lost-loss"], 0U);
    EXPECT_GT(features[1]["lost-loss"], 0U);
    EXPECT_EQ(features[2]["accepted"] + features[2]["rejected-late"], 3 * MESSAGES);
}

/// Run number, and transport.
class DdnnMessageConservation : public testing::TestWithParam<std::tuple<uint32_t, const char*>>
{
  protected:
    uint32_t GetRun() const
    {
        return std::get<0>(GetParam());
    }

    std::string GetTransport() const
    {
        return std::get<1>(GetParam());
    }

    /// Some messages are accepted; with UDP some are not, but the network has drained.
    void ExpectLosses(const Tracked& run) const
    {
        const bool isUdp = GetTransport() == "udp";
        EXPECT_GT(run.Count("accepted"), 0U);
        EXPECT_TRUE(!isUdp || run.Count("accepted") < run.Count("sent"));
        EXPECT_TRUE(!isUdp || run.Count("in-flight") == 0);
    }
};

TEST_P(DdnnMessageConservation, HoldsOnAMesh)
{
    Tracked run(GetRun());
    SiteNodes net;
    PlaceInARow(net.all, 40);
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    MeshHelper mesh = MeshHelper::Default();
    mesh.SetStackInstaller("ns3::Dot11sStack");
    mesh.SetMacType("RandomStart", TimeValue(Seconds(0.1)));
    mesh.SetNumberOfInterfaces(1);
    mesh.SetStandard(WIFI_STANDARD_80211a);
    const auto points = mesh.Install(phy, net.all);
    InternetStackHelper().Install(net.all);
    Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(points);
    AddOutage(net.gateway.Get(0), 11, 12);
    run.Install(net.devices, net.gateway, net.cloud, 5 * SAMPLES, GetTransport(), 10);
    run.Run(300);
    ExpectLosses(run);
}

TEST_P(DdnnMessageConservation, HoldsWithOlsrOverSeveralHops)
{
    Tracked run(GetRun());
    SiteNodes net;
    PlaceInARow(net.all, 50);
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211b);
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac");
    const auto radios = wifi.Install(phy, mac, net.all);
    InternetStackHelper stack;
    OlsrHelper olsr;
    stack.SetRoutingHelper(olsr);
    stack.Install(net.all);
    Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(radios);
    AddOutage(net.devices.Get(1), 31, 35);
    run.Install(net.devices, net.gateway, net.cloud, 5 * SAMPLES, GetTransport(), 30);
    run.Run(300);
    ExpectLosses(run);
    EXPECT_EQ(run.Count("unknown"), 0U);
}

TEST_P(DdnnMessageConservation, HoldsWithAodvOverSeveralHops)
{
    Tracked run(GetRun());
    SiteNodes net;
    PlaceInARow(net.all, 50);
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211b);
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac");
    const auto radios = wifi.Install(phy, mac, net.all);
    InternetStackHelper stack;
    AodvHelper aodv;
    stack.SetRoutingHelper(aodv);
    stack.Install(net.all);
    Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(radios);
    AddOutage(net.devices.Get(1), 11, 15);
    run.Install(net.devices, net.gateway, net.cloud, 5 * SAMPLES, GetTransport(), 10);
    run.Run(300);
    ExpectLosses(run);
    EXPECT_EQ(run.Count("unknown"), 0U);
}

TEST_P(DdnnMessageConservation, HoldsOnIpv6WithRouterAdvertisements)
{
    Tracked run(GetRun());
    SiteNodes net;
    InternetStackHelper().Install(net.all);
    const auto lan = CsmaHelper().Install(NodeContainer(net.devices, net.gateway));
    const auto wan = CsmaHelper().Install(NodeContainer(net.gateway, net.cloud));
    Ipv6AddressHelper addresses;
    NetDeviceContainer hosts;
    for (int i = 0; i < DEVICES; ++i)
    {
        hosts.Add(lan.Get(i));
    }
    addresses.AssignWithoutAddress(hosts);
    addresses.SetBase("2001:1::", 64);
    auto lanRouter = addresses.Assign(NetDeviceContainer(lan.Get(DEVICES)));
    lanRouter.SetForwarding(0, true);
    addresses.SetBase("2001:2::", 64);
    auto wanRouter = addresses.Assign(NetDeviceContainer(wan.Get(0)));
    wanRouter.SetForwarding(0, true);
    addresses.AssignWithoutAddress(NetDeviceContainer(wan.Get(1)));
    RadvdHelper radvd;
    radvd.AddAnnouncedPrefix(lanRouter.GetInterfaceIndex(0), Ipv6Address("2001:1::"), 64);
    radvd.AddAnnouncedPrefix(wanRouter.GetInterfaceIndex(0), Ipv6Address("2001:2::"), 64);
    radvd.Install(net.gateway.Get(0)).Start(Seconds(1));
    AddLoss(wan.Get(1), 0.1);
    AddLoss(lan.Get(0), 0.1);
    run.Install(net.devices, net.gateway, net.cloud, 5 * SAMPLES, GetTransport(), 10);
    run.Run(300);
    ExpectLosses(run);
    EXPECT_EQ(run.Count("unknown"), 0U);
}

TEST_P(DdnnMessageConservation, HoldsInAnLteCell)
{
    Tracked run(GetRun());
    SiteNodes net;
    const auto lte = CreateObject<LteHelper>();
    const auto core = CreateObject<PointToPointEpcHelper>();
    lte->SetEpcHelper(core);
    NodeContainer enb(1);
    PlaceInARow(NodeContainer(enb, net.devices), 100);
    InternetStackHelper().Install(net.all);
    const auto enbs = lte->InstallEnbDevice(enb);
    const auto ues = lte->InstallUeDevice(net.devices);
    core->AssignUeIpv4Address(ues);
    const Ptr<Node> pgw = core->GetPgwNode();
    const auto first = MakeLink("2ms").Install(pgw, net.gateway.Get(0));
    const auto second = MakeLink("2ms").Install(net.gateway.Get(0), net.cloud.Get(0));
    const auto middle = Ipv4AddressHelper("1.0.0.0", "255.255.255.0").Assign(first);
    const auto end = Ipv4AddressHelper("1.0.1.0", "255.255.255.0").Assign(second);
    const auto setDefault = [](Ptr<Node> node, Ipv4Address next) {
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(node->GetObject<Ipv4>())
            ->SetDefaultRoute(next, 1);
    };
    setDefault(net.gateway.Get(0), middle.GetAddress(0));
    setDefault(net.cloud.Get(0), end.GetAddress(0));
    const auto ipv4 = pgw->GetObject<Ipv4>();
    Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
        "1.0.1.0",
        "255.255.255.0",
        middle.GetAddress(1),
        ipv4->GetInterfaceForDevice(first.Get(0)));
    for (int i = 0; i < DEVICES; ++i)
    {
        setDefault(net.devices.Get(i), core->GetUeDefaultGatewayAddress());
    }
    lte->Attach(ues, enbs.Get(0));
    AddLoss(second.Get(1), 0.2);
    AddOutage(net.devices.Get(0), 1.5, 2);
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES, GetTransport(), 1);
    run.Run(6);
    ExpectLosses(run);
    EXPECT_EQ(run.Count("unknown"), 0U);
}

INSTANTIATE_TEST_SUITE_P(Seeds,
                         DdnnMessageConservation,
                         testing::Combine(testing::Range(1U, 4U), testing::Values("udp", "tcp")));
