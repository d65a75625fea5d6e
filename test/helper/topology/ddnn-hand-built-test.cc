// SPDX-License-Identifier: GPL-2.0-only
// The same network, once by DdnnTopologyHelper and once by ns-3's own helpers as a user would build
// it, gives the same records: the topology helper is a convenience and nothing more.
#include "test/support/simulate.h"

#include "ns3/csma-helper.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/neighbor-cache-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/ssid.h"
#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-helper.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int CAMERAS = 4;
constexpr double THRESHOLD = 0.7; ///< at which some samples exit locally
constexpr int64_t APPLICATION_STREAMS = 1000;

/// Cameras, a gateway and a cloud: six nodes.
struct Network
{
    NodeContainer cameras;
    NodeContainer gateway;
    NodeContainer cloud;
    NetDeviceContainer cameraDevices;
    NetDeviceContainer gatewayDevices; ///< toward the cameras
    NetDeviceContainer uplink;         ///< the gateway's, the cloud's
    Address allCameras;                ///< by broadcast; invalid: there is none
    Ptr<Object> helper;                ///< must live as long as the simulation
};

Network
BuildByTopologyHelper(const World& world)
{
    const auto topology = CreateObject<DdnnTopologyHelper>();
    const DdnnTopology& site = topology->Build(world.model->GetHierarchy())[0];
    topology->AssignStreams(1);
    topology->AssignBackhaulStreams(500);
    const DdnnTopology::Cell& cell = site.cells[0];
    return {site.tiers[0],
            NodeContainer(cell.gateway),
            site.tiers[1],
            cell.access->GetDevices(),
            cell.access->GetGatewayDevices(),
            site.backhaul->GetDevices(),
            cell.access->GetName() == "csma" ? cell.access->GetBroadcastAddress() : Address(),
            topology};
}

void
SetDefaultRoute(Ptr<Node> node, Ipv4Address nextHop)
{
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(node->GetObject<Ipv4>())
        ->SetDefaultRoute(nextHop, 1);
}

NetDeviceContainer
ConnectPointToPoint(Ptr<Node> a, Ptr<Node> b, const std::string& rate, const std::string& delay)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(rate));
    link.SetChannelAttribute("Delay", StringValue(delay));
    return link.Install(a, b);
}

/// A link for each camera, with a subnet of its own.
void
ConnectByLinks(Network& network)
{
    Ipv4AddressHelper addresses("192.168.0.0", "255.255.255.252");
    for (uint32_t i = 0; i < CAMERAS; ++i)
    {
        const Ptr<Node> camera = network.cameras.Get(i);
        const auto ends = ConnectPointToPoint(camera, network.gateway.Get(0), "5Mbps", "2ms");
        SetDefaultRoute(camera, addresses.Assign(ends).GetAddress(1));
        addresses.NewNetwork();
        network.cameraDevices.Add(ends.Get(0));
        network.gatewayDevices.Add(ends.Get(1));
    }
}

/// One segment, whose nodes know each other's link addresses.
void
ConnectByCsma(Network& network)
{
    CsmaHelper csma;
    csma.SetChannelAttribute("DataRate", StringValue("20Mbps"));
    csma.SetChannelAttribute("Delay", StringValue("3us"));
    const auto devices = csma.Install(NodeContainer(network.cameras, network.gateway));
    csma.AssignStreams(devices, 1);
    const auto interfaces = Ipv4AddressHelper("192.168.0.0", "255.255.255.0").Assign(devices);
    NeighborCacheHelper().PopulateNeighborCache(devices);
    for (uint32_t i = 0; i < CAMERAS; ++i)
    {
        SetDefaultRoute(network.cameras.Get(i), interfaces.GetAddress(CAMERAS));
        network.cameraDevices.Add(devices.Get(i));
    }
    network.gatewayDevices.Add(devices.Get(CAMERAS));
    network.allCameras = Ipv4Address("192.168.0.255");
}

/// A cell around an access point.
void
ConnectByWifi(Network& network)
{
    const NodeContainer nodes(network.cameras, network.gateway);
    MobilityHelper mobility;
    mobility.SetPositionAllocator("ns3::GridPositionAllocator");
    mobility.Install(nodes);
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211n);
    WifiMacHelper station;
    station.SetType("ns3::StaWifiMac", "Ssid", SsidValue(Ssid("cameras")));
    network.cameraDevices = wifi.Install(phy, station, network.cameras);
    WifiMacHelper accessPoint;
    accessPoint.SetType("ns3::ApWifiMac", "Ssid", SsidValue(Ssid("cameras")));
    network.gatewayDevices = wifi.Install(phy, accessPoint, network.gateway);
    const NetDeviceContainer devices(network.cameraDevices, network.gatewayDevices);
    wifi.AssignStreams(devices, 1);
    const auto interfaces = Ipv4AddressHelper("192.168.0.0", "255.255.255.0").Assign(devices);
    for (uint32_t i = 0; i < CAMERAS; ++i)
    {
        SetDefaultRoute(network.cameras.Get(i), interfaces.GetAddress(CAMERAS));
    }
}

Network
BuildByHand(const std::string& access)
{
    Network network;
    network.cloud.Create(1); // in another order than the topology helper's
    network.gateway.Create(1);
    network.cameras.Create(CAMERAS);
    const NodeContainer all(network.cloud, network.gateway, network.cameras);
    InternetStackHelper stack;
    stack.Install(all);
    stack.AssignStreams(all, 200);
    network.uplink =
        ConnectPointToPoint(network.gateway.Get(0), network.cloud.Get(0), "3Mbps", "7ms");
    const auto ends = Ipv4AddressHelper("172.16.0.0", "255.255.255.0").Assign(network.uplink);
    SetDefaultRoute(network.cloud.Get(0), ends.GetAddress(0));
    if (access == "p2p")
    {
        ConnectByLinks(network);
    }
    else if (access == "csma")
    {
        ConnectByCsma(network);
    }
    else
    {
        ConnectByWifi(network);
    }
    return network;
}

/// What comes out of a DDNN on a network.
DdnnRunResult
Observe(const World& world, const Network& network, const std::string& transport)
{
    DdnnHelper ddnn(world.model, world.dataset, world.samples);
    ddnn.SetSiteAttribute("Transport", StringValue(transport));
    ddnn.SetSiteAttribute("CaptureDelay", StringValue("5s"));
    ddnn.SetEndDeviceAttribute("ScoreSlot", StringValue("500us"));
    ddnn.SetSiteAttribute("Offload", StringValue("pull")); // all at once: CSMA backs off
    ddnn.SetExitAttribute("Threshold", DoubleValue(THRESHOLD), 0);
    ApplicationContainer applications =
        ddnn.Install({network.cameras, network.cloud}, network.gateway);
    ddnn.AssignStreams(APPLICATION_STREAMS);
    applications.Start(Seconds(3));
    const DdnnSiteApplications site = FindDdnnSites(applications)[0];
    if (!network.allCameras.IsInvalid())
    {
        site.exits[0]->AddGroup({0, 1, 2, 3}, network.allCameras, nullptr);
    }
    DdnnRecorder recorder(applications);
    recorder.AddHop("access-up", network.cameraDevices);
    recorder.AddHop("access-down", network.gatewayDevices);
    recorder.AddHop("cloud-up", NetDeviceContainer(network.uplink.Get(0)));
    recorder.AddHop("cloud-down", NetDeviceContainer(network.uplink.Get(1)));
    const DdnnMessageTracker messages(applications);
    DdnnHelper::StopAfterLastSample(applications);
    Simulator::Run();
    DdnnRunResult result;
    result.records = recorder.GetRecords();
    result.traffic = recorder.GetTraffic();
    result.messages = messages.GetCounts();
    result.exited = site.tracker->GetCount(DdnnOutcome::EXITED);
    Simulator::Destroy();
    return result;
}

/// The same network, both ways.
class HandBuilt : public testing::TestWithParam<std::tuple<std::string, std::string>>
{
  protected:
    HandBuilt()
        : world(MakeWorld('c', CAMERAS, 30))
    {
        const auto& [access, transport] = GetParam();
        const AttributeGuard guard(GetAttributes(access));
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        byHelper = Observe(world, BuildByTopologyHelper(world), transport);
        byHand = Observe(world, BuildByHand(access), transport);
    }

    /// That make the topology helper's links those that are built by hand.
    static AttributeGuard::Attributes GetAttributes(const std::string& access)
    {
        AttributeGuard::Attributes attributes{{"ns3::DdnnTopologyHelper::Access", access},
                                              {"ns3::DdnnBackhaul::Rate", "3Mbps"},
                                              {"ns3::DdnnBackhaul::Delay", "7ms"}};
        if (access == "p2p")
        {
            attributes.emplace_back("ns3::DdnnPointToPointAccess::DataRate", "5Mbps");
            attributes.emplace_back("ns3::DdnnPointToPointAccess::Delay", "2ms");
        }
        else if (access == "csma")
        {
            attributes.emplace_back("ns3::DdnnCsmaAccess::DataRate", "20Mbps");
            attributes.emplace_back("ns3::DdnnCsmaAccess::Delay", "3us");
        }
        return attributes;
    }

    std::string GetCsv(const DdnnRunResult& result) const
    {
        return Csv(world.model->GetHierarchy(), THRESHOLD, result);
    }

    World world;
    DdnnRunResult byHelper;
    DdnnRunResult byHand;
};

using HandBuiltWired = HandBuilt;
using HandBuiltWireless = HandBuilt;

std::string
GetName(const testing::TestParamInfo<std::tuple<std::string, std::string>>& info)
{
    return std::get<0>(info.param) + "_" + std::get<1>(info.param);
}

} // namespace

TEST_P(HandBuiltWired, RecordsAreTheSameBytes)
{
    EXPECT_EQ(GetCsv(byHand), GetCsv(byHelper));
    ExpectAsInferred(world, byHand, THRESHOLD);
    ExpectColumnsAddUp(byHand);
}

INSTANTIATE_TEST_SUITE_P(Networks,
                         HandBuiltWired,
                         testing::Combine(testing::Values("p2p", "csma"),
                                          testing::Values("udp", "tcp")),
                         GetName);

TEST_P(HandBuiltWireless, PredictionsAndPayloadAreTheSame)
{
    ExpectAsInferred(world, byHand, THRESHOLD);
    ASSERT_EQ(byHand.records.size(), byHelper.records.size());
    for (std::size_t i = 0; i < byHand.records.size(); ++i)
    {
        const DdnnSampleRecord& hand = byHand.records[i];
        const DdnnSampleRecord& helper = byHelper.records[i];
        EXPECT_EQ(hand.sample, helper.sample);
        EXPECT_EQ(hand.outcome, helper.outcome);
        EXPECT_EQ(hand.exit, helper.exit);
        EXPECT_EQ(hand.prediction, helper.prediction);
        EXPECT_EQ(hand.uncertainty, helper.uncertainty);
        EXPECT_EQ(hand.scores, helper.scores);
        EXPECT_EQ(hand.features, helper.features);
        EXPECT_EQ(hand.bytes.payload, helper.bytes.payload);
    }
    ExpectCommunicationCost(world.model->GetHierarchy(), byHand);
    ExpectCommunicationCost(world.model->GetHierarchy(), byHelper);
}

INSTANTIATE_TEST_SUITE_P(Networks,
                         HandBuiltWireless,
                         testing::Combine(testing::Values("wifi"), testing::Values("udp", "tcp")),
                         GetName);
