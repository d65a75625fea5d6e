// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-compat.h"
#include "ns3/ddnn-loss-gate.h"

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
#include "ns3/simulator.h"
#include "ns3/sixlowpan-helper.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-helper.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>

using namespace ns3;

namespace
{

constexpr uint16_t PORT = 9;
constexpr uint32_t HOSTS = 3;

/// Packets that arrived, `[from][to]`.
using Counts = std::array<std::array<int, HOSTS>, HOSTS>;

/// Three hosts on some network.
class Hosts
{
  public:
    explicit Hosts(const std::string& kind)
        : m_hosts(HOSTS)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        MobilityHelper mobility;
        mobility.Install(m_hosts);
        kind == "star" ? MakeStar() : kind == "lte" ? MakeLte() : MakeSegment(kind);
        for (uint32_t i = 0; i < HOSTS; ++i)
        {
            auto socket = Socket::CreateSocket(m_hosts.Get(i), UdpSocketFactory::GetTypeId());
            socket->Bind(GetAddress(i, true));
            socket->SetRecvCallback(MakeCallback(&Hosts::Receive, this));
            m_sockets.push_back(socket);
            DdnnLossGate::Get(m_hosts.Get(i))
                ->TraceConnectWithoutContext("Drop", MakeCallback(&Hosts::CountDrop, this));
        }
    }

    ~Hosts()
    {
        Simulator::Destroy();
    }

    Hosts(const Hosts&) = delete;
    Hosts& operator=(const Hosts&) = delete;

    /// \return of a host, what a fault would call its link
    NetDeviceContainer GetLink(uint32_t host) const
    {
        return m_links.at(host);
    }

    /// Let each host send so many packets to each other one, and count those that arrive.
    Counts Exchange(int packets)
    {
        m_counts = Counts();
        m_drops = 0;
        for (int i = 0; i < packets; ++i)
        {
            for (uint32_t pair = 0; pair < HOSTS * HOSTS; ++pair)
            {
                const uint32_t from = pair / HOSTS;
                const uint32_t to = pair % HOSTS;
                if (from != to)
                {
                    Simulator::Schedule(m_step * (i * HOSTS * HOSTS + pair),
                                        &Hosts::Send,
                                        this,
                                        from,
                                        to);
                }
            }
        }
        Simulator::Stop(m_step * (packets * HOSTS * HOSTS) + Seconds(5));
        Simulator::Run();
        return m_counts;
    }

    int GetDrops() const
    {
        return m_drops;
    }

  private:
    void MakeStar()
    {
        NodeContainer router(1);
        InternetStackHelper stack;
        stack.Install(m_hosts);
        stack.Install(router);
        Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
        for (uint32_t i = 0; i < HOSTS; ++i)
        {
            PointToPointHelper helper;
            const NetDeviceContainer ends = helper.Install(m_hosts.Get(i), router.Get(0));
            m_links.push_back(ends);
            m_devices.Add(ends.Get(0));
            const auto interfaces = addresses.Assign(ends);
            Ipv4StaticRoutingHelper()
                .GetStaticRouting(m_hosts.Get(i)->GetObject<Ipv4>())
                ->SetDefaultRoute(interfaces.GetAddress(1), 1);
            addresses.NewNetwork();
        }
    }

    /// Two LTE devices and, behind the packet gateway, a host.
    void MakeLte()
    {
        m_epc = CreateObject<PointToPointEpcHelper>();
        m_lte = CreateObject<LteHelper>();
        m_lte->SetEpcHelper(m_epc);
        NodeContainer ues(m_hosts.Get(0), m_hosts.Get(1));
        NodeContainer enb(1);
        MobilityHelper().Install(enb);
        InternetStackHelper().Install(m_hosts);
        const NetDeviceContainer station = m_lte->InstallEnbDevice(enb);
        m_devices = m_lte->InstallUeDevice(ues);
        m_epc->AssignUeIpv4Address(m_devices);
        m_lte->Attach(m_devices, station.Get(0));
        const NetDeviceContainer ends =
            PointToPointHelper().Install(m_hosts.Get(2), m_epc->GetPgwNode());
        const auto interfaces = Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(ends);
        m_devices.Add(ends.Get(0));
        for (uint32_t i = 0; i < HOSTS; ++i)
        {
            m_links.emplace_back(m_devices.Get(i));
            Ipv4StaticRoutingHelper()
                .GetStaticRouting(m_hosts.Get(i)->GetObject<Ipv4>())
                ->SetDefaultRoute(i < 2 ? m_epc->GetUeDefaultGatewayAddress()
                                        : interfaces.GetAddress(1),
                                  1);
        }
    }

    void MakeSegment(const std::string& kind)
    {
        m_ipv6 = kind == "lrwpan" || kind == "csma6";
        InternetStackHelper stack;
        stack.Install(m_hosts);
        NetDeviceContainer links;
        if (kind == "csma" || kind == "csma6")
        {
            links = m_devices = CsmaHelper().Install(m_hosts);
        }
        else if (kind == "switch")
        {
            MakeSwitch();
            links = m_devices;
        }
        else if (kind == "lrwpan")
        {
            m_lrWpan = std::make_unique<LrWpanHelper>();
            links = m_lrWpan->Install(m_hosts);
            DDNN_CREATE_ASSOCIATED_PAN(*m_lrWpan, links, 1);
            m_devices = SixLowPanHelper().Install(links);
            m_step = MilliSeconds(50);
        }
        else
        {
            links = m_devices = MakeRadios(kind);
        }
        for (uint32_t i = 0; i < HOSTS; ++i)
        {
            m_links.emplace_back(links.Get(i));
        }
        if (m_ipv6)
        {
            Ipv6AddressHelper addresses;
            addresses.SetBase(Ipv6Address("2001:1::"), Ipv6Prefix(64));
            addresses.Assign(m_devices);
        }
        else
        {
            Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(m_devices);
        }
    }

    /// A cable from each host to an Ethernet switch.
    void MakeSwitch()
    {
        NodeContainer node(1);
        NetDeviceContainer ports;
        for (uint32_t i = 0; i < HOSTS; ++i)
        {
            const NetDeviceContainer ends =
                CsmaHelper().Install(NodeContainer(m_hosts.Get(i), node.Get(0)));
            m_devices.Add(ends.Get(0));
            ports.Add(ends.Get(1));
        }
        BridgeHelper().Install(node.Get(0), ports);
    }

    NetDeviceContainer MakeRadios(const std::string& kind)
    {
        YansWifiPhyHelper phy;
        phy.SetChannel(YansWifiChannelHelper::Default().Create());
        if (kind == "mesh")
        {
            MeshHelper mesh = MeshHelper::Default();
            mesh.SetStackInstaller("ns3::Dot11sStack");
            return mesh.Install(phy, m_hosts);
        }
        WifiHelper wifi;
        WifiMacHelper mac;
        mac.SetType("ns3::AdhocWifiMac");
        if (kind == "adhoc")
        {
            return wifi.Install(phy, mac, m_hosts);
        }
        // kind is cell: two stations, which hear each other by way of the access point
        mac.SetType("ns3::ApWifiMac");
        NetDeviceContainer point = wifi.Install(phy, mac, m_hosts.Get(2));
        mac.SetType("ns3::StaWifiMac");
        NetDeviceContainer all =
            wifi.Install(phy, mac, NodeContainer(m_hosts.Get(0), m_hosts.Get(1)));
        all.Add(point);
        return all;
    }

    Address GetAddress(uint32_t host, bool any = false) const
    {
        const Ptr<NetDevice> device = m_devices.Get(host);
        if (m_ipv6)
        {
            const auto ip = m_hosts.Get(host)->GetObject<Ipv6>();
            const auto address = ip->GetAddress(ip->GetInterfaceForDevice(device), 1).GetAddress();
            return Inet6SocketAddress(any ? Ipv6Address::GetAny() : address, PORT);
        }
        const auto ip = m_hosts.Get(host)->GetObject<Ipv4>();
        const auto address = ip->GetAddress(ip->GetInterfaceForDevice(device), 0).GetLocal();
        return InetSocketAddress(any ? Ipv4Address::GetAny() : address, PORT);
    }

    void Send(uint32_t from, uint32_t to)
    {
        const std::array<uint8_t, 2> content{static_cast<uint8_t>(from), static_cast<uint8_t>(to)};
        m_sockets[from]->SendTo(content.data(), content.size(), 0, GetAddress(to));
    }

    void Receive(Ptr<Socket> socket)
    {
        while (const auto packet = socket->Recv())
        {
            std::array<uint8_t, 2> content{};
            packet->CopyData(content.data(), content.size());
            ++m_counts.at(content[0]).at(content[1]);
        }
    }

    void CountDrop(Ptr<const Packet>, Ptr<NetDevice>)
    {
        ++m_drops;
    }

    NodeContainer m_hosts;
    NetDeviceContainer m_devices; ///< `[host]`, the one with IP
    std::vector<NetDeviceContainer> m_links;
    bool m_ipv6{false};
    Time m_step{MilliSeconds(10)};
    std::vector<Ptr<Socket>> m_sockets;
    std::unique_ptr<LrWpanHelper> m_lrWpan;
    Ptr<PointToPointEpcHelper> m_epc;
    Ptr<LteHelper> m_lte;
    Counts m_counts{};
    int m_drops{0};
};

class LossGate : public testing::TestWithParam<const char*>
{
};

} // namespace

TEST_P(LossGate, LosesWhatTheLinkCarriesInBothDirectionsAndNothingElse)
{
    constexpr int PACKETS = 20;
    Hosts hosts(GetParam());
    hosts.Exchange(PACKETS); // associations, paths, address resolution
    const Counts all{{{0, PACKETS, PACKETS}, {PACKETS, 0, PACKETS}, {PACKETS, PACKETS, 0}}};
    ASSERT_EQ(hosts.Exchange(PACKETS), all);
    const auto loss = DdnnLinkLoss::Get(hosts.GetLink(0));
    loss->SetRate(1);
    EXPECT_EQ(hosts.Exchange(PACKETS), (Counts{{{0, 0, 0}, {0, 0, PACKETS}, {0, PACKETS, 0}}}));
    loss->SetRate(0);
    EXPECT_EQ(hosts.Exchange(PACKETS), all);
    EXPECT_EQ(hosts.GetDrops(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    LossGate,
    testing::Values("star", "csma", "csma6", "switch", "adhoc", "cell", "mesh", "lrwpan", "lte"),
    [](const auto& test) {
        return std::string(test.param);
    });

TEST(LossRate, EachPacketIsJudgedOncePerLink)
{
    constexpr int PACKETS = 2000;
    Hosts hosts("csma");
    hosts.Exchange(2);
    const auto first = DdnnLinkLoss::Get(hosts.GetLink(0));
    const auto second = DdnnLinkLoss::Get(hosts.GetLink(1));
    const auto both = DdnnLinkLoss::Get(NetDeviceContainer(hosts.GetLink(1), hosts.GetLink(2)));
    const auto expect = [&](double firstToSecond, double firstToThird, double secondToThird) {
        const Counts counts = hosts.Exchange(PACKETS);
        int arrived = 0;
        const auto expectRate = [&](uint32_t a, uint32_t b, double rate) {
            for (const int count : {counts[a][b], counts[b][a]})
            {
                EXPECT_NEAR(count,
                            PACKETS * (1 - rate),
                            4 * std::sqrt(PACKETS * rate * (1 - rate)));
                arrived += count;
            }
        };
        expectRate(0, 1, firstToSecond);
        expectRate(0, 2, firstToThird);
        expectRate(1, 2, secondToThird);
        EXPECT_EQ(arrived + hosts.GetDrops(), 6 * PACKETS);
    };
    first->SetRate(0.3);
    expect(0.3, 0.3, 0);
    second->SetRate(0.5);
    expect(1 - 0.7 * 0.5, 0.3, 0.5);
    first->SetRate(0);
    second->SetRate(0);
    both->SetRate(0.4); // a link of two net devices is one link
    expect(0.4, 0.4, 0.4);
}

TEST(LossRate, StreamsAreFixed)
{
    std::vector<Counts> counts;
    for (const int64_t stream : {7, 7, 8})
    {
        Hosts hosts("star");
        const auto loss = DdnnLinkLoss::Get(hosts.GetLink(0));
        EXPECT_EQ(loss->AssignStreams(stream), 1);
        EXPECT_EQ(loss->AssignStreams(99), 0); // the first call counts
        EXPECT_EQ(DdnnLinkLoss::Get(hosts.GetLink(0)), loss);
        loss->SetRate(0.5);
        counts.push_back(hosts.Exchange(100));
    }
    EXPECT_EQ(counts[0], counts[1]);
    EXPECT_NE(counts[0], counts[2]);
}
