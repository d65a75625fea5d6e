// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SAMPLE_TRACKER_H
#define DDNN_SAMPLE_TRACKER_H

#include "ddnn-application.h"

#include "ns3/event-id.h"

#include <array>
#include <map>
#include <optional>

namespace ns3
{

/// How a sample ended.
enum class DdnnOutcome
{
    EXITED,   ///< an exit classified it in time
    FALLBACK, ///< a higher exit did not answer by the deadline: the best prediction so far stands
    LOST      ///< there was no prediction at all by the deadline
};

constexpr std::size_t DDNN_NUM_OUTCOMES = 3; ///< values of DdnnOutcome

/// In lower case: "exited", "fallback", "lost".
std::string ToString(DdnnOutcome outcome);

/**
 * Keeps account of a site's samples: each one that is captured ends here, in exactly one outcome.
 * It runs on the node of the first tier's exit, and the site's clock with it.
 *
 * A sample is open from its capture until an exit sends its final prediction, or until its
 * deadline. Of predictions that are not final, that of the highest exit is the best so far.
 */
class DdnnSampleTracker : public DdnnApplication
{
  public:
    static TypeId GetTypeId();

    DdnnSampleTracker();
    ~DdnnSampleTracker() override;

    /// \return how many samples have ended so
    uint64_t GetCount(DdnnOutcome outcome) const;

    bool Takes(const DdnnHeader& header) const override;

    /// Signature of the trace source Prediction.
    typedef void (*PredictionTracedCallback)(uint32_t sample, const DdnnPrediction& prediction);

    /// Signature of the trace source Ended. The label is -1 if the sample is lost.
    typedef void (*EndedTracedCallback)(uint32_t sample,
                                        DdnnOutcome outcome,
                                        const DdnnPrediction& prediction,
                                        const DdnnLatency& latency);

  private:
    /// A sample that has not ended.
    struct Sample
    {
        std::optional<DdnnPrediction> prediction; ///< the best so far
        DdnnLatency latency;                      ///< until it arrived
        EventId endEvent;
    };

    using SampleIterator = std::map<uint32_t, Sample>::iterator;

    void DoInitialize() override;
    void StartApplication() override;
    void StopApplication() override;
    std::vector<Ptr<Node>> GetPeers() const override;
    void Receive(const DdnnMessage& message) override;

    void Open(uint32_t sample);
    void Accept(SampleIterator sample,
                const DdnnMessage& message,
                const DdnnPrediction& prediction);
    void HandleDeadline(uint32_t sample);
    void End(SampleIterator sample, DdnnOutcome outcome);

    std::map<uint32_t, Sample> m_samples; ///< those that have not ended
    std::array<uint64_t, DDNN_NUM_OUTCOMES> m_counts{};
    TracedCallback<uint32_t, const DdnnPrediction&> m_predictionTrace;
    TracedCallback<uint32_t, DdnnOutcome, const DdnnPrediction&, const DdnnLatency&> m_endedTrace;
};

} // namespace ns3

#endif // DDNN_SAMPLE_TRACKER_H
