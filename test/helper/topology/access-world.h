// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ACCESS_WORLD_H
#define DDNN_ACCESS_WORLD_H

#include "test/support/simulate.h"

#include "ns3/data-rate.h"
#include "ns3/ddnn-frames.h"
#include "ns3/ddnn-switch.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/packet-sink.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/udp-socket-factory.h"

#include <map>
#include <utility>
#include <vector>

// What the tests of access networks share: one of them, with a server behind its gateway, and plain
// sockets.
namespace ddnn::test
{

/// Bytes that tell a message from all others.
inline std::vector<uint8_t>
MakeContent(uint32_t sender, uint32_t size)
{
    std::vector<uint8_t> content(size);
    for (uint32_t i = 0; i < size; ++i)
    {
        content[i] = (sender * 37 + size + i * 11 + i / 256) & 0xff;
    }
    return content;
}

/// \return the global address of a net device, from its node's IP stack
inline Address
GetAddress(Ptr<NetDevice> device)
{
    if (const auto ipv4 = device->GetNode()->GetObject<Ipv4>())
    {
        return ipv4->GetAddress(ipv4->GetInterfaceForDevice(device), 0).GetLocal();
    }
    const auto ipv6 = device->GetNode()->GetObject<Ipv6>();
    return ipv6->GetAddress(ipv6->GetInterfaceForDevice(device), 1).GetAddress();
}

class AccessWorld
{
  public:
    static constexpr uint16_t PORT = 4000;

    /**
     * \param name of the technology
     * \param cell has two subnets, for the access network and for the server
     */
    AccessWorld(const std::string& name, bool ipv6, uint32_t numDevices, uint32_t cell = 0)
        : access(DdnnAccess::Make(name))
        , stations(CreateObject<DdnnStations>())
        , gateway(numDevices)
        , server(numDevices + 1)
    {
        RngSeedManager::SetSeed(1); // whatever other tests have left
        RngSeedManager::SetRun(1);
        nodes.Create(numDevices + 2);
        NodeContainer devices;
        for (uint32_t i = 0; i < numDevices; ++i)
        {
            devices.Add(nodes.Get(i));
        }
        DdnnSubnet::InstallStack(nodes, ipv6);
        access->SetCell(cell);
        if (stations->GetNumber() > 0)
        {
            access->SetStations(stations);
        }
        access->Install(devices, nodes.Get(gateway));
        access->AssignAddresses(DdnnSubnet(ipv6, 2 * cell));
        InstallServer(DdnnSubnet(ipv6, 2 * cell + 1));
        int64_t stream = 1000;
        stream += access->AssignStreams(stream);
        InternetStackHelper().AssignStreams(nodes, stream);
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            sockets.push_back(OpenSocket(i, ipv6));
        }
        for (uint32_t i = 0; i < numDevices; ++i)
        {
            CountFrames(access->GetDevices().Get(i), i);
        }
        for (uint32_t i = 0; i < access->GetDownlinkDevices().GetN(); ++i)
        {
            CountFrames(access->GetDownlinkDevices().Get(i), gateway);
        }
        start = access->GetStartUpTime();
        Simulator::Schedule(start, &DdnnAccess::FinishStartUp, access);
        start += MilliSeconds(10);
    }

    ~AccessWorld()
    {
        Simulator::Destroy();
    }

    AccessWorld(const AccessWorld&) = delete;
    AccessWorld& operator=(const AccessWorld&) = delete;

    Address GetDeviceAddress(uint32_t device) const
    {
        return GetAddress(access->GetDevices().Get(device));
    }

    Address GetGatewayAddress() const
    {
        return GetAddress(access->GetGatewayDevices().Get(0));
    }

    /// Let a node send when the links are up and the time has passed.
    void Send(Time after, uint32_t node, const Address& host, uint32_t size)
    {
        Simulator::Schedule(start + after - Simulator::Now(), [this, node, host, size]() {
            const auto content = MakeContent(node, size);
            auto packet = Create<Packet>(content.data(), content.size());
            packet->AddByteTag(DdnnMessageTag(DdnnMessageName()));
            sockets[node]->SendTo(packet, 0, DdnnSubnet::MakeEndpoint(host, PORT));
        });
    }

    /// Let the simulation go on for so long, after the links are up.
    void Run(Time duration)
    {
        Simulator::Stop(start + duration - Simulator::Now());
        Simulator::Run();
    }

    void Switch(uint32_t node, bool off)
    {
        DdnnNodeSwitch::Get(nodes.Get(node))->SetOff(DdnnOffCause::FAULT, off);
    }

    /// How many messages of a size came unchanged from one node to another.
    uint32_t Count(uint32_t from, uint32_t to, uint32_t size) const
    {
        const auto content = MakeContent(from, size);
        uint32_t count = 0;
        for (const auto& [node, message] : received)
        {
            count += node == to && message == content;
        }
        return count;
    }

    Ptr<DdnnAccess> access;
    Ptr<DdnnStations> stations;
    uint32_t gateway; ///< number of the node
    uint32_t server;  ///< number of the node
    Address serverAddress;
    NodeContainer nodes;
    std::vector<Ptr<Socket>> sockets;
    Time start; ///< the links are up
    std::vector<std::pair<uint32_t, std::vector<uint8_t>>> received;
    std::map<uint32_t, uint64_t> onAir;  ///< bytes of each node
    std::map<uint32_t, uint64_t> tagged; ///< those in frames that carry our messages

  private:
    void InstallServer(const DdnnSubnet& subnet)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", DataRateValue(DataRate("100Mbps")));
        const auto ends = link.Install(nodes.Get(gateway), nodes.Get(server));
        subnet.Add(ends.Get(0), 1);
        subnet.Add(ends.Get(1), 2);
        serverAddress = subnet.GetAddress(2);
        access->AddRoutes(ends.Get(1), subnet.GetAddress(1));
    }

    void CountFrames(Ptr<NetDevice> device, uint32_t node)
    {
        EXPECT_TRUE(TraceDdnnFrames(device, [this, node](const DdnnFrame& frame) {
            onAir[node] += frame.bytes;
            DdnnMessageTag tag;
            tagged[node] += frame.packet->FindFirstMatchingByteTag(tag) ? frame.bytes : 0;
        }));
    }

    Ptr<Socket> OpenSocket(uint32_t node, bool ipv6)
    {
        auto socket = Socket::CreateSocket(nodes.Get(node), UdpSocketFactory::GetTypeId());
        socket->Bind(DdnnSubnet::MakeAnyEndpoint(ipv6, PORT));
        socket->SetAllowBroadcast(true);
        socket->SetRecvCallback(Callback<void, Ptr<Socket>>([this, node](Ptr<Socket> source) {
            while (auto packet = source->Recv())
            {
                std::vector<uint8_t> message(packet->GetSize());
                packet->CopyData(message.data(), message.size());
                received.emplace_back(node, std::move(message));
            }
        }));
        return socket;
    }
};

} // namespace ddnn::test

#endif // DDNN_ACCESS_WORLD_H
