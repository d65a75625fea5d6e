// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LTE_ACCESS_H
#define DDNN_LTE_ACCESS_H

#include "ddnn-access.h"

#include "ns3/error-model.h"
#include "ns3/lte-common.h"
#include "ns3/lte-helper.h"
#include "ns3/lte-ue-net-device.h"
#include "ns3/point-to-point-epc-helper.h"
#include "ns3/point-to-point-helper.h"

#include <vector>

namespace ns3
{

/// Options of an LTE cell.
struct DdnnLteSettings
{
    DdnnPlacement placement{DdnnPlacement::CIRCLE};
    double radiusMetres{50};     ///< of the placement around the base station
    uint16_t resourceBlocks{25}; ///< of uplink and downlink each: 6, 15, 25, 50, 75 or 100
};

/**
 * One LTE cell with its core network. The devices are its user equipment; the gateway is the node
 * behind the core network's packet gateway. Devices have addresses from the core network's pool.
 * ns-3 can have one core network in a simulation.
 *
 * What the base station transmits counts as the gateway's. When the gateway is switched off, it is
 * its end of the link to the packet gateway that is: devices stay connected to the base station,
 * which knows nothing of it and transmits on.
 */
class DdnnLteAccess : public DdnnAccess
{
  public:
    explicit DdnnLteAccess(const DdnnLteSettings& settings = {});

    std::string GetName() const override;
    bool CanRepeat() const override;
    uint32_t GetMaxDevices() const override;
    void Install(const NodeContainer& devices, Ptr<Node> gateway) override;
    void AssignAddresses(const DdnnSubnet& subnet) override;
    Address GetDeviceAddress(uint32_t device) const override;
    void AddRoutes(Ptr<NetDevice> via, const Address& nextHop) const override;
    Time GetStartUpTime() const override;
    void FinishStartUp() override;
    bool HasBroadcast() const override;
    Time GetSlotSpacing(uint32_t messageBytes) const override;
    Time GetTransmissionTime(uint32_t messageBytes) const override;
    void SwitchOff(uint32_t device) override;
    void SwitchOn(uint32_t device) override;
    void SwitchOffGateway() override;
    void SwitchOnGateway() override;
    void TraceFrames(FrameCallback callback) override;
    void EnablePcap(const std::string& prefix) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    Ptr<LteUeNetDevice> GetUe(uint32_t device) const;
    void CheckConnected() const;
    void ConnectCore(Ptr<Node> gateway);
    void AddPoolRoute(Ptr<NetDevice> via, const Address& nextHop) const;
    void HandleTransmission(uint32_t node, PhyTransmissionStatParameters parameters) const;

    DdnnLteSettings m_settings;
    Ptr<LteHelper> m_lte;
    Ptr<PointToPointEpcHelper> m_core;
    PointToPointHelper m_pointToPoint;
    NetDeviceContainer m_baseStation; ///< one net device
    Ptr<NetDevice> m_packetGateway;   ///< its net device towards our gateway
    std::vector<bool> m_isOff;        ///< `[device]`
    Ptr<RateErrorModel> m_cut;        ///< loses what a gateway that is off would receive
    FrameCallback m_frameCallback;
};

} // namespace ns3

#endif // DDNN_LTE_ACCESS_H
