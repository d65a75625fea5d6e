// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-loss-gate.h"

#include "ns3/arp-l3-protocol.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/loopback-net-device.h"
#include "ns3/node.h"

#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnLossGate);

TypeId
DdnnLossGate::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnLossGate")
                            .SetParent<Object>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnLossGate>();
    return tid;
}

void
DdnnLossGate::Install(const NetDeviceContainer& devices, const Judge& judge)
{
    const Ptr<Node> node = devices.Get(0)->GetNode();
    auto gate = node->GetObject<DdnnLossGate>();
    if (!gate)
    {
        gate = CreateObject<DdnnLossGate>();
        gate->m_stack = node->GetObject<TrafficControlLayer>();
        if (!gate->m_stack)
        {
            throw std::runtime_error("node " + std::to_string(node->GetId()) +
                                     " has no IP stack: call DdnnSubnet::InstallStack first");
        }
        node->AggregateObject(gate);
    }
    for (uint32_t i = 0; i < devices.GetN(); ++i)
    {
        gate->m_judges[devices.Get(i)->GetIfIndex()] = judge;
    }
    gate->Register(node);
}

void
DdnnLossGate::DoDispose()
{
    m_stack = nullptr;
    m_judges.clear();
    Object::DoDispose();
}

void
DdnnLossGate::Register(Ptr<Node> node)
{
    // Of several equal handlers, ns-3 removes the first, whichever device and protocol it is for:
    // so remove all, and register anew.
    constexpr uint32_t HANDLERS = 3; // of a device: IPv4, ARP, IPv6
    for (uint32_t i = 0; i < HANDLERS * node->GetNDevices(); ++i)
    {
        node->UnregisterProtocolHandler(MakeCallback(&TrafficControlLayer::Receive, m_stack));
        node->UnregisterProtocolHandler(MakeCallback(&DdnnLossGate::Receive, this));
    }
    const auto ipv4 = node->GetObject<Ipv4>();
    const auto ipv6 = node->GetObject<Ipv6>();
    for (uint32_t i = 0; i < node->GetNDevices(); ++i)
    {
        const Ptr<NetDevice> device = node->GetDevice(i);
        if (DynamicCast<LoopbackNetDevice>(device))
        {
            continue; // its packets pass the layer by
        }
        if (ipv4 && ipv4->GetInterfaceForDevice(device) >= 0)
        {
            Register(device, Ipv4L3Protocol::PROT_NUMBER);
            Register(device, ArpL3Protocol::PROT_NUMBER);
        }
        if (ipv6 && ipv6->GetInterfaceForDevice(device) >= 0)
        {
            Register(device, Ipv6L3Protocol::PROT_NUMBER);
        }
    }
}

void
DdnnLossGate::Register(Ptr<NetDevice> device, uint16_t protocol)
{
    Node::ProtocolHandler handler = MakeCallback(&TrafficControlLayer::Receive, m_stack);
    if (m_judges.count(device->GetIfIndex()) > 0 && protocol != ArpL3Protocol::PROT_NUMBER)
    {
        handler = MakeCallback(&DdnnLossGate::Receive, this);
    }
    device->GetNode()->RegisterProtocolHandler(handler, protocol, device);
}

void
DdnnLossGate::Receive(Ptr<NetDevice> device,
                      Ptr<const Packet> packet,
                      uint16_t protocol,
                      const Address& from,
                      const Address& to,
                      NetDevice::PacketType type)
{
    if (!m_judges.at(device->GetIfIndex())(packet, protocol))
    {
        m_stack->Receive(device, packet, protocol, from, to, type);
    }
}

} // namespace ns3
