// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-fault-targets.h"

#include "ddnn-fault.h"

#include <set>

namespace ns3
{

namespace
{

const std::string LINK = "link:";

bool
IsLink(const std::string& name)
{
    return name.compare(0, LINK.size(), LINK) == 0;
}

bool
IsNumber(const std::string& text)
{
    constexpr std::size_t LONGEST = 9; // digits
    return !text.empty() && text.size() <= LONGEST &&
           text.find_first_not_of("0123456789") == std::string::npos;
}

/// \return whether part of an index, "2", "1-3", "local" or "*", means that of an entry
bool
Means(const std::string& part, const std::string& index)
{
    const auto ends = DdnnFaultWord::Split(part, '-');
    if (ends.size() == 2 && IsNumber(ends[0]) && IsNumber(ends[1]) && IsNumber(index))
    {
        return std::stoul(ends[0]) <= std::stoul(index) && std::stoul(index) <= std::stoul(ends[1]);
    }
    return part == "*" || part == index;
}

/// \return whether there is all that part of an index means, if it means this one
bool
IsWhole(const std::string& part, const std::string& index)
{
    return part == "*" || part == index || DdnnFaultWord::Split(part, '-').back() == index;
}

} // namespace

DdnnFaultTargets::DdnnFaultTargets(const std::vector<DdnnSiteApplications>& sites)
    : m_severalSites(sites.size() > 1)
{
    for (const DdnnSiteApplications& applications : sites)
    {
        const DdnnSite& site = *applications.site;
        const ddnn::Hierarchy& hierarchy = site.GetHierarchy();
        const std::string prefix = std::to_string(site.GetNumber()) + "/";
        for (int tier = 0; tier < site.GetNumTiers(); ++tier)
        {
            m_groups.push_back({prefix, tier == 0 ? "device" : hierarchy.tiers[tier].name, {}});
            for (int i = 0; i < hierarchy.tiers[tier].numNodes; ++i)
            {
                Add(m_groups.back(), std::to_string(i), {"", site.GetNode(tier, i), {}});
            }
        }
        for (const char* name : {"exit", "aggregator"})
        {
            m_groups.push_back({prefix, name, {}});
            for (int tier = 0; tier < site.GetNumTiers(); ++tier)
            {
                const std::string exit = ddnn::ExitName(hierarchy, tier);
                Add(m_groups.back(), exit, {"", site.GetExitNode(tier), {}});
            }
        }
    }
    m_numSiteGroups = m_groups.size();
}

void
DdnnFaultTargets::AddNodes(const std::string& name, const NodeContainer& nodes)
{
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        AddGroup(name, nodes.Get(i));
    }
}

void
DdnnFaultTargets::AddGroup(const std::string& name, const NodeContainer& nodes)
{
    Group& group = GetGroup("", name);
    const std::string index = GetNextIndex(group);
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        Add(group, index, {"", nodes.Get(i), {}});
    }
}

void
DdnnFaultTargets::AddLink(const std::string& name, const NetDeviceContainer& devices)
{
    if (devices.GetN() == 0)
    {
        DdnnFaultWord::Refuse(name, "a link with at least one net device");
    }
    Group& group = GetGroup(LINK, name);
    Add(group, GetNextIndex(group), {"", nullptr, devices});
}

/// \return the group that has a name which a user gives, made if need be
DdnnFaultTargets::Group&
DdnnFaultTargets::GetGroup(const std::string& prefix, const std::string& name)
{
    const std::string site = name.substr(0, name.find('/') + 1);
    const std::string rest = prefix + name.substr(site.size());
    const std::string word = name.substr(site.size(), name.find_last_not_of(':') + 1 - site.size());
    bool isFree = !word.empty() && word.find_first_of(" \t\n;#/:,*") == std::string::npos;
    for (std::size_t i = 0; i < m_numSiteGroups; ++i)
    {
        isFree = isFree && m_groups[i].name != rest;
    }
    if (!isFree)
    {
        DdnnFaultWord::Refuse(name, "a word without another meaning in fault scripts");
    }
    for (Group& group : m_groups)
    {
        if (group.site == site && group.name == rest)
        {
            return group;
        }
    }
    m_groups.push_back({site, rest, {}});
    return m_groups.back();
}

std::string
DdnnFaultTargets::GetNextIndex(const Group& group)
{
    return std::to_string(group.members.empty() ? 0 : std::stoul(group.members.back().index) + 1);
}

DdnnFaultTargets::Key
DdnnFaultTargets::GetKey(const DdnnFaultUnit& unit)
{
    Key key(unit.devices.Begin(), unit.devices.End());
    key.push_back(unit.node);
    return key;
}

void
DdnnFaultTargets::Add(Group& group, const std::string& index, DdnnFaultUnit unit)
{
    const std::string name = (m_severalSites ? group.site : "") + group.name +
                             (group.name.back() == ':' ? "" : ":") + index;
    unit.name = m_names.emplace(GetKey(unit), name).first->second;
    group.members.push_back({index, unit});
}

/// \return those of a site, "1/" or empty for all, that have a name
std::vector<DdnnFaultTargets::Member>
DdnnFaultTargets::FindMembers(const std::string& site, const std::string& name) const
{
    std::vector<Member> found;
    const bool isAll = name == "*" || name == LINK + "*";
    for (const Group& group : m_groups)
    {
        if ((isAll ? IsLink(group.name) == IsLink(name) : group.name == name) &&
            (site.empty() || group.site == site))
        {
            found.insert(found.end(), group.members.begin(), group.members.end());
        }
    }
    return found;
}

std::vector<DdnnFaultUnit>
DdnnFaultTargets::FindTargets(const std::string& target) const
{
    const std::string site = target.substr(0, target.find('/') + 1);
    const std::string rest = target.substr(site.size());
    const std::size_t colon = rest.find(':', IsLink(rest) ? LINK.size() : 0);
    const bool isIndexed = colon != std::string::npos;
    const std::string name = rest.substr(0, colon);
    auto found = FindMembers(site, name + (isIndexed ? ":" : ""));
    if (found.empty() && !(isIndexed && name.back() == '*'))
    {
        found = FindMembers(site, name + (isIndexed ? "" : ":")); // no other has this name
    }
    std::vector<DdnnFaultUnit> units;
    std::set<Key> seen;
    for (const std::string& part :
         DdnnFaultWord::Split(isIndexed ? rest.substr(colon + 1) : "*", ','))
    {
        bool exists = false;
        for (const Member& member : found)
        {
            const bool isMeant = Means(part, member.index);
            if (isMeant && seen.insert(GetKey(member.unit)).second)
            {
                units.push_back(member.unit);
            }
            exists = exists || (isMeant && IsWhole(part, member.index));
        }
        if (!exists)
        {
            DdnnFaultWord::Refuse(target, "one of" + GetNames());
        }
    }
    return units;
}

/// \return the names of all, with how many have them
std::string
DdnnFaultTargets::GetNames() const
{
    constexpr std::size_t LONGEST = 500;
    std::string names;
    for (const Group& group : m_groups)
    {
        names += " " + (m_severalSites ? group.site : "") + group.name + " (" +
                 std::to_string(group.members.size()) + ")";
    }
    return names.substr(0, LONGEST);
}

std::vector<NetDeviceContainer>
DdnnFaultTargets::GetLinks() const
{
    std::vector<NetDeviceContainer> links;
    for (const Member& member : FindMembers("", LINK + "*"))
    {
        links.push_back(member.unit.devices);
    }
    return links;
}

} // namespace ns3
