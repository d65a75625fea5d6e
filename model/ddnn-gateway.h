// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_GATEWAY_H
#define DDNN_GATEWAY_H

#include "ddnn-application.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/// How a sample ended.
enum class DdnnOutcome
{
    EXITED,   ///< an exit classified it in time
    FALLBACK, ///< a higher exit did not answer by the deadline: the best verdict so far stands
    LOST      ///< there was no verdict at all by the deadline
};

constexpr std::size_t DDNN_NUM_OUTCOMES = 3; ///< values of DdnnOutcome

/// In lower case: "exited", "fallback", "lost".
std::string ToString(DdnnOutcome outcome);

/**
 * The local aggregator and the local exit. It also keeps the ledger: every sample that is captured
 * ends here, in exactly one outcome.
 *
 * A sample is open from its capture. It is closed when every device's summary is there, or at the
 * aggregation deadline with those that are. If the normalised entropy of the aggregated scores is
 * at most the threshold it exits here; else the devices are asked to offload their features and
 * the server's verdict is awaited until the sample's deadline.
 */
class DdnnGateway : public DdnnApplication
{
  public:
    static TypeId GetTypeId();

    DdnnGateway();
    ~DdnnGateway() override;

    /// \param numSamples how many samples are captured, one every Interval
    void SetNumSamples(uint32_t numSamples);

    /// \param device address and port that offload requests are sent to where the access link has
    ///        no broadcast
    void AddDevice(const Address& device);

    /// \return how many samples have ended so
    uint64_t GetCount(DdnnOutcome outcome) const;

    /// Signature of the trace source Ended. The verdict's label is -1 if the sample is lost.
    typedef void (*EndedTracedCallback)(uint32_t sample,
                                        DdnnOutcome outcome,
                                        const DdnnVerdict& verdict);

  private:
    /// A sample that has not ended.
    struct Sample
    {
        std::vector<ddnn::Scores> scores; ///< `[device]`, empty: not there
        std::size_t arrived{0};
        bool closed{false};
        std::optional<DdnnVerdict> verdict; ///< the best so far
        EventId closeEvent;
        EventId endEvent;
    };

    using SampleIterator = std::map<uint32_t, Sample>::iterator;

    void StartApplication() override;
    void StopApplication() override;
    void Receive(const DdnnHeader& header, const DdnnPayload& payload) override;

    void Open(uint32_t sample);
    void ReceiveSummary(const DdnnHeader& header, const DdnnPayload& payload);
    void ReceiveVerdict(const DdnnHeader& header, const DdnnPayload& payload);
    SampleIterator FindOpen(const DdnnHeader& header);
    void Close(uint32_t sample);
    void RequestOffload(uint32_t sample);
    void HandleDeadline(uint32_t sample);
    void End(SampleIterator sample, DdnnOutcome outcome);

    Address m_broadcast;
    Time m_firstCapture;
    Time m_interval;
    Time m_aggregationDeadline;
    Time m_sampleDeadline;
    double m_threshold;
    uint32_t m_numSamples{0};
    uint32_t m_opened{0};
    std::vector<Address> m_devices;
    std::map<uint32_t, Sample> m_samples; ///< those that have not ended
    std::array<uint64_t, DDNN_NUM_OUTCOMES> m_counts{};
    EventId m_openEvent;
    TracedCallback<uint32_t> m_openedTrace;
    TracedCallback<uint32_t, uint32_t> m_summaryTrace;
    TracedCallback<uint32_t, const std::string&> m_closedTrace;
    TracedCallback<uint32_t, const DdnnVerdict&> m_verdictTrace;
    TracedCallback<uint32_t, DdnnOutcome, const DdnnVerdict&> m_endedTrace;
};

} // namespace ns3

#endif // DDNN_GATEWAY_H
