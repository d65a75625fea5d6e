// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LR_WPAN_ACCESS_H
#define DDNN_LR_WPAN_ACCESS_H

#include "ddnn-access.h"

#include "ns3/ddnn-compat.h"
#include "ns3/lr-wpan-helper.h"
#include "ns3/lr-wpan-net-device.h"
#include "ns3/sixlowpan-helper.h"

#include <memory>
#include <vector>

namespace ns3
{

/// Options of an IEEE 802.15.4 cell.
struct DdnnLrWpanSettings
{
    DdnnPlacement placement{DdnnPlacement::CIRCLE};
    double radiusMetres{5}; ///< of the placement around the gateway
    uint32_t cell{0};       ///< its PAN identifier is one more
};

/**
 * A non-beacon IEEE 802.15.4 network at 2.4 GHz and 250 kbit/s with 6LoWPAN, IPv6 only. The gateway
 * is its coordinator, and the devices have joined from the beginning. What is sent to one node is
 * acknowledged and repeated, a broadcast is not.
 */
class DdnnLrWpanAccess : public DdnnAccess
{
  public:
    explicit DdnnLrWpanAccess(const DdnnLrWpanSettings& settings = {});

    std::string GetName() const override;
    bool IsIpv6Only() const override;
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
    void TraceFrames(FrameCallback callback) override;
    void EnablePcap(const std::string& prefix) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    void SetOn(uint32_t node, bool on);
    Ptr<lrwpan::LrWpanPhy> GetPhy(uint32_t node) const;
    void HandleTransmission(uint32_t node, Ptr<const Packet> frame) const;

    DdnnLrWpanSettings m_settings;
    std::unique_ptr<LrWpanHelper> m_lrWpan; ///< its end is its channel's
    SixLowPanHelper m_sixLowPan;
    NetDeviceContainer m_radios;  ///< below m_netDevices, in the same order
    std::vector<bool> m_isOff;    ///< `[node]`
    Ptr<SpectrumValue> m_txPower; ///< of a radio that is on
    FrameCallback m_frameCallback;
};

} // namespace ns3

#endif // DDNN_LR_WPAN_ACCESS_H
