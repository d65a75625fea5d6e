// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_END_DEVICE_H
#define DDNN_END_DEVICE_H

#include "ddnn-section.h"

#include "contrib-ddnn/dataset.h"

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

    int64_t AssignFaultStreams(int64_t stream) override;

  private:
    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;
    double GetOperationsPerSecond() const override;

    void Capture(uint32_t sample);
    ddnn::NodeOutput Observe(uint32_t sample) const;
    void Babble(ddnn::NodeOutput& output);

    Time m_firstCapture;
    Time m_interval;
    double m_operationsPerSecond;
    std::shared_ptr<const ddnn::Dataset> m_dataset;
    std::vector<std::size_t> m_samples;
    EventId m_captureEvent;
    DdnnBehaviour m_behaviour{DdnnBehaviour::NORMAL};
    ddnn::NodeOutput m_last; ///< of the latest sample; with raw offload the view is the features
    Ptr<UniformRandomVariable> m_babble;
    TracedCallback<uint32_t> m_captureTrace;
};

} // namespace ns3

#endif // DDNN_END_DEVICE_H
