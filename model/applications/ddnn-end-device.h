// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_END_DEVICE_H
#define DDNN_END_DEVICE_H

#include "ddnn-section.h"

#include "ns3/data-rate.h"

namespace ns3
{

/// What an end device sends.
enum class DdnnBehaviour
{
    NORMAL,
    STUCK, ///< for every sample the same: the outputs of the last one before
    RANDOM ///< random bytes as features or view, random scores from -1 to 1
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

    /// From the next capture on.
    void SetBehaviour(DdnnBehaviour behaviour);

    /// \return how many messages were not sent because the byte budget was used up
    uint64_t GetRateLimited() const;

    int64_t AssignStreams(int64_t stream) override;
    int64_t AssignExtraStreams(int64_t stream) override;

  private:
    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;
    Time GetHold(DdnnKind kind) override;
    bool Spend(uint32_t bytes) override;

    void HandleCaptured(uint32_t sample);
    void Capture(uint32_t sample);
    ddnn::NodeOutput Observe(uint32_t sample) const;
    void Randomise(ddnn::NodeOutput& output);

    Ptr<RandomVariableStream> m_offset;
    Time m_drawnOffset;
    uint32_t m_turn;
    Time m_scoreSlot;
    Time m_featureSlot;
    Time m_sendJitter;
    Ptr<UniformRandomVariable> m_sendRandom;
    DataRate m_byteBudget;
    uint32_t m_bucketSize;
    double m_tokens{0}; ///< bytes that may be sent now
    Time m_filledAt;    ///< when the tokens were counted
    uint64_t m_rateLimited{0};
    EventId m_captureEvent;
    DdnnBehaviour m_behaviour{DdnnBehaviour::NORMAL};
    ddnn::NodeOutput m_last; ///< of the latest sample; with raw offload the view is the features
    Ptr<UniformRandomVariable> m_randomOutput;
    TracedCallback<uint32_t> m_captureTrace;
};

} // namespace ns3

#endif // DDNN_END_DEVICE_H
