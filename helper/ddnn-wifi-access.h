// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_WIFI_ACCESS_H
#define DDNN_WIFI_ACCESS_H

#include "ddnn-access.h"

#include "ns3/wifi-helper.h"
#include "ns3/wifi-mpdu.h"
#include "ns3/wifi-phy-common.h"
#include "ns3/wifi-ppdu.h"
#include "ns3/wifi-standards.h"
#include "ns3/wifi-tx-vector.h"
#include "ns3/yans-wifi-helper.h"

#include <vector>

namespace ns3
{

class WifiMac;
class WifiPhy;

/// How signals weaken with the distance.
enum class DdnnPathLoss
{
    LOG_DISTANCE, ///< ns-3's LogDistancePropagationLossModel
    FRIIS         ///< in free space
};

/// How signals vary about that, from frame to frame.
enum class DdnnFading
{
    NONE,
    NAKAGAMI ///< ns-3's NakagamiPropagationLossModel
};

/// Options of a Wi-Fi cell.
struct DdnnWifiSettings
{
    /// One of 80211a, 80211g, 80211n, 80211ac, 80211ax.
    std::string standard{"80211n"};
    /// A mode of the standard for all data frames, such as HtMcs3; empty: the best that the
    /// signal-to-noise ratio allows.
    std::string rate;
    DdnnPlacement placement{DdnnPlacement::CIRCLE};
    double radiusMetres{5}; ///< of the placement around the access point
    DdnnPathLoss pathLoss{DdnnPathLoss::LOG_DISTANCE};
    double pathLossExponent{3}; ///< of LOG_DISTANCE
    DdnnFading fading{DdnnFading::NONE};
    /// A device that cannot associate in time is no error: nothing comes from it until it can.
    bool allowUnconnected{false};
    DdnnStationsSettings background; ///< stations that join after the devices
    uint32_t cell{0};                ///< for a network name of its own
};

/**
 * An infrastructure Wi-Fi cell: the gateway is the access point, the devices are its stations.
 * Stations join 5 ms apart, as many that join together would hinder each other. Each then sends a
 * few frames to make its agreement on block acknowledgement with the access point: stations that
 * make it at the same moment, with their first data, may block themselves for good.
 *
 * SetRate takes a mode such as HtMcs3, and needs the setting `rate`. It is the device's own rate,
 * upward: the access point has one for all, which stays.
 */
class DdnnWifiAccess : public DdnnAccess
{
  public:
    /// \throws std::runtime_error if the standard or the rate is not known
    explicit DdnnWifiAccess(const DdnnWifiSettings& settings = {});

    std::string GetName() const override;
    uint32_t GetMaxDevices() const override;
    void Install(const NodeContainer& devices, Ptr<Node> gateway) override;
    Time GetStartUpTime() const override;
    void FinishStartUp() override;
    bool HasBroadcast() const override;
    Time GetSlotSpacing(uint32_t messageBytes) const override;
    Time GetTransmissionTime(uint32_t messageBytes) const override;
    void SwitchOff(uint32_t device) override;
    void SwitchOn(uint32_t device) override;
    void SwitchOffGateway() override;
    void SwitchOnGateway() override;
    void SetRate(uint32_t device, const std::string& value) override;
    void CheckRate(const std::string& value) const override;
    void TraceFrames(FrameCallback callback) override;
    void EnablePcap(const std::string& prefix) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    static Time GetJoinTime(uint32_t numDevices);
    Ptr<YansWifiChannel> CreateChannel() const;
    WifiHelper CreateHelper() const;
    Ptr<NetDevice> InstallStation(Ptr<Node> node, uint32_t number);
    uint32_t GetNumStations() const;
    void WarmUp(Ptr<NetDevice> station) const;
    void CheckAssociated() const;
    void SetOn(uint32_t node, bool on);
    Ptr<WifiMac> GetMac(uint32_t node) const;
    void FindUnanswered(uint32_t node);
    void DropQueued(uint32_t node);
    Ptr<WifiPhy> GetPhy(uint32_t node) const;
    void HandleTransmission(uint32_t node,
                            WifiConstPsduMap psdus,
                            WifiTxVector txVector,
                            double txPowerW) const;

    DdnnWifiSettings m_settings;
    WifiStandard m_standard;
    YansWifiPhyHelper m_phy;
    Ptr<YansWifiChannel> m_channel;
    FrameCallback m_frameCallback;
    /// `[node]`, frames that a radio had sent and that were not acknowledged when it was switched
    /// off
    std::vector<std::vector<Ptr<const WifiMpdu>>> m_unanswered;
};

} // namespace ns3

#endif // DDNN_WIFI_ACCESS_H
