// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_POINT_TO_POINT_ACCESS_H
#define DDNN_POINT_TO_POINT_ACCESS_H

#include "ddnn-access.h"

#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/point-to-point-helper.h"

#include <vector>

namespace ns3
{

/// Options of the links between devices and gateway.
struct DdnnPointToPointSettings
{
    DataRate rate{"10Mbps"};
    Time delay{MilliSeconds(1)}; ///< of the propagation
};

/**
 * A link of its own between each device and the gateway. The gateway has one net device per link,
 * all with the gateway's one address, and a route to each device. SetRate takes a DataRate such as
 * 100kbps for both directions of a device's link.
 */
class DdnnPointToPointAccess : public DdnnAccess
{
  public:
    explicit DdnnPointToPointAccess(const DdnnPointToPointSettings& settings = {});

    std::string GetName() const override;
    void Install(const NodeContainer& devices, Ptr<Node> gateway) override;
    void AssignAddresses(const DdnnSubnet& subnet) override;
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
    void SetDelay(uint32_t device, Time delay) override;
    void CheckRate(const std::string& value) const override;
    void CheckDelay(Time delay) const override;
    void TraceFrames(FrameCallback callback) override;
    void EnablePcap(const std::string& prefix) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    void SetOn(uint32_t netDevice, bool on) const;

    DdnnPointToPointSettings m_settings;
    PointToPointHelper m_pointToPoint;
    std::vector<Ptr<RateErrorModel>> m_cuts; ///< lose what a net device that is off would receive
};

} // namespace ns3

#endif // DDNN_POINT_TO_POINT_ACCESS_H
