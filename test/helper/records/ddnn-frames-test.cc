// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-frames.h"

#include "ns3/boolean.h"
#include "ns3/csma-helper.h"
#include "ns3/ddnn-compat.h"
#include "ns3/ddnn-switch.h"
#include "ns3/error-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/lr-wpan-helper.h"
#include "ns3/lr-wpan-net-device.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-helper.h"
#include "ns3/lte-ue-net-device.h"
#include "ns3/mesh-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/node-container.h"
#include "ns3/olsr-helper.h"
#include "ns3/pcap-file.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simple-net-device-helper.h"
#include "ns3/simulator.h"
#include "ns3/sixlowpan-helper.h"
#include "ns3/string.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-helper.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-psdu.h"
#include "ns3/yans-wifi-helper.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint16_t PORT = 9177; // of the site with the number 5

/// Frames and their bytes, by kind.
struct Seen
{
    std::map<DdnnFrameKind, std::pair<uint64_t, uint64_t>> kinds;

    uint64_t GetFrames(DdnnFrameKind kind)
    {
        return kinds[kind].first;
    }

    uint64_t GetBytes(DdnnFrameKind kind)
    {
        return kinds[kind].second;
    }

    uint64_t GetBytes()
    {
        uint64_t bytes = 0;
        for (const auto& [kind, total] : kinds)
        {
            bytes += total.second;
        }
        return bytes;
    }
};

class Frames : public testing::Test
{
  protected:
    Frames()
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
    }

    ~Frames() override
    {
        Simulator::Destroy();
    }

    /// Observe a net device.
    static bool Observe(Ptr<NetDevice> device, Seen& seen)
    {
        return TraceDdnnFrames(device, [&seen](const DdnnFrame& frame) {
            DdnnMessageTag tag;
            uint16_t site = 0;
            const DdnnFrameKind kind = ClassifyDdnnFrame(frame, {{PORT, 5}}, tag, site);
            ++seen.kinds[kind].first;
            seen.kinds[kind].second += frame.bytes;
            if (kind == DdnnFrameKind::MESSAGE || kind == DdnnFrameKind::TRANSPORT)
            {
                EXPECT_EQ(site, 5);
            }
            EXPECT_EQ(tag.name.header.sample, kind == DdnnFrameKind::MESSAGE ? 7U : 0U);
        });
    }

    /// A message as an endpoint sends it.
    static Ptr<Packet> MakeMessage(uint32_t payload)
    {
        DdnnMessageName name{5, {}, 0};
        name.header.sample = 7;
        const auto packet = Create<Packet>(payload);
        packet->AddHeader(name.header);
        packet->AddByteTag(DdnnMessageTag(name, DdnnLatency()));
        return packet;
    }

    Ptr<Socket> OpenUdp(Ptr<Node> node, uint16_t port, bool ipv6 = false)
    {
        const auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
        socket->Bind(ipv6 ? Address(Inet6SocketAddress(Ipv6Address::GetAny(), port))
                          : Address(InetSocketAddress(Ipv4Address::GetAny(), port)));
        m_sockets.push_back(socket);
        return socket;
    }

    /// Send datagrams every 10 ms: a message, and a user's own packet of the same size.
    void SendDatagrams(Ptr<Node> from, Ptr<Node> to, const Address& host, int number, double start)
    {
        const bool ipv6 = Ipv6Address::IsMatchingType(host);
        const auto make = [&](uint16_t port) {
            return ipv6 ? Address(Inet6SocketAddress(Ipv6Address::ConvertFrom(host), port))
                        : Address(InetSocketAddress(Ipv4Address::ConvertFrom(host), port));
        };
        OpenUdp(to, PORT, ipv6);
        OpenUdp(to, 5000, ipv6);
        const auto socket = OpenUdp(from, PORT, ipv6);
        for (int i = 0; i < number; ++i)
        {
            Simulator::Schedule(Seconds(start + 0.01 * i), [socket, to = make(PORT)] {
                socket->SendTo(MakeMessage(90), 0, to);
            });
            Simulator::Schedule(Seconds(start + 0.005 + 0.01 * i), [socket, to = make(5000)] {
                socket->SendTo(Create<Packet>(100), 0, to);
            });
        }
    }

    /// Nodes 10 m apart in a row.
    static void Place(const NodeContainer& nodes, double distance = 10)
    {
        MobilityHelper mobility;
        mobility.SetPositionAllocator("ns3::GridPositionAllocator",
                                      "DeltaX",
                                      DoubleValue(distance),
                                      "GridWidth",
                                      UintegerValue(100));
        mobility.Install(nodes);
    }

    /// \return bytes of all frames in a file that ns-3 has written
    static uint64_t CountPcap(const std::string& name)
    {
        PcapFile file;
        file.Open(name, std::ios::in);
        uint64_t bytes = 0;
        while (true)
        {
            uint32_t seconds = 0;
            uint32_t microseconds = 0;
            uint32_t included = 0;
            uint32_t length = 0;
            uint32_t read = 0;
            std::array<uint8_t, 1> data{};
            file.Read(data.data(), data.size(), seconds, microseconds, included, length, read);
            if (file.Fail() || file.Eof())
            {
                return bytes;
            }
            bytes += length;
        }
    }

    /// \return name for a file that exists no longer after the test
    std::string MakePcapName() const
    {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        return (std::filesystem::temp_directory_path() /
                (std::string("ddnn-frames-") + test->name() + "-" + std::to_string(getpid())))
                   .string() +
               ".pcap";
    }

    /// What one of two devices transmits and receives, and has written to a file, is what both
    /// transmit.
    void ExpectAsInPcap(const std::string& name, Seen& a, Seen& b)
    {
        m_sockets.clear();
        Simulator::Destroy(); // closes the file
        EXPECT_GT(a.GetBytes(), 0U);
        EXPECT_EQ(a.GetBytes() + b.GetBytes(), CountPcap(name));
        std::filesystem::remove(name);
    }

    std::vector<Ptr<Socket>> m_sockets;
};

} // namespace

TEST_F(Frames, OfPointToPointDevicesAreIpAndTwoBytesOfPpp)
{
    Seen a;
    Seen b;
    const std::string pcap = MakePcapName();
    { // the file is open as long as a net device exists
        NodeContainer nodes(2);
        PointToPointHelper link;
        const auto devices = link.Install(nodes);
        InternetStackHelper().Install(nodes);
        Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
        const auto interfaces = addresses.Assign(devices);
        EXPECT_TRUE(Observe(devices.Get(0), a));
        EXPECT_TRUE(Observe(devices.Get(1), b));
        SendDatagrams(nodes.Get(0), nodes.Get(1), interfaces.GetAddress(1), 10, 1);
        link.EnablePcap(pcap, devices.Get(0), false, true);
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        EXPECT_EQ(a.GetFrames(DdnnFrameKind::MESSAGE), 10U);
        EXPECT_EQ(a.GetBytes(DdnnFrameKind::MESSAGE), 10U * (100 + 8 + 20 + 2));
        EXPECT_EQ(a.GetFrames(DdnnFrameKind::OTHER), 10U);
        EXPECT_EQ(b.GetBytes(), 0U);
    }
    ExpectAsInPcap(pcap, a, b);
}

TEST_F(Frames, OfCsmaDevicesAreAsInAPcapFile)
{
    Seen a;
    Seen b;
    const std::string pcap = MakePcapName();
    { // the file is open as long as a net device exists
        NodeContainer nodes(2);
        CsmaHelper csma;
        csma.SetChannelAttribute("DataRate", StringValue("10Mbps"));
        const auto devices = csma.Install(nodes);
        InternetStackHelper().Install(nodes);
        Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
        const auto interfaces = addresses.Assign(devices);
        EXPECT_TRUE(Observe(devices.Get(0), a));
        EXPECT_TRUE(Observe(devices.Get(1), b));
        SendDatagrams(nodes.Get(0), nodes.Get(1), interfaces.GetAddress(1), 10, 1);
        csma.EnablePcap(pcap, devices.Get(0), false, true);
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        EXPECT_EQ(a.GetFrames(DdnnFrameKind::MESSAGE), 10U);
        EXPECT_EQ(a.GetBytes(DdnnFrameKind::MESSAGE), 10U * (100 + 8 + 20 + 18));
        EXPECT_EQ(a.GetFrames(DdnnFrameKind::OTHER), 10U);
        EXPECT_EQ(a.GetFrames(DdnnFrameKind::CONTROL), 1U); // ARP
        EXPECT_EQ(b.GetFrames(DdnnFrameKind::CONTROL), 1U);
    }
    ExpectAsInPcap(pcap, a, b);
}

TEST_F(Frames, OfWifiAreAsInAPcapFileWithAcknowledgementsAndBeacons)
{
    Seen a;
    Seen b;
    const std::string pcap = MakePcapName();
    { // the file is open as long as a net device exists
        NodeContainer nodes(2);
        Place(nodes);
        WifiHelper wifi;
        wifi.SetStandard(WIFI_STANDARD_80211g);
        YansWifiPhyHelper phy;
        phy.SetChannel(YansWifiChannelHelper::Default().Create());
        WifiMacHelper mac;
        mac.SetType("ns3::StaWifiMac");
        NetDeviceContainer devices = wifi.Install(phy, mac, nodes.Get(0));
        mac.SetType("ns3::ApWifiMac");
        devices.Add(wifi.Install(phy, mac, nodes.Get(1)));
        InternetStackHelper().Install(nodes);
        Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
        const auto interfaces = addresses.Assign(devices);
        EXPECT_TRUE(Observe(devices.Get(0), a));
        EXPECT_TRUE(Observe(devices.Get(1), b));
        SendDatagrams(nodes.Get(0), nodes.Get(1), interfaces.GetAddress(1), 10, 1);
        phy.EnablePcap(pcap, devices.Get(0), false, true);
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        EXPECT_EQ(a.GetFrames(DdnnFrameKind::MESSAGE), 10U);
        EXPECT_EQ(a.GetBytes(DdnnFrameKind::MESSAGE), 10U * (100 + 8 + 20 + 8 + 24 + 4));
        EXPECT_EQ(a.GetFrames(DdnnFrameKind::OTHER), 10U);
        EXPECT_EQ(b.GetBytes(DdnnFrameKind::MESSAGE), 0U);
        EXPECT_GT(b.GetFrames(DdnnFrameKind::CONTROL), 20U + 25U); // acknowledgements and beacons
    }
    ExpectAsInPcap(pcap, a, b);
}

TEST_F(Frames, OfAggregatedWifiAddUpToThePhysicalLayersUnits)
{
    NodeContainer nodes(2);
    Place(nodes);
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211n);
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac");
    const auto devices = wifi.Install(phy, mac, nodes);
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    const auto interfaces = addresses.Assign(devices);
    Seen a;
    Observe(devices.Get(0), a);
    OpenUdp(nodes.Get(1), PORT);
    const auto socket = OpenUdp(nodes.Get(0), PORT);
    const auto send = [&](int number) {
        for (int i = 0; i < number; ++i)
        {
            socket->SendTo(MakeMessage(90), 0, InetSocketAddress(interfaces.GetAddress(1), PORT));
        }
    };
    Simulator::Schedule(Seconds(1), [&] {
        send(1);
    }); // ARP
    Simulator::Schedule(Seconds(2), [&] {
        send(30);
    });
    uint64_t bytes = 0;
    uint64_t aggregates = 0;
    DynamicCast<WifiNetDevice>(devices.Get(0))
        ->GetPhy()
        ->TraceConnectWithoutContext(
            "PhyTxPsduBegin",
            Callback<void, WifiConstPsduMap, WifiTxVector, double>(
                [&](const WifiConstPsduMap& psdus, const WifiTxVector&, double) {
                    bytes += psdus.begin()->second->GetSize();
                    aggregates += psdus.begin()->second->GetNMpdus() > 1 ? 1 : 0;
                }));
    Simulator::Stop(Seconds(3));
    Simulator::Run();
    EXPECT_GT(aggregates, 0U);
    EXPECT_EQ(a.GetFrames(DdnnFrameKind::MESSAGE), 31U);
    EXPECT_EQ(a.GetBytes(), bytes);
}

TEST_F(Frames, OfLrWpanTakeAsLongAsTheirBytesAlsoBelowSixLowPan)
{
    NodeContainer nodes(2);
    Place(nodes);
    LrWpanHelper lrWpan;
    const auto radios = lrWpan.Install(nodes);
    DDNN_CREATE_ASSOCIATED_PAN(lrWpan, radios, 0);
    SixLowPanHelper sixLowPan;
    const auto devices = sixLowPan.Install(radios);
    InternetStackHelper().Install(nodes);
    Ipv6AddressHelper addresses("2001:1::", 64);
    const auto interfaces = addresses.Assign(devices);
    Seen a;
    Seen b;
    EXPECT_TRUE(Observe(devices.Get(0), a));
    EXPECT_TRUE(Observe(radios.Get(1), b));
    SendDatagrams(nodes.Get(0), nodes.Get(1), interfaces.GetAddress(1, 1), 10, 5);
    Time begin;
    Time busy;
    uint64_t frames = 0;
    const auto phy = DynamicCast<lrwpan::LrWpanNetDevice>(radios.Get(0))->GetPhy();
    phy->TraceConnectWithoutContext("PhyTxBegin",
                                    Callback<void, Ptr<const Packet>>([&](Ptr<const Packet>) {
                                        begin = Simulator::Now();
                                    }));
    phy->TraceConnectWithoutContext("PhyTxEnd",
                                    Callback<void, Ptr<const Packet>>([&](Ptr<const Packet>) {
                                        busy += Simulator::Now() - begin;
                                        ++frames;
                                    }));
    Simulator::Stop(Seconds(8));
    Simulator::Run();
    // ten datagrams in two fragments each, of which the busy channel may cost some
    EXPECT_GT(a.GetFrames(DdnnFrameKind::MESSAGE), 10U);
    EXPECT_GT(a.GetFrames(DdnnFrameKind::OTHER), 10U);
    EXPECT_GT(b.GetFrames(DdnnFrameKind::CONTROL), 10U); // acknowledgements, neighbour discovery
    EXPECT_EQ(b.GetFrames(DdnnFrameKind::MESSAGE), 0U);
    // 250 kbit/s; preamble, start of frame and length are six bytes
    EXPECT_NEAR(busy.GetMicroSeconds(), 32 * (a.GetBytes() + 6 * frames), 1);
}

TEST_F(Frames, OfAMeshPointAreThoseOfItsInterfacesWithPeeringAndPaths)
{
    NodeContainer nodes(3);
    Place(nodes, 40);
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    MeshHelper mesh = MeshHelper::Default();
    mesh.SetStackInstaller("ns3::Dot11sStack");
    mesh.SetMacType("RandomStart", TimeValue(Seconds(0.1)));
    mesh.SetNumberOfInterfaces(1);
    mesh.SetStandard(WIFI_STANDARD_80211a);
    const auto devices = mesh.Install(phy, nodes);
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    const auto interfaces = addresses.Assign(devices);
    Seen first;
    Seen middle;
    EXPECT_TRUE(Observe(devices.Get(0), first));
    EXPECT_TRUE(Observe(devices.Get(1), middle));
    uint64_t bytes = 0; // what the sniffer of the interface sees
    for (uint32_t i = 0; i < nodes.Get(1)->GetNDevices(); ++i)
    {
        if (const auto wifi = DynamicCast<WifiNetDevice>(nodes.Get(1)->GetDevice(i)))
        {
            wifi->GetPhy()->TraceConnectWithoutContext(
                "PhyTxPsduBegin",
                Callback<void, WifiConstPsduMap, WifiTxVector, double>(
                    [&](const WifiConstPsduMap& psdus, const WifiTxVector&, double) {
                        bytes += psdus.begin()->second->GetSize();
                    }));
        }
    }
    SendDatagrams(nodes.Get(0), nodes.Get(2), interfaces.GetAddress(2), 10, 10);
    Simulator::Stop(Seconds(15));
    Simulator::Run();
    EXPECT_EQ(middle.GetBytes(), bytes);
    EXPECT_GE(first.GetFrames(DdnnFrameKind::MESSAGE), 10U);
    EXPECT_GE(middle.GetFrames(DdnnFrameKind::MESSAGE), 10U); // it forwards them
    EXPECT_GE(middle.GetFrames(DdnnFrameKind::OTHER), 10U);
    EXPECT_GT(middle.GetFrames(DdnnFrameKind::CONTROL), 20U);
}

TEST_F(Frames, OfLteAreTransportBlocksWithTheirMessages)
{
    const auto lte = CreateObject<LteHelper>();
    const auto core = CreateObject<PointToPointEpcHelper>();
    lte->SetEpcHelper(core);
    NodeContainer enb(1);
    NodeContainer ue(1);
    Place(NodeContainer(enb, ue));
    InternetStackHelper().Install(ue);
    const auto enbs = lte->InstallEnbDevice(enb);
    const auto ues = lte->InstallUeDevice(ue);
    const auto addresses = core->AssignUeIpv4Address(ues);
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(ue.Get(0)->GetObject<Ipv4>())
        ->SetDefaultRoute(core->GetUeDefaultGatewayAddress(), 1);
    lte->Attach(ues, enbs.Get(0));
    NodeContainer host(1);
    InternetStackHelper().Install(host);
    PointToPointHelper link;
    const auto ends = link.Install(core->GetPgwNode(), host.Get(0));
    Ipv4AddressHelper linkAddresses("1.0.0.0", "255.255.255.0");
    const auto interfaces = linkAddresses.Assign(ends);
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(host.Get(0)->GetObject<Ipv4>())
        ->AddNetworkRouteTo("7.0.0.0", "255.0.0.0", interfaces.GetAddress(0), 1);
    Seen up;
    Seen down;
    Seen wire;
    EXPECT_TRUE(Observe(ues.Get(0), up));
    EXPECT_TRUE(Observe(enbs.Get(0), down));
    EXPECT_TRUE(Observe(ends.Get(0), wire));
    SendDatagrams(ue.Get(0), host.Get(0), interfaces.GetAddress(1), 10, 1);
    SendDatagrams(host.Get(0), ue.Get(0), addresses.GetAddress(0), 10, 2);
    uint64_t upBlocks = 0;
    uint64_t downBlocks = 0;
    const auto count = [](uint64_t& sum) {
        return Callback<void, PhyTransmissionStatParameters>(
            [&sum](const PhyTransmissionStatParameters& block) {
                sum += block.m_size;
            });
    };
    DynamicCast<LteUeNetDevice>(ues.Get(0))
        ->GetPhy()
        ->TraceConnectWithoutContext("UlPhyTransmission", count(upBlocks));
    DynamicCast<LteEnbNetDevice>(enbs.Get(0))
        ->GetPhy()
        ->TraceConnectWithoutContext("DlPhyTransmission", count(downBlocks));
    Simulator::Stop(Seconds(3));
    Simulator::Run();
    EXPECT_EQ(wire.GetFrames(DdnnFrameKind::MESSAGE), 10U);
    EXPECT_EQ(down.GetBytes(), downBlocks);
    EXPECT_EQ(down.GetFrames(DdnnFrameKind::MESSAGE), 10U);
    EXPECT_EQ(down.GetFrames(DdnnFrameKind::OTHER), 10U);
    EXPECT_LE(up.GetBytes(), upBlocks); // a grant may come too late, with nothing left to send
    EXPECT_GT(up.GetBytes(), 0.9 * upBlocks);
    EXPECT_EQ(up.GetFrames(DdnnFrameKind::MESSAGE), 10U);
}

TEST_F(Frames, OfOtherDevicesAreThePacketsOfIp)
{
    NodeContainer nodes(2);
    SimpleNetDeviceHelper simple;
    const auto devices = simple.Install(nodes);
    Seen a;
    EXPECT_FALSE(Observe(devices.Get(0), a)); // before there is IP
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    const auto interfaces = addresses.Assign(devices);
    SendDatagrams(nodes.Get(0), nodes.Get(1), interfaces.GetAddress(1), 10, 1);
    Simulator::Stop(Seconds(3));
    Simulator::Run();
    EXPECT_EQ(a.GetBytes(DdnnFrameKind::MESSAGE), 10U * (100 + 8 + 20));
    EXPECT_EQ(a.GetBytes(DdnnFrameKind::OTHER), 10U * (100 + 8 + 20));
}

TEST_F(Frames, OfADeviceThatIsOffAreNotCounted)
{
    NodeContainer nodes(2);
    const auto devices = CsmaHelper().Install(nodes);
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    const auto interfaces = addresses.Assign(devices);
    Seen a;
    Observe(devices.Get(0), a);
    SendDatagrams(nodes.Get(0), nodes.Get(1), interfaces.GetAddress(1), 10, 1);
    Simulator::Schedule(Seconds(1.048), [&devices] {
        DdnnNetDeviceSwitch::Get(devices.Get(0))->SetOff(DdnnOffCause::FAULT, true);
    });
    Simulator::Stop(Seconds(3));
    Simulator::Run();
    EXPECT_EQ(a.GetFrames(DdnnFrameKind::MESSAGE), 5U);
}

TEST_F(Frames, OfTcpAreOfTheSiteWhosePortTheyHave)
{
    NodeContainer nodes(2);
    const auto devices = PointToPointHelper().Install(nodes);
    InternetStackHelper().Install(nodes);
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    const auto interfaces = addresses.Assign(devices);
    Seen a;
    Seen b;
    Observe(devices.Get(0), a);
    Observe(devices.Get(1), b);
    const auto tcp = TcpSocketFactory::GetTypeId();
    for (const uint16_t port : {PORT, uint16_t{5000}})
    {
        const auto server = Socket::CreateSocket(nodes.Get(1), tcp);
        server->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
        server->Listen();
        const auto client = Socket::CreateSocket(nodes.Get(0), tcp);
        client->Bind();
        Simulator::Schedule(Seconds(0.5), [client, to = interfaces.GetAddress(1), port] {
            client->Connect(InetSocketAddress(to, port));
        });
        Simulator::Schedule(Seconds(1), [client, port] {
            client->Send(port == PORT ? MakeMessage(90) : Create<Packet>(100));
        });
        m_sockets.insert(m_sockets.end(), {server, client});
    }
    Simulator::Stop(Seconds(3));
    Simulator::Run();
    EXPECT_EQ(a.GetFrames(DdnnFrameKind::MESSAGE), 1U);
    EXPECT_EQ(a.GetFrames(DdnnFrameKind::TRANSPORT), 2U); // synchronise, acknowledge
    EXPECT_EQ(b.GetFrames(DdnnFrameKind::TRANSPORT), 2U); // both at once; acknowledge
    EXPECT_EQ(a.GetFrames(DdnnFrameKind::OTHER), 3U);
    EXPECT_EQ(b.GetFrames(DdnnFrameKind::OTHER), 2U);
}

TEST_F(Frames, OfRoutingAndIcmpAreControl)
{
    NodeContainer nodes(2);
    const auto devices = PointToPointHelper().Install(nodes);
    OlsrHelper olsr;
    InternetStackHelper stack;
    stack.SetRoutingHelper(olsr);
    stack.Install(nodes);
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    const auto interfaces = addresses.Assign(devices);
    Seen a;
    Seen b;
    Observe(devices.Get(0), a);
    Observe(devices.Get(1), b);
    const auto socket = OpenUdp(nodes.Get(0), 4000);
    Simulator::Schedule(Seconds(5), [&] { // nobody listens: ICMP says so
        socket->SendTo(Create<Packet>(100), 0, InetSocketAddress(interfaces.GetAddress(1), 4001));
    });
    Simulator::Stop(Seconds(10));
    Simulator::Run();
    EXPECT_GT(a.GetFrames(DdnnFrameKind::CONTROL), 4U);
    EXPECT_EQ(a.GetFrames(DdnnFrameKind::OTHER), 1U);
    EXPECT_EQ(b.GetFrames(DdnnFrameKind::OTHER), 0U);
}

TEST_F(Frames, OfFragmentsAreAllOfTheirMessage)
{
    NodeContainer nodes(2);
    CsmaHelper csma;
    csma.SetDeviceAttribute("Mtu", UintegerValue(1280));
    const auto devices = csma.Install(nodes);
    InternetStackHelper().Install(nodes);
    Ipv6AddressHelper addresses("2001:1::", 64);
    const auto interfaces = addresses.Assign(devices);
    Seen a;
    Observe(devices.Get(0), a);
    OpenUdp(nodes.Get(1), PORT, true);
    const auto socket = OpenUdp(nodes.Get(0), PORT, true);
    Simulator::Schedule(Seconds(5), [&] {
        socket->SendTo(MakeMessage(2990), 0, Inet6SocketAddress(interfaces.GetAddress(1, 1), PORT));
    });
    Simulator::Stop(Seconds(8));
    Simulator::Run();
    // 1232 bytes fit into a fragment; each has headers of Ethernet, IPv6 and fragmentation
    EXPECT_EQ(a.GetFrames(DdnnFrameKind::MESSAGE), 3U);
    EXPECT_EQ(a.GetBytes(DdnnFrameKind::MESSAGE), 3000U + 8 + 3 * (18 + 40 + 8));
    EXPECT_EQ(a.GetFrames(DdnnFrameKind::OTHER), 0U);
}
