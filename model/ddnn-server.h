// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SERVER_H
#define DDNN_SERVER_H

#include "ddnn-collector.h"
#include "ddnn-section.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * A node above the devices, an edge or the cloud: it takes the features of its children and runs
 * its section of the DDNN on them.
 *
 * A DdnnCollector decides when a sample's features are complete enough. With raw offload the
 * devices' views take the place of features, and the cloud runs all sections of the DDNN.
 */
class DdnnServer : public DdnnSection
{
  public:
    static TypeId GetTypeId();

    DdnnServer();
    ~DdnnServer() override;

    /// \param numSamples how many samples there are; messages of others are ignored
    void SetNumSamples(uint32_t numSamples);

    /// \return what waits for the features
    Ptr<DdnnCollector> GetCollector() const;

    void Crash() override;

    /// Signature of the trace source Closed: presence has a 1 for each child whose features are
    /// there, a 0 for each whose are not; compute is the duration of the section that now runs.
    typedef void (*ClosedTracedCallback)(uint32_t sample,
                                         const std::string& presence,
                                         Time compute);

  private:
    void DoDispose() override;
    void StartApplication() override;
    double GetOperationsPerSecond() const override;
    void ReceiveOther(const DdnnHeader& header, const DdnnPayload& payload) override;

    std::size_t FindChild(const DdnnHeader& header) const;
    void Acknowledge(DdnnHeader header);
    void Close(uint32_t sample,
               const std::vector<DdnnPayload>& inputs,
               const std::string& presence);
    ddnn::NodeOutput Run(const std::vector<DdnnPayload>& inputs) const;
    Time GetRunningTime(const std::vector<DdnnPayload>& inputs) const;

    bool m_acknowledge;
    double m_operationsPerSecond;
    std::vector<int> m_children; ///< numbers in the tier that sends to this node
    Ptr<DdnnCollector> m_collector;
    TracedCallback<uint32_t, uint32_t> m_featuresTrace;
    TracedCallback<uint32_t, const std::string&, Time> m_closedTrace;
};

} // namespace ns3

#endif // DDNN_SERVER_H
