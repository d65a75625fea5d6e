// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_CSMA_ACCESS_H
#define DDNN_CSMA_ACCESS_H

#include "ddnn-access.h"

#include "ns3/data-rate.h"

namespace ns3
{

/// One shared Ethernet segment, on which every device senses the others' transmissions.
class DdnnCsmaAccess : public DdnnAccess
{
  public:
    static TypeId GetTypeId();

    void Install(const NodeContainer& devices, Ptr<Node> gateway) override;
    bool HasBroadcast() const override;
    Time GetSlotSpacing(uint32_t messageBytes) const override;
    Time GetTransmissionTime(uint32_t messageBytes) const override;
    void EnablePcap(const std::string& prefix) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    bool CanHaveStations() const override;

    DataRate m_dataRate;
    Time m_delay;
};

} // namespace ns3

#endif // DDNN_CSMA_ACCESS_H
