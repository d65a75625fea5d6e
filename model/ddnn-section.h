// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SECTION_H
#define DDNN_SECTION_H

#include "ddnn-application.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/random-variable-stream.h"

#include <map>

namespace ns3
{

/**
 * What the nodes of all tiers have in common: a section of the DDNN. When it has run, the node
 * sends its class scores to its tier's aggregator, and keeps its features until they are asked for,
 * which it then sends to its parent. With PushFeatures it sends them unasked, at once.
 *
 * With several FeatureTries, features and views that are not acknowledged in time are sent again.
 *
 * A message leaves after the section's compute delay and the node's slot, which keeps nodes that
 * start at the same moment, or answer the same request, from all sending at once.
 */
class DdnnSection : public DdnnApplication
{
  public:
    static TypeId GetTypeId();

    DdnnSection();
    ~DdnnSection() override;

    /// Forget the features that are kept, and all messages that wait to be sent.
    void Crash() override;

    /// \param factor the node computes so many times as long, more than 0
    void SetSlowdown(double factor);

    /// \return duration of the section: its operations divided by the node's rate
    virtual Time GetComputeDelay() const;

    int64_t AssignStreams(int64_t stream) override;

    /// \return how many messages were given up: no acknowledgement came after the last try
    uint64_t GetGivenUp() const;

  protected:
    void DoDispose() override;
    void StartApplication() override;
    std::vector<Address> GetDestinations() const override;
    void Receive(const DdnnHeader& header, const DdnnPayload& payload) override;

    /// \return the tier of this node, that of the devices being 0
    uint32_t GetTier() const;

    /// \return the number of this node in its tier
    uint32_t GetIndex() const;

    /// \return how long a processor of this node's speed takes
    Time GetDuration(int64_t operations) const;

    /// Send the scores after `delay` and the slot, and keep the features, which are there after
    /// `delay`, for a request.
    void Publish(uint32_t sample, ddnn::NodeOutput output, Time delay);

    /// Send a message to the parent, after `delay` and the slot for features.
    void SendToParent(Time delay, DdnnKind kind, uint32_t sample, DdnnPayload data);

  private:
    /// A sample that the aggregator may still ask for.
    struct Buffered
    {
        ddnn::Features features;
        Time ready; ///< when the section has finished
        bool requested{false};
    };

    /// Features or a view that were sent and not acknowledged.
    struct Unacknowledged
    {
        DdnnHeader header;
        DdnnPayload payload;
        uint32_t triesLeft;
        EventId repeat;
    };

    /// \return speed of the processor
    virtual double GetOperationsPerSecond() const = 0;

    /// \return whether this node may send so many bytes now; they count as sent then
    virtual bool Spend(uint32_t bytes);

    void HandleRequest(const DdnnHeader& header);
    void HandleAcknowledgement(const DdnnHeader& header);
    void Repeat(uint32_t sample);

    /// Take a message that is neither an offload request nor an acknowledgement.
    virtual void ReceiveOther(const DdnnHeader& header, const DdnnPayload& payload);

    void SendLater(Time delay, const Address& to, DdnnKind kind, uint32_t sample, DdnnPayload data);
    void SendNow(uint32_t life, Address to, DdnnHeader header, DdnnPayload payload);

    uint32_t m_tier;
    uint32_t m_index;
    Address m_aggregator;
    Address m_parent;
    Time m_slot;
    Time m_featureSlot;
    Time m_jitter;
    uint32_t m_bufferedSamples;
    bool m_pushFeatures;
    uint32_t m_featureTries;
    Time m_featureTimeout;
    uint64_t m_givenUp{0};
    std::map<uint32_t, Unacknowledged> m_unacknowledged; ///< by sample
    double m_slowdown{1};
    uint32_t m_life{0};                    ///< how often the node has crashed
    std::map<uint32_t, Buffered> m_buffer; ///< by sample
    Ptr<UniformRandomVariable> m_random;
};

} // namespace ns3

#endif // DDNN_SECTION_H
