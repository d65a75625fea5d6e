// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-wifi-access.h"

#include "ns3/boolean.h"
#include "ns3/data-rate.h"
#include "ns3/ddnn-attributes.h"
#include "ns3/ddnn-compat.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/simulator.h"
#include "ns3/ssid.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-net-device.h"
#include "ns3/yans-wifi-channel.h"

#include <stdexcept>
#include <vector>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnWifiAccess);

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

TypeId
DdnnWifiAccess::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnWifiAccess")
            .SetParent<DdnnWirelessAccess>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnWifiAccess>()
            .AddAttribute("Standard",
                          "One of 80211a, 80211g, 80211n, 80211ac, 80211ax.",
                          StringValue("80211n"),
                          MakeStringAccessor(&DdnnWifiAccess::m_standard),
                          MakeStringChecker())
            .AddAttribute("Rate",
                          "A mode of the standard for all data frames, such as HtMcs3; empty: the "
                          "best that the signal-to-noise ratio allows.",
                          StringValue(""),
                          MakeStringAccessor(&DdnnWifiAccess::m_rate),
                          MakeStringChecker())
            .AddAttribute("PathLoss",
                          "How signals weaken with the distance.",
                          EnumValue(LOG_DISTANCE),
                          DDNN_MAKE_ENUM_ACCESSOR(PathLoss, &DdnnWifiAccess::m_pathLoss),
                          MakeEnumChecker(LOG_DISTANCE, "log-distance", FRIIS, "friis"))
            .AddAttribute("PathLossExponent",
                          "Exponent of the log-distance path loss.",
                          DoubleValue(3),
                          MakeDoubleAccessor(&DdnnWifiAccess::m_pathLossExponent),
                          MakeDoubleChecker<double>(0, 10))
            .AddAttribute("Fading",
                          "How signals vary from frame to frame.",
                          EnumValue(NONE),
                          DDNN_MAKE_ENUM_ACCESSOR(Fading, &DdnnWifiAccess::m_fading),
                          MakeEnumChecker(NONE, "none", NAKAGAMI, "nakagami"))
            .AddAttribute("AllowUnconnected",
                          "A device that cannot associate in time is no error: nothing comes from "
                          "it until it can.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&DdnnWifiAccess::m_allowUnconnected),
                          MakeBooleanChecker());
    return tid;
}

void
DdnnWifiAccess::DoDispose()
{
    m_channel = nullptr;
    m_phy.SetChannel(m_channel);
    DdnnWirelessAccess::DoDispose();
}

bool
DdnnWifiAccess::CanHaveStations() const
{
    return true;
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
    if (m_pathLoss == FRIIS)
    {
        if (!IsDefaultUnchanged("ns3::DdnnWifiAccess", "PathLossExponent"))
        {
            throw std::runtime_error("ns3::DdnnWifiAccess::PathLossExponent has no effect with the "
                                     "PathLoss friis");
        }
        channel.AddPropagationLoss("ns3::FriisPropagationLossModel");
    }
    else
    {
        channel.AddPropagationLoss("ns3::LogDistancePropagationLossModel",
                                   "Exponent",
                                   DoubleValue(m_pathLossExponent));
    }
    if (m_fading == NAKAGAMI)
    {
        channel.AddPropagationLoss("ns3::NakagamiPropagationLossModel");
    }
    return channel.Create();
}

WifiHelper
DdnnWifiAccess::CreateHelper() const
{
    WifiHelper wifi;
    wifi.SetStandard(FindStandard(m_standard).standard);
    if (m_rate.empty())
    {
        wifi.SetRemoteStationManager("ns3::IdealWifiManager");
    }
    else
    {
        wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                     "DataMode",
                                     StringValue(m_rate),
                                     "ControlMode",
                                     StringValue(FindStandard(m_standard).controlMode));
    }
    return wifi;
}

void
DdnnWifiAccess::Install(const NodeContainer& devices, Ptr<Node> gateway)
{
    m_numDevices = devices.GetN();
    if (!m_rate.empty())
    {
        CheckMode(FindStandard(m_standard), m_rate);
    }
    NodeContainer others;
    if (GetStations())
    {
        GetStations()->CreateNodes();
        others = GetStations()->GetNodes();
    }
    Place(devices);
    Place(others);
    PlaceInMiddle(gateway);
    m_channel = CreateChannel();
    m_phy.SetChannel(m_channel);
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        m_netDevices.Add(InstallStation(devices.Get(i), i));
    }
    WifiMacHelper mac;
    mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(Ssid(GetSsid(GetCell()))));
    m_netDevices.Add(CreateHelper().Install(m_phy, mac, gateway));
    NetDeviceContainer stations;
    for (uint32_t i = 0; i < others.GetN(); ++i)
    {
        stations.Add(InstallStation(others.Get(i), m_numDevices + i));
    }
    if (GetStations())
    {
        GetStations()->SetNetDevices(stations, m_netDevices.Get(m_numDevices));
    }
}

Ptr<NetDevice>
DdnnWifiAccess::InstallStation(Ptr<Node> node, uint32_t number)
{
    WifiMacHelper mac;
    mac.SetType("ns3::StaWifiMac",
                "Ssid",
                SsidValue(Ssid(GetSsid(GetCell()))),
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
    return m_numDevices + (GetStations() ? GetStations()->GetNodes().GetN() : 0);
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
    if (!m_allowUnconnected)
    {
        CheckAssociated();
    }
    // Association has flushed even permanent entries.
    AddNeighbours();
    if (GetStations())
    {
        GetStations()->AddNeighbours();
    }
}

void
DdnnWifiAccess::CheckAssociated() const
{
    NetDeviceContainer others;
    if (GetStations())
    {
        others = GetStations()->GetNetDevices();
    }
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
    if (GetStations())
    {
        next += wifi.AssignStreams(GetStations()->GetNetDevices(), next);
        next += GetStations()->AssignStreams(next);
    }
    return next - stream;
}

} // namespace ns3
