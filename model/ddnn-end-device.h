// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_END_DEVICE_H
#define DDNN_END_DEVICE_H

#include "ddnn-section.h"

#include "contrib-ddnn/dataset.h"

#include "ns3/data-rate.h"
#include "ns3/event-id.h"

#include <vector>

namespace ns3
{

/// What a device tells of what it sees.
enum class DdnnBehaviour
{
    NORMAL,
    STUCK, ///< of every sample the same: its last one before
    BABBLE ///< random bytes as features or view, scores from -1 to 1
};

/**
 * A device that observes samples: it captures a view of each and runs the device section of the
 * DDNN on it. With raw offload it sends the view itself to the cloud at once.
 *
 * With a ByteBudget, a token bucket limits what it sends: a message that finds too few tokens is
 * not sent, neither now nor later.
 */
class DdnnEndDevice : public DdnnSection
{
  public:
    static TypeId GetTypeId();

    DdnnEndDevice();
    ~DdnnEndDevice() override;

    /**
     * \param dataset where the views come from
     * \param samples index in the data set of each sample that is captured, in this order
     */
    void SetSamples(std::shared_ptr<const ddnn::Dataset> dataset, std::vector<std::size_t> samples);

    /// From the next capture on.
    void SetBehaviour(DdnnBehaviour behaviour);

    /// \return as of DdnnSection; zero with raw offload
    Time GetComputeDelay() const override;

    /// \return how many messages were not sent because the byte budget was used up
    uint64_t GetWithheld() const;

    int64_t AssignFaultStreams(int64_t stream) override;

    /// Signature of the trace source Computed: the section runs on a sample, from now on.
    typedef void (*ComputedTracedCallback)(uint32_t sample, int64_t operations, Time duration);

  private:
    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;
    double GetOperationsPerSecond() const override;
    bool Spend(uint32_t bytes) override;

    void Capture(uint32_t sample);
    ddnn::NodeOutput Observe(uint32_t sample) const;
    void Babble(ddnn::NodeOutput& output);

    Time m_firstCapture;
    Time m_interval;
    double m_operationsPerSecond;
    DataRate m_byteBudget;
    uint32_t m_bucketSize;
    double m_tokens{0}; ///< bytes that may be sent now
    Time m_filledAt;    ///< when the tokens were counted
    uint64_t m_withheld{0};
    std::shared_ptr<const ddnn::Dataset> m_dataset;
    std::vector<std::size_t> m_samples;
    EventId m_captureEvent;
    DdnnBehaviour m_behaviour{DdnnBehaviour::NORMAL};
    ddnn::NodeOutput m_last; ///< of the latest sample; with raw offload the view is the features
    Ptr<UniformRandomVariable> m_babble;
    TracedCallback<uint32_t> m_captureTrace;
    TracedCallback<uint32_t, int64_t, Time> m_computedTrace;
};

} // namespace ns3

#endif // DDNN_END_DEVICE_H
