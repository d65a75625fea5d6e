// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-fault-target.h"

#include <algorithm>
#include <set>

namespace ns3
{

namespace
{

using Kind = DdnnFaultUnit::Kind;
using Units = std::set<DdnnFaultUnit>;

std::size_t
NumCells(const ddnn::Hierarchy& hierarchy)
{
    return std::max<std::size_t>(hierarchy.cells.size(), 1);
}

int
NumTiers(const ddnn::Hierarchy& hierarchy)
{
    return static_cast<int>(hierarchy.tiers.size());
}

/// Finds what one target means in a hierarchy.
class Resolver
{
  public:
    Resolver(const DdnnFault& fault, const ddnn::Hierarchy& hierarchy)
        : m_fault(fault)
        , m_target(fault.target)
        , m_hierarchy(hierarchy)
    {
    }

    Units Resolve()
    {
        RefuseAmbiguousName();
        if (m_target.link)
        {
            AddLinks();
        }
        else
        {
            AddNodes();
        }
        return m_units;
    }

  private:
    [[noreturn]] void Refuse(const std::string& message) const
    {
        RefuseFault(m_fault, message);
    }

    std::string GetName() const
    {
        return (m_target.link ? "link:" : "") + m_target.name;
    }

    /// These words may be names of tiers.
    void RefuseAmbiguousName() const
    {
        const std::string& name = m_target.name;
        const bool reserved = name == "gateway" || name == "aggregator" || name == "backhaul";
        if (reserved && FindTier(name) >= 0)
        {
            Refuse("target " + name +
                   " is the name of a tier as well; call the tier otherwise in the hierarchy");
        }
    }

    /// \return tier 1 or higher, or -1
    int FindTier(const std::string& name) const
    {
        for (int tier = 1; tier < NumTiers(m_hierarchy); ++tier)
        {
            if (m_hierarchy.tiers[tier].name == name)
            {
                return tier;
            }
        }
        return -1;
    }

    int FindExit(const std::string& name) const
    {
        for (int tier = 0; tier < NumTiers(m_hierarchy); ++tier)
        {
            if (ddnn::ExitName(m_hierarchy, tier) == name)
            {
                return tier;
            }
        }
        Refuse("target aggregator:" + name + " does not exist, use one of " + GetExitNames());
    }

    std::string GetExitNames() const
    {
        std::string names;
        for (int tier = 0; tier < NumTiers(m_hierarchy); ++tier)
        {
            names += (names.empty() ? "" : ", ") + ddnn::ExitName(m_hierarchy, tier);
        }
        return names;
    }

    std::string GetTierNames() const
    {
        std::string names;
        for (int tier = 1; tier < NumTiers(m_hierarchy); ++tier)
        {
            names += ", " + m_hierarchy.tiers[tier].name;
        }
        return names;
    }

    /// \return the indices that the target names of `count`, all if it names none
    std::set<int> GetIndices(std::size_t count) const
    {
        std::set<int> indices;
        for (const auto& [first, last] : m_target.ranges)
        {
            if (last >= count)
            {
                Refuse("target " + GetName() + ":" + std::to_string(last) + " does not exist, " +
                       (count == 1 ? "there is one" : "there are " + std::to_string(count)) +
                       ", numbered from 0");
            }
            for (uint32_t i = first; i <= last; ++i)
            {
                indices.insert(static_cast<int>(i));
            }
        }
        for (std::size_t i = 0; m_target.ranges.empty() && i < count; ++i)
        {
            indices.insert(static_cast<int>(i));
        }
        return indices;
    }

    void RefuseIndex() const
    {
        if (m_target.indexed)
        {
            Refuse("target " + GetName() + " takes no index");
        }
    }

    void AddNode(Kind kind, int tier, int index)
    {
        m_units.insert({kind, tier, index});
    }

    void AddAggregator(int tier)
    {
        if (tier == 0 && NumCells(m_hierarchy) == 1)
        {
            return AddNode(Kind::GATEWAY, 0, 0);
        }
        const bool alone = tier > 0 && m_hierarchy.tiers[tier].numNodes == 1;
        AddNode(alone ? Kind::SERVER : Kind::AGGREGATOR, tier, 0);
    }

    void AddIndexed(Kind kind, int tier, std::size_t count)
    {
        for (const int index : GetIndices(count))
        {
            AddNode(kind, tier, index);
        }
    }

    /// \param kind of what is added for each device: itself, or its link
    void AddDevicesOfCells(Kind kind)
    {
        for (const int cell : GetIndices(NumCells(m_hierarchy)))
        {
            const bool only = m_hierarchy.cells.empty();
            for (int i = 0; i < m_hierarchy.tiers[0].numNodes; ++i)
            {
                const auto* devices = only ? nullptr : &m_hierarchy.cells[cell].devices;
                if (only || std::binary_search(devices->begin(), devices->end(), i))
                {
                    AddNode(kind, 0, i);
                }
            }
        }
    }

    void AddAggregators()
    {
        if (!m_target.exits.empty())
        {
            for (const std::string& exit : m_target.exits)
            {
                AddAggregator(FindExit(exit));
            }
            return;
        }
        for (int tier = 0; tier < NumTiers(m_hierarchy); ++tier)
        {
            AddAggregator(tier);
        }
    }

    void AddNodes()
    {
        const auto& tiers = m_hierarchy.tiers;
        const std::string& name = m_target.name;
        const int tier = FindTier(name);
        if (name == "*")
        {
            AddIndexed(Kind::DEVICE, 0, tiers[0].numNodes);
            AddIndexed(Kind::GATEWAY, 0, NumCells(m_hierarchy));
            AddAggregators();
            for (int i = 1; i < NumTiers(m_hierarchy); ++i)
            {
                AddIndexed(Kind::SERVER, i, tiers[i].numNodes);
            }
        }
        else if (name == "device")
        {
            AddIndexed(Kind::DEVICE, 0, tiers[0].numNodes);
        }
        else if (name == "cell")
        {
            AddDevicesOfCells(Kind::DEVICE);
        }
        else if (name == "gateway")
        {
            AddIndexed(Kind::GATEWAY, 0, NumCells(m_hierarchy));
        }
        else if (name == "aggregator")
        {
            AddAggregators();
        }
        else if (tier > 0)
        {
            AddIndexed(Kind::SERVER, tier, tiers[tier].numNodes);
        }
        else
        {
            Refuse("target '" + name + "' is not known, use one of device, cell, gateway, " +
                   "aggregator" + GetTierNames() + ", *, or link: and a link");
        }
    }

    void AddTierLink(int tier)
    {
        const auto& spec = m_hierarchy.tiers[tier];
        if (!m_target.indexed)
        {
            return AddNode(Kind::TRUNK, tier, 0);
        }
        if (spec.numNodes == 1)
        {
            Refuse("target link:" + spec.name + " takes no index: the tier has one node, and " +
                   "link:" + spec.name + " leads to it");
        }
        AddIndexed(Kind::SITE, tier, spec.numNodes);
    }

    void AddAllLinks()
    {
        AddIndexed(Kind::ACCESS, 0, m_hierarchy.tiers[0].numNodes);
        if (NumCells(m_hierarchy) > 1)
        {
            AddIndexed(Kind::CELL, 0, NumCells(m_hierarchy));
        }
        for (int tier = 1; tier < NumTiers(m_hierarchy); ++tier)
        {
            AddNode(Kind::TRUNK, tier, 0);
            const int numNodes = m_hierarchy.tiers[tier].numNodes;
            if (numNodes > 1)
            {
                AddIndexed(Kind::SITE, tier, numNodes);
            }
        }
    }

    void AddLinks()
    {
        const std::string& name = m_target.name;
        const int tier = FindTier(name);
        if (name == "*")
        {
            AddAllLinks();
        }
        else if (name == "device")
        {
            AddIndexed(Kind::ACCESS, 0, m_hierarchy.tiers[0].numNodes);
        }
        else if (name == "cell" && NumCells(m_hierarchy) > 1)
        {
            AddIndexed(Kind::CELL, 0, NumCells(m_hierarchy));
        }
        else if (name == "cell")
        {
            Refuse("target link:cell does not exist with one cell, whose gateway is the devices' "
                   "aggregator");
        }
        else if (name == "backhaul" && NumTiers(m_hierarchy) > 1)
        {
            RefuseIndex();
            AddNode(Kind::TRUNK, NumTiers(m_hierarchy) - 1, 0);
        }
        else if (tier > 0)
        {
            AddTierLink(tier);
        }
        else
        {
            const bool backhaul = NumTiers(m_hierarchy) > 1;
            Refuse("target 'link:" + name + "' is not known, use one of device, cell" +
                   (backhaul ? ", backhaul" : "") + GetTierNames() + " or * after link:");
        }
    }

    const DdnnFault& m_fault;
    const DdnnFaultTarget& m_target;
    const ddnn::Hierarchy& m_hierarchy;
    Units m_units;
};

} // namespace

std::string
ToString(const DdnnFaultUnit& unit, const ddnn::Hierarchy& hierarchy)
{
    const std::string index = ":" + std::to_string(unit.index);
    const auto& tier = hierarchy.tiers.at(unit.tier);
    switch (unit.kind)
    {
    case Kind::DEVICE:
        return "device" + index;
    case Kind::GATEWAY:
        return "gateway" + index;
    case Kind::SERVER:
        return tier.name + (tier.numNodes > 1 ? index : "");
    case Kind::AGGREGATOR:
        return "aggregator:" + ddnn::ExitName(hierarchy, unit.tier);
    case Kind::ACCESS:
        return "link:device" + index;
    case Kind::CELL:
        return "link:cell" + index;
    case Kind::TRUNK:
        return "link:" + tier.name;
    default:
        return "link:" + tier.name + index;
    }
}

std::vector<DdnnFaultUnit>
ResolveFault(const DdnnFault& fault, const ddnn::Hierarchy& hierarchy)
{
    const Units units = Resolver(fault, hierarchy).Resolve();
    return {units.begin(), units.end()};
}

} // namespace ns3
