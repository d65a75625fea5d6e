// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_HELPER_H
#define DDNN_HELPER_H

#include "ddnn-access.h"

#include "ns3/ddnn-end-device.h"
#include "ns3/ddnn-gateway.h"
#include "ns3/ddnn-server.h"

#include "ns3/data-rate.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <exception>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3
{

/**
 * Builds the simulation of a DDNN from its model: a node per end device, a gateway, a cloud, the
 * access network between devices and gateway, a point-to-point backhaul between gateway and cloud,
 * and the applications on them.
 *
 * The first sample is captured when the links are up. The helper must live until the simulation
 * has ended.
 *
 * The deadlines of gateway and server are their attributes' values and, on top of that, what the
 * devices' slots, their computation and the transmission over the backhaul take when nothing is
 * lost. So the attributes are allowances, and a slow link alone does not make anything late.
 */
class DdnnHelper
{
  public:
    /**
     * \param model the trained sections and their hierarchy: one tier of devices and the cloud
     * \param dataset where the devices' views come from
     * \param samples index in the data set of each sample, in the order of capture
     * \throws std::runtime_error if these do not fit together
     */
    DdnnHelper(std::shared_ptr<const ddnn::Model> model,
               std::shared_ptr<const ddnn::Dataset> dataset,
               std::vector<std::size_t> samples);

    /// \param access network between devices and gateway; the default is DdnnWifiAccess
    void SetAccess(std::unique_ptr<DdnnAccess> access);

    /// Link between gateway and cloud; the default is 10 Mbit/s, 20 ms.
    void SetBackhaul(DataRate rate, Time delay);

    /// Time between two captures; the default is 100 ms.
    void SetInterval(Time interval);

    /// By how much the slots of two neighbouring devices differ; the default is 300 us.
    void SetSlotSpacing(Time spacing);

    /// Set an attribute of every DdnnEndDevice.
    void SetDeviceAttribute(const std::string& name, const AttributeValue& value);

    /// Set an attribute of the DdnnGateway.
    void SetGatewayAttribute(const std::string& name, const AttributeValue& value);

    /// Set an attribute of the DdnnServer.
    void SetServerAttribute(const std::string& name, const AttributeValue& value);

    /// Create everything. Links come up and the first capture follows when the simulation runs.
    void Install();

    /// Silence a device and switch its radio off once the links are up. Call it after Install.
    void SetFailed(uint32_t device);

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
    DdnnAccess& GetAccess() const;

    /// \return the net devices of the gateway and of the cloud
    const NetDeviceContainer& GetBackhaul() const;

    const NodeContainer& GetDeviceNodes() const;
    Ptr<Node> GetGatewayNode() const;
    Ptr<Node> GetCloudNode() const;
    Ptr<DdnnEndDevice> GetDevice(uint32_t device) const;
    Ptr<DdnnGateway> GetGateway() const;
    Ptr<DdnnServer> GetServer() const;

  private:
    void InstallLinks();
    void InstallAddresses();
    void InstallDevices();
    void InstallGateway();
    void InstallServer();
    Time GetSlotsTime() const;
    Time GetBackhaulTime() const;
    void FinishStartUp();

    std::shared_ptr<const ddnn::Model> m_model;
    std::shared_ptr<const ddnn::Dataset> m_dataset;
    std::vector<std::size_t> m_samples;
    std::unique_ptr<DdnnAccess> m_access;
    DataRate m_backhaulRate{"10Mbps"};
    Time m_backhaulDelay{MilliSeconds(20)};
    Time m_interval{MilliSeconds(100)};
    Time m_slotSpacing{MicroSeconds(300)};
    ObjectFactory m_deviceFactory;
    ObjectFactory m_gatewayFactory;
    ObjectFactory m_serverFactory;
    NodeContainer m_deviceNodes;
    Ptr<Node> m_gatewayNode;
    Ptr<Node> m_cloudNode;
    NetDeviceContainer m_backhaul;
    std::vector<Ptr<DdnnEndDevice>> m_devices;
    Ptr<DdnnGateway> m_gateway;
    Ptr<DdnnServer> m_server;
    std::set<uint32_t> m_failed;
    std::exception_ptr m_startUpError;
    Time m_firstCapture;
};

} // namespace ns3

#endif // DDNN_HELPER_H
