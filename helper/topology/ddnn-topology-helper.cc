// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-topology-helper.h"

#include "ns3/ddnn-compat.h"
#include "ns3/enum.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnTopologyHelper);

namespace
{

/// \return how many point-to-point links a site has, those of access networks aside
uint32_t
CountLinks(const ddnn::Hierarchy& hierarchy, std::size_t cells)
{
    uint32_t links = cells > 1 ? cells : 0;
    for (std::size_t tier = 1; tier < hierarchy.tiers.size(); ++tier)
    {
        const int nodes = hierarchy.tiers[tier].numNodes;
        links += 1 + (nodes > 1 ? nodes : 0);
    }
    return links;
}

} // namespace

TypeId
DdnnTopologyHelper::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnTopologyHelper")
            .SetParent<Object>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnTopologyHelper>()
            .AddAttribute("Access",
                          "Access network of the cells whose technology the hierarchy does not "
                          "name: wifi, csma, p2p, lrwpan or lte.",
                          StringValue("wifi"),
                          MakeStringAccessor(&DdnnTopologyHelper::m_access),
                          MakeStringChecker())
            .AddAttribute("IpVersion",
                          "IP version of all links; auto: 6 if an access network carries nothing "
                          "else, 4 otherwise.",
                          EnumValue(AUTO),
                          DDNN_MAKE_ENUM_ACCESSOR(IpVersion, &DdnnTopologyHelper::m_ipVersion),
                          MakeEnumChecker(AUTO, "auto", V4, "4", V6, "6"))
            .AddAttribute("CellRate",
                          "Data rate of a gateway's link to the devices' exit, with several cells.",
                          DataRateValue(DataRate("100Mbps")),
                          MakeDataRateAccessor(&DdnnTopologyHelper::m_cellRate),
                          MakeDataRateChecker())
            .AddAttribute("CellDelay",
                          "Propagation delay of that link, one way.",
                          TimeValue(MilliSeconds(1)),
                          MakeTimeAccessor(&DdnnTopologyHelper::m_cellDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("EdgeRate",
                          "Data rate of the link up to a tier that is not the last.",
                          DataRateValue(DataRate("100Mbps")),
                          MakeDataRateAccessor(&DdnnTopologyHelper::m_edgeRate),
                          MakeDataRateChecker())
            .AddAttribute("EdgeDelay",
                          "Propagation delay of that link, one way.",
                          TimeValue(MilliSeconds(2)),
                          MakeTimeAccessor(&DdnnTopologyHelper::m_edgeDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ExitRate",
                          "Data rate of the link between a tier's exit and a node of the tier, "
                          "where it has several.",
                          DataRateValue(DataRate("1Gbps")),
                          MakeDataRateAccessor(&DdnnTopologyHelper::m_exitRate),
                          MakeDataRateChecker())
            .AddAttribute("ExitDelay",
                          "Propagation delay of that link, one way.",
                          TimeValue(MicroSeconds(10)),
                          MakeTimeAccessor(&DdnnTopologyHelper::m_exitDelay),
                          MakeTimeChecker(Time(0)));
    return tid;
}

DdnnTopologyHelper::DdnnTopologyHelper() = default;

DdnnTopologyHelper::~DdnnTopologyHelper() = default;

void
DdnnTopologyHelper::DoDispose()
{
    m_nodes = NodeContainer();
    m_sites.clear();
    Object::DoDispose();
}

std::vector<std::string>
DdnnTopologyHelper::Check(const ddnn::Hierarchy& hierarchy) const
{
    const auto cells = MakeCells(hierarchy);
    ChooseIpv6(cells);
    std::vector<std::string> used;
    for (const DdnnTopology::Cell& cell : cells)
    {
        used.push_back(cell.access->GetName());
    }
    DdnnAccess::CheckUnused(used);
    for (const auto& [rate, name] : {std::pair{m_cellRate, "CellRate"},
                                     std::pair{m_edgeRate, "EdgeRate"},
                                     std::pair{m_exitRate, "ExitRate"}})
    {
        if (rate.GetBitRate() == 0)
        {
            throw std::runtime_error(std::string("ns3::DdnnTopologyHelper::") + name +
                                     " must be more than zero");
        }
    }
    return used;
}

const std::vector<DdnnTopology>&
DdnnTopologyHelper::Build(const ddnn::Hierarchy& hierarchy, uint32_t sites)
{
    Check(hierarchy);
    uint32_t nextSubnet = 0;
    for (uint32_t i = 0; i < sites; ++i)
    {
        DdnnTopology site;
        site.cells = MakeCells(hierarchy);
        m_ipv6 = ChooseIpv6(site.cells);
        m_firstSubnet.push_back(nextSubnet);
        nextSubnet += site.cells.size() + CountLinks(hierarchy, site.cells.size());
        CreateNodes(hierarchy, site);
        m_sites.push_back(site);
    }
    DdnnSubnet::InstallStack(m_nodes, m_ipv6);
    for (DdnnTopology& site : m_sites)
    {
        InstallCells(site);
        InstallTiers(hierarchy, site);
    }
    Simulator::Schedule(GetStartUpTime(),
                        &DdnnTopologyHelper::FinishStartUp,
                        Ptr<DdnnTopologyHelper>(this));
    return m_sites;
}

std::vector<DdnnTopology::Cell>
DdnnTopologyHelper::MakeCells(const ddnn::Hierarchy& hierarchy) const
{
    std::vector<DdnnTopology::Cell> made;
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
        const auto access = DdnnAccess::Make(cell.access.empty() ? m_access : cell.access);
        const std::string name = "cell " + std::to_string(made.size());
        if (cell.devices.size() > access->GetMaxDevices())
        {
            throw std::runtime_error(name + " has " + std::to_string(cell.devices.size()) +
                                     " devices, " + access->GetName() + " can have " +
                                     std::to_string(access->GetMaxDevices()) +
                                     ": split them into more cells");
        }
        if (!(names.insert(access->GetName()).second && m_sites.empty()) && !access->CanRepeat())
        {
            throw std::runtime_error(name + " is a second network of " + access->GetName() +
                                     ", a simulation can have one: use another access network");
        }
        made.push_back({{cell.devices.begin(), cell.devices.end()}, nullptr, access});
    }
    return made;
}

bool
DdnnTopologyHelper::ChooseIpv6(const std::vector<DdnnTopology::Cell>& cells) const
{
    bool ipv6 = m_ipVersion == V6;
    for (const DdnnTopology::Cell& cell : cells)
    {
        if (cell.access->IsIpv6Only() && m_ipVersion == V4)
        {
            throw std::runtime_error(
                "ns3::DdnnTopologyHelper::IpVersion is 4, but access network " +
                cell.access->GetName() + " carries IPv6 only: use 6");
        }
        ipv6 = ipv6 || cell.access->IsIpv6Only();
    }
    return ipv6;
}

void
DdnnTopologyHelper::CreateNodes(const ddnn::Hierarchy& hierarchy, DdnnTopology& site)
{
    const auto create = [this] {
        const auto node = CreateObject<Node>();
        m_nodes.Add(node);
        return node;
    };
    for (std::size_t tier = 0; tier < hierarchy.tiers.size(); ++tier)
    {
        const bool last = tier + 1 == hierarchy.tiers.size();
        if (last && tier > 0 && !m_sites.empty())
        {
            site.tiers.push_back(m_sites[0].tiers[tier]);
            continue;
        }
        site.tiers.emplace_back();
        for (int node = 0; node < hierarchy.tiers[tier].numNodes; ++node)
        {
            site.tiers[tier].Add(create());
        }
    }
    for (DdnnTopology::Cell& cell : site.cells)
    {
        cell.gateway = create();
    }
    site.exits.Add(site.cells.size() == 1 ? site.cells[0].gateway : create());
    for (std::size_t tier = 1; tier < site.tiers.size(); ++tier)
    {
        site.exits.Add(site.tiers[tier].GetN() == 1 ? site.tiers[tier].Get(0) : create());
    }
}

const std::vector<DdnnTopology>&
DdnnTopologyHelper::GetSites() const
{
    return m_sites;
}

bool
DdnnTopologyHelper::IsIpv6() const
{
    return m_ipv6;
}

const NodeContainer&
DdnnTopologyHelper::GetNodes() const
{
    return m_nodes;
}

DdnnLinkSettings
DdnnTopologyHelper::GetCellLink() const
{
    return {m_cellRate, m_cellDelay};
}

DdnnLinkSettings
DdnnTopologyHelper::GetEdgeLink() const
{
    return {m_edgeRate, m_edgeDelay};
}

DdnnLinkSettings
DdnnTopologyHelper::GetExitLink() const
{
    return {m_exitRate, m_exitDelay};
}

Time
DdnnTopologyHelper::GetStartUpTime() const
{
    Time longest;
    for (const DdnnTopology& site : m_sites)
    {
        for (const DdnnTopology::Cell& cell : site.cells)
        {
            longest = Max(longest, cell.access->GetStartUpTime());
        }
    }
    return longest;
}

void
DdnnTopologyHelper::FinishStartUp()
{
    try
    {
        for (const DdnnTopology& site : m_sites)
        {
            for (const DdnnTopology::Cell& cell : site.cells)
            {
                cell.access->FinishStartUp();
            }
        }
    }
    catch (const std::runtime_error&)
    {
        // not from within the event that this is: ns-3 would leak it
        m_startUpError = std::current_exception();
        Simulator::Stop();
    }
}

void
DdnnTopologyHelper::CheckStartUp() const
{
    if (m_startUpError)
    {
        std::rethrow_exception(m_startUpError);
    }
}

int64_t
DdnnTopologyHelper::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    for (const DdnnTopology& site : m_sites)
    {
        for (const DdnnTopology::Cell& cell : site.cells)
        {
            next += cell.access->AssignStreams(next);
        }
    }
    InternetStackHelper stack;
    next += stack.AssignStreams(m_nodes, next);
    return next - stream;
}

int64_t
DdnnTopologyHelper::AssignBackhaulStreams(int64_t stream)
{
    int64_t next = stream;
    for (const DdnnTopology& site : m_sites)
    {
        next += site.backhaul ? site.backhaul->AssignStreams(next) : 0;
    }
    return next - stream;
}

void
DdnnTopologyHelper::EnablePcap(const std::string& prefix)
{
    for (const DdnnTopology& site : m_sites)
    {
        for (const DdnnTopology::Cell& cell : site.cells)
        {
            cell.access->EnablePcap(prefix);
        }
        for (const DdnnTopology::Link& link : site.links)
        {
            PointToPointHelper().EnablePcap(prefix, link.devices);
        }
    }
}

} // namespace ns3
