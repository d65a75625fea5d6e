// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TOPOLOGY_HELPER_H
#define DDNN_TOPOLOGY_HELPER_H

#include "ddnn-access.h"
#include "ddnn-backhaul.h"

#include "contrib-ddnn/hierarchy/hierarchy.h"

#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <exception>
#include <string>
#include <vector>

namespace ns3
{

/// The nodes and links of one site.
struct DdnnTopology
{
    /// End devices that share an access network, and their gateway.
    struct Cell
    {
        std::vector<uint32_t> devices; ///< their numbers, in ascending order
        Ptr<Node> gateway;
        Ptr<DdnnAccess> access;
    };

    /// A point-to-point link.
    struct Link
    {
        std::string target;         ///< what DdnnFaultInjector::AddLink calls it
        std::string upName;         ///< hop of what the lower node transmits
        std::string downName;       ///< hop of what the upper node transmits
        NetDeviceContainer devices; ///< the lower node's, the upper node's
    };

    std::vector<NodeContainer> tiers; ///< `[tier]`, from the end devices up
    NodeContainer exits;              ///< `[tier]`, where the nodes' class scores meet
    std::vector<Cell> cells;
    std::vector<Link> links;
    Ptr<DdnnBackhaul> backhaul; ///< the link to the last tier; nullptr: there is one tier
};

/**
 * Builds the nodes and links of a hierarchy, with addresses and routes; what runs on them is not
 * its business.
 *
 * Each tier has an exit. The devices of a cell reach a gateway over the cell's access network. With
 * one cell that gateway is the devices' exit; with several each is linked to it. An edge or cloud
 * that is alone in its tier is its own exit; several are each linked to a router that is it. The
 * exits of neighbouring tiers are linked. So the links form a tree, and all traffic from one tier
 * to the next passes the lower one's exit. Sites are alike and share the last tier.
 */
class DdnnTopologyHelper : public Object
{
  public:
    /// IP version of all links.
    enum IpVersion
    {
        AUTO, ///< 6 if an access network carries nothing else, 4 otherwise
        V4,
        V6
    };

    static TypeId GetTypeId();

    DdnnTopologyHelper();
    ~DdnnTopologyHelper() override;

    /**
     * Check all that can be checked before anything is built.
     * \return names of the cells' access networks
     * \throws std::runtime_error naming the attribute, if the attributes and the hierarchy
     *         contradict each other
     */
    std::vector<std::string> Check(const ddnn::Hierarchy& hierarchy) const;

    /**
     * Build the network. The helper must live until the simulation has ended.
     * \throws std::runtime_error as Check
     */
    const std::vector<DdnnTopology>& Build(const ddnn::Hierarchy& hierarchy, uint32_t sites = 1);

    const std::vector<DdnnTopology>& GetSites() const;

    bool IsIpv6() const;

    /// \return all nodes
    const NodeContainer& GetNodes() const;

    /// \return how long until all access networks carry data
    Time GetStartUpTime() const;

    /// \throws std::runtime_error if the links did not come up, which ends the simulation
    void CheckStartUp() const;

    /// \return the link of a gateway to the devices' exit, where there are several
    DdnnLinkSettings GetCellLink() const;

    /// \return the link up to a tier that is not the last
    DdnnLinkSettings GetEdgeLink() const;

    /// \return the link of an exit to one of its own tier's nodes, where there are several
    DdnnLinkSettings GetExitLink() const;

    /// Fix the random streams of all links and stacks.
    /// \return how many streams were used
    int64_t AssignStreams(int64_t stream);

    /// The same of the backhauls. They are apart so that their impairments leave the streams of all
    /// others as they are.
    int64_t AssignBackhaulStreams(int64_t stream);

    /// Write pcap files of all links.
    void EnablePcap(const std::string& prefix);

  private:
    void DoDispose() override;
    std::vector<DdnnTopology::Cell> MakeCells(const ddnn::Hierarchy& hierarchy) const;
    bool ChooseIpv6(const std::vector<DdnnTopology::Cell>& cells) const;
    void CreateNodes(const ddnn::Hierarchy& hierarchy, DdnnTopology& site);
    void InstallCells(DdnnTopology& site);
    void InstallTiers(const ddnn::Hierarchy& hierarchy, DdnnTopology& site);
    void AddRoutes(const DdnnTopology& site, const std::vector<std::size_t>& trunks);
    NetDeviceContainer AddLink(DdnnTopology& site,
                               const std::string& target,
                               const std::string& upName,
                               const std::string& downName,
                               const NetDeviceContainer& ends);
    DdnnSubnet GetSubnet(const DdnnTopology& site, std::size_t link) const;
    void FinishStartUp();

    std::string m_access;
    IpVersion m_ipVersion;
    DataRate m_cellRate;
    Time m_cellDelay;
    DataRate m_edgeRate;
    Time m_edgeDelay;
    DataRate m_exitRate;
    Time m_exitDelay;
    bool m_ipv6{false};
    NodeContainer m_nodes;
    std::vector<DdnnTopology> m_sites;
    std::vector<uint32_t> m_firstSubnet; ///< `[site]`
    std::exception_ptr m_startUpError;
};

} // namespace ns3

#endif // DDNN_TOPOLOGY_HELPER_H
