// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-lte-access.h"

#include "ddnn-link.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/epc-pgw-application.h"
#include "ns3/epc-ue-nas.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-enb-rrc.h"
#include "ns3/lte-ue-phy.h"
#include "ns3/lte-ue-rrc.h"
#include "ns3/node-list.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/uinteger.h"

#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnLteAccess);

namespace
{

constexpr uint32_t PACKET_GATEWAY_HOST = 2;

constexpr uint32_t MAX_DEVICES = 300; ///< the base station can tell a little more apart
constexpr double TX_POWER_DBM = 10;   ///< of a device
constexpr double RADIUS = 50;         ///< metres

/// To find the cell and to connect, at least, and with the others' attempts.
const Time CONNECTING = MilliSeconds(200);
const Time CONNECTING_PER_DEVICE = MilliSeconds(5);

/// The core network's links carry a little more; ns-3's default of 30000 they would cut.
constexpr uint16_t MTU = 1500;

constexpr uint32_t BEARER_BUFFER = 1 << 20; ///< bytes

/// From the core network's helpers.
const Ipv4Address IPV4_POOL("7.0.0.0");
const Ipv4Mask IPV4_POOL_MASK("255.0.0.0");
const Ipv6Address IPV6_POOL("7777:f00d::");
const Ipv6Prefix IPV6_POOL_PREFIX(64);

void
CheckFirst()
{
    for (uint32_t node = 0; node < NodeList::GetNNodes(); ++node)
    {
        const Ptr<Node> candidate = NodeList::GetNode(node);
        for (uint32_t i = 0; i < candidate->GetNApplications(); ++i)
        {
            if (DynamicCast<EpcPgwApplication>(candidate->GetApplication(i)))
            {
                throw std::runtime_error("ns-3 can simulate one LTE network only: use one cell, or "
                                         "another access network");
            }
        }
    }
}

void
CheckResourceBlocks(uint32_t resourceBlocks)
{
    for (uint32_t known : {6, 15, 25, 50, 75, 100})
    {
        if (resourceBlocks == known)
        {
            return;
        }
    }
    throw std::runtime_error("ns3::DdnnLteAccess::ResourceBlocks is " +
                             std::to_string(resourceBlocks) +
                             ", must be one of: 6 15 25 50 75 100");
}

/// The shortest period, in ms, in which all devices can sound the channel in turn.
uint32_t
ChooseSoundingPeriod(uint32_t numDevices)
{
    for (uint32_t period : {20, 40, 80, 160})
    {
        if (numDevices + 1 < period)
        {
            return period;
        }
    }
    return 320;
}

/// Let a node's bearers buffer the largest messages, for as long as they take.
void
WidenBearers(Ptr<Node> node, const std::string& owner)
{
    const std::string bearers = "/NodeList/" + std::to_string(node->GetId()) + "/DeviceList/*/" +
                                owner + "/DataRadioBearerMap/*/LteRlc/$ns3::LteRlcUm/";
    Config::Set(bearers + "MaxTxBufferSize", UintegerValue(BEARER_BUFFER));
    Config::SetFailSafe(bearers + "EnablePdcpDiscarding", BooleanValue(false)); // not in ns-3.37
}

} // namespace

TypeId
DdnnLteAccess::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnLteAccess")
            .SetParent<DdnnWirelessAccess>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnLteAccess>()
            .AddAttribute("ResourceBlocks",
                          "Bandwidth of uplink and downlink each: 6, 15, 25, 50, 75 or 100.",
                          UintegerValue(25),
                          MakeUintegerAccessor(&DdnnLteAccess::m_resourceBlocks),
                          MakeUintegerChecker<uint32_t>(6, 100));
    return tid;
}

void
DdnnLteAccess::DoDispose()
{
    m_lte = nullptr;
    m_core = nullptr;
    m_baseStation = NetDeviceContainer();
    m_packetGateway = nullptr;
    DdnnWirelessAccess::DoDispose();
}

double
DdnnLteAccess::GetDefaultRadius() const
{
    return RADIUS;
}

bool
DdnnLteAccess::CanRepeat() const
{
    return false;
}

uint32_t
DdnnLteAccess::GetMaxDevices() const
{
    return MAX_DEVICES;
}

void
DdnnLteAccess::Install(const NodeContainer& devices, Ptr<Node> gateway)
{
    CheckFirst();
    CheckResourceBlocks(m_resourceBlocks);
    m_numDevices = devices.GetN();
    m_lte = CreateObject<LteHelper>();
    m_core = CreateObject<PointToPointEpcHelper>();
    m_lte->SetEpcHelper(m_core);
    m_lte->SetEnbDeviceAttribute("DlBandwidth", UintegerValue(m_resourceBlocks));
    m_lte->SetEnbDeviceAttribute("UlBandwidth", UintegerValue(m_resourceBlocks));
    auto baseStation = CreateObject<Node>();
    Place(devices);
    PlaceInMiddle(baseStation);
    PlaceInMiddle(gateway);
    m_baseStation = m_lte->InstallEnbDevice(baseStation);
    DynamicCast<LteEnbNetDevice>(m_baseStation.Get(0))
        ->GetRrc()
        ->SetAttribute("SrsPeriodicity", UintegerValue(ChooseSoundingPeriod(m_numDevices)));
    m_netDevices = m_lte->InstallUeDevice(devices);
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        GetUe(i)->GetPhy()->SetAttribute("EnableUplinkPowerControl", BooleanValue(false));
        GetUe(i)->GetPhy()->SetTxPower(TX_POWER_DBM);
        GetUe(i)->SetMtu(MTU);
    }
    ConnectCore(gateway);
}

void
DdnnLteAccess::ConnectCore(Ptr<Node> gateway)
{
    const Ptr<Node> core = m_core->GetPgwNode();
    core->GetObject<Ipv6L3Protocol>()->SetAttribute("IpForward", BooleanValue(true));
    core->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
    const NetDeviceContainer ends =
        CreateDdnnLink(core, gateway, {DataRate("1Gbps"), MilliSeconds(1)});
    m_packetGateway = ends.Get(0);
    m_netDevices.Add(ends.Get(1));
}

void
DdnnLteAccess::AssignAddresses(const DdnnSubnet& subnet)
{
    SetSubnet(subnet);
    subnet.Add(m_netDevices.Get(m_numDevices), GATEWAY_HOST);
    subnet.Add(m_packetGateway, PACKET_GATEWAY_HOST);
    DdnnSubnet::AddDefaultRoute(m_packetGateway, subnet.GetAddress(GATEWAY_HOST));
    AddPoolRoute(m_netDevices.Get(m_numDevices), subnet.GetAddress(PACKET_GATEWAY_HOST));
    const NetDeviceContainer devices = GetDevices();
    if (subnet.IsIpv6())
    {
        m_core->AssignUeIpv6Address(devices);
    }
    else
    {
        m_core->AssignUeIpv4Address(devices);
    }
    const Address nextHop = subnet.IsIpv6() ? Address(m_core->GetUeDefaultGatewayAddress6())
                                            : Address(m_core->GetUeDefaultGatewayAddress());
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        DdnnSubnet::AddDefaultRoute(m_netDevices.Get(i), nextHop);
    }
    // The core network needs to know the addresses by then.
    m_lte->Attach(devices, m_baseStation.Get(0));
}

void
DdnnLteAccess::AddPoolRoute(Ptr<NetDevice> via, const Address& nextHop) const
{
    if (GetSubnet().IsIpv6())
    {
        auto ipv6 = via->GetNode()->GetObject<Ipv6>();
        Ipv6StaticRoutingHelper().GetStaticRouting(ipv6)->AddNetworkRouteTo(
            IPV6_POOL,
            IPV6_POOL_PREFIX,
            Ipv6Address::ConvertFrom(nextHop),
            ipv6->GetInterfaceForDevice(via));
        return;
    }
    auto ipv4 = via->GetNode()->GetObject<Ipv4>();
    Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddNetworkRouteTo(
        IPV4_POOL,
        IPV4_POOL_MASK,
        Ipv4Address::ConvertFrom(nextHop),
        ipv4->GetInterfaceForDevice(via));
}

void
DdnnLteAccess::AddRoutes(Ptr<NetDevice> via, const Address& nextHop) const
{
    DdnnAccess::AddRoutes(via, nextHop);
    AddPoolRoute(via, nextHop);
}

Time
DdnnLteAccess::GetStartUpTime() const
{
    return CONNECTING + CONNECTING_PER_DEVICE * m_numDevices;
}

void
DdnnLteAccess::FinishStartUp()
{
    CheckConnected();
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        WidenBearers(m_netDevices.Get(i)->GetNode(), "$ns3::LteUeNetDevice/LteUeRrc");
    }
    WidenBearers(m_baseStation.Get(0)->GetNode(), "$ns3::LteEnbNetDevice/LteEnbRrc/UeMap/*");
}

void
DdnnLteAccess::CheckConnected() const
{
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        if (GetUe(i)->GetRrc()->GetState() != LteUeRrc::CONNECTED_NORMALLY)
        {
            throw std::runtime_error(
                "device " + std::to_string(i) + " did not connect to the LTE base station in " +
                std::to_string(GetStartUpTime().GetMilliSeconds()) + " ms; bring it nearer");
        }
    }
}

bool
DdnnLteAccess::HasBroadcast() const
{
    return false;
}

Time
DdnnLteAccess::GetTransmissionTime(uint32_t messageBytes) const
{
    // A device asks for resources first; then 1 Mbit/s is its part of a full cell.
    return MilliSeconds(30) + DataRate("1Mbps").CalculateBytesTxTime(messageBytes);
}

Ptr<LteUeNetDevice>
DdnnLteAccess::GetUe(uint32_t device) const
{
    return DynamicCast<LteUeNetDevice>(m_netDevices.Get(device));
}

NetDeviceContainer
DdnnLteAccess::GetDownlinkDevices() const
{
    return m_baseStation;
}

void
DdnnLteAccess::EnablePcap(const std::string& prefix)
{
    PointToPointHelper().EnablePcap(prefix, m_netDevices.Get(m_numDevices));
}

int64_t
DdnnLteAccess::AssignStreams(int64_t stream)
{
    const NetDeviceContainer devices(m_baseStation, GetDevices());
    int64_t next = stream;
    next += AssignPlacementStreams(next); // the first, so that nothing else changes the positions
    next += m_lte->AssignStreams(devices, next);
    next += m_core->AssignStreams(next);
    return next - stream;
}

} // namespace ns3
