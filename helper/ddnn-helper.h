// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_HELPER_H
#define DDNN_HELPER_H

#include "ddnn-access-factory.h"
#include "ddnn-policy.h"
#include "ddnn-topology.h"

#include "ns3/ddnn-aggregator.h"
#include "ns3/ddnn-end-device.h"
#include "ns3/ddnn-ledger.h"
#include "ns3/ddnn-relay.h"
#include "ns3/ddnn-server.h"

#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <exception>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3
{

/// Why a device is down. It is up when no reason holds.
enum class DdnnDownReason
{
    FAULT,   ///< silent, radio off
    BATTERY, ///< the same
    CRASH,   ///< silent, its radio stays on
    LINK     ///< its radio, or its end of the link, alone is off
};

/**
 * Builds the simulation of a DDNN from its model: the nodes and links of its hierarchy (see
 * DdnnTopology) and the applications on them.
 *
 * The first sample is captured when the links are up. The helper must live until the simulation
 * has ended.
 *
 * The deadlines of aggregators and servers are their attributes' values and, on top of that, what
 * the devices' slots, the nodes' computation and the transmission take when nothing is lost. So the
 * attributes are allowances, and a slow link alone does not make anything late.
 */
class DdnnHelper
{
  public:
    /**
     * \param model the trained sections and their hierarchy
     * \param dataset where the devices' views come from
     * \param samples index in the data set of each sample, in the order of capture
     * \throws std::runtime_error if these do not fit together
     */
    DdnnHelper(std::shared_ptr<const ddnn::Model> model,
               std::shared_ptr<const ddnn::Dataset> dataset,
               std::vector<std::size_t> samples);

    /// Set the access networks' options, and which one the cells have whose technology the
    /// hierarchy does not name; the default is Wi-Fi.
    void SetAccess(const DdnnAccessSettings& settings);

    /// Make the access networks otherwise, see DdnnTopologySettings.
    void SetAccess(const DdnnTopologySettings::AccessMaker& maker);

    /// Set the links between gateways, aggregators, edges and cloud, and the IP version. An access
    /// maker in it is ignored: see SetAccess.
    void SetLinks(const DdnnTopologySettings& settings);

    /// \param protocol of all messages: UdpSocketFactory's or TcpSocketFactory's TypeId
    void SetProtocol(TypeId protocol);

    /// Time between two captures; the default is 100 ms.
    void SetInterval(Time interval);

    /// \param threshold of a tier's exit, in the place of the hierarchy's
    void SetThreshold(int tier, double threshold);

    /// Set how nodes decide, and what devices send.
    void SetPolicies(const DdnnPolicySettings& policies);

    /// Set an attribute of every DdnnEndDevice.
    void SetDeviceAttribute(const std::string& name, const AttributeValue& value);

    /// Set an attribute of every DdnnServer.
    void SetServerAttribute(const std::string& name, const AttributeValue& value);

    /// Set an attribute of every DdnnAggregator.
    void SetAggregatorAttribute(const std::string& name, const AttributeValue& value);

    /// Set an attribute of the DdnnLedger.
    void SetLedgerAttribute(const std::string& name, const AttributeValue& value);

    /// \throws std::runtime_error if the protocol cannot carry the largest message
    static void CheckMessageSize(const ddnn::Hierarchy& hierarchy, TypeId protocol);

    /// Create everything. Links come up and the first capture follows when the simulation runs.
    /// \throws std::runtime_error if the settings contradict each other
    void Install();

    /// Take a device down for a reason, or drop that reason. The radio is not touched before the
    /// links are up. Call it after Install, or while the simulation runs.
    void SetDown(uint32_t device, DdnnDownReason reason, bool down);

    /// \return true if a reason holds for which the device is down
    bool IsDown(uint32_t device, DdnnDownReason reason) const;

    /// \param callback told of a device whenever its radio has been switched on
    void SetRadioCallback(std::function<void(uint32_t device)> callback);

    /// Fix all random streams, so that the result depends on ns-3's seed and run number alone.
    /// \return how many streams were used
    int64_t AssignStreams(int64_t stream);

    /// Write pcap files of all links. Call it after Install.
    void EnablePcap(const std::string& prefix);

    /// \throws std::runtime_error if the links did not come up, which ends the simulation
    void CheckStartUp() const;

    /// \return when the first sample is captured
    Time GetFirstCapture() const;

    /// \return when the last sample has ended for certain
    Time GetEnd() const;

    const ddnn::Hierarchy& GetHierarchy() const;
    const ddnn::Dataset& GetDataset() const;
    const std::vector<std::size_t>& GetSamples() const;

    /// Call the following after Install.
    DdnnTopology& GetTopology() const;
    Ptr<DdnnEndDevice> GetDevice(uint32_t device) const;
    Ptr<DdnnServer> GetServer(int tier, uint32_t node) const;
    Ptr<DdnnAggregator> GetAggregator(int tier) const;
    Ptr<DdnnLedger> GetLedger() const;

    /// \return the applications of all nodes
    const std::vector<Ptr<DdnnApplication>>& GetApplications() const;

  private:
    template <typename Application>
    Ptr<Application> Create(const ObjectFactory& factory, Ptr<Node> node, uint16_t port);

    void InstallSection(Ptr<DdnnSection> section, int tier, int index);
    void InstallDevices();
    void InstallServers();
    void InstallAggregators();
    void InstallLedger();
    void InstallRelays();
    Address GetParent(int tier, int index) const;
    Time GetRepetitionTime(int tier) const;
    void InstallCollector(Ptr<DdnnCollector> collector, Time allowance) const;
    void AddDeviceTargets(DdnnApplication& application, const DdnnTopology::Cell& cell) const;
    Time GetLongestCompute() const;
    uint64_t GetBufferedSamples() const;
    Time GetConnectionTime() const;
    void OpenConnections();
    void FinishStartUp();
    bool IsRadioOff(uint32_t device) const;
    void SwitchRadio(uint32_t device);

    std::shared_ptr<const ddnn::Model> m_model;
    std::shared_ptr<const ddnn::Dataset> m_dataset;
    std::vector<std::size_t> m_samples;
    DdnnTopologySettings m_links;
    DdnnPolicySettings m_policies;
    TypeId m_protocol;
    Time m_interval{MilliSeconds(100)};
    std::vector<double> m_thresholds; ///< `[tier]`
    ObjectFactory m_deviceFactory;
    ObjectFactory m_serverFactory;
    ObjectFactory m_aggregatorFactory;
    ObjectFactory m_ledgerFactory;
    std::unique_ptr<DdnnTopology> m_topology;
    std::unique_ptr<DdnnBackhaul> m_backhaul;
    std::vector<Ptr<DdnnEndDevice>> m_devices;
    std::vector<std::vector<Ptr<DdnnServer>>> m_servers; ///< `[tier - 1][node]`
    std::vector<Ptr<DdnnAggregator>> m_aggregators;      ///< `[tier]`
    Ptr<DdnnLedger> m_ledger;
    std::vector<Ptr<DdnnApplication>> m_applications;
    std::vector<std::set<DdnnDownReason>> m_down; ///< `[device]`, why it is down
    bool m_started{false};                        ///< the links are up
    std::function<void(uint32_t)> m_radioCallback;
    std::exception_ptr m_startUpError;
    Time m_firstCapture;
};

} // namespace ns3

#endif // DDNN_HELPER_H
