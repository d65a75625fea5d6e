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
 * A node above the end devices, an edge or the cloud: it takes the features of its children and
 * runs its section of the DDNN on them.
 *
 * A DdnnCollector decides when a sample's features are complete enough. With raw offload the end
 * devices' views take the place of features, and the cloud runs all sections of the DDNN.
 */
class DdnnServer : public DdnnSection
{
  public:
    static TypeId GetTypeId();

    DdnnServer();
    ~DdnnServer() override;

    /// \return what waits for the features
    Ptr<DdnnCollector> GetCollector() const;

    void Crash() override;
    bool Takes(const DdnnHeader& header) const override;

  private:
    void DoDispose() override;
    void StartApplication() override;
    std::vector<Ptr<Node>> GetPeers() const override;
    void ReceiveOther(const DdnnMessage& message) override;

    std::size_t FindChild(const DdnnHeader& header) const;
    void Acknowledge(const DdnnMessage& message);
    void Close(const DdnnCollector::Closed& closed);
    ddnn::NodeOutput Infer(const std::vector<DdnnPayload>& inputs) const;
    int64_t CountOperations(const std::vector<DdnnPayload>& inputs) const;

    std::vector<int> m_children; ///< numbers in the tier that sends to this node
    Ptr<DdnnCollector> m_collector;
    TracedCallback<uint32_t, uint32_t> m_featuresTrace;
    TracedCallback<uint32_t, const std::string&> m_closedTrace;
};

} // namespace ns3

#endif // DDNN_SERVER_H
