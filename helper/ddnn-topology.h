// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TOPOLOGY_H
#define DDNN_TOPOLOGY_H

#include "ddnn-access.h"
#include "ddnn-backhaul.h"
#include "ddnn-wire.h"

#include "contrib-ddnn/hierarchy.h"

#include "ns3/address.h"
#include "ns3/data-rate.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{

/// IP version of all links.
enum class DdnnIpVersion
{
    AUTO, ///< 6 if an access network carries nothing else, 4 otherwise
    V4,
    V6
};

/// What the hierarchy does not say of its links.
struct DdnnTopologySettings
{
    /// Makes the access network of a cell.
    /// \param technology as the hierarchy names it, empty: by default
    using AccessMaker =
        std::function<std::unique_ptr<DdnnAccess>(const std::string& technology, uint32_t cell)>;

    AccessMaker makeAccess;
    DdnnIpVersion ipVersion{DdnnIpVersion::AUTO};
    DdnnLink cell{DataRate("100Mbps"), MilliSeconds(1)}; ///< gateway to aggregator
    DdnnLink edge{DataRate("100Mbps"), MilliSeconds(2)}; ///< aggregator to a tier that is not last
    DdnnLink cloud;                                      ///< aggregator to the last tier
    DdnnLink site{DataRate("1Gbps"), MicroSeconds(10)};  ///< aggregator to its own tier's nodes
    DdnnBackhaulSettings backhaul; ///< what happens on the link to the last tier
};

/**
 * The nodes and links of a hierarchy.
 *
 * Each tier has an aggregator. The devices of a cell reach a gateway over the cell's access
 * network. With one cell that gateway is the devices' aggregator; with several each is linked to
 * it. An edge or cloud that is alone in its tier is its own aggregator; several are each linked to
 * a router that is it. The aggregators of neighbouring tiers are linked. So the links form a tree,
 * and all traffic from one tier to the next passes the lower one's aggregator.
 */
class DdnnTopology
{
  public:
    /// An access network, its devices and their gateway.
    struct Cell
    {
        std::vector<int> devices; ///< in ascending order
        NodeContainer nodes;      ///< of these devices
        Ptr<Node> gateway;
        std::unique_ptr<DdnnAccess> access;
    };

    /// A point-to-point link; the first of its net devices is the lower node's.
    using Wire = DdnnWire;

    /**
     * Check all that can be checked before anything is created.
     * \throws std::runtime_error if the settings or their technologies contradict each other
     */
    static void Check(const ddnn::Hierarchy& hierarchy, const DdnnTopologySettings& settings);

    /// \throws std::runtime_error as Check
    DdnnTopology(const ddnn::Hierarchy& hierarchy, const DdnnTopologySettings& settings);

    bool IsIpv6() const;

    const std::vector<Cell>& GetCells() const;

    /// \return the cell of a device
    const Cell& GetCell(int device) const;

    /// \return the position of a device in its cell
    uint32_t GetPosition(int device) const;

    const std::vector<Wire>& GetWires() const;

    /**
     * Find a wire by what users call it: "cell" and the number of the cell, for its gateway's way
     * to the local aggregator, if there are several; a tier's name, such as "cloud", for the way up
     * to that tier's aggregator, and "backhaul" for the last of these; a tier's name and "-site",
     * and the number of a node, for its way to its own tier's aggregator, if there are several.
     *
     * \return its index in GetWires
     * \throws std::runtime_error if there is none, naming those that there are, or if the names of
     *         tiers make it two
     */
    std::size_t FindWire(const std::string& name, std::size_t index = 0) const;

    /// \return the wire, by its index in GetWires like the next two, from the aggregator below to
    ///         this tier's, tier 1 or higher
    std::size_t GetTrunk(int tier) const;

    /// \return the wire from a tier's aggregator to one of its nodes, tier 1 or higher with several
    std::size_t GetSite(int tier, int node) const;

    /// \return the wire from a cell's gateway to the local aggregator, of several cells
    std::size_t GetCellWire(std::size_t cell) const;

    /// The following change a wire, by its index in GetWires, from now on and in both directions:
    /// see DdnnWire.
    void SetWireUp(std::size_t wire, bool up);
    void SetWireRate(std::size_t wire, DataRate rate);
    void SetWireDelay(std::size_t wire, Time delay);
    void SetWireLoss(std::size_t wire, double packetErrorRate);

    /// See DdnnWire::PauseUntil.
    void PauseWire(std::size_t wire, Time end);

    /// \return how long it takes at the present rate to transmit what waits to go up to this tier's
    ///         aggregator, tier 1 or higher, with the rest of a pause; Time::Max() if the link is
    ///         down
    Time GetBacklog(int tier) const;

    /// \return all nodes
    const NodeContainer& GetNodes() const;

    Ptr<Node> GetNode(int tier, int node) const;
    Ptr<Node> GetAggregator(int tier) const;

    /// \return number of the cloud's tier
    int GetLastTier() const;

    /// \return IP address of a tier's node
    Address GetNodeAddress(int tier, int node) const;

    /// \return IP address of a tier's aggregator, for others than its own node
    Address GetAggregatorAddress(int tier) const;

    /// \return IP address of a cell's gateway on its way to the aggregator
    Address GetRelayAddress(std::size_t cell) const;

    /// \return the address by which a node reaches itself
    Address GetLoopback() const;

    /// \return the link from the aggregator below to this tier's, tier 1 or higher
    const DdnnLink& GetUplink(int tier) const;

    const DdnnTopologySettings& GetSettings() const;

    /// \return how long until all access networks carry data
    Time GetStartUpTime() const;

    /// Check that the access networks are up.
    /// \throws std::runtime_error if a device is not connected
    void FinishStartUp();

    /// \return how many random streams were used, from `stream` on
    int64_t AssignStreams(int64_t stream);

    /// The same for the wires. They are apart so that wires which lose nothing leave the streams of
    /// all others as they are.
    int64_t AssignWireStreams(int64_t stream);
    /// As DdnnAccess::AssignLossStreams, of all access networks.
    int64_t AssignLossStreams(int64_t stream);

    /// Write pcap files of all links.
    void EnablePcap(const std::string& prefix);

  private:
    static std::vector<Cell> MakeCells(const ddnn::Hierarchy& hierarchy,
                                       const DdnnTopologySettings& settings);
    static bool ChooseIpv6(const std::vector<Cell>& cells, DdnnIpVersion version);
    void CreateNodes(const ddnn::Hierarchy& hierarchy);
    void InstallCells();
    void InstallTiers(const ddnn::Hierarchy& hierarchy);
    void AddWire(const Wire& wire, const std::string& upName, const std::string& downName);
    DdnnSubnet GetSubnet(std::size_t wire) const;

    DdnnTopologySettings m_settings;
    bool m_ipv6{false};
    NodeContainer m_nodes;
    std::vector<Cell> m_cells;
    std::vector<std::size_t> m_cellOf;           ///< `[device]`
    std::vector<std::vector<Ptr<Node>>> m_tiers; ///< `[tier][node]`
    std::vector<Ptr<Node>> m_aggregators;        ///< `[tier]`
    std::vector<Wire> m_wires;
    std::vector<std::size_t> m_trunks;             ///< `[tier - 1]`, index of the wire
    std::vector<std::vector<std::size_t>> m_sites; ///< `[tier - 1][node]`, index of the wire
};

} // namespace ns3

#endif // DDNN_TOPOLOGY_H
