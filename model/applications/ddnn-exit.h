// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXIT_APPLICATION_H
#define DDNN_EXIT_APPLICATION_H

#include "ddnn-collector.h"

#include "ns3/net-device.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{

/**
 * The exit of a tier, local, edge or cloud: it joins the class scores of the tier's nodes.
 *
 * A DdnnCollector decides when a sample's class scores are complete enough. If the uncertainty of
 * the joined scores is at most the threshold, or the tier is the last, the sample exits here; else
 * the nodes are asked to send their features up, unless they do so by themselves. Either way the
 * sample tracker is told the prediction: one that is not final stands only if no higher exit
 * answers in time.
 *
 * The threshold may follow the network: with an ExitPolicy it rises from Threshold toward 1, at
 * which every sample exits, as the backlog of the way up grows to a limit.
 */
class DdnnExit : public DdnnApplication
{
  public:
    /// What the threshold follows.
    enum ExitPolicy
    {
        FIXED,   ///< nothing
        BACKLOG, ///< the time that the way up needs for what waits there, against BacklogLimit
        DEADLINE ///< the same time, against what remains until the sample's deadline
    };

    static TypeId GetTypeId();

    DdnnExit();
    ~DdnnExit() override;

    /// \param tier whose exit this is, that of the end devices being 0
    void SetTier(uint32_t tier);

    uint32_t GetTier() const;

    /// \return what waits for the class scores
    Ptr<DdnnCollector> GetCollector() const;

    /**
     * With UDP, ask several nodes of the tier by one message instead of one for each.
     * \param nodes their numbers in the tier
     * \param address IPv4 broadcast or IPv6 multicast address that reaches them
     * \param device by which the message leaves; nullptr: routing decides
     */
    void AddGroup(const std::vector<uint32_t>& nodes,
                  const Address& address,
                  Ptr<NetDevice> device);

    /// \return the numbers of the nodes that a group's address reaches by its net device
    const std::vector<uint32_t>& GetGroup(const DdnnDestination& destination) const;

    /// \param backlog how long the way up needs for what waits there now; by default that is what
    ///        the net device's queue holds by which the next tier is reached
    void SetBacklog(std::function<Time()> backlog);

    void Crash() override;
    bool Takes(const DdnnHeader& header) const override;

    /// Signature of the trace source Prediction.
    typedef void (*PredictionTracedCallback)(uint32_t sample, const DdnnPrediction& prediction);

  private:
    /// Nodes that one address reaches.
    struct Group
    {
        std::vector<uint32_t> nodes;
        DdnnDestination destination;
    };

    void DoDispose() override;
    void StartApplication() override;
    std::vector<Ptr<Node>> GetPeers() const override;
    void Receive(const DdnnMessage& message) override;

    bool IsLast() const;
    bool UsesGroups() const;
    std::vector<uint32_t> GetUngrouped() const;
    void Close(const DdnnCollector::Closed& closed);
    void Decide(uint32_t sample, DdnnPrediction prediction, const DdnnLatency& latency);
    void Request(uint32_t sample, const DdnnLatency& latency);
    double GetThreshold(uint32_t sample) const;

    uint32_t m_tier{0};
    double m_threshold;
    ExitPolicy m_exitPolicy;
    Time m_backlogLimit;
    Ptr<DdnnCollector> m_collector;
    std::vector<Group> m_groups;
    std::vector<uint32_t> m_ungrouped; ///< nodes that are asked one by one
    std::function<Time()> m_backlog;
    TracedCallback<uint32_t, uint32_t> m_scoresTrace;
    TracedCallback<uint32_t, const std::string&> m_closedTrace;
    TracedCallback<uint32_t, const DdnnPrediction&> m_predictionTrace;
};

} // namespace ns3

#endif // DDNN_EXIT_APPLICATION_H
