// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SITE_H
#define DDNN_SITE_H

#include "ddnn-compat.h"

#include "contrib-ddnn/data/dataset.h"
#include "contrib-ddnn/inference/model.h"

#include "ns3/address.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace ns3
{

/// What a site is made of.
struct DdnnSiteConfig
{
    uint16_t number{0};
    std::shared_ptr<const ddnn::Model> model;
    std::shared_ptr<const ddnn::Dataset> dataset;
    std::vector<std::size_t> samples; ///< index in the data set of each, in the order of capture
    std::vector<NodeContainer> tiers; ///< `[tier]`, from the end devices up
    NodeContainer exits;              ///< `[tier]`, the node of the tier's exit
    std::map<Ptr<Node>, Address> addresses; ///< IP addresses that were given for nodes
};

/**
 * One installed DDNN: which node runs what, and the clock that captures its samples. All its
 * applications share it. A simulation may have many sites, on shared nodes, too.
 *
 * The clock alone numbers the samples and draws the time between them; end devices only add an
 * offset. It starts with the sample tracker.
 */
class DdnnSite : public Object
{
  public:
    /// When the features of a sample travel up.
    enum Offload
    {
        PULL,      ///< on request (the paper); all nodes answer at once
        STAGGERED, ///< on request; each end device answers in a slot of its own
        PUSH       ///< with the class scores, whether the sample exits or not
    };

    /// Transport protocol of all messages.
    enum Transport
    {
        UDP,
        TCP
    };

    static TypeId GetTypeId();

    DdnnSite();
    ~DdnnSite() override;

    void SetConfig(const DdnnSiteConfig& config);

    uint16_t GetNumber() const;
    const ddnn::Model& GetModel() const;
    const ddnn::Hierarchy& GetHierarchy() const;
    const ddnn::Dataset& GetDataset() const;
    int GetNumTiers() const;
    uint32_t GetNumSamples() const;

    /// \param sample its number in the site
    /// \return its index in the data set
    std::size_t GetDatasetIndex(uint32_t sample) const;

    Ptr<Node> GetNode(uint32_t tier, uint32_t index) const;
    Ptr<Node> GetExitNode(uint32_t tier) const;

    /// \return the node of the sample tracker: that of the first tier's exit
    Ptr<Node> GetTrackerNode() const;

    /// \return the IP address that was given for a node; invalid: none, it is found at run time
    Address GetAddress(Ptr<Node> node) const;

    /// \return UDP or TCP port of all messages of the site, on all its nodes
    uint16_t GetPort() const;

    Transport GetTransport() const;
    Offload GetOffload() const;

    /// \return how often features and views are sent at most, until they are acknowledged
    uint32_t GetFeatureTries() const;

    Time GetSampleDeadline() const;

    /// \return the mean time between two captures; nothing if that kind of random variable does not
    ///         tell
    std::optional<Time> GetMeanInterval() const;

    /// \return the mean time between two captures, where it is not known that of the captures until
    ///         now; more than zero
    Time GetIntervalUntilNow() const;

    /// Plan the clock: the first sample is captured CaptureDelay after its start.
    void SetStart(Time start);

    /// \return when the first sample is captured; known once the sample tracker is initialised
    Time GetFirstCapture() const;

    /// Start the clock, at the time that was planned.
    void Start();

    /// Capture no more samples; those that were captured still end.
    void Stop();

    bool HasStopped() const;

    /// \return how many samples were captured until now
    uint32_t GetNumCaptured() const;

    /// \param sample that was captured
    Time GetCaptureTime(uint32_t sample) const;

    int64_t AssignStreams(int64_t stream);

    /// Signature of the trace source Captured.
    typedef void (*CapturedTracedCallback)(uint32_t sample);

    /// Signature of the trace source Finished.
    typedef void (*FinishedTracedCallback)();

  private:
    void DoDispose() override;
    void Capture();
    Time DrawInterval() const;

    DdnnSiteConfig m_config;
    uint16_t m_port;
    Transport m_transport;
    Offload m_offload;
    uint32_t m_featureTries;
    Ptr<RandomVariableStream> m_interval;
    Time m_captureDelay;
    Time m_sampleDeadline;
    std::vector<Time> m_captureTimes; ///< `[sample]`, of those that were captured
    Time m_firstCapture;
    EventId m_captureEvent;
    bool m_stopped{false};
    TracedCallback<uint32_t> m_capturedTrace;
    TracedCallback<> m_finishedTrace;
};

} // namespace ns3

#endif // DDNN_SITE_H
