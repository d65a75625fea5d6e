// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SECTION_H
#define DDNN_SECTION_H

#include "ddnn-application.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <map>

namespace ns3
{

/**
 * What the nodes of all tiers have in common: a section of the DDNN. When it has run, the node
 * sends its class scores to its tier's exit, and keeps its features until they are asked for, which
 * it then sends to its parent. With the offload `push` it sends them unasked, at once.
 *
 * With several FeatureTries, features and views that are not acknowledged in time are sent again.
 */
class DdnnSection : public DdnnApplication
{
  public:
    static TypeId GetTypeId();

    DdnnSection();
    ~DdnnSection() override;

    /// \param tier of this node, that of the end devices being 0
    /// \param index number of this node in its tier
    void SetPlace(uint32_t tier, uint32_t index);

    uint32_t GetTier() const;
    uint32_t GetIndex() const;

    /// \return operations of the section on one sample; with raw offload those of the cloud are for
    ///         all views, and those of the others 0
    int64_t GetOperations() const;

    /// Forget the features that are kept, and all messages that wait to be sent.
    void Crash() override;

    bool Takes(const DdnnHeader& header) const override;

    /// \return how many messages were given up: no acknowledgement came after the last try
    uint64_t GetRetriesExhausted() const;

  protected:
    std::vector<Ptr<Node>> GetPeers() const override;
    void Receive(const DdnnMessage& message) override;

    /// \return whether there is a node that takes this node's features or views
    bool HasParent() const;

    /// Let the processor run the section; then send the scores to the exit, and the features to the
    /// parent as soon as they are requested.
    /// \param output what the section computes
    /// \param operations that it takes
    void Run(uint32_t sample,
             ddnn::NodeOutput output,
             int64_t operations,
             const DdnnLatency& latency);

    /// Send features or a view to the parent.
    void SendToParent(DdnnKind kind,
                      uint32_t sample,
                      DdnnPayload payload,
                      const DdnnLatency& latency);

  private:
    /// The features of a sample, for a request.
    struct Kept
    {
        ddnn::Features features; ///< empty: the section still runs, or they were sent
        bool isRequested{false};
    };

    /// Features or a view that were sent and not acknowledged.
    struct Unacknowledged
    {
        DdnnMessage message; ///< as it is sent next
        EventId repeat;
    };

    /// \return how long a message is held back so that nodes do not all send at once
    virtual Time GetHold(DdnnKind kind);

    /// \return whether this node may send so many bytes now; they count as sent then
    virtual bool Spend(uint32_t bytes);

    /// Take a message that is neither a request nor an acknowledgement.
    virtual void ReceiveOther(const DdnnMessage& message);

    void Check(const ddnn::NodeOutput& output) const;
    void Publish(uint32_t sample, ddnn::NodeOutput output, const DdnnLatency& latency);
    Ptr<Node> GetParent() const;
    void HandleRequest(const DdnnMessage& request);
    void HandleAcknowledgement(const DdnnMessage& message);
    void Repeat(uint32_t sample);
    void SendLater(const DdnnDestination& to, DdnnMessage message);
    void SendNow(uint32_t life, const DdnnDestination& to, DdnnMessage message);

    uint32_t m_tier{0};
    uint32_t m_index{0};
    Time m_featureTimeout;
    uint64_t m_retriesExhausted{0};
    std::map<uint32_t, Unacknowledged> m_unacknowledged; ///< by sample
    uint32_t m_life{0};                                  ///< number of crashes so far
    std::map<uint32_t, Kept> m_buffer;                   ///< by sample
};

} // namespace ns3

#endif // DDNN_SECTION_H
