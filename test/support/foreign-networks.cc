// SPDX-License-Identifier: GPL-2.0-only
#include "foreign-networks.h"

#include "ns3/aodv-helper.h"
#include "ns3/csma-helper.h"
#include "ns3/csma-net-device.h"
#include "ns3/dhcp-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-nix-vector-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/lte-helper.h"
#include "ns3/mesh-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/olsr-helper.h"
#include "ns3/olsr-routing-protocol.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/radvd-helper.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-helper.h"

#include <map>
#include <utility>

namespace ddnn::test
{

using namespace ns3;

namespace
{

constexpr int64_t STREAMS = 100000; ///< far from those of the DDNN

NodeContainer
Join(const ForeignNetwork& network)
{
    return NodeContainer(network.devices, network.gateway);
}

/// A row of nodes, of which each hears its neighbours alone: the first half of the devices, the
/// gateway, the other half, and what else there is.
void
PlaceInRow(const NodeContainer& nodes, uint32_t numDevices)
{
    const auto positions = CreateObject<ListPositionAllocator>();
    const uint32_t middle = numDevices / 2;
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        const bool isFirstHalf = i < middle;
        const uint32_t place = i == numDevices ? middle : isFirstHalf || i > numDevices ? i : i + 1;
        positions->Add(Vector(60.0 * place, 0, 0));
    }
    MobilityHelper mobility;
    mobility.SetPositionAllocator(positions);
    mobility.Install(nodes);
}

NetDeviceContainer
InstallAdHoc(const NodeContainer& nodes, uint32_t numDevices)
{
    PlaceInRow(nodes, numDevices);
    YansWifiChannelHelper channel;
    channel.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
    channel.AddPropagationLoss("ns3::RangePropagationLossModel", "MaxRange", DoubleValue(100));
    YansWifiPhyHelper phy;
    phy.SetChannel(channel.Create());
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac");
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211g);
    wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                 "DataMode",
                                 StringValue("ErpOfdmRate12Mbps"),
                                 "ControlMode",
                                 StringValue("ErpOfdmRate6Mbps"),
                                 "RtsCtsThreshold", // two hops away, a node is hidden
                                 UintegerValue(0));
    const NetDeviceContainer devices = wifi.Install(phy, mac, nodes);
    wifi.AssignStreams(devices, STREAMS);
    return devices;
}

/// Links the gateway to the cloud.
NetDeviceContainer
LinkCloud(const ForeignNetwork& network)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("5ms"));
    return link.Install(network.gateway.Get(0), network.cloud.Get(0));
}

/// Addresses of that link, and the cloud's way back.
void
AddressCloud(const NetDeviceContainer& link)
{
    const auto interfaces = Ipv4AddressHelper("10.200.0.0", "255.255.255.0").Assign(link);
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(link.Get(1)->GetNode()->GetObject<Ipv4>())
        ->SetDefaultRoute(interfaces.GetAddress(0), 1);
}

void
AddDefaultRoutes(const NodeContainer& nodes, Ipv4Address nextHop)
{
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(nodes.Get(i)->GetObject<Ipv4>())
            ->SetDefaultRoute(nextHop, 1);
    }
}

void
MakeMesh(ForeignNetwork& network)
{
    PlaceInRow(Join(network), network.devices.GetN());
    YansWifiChannelHelper channel;
    channel.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
    channel.AddPropagationLoss("ns3::RangePropagationLossModel", "MaxRange", DoubleValue(100));
    YansWifiPhyHelper phy;
    phy.SetChannel(channel.Create());
    auto mesh = MeshHelper::Default();
    mesh.SetStackInstaller("ns3::Dot11sStack");
    mesh.SetMacType("RandomStart", TimeValue(Seconds(0.1)));
    mesh.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                 "DataMode",
                                 StringValue("OfdmRate12Mbps"),
                                 "RtsCtsThreshold", // two hops away, a node is hidden
                                 UintegerValue(0));
    const NetDeviceContainer devices = mesh.Install(phy, Join(network));
    mesh.AssignStreams(devices, STREAMS);
    InternetStackHelper stack;
    stack.Install(Join(network));
    stack.Install(network.cloud);
    const auto interfaces = Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(devices);
    AddDefaultRoutes(network.devices, interfaces.GetAddress(network.devices.GetN()));
    AddressCloud(LinkCloud(network));
    network.start = Seconds(10);
}

void
MakeOlsr(ForeignNetwork& network)
{
    const NetDeviceContainer devices = InstallAdHoc(Join(network), network.devices.GetN());
    OlsrHelper olsr;
    Ipv4ListRoutingHelper lists;
    lists.Add(Ipv4StaticRoutingHelper(), 0);
    lists.Add(olsr, 10);
    InternetStackHelper stack;
    stack.SetRoutingHelper(lists);
    stack.Install(Join(network));
    InternetStackHelper().Install(network.cloud);
    Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(devices);
    olsr.AssignStreams(Join(network), STREAMS + 1000);
    AddressCloud(LinkCloud(network));
    const auto routing = DynamicCast<Ipv4ListRouting>(
        network.gateway.Get(0)->GetObject<Ipv4>()->GetRoutingProtocol());
    for (uint32_t i = 0; i < routing->GetNRoutingProtocols(); ++i)
    {
        int16_t priority;
        const auto protocol = routing->GetRoutingProtocol(i, priority);
        if (const auto olsrProtocol = DynamicCast<olsr::RoutingProtocol>(protocol))
        {
            olsrProtocol->AddHostNetworkAssociation("10.200.0.0", "255.255.255.0");
        }
    }
    network.start = Seconds(40);
}

/// AODV knows no other network: the cloud is in the ad hoc one, at its end.
void
MakeAodv(ForeignNetwork& network)
{
    const NodeContainer nodes(network.devices, network.gateway, network.cloud);
    const NetDeviceContainer devices = InstallAdHoc(nodes, network.devices.GetN());
    AodvHelper aodv;
    InternetStackHelper stack;
    stack.SetRoutingHelper(aodv);
    stack.Install(nodes);
    Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(devices);
    aodv.AssignStreams(nodes, STREAMS + 1000);
    network.start = Seconds(5);
}

void
MakeLte(ForeignNetwork& network)
{
    const auto lte = CreateObject<LteHelper>();
    const auto core = CreateObject<PointToPointEpcHelper>();
    lte->SetEpcHelper(core);
    NodeContainer baseStation(1);
    const auto positions = CreateObject<ListPositionAllocator>();
    positions->Add(Vector(0, 0, 0));
    for (uint32_t i = 0; i < network.devices.GetN(); ++i)
    {
        positions->Add(Vector(20 + 5.0 * i, 0, 0));
    }
    MobilityHelper mobility;
    mobility.SetPositionAllocator(positions);
    mobility.Install(NodeContainer(baseStation, network.devices));
    const NetDeviceContainer enb = lte->InstallEnbDevice(baseStation);
    const NetDeviceContainer ues = lte->InstallUeDevice(network.devices);
    InternetStackHelper stack;
    stack.Install(Join(network));
    stack.Install(network.cloud);
    core->AssignUeIpv4Address(ues);
    AddDefaultRoutes(network.devices, core->GetUeDefaultGatewayAddress());
    lte->Attach(ues, enb.Get(0));
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    const NetDeviceContainer ends = link.Install(core->GetPgwNode(), network.gateway.Get(0));
    const auto interfaces = Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(ends);
    Ipv4StaticRoutingHelper routing;
    routing.GetStaticRouting(network.gateway.Get(0)->GetObject<Ipv4>())
        ->AddNetworkRouteTo("7.0.0.0", "255.0.0.0", interfaces.GetAddress(0), 1);
    routing.GetStaticRouting(core->GetPgwNode()->GetObject<Ipv4>())
        ->AddNetworkRouteTo(
            "10.200.0.0",
            "255.255.255.0",
            interfaces.GetAddress(1),
            core->GetPgwNode()->GetObject<Ipv4>()->GetInterfaceForDevice(ends.Get(0)));
    AddressCloud(LinkCloud(network));
    lte->AssignStreams(NetDeviceContainer(enb, ues), STREAMS);
    network.helper = std::make_shared<std::pair<Ptr<LteHelper>, Ptr<EpcHelper>>>(lte, core);
    network.start = Seconds(1);
}

NetDeviceContainer
InstallCsma(const ForeignNetwork& network)
{
    CsmaHelper csma;
    csma.SetChannelAttribute("DataRate", StringValue("100Mbps"));
    csma.SetChannelAttribute("Delay", StringValue("1us"));
    const NetDeviceContainer devices = csma.Install(Join(network));
    int64_t stream = STREAMS;
    for (uint32_t i = 0; i < devices.GetN(); ++i)
    {
        DynamicCast<CsmaNetDevice>(devices.Get(i))->AssignStreams(stream++);
    }
    return devices;
}

/// The devices have no addresses but those that the gateway's advertisements let them make.
void
MakeRouterAdvertisements(ForeignNetwork& network)
{
    const NetDeviceContainer devices = InstallCsma(network);
    InternetStackHelper stack;
    stack.SetIpv4StackInstall(false);
    stack.Install(Join(network));
    stack.Install(network.cloud);
    Ipv6AddressHelper address("2001:1::", Ipv6Prefix(64));
    NetDeviceContainer hosts;
    for (uint32_t i = 0; i < network.devices.GetN(); ++i)
    {
        hosts.Add(devices.Get(i));
    }
    address.AssignWithoutAddress(hosts);
    const NetDeviceContainer router(devices.Get(network.devices.GetN()));
    auto interfaces = address.Assign(router);
    interfaces.SetForwarding(0, true);
    const NetDeviceContainer link = LinkCloud(network);
    Ipv6AddressHelper cloudAddress("2001:2::", Ipv6Prefix(64));
    auto cloudInterfaces = cloudAddress.Assign(link);
    cloudInterfaces.SetForwarding(0, true);
    cloudInterfaces.SetDefaultRouteInAllNodes(0);
    RadvdHelper radvd;
    radvd.AddAnnouncedPrefix(interfaces.GetInterfaceIndex(0), Ipv6Address("2001:1::"), 64);
    radvd.Install(network.gateway.Get(0));
    network.start = Seconds(5);
}

/// The devices get their addresses and their default route from a server on the gateway.
void
MakeDhcp(ForeignNetwork& network)
{
    const NetDeviceContainer devices = InstallCsma(network);
    InternetStackHelper stack;
    stack.Install(Join(network));
    stack.Install(network.cloud);
    NetDeviceContainer clients;
    for (uint32_t i = 0; i < network.devices.GetN(); ++i)
    {
        clients.Add(devices.Get(i));
    }
    DhcpHelper dhcp;
    dhcp.InstallDhcpServer(devices.Get(network.devices.GetN()),
                           Ipv4Address("172.30.0.1"),
                           Ipv4Address("172.30.0.0"),
                           Ipv4Mask("/24"),
                           Ipv4Address("172.30.0.10"),
                           Ipv4Address("172.30.0.100"),
                           Ipv4Address("172.30.0.1"))
        .Start(Seconds(0));
    dhcp.InstallDhcpClient(clients).Start(Seconds(1));
    AddressCloud(LinkCloud(network));
    network.start = Seconds(10); // a client collects offers for five seconds
}

/// Every device is at the end of its own link to a chain of routers, and so are gateway and cloud.
void
MakeNixVectorChain(ForeignNetwork& network)
{
    constexpr uint32_t ROUTERS = 5;
    NodeContainer routers(ROUTERS);
    Ipv4NixVectorHelper nix;
    InternetStackHelper stack;
    stack.SetRoutingHelper(nix);
    stack.Install(routers);
    stack.Install(Join(network));
    stack.Install(network.cloud);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("1ms"));
    Ipv4AddressHelper address("10.1.0.0", "255.255.255.0");
    const auto connect = [&](Ptr<Node> a, Ptr<Node> b) {
        address.Assign(link.Install(a, b));
        address.NewNetwork();
    };
    for (uint32_t i = 0; i + 1 < ROUTERS; ++i)
    {
        connect(routers.Get(i), routers.Get(i + 1));
    }
    for (uint32_t i = 0; i < network.devices.GetN(); ++i)
    {
        connect(network.devices.Get(i), routers.Get(i % ROUTERS));
    }
    connect(network.gateway.Get(0), routers.Get(ROUTERS / 2));
    connect(network.cloud.Get(0), routers.Get(ROUTERS - 1));
    network.start = Seconds(1);
}

const std::map<std::string, std::function<void(ForeignNetwork&)>> MAKERS{
    {"aodv", MakeAodv},
    {"csma-dhcp", MakeDhcp},
    {"csma-radvd", MakeRouterAdvertisements},
    {"lte", MakeLte},
    {"mesh", MakeMesh},
    {"nix-vector", MakeNixVectorChain},
    {"olsr", MakeOlsr},
};

} // namespace

std::vector<std::string>
GetForeignNetworks()
{
    std::vector<std::string> names;
    for (const auto& [name, maker] : MAKERS)
    {
        names.push_back(name);
    }
    return names;
}

ForeignNetwork
MakeForeignNetwork(const std::string& name, uint32_t numDevices)
{
    ForeignNetwork network;
    network.devices.Create(numDevices);
    network.gateway.Create(1);
    network.cloud.Create(1);
    MAKERS.at(name)(network);
    InternetStackHelper().AssignStreams(NodeContainer(Join(network), network.cloud),
                                        STREAMS + 2000);
    return network;
}

} // namespace ddnn::test
