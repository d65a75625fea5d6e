// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RECORDER_H
#define DDNN_RECORDER_H

#include "ddnn-helper.h"
#include "ddnn-milestones.h"
#include "ddnn-record.h"

#include "ns3/ddnn-sample-tag.h"

#include <array>
#include <optional>
#include <vector>

namespace ns3
{

class Ipv4;
class Ipv6;

/**
 * Turns the trace sources of a simulation into plain records.
 *
 * Frames that carry no message, such as acknowledgements and beacons, are charged to the sample
 * that was captured last. What is sent before the first capture is not counted. How a sample's
 * latency is split stands with DdnnMilestones.
 */
class DdnnRecorder
{
  public:
    /// \param helper after Install and before the simulation runs; must outlive the recorder
    explicit DdnnRecorder(const DdnnHelper& helper);

    DdnnRecorder(const DdnnRecorder&) = delete;
    DdnnRecorder& operator=(const DdnnRecorder&) = delete;

    /// \return one record per sample, in the order of capture
    /// \throws std::runtime_error if the links did not come up
    const std::vector<DdnnSampleRecord>& GetRecords() const;

    /// \return bytes per hop and kind, without those that are zero
    std::vector<DdnnTraffic> GetTraffic() const;

  private:
    static constexpr std::size_t NUM_KINDS = 7; ///< values of DdnnKind, and 0 for others
    static constexpr int NO_HOP = -1;           ///< of the loopback interface
    static constexpr int ACCESS_UP = 0;
    static constexpr int ACCESS_DOWN = 1;

    void ConnectApplications();
    void ConnectBytes();
    void ConnectCell(const DdnnTopology::Cell& cell);
    int FindHop(const std::string& name);
    void SetHop(Ptr<NetDevice> device, int hop);

    void HandleOpened(uint32_t sample);
    /// How long a device computes on a sample.
    Time& Computing(uint32_t sample, uint32_t device);

    void HandleComputed(uint32_t device, uint32_t sample, int64_t operations, Time duration);
    void HandleSummary(int tier, uint32_t sample, uint32_t node);
    void HandleExitClosed(int tier, uint32_t sample, const std::string& presence);
    void HandleFeatures(int tier, uint32_t sample, uint32_t child);
    void HandleServerClosed(int tier,
                            int node,
                            uint32_t sample,
                            const std::string& presence,
                            Time compute);
    void HandleEnded(uint32_t sample, DdnnOutcome outcome, const DdnnVerdict& verdict);
    void HandleIpv4Tx(uint32_t node, Ptr<const Packet> packet, Ptr<Ipv4> ip, uint32_t interface);
    void HandleIpv6Tx(uint32_t node, Ptr<const Packet> packet, Ptr<Ipv6> ip, uint32_t interface);
    void HandleWireFrame(int hop, Ptr<const Packet> packet);

    void CountIp(int hop, Ptr<const Packet> packet);

    /// \return how many of the bytes that carry this tag are payload
    uint32_t CountTagged(int hop, const DdnnSampleTag& tag, uint32_t bytes);

    void CountOnAir(int hop, Ptr<const Packet> packet, uint32_t bytes);
    bool IsCounted(const DdnnSampleTag& tag) const;
    std::size_t NumDevices() const;
    DdnnBytes& Traffic(int hop, std::size_t kind);

    const DdnnHelper& m_helper;
    std::vector<DdnnSampleRecord> m_records;
    std::vector<DdnnMilestones> m_milestones;
    std::vector<std::vector<Time>> m_computing;              ///< `[sample][device]`, for how long
    std::optional<uint32_t> m_latest;                        ///< sample that was captured last
    int m_gatewayHop{NO_HOP};                                ///< from the gateways upward
    std::vector<std::string> m_hopNames;                     ///< `[hop]`
    std::vector<std::array<DdnnBytes, NUM_KINDS>> m_traffic; ///< `[hop][kind]`
    std::vector<std::vector<int>> m_interfaceHops; ///< `[node in the topology][interface]`
};

} // namespace ns3

#endif // DDNN_RECORDER_H
