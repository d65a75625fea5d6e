// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_WIFI_ACCESS_H
#define DDNN_WIFI_ACCESS_H

#include "ddnn-access.h"

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

/// Options of a Wi-Fi cell.
struct DdnnWifiSettings
{
    /// One of 80211a, 80211g, 80211n, 80211ac, 80211ax.
    std::string standard{"80211n"};
    /// A mode of the standard for all data frames, such as HtMcs3; empty: the best that the
    /// signal-to-noise ratio allows.
    std::string rate;
    double radiusMetres{5}; ///< of the circle around the access point on which the devices stand
    uint32_t cell{0};       ///< for a network name of its own
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
    void WarmUp(uint32_t device) const;
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
    FrameCallback m_frameCallback;
    /// `[node]`, frames that a radio had sent and that were not acknowledged when it was switched
    /// off
    std::vector<std::vector<Ptr<const WifiMpdu>>> m_unanswered;
};

} // namespace ns3

#endif // DDNN_WIFI_ACCESS_H
