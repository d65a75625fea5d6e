// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-drops.h"

#include "ddnn-trace-sources.h"

#include "ns3/ddnn-loss-gate.h"
#include "ns3/ddnn-switch.h"
#include "ns3/ethernet-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/node-list.h"
#include "ns3/queue-item.h"
#include "ns3/sixlowpan-net-device.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-mpdu.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace ns3
{

namespace
{

/// What TraceDdnnDrops is told to call.
struct Observer
{
    DdnnDropCallback dropped;
    DdnnDropCallback passed;
};

/// Tells the observer what becomes of packets at one object.
struct Reporter
{
    /// \param packet nullptr: none to speak of
    void Drop(DdnnDrop cause, Ptr<const Packet> packet) const
    {
        if (packet)
        {
            observer->dropped(device && device->IsOff() ? DdnnDrop::OFF : cause, node, packet);
        }
    }

    void Pass(DdnnDrop cause, Ptr<const Packet> packet) const
    {
        device && device->IsOff() ? Drop(cause, packet) : observer->passed(cause, node, packet);
    }

    std::shared_ptr<const Observer> observer;
    uint32_t node;
    const DdnnNetDeviceSwitch* device; ///< nullptr: the object belongs to the node
};

/// A trace source that tells what becomes of packets.
struct DropSource
{
    const char* owner;  ///< type of the net device, or of what is aggregated to the node
    const char* path;   ///< from there, see ForEachDdnnObject
    const char* source; ///< name of the trace source
    /// Connects the source, by its signature.
    void (*connect)(const DropSource& row, Ptr<Object> object, const Reporter& report);
    DdnnDrop cause;
};

/// What the arguments of a trace source mean.
struct Told
{
    DdnnDrop cause;
    Ptr<const Packet> packet;
};

Told
Tell(DdnnDrop cause, Ptr<const Packet> packet)
{
    return {cause, packet};
}

Told
Tell(DdnnDrop cause, Ptr<const Packet> packet, Ptr<NetDevice>)
{
    return {cause, packet};
}

Told
Tell(DdnnDrop cause, Ptr<const QueueDiscItem> item)
{
    return {cause, item->GetPacket()};
}

Told
Tell(DdnnDrop cause, Ptr<const WifiMpdu> mpdu)
{
    return {cause, mpdu->GetPacket()};
}

Told
Tell(DdnnDrop other, WifiMacDropReason reason, Ptr<const WifiMpdu> mpdu)
{
    const bool isQueue = reason == WIFI_MAC_DROP_FAILED_ENQUEUE;
    const bool isRetries = reason == WIFI_MAC_DROP_REACHED_RETRY_LIMIT;
    return {isQueue ? DdnnDrop::QUEUE : isRetries ? DdnnDrop::RETRIES : other, mpdu->GetPacket()};
}

Told
Tell(DdnnDrop cause,
     SixLowPanNetDevice::DropReason,
     Ptr<const Packet> packet,
     Ptr<SixLowPanNetDevice>,
     uint32_t)
{
    return {cause, packet};
}

template <typename Header>
Told
Tell(DdnnDrop cause, const Header&, Ptr<const Packet> packet, uint32_t)
{
    return {cause, packet};
}

DdnnDrop
GetInterfaceCause(Ptr<NetDevice> device)
{
    return DdnnNetDeviceSwitch::Get(device)->IsOff() ? DdnnDrop::OFF : DdnnDrop::INTERFACE_DOWN;
}

template <typename... Args>
void
ConnectDrop(const DropSource& row, Ptr<Object> object, const Reporter& report)
{
    ConnectDdnnTrace<Args...>(object, row.source, [report, cause = row.cause](Args... args) {
        const Told told = Tell(cause, args...);
        report.Drop(told.cause, told.packet);
    });
}

template <typename... Args>
void
ConnectPass(const DropSource& row, Ptr<Object> object, const Reporter& report)
{
    ConnectDdnnTrace<Args...>(object, row.source, [report, cause = row.cause](Args... args) {
        const Told told = Tell(cause, args...);
        report.Pass(told.cause, told.packet);
    });
}

template <typename Protocol>
DdnnDrop
GetCause(typename Protocol::DropReason reason)
{
    switch (reason)
    {
    case Protocol::DROP_TTL_EXPIRED:
        return DdnnDrop::HOP_LIMIT;
    case Protocol::DROP_NO_ROUTE:
    case Protocol::DROP_ROUTE_ERROR:
        return DdnnDrop::NO_ROUTE;
    case Protocol::DROP_INTERFACE_DOWN:
        return DdnnDrop::INTERFACE_DOWN;
    case Protocol::DROP_FRAGMENT_TIMEOUT:
        return DdnnDrop::REASSEMBLY;
    default:
        return DdnnDrop::MALFORMED;
    }
}

/// In IPv6 there is no packet at a timeout, if the first fragment was dropped before.
template <typename Protocol, typename Ip, typename Header>
void
ConnectIp(const DropSource& row, Ptr<Object> object, const Reporter& report)
{
    using Reason = typename Protocol::DropReason;
    const auto handler =
        [report](const Header&, Ptr<const Packet> packet, Reason reason, Ptr<Ip> ip, uint32_t i) {
            const DdnnDrop cause = GetCause<Protocol>(reason);
            const bool isDown = cause == DdnnDrop::INTERFACE_DOWN;
            report.Drop(isDown ? GetInterfaceCause(ip->GetNetDevice(i)) : cause, packet);
        };
    ConnectDdnnTrace<const Header&, Ptr<const Packet>, Reason, Ptr<Ip>, uint32_t>(object,
                                                                                  row.source,
                                                                                  handler);
}

/// All devices of the channel receive each frame.
void
ConnectCsmaReception(const DropSource& row, Ptr<Object> object, const Reporter& report)
{
    const Address own = DynamicCast<NetDevice>(object)->GetAddress();
    ConnectDdnnTrace<Ptr<const Packet>>(
        object,
        row.source,
        [report, own, cause = row.cause](Ptr<const Packet> packet) {
            EthernetHeader header(false);
            packet->PeekHeader(header);
            const Mac48Address to = header.GetDestination();
            report.Drop(cause, to == own || to.IsGroup() ? packet : nullptr);
        });
}

/// What a mesh point receives and does not hand on, it has no path for.
void
ConnectMeshReception(const DropSource& row, Ptr<Object> object, const Reporter& report)
{
    if (IsOfDdnnType(*object, "MeshWifiInterfaceMac"))
    {
        ConnectPass<Ptr<const Packet>>(row, object, report);
    }
}

/// The RLC buffers of an LTE device exist once its bearers are set up.
void
ConnectBearers(const DropSource& row, Ptr<Object> rrc, const Reporter& report)
{
    const auto known = std::make_shared<std::set<Ptr<Object>>>();
    const auto look = [&row, known, report, rrc = PeekPointer(rrc)](uint64_t, uint16_t, uint16_t) {
        ForEachDdnnObject(rrc, row.source, [&](Ptr<Object> rlc) {
            if (known->insert(rlc).second)
            {
                ConnectDrop<Ptr<const Packet>>({"", "", "TxDrop", nullptr, row.cause}, rlc, report);
            }
        });
    };
    for (const char* source : {"ConnectionReconfiguration", "HandoverEndOk"})
    {
        ConnectDdnnTrace<uint64_t, uint16_t, uint16_t>(rrc, source, look);
    }
    look(0, 0, 0);
}

/// \return whether a net device tells of each packet that enters it, see DROP_SOURCES
bool
TellsOfEntry(const NetDevice& device)
{
    return IsOfDdnnType(device, "CsmaNetDevice") || IsOfDdnnType(device, "WifiNetDevice") ||
           IsOfDdnnType(device, "SixLowPanNetDevice") || IsOfDdnnType(device, "MeshPointDevice");
}

/// IP hands packets to a net device. Those that are point-to-point lose none without a word.
template <typename Protocol, typename Header>
void
ConnectHandover(const DropSource& row, Ptr<Object> object, const Reporter& report)
{
    const auto ip = DynamicCast<Protocol>(object);
    std::set<const NetDevice*> telling;
    bool isNeeded = false;
    for (uint32_t i = 1; i < ip->GetNInterfaces(); ++i) // but for the loopback device
    {
        const Ptr<NetDevice> device = ip->GetNetDevice(i);
        isNeeded = isNeeded || device->NeedsArp() || !device->IsPointToPoint();
        if (TellsOfEntry(*device))
        {
            telling.insert(PeekPointer(device));
        }
    }
    const auto handler = [=, &row, ip = PeekPointer(ip)](const Header&,
                                                         Ptr<const Packet> packet,
                                                         uint32_t interface) {
        const Ptr<NetDevice> device = ip->GetNetDevice(interface);
        const bool tells = telling.count(PeekPointer(device)) > 0;
        ip->IsUp(interface) ? report.Pass(tells ? row.cause : DdnnDrop::UNKNOWN, packet)
                            : report.Drop(GetInterfaceCause(device), packet);
    };
    if (isNeeded)
    {
        ConnectDdnnTrace<const Header&, Ptr<const Packet>, uint32_t>(object, row.source, handler);
    }
}

constexpr auto PACKET = &ConnectDrop<Ptr<const Packet>>;
constexpr auto PASSING = &ConnectPass<Ptr<const Packet>>;
constexpr auto GATE = &ConnectDrop<Ptr<const Packet>, Ptr<NetDevice>>;
constexpr auto ITEM = &ConnectDrop<Ptr<const QueueDiscItem>>;
constexpr auto MPDU = &ConnectDrop<Ptr<const WifiMpdu>>;
constexpr auto QUEUED = &ConnectPass<Ptr<const WifiMpdu>>;
constexpr auto REASON = &ConnectDrop<WifiMacDropReason, Ptr<const WifiMpdu>>;
constexpr auto LOWPAN = &ConnectDrop<SixLowPanNetDevice::DropReason,
                                     Ptr<const Packet>,
                                     Ptr<SixLowPanNetDevice>,
                                     uint32_t>;
constexpr auto IPV4 = &ConnectIp<Ipv4L3Protocol, Ipv4, Ipv4Header>;
constexpr auto IPV6 = &ConnectIp<Ipv6L3Protocol, Ipv6, Ipv6Header>;
constexpr auto DELIVER4 = &ConnectPass<const Ipv4Header&, Ptr<const Packet>, uint32_t>;
constexpr auto DELIVER6 = &ConnectPass<const Ipv6Header&, Ptr<const Packet>, uint32_t>;
constexpr auto SEND4 = &ConnectHandover<Ipv4L3Protocol, Ipv4Header>;
constexpr auto SEND6 = &ConnectHandover<Ipv6L3Protocol, Ipv6Header>;
constexpr auto UE_BEARERS = "DataRadioBearerMap/*/LteRlc";
constexpr auto ENB_BEARERS = "UeMap/*/DataRadioBearerMap/*/LteRlc";

const DropSource DROP_SOURCES[] = {
    {"PointToPointNetDevice", "", "MacTxDrop", PACKET, DdnnDrop::QUEUE},
    {"PointToPointNetDevice", "TxQueue", "Drop", PACKET, DdnnDrop::QUEUE},
    {"PointToPointNetDevice", "", "PhyTxDrop", PACKET, DdnnDrop::OFF},
    {"PointToPointNetDevice", "", "PhyRxDrop", PACKET, DdnnDrop::LOSS},
    {"CsmaNetDevice", "", "MacTxDrop", PACKET, DdnnDrop::QUEUE},
    {"CsmaNetDevice", "TxQueue", "Drop", PACKET, DdnnDrop::QUEUE},
    {"CsmaNetDevice", "", "PhyTxBegin", PASSING, DdnnDrop::UNHEARD},
    {"CsmaNetDevice", "", "PhyTxDrop", PACKET, DdnnDrop::RETRIES},
    {"CsmaNetDevice", "", "PhyRxDrop", ConnectCsmaReception, DdnnDrop::LOSS},
    {"SimpleNetDevice", "TxQueue", "Drop", PACKET, DdnnDrop::QUEUE},
    {"SimpleNetDevice", "", "PhyRxDrop", PACKET, DdnnDrop::LOSS},
    {"WifiNetDevice", "Mac", "MacTxDrop", PACKET, DdnnDrop::NOT_ASSOCIATED},
    {"WifiNetDevice", "Mac", "DroppedMpdu", REASON, DdnnDrop::EXPIRED},
    {"WifiNetDevice", "Mac", "MacPromiscRx", ConnectMeshReception, DdnnDrop::UNRESOLVED},
    {"WifiNetDevice", "Mac/Txop/Queue", "Enqueue", QUEUED, DdnnDrop::UNKNOWN},
    {"WifiNetDevice", "Mac/Txop/Queue", "DropAfterDequeue", MPDU, DdnnDrop::EXPIRED},
    {"WifiNetDevice", "Mac/BE_Txop/Queue", "Enqueue", QUEUED, DdnnDrop::UNKNOWN},
    {"WifiNetDevice", "Mac/BE_Txop/Queue", "DropAfterDequeue", MPDU, DdnnDrop::EXPIRED},
    {"LrWpanNetDevice", "Mac", "MacTxEnqueue", PASSING, DdnnDrop::UNKNOWN},
    {"LrWpanNetDevice", "Mac", "MacTxDrop", PACKET, DdnnDrop::RETRIES},
    {"LrWpanNetDevice", "Mac", "MacIndTxDrop", PACKET, DdnnDrop::EXPIRED},
    {"SixLowPanNetDevice", "", "Drop", LOWPAN, DdnnDrop::REASSEMBLY},
    {"LteUeNetDevice", "LteUeRrc", UE_BEARERS, ConnectBearers, DdnnDrop::QUEUE},
    {"LteEnbNetDevice", "LteEnbRrc", ENB_BEARERS, ConnectBearers, DdnnDrop::QUEUE},
    {"DdnnLossGate", "", "Drop", GATE, DdnnDrop::LOSS},
    {"TrafficControlLayer", "", "TcDrop", PACKET, DdnnDrop::QUEUE},
    {"TrafficControlLayer", "RootQueueDiscList/*", "Drop", ITEM, DdnnDrop::QUEUE},
    {"ArpL3Protocol", "", "Drop", PACKET, DdnnDrop::UNRESOLVED},
    {"ArpL3Protocol", "CacheList/*", "Drop", PACKET, DdnnDrop::UNRESOLVED},
    {"Ipv4L3Protocol", "", "Drop", IPV4, DdnnDrop::NO_ROUTE},
    {"Ipv4L3Protocol", "", "SendOutgoing", SEND4, DdnnDrop::UNRESOLVED},
    {"Ipv4L3Protocol", "", "UnicastForward", SEND4, DdnnDrop::UNRESOLVED},
    {"Ipv4L3Protocol", "", "LocalDeliver", DELIVER4, DdnnDrop::NO_SOCKET},
    {"Ipv6L3Protocol", "", "Drop", IPV6, DdnnDrop::NO_ROUTE},
    {"Ipv6L3Protocol", "", "SendOutgoing", SEND6, DdnnDrop::UNRESOLVED},
    {"Ipv6L3Protocol", "", "UnicastForward", SEND6, DdnnDrop::UNRESOLVED},
    {"Ipv6L3Protocol", "", "LocalDeliver", DELIVER6, DdnnDrop::NO_SOCKET},
};

} // namespace

std::string
ToString(DdnnDrop cause)
{
    static const std::array<const char*, DDNN_NUM_DROPS + 1> NAMES{"queue",
                                                                   "retries",
                                                                   "expired",
                                                                   "not-associated",
                                                                   "off",
                                                                   "loss",
                                                                   "no-route",
                                                                   "hop-limit",
                                                                   "interface-down",
                                                                   "malformed",
                                                                   "reassembly",
                                                                   "unresolved",
                                                                   "no-socket",
                                                                   "connection",
                                                                   "unheard",
                                                                   "unknown"};
    return NAMES.at(static_cast<std::size_t>(cause));
}

void
TraceDdnnDrops(const DdnnDropCallback& dropped, const DdnnDropCallback& passed)
{
    const auto observer = std::make_shared<const Observer>(Observer{dropped, passed});
    std::map<TypeId, std::vector<const DropSource*>> rows; // which apply, by type of an object
    const auto connect = [&rows](Ptr<Object> owner, const Reporter& report) {
        const auto [found, isNew] = rows.try_emplace(owner->GetInstanceTypeId());
        for (const DropSource& row : DROP_SOURCES)
        {
            if (isNew && IsOfDdnnType(*owner, row.owner))
            {
                found->second.push_back(&row);
            }
        }
        for (const DropSource* row : found->second)
        {
            ForEachDdnnObject(owner, row->path, [&](Ptr<Object> object) {
                row->connect(*row, object, report);
            });
        }
    };
    for (auto i = NodeList::Begin(); i != NodeList::End(); ++i)
    {
        const Ptr<Node> node = *i;
        DdnnLossGate::Get(node);               // faults that come later lose packets there
        std::vector<Ptr<const Object>> layers; // ns-3 changes their order whenever it looks for one
        for (auto layer = node->GetAggregateIterator(); layer.HasNext();)
        {
            layers.push_back(layer.Next());
        }
        for (const auto& layer : layers)
        {
            connect(ConstCast<Object>(layer), {observer, node->GetId(), nullptr});
        }
        for (uint32_t j = 0; j < node->GetNDevices(); ++j)
        {
            const auto itsSwitch = DdnnNetDeviceSwitch::Get(node->GetDevice(j));
            connect(node->GetDevice(j), {observer, node->GetId(), PeekPointer(itsSwitch)});
        }
    }
}

} // namespace ns3
