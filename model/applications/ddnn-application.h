// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_APPLICATION_H
#define DDNN_APPLICATION_H

#include "ns3/ddnn-compat.h"
#include "ns3/ddnn-endpoint.h"
#include "ns3/ddnn-payload.h"
#include "ns3/ddnn-processor.h"
#include "ns3/ddnn-site.h"
#include "ns3/ddnn-switch.h"

#include "ns3/application.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{

/// Why a received message was ignored.
enum class DdnnReject
{
    MALFORMED,      ///< truncated, another version, or no DDNN's message at all
    BAD_PAYLOAD,    ///< of a wrong size, or with a value out of range
    UNEXPECTED,     ///< of a kind, or from a node, that no application here takes
    UNKNOWN_SAMPLE, ///< no sample that this node knows, or no longer
    DUPLICATE,      ///< received before
    LATE,           ///< the sample was closed, or has ended, without it
    NODE_OFF        ///< this node is off or has crashed
};

constexpr std::size_t DDNN_NUM_REJECTS = 7; ///< values of DdnnReject

/// In lower case with a dash, as in tables: "unknown-sample".
std::string ToString(DdnnReject reason);

/**
 * What the applications of all tiers have in common: messages that start with a DdnnHeader, a count
 * of those that were ignored, and silence while the node is off.
 *
 * DdnnHelper creates the applications of a site.
 */
class DdnnApplication : public Application
{
  public:
    static TypeId GetTypeId();

    DdnnApplication();
    ~DdnnApplication() override;

    /// \param endpoint of the site on the application's node
    void SetEndpoint(Ptr<DdnnEndpoint> endpoint);

    Ptr<DdnnSite> GetSite() const;

    /// Lose all that is stored of samples, the processor's jobs, and the TCP connections to others.
    virtual void Crash();

    /// \param rate probability with which each bit of features, views and scores that this node
    ///        receives is flipped, 0 to 1
    void SetBitErrorRate(double rate);

    /// \return with TCP, all messages of the site that its node has not got rid of
    std::vector<DdnnMessageName> GetInFlight() const;

    /// \return how many messages were ignored for this reason
    uint64_t GetRejected(DdnnReject reason) const;

    /**
     * Fix the random streams that this application uses.
     * \param stream the first one
     * \return how many were used
     */
    virtual int64_t AssignStreams(int64_t stream) DDNN_OVERRIDE_SINCE_342;

    /// As AssignStreams, of what draws nothing by default, such as faults: apart from the others,
    /// so that it leaves these as they are.
    virtual int64_t AssignExtraStreams(int64_t stream);

    /// \return whether a message of the site is for this application
    virtual bool Takes(const DdnnHeader& header) const = 0;

    /// The following are for the endpoint: a message has arrived, one has that nobody takes, or a
    /// TCP connection broke.
    void HandleMessage(DdnnMessage message);
    void HandleRejected(DdnnReject reason, const DdnnMessage& message);
    void HandleConnectionLost(const DdnnMessageName& name);

    /// Signature of the trace source Sending: a message is about to be handed to the transport.
    typedef void (*SendingTracedCallback)(const DdnnMessageName& name,
                                          uint32_t payloadBytes,
                                          const DdnnDestination& to);

    /// Signature of the trace source Tx: a message was handed to the transport.
    typedef void (*TxTracedCallback)(const DdnnMessageName& name, uint32_t payloadBytes);

    /// Signature of trace sources that name a message.
    typedef void (*MessageTracedCallback)(const DdnnMessageName& name);

    /// Signature of the trace source Rejected: a message was ignored.
    typedef void (*RejectedTracedCallback)(const DdnnMessageName& name, DdnnReject reason);

    /// Signature of trace sources that name a sample.
    typedef void (*SampleTracedCallback)(uint32_t sample);

    /// Signature of trace sources that name a sample and the node that contributes to it.
    typedef void (*ContributionTracedCallback)(uint32_t sample, uint32_t node);

    /// Signature of the trace source Closed: presence has a 1 for each node that contributed to
    /// the sample, a 0 for each that did not.
    typedef void (*ClosedTracedCallback)(uint32_t sample, const std::string& presence);

  protected:
    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;

    bool IsRunning() const;

    /// \return whether the node is off or has crashed
    bool IsOff() const;

    const ddnn::Model& GetModel() const;
    const ddnn::Hierarchy& GetHierarchy() const;

    /// \return the processor of the node
    Ptr<DdnnProcessor> GetProcessor() const;

    /// Let the processor work on a sample, and add queueing and computing to the latency.
    /// \param callback told of the latency then; not called if the node has crashed
    void Compute(DdnnJob job,
                 const DdnnLatency& latency,
                 std::function<void(const DdnnLatency&)> callback);

    /// Send a message, marked with a DdnnMessageTag. Before the start and after the stop, and while
    /// the node is off, nothing is sent.
    void Send(const DdnnDestination& to, const DdnnMessage& message);

    /// \return the nodes that this application sends to, for connections opened ahead
    virtual std::vector<Ptr<Node>> GetPeers() const = 0;

    /// Count, log and trace a message that is ignored.
    void Reject(DdnnReject reason, const DdnnMessage& message);

  private:
    /// Take a message that has a valid header.
    virtual void Receive(const DdnnMessage& message) = 0;

    void FlipBits(DdnnPayload& payload);

    void OpenConnections();

    Time m_connectDelay;
    Ptr<DdnnEndpoint> m_endpoint;
    Ptr<DdnnSite> m_site;
    Ptr<DdnnProcessor> m_processor;
    Ptr<DdnnNodeSwitch> m_switch;
    bool m_running{false};
    double m_bitErrorRate{0};
    Ptr<UniformRandomVariable> m_bitErrors;
    std::array<uint64_t, DDNN_NUM_REJECTS> m_rejected{};
    TracedCallback<const DdnnMessageName&, uint32_t, const DdnnDestination&> m_sendingTrace;
    TracedCallback<const DdnnMessageName&, uint32_t> m_txTrace;
    TracedCallback<const DdnnMessageName&> m_notSentTrace;
    TracedCallback<const DdnnMessageName&> m_rxTrace;
    TracedCallback<const DdnnMessageName&> m_connectionLostTrace;
    TracedCallback<const DdnnMessageName&, DdnnReject> m_rejectedTrace;
};

} // namespace ns3

#endif // DDNN_APPLICATION_H
