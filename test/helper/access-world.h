// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ACCESS_WORLD_H
#define DDNN_ACCESS_WORLD_H

#include "ns3/ddnn-access-factory.h"
#include "ns3/ddnn-sample-tag.h"

#include "ns3/data-rate.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/udp-socket-factory.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

// What the tests of access networks share: one of them, with a server behind its gateway, and plain
// sockets.
namespace ddnn::test
{

using namespace ns3;

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

class AccessWorld
{
  public:
    static constexpr uint16_t PORT = 4000;

    /// A cell has two subnets, for the access network and for the server.
    AccessWorld(const DdnnAccessSettings& settings, bool ipv6, uint32_t numDevices)
        : access(MakeAccess(settings))
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
        access->Install(devices, nodes.Get(gateway));
        access->AssignAddresses(DdnnSubnet(ipv6, 2 * settings.cell));
        InstallServer(DdnnSubnet(ipv6, 2 * settings.cell + 1));
        int64_t stream = 1000;
        stream += access->AssignStreams(stream);
        InternetStackHelper().AssignStreams(nodes, stream);
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            sockets.push_back(OpenSocket(i, ipv6));
        }
        access->TraceFrames([this](uint32_t node, Ptr<const Packet> payload, uint32_t bytes) {
            onAir[node] += bytes;
            DdnnSampleTag tag;
            tagged[node] += payload->FindFirstMatchingByteTag(tag) ? bytes : 0;
        });
        start = access->GetStartUpTime();
        Simulator::Schedule(start, &DdnnAccess::FinishStartUp, access.get());
        start += MilliSeconds(10);
    }

    ~AccessWorld()
    {
        Simulator::Destroy();
    }

    /// Let a node send when the links are up and the time has passed.
    void Send(Time after, uint32_t node, const Address& host, uint32_t size)
    {
        Simulator::Schedule(start + after - Simulator::Now(), [this, node, host, size]() {
            const auto content = MakeContent(node, size);
            auto packet = Create<Packet>(content.data(), content.size());
            packet->AddByteTag(DdnnSampleTag());
            sockets[node]->SendTo(packet, 0, DdnnSubnet::MakeEndpoint(host, PORT));
        });
    }

    /// Let the simulation go on for so long, after the links are up.
    void Run(Time duration)
    {
        Simulator::Stop(start + duration - Simulator::Now());
        Simulator::Run();
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

    std::unique_ptr<DdnnAccess> access;
    uint32_t gateway; ///< number of the node
    uint32_t server;  ///< number of the node
    Address serverAddress;
    NodeContainer nodes;
    std::vector<Ptr<Socket>> sockets;
    Time start; ///< the links are up
    std::vector<std::pair<uint32_t, std::vector<uint8_t>>> received;
    std::map<uint32_t, uint64_t> onAir;  ///< bytes of each node
    std::map<uint32_t, uint64_t> tagged; ///< those in frames with our tag

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
