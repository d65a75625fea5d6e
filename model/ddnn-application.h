// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_APPLICATION_H
#define DDNN_APPLICATION_H

#include "ddnn-compat.h"
#include "ddnn-header.h"
#include "ddnn-payload.h"
#include "ddnn-streams.h"

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/random-variable-stream.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{

/// Why a received message was ignored.
enum class DdnnReject
{
    MALFORMED,      ///< truncated, another version, or no DDNN's message at all
    BAD_PAYLOAD,    ///< of a wrong size, or with a value out of range
    UNEXPECTED,     ///< of a kind, or from a tier, that this node does not take
    UNKNOWN_SENDER, ///< no node of the hierarchy
    UNKNOWN_SAMPLE, ///< no sample that this node knows, or no longer
    DUPLICATE,      ///< received before
    LATE,           ///< the sample was closed, or has ended, without it
    NODE_DOWN       ///< this node has failed
};

constexpr std::size_t DDNN_NUM_REJECTS = 8; ///< values of DdnnReject

/// In lower case with a dash, as in tables: "unknown-sender".
std::string ToString(DdnnReject reason);

/**
 * What the applications of all tiers have in common: messages that start with a DdnnHeader, over
 * UDP or TCP, and a count of those that were ignored.
 */
class DdnnApplication : public Application
{
  public:
    static constexpr uint16_t NODE_PORT = 9177;       ///< of a device, an edge or the cloud
    static constexpr uint16_t AGGREGATOR_PORT = 9178; ///< of a tier's aggregator
    static constexpr uint16_t LEDGER_PORT = 9179;     ///< of the ledger
    static constexpr uint16_t RELAY_PORT = 9180;      ///< of a cell's relay

    static TypeId GetTypeId();

    DdnnApplication();
    ~DdnnApplication() override;

    /// \param model the trained sections, shared by all nodes
    void SetModel(std::shared_ptr<const ddnn::Model> model);

    /// Add a destination of requests: address and port of one node, or of all nodes on a link.
    void AddTarget(const Address& target);

    /// With TCP, open the connections to all that this application sends to, so that the first
    /// messages need not wait for it.
    void OpenConnections();

    /// A failed node is silent: it takes no message and sends none. What it has stored stays.
    void SetFailed(bool failed);

    /// Lose all that is stored of samples, and the TCP connections to others.
    virtual void Crash();

    /// \param rate probability with which each bit of features, views and scores that this node
    ///        receives is flipped, 0 to 1
    void SetBitErrorRate(double rate);

    /// \return the running numbers of all messages that wait for a TCP connection, or of which a
    ///         part has not been acknowledged; with UDP none
    std::vector<uint64_t> GetInFlight() const;

    /// \return how many messages were ignored for this reason
    uint64_t GetRejected(DdnnReject reason) const;

    /**
     * Fix the random streams that this application uses.
     * \param stream the first one
     * \return how many were used
     */
    virtual int64_t AssignStreams(int64_t stream) DDNN_OVERRIDE_SINCE_342;

    /// As AssignStreams, of what faults draw: apart from the others, so that a run with faults and
    /// one without are otherwise alike.
    virtual int64_t AssignFaultStreams(int64_t stream);

    /// Signature of the trace source Tx: a message was handed to the socket.
    typedef void (*TxTracedCallback)(const DdnnHeader& header, uint32_t payloadBytes);

    /// Signature of the trace source Rejected: a message was ignored.
    typedef void (*RejectedTracedCallback)(DdnnReject reason);

    /// Signature of the trace source Sending: a message is about to be handed to the socket.
    typedef void (*SendingTracedCallback)(uint64_t number,
                                          const DdnnHeader& header,
                                          uint32_t payloadBytes,
                                          const Address& to);

    /// Signature of trace sources that name a message by its running number.
    typedef void (*MessageTracedCallback)(uint64_t number);

    /// Signature of trace sources that name a sample.
    typedef void (*SampleTracedCallback)(uint32_t sample);

    /// Signature of trace sources that name a sample and the node that a message of it came from.
    typedef void (*ContributionTracedCallback)(uint32_t sample, uint32_t node);

    /// Signature of the trace source Closed: presence has a 1 for each node that contributed to
    /// the sample, a 0 for each that did not.
    typedef void (*ClosedTracedCallback)(uint32_t sample, const std::string& presence);

    /// Signature of trace sources that tell a verdict.
    typedef void (*VerdictTracedCallback)(uint32_t sample, const DdnnVerdict& verdict);

  protected:
    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;

    bool IsFailed() const;

    /// \return the trained sections
    const ddnn::Model& GetModel() const;

    /// \return what the nodes and sections are
    const ddnn::Hierarchy& GetHierarchy() const;

    /// Send a message, marked with a DdnnSampleTag. Before the start and after the stop nothing is
    /// sent.
    void Send(const Address& to, const DdnnHeader& header, const DdnnPayload& payload);

    /// Send a message without payload to all targets.
    void SendToTargets(const DdnnHeader& header);

    /// \return address and port of all that this application sends to
    virtual std::vector<Address> GetDestinations() const;

    /// \return address and port that the message came from which is being received (UDP)
    const Address& GetSender() const;

    /// Count, log and trace a message that is ignored.
    void Reject(DdnnReject reason, const DdnnHeader& header);

  private:
    /// Take a message that has a valid header.
    virtual void Receive(const DdnnHeader& header, const DdnnPayload& payload) = 0;

    bool UsesTcp() const;
    void HandleRead(Ptr<Socket> socket);
    void HandleMessage(Ptr<Packet> packet, uint64_t number);
    void FlipBits(DdnnPayload& payload);
    void Reject(DdnnReject reason);
    static Ptr<Packet> MakePacket(const DdnnHeader& header, const DdnnPayload& payload, bool tcp);

    Address m_local;
    TypeId m_protocol;
    bool m_running{false};
    bool m_failed{false};
    double m_bitErrorRate{0};
    Ptr<UniformRandomVariable> m_bitErrors;
    Ptr<Socket> m_socket;
    Address m_sender;
    std::unique_ptr<DdnnStreams> m_streams; ///< with TCP, in the place of the socket
    std::vector<Address> m_targets;
    std::shared_ptr<const ddnn::Model> m_model;
    std::array<uint64_t, DDNN_NUM_REJECTS> m_rejected{};
    TracedCallback<const DdnnHeader&, uint32_t> m_txTrace;
    TracedCallback<uint64_t, const DdnnHeader&, uint32_t, const Address&> m_sendingTrace;
    TracedCallback<uint64_t> m_notSentTrace;
    TracedCallback<uint64_t> m_receivedTrace;
    TracedCallback<uint64_t> m_connectionLostTrace;
    TracedCallback<DdnnReject> m_rejectedTrace;
};

} // namespace ns3

#endif // DDNN_APPLICATION_H
