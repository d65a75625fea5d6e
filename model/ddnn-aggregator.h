// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_AGGREGATOR_H
#define DDNN_AGGREGATOR_H

#include "ddnn-collector.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{

/**
 * The exit of a tier, local, edge or cloud: it joins the class scores of the tier's nodes.
 *
 * A DdnnCollector decides when a sample's summaries are complete enough. If the uncertainty of the
 * joined scores is at most the threshold, or the tier is the last, the sample exits here; else the
 * nodes are asked to send their features up, unless they do so by themselves. Either way the ledger
 * is told the verdict: one that is not final stands only if no higher exit answers in time.
 *
 * The threshold may follow the network: with an ExitPolicy it rises from Threshold toward 1, at
 * which every sample exits, as the backlog of the way up grows to a limit.
 */
class DdnnAggregator : public DdnnApplication
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

    DdnnAggregator();
    ~DdnnAggregator() override;

    /// \param numSamples how many samples there are; messages of others are ignored
    void SetNumSamples(uint32_t numSamples);

    /// \return what waits for the summaries
    Ptr<DdnnCollector> GetCollector() const;

    /// Both of the following are needed for an ExitPolicy other than FIXED.
    /// \param backlog how long the way up needs for what waits there now
    void SetBacklog(std::function<Time()> backlog);

    /// \param remaining how long it is until a sample's deadline; not positive: it has passed
    void SetRemaining(std::function<Time(uint32_t sample)> remaining);

    void Crash() override;

  private:
    void DoDispose() override;
    void StartApplication() override;
    std::vector<Address> GetDestinations() const override;
    void Receive(const DdnnHeader& header, const DdnnPayload& payload) override;

    void Close(uint32_t sample,
               const std::vector<DdnnPayload>& summaries,
               const std::string& presence);
    double GetThreshold(uint32_t sample) const;
    void Decide(uint32_t life, uint32_t sample, DdnnVerdict verdict);

    uint32_t m_tier;
    Address m_ledger;
    double m_threshold;
    ExitPolicy m_exitPolicy;
    Time m_backlogLimit;
    bool m_requestFeatures;
    double m_operationsPerSecond;
    Ptr<DdnnCollector> m_collector;
    std::function<Time()> m_backlog;
    std::function<Time(uint32_t)> m_remaining;
    uint32_t m_life{0}; ///< how often the node has crashed
    TracedCallback<uint32_t, uint32_t> m_summaryTrace;
    TracedCallback<uint32_t, const std::string&> m_closedTrace;
    TracedCallback<uint32_t, const DdnnVerdict&> m_verdictTrace;
};

} // namespace ns3

#endif // DDNN_AGGREGATOR_H
