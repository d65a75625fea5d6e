// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-site-applications.h"

#include <map>
#include <stdexcept>
#include <string>

namespace ns3
{

namespace
{

/// Prepares the places of a site's applications.
DdnnSiteApplications
MakeSite(Ptr<DdnnSite> site)
{
    DdnnSiteApplications made;
    made.site = site;
    const auto& tiers = site->GetHierarchy().tiers;
    made.exits.resize(tiers.size());
    made.devices.resize(tiers[0].numNodes);
    for (std::size_t tier = 1; tier < tiers.size(); ++tier)
    {
        made.servers.emplace_back(tiers[tier].numNodes);
    }
    return made;
}

void
Add(Ptr<DdnnApplication> application, DdnnSiteApplications& site)
{
    site.all.push_back(application);
    if (const auto device = DynamicCast<DdnnEndDevice>(application))
    {
        site.devices.at(device->GetIndex()) = device;
    }
    else if (const auto server = DynamicCast<DdnnServer>(application))
    {
        site.servers.at(server->GetTier() - 1).at(server->GetIndex()) = server;
    }
    else if (const auto exit = DynamicCast<DdnnExit>(application))
    {
        site.exits.at(exit->GetTier()) = exit;
    }
    else if (const auto tracker = DynamicCast<DdnnSampleTracker>(application))
    {
        site.tracker = tracker;
    }
}

std::size_t
CountExpected(const ddnn::Hierarchy& hierarchy)
{
    std::size_t expected = 1 + hierarchy.tiers.size(); // the sample tracker and the exits
    for (const ddnn::Tier& tier : hierarchy.tiers)
    {
        expected += tier.numNodes;
    }
    return expected;
}

} // namespace

Ptr<DdnnSection>
DdnnSiteApplications::GetSection(uint32_t tier, uint32_t node) const
{
    if (tier == 0)
    {
        return devices.at(node);
    }
    return servers.at(tier - 1).at(node);
}

std::vector<DdnnSiteApplications>
FindDdnnSites(const ApplicationContainer& applications)
{
    std::map<uint16_t, DdnnSiteApplications> found;
    for (uint32_t i = 0; i < applications.GetN(); ++i)
    {
        const auto application = DynamicCast<DdnnApplication>(applications.Get(i));
        if (!application)
        {
            continue;
        }
        const Ptr<DdnnSite> site = application->GetSite();
        const auto entry = found.try_emplace(site->GetNumber(), MakeSite(site)).first;
        if (entry->second.site != site)
        {
            throw std::runtime_error("two DDNN sites have the number " +
                                     std::to_string(site->GetNumber()) +
                                     ": see DdnnHelper::SetSiteNumber");
        }
        Add(application, entry->second);
    }
    std::vector<DdnnSiteApplications> sites;
    for (const auto& [number, site] : found)
    {
        const std::size_t expected = CountExpected(site.site->GetHierarchy());
        if (site.all.size() != expected)
        {
            throw std::runtime_error("DDNN site " + std::to_string(number) + " has " +
                                     std::to_string(expected) + " applications, " +
                                     std::to_string(site.all.size()) +
                                     " were given: pass on all that DdnnHelper::Install returned");
        }
        sites.push_back(site);
    }
    if (sites.empty())
    {
        throw std::runtime_error("there is no DDNN among the applications: pass on what "
                                 "DdnnHelper::Install returned");
    }
    return sites;
}

} // namespace ns3
