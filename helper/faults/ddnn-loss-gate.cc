// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-loss-gate.h"

#include "ns3/abort.h"
#include "ns3/arp-l3-protocol.h"
#include "ns3/channel.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/loopback-net-device.h"
#include "ns3/node-list.h"
#include "ns3/node.h"
#include "ns3/simulation-singleton.h"

#include <algorithm>
#include <map>
#include <vector>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnLinkLoss);
NS_OBJECT_ENSURE_REGISTERED(DdnnLossGate);

namespace
{

/// \return the interface of a net device; -1: it has none
template <typename Ip>
int32_t
GetInterface(Ptr<NetDevice> device)
{
    const auto ip = device->GetNode()->GetObject<Ip>();
    return ip ? ip->GetInterfaceForDevice(device) : -1;
}

/// Add the IP addresses of a net device.
template <typename Ip>
void
AddAddresses(Ptr<NetDevice> device, std::set<Address>& addresses)
{
    const auto ip = device->GetNode()->GetObject<Ip>();
    const int32_t interface = GetInterface<Ip>(device);
    for (uint32_t i = 0; interface >= 0 && i < ip->GetNAddresses(interface); ++i)
    {
        addresses.insert(ip->GetAddress(interface, i).GetAddress());
    }
}

bool
HasIp(Ptr<NetDevice> device)
{
    return !DynamicCast<LoopbackNetDevice>(device) &&
           (GetInterface<Ipv4>(device) >= 0 || GetInterface<Ipv6>(device) >= 0);
}

Address
GetSource(Ptr<const Packet> packet, uint16_t protocol)
{
    Ipv4Header v4;
    Ipv6Header v6;
    if (protocol == Ipv4L3Protocol::PROT_NUMBER)
    {
        packet->PeekHeader(v4);
        return v4.GetSource();
    }
    packet->PeekHeader(v6);
    return v6.GetSource();
}

/// \return the net devices on a channel, or all that are on none
std::vector<Ptr<NetDevice>>
GetDevices(Ptr<Channel> channel)
{
    std::vector<Ptr<NetDevice>> devices;
    for (std::size_t i = 0; channel && i < channel->GetNDevices(); ++i)
    {
        devices.push_back(channel->GetDevice(i));
    }
    for (uint32_t i = 0; !channel && i < NodeList::GetNNodes(); ++i)
    {
        const Ptr<Node> node = NodeList::GetNode(i);
        for (uint32_t j = 0; j < node->GetNDevices(); ++j)
        {
            if (!node->GetDevice(j)->GetChannel())
            {
                devices.push_back(node->GetDevice(j));
            }
        }
    }
    return devices;
}

/// All links of a simulation that lose packets.
struct LossyLinks
{
    std::map<DdnnLinkLoss::Devices, Ptr<DdnnLinkLoss>> byDevices;
    std::multimap<Address, Ptr<DdnnLinkLoss>> byAddress; ///< of their net devices
};

/// \return the links that a packet with these addresses may have crossed, each once
std::vector<Ptr<DdnnLinkLoss>>
FindLinks(const Address& receiver, const Address& sender)
{
    std::vector<Ptr<DdnnLinkLoss>> links;
    for (const Address& address : {receiver, sender})
    {
        const auto found = SimulationSingleton<LossyLinks>::Get()->byAddress.equal_range(address);
        for (auto link = found.first; link != found.second; ++link)
        {
            if (std::find(links.begin(), links.end(), link->second) == links.end())
            {
                links.push_back(link->second);
            }
        }
    }
    return links;
}

} // namespace

TypeId
DdnnLinkLoss::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnLinkLoss").SetParent<Object>().SetGroupName("Ddnn");
    return tid;
}

Ptr<DdnnLinkLoss>
DdnnLinkLoss::Get(const NetDeviceContainer& devices)
{
    const Devices all(devices.Begin(), devices.End());
    NS_ABORT_MSG_IF(all.empty(), "ns3::DdnnLinkLoss: a link has no net devices");
    Ptr<DdnnLinkLoss>& loss = SimulationSingleton<LossyLinks>::Get()->byDevices[all];
    if (!loss)
    {
        loss = CreateObject<DdnnLinkLoss>(all);
    }
    return loss;
}

DdnnLinkLoss::DdnnLinkLoss(const Devices& devices)
    : m_devices(devices)
    , m_random(CreateObject<UniformRandomVariable>())
{
}

bool
DdnnLinkLoss::CarriesIp()
{
    if (m_receivers.empty())
    {
        FindReceivers();
    }
    return !m_receivers.empty();
}

/// Follow channels and bridges. Not again later: a net device that is off may have lost its
/// channel.
void
DdnnLinkLoss::FindReceivers()
{
    std::set<Ptr<Channel>> channels;
    std::vector<Ptr<NetDevice>> ends(m_devices.begin(), m_devices.end()); // of channels
    while (!ends.empty())
    {
        const Ptr<Channel> channel = ends.back()->GetChannel();
        ends.pop_back();
        const bool isNew = channels.insert(channel).second;
        for (const auto& end : isNew ? GetDevices(channel) : std::vector<Ptr<NetDevice>>())
        {
            const Ptr<Node> node = end->GetNode();
            for (uint32_t i = 0; i < node->GetNDevices(); ++i)
            {
                const Ptr<NetDevice> device = node->GetDevice(i);
                // that of IP may be above the channel's, with 6LoWPAN and on a mesh point
                if ((device == end || !device->IsPointToPoint()) && HasIp(device))
                {
                    m_receivers.insert(device);
                }
                if (device->IsBridge())
                {
                    const auto ports = GetDevices(device->GetChannel());
                    ends.insert(ends.end(), ports.begin(), ports.end());
                }
            }
        }
    }
}

void
DdnnLinkLoss::SetRate(double probability)
{
    NS_ABORT_MSG_IF(!(probability >= 0 && probability <= 1),
                    "ns3::DdnnLinkLoss: packets cannot be lost with the probability "
                        << probability);
    m_rate = probability;
    if (probability == 0 || !CarriesIp())
    {
        return;
    }
    std::set<Address> addresses;
    for (const Ptr<NetDevice>& device : m_devices)
    {
        addresses.insert(device->GetAddress());
        AddAddresses<Ipv4>(device, addresses);
        AddAddresses<Ipv6>(device, addresses);
    }
    for (const Address& address : addresses)
    {
        if (m_addresses.insert(address).second)
        {
            SimulationSingleton<LossyLinks>::Get()->byAddress.emplace(address, this);
        }
    }
    for (const Ptr<NetDevice>& device : m_receivers)
    {
        DdnnLossGate::Get(device->GetNode())->Guard(device);
    }
}

int64_t
DdnnLinkLoss::AssignStreams(int64_t stream)
{
    if (m_random->GetStream() >= 0)
    {
        return 0;
    }
    m_random->SetStream(stream);
    return 1;
}

bool
DdnnLinkLoss::Loses(Ptr<NetDevice> receiver)
{
    // an address may be that of another net device, where the link does not lead
    return m_rate > 0 && m_receivers.count(receiver) > 0 && m_random->GetValue() < m_rate;
}

TypeId
DdnnLossGate::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnLossGate")
                            .SetParent<Object>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnLossGate>()
                            .AddTraceSource("Drop",
                                            "A link has lost a packet.",
                                            MakeTraceSourceAccessor(&DdnnLossGate::m_dropTrace),
                                            "ns3::DdnnLossGate::DropTracedCallback");
    return tid;
}

Ptr<DdnnLossGate>
DdnnLossGate::Get(Ptr<Node> node)
{
    auto gate = node->GetObject<DdnnLossGate>();
    if (!gate)
    {
        gate = CreateObject<DdnnLossGate>();
        node->AggregateObject(gate);
    }
    return gate;
}

void
DdnnLossGate::Guard(Ptr<NetDevice> device)
{
    if (m_guarded.count(device) == 0)
    {
        Register();
    }
}

void
DdnnLossGate::DoDispose()
{
    m_guarded.clear();
    m_stack = nullptr;
    Object::DoDispose();
}

/// Take the place of the stack as the receiver of IP packets.
void
DdnnLossGate::Register()
{
    const auto node = GetObject<Node>();
    m_stack = node->GetObject<TrafficControlLayer>();
    const Node::ProtocolHandler stack = MakeCallback(&TrafficControlLayer::Receive, m_stack);
    const Node::ProtocolHandler gate = MakeCallback(&DdnnLossGate::Receive, this);
    // Of several equal handlers, ns-3 removes the first, whichever device and protocol it is for:
    // so remove all, and register anew.
    constexpr uint32_t HANDLERS = 3; // of a device: IPv4, ARP, IPv6
    for (uint32_t i = 0; i < HANDLERS * node->GetNDevices(); ++i)
    {
        node->UnregisterProtocolHandler(stack);
        node->UnregisterProtocolHandler(gate);
    }
    for (uint32_t i = 0; i < node->GetNDevices(); ++i)
    {
        const Ptr<NetDevice> device = node->GetDevice(i);
        if (DynamicCast<LoopbackNetDevice>(device))
        {
            continue; // its packets pass the layer by
        }
        if (GetInterface<Ipv4>(device) >= 0)
        {
            node->RegisterProtocolHandler(gate, Ipv4L3Protocol::PROT_NUMBER, device);
            node->RegisterProtocolHandler(stack, ArpL3Protocol::PROT_NUMBER, device);
        }
        if (GetInterface<Ipv6>(device) >= 0)
        {
            node->RegisterProtocolHandler(gate, Ipv6L3Protocol::PROT_NUMBER, device);
        }
        m_guarded.insert(device);
    }
}

void
DdnnLossGate::Receive(Ptr<NetDevice> device,
                      Ptr<const Packet> packet,
                      uint16_t protocol,
                      const Address& from,
                      const Address& to,
                      NetDevice::PacketType type)
{
    // a 6LoWPAN device has the address of the one below it, which may be the link's
    const Address sender = device->GetChannel() ? from : GetSource(packet, protocol);
    for (const Ptr<DdnnLinkLoss>& link : FindLinks(device->GetAddress(), sender))
    {
        if (link->Loses(device))
        {
            return m_dropTrace(packet, device);
        }
    }
    m_stack->Receive(device, packet, protocol, from, to, type);
}

} // namespace ns3
