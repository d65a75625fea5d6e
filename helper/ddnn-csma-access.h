// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_CSMA_ACCESS_H
#define DDNN_CSMA_ACCESS_H

#include "ddnn-access.h"

#include "ns3/csma-helper.h"
#include "ns3/data-rate.h"

#include <vector>

namespace ns3
{

/// Options of an Ethernet segment.
struct DdnnCsmaSettings
{
    DataRate rate{"100Mbps"};
    Time delay{NanoSeconds(500)}; ///< of the propagation, the same between any two
    DdnnStationsSettings background;
};

/**
 * One shared Ethernet segment, on which every device senses the others' transmissions. All have one
 * rate, which cannot change while it runs, and one delay: SetDelay sets it for all.
 */
class DdnnCsmaAccess : public DdnnAccess
{
  public:
    explicit DdnnCsmaAccess(const DdnnCsmaSettings& settings = {});

    std::string GetName() const override;
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
    void SetDelay(uint32_t device, Time delay) override;
    bool SharesDelay() const override;
    void CheckDelay(Time delay) const override;
    void TraceFrames(FrameCallback callback) override;
    void EnablePcap(const std::string& prefix) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    void SetOn(uint32_t node, bool on);

    DdnnCsmaSettings m_settings;
    CsmaHelper m_csma;
    std::vector<bool> m_isOff; ///< `[node]`
};

} // namespace ns3

#endif // DDNN_CSMA_ACCESS_H
