// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SERVER_H
#define DDNN_SERVER_H

#include "ddnn-application.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{

/**
 * The last exit: a node of a higher tier that takes the features of its children, runs its section
 * on them and tells the gateway its verdict.
 *
 * A sample opens with the first features that arrive. It is closed when those of all children are
 * there, or at the aggregation deadline with those that are. With raw offload the children's
 * views take the place of features, and the server runs all sections of the DDNN.
 */
class DdnnServer : public DdnnApplication
{
  public:
    static TypeId GetTypeId();

    DdnnServer();
    ~DdnnServer() override;

    /// \param numSamples how many samples there are; messages of others are ignored
    void SetNumSamples(uint32_t numSamples);

  private:
    /// A sample that has not been closed.
    struct Sample
    {
        std::vector<DdnnPayload> inputs; ///< `[child]`: features or view; empty: not there
        std::size_t arrived{0};
        EventId closeEvent;
    };

    void StartApplication() override;
    void Receive(const DdnnHeader& header, const DdnnPayload& payload) override;

    std::size_t FindChild(const DdnnHeader& header) const;
    std::size_t InputBytes(const DdnnHeader& header) const;
    void Accept(const DdnnHeader& header, std::size_t child, const DdnnPayload& payload);
    void Close(uint32_t sample);
    DdnnVerdict Classify(const std::vector<DdnnPayload>& inputs) const;
    Time GetComputeDelay(const std::vector<DdnnPayload>& inputs) const;
    void SendVerdict(uint32_t sample, DdnnVerdict verdict);

    uint32_t m_tier;
    uint32_t m_node;
    Address m_gateway;
    Time m_aggregationDeadline;
    double m_operationsPerSecond;
    std::vector<int> m_children;          ///< numbers in the tier below
    std::vector<bool> m_closed;           ///< `[sample]`
    std::map<uint32_t, Sample> m_samples; ///< those that are open
    TracedCallback<uint32_t, uint32_t> m_firstFeaturesTrace;
    TracedCallback<uint32_t, const std::string&> m_closedTrace;
    TracedCallback<uint32_t, const DdnnVerdict&> m_verdictTrace;
};

} // namespace ns3

#endif // DDNN_SERVER_H
