// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_AGGREGATOR_H
#define DDNN_AGGREGATOR_H

#include "ddnn-application.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{

/**
 * The exit of a tier, local, edge or cloud: it joins the class scores of the tier's nodes.
 *
 * A sample opens with the first summary that arrives. It is closed when those of all nodes are
 * there, or at the aggregation deadline with those that are. If the uncertainty of the joined
 * scores is at most the threshold, or the tier is the last, the sample exits here; else the nodes
 * are asked to send their features up. Either way the ledger is told the verdict: one that is not
 * final stands only if no higher exit answers in time.
 */
class DdnnAggregator : public DdnnApplication
{
  public:
    static TypeId GetTypeId();

    DdnnAggregator();
    ~DdnnAggregator() override;

    /// \param numSamples how many samples there are; messages of others are ignored
    void SetNumSamples(uint32_t numSamples);

  private:
    /// A sample that has not been closed.
    struct Sample
    {
        std::vector<ddnn::Scores> scores; ///< `[node]`, empty: not there
        std::size_t arrived{0};
        EventId closeEvent;
    };

    void StartApplication() override;
    std::vector<Address> GetDestinations() const override;
    void Receive(const DdnnHeader& header, const DdnnPayload& payload) override;

    void Accept(const DdnnHeader& header, ddnn::Scores scores);
    void Close(uint32_t sample);
    void Decide(uint32_t sample, DdnnVerdict verdict);

    uint32_t m_tier;
    Address m_ledger;
    Time m_aggregationDeadline;
    double m_threshold;
    double m_operationsPerSecond;
    std::vector<bool> m_closed;           ///< `[sample]`
    std::map<uint32_t, Sample> m_samples; ///< those that are open
    TracedCallback<uint32_t, uint32_t> m_summaryTrace;
    TracedCallback<uint32_t, const std::string&> m_closedTrace;
    TracedCallback<uint32_t, const DdnnVerdict&> m_verdictTrace;
};

} // namespace ns3

#endif // DDNN_AGGREGATOR_H
