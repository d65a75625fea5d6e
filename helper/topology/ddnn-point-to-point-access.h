// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_POINT_TO_POINT_ACCESS_H
#define DDNN_POINT_TO_POINT_ACCESS_H

#include "ddnn-access.h"

#include "ns3/data-rate.h"

namespace ns3
{

/// A link of its own between each device and the gateway. The gateway has one net device per link,
/// all with the gateway's one address, and a route to each device.
class DdnnPointToPointAccess : public DdnnAccess
{
  public:
    static TypeId GetTypeId();

    void Install(const NodeContainer& devices, Ptr<Node> gateway) override;
    void AssignAddresses(const DdnnSubnet& subnet) override;
    bool HasBroadcast() const override;
    Time GetTransmissionTime(uint32_t messageBytes) const override;
    void EnablePcap(const std::string& prefix) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    DataRate m_dataRate;
    Time m_delay;
};

} // namespace ns3

#endif // DDNN_POINT_TO_POINT_ACCESS_H
