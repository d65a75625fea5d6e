// SPDX-License-Identifier: GPL-2.0-only
#include "tracked-site.h"

#include "ns3/arp-cache.h"
#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/csma-channel.h"
#include "ns3/csma-helper.h"
#include "ns3/csma-net-device.h"
#include "ns3/ddnn-compat.h"
#include "ns3/ddnn-switch.h"
#include "ns3/error-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/lr-wpan-helper.h"
#include "ns3/lr-wpan-net-device.h"
#include "ns3/lte-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/mobility-model.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/pointer.h"
#include "ns3/queue-disc.h"
#include "ns3/sixlowpan-helper.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"
#include "ns3/virtual-net-device.h"
#include "ns3/wifi-helper.h"
#include "ns3/wifi-net-device.h"
#include "ns3/yans-wifi-helper.h"

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int SAMPLES = 10;
constexpr int DEVICES = 4;
constexpr uint64_t MESSAGES = DEVICES * SAMPLES; ///< of one kind, from or to the end devices

PointToPointHelper
MakeLink(const std::string& rate, const std::string& queue)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(rate));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue(queue));
    return link;
}

/// End devices at links to a gateway, from which a router leads to the cloud.
struct Chain
{
    /// \param transit link between the router and the cloud
    explicit Chain(PointToPointHelper transit = MakeLink("10Mbps", "100p"))
    {
        InternetStackHelper stack;
        for (const NodeContainer& nodes : {devices, gateway, router, cloud})
        {
            stack.Install(nodes);
        }
        PointToPointHelper link = MakeLink("10Mbps", "100p");
        for (uint32_t i = 0; i < devices.GetN(); ++i)
        {
            const auto ends = link.Install(devices.Get(i), gateway.Get(0));
            SetDefault(devices.Get(i), Assign(ends).GetAddress(1));
        }
        gatewayLink = link.Install(gateway.Get(0), router.Get(0));
        cloudLink = transit.Install(router.Get(0), cloud.Get(0));
        const auto middle = Assign(gatewayLink);
        SetDefault(gateway.Get(0), middle.GetAddress(1));
        SetDefault(cloud.Get(0), Assign(cloudLink).GetAddress(0));
        gatewayAddress = middle.GetAddress(0);
    }

    /// Let the router send what it has no subnet for to the gateway.
    void CompleteRoutes()
    {
        SetDefault(router.Get(0), gatewayAddress, 1);
    }

    Ipv4InterfaceContainer Assign(const NetDeviceContainer& ends)
    {
        const auto interfaces = m_addresses.Assign(ends);
        m_addresses.NewNetwork();
        return interfaces;
    }

    static void SetDefault(Ptr<Node> node, Ipv4Address next, uint32_t interface = 0)
    {
        const auto ipv4 = node->GetObject<Ipv4>();
        Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->SetDefaultRoute(
            next,
            interface > 0 ? interface : ipv4->GetNInterfaces() - 1);
    }

    NodeContainer devices{DEVICES};
    NodeContainer gateway{1};
    NodeContainer router{1};
    NodeContainer cloud{1};
    NetDeviceContainer gatewayLink;
    NetDeviceContainer cloudLink;
    Ipv4Address gatewayAddress;

  private:
    Ipv4AddressHelper m_addresses{"10.1.0.0", "255.255.255.0"};
};

/// All nodes of a site on one subnet.
struct Segment
{
    void Assign(const NetDeviceContainer& netDevices)
    {
        InternetStackHelper().Install(all);
        addresses = Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(netDevices);
    }

    NodeContainer devices{DEVICES};
    NodeContainer gateway{1};
    NodeContainer cloud{1};
    NodeContainer all{devices, gateway, cloud};
    Ipv4InterfaceContainer addresses;
};

void
Place(const NodeContainer& nodes, double distance = 5)
{
    MobilityHelper mobility;
    mobility.SetPositionAllocator("ns3::GridPositionAllocator",
                                  "DeltaX",
                                  DoubleValue(distance),
                                  "GridWidth",
                                  UintegerValue(100));
    mobility.Install(nodes);
}

void
MoveAway(Ptr<Node> node)
{
    node->GetObject<MobilityModel>()->SetPosition(Vector(1e6, 0, 0));
}

/// Count what a trace source tells of.
template <typename... Args>
void
CountTrace(Ptr<Object> object, const std::string& source, uint64_t& count)
{
    ASSERT_TRUE(
        object->TraceConnectWithoutContext(source, Callback<void, Args...>([&count](Args...) {
                                               ++count;
                                           })));
}

void
AddLoss(Ptr<NetDevice> device, double rate)
{
    const auto errors = CreateObject<RateErrorModel>();
    errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    errors->SetRate(rate);
    errors->AssignStreams(7);
    device->SetAttribute("ReceiveErrorModel", PointerValue(errors));
}

/// Two ends of a tunnel whose packets a test may lose or double without a word.
struct Tunnel
{
    /// \param copies how many of its n-th packet arrive at the second end
    Tunnel(Ptr<Node> from, Ptr<Node> to, std::function<int(int n)> copies)
    {
        for (const Ptr<Node>& node : {from, to})
        {
            const auto device = CreateObject<VirtualNetDevice>();
            node->AddDevice(device);
            device->SetIsPointToPoint(true);
            ends.Add(device);
        }
        Connect(0, std::move(copies));
        Connect(1, [](int) {
            return 1;
        });
    }

    NetDeviceContainer ends;

  private:
    void Connect(uint32_t end, std::function<int(int)> copies)
    {
        const auto to = DynamicCast<VirtualNetDevice>(ends.Get(1 - end));
        const auto number = std::make_shared<int>(0);
        DynamicCast<VirtualNetDevice>(ends.Get(end))
            ->SetSendCallback(Callback<bool, Ptr<Packet>, const Address&, const Address&, uint16_t>(
                [to = PeekPointer(to), copies, number](Ptr<Packet> packet,
                                                       const Address& source,
                                                       const Address& destination,
                                                       uint16_t protocol) {
                    const int times = copies((*number)++);
                    for (int i = 0; i < times; ++i)
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
                    return true;
                }));
    }
};

} // namespace

TEST(DdnnDrops, OfAFaultlessNetworkThereAreNone)
{
    Tracked run;
    Chain net;
    net.CompleteRoutes();
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_EQ(run.GetDispositions(), "accepted");
    EXPECT_EQ(run.Count("sent", "scores"), MESSAGES + SAMPLES); // the cloud's own are local
    EXPECT_EQ(run.Count("accepted", "request"), MESSAGES);
    EXPECT_EQ(run.Count("accepted", "features"), MESSAGES);
    EXPECT_EQ(run.Count("accepted", "prediction"), 2U * SAMPLES);
    EXPECT_EQ(run.heard[0].arrivals, run.Count("accepted"));
}

TEST(DdnnDrops, OfAQueueAreAsManyAsItCounts)
{
    Tracked run;
    PointToPointHelper narrow = MakeLink("30kbps", "1p");
    narrow.DisableFlowControl();
    Chain net(narrow);
    net.CompleteRoutes();
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    const auto device = DynamicCast<PointToPointNetDevice>(net.cloudLink.Get(0));
    EXPECT_GT(run.Count("lost-queue", "features"), 0U);
    EXPECT_EQ(run.Count("lost-queue"), device->GetQueue()->GetTotalDroppedPackets());
    EXPECT_EQ(run.GetDispositions(), "accepted lost-queue");
}

TEST(DdnnDrops, OfAQueueingDisciplineAreAsManyAsItCounts)
{
    Tracked run;
    Chain net(MakeLink("30kbps", "1p"));
    net.CompleteRoutes();
    TrafficControlHelper control;
    control.Uninstall(net.cloudLink.Get(0));
    control.SetRootQueueDisc("ns3::FifoQueueDisc", "MaxSize", StringValue("1p"));
    const QueueDiscContainer discs = control.Install(net.cloudLink.Get(0));
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_GT(run.Count("lost-queue", "features"), 0U);
    EXPECT_EQ(run.Count("lost-queue"), discs.Get(0)->GetStats().nTotalDroppedPackets);
    EXPECT_EQ(run.GetDispositions(), "accepted lost-queue");
}

TEST(DdnnDrops, OfTrafficControlAreTold)
{
    Tracked run;
    Chain net(MakeLink("30kbps", "1p"));
    net.CompleteRoutes();
    TrafficControlHelper().Uninstall(net.cloudLink.Get(0));
    uint64_t drops = 0;
    CountTrace<Ptr<const Packet>>(net.router.Get(0)->GetObject<TrafficControlLayer>(),
                                  "TcDrop",
                                  drops);
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_GT(drops, 0U);
    EXPECT_EQ(run.Count("lost-queue", "features"), drops);
    EXPECT_EQ(run.GetDispositions(), "accepted lost-queue");
}

TEST(DdnnDrops, OfAnErrorModelAreLosses)
{
    Tracked run;
    Chain net;
    net.CompleteRoutes();
    AddLoss(net.cloudLink.Get(1), 0.3);
    uint64_t drops = 0;
    CountTrace<Ptr<const Packet>>(net.cloudLink.Get(1), "PhyRxDrop", drops);
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_GT(drops, 0U);
    EXPECT_EQ(run.Count("lost-loss", "features"), drops);
    EXPECT_EQ(run.GetDispositions(), "accepted lost-loss");
}

TEST(DdnnDrops, OfANetDeviceThatIsOffAreItsOwn)
{
    Tracked run;
    Chain net;
    net.CompleteRoutes();
    AddLoss(net.cloudLink.Get(1), 1);
    DdnnNetDeviceSwitch::Get(net.cloudLink.Get(1))->SetOff(DdnnOffCause::FAULT, true);
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_EQ(run.Count("lost-off", "features"), MESSAGES);
}

TEST(DdnnDrops, OfARouterWithoutARouteAreTold)
{
    Tracked run;
    Chain net; // the cloud's predictions do not find back
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_EQ(run.Count("accepted", "features"), MESSAGES);
    EXPECT_EQ(run.Count("lost-no-route", "prediction"), static_cast<uint64_t>(SAMPLES));
    EXPECT_EQ(run.GetDispositions(), "accepted lost-no-route");
}

TEST(DdnnDrops, InARoutingLoopAreTold)
{
    Tracked run;
    Chain net;
    net.CompleteRoutes();
    net.router.Get(0)->GetObject<Ipv4>()->SetDown(2);
    Simulator::Schedule(Seconds(0.5), [&net] {
        net.gateway.Get(0)->GetObject<Ipv4>()->SetUp(1);
    });
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_EQ(run.Count("lost-hop-limit", "features"), MESSAGES);
    EXPECT_EQ(run.GetDispositions("features"), "lost-hop-limit");
}

TEST(DdnnDrops, OfAnInterfaceThatIsDownAreTold)
{
    Tracked run;
    Chain net;
    net.CompleteRoutes();
    net.router.Get(0)->GetObject<Ipv4>()->SetDown(1);
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_EQ(run.Count("lost-interface-down", "features"), MESSAGES);
    EXPECT_EQ(run.GetDispositions("features"), "lost-interface-down");
}

TEST(DdnnDrops, OfIpv6WithoutAProtocolAreMalformed)
{
    Tracked run;
    NodeContainer devices(DEVICES);
    NodeContainer gateway(1);
    NodeContainer cloud(1);
    InternetStackHelper stack;
    stack.SetIpv4StackInstall(false);
    stack.Install(NodeContainer(devices, gateway, cloud));
    Ipv6AddressHelper addresses("2001:1::", 64);
    const auto csma = CsmaHelper().Install(NodeContainer(devices, gateway, cloud));
    addresses.Assign(csma);
    Simulator::Schedule(Seconds(1.1), [&cloud] {
        const auto ipv6 = cloud.Get(0)->GetObject<Ipv6>();
        ipv6->Remove(cloud.Get(0)->GetObject<UdpL4Protocol>());
    });
    run.Install(devices, gateway, cloud, SAMPLES, "udp", 5);
    run.Run(20);
    EXPECT_EQ(run.Count("lost-malformed", "features"), MESSAGES);
}

TEST(DdnnDrops, OfANodeWhoseApplicationHasStoppedHaveNoSocket)
{
    Tracked run;
    Chain net;
    net.CompleteRoutes();
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    for (uint32_t i = 0; i < net.cloud.Get(0)->GetNApplications(); ++i)
    {
        net.cloud.Get(0)->GetApplication(i)->SetStopTime(Seconds(2));
    }
    run.Run(10);
    EXPECT_GT(run.Count("accepted", "features"), 0U);
    EXPECT_GT(run.Count("lost-no-socket", "features"), 0U);
    EXPECT_EQ(run.GetDispositions(), "accepted lost-no-socket");
}

TEST(DdnnDrops, OfFragmentsAloneAreFoundAtReassembly)
{
    Tracked run;
    Chain net;
    Tunnel tunnel(net.gateway.Get(0), net.cloud.Get(0), [](int n) {
        return n % 4 == 3 ? 0 : 1;
    });
    for (uint32_t end = 0; end < 2; ++end)
    {
        tunnel.ends.Get(end)->SetMtu(100); // features are two fragments
    }
    const auto interfaces = net.Assign(tunnel.ends);
    net.cloud.Get(0)->GetObject<Ipv4>()->SetDown(1); // the tunnel is the only way
    Chain::SetDefault(net.cloud.Get(0), interfaces.GetAddress(0));
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(60);
    EXPECT_EQ(run.Count("lost-reassembly", "features"), MESSAGES / 2);
    EXPECT_EQ(run.Count("accepted", "features"), MESSAGES / 2);
    EXPECT_EQ(run.GetDispositions(), "accepted lost-reassembly");
}

TEST(DdnnDrops, OfCsmaWithoutAnAddressOfTheNextHopAreUnresolved)
{
    Tracked run;
    Segment net;
    const auto csma = CsmaHelper().Install(net.all);
    net.Assign(csma);
    const Ptr<NetDevice> device = csma.Get(DEVICES + 1); // the cloud's
    DynamicCast<CsmaChannel>(device->GetChannel())->Detach(DynamicCast<CsmaNetDevice>(device));
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(20);
    EXPECT_EQ(run.Count("lost-unresolved", "features"), MESSAGES);
    EXPECT_EQ(run.GetDispositions(), "accepted lost-unresolved");
}

TEST(DdnnDrops, OfACsmaDeviceThatNobodyHearsAreUnheard)
{
    Tracked run;
    Segment net;
    const auto csma = CsmaHelper().Install(net.all);
    net.Assign(csma);
    const Ptr<NetDevice> device = csma.Get(DEVICES + 1);
    Simulator::Schedule(Seconds(1.15), [device] {
        DynamicCast<CsmaChannel>(device->GetChannel())->Detach(DynamicCast<CsmaNetDevice>(device));
    });
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_EQ(run.Count("accepted", "features"), static_cast<uint64_t>(DEVICES));
    EXPECT_EQ(run.Count("lost-unheard", "features"), MESSAGES - DEVICES);
    EXPECT_EQ(run.GetDispositions(), "accepted lost-unheard");
}

TEST(DdnnDrops, OfACsmaReceiverAreItsOwn)
{
    Tracked run;
    Segment net;
    const auto csma = CsmaHelper().Install(net.all);
    net.Assign(csma);
    uint64_t drops = 0;
    Simulator::Schedule(Seconds(1.1), [&csma] { // when addresses are resolved
        AddLoss(csma.Get(0), 0.5);              // it also hears what is for others
    });
    CountTrace<Ptr<const Packet>>(csma.Get(0), "PhyRxDrop", drops);
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_GT(drops, MESSAGES);
    EXPECT_GT(run.Count("lost-loss", "request"), 0U);
    EXPECT_LE(run.Count("lost-loss", "request"), static_cast<uint64_t>(SAMPLES));
    EXPECT_EQ(run.GetDispositions("features"), "accepted");
    EXPECT_EQ(run.GetDispositions("scores"), "accepted");
}

TEST(DdnnDrops, OfACsmaChannelThatIsBusyAreRetries)
{
    Tracked run;
    Segment net;
    CsmaHelper helper;
    helper.SetChannelAttribute("DataRate", StringValue("200kbps"));
    const auto csma = helper.Install(net.all);
    net.Assign(csma);
    uint64_t drops = 0;
    for (uint32_t i = 0; i < csma.GetN(); ++i)
    {
        DynamicCast<CsmaNetDevice>(csma.Get(i))
            ->SetBackoffParams(MicroSeconds(1), 1, 2, 2, 1); // once only
        CountTrace<Ptr<const Packet>>(csma.Get(i), "PhyTxDrop", drops);
    }
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(10);
    EXPECT_GT(run.Count("lost-retries"), 0U);
    EXPECT_LE(run.Count("lost-retries"), drops); // ARP is dropped, too
}

TEST(DdnnDrops, OfMessagesToAGroupConcernOneReceiver)
{
    Tracked run;
    Segment net;
    const auto csma = CsmaHelper().Install(net.all);
    net.Assign(csma);
    AddLoss(csma.Get(1), 1);
    const Ptr<NetDevice> deaf = csma.Get(2);
    Simulator::Schedule(Seconds(0.5), [deaf] {
        DynamicCast<CsmaChannel>(deaf->GetChannel())->Detach(DynamicCast<CsmaNetDevice>(deaf));
    });
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    FindDdnnSites(run.applications)[0].exits[0]->AddGroup({0, 1, 2, 3},
                                                          Ipv4Address("255.255.255.255"),
                                                          csma.Get(DEVICES));
    run.Run(60);
    const uint64_t samples = SAMPLES;
    EXPECT_EQ(run.Count("sent", "request"), MESSAGES);
    EXPECT_EQ(run.Count("accepted", "request"), 2 * samples);
    EXPECT_EQ(run.Count("lost-loss", "request"), samples);
    EXPECT_EQ(run.Count("lost-unheard", "request"), samples);
}

TEST(DdnnDrops, OfWifiWithoutAcknowledgementsAreRetriesOrExpired)
{
    Config::SetDefault("ns3::WifiMacQueue::MaxDelay", StringValue("20ms"));
    Tracked run;
    Segment net;
    Place(net.all);
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211n);
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac");
    net.Assign(wifi.Install(phy, mac, net.all));
    Simulator::Schedule(Seconds(1.15), [&net] {
        for (int i = 0; i < DEVICES; ++i)
        {
            MoveAway(net.devices.Get(i));
        }
    });
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES);
    run.Run(20);
    Config::SetDefault("ns3::WifiMacQueue::MaxDelay", StringValue("500ms"));
    EXPECT_GT(run.Count("lost-retries", "scores"), 0U);
    EXPECT_GT(run.Count("lost-expired"), 0U);
}

TEST(DdnnDrops, OfWifiWithoutAnAccessPointAreNotAssociated)
{
    Tracked run;
    Segment net;
    Place(net.all);
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211g);
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiMacHelper mac;
    mac.SetType("ns3::StaWifiMac");
    NetDeviceContainer radios = wifi.Install(phy, mac, net.devices);
    mac.SetType("ns3::ApWifiMac");
    radios.Add(wifi.Install(phy, mac, net.gateway));
    mac.SetType("ns3::StaWifiMac");
    radios.Add(wifi.Install(phy, mac, net.cloud));
    net.Assign(radios);
    Simulator::Schedule(Seconds(1), [&net] {
        MoveAway(net.devices.Get(0));
    });
    Simulator::Schedule(Seconds(4), [&net, &radios] { // losing the access point has emptied it
        const auto interface = net.devices.Get(0)->GetObject<Ipv4L3Protocol>()->GetInterface(1);
        const auto entry = interface->GetArpCache()->Add(net.addresses.GetAddress(DEVICES));
        entry->SetMacAddress(radios.Get(DEVICES)->GetAddress());
        entry->MarkPermanent();
    });
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES, "udp", 5);
    run.Run(20);
    EXPECT_EQ(run.Count("lost-not-associated", "scores"), static_cast<uint64_t>(SAMPLES));
}

namespace
{

/// IPv6 over IEEE 802.15.4.
struct LowPan : Segment
{
    explicit LowPan(bool acknowledged)
    {
        Place(all);
        const auto radios = lrWpan.Install(all);
        DDNN_CREATE_ASSOCIATED_PAN(lrWpan, radios, 0);
        for (uint32_t i = 0; i < radios.GetN(); ++i)
        {
            radios.Get(i)->SetAttribute("UseAcks", BooleanValue(acknowledged));
        }
        InternetStackHelper stack;
        stack.SetIpv4StackInstall(false);
        stack.Install(all);
        Ipv6AddressHelper("2001:1::", 64).Assign(SixLowPanHelper().Install(radios));
    }

    LrWpanHelper lrWpan; ///< keeps the channel
};

} // namespace

TEST(DdnnDrops, OfLrWpanWithoutAcknowledgementsAreRetries)
{
    Tracked run;
    LowPan net(true);
    Simulator::Schedule(Seconds(10), [&net] { // by then, addresses are resolved
        MoveAway(net.cloud.Get(0));
    });
    run.Install(net.devices, net.gateway, net.cloud, 4 * SAMPLES, "udp", 5);
    run.Run(100);
    EXPECT_GT(run.Count("accepted", "features"), 0U);
    EXPECT_GT(run.Count("lost-retries", "features"), 0U);
}

TEST(DdnnDrops, OfIpv6WithoutAnAddressOfTheNextHopAreUnresolved)
{
    Tracked run;
    LowPan net(true);
    Simulator::Schedule(Seconds(4), [&net] {
        MoveAway(net.cloud.Get(0));
    });
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES, "udp", 5);
    run.Run(100);
    EXPECT_EQ(run.Count("lost-unresolved", "features"), MESSAGES);
}

TEST(DdnnDrops, OfSixLowPanFragmentsAloneAreFoundAtReassembly)
{
    Tracked run;
    LowPan net(false); // frames collide, and nobody repeats them
    run.Install(net.devices, net.gateway, net.cloud, SAMPLES, "udp", 5);
    run.Run(100);
    EXPECT_GT(run.Count("lost-reassembly", "features"), 0U);
}

TEST(DdnnDrops, OfLteBuffersAreToldOnceThereAreBearers)
{
    Config::SetDefault("ns3::LteRlcUm::MaxTxBufferSize", UintegerValue(100));
    Tracked run;
    const auto lte = CreateObject<LteHelper>();
    const auto core = CreateObject<PointToPointEpcHelper>();
    lte->SetEpcHelper(core);
    NodeContainer devices(DEVICES);
    NodeContainer enb(1);
    Place(NodeContainer(enb, devices));
    InternetStackHelper stack;
    stack.Install(devices);
    const auto enbs = lte->InstallEnbDevice(enb);
    const auto ues = lte->InstallUeDevice(devices);
    core->AssignUeIpv4Address(ues);
    NodeContainer gateway(1);
    NodeContainer cloud(1);
    stack.Install(NodeContainer(gateway, cloud));
    PointToPointHelper link = MakeLink("10Mbps", "100p");
    const auto first = link.Install(core->GetPgwNode(), gateway.Get(0));
    const auto second = link.Install(gateway.Get(0), cloud.Get(0));
    const auto addresses = Ipv4AddressHelper("1.0.0.0", "255.255.255.0").Assign(first);
    const auto more = Ipv4AddressHelper("1.0.1.0", "255.255.255.0").Assign(second);
    Chain::SetDefault(gateway.Get(0), addresses.GetAddress(0), 1);
    Chain::SetDefault(cloud.Get(0), more.GetAddress(0), 1);
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(core->GetPgwNode()->GetObject<Ipv4>())
        ->AddNetworkRouteTo(
            "1.0.1.0",
            "255.255.255.0",
            addresses.GetAddress(1),
            core->GetPgwNode()->GetObject<Ipv4>()->GetInterfaceForDevice(first.Get(0)));
    for (int i = 0; i < DEVICES; ++i)
    {
        Chain::SetDefault(devices.Get(i), core->GetUeDefaultGatewayAddress(), 1);
    }
    lte->Attach(ues, enbs.Get(0));
    run.Install(devices, gateway, cloud, SAMPLES);
    run.Run(10);
    Config::SetDefault("ns3::LteRlcUm::MaxTxBufferSize", UintegerValue(10 * 1024));
    EXPECT_EQ(run.Count("accepted", "scores"), MESSAGES);
    EXPECT_EQ(run.Count("lost-queue", "features"), MESSAGES); // larger than the buffer
}
