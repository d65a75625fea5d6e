// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LR_WPAN_ACCESS_H
#define DDNN_LR_WPAN_ACCESS_H

#include "ddnn-wireless-access.h"

#include "ns3/lr-wpan-helper.h"
#include "ns3/sixlowpan-helper.h"

#include <memory>

namespace ns3
{

/**
 * A non-beacon IEEE 802.15.4 network at 2.4 GHz and 250 kbit/s with 6LoWPAN, IPv6 only. The gateway
 * is its coordinator, and the devices have joined from the beginning. What is sent to one node is
 * acknowledged and repeated, a broadcast is not.
 */
class DdnnLrWpanAccess : public DdnnWirelessAccess
{
  public:
    static TypeId GetTypeId();

    bool IsIpv6Only() const override;
    void Install(const NodeContainer& devices, Ptr<Node> gateway) override;
    bool HasBroadcast() const override;
    Time GetSlotSpacing(uint32_t messageBytes) const override;
    Time GetTransmissionTime(uint32_t messageBytes) const override;
    void EnablePcap(const std::string& prefix) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    std::unique_ptr<LrWpanHelper> m_lrWpan; ///< its end is its channel's
    SixLowPanHelper m_sixLowPan;
    NetDeviceContainer m_radios; ///< below m_netDevices, in the same order
};

} // namespace ns3

#endif // DDNN_LR_WPAN_ACCESS_H
