// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SERVER_H
#define DDNN_SERVER_H

#include "ddnn-section.h"

#include "ns3/event-id.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{

/**
 * A node above the devices, an edge or the cloud: it takes the features of its children and runs
 * its section of the DDNN on them.
 *
 * A sample opens with the first features that arrive. It is closed when those of all children are
 * there, or at the aggregation deadline with those that are. With raw offload the devices' views
 * take the place of features, and the cloud runs all sections of the DDNN.
 */
class DdnnServer : public DdnnSection
{
  public:
    static TypeId GetTypeId();

    DdnnServer();
    ~DdnnServer() override;

    /// \param numSamples how many samples there are; messages of others are ignored
    void SetNumSamples(uint32_t numSamples);

    /// Signature of the trace source Closed: presence has a 1 for each child whose features are
    /// there, a 0 for each whose are not; compute is the duration of the section that now runs.
    typedef void (*ClosedTracedCallback)(uint32_t sample,
                                         const std::string& presence,
                                         Time compute);

  private:
    /// A sample that has not been closed.
    struct Sample
    {
        std::vector<DdnnPayload> inputs; ///< `[child]`: features or view; empty: not there
        std::size_t arrived{0};
        EventId closeEvent;
    };

    void StartApplication() override;
    double GetOperationsPerSecond() const override;
    void ReceiveOther(const DdnnHeader& header, const DdnnPayload& payload) override;

    std::size_t FindChild(const DdnnHeader& header) const;
    std::size_t InputBytes(const DdnnHeader& header) const;
    void Accept(const DdnnHeader& header, std::size_t child, const DdnnPayload& payload);
    void Close(uint32_t sample);
    ddnn::NodeOutput Run(const std::vector<DdnnPayload>& inputs) const;
    Time GetRunningTime(const std::vector<DdnnPayload>& inputs) const;

    Time m_aggregationDeadline;
    double m_operationsPerSecond;
    std::vector<int> m_children;          ///< numbers in the tier that sends to this node
    std::vector<bool> m_closed;           ///< `[sample]`
    std::map<uint32_t, Sample> m_samples; ///< those that are open
    TracedCallback<uint32_t, uint32_t> m_featuresTrace;
    TracedCallback<uint32_t, const std::string&, Time> m_closedTrace;
};

} // namespace ns3

#endif // DDNN_SERVER_H
