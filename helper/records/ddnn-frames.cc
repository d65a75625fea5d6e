// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-frames.h"

#include "ddnn-trace-sources.h"

#include "ns3/ddnn-switch.h"
#include "ns3/flow-id-tag.h"
#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/lte-common.h"
#include "ns3/node-list.h"
#include "ns3/packet-burst.h"
#include "ns3/simulation-singleton.h"
#include "ns3/simulator.h"
#include "ns3/sixlowpan-net-device.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-psdu.h"

#include <algorithm>
#include <array>
#include <memory>

namespace ns3
{

namespace
{

/// Marks bytes that IP sends and that are no DDNN's message, with TCP's ports, or with 0.
class TrafficTag : public FlowIdTag
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::DdnnTrafficTag").SetParent<Tag>().SetGroupName("Ddnn");
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }
};

/// Lets all nodes mark what they send and what is neither a message nor control.
class TrafficMarker
{
  public:
    TrafficMarker()
    {
        Simulator::ScheduleNow([] {
            for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
            {
                Connect<Ipv4Header>((*node)->GetObject<Ipv4L3Protocol>());
                Connect<Ipv6Header>((*node)->GetObject<Ipv6L3Protocol>());
            }
        });
    }

  private:
    template <typename Header>
    static void Connect(Ptr<Object> ip)
    {
        if (ip)
        {
            ConnectDdnnTrace<const Header&, Ptr<const Packet>, uint32_t>(
                ip,
                "SendOutgoing",
                [](const Header& header, Ptr<const Packet> packet, uint32_t) {
                    Mark(GetProtocol(header), *packet);
                });
        }
    }

    static uint8_t GetProtocol(const Ipv4Header& header)
    {
        return header.GetProtocol();
    }

    static uint8_t GetProtocol(const Ipv6Header& header)
    {
        return header.GetNextHeader();
    }

    static bool IsControl(uint8_t protocol, uint16_t port)
    {
        // DHCP for IPv4, DSDV, RIP for IPv4 and IPv6, DHCP for IPv6, AODV, OLSR
        static const std::array<uint16_t, 9> PORTS{67, 68, 269, 520, 521, 546, 547, 654, 698};
        const bool isUdp = protocol == UdpL4Protocol::PROT_NUMBER;
        return protocol == Icmpv4L4Protocol::PROT_NUMBER ||
               protocol == Icmpv6L4Protocol::PROT_NUMBER ||
               (isUdp && std::count(PORTS.begin(), PORTS.end(), port) > 0);
    }

    static void Mark(uint8_t protocol, const Packet& packet)
    {
        static const TypeId MESSAGE = DdnnMessageTag::GetTypeId();
        for (ByteTagIterator i = packet.GetByteTagIterator(); i.HasNext();)
        {
            if (i.Next().GetTypeId() == MESSAGE)
            {
                return;
            }
        }
        std::array<uint8_t, 4> ports{}; // source and destination
        packet.CopyData(ports.data(), ports.size());
        if (!IsControl(protocol, ports[2] << 8 | ports[3]))
        {
            TrafficTag tag;
            const bool isTcp = protocol == TcpL4Protocol::PROT_NUMBER;
            tag.SetFlowId(isTcp ? ports[0] << 24 | ports[1] << 16 | ports[2] << 8 | ports[3] : 0);
            packet.AddByteTag(tag);
        }
    }
};

/// Passes on what one net device transmits.
struct FrameTracer
{
    void operator()(Ptr<const Packet> packet, uint32_t bytes) const
    {
        Pass({packet, bytes, device});
    }

    void Pass(const DdnnFrame& frame) const
    {
        if (!deviceSwitch->IsOff())
        {
            callback(frame);
        }
    }

    const NetDevice* device;
    const DdnnNetDeviceSwitch* deviceSwitch;
    std::function<void(const DdnnFrame&)> callback;
};

bool
TracePackets(Ptr<Object> device, const FrameTracer& trace)
{
    ConnectDdnnTrace<Ptr<const Packet>>(device, "PhyTxBegin", [trace](Ptr<const Packet> packet) {
        trace(packet, packet->GetSize());
    });
    return true;
}

bool
TraceLrWpan(Ptr<Object> device, const FrameTracer& trace)
{
    ForEachDdnnObject(device, "Phy", [&](Ptr<Object> phy) {
        TracePackets(phy, trace);
    });
    return true;
}

bool
TraceWifi(Ptr<Object> device, const FrameTracer& trace)
{
    const auto handler = [trace](const WifiConstPsduMap& psdus, const WifiTxVector&, double) {
        for (const auto& [station, psdu] : psdus)
        {
            for (std::size_t i = 0; i < psdu->GetNMpdus(); ++i)
            {
                trace(psdu->GetPayload(i),
                      psdu->IsAggregate() ? psdu->GetAmpduSubframeSize(i) : psdu->GetSize());
            }
        }
    };
    ForEachDdnnObject(device, "Phys/*", [&handler](Ptr<Object> phy) {
        ConnectDdnnTrace<WifiConstPsduMap, WifiTxVector, double>(phy, "PhyTxPsduBegin", handler);
    });
    return true;
}

/// What a device below transmits, this one transmits.
bool
TraceBelow(Ptr<NetDevice> below, const FrameTracer& trace)
{
    return TraceDdnnFrames(below, [trace](const DdnnFrame& frame) {
        trace.Pass(frame);
    });
}

bool
TraceSixLowPan(Ptr<Object> device, const FrameTracer& trace)
{
    return TraceBelow(DynamicCast<SixLowPanNetDevice>(device)->GetNetDevice(), trace);
}

/// The interfaces are Wi-Fi devices of the same node.
bool
TraceMesh(Ptr<Object> device, const FrameTracer& trace)
{
    const Ptr<Node> node = DynamicCast<NetDevice>(device)->GetNode();
    for (uint32_t i = 0; i < node->GetNDevices(); ++i)
    {
        const Ptr<NetDevice> below = node->GetDevice(i);
        const auto check = [&](Ptr<Object> mac) {
            if (IsOfDdnnType(*mac, "MeshWifiInterfaceMac"))
            {
                TraceBelow(below, trace);
            }
        };
        if (IsOfDdnnType(*below, "WifiNetDevice"))
        {
            ForEachDdnnObject(below, "Mac", check);
        }
    }
    return true;
}

/// Transport blocks are announced up to four subframes before they are transmitted. RLC PDUs share
/// their padding.
void
TraceLte(Ptr<Object> phy,
         const std::string& blockSource,
         const std::string& transmitter,
         const FrameTracer& trace)
{
    const auto blocks = std::make_shared<std::map<int64_t, uint64_t>>(); // bytes by subframe, in ms
    const auto announce = [blocks](const PhyTransmissionStatParameters& block) {
        (*blocks)[block.m_timestamp] += block.m_size;
    };
    const auto transmit = [blocks, trace](Ptr<const PacketBurst> burst) {
        const int64_t now = Simulator::Now().GetMilliSeconds();
        const uint64_t size = burst ? burst->GetSize() : 0; // 0: control alone
        const uint64_t bytes = std::max<uint64_t>((*blocks)[now], size);
        blocks->erase(blocks->begin(), blocks->upper_bound(now));
        if (size == 0 && bytes > 0)
        {
            trace(Create<Packet>(), bytes);
        }
        uint64_t end = 0; // of the PDU in the burst
        for (uint32_t i = 0; size > 0 && i < burst->GetNPackets(); ++i)
        {
            const Ptr<const Packet> pdu = *std::next(burst->Begin(), i);
            const uint64_t start = end;
            end += pdu->GetSize();
            trace(pdu, bytes * end / size - bytes * start / size);
        }
    };
    ConnectDdnnTrace<PhyTransmissionStatParameters>(phy, blockSource, announce);
    ForEachDdnnObject(phy, transmitter, [&transmit](Ptr<Object> spectrumPhy) {
        ConnectDdnnTrace<Ptr<const PacketBurst>>(spectrumPhy, "TxStart", transmit);
    });
}

bool
TraceUe(Ptr<Object> device, const FrameTracer& trace)
{
    ForEachDdnnObject(device, "ComponentCarrierMapUe/*/LteUePhy", [&](Ptr<Object> phy) {
        TraceLte(phy, "UlPhyTransmission", "UlSpectrumPhy", trace);
    });
    return true;
}

bool
TraceEnb(Ptr<Object> device, const FrameTracer& trace)
{
    ForEachDdnnObject(device, "ComponentCarrierMap/*/LteEnbPhy", [&](Ptr<Object> phy) {
        TraceLte(phy, "DlPhyTransmission", "DlSpectrumPhy", trace);
    });
    return true;
}

/// What IP hands to a net device that tells nothing of its frames.
template <typename Protocol, typename Ip>
void
TraceIp(Ptr<NetDevice> device, const FrameTracer& trace)
{
    const auto handler = [trace, device = PeekPointer(device)](Ptr<const Packet> packet,
                                                               Ptr<Ip> ip,
                                                               uint32_t interface) {
        if (ip->GetNetDevice(interface) == device)
        {
            trace(packet, packet->GetSize());
        }
    };
    if (const auto protocol = device->GetNode()->GetObject<Protocol>())
    {
        ConnectDdnnTrace<Ptr<const Packet>, Ptr<Ip>, uint32_t>(protocol, "Tx", handler);
    }
}

/// A type of net device whose frames can be observed.
struct FrameSource
{
    const char* type;
    bool (*connect)(Ptr<Object> device, const FrameTracer& trace);
};

constexpr std::array<FrameSource, 8> FRAME_SOURCES{{
    {"PointToPointNetDevice", TracePackets},
    {"CsmaNetDevice", TracePackets},
    {"WifiNetDevice", TraceWifi},
    {"MeshPointDevice", TraceMesh},
    {"LrWpanNetDevice", TraceLrWpan},
    {"SixLowPanNetDevice", TraceSixLowPan},
    {"LteUeNetDevice", TraceUe},
    {"LteEnbNetDevice", TraceEnb},
}};

} // namespace

bool
TraceDdnnFrames(Ptr<NetDevice> device, const std::function<void(const DdnnFrame&)>& callback)
{
    SimulationSingleton<TrafficMarker>::Get();
    const FrameTracer trace{PeekPointer(device),
                            PeekPointer(DdnnNetDeviceSwitch::Get(device)),
                            callback};
    for (const FrameSource& source : FRAME_SOURCES)
    {
        if (IsOfDdnnType(*device, source.type))
        {
            return source.connect(device, trace);
        }
    }
    Simulator::ScheduleNow([device, trace] { // IP may be installed later
        TraceIp<Ipv4L3Protocol, Ipv4>(device, trace);
        TraceIp<Ipv6L3Protocol, Ipv6>(device, trace);
    });
    return false;
}

DdnnFrameKind
ClassifyDdnnFrame(const DdnnFrame& frame,
                  const std::map<uint16_t, uint16_t>& sites,
                  DdnnMessageTag& tag,
                  uint16_t& site)
{
    static const TypeId MESSAGE = DdnnMessageTag::GetTypeId();
    static const TypeId TRAFFIC = TrafficTag::GetTypeId();
    DdnnFrameKind kind = DdnnFrameKind::CONTROL;
    for (ByteTagIterator i = frame.packet->GetByteTagIterator(); i.HasNext();)
    {
        const ByteTagIterator::Item item = i.Next();
        if (item.GetTypeId() == MESSAGE)
        {
            item.GetTag(tag);
            site = tag.name.site;
            return DdnnFrameKind::MESSAGE;
        }
        if (item.GetTypeId() == TRAFFIC && kind != DdnnFrameKind::TRANSPORT)
        {
            TrafficTag traffic;
            item.GetTag(traffic);
            auto found = sites.find(traffic.GetFlowId() >> 16);
            found = found == sites.end() ? sites.find(traffic.GetFlowId() & 0xffff) : found;
            kind = found == sites.end() ? DdnnFrameKind::OTHER : DdnnFrameKind::TRANSPORT;
            site = found == sites.end() ? site : found->second;
        }
    }
    return kind;
}

} // namespace ns3
