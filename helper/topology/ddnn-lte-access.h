// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LTE_ACCESS_H
#define DDNN_LTE_ACCESS_H

#include "ddnn-wireless-access.h"

#include "ns3/lte-helper.h"
#include "ns3/lte-ue-net-device.h"
#include "ns3/point-to-point-epc-helper.h"

namespace ns3
{

/**
 * One LTE cell with its core network. The devices are its user equipment; the gateway is the node
 * behind the core network's packet gateway. Devices have addresses from the core network's pool.
 * ns-3 can have one core network in a simulation.
 */
class DdnnLteAccess : public DdnnWirelessAccess
{
  public:
    static TypeId GetTypeId();

    bool CanRepeat() const override;
    uint32_t GetMaxDevices() const override;
    void Install(const NodeContainer& devices, Ptr<Node> gateway) override;
    void AssignAddresses(const DdnnSubnet& subnet) override;
    bool HasBroadcast() const override;
    void AddRoutes(Ptr<NetDevice> via, const Address& nextHop) const override;
    Time GetStartUpTime() const override;
    void FinishStartUp() override;
    Time GetTransmissionTime(uint32_t messageBytes) const override;
    void EnablePcap(const std::string& prefix) override;
    int64_t AssignStreams(int64_t stream) override;
    NetDeviceContainer GetDownlinkDevices() const override;

  private:
    void DoDispose() override;
    double GetDefaultRadius() const override;
    Ptr<LteUeNetDevice> GetUe(uint32_t device) const;
    void CheckConnected() const;
    void ConnectCore(Ptr<Node> gateway);
    void AddPoolRoute(Ptr<NetDevice> via, const Address& nextHop) const;

    uint32_t m_resourceBlocks;
    Ptr<LteHelper> m_lte;
    Ptr<PointToPointEpcHelper> m_core;
    NetDeviceContainer m_baseStation; ///< one net device
    Ptr<NetDevice> m_packetGateway;   ///< its net device towards our gateway
};

} // namespace ns3

#endif // DDNN_LTE_ACCESS_H
