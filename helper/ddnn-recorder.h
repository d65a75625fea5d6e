// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RECORDER_H
#define DDNN_RECORDER_H

#include "ddnn-helper.h"
#include "ddnn-record.h"

#include "ns3/ddnn-sample-tag.h"

#include <array>
#include <optional>
#include <vector>

namespace ns3
{

class Ipv4;

/**
 * Turns the trace sources of a simulation into plain records.
 *
 * Frames that carry no message, such as acknowledgements and beacons, are charged to the sample
 * that was captured last. What is sent before the first capture is not counted.
 *
 * The milestones of a sample's latency: t0 capture, t1 first summary at the gateway, t2 gateway
 * closed, tg the message that reaches the server first leaves the gateway, t3 it arrives, t4 server
 * closed, t5 verdict at the gateway; d and s are the durations of the device's and the server's
 * section. Then compute is d + s, access (t1 - t0 - d) + (tg - t2), waiting (t2 - t1) + (t4 - t3),
 * backhaul (t3 - tg) + (t5 - t4 - s). A sample that does not pass all milestones waits from the
 * last one it passed until it ends.
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
    static constexpr std::size_t NUM_KINDS = 6; ///< values of DdnnKind, and 0 for others

    /// When a sample passed its milestones.
    struct Milestones
    {
        Time captured;
        std::optional<Time> firstSummary;
        std::optional<Time> gatewayClosed;
        std::optional<Time> leftGateway;
        std::optional<Time> firstFeatures;
        std::optional<Time> serverClosed;
        std::optional<Time> serverVerdict;
        Time deviceCompute;
        std::vector<Time> passed; ///< `[device]`, when its latest message left the gateway
        bool ended{false};
    };

    void ConnectApplications();
    void ConnectBytes();

    void HandleOpened(uint32_t sample);
    void HandleSummary(uint32_t sample, uint32_t device);
    void HandleGatewayClosed(uint32_t sample, const std::string& presence);
    void HandleFirstFeatures(uint32_t sample, uint32_t device);
    void HandleServerClosed(uint32_t sample, const std::string& presence);
    void HandleServerVerdict(uint32_t sample, const DdnnVerdict& verdict);
    void HandleEnded(uint32_t sample, DdnnOutcome outcome, const DdnnVerdict& verdict);
    void HandleIpTx(uint32_t node, Ptr<const Packet> packet, Ptr<Ipv4> ipv4, uint32_t interface);
    void HandleAccessFrame(uint32_t node, Ptr<const Packet> payload, uint32_t bytes);
    void HandleBackhaulFrame(DdnnHop hop, Ptr<const Packet> packet);

    DdnnHop FindHop(uint32_t node, uint32_t interface) const;
    void CountOnAir(DdnnHop hop, Ptr<const Packet> packet, uint32_t bytes);
    void NotePassage(const DdnnSampleTag& tag);
    static DdnnLatency Measure(const Milestones& milestones, bool serverAnswered, Time end);

    const DdnnHelper& m_helper;
    uint32_t m_numDevices;
    uint32_t m_backhaulInterface{0}; ///< of the gateway
    std::vector<DdnnSampleRecord> m_records;
    std::vector<Milestones> m_milestones;
    std::optional<uint32_t> m_latest; ///< sample that was captured last
    std::array<std::array<DdnnBytes, NUM_KINDS>, DDNN_NUM_HOPS> m_traffic{};
};

} // namespace ns3

#endif // DDNN_RECORDER_H
