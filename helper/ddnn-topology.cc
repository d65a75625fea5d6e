// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-topology.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"
#include "ns3/point-to-point-helper.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <stdexcept>

namespace ns3
{

namespace
{

constexpr uint32_t LOWER_HOST = 1;
constexpr uint32_t UPPER_HOST = 2;

} // namespace

DdnnTopology::DdnnTopology(const ddnn::Hierarchy& hierarchy, const DdnnTopologySettings& settings)
    : m_settings(settings)
    , m_cells(MakeCells(hierarchy, settings))
    , m_cellOf(hierarchy.tiers[0].numNodes)
{
    m_ipv6 = ChooseIpv6(m_cells, settings.ipVersion);
    for (std::size_t cell = 0; cell < m_cells.size(); ++cell)
    {
        for (int device : m_cells[cell].devices)
        {
            m_cellOf[device] = cell;
        }
    }
    CreateNodes(hierarchy);
    InstallCells();
    InstallTiers(hierarchy);
}

void
DdnnTopology::Check(const ddnn::Hierarchy& hierarchy, const DdnnTopologySettings& settings)
{
    ChooseIpv6(MakeCells(hierarchy, settings), settings.ipVersion);
}

std::vector<DdnnTopology::Cell>
DdnnTopology::MakeCells(const ddnn::Hierarchy& hierarchy, const DdnnTopologySettings& settings)
{
    std::vector<Cell> made;
    std::vector<ddnn::Cell> cells = hierarchy.cells;
    if (cells.empty())
    {
        cells.emplace_back();
        cells[0].devices.resize(hierarchy.tiers[0].numNodes);
        std::iota(cells[0].devices.begin(), cells[0].devices.end(), 0);
    }
    std::set<std::string> names;
    for (const ddnn::Cell& cell : cells)
    {
        made.emplace_back();
        made.back().devices = cell.devices;
        made.back().access = settings.makeAccess(cell.access, made.size() - 1);
        const DdnnAccess& access = *made.back().access;
        const std::string name = "cell " + std::to_string(made.size() - 1);
        if (cell.devices.size() > access.GetMaxDevices())
        {
            throw std::runtime_error(name + " has " + std::to_string(cell.devices.size()) +
                                     " devices, " + access.GetName() + " can have " +
                                     std::to_string(access.GetMaxDevices()) +
                                     ": split them by --cells or the hierarchy's key cells");
        }
        if (!names.insert(access.GetName()).second && !access.CanRepeat())
        {
            throw std::runtime_error(name + " is a second network of " + access.GetName() +
                                     ", a simulation can have one: use another access network");
        }
    }
    return made;
}

bool
DdnnTopology::ChooseIpv6(const std::vector<Cell>& cells, DdnnIpVersion version)
{
    bool ipv6 = version == DdnnIpVersion::V6;
    for (const Cell& cell : cells)
    {
        if (cell.access->IsIpv6Only() && version == DdnnIpVersion::V4)
        {
            throw std::runtime_error("access network " + cell.access->GetName() +
                                     " carries IPv6 only: use --ip=6");
        }
        ipv6 = ipv6 || cell.access->IsIpv6Only();
    }
    return ipv6;
}

void
DdnnTopology::CreateNodes(const ddnn::Hierarchy& hierarchy)
{
    auto create = [this] {
        auto node = CreateObject<Node>();
        m_nodes.Add(node);
        return node;
    };
    for (const ddnn::Tier& tier : hierarchy.tiers)
    {
        m_tiers.emplace_back(tier.numNodes);
        std::generate(m_tiers.back().begin(), m_tiers.back().end(), create);
    }
    for (Cell& cell : m_cells)
    {
        cell.gateway = create();
        for (int device : cell.devices)
        {
            cell.nodes.Add(m_tiers[0][device]);
        }
    }
    m_aggregators.push_back(m_cells.size() == 1 ? m_cells[0].gateway : create());
    for (std::size_t tier = 1; tier < m_tiers.size(); ++tier)
    {
        m_aggregators.push_back(m_tiers[tier].size() == 1 ? m_tiers[tier][0] : create());
    }
    DdnnSubnet::InstallStack(m_nodes, m_ipv6);
}

void
DdnnTopology::InstallCells()
{
    for (std::size_t i = 0; i < m_cells.size(); ++i)
    {
        Cell& cell = m_cells[i];
        cell.access->Install(cell.nodes, cell.gateway);
        cell.access->AssignAddresses(DdnnSubnet(m_ipv6, i));
    }
    for (std::size_t i = 0; m_cells.size() > 1 && i < m_cells.size(); ++i)
    {
        AddWire({"cell", i, m_cells[i].gateway, m_aggregators[0], m_settings.cell},
                "cell-up",
                "cell-down");
        const DdnnSubnet subnet = GetSubnet(i);
        const NetDeviceContainer& ends = m_wires[i].devices;
        DdnnSubnet::AddDefaultRoute(ends.Get(0), subnet.GetAddress(UPPER_HOST));
        m_cells[i].access->AddRoutes(ends.Get(1), subnet.GetAddress(LOWER_HOST));
    }
}

void
DdnnTopology::InstallTiers(const ddnn::Hierarchy& hierarchy)
{
    for (std::size_t tier = 1; tier < m_tiers.size(); ++tier)
    {
        const std::string& name = hierarchy.tiers[tier].name;
        m_trunks.push_back(m_wires.size());
        AddWire({name,
                 0,
                 m_aggregators[tier - 1],
                 m_aggregators[tier],
                 GetUplink(static_cast<int>(tier))},
                name + "-up",
                name + "-down");
        const NetDeviceContainer& ends = m_wires.back().devices;
        const DdnnSubnet subnet = GetSubnet(m_trunks.back());
        // All that is below is reached by default; the lowest aggregator's default is upward.
        DdnnSubnet::AddDefaultRoute(ends.Get(1), subnet.GetAddress(LOWER_HOST));
        if (tier == 1)
        {
            DdnnSubnet::AddDefaultRoute(ends.Get(0), subnet.GetAddress(UPPER_HOST));
        }
        m_sites.emplace_back();
        for (std::size_t node = 0; m_tiers[tier].size() > 1 && node < m_tiers[tier].size(); ++node)
        {
            m_sites.back().push_back(m_wires.size());
            AddWire(
                {name + "-site", node, m_aggregators[tier], m_tiers[tier][node], m_settings.site},
                name + "-in",
                name + "-out");
            DdnnSubnet::AddDefaultRoute(m_wires.back().devices.Get(1),
                                        GetSubnet(m_wires.size() - 1).GetAddress(LOWER_HOST));
        }
    }
    for (std::size_t trunk = 1; trunk < m_trunks.size(); ++trunk)
    {
        // what is above the aggregators between the lowest and the highest
        const Address nextHop = GetSubnet(m_trunks[trunk]).GetAddress(UPPER_HOST);
        for (std::size_t wire = m_trunks[trunk] + 1; wire < m_wires.size(); ++wire)
        {
            GetSubnet(wire).AddRoute(m_wires[m_trunks[trunk]].devices.Get(0), nextHop);
        }
    }
}

void
DdnnTopology::AddWire(const Wire& wire, const std::string& upName, const std::string& downName)
{
    m_wires.push_back(wire);
    m_wires.back().upName = upName;
    m_wires.back().downName = downName;
    const NetDeviceContainer& devices = wire.devices;
    const DdnnSubnet subnet = GetSubnet(m_wires.size() - 1);
    subnet.Add(devices.Get(0), LOWER_HOST);
    subnet.Add(devices.Get(1), UPPER_HOST);
}

DdnnSubnet
DdnnTopology::GetSubnet(std::size_t wire) const
{
    return {m_ipv6, static_cast<uint32_t>(m_cells.size() + wire)};
}

bool
DdnnTopology::IsIpv6() const
{
    return m_ipv6;
}

const std::vector<DdnnTopology::Cell>&
DdnnTopology::GetCells() const
{
    return m_cells;
}

const DdnnTopology::Cell&
DdnnTopology::GetCell(int device) const
{
    return m_cells[m_cellOf.at(device)];
}

uint32_t
DdnnTopology::GetPosition(int device) const
{
    const auto& devices = GetCell(device).devices;
    return std::lower_bound(devices.begin(), devices.end(), device) - devices.begin();
}

const std::vector<DdnnTopology::Wire>&
DdnnTopology::GetWires() const
{
    return m_wires;
}

std::size_t
DdnnTopology::FindWire(const std::string& name, std::size_t index) const
{
    std::vector<std::size_t> found;
    std::string known = m_trunks.empty() ? "" : ", backhaul";
    if (name == "backhaul" && index == 0 && !m_trunks.empty())
    {
        found.push_back(m_trunks.back());
    }
    for (std::size_t i = 0; i < m_wires.size(); ++i)
    {
        if (m_wires[i].name == name && m_wires[i].index == index)
        {
            found.push_back(i);
        }
        const bool several = i + 1 < m_wires.size() && m_wires[i + 1].index > m_wires[i].index;
        if (!several)
        {
            const std::string last = std::to_string(m_wires[i].index);
            known += ", " + m_wires[i].name + (m_wires[i].index > 0 ? " 0 to " + last : "");
        }
    }
    if (found.size() == 1)
    {
        return found[0];
    }
    throw std::runtime_error(
        "link " + name + " " + std::to_string(index) +
        (found.empty() ? " does not exist, there are " + (known.empty() ? "none" : known.substr(2))
                       : " is two: call a tier otherwise in the hierarchy"));
}

std::size_t
DdnnTopology::GetTrunk(int tier) const
{
    return m_trunks.at(tier - 1);
}

std::size_t
DdnnTopology::GetSite(int tier, int node) const
{
    return m_sites.at(tier - 1).at(node);
}

std::size_t
DdnnTopology::GetCellWire(std::size_t cell) const
{
    return cell; // they were added first
}

void
DdnnTopology::SetWireUp(std::size_t wire, bool up)
{
    m_wires.at(wire).SetUp(up);
}

void
DdnnTopology::SetWireRate(std::size_t wire, DataRate rate)
{
    m_wires.at(wire).SetRate(rate);
}

void
DdnnTopology::SetWireDelay(std::size_t wire, Time delay)
{
    m_wires.at(wire).SetDelay(delay);
}

void
DdnnTopology::SetWireLoss(std::size_t wire, double packetErrorRate)
{
    m_wires.at(wire).SetLoss(packetErrorRate);
}

void
DdnnTopology::PauseWire(std::size_t wire, Time end)
{
    m_wires.at(wire).PauseUntil(end);
}

Time
DdnnTopology::GetBacklog(int tier) const
{
    return m_wires[GetTrunk(tier)].GetBacklog(0);
}

const NodeContainer&
DdnnTopology::GetNodes() const
{
    return m_nodes;
}

Ptr<Node>
DdnnTopology::GetNode(int tier, int node) const
{
    return m_tiers.at(tier).at(node);
}

Ptr<Node>
DdnnTopology::GetAggregator(int tier) const
{
    return m_aggregators.at(tier);
}

int
DdnnTopology::GetLastTier() const
{
    return static_cast<int>(m_tiers.size()) - 1;
}

Address
DdnnTopology::GetNodeAddress(int tier, int node) const
{
    if (tier == 0)
    {
        return GetCell(node).access->GetDeviceAddress(GetPosition(node));
    }
    const auto& sites = m_sites.at(tier - 1);
    return GetSubnet(sites.empty() ? m_trunks[tier - 1] : sites.at(node)).GetAddress(UPPER_HOST);
}

Address
DdnnTopology::GetAggregatorAddress(int tier) const
{
    if (tier > 0)
    {
        return GetSubnet(m_trunks.at(tier - 1)).GetAddress(UPPER_HOST);
    }
    return m_cells.size() == 1 ? m_cells[0].access->GetGatewayAddress()
                               : GetSubnet(0).GetAddress(UPPER_HOST);
}

Address
DdnnTopology::GetRelayAddress(std::size_t cell) const
{
    return GetSubnet(cell).GetAddress(LOWER_HOST);
}

Address
DdnnTopology::GetLoopback() const
{
    if (m_ipv6)
    {
        return Ipv6Address::GetLoopback();
    }
    return Ipv4Address::GetLoopback();
}

const DdnnLink&
DdnnTopology::GetUplink(int tier) const
{
    return tier == GetLastTier() ? m_settings.cloud : m_settings.edge;
}

const DdnnTopologySettings&
DdnnTopology::GetSettings() const
{
    return m_settings;
}

Time
DdnnTopology::GetStartUpTime() const
{
    Time longest;
    for (const Cell& cell : m_cells)
    {
        longest = Max(longest, cell.access->GetStartUpTime());
    }
    return longest;
}

void
DdnnTopology::FinishStartUp()
{
    for (Cell& cell : m_cells)
    {
        cell.access->FinishStartUp();
    }
}

int64_t
DdnnTopology::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    for (Cell& cell : m_cells)
    {
        next += cell.access->AssignStreams(next);
    }
    InternetStackHelper stack;
    next += stack.AssignStreams(m_nodes, next);
    return next - stream;
}

int64_t
DdnnTopology::AssignLossStreams(int64_t stream)
{
    int64_t next = stream;
    for (Cell& cell : m_cells)
    {
        next += cell.access->AssignLossStreams(next);
    }
    return next - stream;
}

int64_t
DdnnTopology::AssignWireStreams(int64_t stream)
{
    int64_t next = stream;
    for (Wire& wire : m_wires)
    {
        next += wire.AssignStreams(next);
    }
    return next - stream;
}

void
DdnnTopology::EnablePcap(const std::string& prefix)
{
    for (Cell& cell : m_cells)
    {
        cell.access->EnablePcap(prefix);
    }
    for (const Wire& wire : m_wires)
    {
        PointToPointHelper().EnablePcap(prefix, wire.devices);
    }
}

} // namespace ns3
