// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-drops.h"

#include "ns3/abort.h"
#include "ns3/csma-net-device.h"
#include "ns3/ddnn-compat.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/lr-wpan-net-device.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/queue-disc.h"
#include "ns3/sixlowpan-net-device.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/wifi-mac-queue.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-psdu.h"

#include <functional>

namespace ns3
{

namespace
{

/// \return true if nothing fits into the queue of a net device, which is off: see
///         DdnnPointToPointAccess and DdnnCsmaAccess
bool
IsOff(const Queue<Packet>& queue)
{
    const QueueSize size = queue.GetMaxSize();
    return size.GetUnit() == QueueSizeUnit::BYTES && size.GetValue() == 1;
}

/// Connect a trace source whose arguments are given.
template <typename... Args, typename Handler>
void
Connect(Ptr<Object> object, const std::string& source, const Handler& handler)
{
    NS_ABORT_MSG_IF(!object->TraceConnectWithoutContext(source, Callback<void, Args...>(handler)),
                    "cannot connect to the trace source " << source);
}

/// Tells an observer what happens on one node.
class NodeTracer
{
  public:
    NodeTracer(Ptr<Node> node, const DdnnDropObserver& observer)
        : m_node(node)
        , m_observer(observer)
    {
    }

    void TraceIp() const
    {
        if (const auto ipv4 = m_node->GetObject<Ipv4L3Protocol>())
        {
            TraceIp<Ipv4L3Protocol, Ipv4, const Ipv4Header&>(ipv4);
        }
        if (const auto ipv6 = m_node->GetObject<Ipv6L3Protocol>())
        {
            TraceIp<Ipv6L3Protocol, Ipv6, const Ipv6Header&>(ipv6);
        }
        if (const auto layer = m_node->GetObject<TrafficControlLayer>())
        {
            ConnectDrop(layer, "TcDrop", DdnnDrop::QUEUE);
        }
    }

    void TraceForwarding() const
    {
        if (const auto ipv4 = m_node->GetObject<Ipv4L3Protocol>())
        {
            TraceForwarding<const Ipv4Header&>(ipv4);
        }
        if (const auto ipv6 = m_node->GetObject<Ipv6L3Protocol>())
        {
            TraceForwarding<const Ipv6Header&>(ipv6);
        }
    }

    /// \param isUp whether what a link loses is no fault of the link
    void TracePointToPoint(Ptr<PointToPointNetDevice> device,
                           const std::function<bool()>& isUp) const
    {
        TraceQueue(device->GetQueue());
        ConnectDrop(device, "MacTxDrop", DdnnDrop::QUEUE);
        ConnectDrop(device, "PhyTxDrop", DdnnDrop::OFF);
        Connect<Ptr<const Packet>>(device,
                                   "PhyRxDrop",
                                   [drop = GetDrop(), isUp](Ptr<const Packet> packet) {
                                       drop(isUp() ? DdnnDrop::LOSS : DdnnDrop::LINK, packet);
                                   });
        const auto layer = m_node->GetObject<TrafficControlLayer>();
        if (const Ptr<QueueDisc> disc = layer->GetRootQueueDiscOnDevice(device))
        {
            Connect<Ptr<const QueueDiscItem>>(disc,
                                              "Drop",
                                              [drop = GetDrop()](Ptr<const QueueDiscItem> item) {
                                                  drop(DdnnDrop::QUEUE, item->GetPacket());
                                              });
        }
    }

    void TraceCsma(Ptr<CsmaNetDevice> device) const
    {
        TraceQueue(device->GetQueue());
        ConnectDrop(device, "MacTxDrop", DdnnDrop::QUEUE);
        // after 1000 attempts, or while it is detached from the channel
        Connect<Ptr<const Packet>>(
            device,
            "PhyTxDrop",
            [drop = GetDrop(), queue = PeekPointer(device->GetQueue())](Ptr<const Packet> packet) {
                drop(IsOff(*queue) ? DdnnDrop::OFF : DdnnDrop::RETRIES, packet);
            });
        ConnectDrop(device, "PhyRxDrop", DdnnDrop::LINK);
        ConnectAir(device, true);
    }

    void TraceWifi(Ptr<WifiNetDevice> device) const
    {
        const Ptr<WifiMac> mac = device->GetMac();
        ConnectDrop(mac, "MacTxDrop", DdnnDrop::LINK); // not associated
        Connect<WifiMacDropReason, Ptr<const WifiMpdu>>(
            mac,
            "DroppedMpdu",
            [drop = GetDrop()](WifiMacDropReason reason, Ptr<const WifiMpdu> mpdu) {
                drop(ToDrop(reason), mpdu->GetPacket());
            });
        const AcIndex queue = mac->GetQosSupported() ? AC_BE : AC_BE_NQOS;
        Connect<Ptr<const WifiMpdu>>(
            mac->GetTxopQueue(queue),
            "DropAfterDequeue",
            [drop = GetDrop(), phy = PeekPointer(device->GetPhy())](Ptr<const WifiMpdu> mpdu) {
                drop(phy->IsStateOff() ? DdnnDrop::OFF : DdnnDrop::EXPIRED, mpdu->GetPacket());
            });
    }

    /// What the access point transmits to all.
    void TraceWifiBroadcasts(Ptr<WifiNetDevice> device) const
    {
        Connect<WifiConstPsduMap, WifiTxVector, double>(
            device->GetPhy(),
            "PhyTxPsduBegin",
            [air = m_observer.air](const WifiConstPsduMap& psdus, const WifiTxVector&, double) {
                const Ptr<const WifiPsdu> psdu = psdus.begin()->second;
                if (psdu->GetHeader(0).IsData() && psdu->GetHeader(0).GetAddr1().IsGroup())
                {
                    air(psdu->GetPayload(0), true);
                }
            });
    }

    void TraceSixLowPan(Ptr<SixLowPanNetDevice> device) const
    {
        using Reason = SixLowPanNetDevice::DropReason;
        Connect<Reason, Ptr<const Packet>, Ptr<SixLowPanNetDevice>, uint32_t>(
            device,
            "Drop",
            [drop =
                 GetDrop()](Reason, Ptr<const Packet> packet, Ptr<SixLowPanNetDevice>, uint32_t) {
                drop(DdnnDrop::REASSEMBLY, packet);
            });
        const auto radio = DynamicCast<lrwpan::LrWpanNetDevice>(device->GetNetDevice());
        ConnectDrop(radio->GetMac(), "MacTxDrop", DdnnDrop::RETRIES);
        ConnectAir(radio->GetPhy(), false);
    }

  private:
    using Drop = std::function<void(DdnnDrop, Ptr<const Packet>)>;

    static DdnnDrop ToDrop(WifiMacDropReason reason)
    {
        switch (reason)
        {
        case WIFI_MAC_DROP_FAILED_ENQUEUE:
            return DdnnDrop::QUEUE;
        case WIFI_MAC_DROP_REACHED_RETRY_LIMIT:
            return DdnnDrop::RETRIES;
        default:
            return DdnnDrop::EXPIRED;
        }
    }

    /// \return what tells of drops on this node
    Drop GetDrop() const
    {
        return [node = m_node->GetId(), drop = m_observer.drop](DdnnDrop cause,
                                                                Ptr<const Packet> packet) {
            drop(cause, node, packet);
        };
    }

    void ConnectDrop(Ptr<Object> object, const std::string& source, DdnnDrop cause) const
    {
        Connect<Ptr<const Packet>>(object,
                                   source,
                                   [drop = GetDrop(), cause](Ptr<const Packet> packet) {
                                       drop(cause, packet);
                                   });
    }

    void ConnectAir(Ptr<Object> object, bool sendsOnce) const
    {
        Connect<Ptr<const Packet>>(object,
                                   "PhyTxBegin",
                                   [air = m_observer.air, sendsOnce](Ptr<const Packet> packet) {
                                       air(packet, sendsOnce);
                                   });
    }

    void TraceQueue(Ptr<Queue<Packet>> queue) const
    {
        Connect<Ptr<const Packet>>(
            queue,
            "DropBeforeEnqueue",
            [drop = GetDrop(), self = PeekPointer(queue)](Ptr<const Packet> packet) {
                drop(IsOff(*self) ? DdnnDrop::OFF : DdnnDrop::QUEUE, packet);
            });
        ConnectDrop(queue, "DropAfterDequeue", DdnnDrop::OFF); // flushed
    }

    template <typename Protocol, typename Ip, typename Header>
    void TraceIp(Ptr<Protocol> protocol) const
    {
        using Reason = typename Protocol::DropReason;
        Connect<Header, Ptr<const Packet>, Reason, Ptr<Ip>, uint32_t>(
            protocol,
            "Drop",
            [drop = GetDrop()](Header, Ptr<const Packet> packet, Reason reason, Ptr<Ip>, uint32_t) {
                if (!packet)
                {
                    return; // IPv6, at a timeout: the first fragment was dropped before
                }
                const bool timeout = reason == Protocol::DROP_FRAGMENT_TIMEOUT;
                drop(timeout ? DdnnDrop::REASSEMBLY : DdnnDrop::IP, packet);
            });
    }

    template <typename Header>
    void TraceForwarding(Ptr<Object> protocol) const
    {
        Connect<Header, Ptr<const Packet>, uint32_t>(
            protocol,
            "UnicastForward",
            [forward = m_observer.forward](Header, Ptr<const Packet> packet, uint32_t) {
                forward(packet);
            });
    }

    Ptr<Node> m_node;
    const DdnnDropObserver& m_observer;
};

void
TraceDevice(Ptr<NetDevice> device,
            const DdnnDropObserver& observer,
            const std::function<bool()>& isUp)
{
    const NodeTracer tracer(device->GetNode(), observer);
    if (const auto pointToPoint = DynamicCast<PointToPointNetDevice>(device))
    {
        tracer.TracePointToPoint(pointToPoint, isUp);
    }
    else if (const auto csma = DynamicCast<CsmaNetDevice>(device))
    {
        tracer.TraceCsma(csma);
    }
    else if (const auto wifi = DynamicCast<WifiNetDevice>(device))
    {
        tracer.TraceWifi(wifi);
    }
    else if (const auto sixLowPan = DynamicCast<SixLowPanNetDevice>(device))
    {
        tracer.TraceSixLowPan(sixLowPan);
    }
}

} // namespace

std::string
ToString(DdnnDrop cause)
{
    switch (cause)
    {
    case DdnnDrop::QUEUE:
        return "queue";
    case DdnnDrop::RETRIES:
        return "retries";
    case DdnnDrop::EXPIRED:
        return "expired";
    case DdnnDrop::OFF:
        return "off";
    case DdnnDrop::LINK:
        return "link";
    case DdnnDrop::LOSS:
        return "loss";
    case DdnnDrop::UNHEARD:
        return "unheard";
    case DdnnDrop::IP:
        return "ip";
    case DdnnDrop::REASSEMBLY:
        return "reassembly";
    case DdnnDrop::RADIO:
        return "radio";
    case DdnnDrop::CONNECTION:
        return "connection";
    }
    return "unknown";
}

void
TraceDrops(const DdnnTopology& topology, const DdnnDropObserver& observer)
{
    const NodeContainer& nodes = topology.GetNodes();
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        NodeTracer(nodes.Get(i), observer).TraceIp();
    }
    for (const DdnnTopology::Cell& cell : topology.GetCells())
    {
        const NetDeviceContainer& devices = cell.access->GetNetDevices();
        for (uint32_t i = 0; i < devices.GetN(); ++i)
        {
            TraceDevice(devices.Get(i), observer, [] {
                return false;
            });
        }
        if (const auto wifi = DynamicCast<WifiNetDevice>(devices.Get(cell.nodes.GetN())))
        {
            NodeTracer(cell.gateway, observer).TraceWifiBroadcasts(wifi);
        }
        if (DynamicCast<CsmaNetDevice>(devices.Get(0)))
        {
            NodeTracer(cell.gateway, observer).TraceForwarding();
        }
        cell.access->TraceLosses([&cell, observer](uint32_t device, Ptr<const Packet> packet) {
            observer.drop(DdnnDrop::LOSS, cell.nodes.Get(device)->GetId(), packet);
        });
    }
    for (const DdnnTopology::Wire& wire : topology.GetWires())
    {
        for (uint32_t end = 0; end < 2; ++end)
        {
            TraceDevice(wire.devices.Get(end), observer, [&wire] {
                return wire.IsUp();
            });
        }
    }
}

} // namespace ns3
