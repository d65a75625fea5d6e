// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-wifi-access.h"

#include "ns3/data-rate.h"
#include "ns3/ddnn-compat.h"
#include "ns3/double.h"
#include "ns3/qos-txop.h"
#include "ns3/simulator.h"
#include "ns3/ssid.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-mac-queue.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-psdu.h"
#include "ns3/yans-wifi-channel.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace ns3
{

namespace
{

/// Between two stations' attempts to join.
const Time JOIN_SPACING = MilliSeconds(5);

/// How long a station listens for beacons, which come every 102.4 ms, before it joins.
const Time LISTENING = MilliSeconds(120);

/// After the last station's attempt, time for it and for one repetition.
const Time JOINING = MilliSeconds(700);

/// Between two stations' warm-up.
const Time WARM_UP_SPACING = MilliSeconds(5);

/// After the last station's warm-up, time for it.
const Time WARM_UP = MilliSeconds(50);

/// Frames of a warm-up: agreements on block acknowledgement are made for more than one only.
constexpr int WARM_UP_FRAMES = 3;

/// Local experimental Ethertype, which no node listens to.
constexpr uint16_t WARM_UP_PROTOCOL = 0x88b5;

/// A station that misses so many beacons leaves the cell. It does not, however, come back once its
/// radio has been off (and in ns-3.37 leaving with the radio off is a fatal error), so: never.
constexpr uint32_t MAX_MISSED_BEACONS = 1000000;

/// Devices that sent together, as after an offload request, would collide.
const Time SLOT_SPACING = MicroSeconds(300);

/// The lowest rate of the standards.
const DataRate SLOWEST("6Mbps");

/// What the program accepts of a standard.
struct StandardChoice
{
    std::string name;
    WifiStandard standard;
    std::string modePrefix; ///< of the modes that its data frames can use
    std::vector<std::string> modeSuffixes;
    std::string controlMode; ///< which all stations of the standard can receive
};

const std::vector<std::string> OFDM_RATES =
    {"6Mbps", "9Mbps", "12Mbps", "18Mbps", "24Mbps", "36Mbps", "48Mbps", "54Mbps"};

std::vector<std::string>
Numbers(int last)
{
    std::vector<std::string> numbers;
    for (int i = 0; i <= last; ++i)
    {
        numbers.push_back(std::to_string(i));
    }
    return numbers;
}

std::vector<StandardChoice>
MakeStandards()
{
    return {
        {"80211a", WIFI_STANDARD_80211a, "OfdmRate", OFDM_RATES, "OfdmRate6Mbps"},
        {"80211g", WIFI_STANDARD_80211g, "ErpOfdmRate", OFDM_RATES, "ErpOfdmRate6Mbps"},
        {"80211n", WIFI_STANDARD_80211n, "HtMcs", Numbers(7), "OfdmRate6Mbps"},
        {"80211ac", WIFI_STANDARD_80211ac, "VhtMcs", Numbers(9), "OfdmRate6Mbps"},
        {"80211ax", WIFI_STANDARD_80211ax, "HeMcs", Numbers(11), "OfdmRate6Mbps"},
    };
}

StandardChoice
FindStandard(const std::string& name)
{
    std::string known;
    for (const StandardChoice& choice : MakeStandards())
    {
        if (choice.name == name)
        {
            return choice;
        }
        known += " " + choice.name;
    }
    throw std::runtime_error("Wi-Fi standard '" + name + "' is not known, use one of:" + known);
}

std::string
GetSsid(uint32_t cell)
{
    return cell == 0 ? "ddnn" : "ddnn-" + std::to_string(cell);
}

void
CheckMode(const StandardChoice& choice, const std::string& rate)
{
    std::string known;
    for (const std::string& suffix : choice.modeSuffixes)
    {
        if (rate == choice.modePrefix + suffix)
        {
            return;
        }
        known += " " + choice.modePrefix + suffix;
    }
    throw std::runtime_error("Wi-Fi rate '" + rate + "' is none of " + choice.name +
                             "'s, use one of:" + known);
}

} // namespace

DdnnWifiAccess::DdnnWifiAccess(const DdnnWifiSettings& settings)
    : m_settings(settings)
    , m_standard(FindStandard(settings.standard).standard)
{
    if (!settings.rate.empty())
    {
        CheckMode(FindStandard(settings.standard), settings.rate);
    }
}

std::string
DdnnWifiAccess::GetName() const
{
    return "wifi";
}

uint32_t
DdnnWifiAccess::GetMaxDevices() const
{
    return 2007; // association identifiers of IEEE 802.11
}

Ptr<YansWifiChannel>
DdnnWifiAccess::CreateChannel() const
{
    YansWifiChannelHelper channel;
    channel.SetPropagationDelay("ns3::ConstantSpeedPropagationDelayModel");
    if (m_settings.pathLoss == DdnnPathLoss::FRIIS)
    {
        channel.AddPropagationLoss("ns3::FriisPropagationLossModel");
    }
    else
    {
        channel.AddPropagationLoss("ns3::LogDistancePropagationLossModel",
                                   "Exponent",
                                   DoubleValue(m_settings.pathLossExponent));
    }
    if (m_settings.fading == DdnnFading::NAKAGAMI)
    {
        channel.AddPropagationLoss("ns3::NakagamiPropagationLossModel");
    }
    return channel.Create();
}

WifiHelper
DdnnWifiAccess::CreateHelper() const
{
    WifiHelper wifi;
    wifi.SetStandard(m_standard);
    if (m_settings.rate.empty())
    {
        wifi.SetRemoteStationManager("ns3::IdealWifiManager");
    }
    else
    {
        wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                     "DataMode",
                                     StringValue(m_settings.rate),
                                     "ControlMode",
                                     StringValue(FindStandard(m_settings.standard).controlMode));
    }
    return wifi;
}

void
DdnnWifiAccess::Install(const NodeContainer& devices, Ptr<Node> gateway)
{
    m_numDevices = devices.GetN();
    CreateStations(m_settings.background);
    const NodeContainer& others = GetStations().GetNodes();
    Place(devices, m_settings.placement, m_settings.radiusMetres);
    Place(others, m_settings.placement, m_settings.radiusMetres);
    PlaceInMiddle(gateway);
    m_channel = CreateChannel();
    m_phy.SetChannel(m_channel);
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        m_netDevices.Add(InstallStation(devices.Get(i), i));
    }
    WifiMacHelper mac;
    mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(Ssid(GetSsid(m_settings.cell))));
    m_netDevices.Add(CreateHelper().Install(m_phy, mac, gateway));
    m_unanswered.resize(m_netDevices.GetN());
    NetDeviceContainer stations;
    for (uint32_t i = 0; i < others.GetN(); ++i)
    {
        stations.Add(InstallStation(others.Get(i), m_numDevices + i));
    }
    GetStations().SetNetDevices(stations, m_netDevices.Get(m_numDevices));
}

Ptr<NetDevice>
DdnnWifiAccess::InstallStation(Ptr<Node> node, uint32_t number)
{
    WifiMacHelper mac;
    mac.SetType("ns3::StaWifiMac",
                "Ssid",
                SsidValue(Ssid(GetSsid(m_settings.cell))),
                "WaitBeaconTimeout",
                TimeValue(LISTENING + JOIN_SPACING * number),
                "MaxMissedBeacons",
                UintegerValue(MAX_MISSED_BEACONS));
    const Ptr<NetDevice> station = CreateHelper().Install(m_phy, mac, node).Get(0);
    Simulator::Schedule(GetJoinTime(GetNumStations()) + WARM_UP_SPACING * number,
                        &DdnnWifiAccess::WarmUp,
                        this,
                        station);
    return station;
}

uint32_t
DdnnWifiAccess::GetNumStations() const
{
    return m_numDevices + GetStations().GetNodes().GetN();
}

Time
DdnnWifiAccess::GetStartUpTime() const
{
    return GetJoinTime(GetNumStations()) + WARM_UP_SPACING * GetNumStations() + WARM_UP;
}

Time
DdnnWifiAccess::GetJoinTime(uint32_t numDevices)
{
    return LISTENING + JOIN_SPACING * numDevices + JOINING;
}

void
DdnnWifiAccess::WarmUp(Ptr<NetDevice> station) const
{
    const Address gateway = m_netDevices.Get(m_numDevices)->GetAddress();
    for (int i = 0; i < WARM_UP_FRAMES; ++i)
    {
        station->Send(Create<Packet>(1), gateway, WARM_UP_PROTOCOL);
    }
}

void
DdnnWifiAccess::FinishStartUp()
{
    if (!m_settings.allowUnconnected)
    {
        CheckAssociated();
    }
    // Association has flushed even permanent entries.
    AddNeighbours();
    GetStations().AddNeighbours();
}

void
DdnnWifiAccess::CheckAssociated() const
{
    const NetDeviceContainer& others = GetStations().GetNetDevices();
    for (uint32_t i = 0; i < GetNumStations(); ++i)
    {
        const bool isDevice = i < m_numDevices;
        const auto station = DynamicCast<WifiNetDevice>(isDevice ? m_netDevices.Get(i)
                                                                 : others.Get(i - m_numDevices));
        if (!DynamicCast<StaWifiMac>(station->GetMac())->IsAssociated())
        {
            const std::string name = isDevice ? "device " + std::to_string(i)
                                              : "station " + std::to_string(i - m_numDevices);
            throw std::runtime_error(name + " did not associate with the access point in " +
                                     std::to_string(GetStartUpTime().GetMilliSeconds()) +
                                     " ms; bring it nearer or use a lower rate");
        }
    }
}

bool
DdnnWifiAccess::HasBroadcast() const
{
    return true;
}

Time
DdnnWifiAccess::GetSlotSpacing(uint32_t) const
{
    return SLOT_SPACING;
}

Time
DdnnWifiAccess::GetTransmissionTime(uint32_t messageBytes) const
{
    return MilliSeconds(1) + SLOWEST.CalculateBytesTxTime(messageBytes);
}

Ptr<WifiPhy>
DdnnWifiAccess::GetPhy(uint32_t node) const
{
    return DynamicCast<WifiNetDevice>(m_netDevices.Get(node))->GetPhy();
}

void
DdnnWifiAccess::SwitchOff(uint32_t device)
{
    CheckDevice(device);
    SetOn(device, false);
}

void
DdnnWifiAccess::SwitchOn(uint32_t device)
{
    CheckDevice(device);
    SetOn(device, true);
}

void
DdnnWifiAccess::SwitchOffGateway()
{
    SetOn(m_numDevices, false);
}

void
DdnnWifiAccess::SwitchOnGateway()
{
    SetOn(m_numDevices, true);
}

void
DdnnWifiAccess::SetOn(uint32_t node, bool on)
{
    const Ptr<WifiPhy> phy = GetPhy(node);
    if (on && phy->IsStateOff())
    {
        DropQueued(node);
        phy->ResumeFromOff();
    }
    if (!on && !phy->IsStateOff()) // ns-3 would abort
    {
        FindUnanswered(node);
        phy->SetOffMode();
    }
}

Ptr<WifiMac>
DdnnWifiAccess::GetMac(uint32_t node) const
{
    return DynamicCast<WifiNetDevice>(m_netDevices.Get(node))->GetMac();
}

void
DdnnWifiAccess::FindUnanswered(uint32_t node)
{
    if (!GetMac(node)->GetQosSupported())
    {
        return; // no block acknowledgement
    }
    const Ptr<WifiMacQueue> queue = GetMac(node)->GetTxopQueue(AC_BE);
    for (uint32_t i = 0; i < m_netDevices.GetN(); ++i)
    {
        const auto peer = Mac48Address::ConvertFrom(m_netDevices.Get(i)->GetAddress());
        Ptr<const WifiMpdu> mpdu;
        while ((mpdu = DDNN_PEEK_NEXT(*queue, 0, peer, mpdu)))
        {
            if (mpdu->IsInFlight())
            {
                m_unanswered[node].push_back(mpdu);
            }
        }
    }
}

void
DdnnWifiAccess::DropQueued(uint32_t node)
{
    const Ptr<WifiMac> mac = GetMac(node);
    // What has waited would go out in bursts, with several agreements on block acknowledgement at
    // the same moment: see WarmUp.
    const Ptr<WifiMacQueue> queue = mac->GetTxopQueue(mac->GetQosSupported() ? AC_BE : AC_BE_NQOS);
    queue->WipeAllExpiredMpdus(); // which Flush stumbles over before ns-3.38
    queue->Flush();
    for (const Ptr<const WifiMpdu>& mpdu : m_unanswered[node])
    {
        // Let the agreement go on behind it: else the other side waits for it for ever.
        WifiMacHeader header = mpdu->GetHeader();
        header.SetRetry();
        mac->GetQosTxop(AC_BE)->GetBaManager()->NotifyDiscardedMpdu(
            Create<WifiMpdu>(mpdu->GetPacket(), header));
    }
    m_unanswered[node].clear();
}

void
DdnnWifiAccess::SetRate(uint32_t device, const std::string& value)
{
    CheckDevice(device);
    CheckRate(value);
    DynamicCast<WifiNetDevice>(m_netDevices.Get(device))
        ->GetRemoteStationManager()
        ->SetAttribute("DataMode", StringValue(value));
}

void
DdnnWifiAccess::CheckRate(const std::string& value) const
{
    if (m_settings.rate.empty())
    {
        throw std::runtime_error("rate '" + value +
                                 "': the stations choose their rates; set one with --wifiRate");
    }
    CheckMode(FindStandard(m_settings.standard), value);
}

void
DdnnWifiAccess::TraceFrames(FrameCallback callback)
{
    m_frameCallback = std::move(callback);
    for (uint32_t i = 0; i < m_netDevices.GetN(); ++i)
    {
        GetPhy(i)->TraceConnectWithoutContext(
            "PhyTxPsduBegin",
            MakeCallback(&DdnnWifiAccess::HandleTransmission, this, i));
    }
}

void
DdnnWifiAccess::HandleTransmission(uint32_t node,
                                   WifiConstPsduMap psdus,
                                   WifiTxVector,
                                   double) const
{
    for (const auto& [station, psdu] : psdus)
    {
        if (GetStations().IsStation(psdu->GetAddr1()))
        {
            continue; // an answer to others than our devices
        }
        for (std::size_t i = 0; i < psdu->GetNMpdus(); ++i)
        {
            const auto bytes =
                psdu->IsAggregate() ? psdu->GetAmpduSubframeSize(i) : psdu->GetSize();
            m_frameCallback(node, psdu->GetPayload(i), bytes);
        }
    }
}

void
DdnnWifiAccess::EnablePcap(const std::string& prefix)
{
    m_phy.SetPcapDataLinkType(WifiPhyHelper::DLT_IEEE802_11_RADIO);
    m_phy.EnablePcap(prefix, m_netDevices);
}

int64_t
DdnnWifiAccess::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    next += AssignPlacementStreams(next); // the first, so that nothing else changes the positions
    WifiHelper wifi;
    next += wifi.AssignStreams(m_netDevices, next);
    next += m_channel->AssignStreams(next);
    next += wifi.AssignStreams(GetStations().GetNetDevices(), next);
    next += GetStations().AssignStreams(next);
    return next - stream;
}

} // namespace ns3
