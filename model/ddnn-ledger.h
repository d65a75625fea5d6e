// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LEDGER_H
#define DDNN_LEDGER_H

#include "ddnn-application.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <array>
#include <map>
#include <optional>

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
 * Keeps the ledger of samples: every one that is captured ends here, in exactly one outcome.
 *
 * A sample is open from its capture until an exit sends its final verdict, or until its deadline.
 * Of verdicts that are not final, that of the highest exit is the best so far.
 */
class DdnnLedger : public DdnnApplication
{
  public:
    static TypeId GetTypeId();

    DdnnLedger();
    ~DdnnLedger() override;

    /// \param numSamples how many samples are captured, one every Interval
    void SetNumSamples(uint32_t numSamples);

    /// \return how long it is until a sample's deadline
    Time GetRemaining(uint32_t sample) const;

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
        std::optional<DdnnVerdict> verdict; ///< the best so far
        EventId endEvent;
    };

    using SampleIterator = std::map<uint32_t, Sample>::iterator;

    void StartApplication() override;
    void StopApplication() override;
    void Receive(const DdnnHeader& header, const DdnnPayload& payload) override;

    void Open(uint32_t sample);
    void Accept(SampleIterator sample, const DdnnHeader& header, const DdnnVerdict& verdict);
    void HandleDeadline(uint32_t sample);
    void End(SampleIterator sample, DdnnOutcome outcome);

    Time m_firstCapture;
    Time m_interval;
    Time m_sampleDeadline;
    uint32_t m_numSamples{0};
    uint32_t m_opened{0};
    std::map<uint32_t, Sample> m_samples; ///< those that have not ended
    std::array<uint64_t, DDNN_NUM_OUTCOMES> m_counts{};
    EventId m_openEvent;
    TracedCallback<uint32_t> m_openedTrace;
    TracedCallback<uint32_t, const DdnnVerdict&> m_verdictTrace;
    TracedCallback<uint32_t, DdnnOutcome, const DdnnVerdict&> m_endedTrace;
};

} // namespace ns3

#endif // DDNN_LEDGER_H
