// SPDX-License-Identifier: GPL-2.0-only
// The links, addresses and routes of DdnnTopologyHelper.
#include "ddnn-topology-helper.h"

namespace ns3
{

namespace
{

// on every point-to-point link
constexpr uint32_t LOWER_HOST = 1;
constexpr uint32_t UPPER_HOST = 2;

} // namespace

void
DdnnTopologyHelper::InstallCells(DdnnTopology& site)
{
    const uint32_t first = m_firstSubnet[&site - m_sites.data()];
    for (std::size_t i = 0; i < site.cells.size(); ++i)
    {
        DdnnTopology::Cell& cell = site.cells[i];
        const auto stations = CreateObject<DdnnStations>();
        if (first + i == 0 && stations->GetNumber() > 0)
        {
            cell.access->SetStations(stations);
        }
        NodeContainer devices;
        for (const uint32_t device : cell.devices)
        {
            devices.Add(site.tiers[0].Get(device));
        }
        cell.access->SetCell(first + i);
        cell.access->Install(devices, cell.gateway);
        cell.access->AssignAddresses(DdnnSubnet(m_ipv6, first + i));
    }
    for (std::size_t i = 0; site.cells.size() > 1 && i < site.cells.size(); ++i)
    {
        DdnnAccess& access = *site.cells[i].access;
        const NetDeviceContainer ends =
            AddLink(site,
                    "cell",
                    "cell-up",
                    "cell-down",
                    CreateDdnnLink(site.cells[i].gateway, site.exits.Get(0), GetCellLink()));
        const DdnnSubnet subnet = GetSubnet(site, i);
        DdnnSubnet::AddDefaultRoute(ends.Get(0), subnet.GetAddress(UPPER_HOST));
        access.AddRoutes(ends.Get(1), subnet.GetAddress(LOWER_HOST));
        if (access.HasBroadcast())
        {
            DdnnSubnet(m_ipv6, first + i)
                .ForwardBroadcast(ends.Get(1), ends.Get(0), access.GetGatewayDevices().Get(0));
        }
    }
}

void
DdnnTopologyHelper::InstallTiers(const ddnn::Hierarchy& hierarchy, DdnnTopology& site)
{
    const int numTiers = static_cast<int>(site.tiers.size());
    std::vector<std::size_t> trunks; // indices of the links up to tiers
    for (int tier = 1; tier < numTiers; ++tier)
    {
        const std::string& name = hierarchy.tiers[tier].name;
        const Ptr<Node> lower = site.exits.Get(tier - 1);
        const Ptr<Node> upper = site.exits.Get(tier);
        NetDeviceContainer ends;
        if (tier + 1 == numTiers)
        {
            site.backhaul = CreateObject<DdnnBackhaul>();
            site.backhaul->Install(lower, upper);
            ends = site.backhaul->GetDevices();
        }
        else
        {
            ends = CreateDdnnLink(lower, upper, {m_edgeRate, m_edgeDelay});
        }
        trunks.push_back(site.links.size());
        AddLink(site, name, name + "-up", name + "-down", ends);
        const DdnnSubnet subnet = GetSubnet(site, trunks.back());
        if (tier + 1 == numTiers)
        {
            site.backhaul->InstallCrossTraffic(subnet.GetAddress(UPPER_HOST));
        }
        // All that is below is reached by default; the lowest exit's default is upward.
        if (tier + 1 < numTiers)
        {
            DdnnSubnet::AddDefaultRoute(ends.Get(1), subnet.GetAddress(LOWER_HOST));
        }
        if (tier == 1)
        {
            DdnnSubnet::AddDefaultRoute(ends.Get(0), subnet.GetAddress(UPPER_HOST));
        }
        const NodeContainer& nodes = site.tiers[tier];
        for (uint32_t node = 0; nodes.GetN() > 1 && node < nodes.GetN(); ++node)
        {
            const NetDeviceContainer branch =
                AddLink(site,
                        name + ":", // a link for each node, beside the one up to the tier
                        name + "-in",
                        name + "-out",
                        CreateDdnnLink(upper, nodes.Get(node), GetExitLink()));
            DdnnSubnet::AddDefaultRoute(
                branch.Get(1),
                GetSubnet(site, site.links.size() - 1).GetAddress(LOWER_HOST));
        }
    }
    AddRoutes(site, trunks);
}

void
DdnnTopologyHelper::AddRoutes(const DdnnTopology& site, const std::vector<std::size_t>& trunks)
{
    for (std::size_t i = 1; i < trunks.size(); ++i)
    {
        // what is above the exits between the lowest and the highest
        const Address nextHop = GetSubnet(site, trunks[i]).GetAddress(UPPER_HOST);
        for (std::size_t link = trunks[i] + 1; link < site.links.size(); ++link)
        {
            GetSubnet(site, link).AddRoute(site.links[trunks[i]].devices.Get(0), nextHop);
        }
    }
    if (trunks.empty())
    {
        return;
    }
    // The last tier, which sites share, is told of each subnet below.
    const Ptr<NetDevice> via = site.links[trunks.back()].devices.Get(1);
    const Address nextHop = GetSubnet(site, trunks.back()).GetAddress(LOWER_HOST);
    for (const DdnnTopology::Cell& cell : site.cells)
    {
        cell.access->AddRoutes(via, nextHop);
    }
    for (std::size_t link = 0; link < trunks.back(); ++link)
    {
        GetSubnet(site, link).AddRoute(via, nextHop);
    }
}

NetDeviceContainer
DdnnTopologyHelper::AddLink(DdnnTopology& site,
                            const std::string& target,
                            const std::string& upName,
                            const std::string& downName,
                            const NetDeviceContainer& ends)
{
    site.links.push_back({target, upName, downName, ends});
    const DdnnSubnet subnet = GetSubnet(site, site.links.size() - 1);
    subnet.Add(ends.Get(0), LOWER_HOST);
    subnet.Add(ends.Get(1), UPPER_HOST);
    return ends;
}

DdnnSubnet
DdnnTopologyHelper::GetSubnet(const DdnnTopology& site, std::size_t link) const
{
    const uint32_t first = m_firstSubnet[&site - m_sites.data()];
    return {m_ipv6, static_cast<uint32_t>(first + site.cells.size() + link)};
}

} // namespace ns3
