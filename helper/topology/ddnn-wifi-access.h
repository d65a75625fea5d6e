// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_WIFI_ACCESS_H
#define DDNN_WIFI_ACCESS_H

#include "ddnn-wireless-access.h"

#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-helper.h"

#include <string>

namespace ns3
{

/**
 * An infrastructure Wi-Fi cell: the gateway is the access point, the devices are its stations.
 * Stations join 5 ms apart, as many that join together would hinder each other. Each then sends a
 * few frames to make its agreement on block acknowledgement with the access point: stations that
 * make it at the same moment, with their first data, may block themselves for good.
 */
class DdnnWifiAccess : public DdnnWirelessAccess
{
  public:
    /// How signals weaken with the distance.
    enum PathLoss
    {
        LOG_DISTANCE, ///< ns-3's LogDistancePropagationLossModel
        FRIIS         ///< in free space
    };

    /// How signals vary about that, from frame to frame.
    enum Fading
    {
        NONE,
        NAKAGAMI ///< ns-3's NakagamiPropagationLossModel
    };

    static TypeId GetTypeId();

    uint32_t GetMaxDevices() const override;
    void Install(const NodeContainer& devices, Ptr<Node> gateway) override;
    Time GetStartUpTime() const override;
    void FinishStartUp() override;
    bool HasBroadcast() const override;
    Time GetSlotSpacing(uint32_t messageBytes) const override;
    Time GetTransmissionTime(uint32_t messageBytes) const override;
    void EnablePcap(const std::string& prefix) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    void DoDispose() override;
    bool CanHaveStations() const override;
    static Time GetJoinTime(uint32_t numDevices);
    Ptr<YansWifiChannel> CreateChannel() const;
    WifiHelper CreateHelper() const;
    Ptr<NetDevice> InstallStation(Ptr<Node> node, uint32_t number);
    uint32_t GetNumStations() const;
    void WarmUp(Ptr<NetDevice> station) const;
    void CheckAssociated() const;

    std::string m_standard;
    std::string m_rate;
    PathLoss m_pathLoss;
    double m_pathLossExponent;
    Fading m_fading;
    bool m_allowUnconnected;
    YansWifiPhyHelper m_phy;
    Ptr<YansWifiChannel> m_channel;
};

} // namespace ns3

#endif // DDNN_WIFI_ACCESS_H
