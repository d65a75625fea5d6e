// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SWITCH_WORLD_H
#define DDNN_SWITCH_WORLD_H

#include "ns3/ddnn-compat.h"
#include "ns3/ddnn-switch.h"

#include "ns3/boolean.h"
#include "ns3/bridge-helper.h"
#include "ns3/csma-helper.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/lr-wpan-helper.h"
#include "ns3/lte-helper.h"
#include "ns3/mesh-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simple-net-device-helper.h"
#include "ns3/simulator.h"
#include "ns3/sixlowpan-helper.h"
#include "ns3/socket.h"
#include "ns3/ssid.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/yans-wifi-helper.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

// What the tests of switches share: two nodes with a network between them that ns-3's helpers have
// built, and numbered messages in both directions.
namespace ddnn::test
{

using namespace ns3;

struct SwitchMessage
{
    uint32_t from; ///< node
    Time sent;
    uint32_t received{0}; ///< how often
};

class SwitchWorld
{
  public:
    static constexpr uint16_t PORT = 4000;

    SwitchWorld()
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
    }

    ~SwitchWorld()
    {
        nodes = NodeContainer();
        keep.clear();
        Simulator::Destroy();
    }

    /// Let each node send to the other one, in turn, `burst` messages of `size` bytes at a time.
    void Exchange(Time from, Time until, Time period, uint32_t burst = 1, uint32_t size = 100)
    {
        OpenSockets();
        for (Time time = from; time < until; time += period)
        {
            for (uint32_t end : {0, 1})
            {
                Simulator::ScheduleWithContext(nodes.Get(end)->GetId(),
                                               time + period / 2 * end - Simulator::Now(),
                                               [this, end, burst, size] {
                                                   for (uint32_t i = 0; i < burst; ++i)
                                                   {
                                                       Send(end, size);
                                                   }
                                               });
            }
        }
    }

    void Run(Time until)
    {
        Simulator::Stop(until - Simulator::Now());
        Simulator::Run();
    }

    /// Messages from one of the nodes, sent in some time.
    uint32_t CountSent(uint32_t from, Time begin, Time end) const
    {
        return Count(from, begin, end, false);
    }

    /// Those of them that have arrived.
    uint32_t CountReceived(uint32_t from, Time begin, Time end) const
    {
        return Count(from, begin, end, true);
    }

    /// Messages that arrived at either node in some time.
    uint32_t CountArrivals(Time begin, Time end) const
    {
        return std::count_if(arrivals.begin(), arrivals.end(), [=](Time time) {
            return time >= begin && time < end;
        });
    }

    NodeContainer nodes;
    Ptr<NetDevice> device; ///< of node 0, to be switched
    Address addresses[2];
    Time up;                                 ///< until then the network sets itself up
    Time period{MilliSeconds(10)};           ///< at which messages of 100 bytes hinder nobody
    std::vector<std::shared_ptr<void>> keep; ///< helpers that need to live
    std::vector<SwitchMessage> messages;
    std::vector<Time> arrivals; ///< at either node

  private:
    void OpenSockets()
    {
        for (uint32_t end = 0; sockets.size() < 2; ++end)
        {
            const bool ipv6 = Ipv6Address::IsMatchingType(addresses[0]);
            auto socket = Socket::CreateSocket(nodes.Get(end), UdpSocketFactory::GetTypeId());
            socket->Bind(ipv6 ? Address(Inet6SocketAddress(Ipv6Address::GetAny(), PORT))
                              : Address(InetSocketAddress(Ipv4Address::GetAny(), PORT)));
            socket->SetRecvCallback(Callback<void, Ptr<Socket>>([this](Ptr<Socket> from) {
                while (const auto packet = from->Recv())
                {
                    uint32_t number = 0;
                    packet->CopyData(reinterpret_cast<uint8_t*>(&number), sizeof(number));
                    ++messages.at(number).received;
                    arrivals.push_back(Simulator::Now());
                }
            }));
            sockets.push_back(socket);
        }
    }

    void Send(uint32_t end, uint32_t size)
    {
        const uint32_t number = messages.size();
        messages.push_back({end, Simulator::Now()});
        std::vector<uint8_t> content(size);
        std::memcpy(content.data(), &number, sizeof(number));
        const Address& to = addresses[1 - end];
        sockets[end]->SendTo(Create<Packet>(content.data(), size),
                             0,
                             Ipv6Address::IsMatchingType(to)
                                 ? Address(Inet6SocketAddress(Ipv6Address::ConvertFrom(to), PORT))
                                 : Address(InetSocketAddress(Ipv4Address::ConvertFrom(to), PORT)));
    }

    uint32_t Count(uint32_t from, Time begin, Time end, bool received) const
    {
        uint32_t count = 0;
        for (const auto& message : messages)
        {
            count += message.from == from && message.sent >= begin && message.sent < end &&
                     (!received || message.received);
        }
        return count;
    }

    std::vector<Ptr<Socket>> sockets;
};

/// Let a message arrive at the nodes that addresses these network devices have.
inline void
AssignAddresses(SwitchWorld& world, const NetDeviceContainer& devices)
{
    Ipv4AddressHelper helper("10.1.1.0", "255.255.255.0");
    const auto interfaces = helper.Assign(devices);
    world.addresses[0] = interfaces.GetAddress(0);
    world.addresses[1] = interfaces.GetAddress(1);
    world.device = devices.Get(0);
}

/// \param rate attribute of the device or of the channel
template <typename Helper>
void
BuildWired(SwitchWorld& world, void (Helper::*set)(std::string, const AttributeValue&))
{
    world.nodes.Create(2);
    InternetStackHelper().Install(world.nodes);
    Helper helper;
    (helper.*set)("DataRate", StringValue("10Mbps"));
    AssignAddresses(world, helper.Install(world.nodes));
}

/// An IP interface on a bridge, which has no switch of its own.
inline void
BuildBridge(SwitchWorld& world)
{
    world.nodes.Create(2);
    InternetStackHelper().Install(world.nodes);
    const auto ports = CsmaHelper().Install(world.nodes);
    const auto bridge = BridgeHelper().Install(world.nodes.Get(0), ports.Get(0));
    AssignAddresses(world, NetDeviceContainer(bridge, ports.Get(1)));
}

inline void
PlaceInARow(const NodeContainer& nodes, double metres = 5)
{
    MobilityHelper mobility;
    mobility.SetPositionAllocator("ns3::GridPositionAllocator",
                                  "DeltaX",
                                  DoubleValue(metres),
                                  "GridWidth",
                                  UintegerValue(100));
    mobility.SetMobilityModel("ns3::ConstantPositionMobilityModel");
    mobility.Install(nodes);
}

/// \param macs type of each node's MAC
inline NetDeviceContainer
InstallWifi(const NodeContainer& nodes,
            const std::vector<std::string>& macs,
            WifiStandard standard,
            const YansWifiChannelHelper& channel = YansWifiChannelHelper::Default())
{
    YansWifiPhyHelper phy;
    phy.SetChannel(channel.Create());
    WifiHelper wifi;
    wifi.SetStandard(standard);
    NetDeviceContainer devices;
    for (uint32_t i = 0; i < macs.size(); ++i)
    {
        WifiMacHelper mac;
        mac.SetType(macs[i]);
        devices.Add(wifi.Install(phy, mac, nodes.Get(i)));
    }
    wifi.AssignStreams(devices, 1000);
    return devices;
}

inline void
BuildWifi(SwitchWorld& world, const std::vector<std::string>& macs, WifiStandard standard)
{
    world.nodes.Create(macs.size());
    PlaceInARow(world.nodes);
    InternetStackHelper().Install(world.nodes);
    AssignAddresses(world, InstallWifi(world.nodes, macs, standard));
    world.up = Seconds(1);
}

inline void
BuildMesh(SwitchWorld& world)
{
    world.nodes.Create(2);
    PlaceInARow(world.nodes);
    InternetStackHelper().Install(world.nodes);
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    MeshHelper mesh = MeshHelper::Default();
    mesh.SetStackInstaller("ns3::Dot11sStack");
    mesh.SetStandard(WIFI_STANDARD_80211a);
    AssignAddresses(world, mesh.Install(phy, world.nodes));
    world.up = Seconds(3);
    world.period = MilliSeconds(20);
}

inline void
BuildLrWpan(SwitchWorld& world)
{
    world.nodes.Create(2);
    PlaceInARow(world.nodes);
    InternetStackHelper().Install(world.nodes);
    const auto helper = std::make_shared<LrWpanHelper>();
    world.keep.push_back(helper);
    const auto radios = helper->Install(world.nodes);
    DDNN_CREATE_ASSOCIATED_PAN(*helper, radios, 1);
    const auto devices = SixLowPanHelper().Install(radios);
    Ipv6AddressHelper ipv6("2001:1::", 64);
    const auto interfaces = ipv6.Assign(devices);
    world.addresses[0] = interfaces.GetAddress(0, 1);
    world.addresses[1] = interfaces.GetAddress(1, 1);
    world.device = devices.Get(0);
    world.up = Seconds(3);
    world.period = MilliSeconds(50);
}

/// A device, and a host behind the core network.
/// \param switchCell whether the cell is to be switched instead of the device in it
inline void
BuildLte(SwitchWorld& world, bool switchCell)
{
    world.nodes.Create(2);
    const auto cell = CreateObject<Node>();
    PlaceInARow(NodeContainer(cell, world.nodes));
    InternetStackHelper().Install(world.nodes);
    const auto lte = CreateObject<LteHelper>();
    const auto core = CreateObject<PointToPointEpcHelper>();
    lte->SetEpcHelper(core);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    const auto ends = link.Install(world.nodes.Get(1), core->GetPgwNode());
    AssignAddresses(world, ends);
    world.addresses[1] = world.addresses[0];
    const auto cells = lte->InstallEnbDevice(cell);
    const auto devices = lte->InstallUeDevice(world.nodes.Get(0));
    world.addresses[0] = core->AssignUeIpv4Address(devices).GetAddress(0);
    Ipv4StaticRoutingHelper routing;
    routing.GetStaticRouting(world.nodes.Get(0)->GetObject<Ipv4>())
        ->SetDefaultRoute(core->GetUeDefaultGatewayAddress(), 1);
    routing.GetStaticRouting(world.nodes.Get(1)->GetObject<Ipv4>())->SetDefaultRoute("10.1.1.2", 1);
    lte->Attach(devices, cells.Get(0));
    world.device = switchCell ? cells.Get(0) : devices.Get(0);
    world.keep.push_back(std::make_shared<Ptr<Object>>(lte));
    world.keep.push_back(std::make_shared<Ptr<Object>>(core));
    world.up = Seconds(1);
}

const std::map<std::string, void (*)(SwitchWorld&)> SWITCH_WORLDS{
    {"PointToPoint",
     [](SwitchWorld& world) {
         BuildWired(world, &PointToPointHelper::SetDeviceAttribute);
     }},
    {"Csma",
     [](SwitchWorld& world) {
         BuildWired(world, &CsmaHelper::SetChannelAttribute);
     }},
    {"Simple",
     [](SwitchWorld& world) {
         BuildWired(world, &SimpleNetDeviceHelper::SetDeviceAttribute);
     }},
    {"Bridge", &BuildBridge},
    {"Station",
     [](SwitchWorld& world) {
         BuildWifi(world, {"ns3::StaWifiMac", "ns3::ApWifiMac"}, WIFI_STANDARD_80211n);
     }},
    {"AccessPoint",
     [](SwitchWorld& world) {
         BuildWifi(world, {"ns3::ApWifiMac", "ns3::StaWifiMac"}, WIFI_STANDARD_80211ac);
     }},
    {"AdHoc",
     [](SwitchWorld& world) {
         BuildWifi(world, {"ns3::AdhocWifiMac", "ns3::AdhocWifiMac"}, WIFI_STANDARD_80211a);
     }},
    {"AdHocAx",
     [](SwitchWorld& world) {
         BuildWifi(world, {"ns3::AdhocWifiMac", "ns3::AdhocWifiMac"}, WIFI_STANDARD_80211ax);
     }},
    {"Mesh", &BuildMesh},
    {"LrWpan", &BuildLrWpan},
    {"LteDevice",
     [](SwitchWorld& world) {
         BuildLte(world, false);
     }},
    {"LteCell",
     [](SwitchWorld& world) {
         BuildLte(world, true);
     }},
};

} // namespace ddnn::test

#endif // DDNN_SWITCH_WORLD_H
