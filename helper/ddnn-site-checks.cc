// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-site-checks.h"

#include "contrib-ddnn/hierarchy/hierarchy.h"

#include "ns3/ddnn-collector.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>

namespace ns3
{

namespace
{

std::string
GetTierText(const ddnn::Hierarchy& hierarchy, std::size_t tier)
{
    return "tier " + std::to_string(tier) + " (" + hierarchy.tiers[tier].name + ")";
}

} // namespace

void
CheckTiers(const ddnn::Hierarchy& hierarchy, const std::vector<NodeContainer>& tiers)
{
    if (tiers.size() != hierarchy.tiers.size())
    {
        throw std::runtime_error("the hierarchy has " + std::to_string(hierarchy.tiers.size()) +
                                 " tiers, nodes were given for " + std::to_string(tiers.size()));
    }
    for (std::size_t tier = 0; tier < tiers.size(); ++tier)
    {
        const auto expected = static_cast<uint32_t>(hierarchy.tiers[tier].numNodes);
        if (tiers[tier].GetN() != expected)
        {
            throw std::runtime_error(GetTierText(hierarchy, tier) + " has " +
                                     std::to_string(expected) + " nodes in the hierarchy, " +
                                     std::to_string(tiers[tier].GetN()) + " were given");
        }
    }
}

NodeContainer
CompleteExits(const ddnn::Hierarchy& hierarchy,
              const std::vector<NodeContainer>& tiers,
              NodeContainer exits)
{
    if (exits.GetN() > tiers.size())
    {
        throw std::runtime_error("the hierarchy has " + std::to_string(tiers.size()) +
                                 " exits, nodes were given for " + std::to_string(exits.GetN()));
    }
    for (std::size_t tier = exits.GetN(); tier < tiers.size(); ++tier)
    {
        if (tiers[tier].GetN() != 1)
        {
            throw std::runtime_error(GetTierText(hierarchy, tier) + " has " +
                                     std::to_string(tiers[tier].GetN()) +
                                     " nodes and no exit: give the node that joins their scores");
        }
        exits.Add(tiers[tier].Get(0));
    }
    return exits;
}

void
CheckNodes(const std::map<uint32_t, Ptr<Node>>& nodes, uint16_t number)
{
    for (const auto& [id, node] : nodes)
    {
        const std::string name = "node " + std::to_string(id);
        if (nodes.size() > 1 && !node->GetObject<Ipv4>() && !node->GetObject<Ipv6>())
        {
            throw std::runtime_error(name + " has no IP stack: install ns-3's "
                                            "InternetStackHelper before the DDNN");
        }
        for (uint32_t i = 0; i < node->GetNApplications(); ++i)
        {
            const auto other = DynamicCast<DdnnApplication>(node->GetApplication(i));
            if (other && other->GetSite()->GetNumber() == number)
            {
                throw std::runtime_error(name + " belongs to a DDNN site with the number " +
                                         std::to_string(number) +
                                         " already: see DdnnHelper::SetSiteNumber");
            }
        }
    }
}

void
CheckSite(const DdnnSite& site)
{
    const ddnn::Hierarchy& hierarchy = site.GetModel().GetHierarchy();
    if (site.GetFeatureTries() > 1 && site.GetTransport() == DdnnSite::TCP)
    {
        throw std::runtime_error("ns3::DdnnSite::FeatureTries has no place with TCP, which repeats "
                                 "by itself");
    }
    if (site.GetOffload() != DdnnSite::STAGGERED && hierarchy.rawOffload)
    {
        throw std::runtime_error("ns3::DdnnSite::Offload has no place with raw offload, where "
                                 "devices send views at once");
    }
    if (const std::optional<Time> interval = site.GetMeanInterval())
    {
        constexpr double LONGEST_RUN = 9e9; // seconds; ns-3 counts nanoseconds in 64 bits
        if (!interval->IsStrictlyPositive() ||
            interval->GetSeconds() * site.GetNumSamples() > LONGEST_RUN)
        {
            throw std::runtime_error("ns3::DdnnSite::Interval must be more than zero, and " +
                                     std::to_string(site.GetNumSamples()) +
                                     " of them must not exceed 9e9s");
        }
    }
    constexpr int LARGEST_DATAGRAM = 60000; // bytes; UDP carries 65507, headers included
    int largest = 0;
    for (int tier = 0; tier < site.GetNumTiers(); ++tier)
    {
        largest = std::max(largest, ddnn::LargestPayload(hierarchy, tier));
    }
    if (site.GetTransport() == DdnnSite::UDP && largest > LARGEST_DATAGRAM)
    {
        throw std::runtime_error("a message of " + std::to_string(largest) +
                                 " bytes does not fit into one UDP datagram: set "
                                 "ns3::DdnnSite::Transport to tcp, or use smaller views or fewer "
                                 "filters");
    }
}

void
CheckPolicies(const ddnn::Hierarchy& hierarchy,
              const std::vector<Ptr<DdnnApplication>>& applications)
{
    int largest = 0; // number of nodes in a tier
    for (const ddnn::Tier& tier : hierarchy.tiers)
    {
        largest = std::max(largest, tier.numNodes);
    }
    for (const auto& application : applications)
    {
        PointerValue collector;
        if (application->GetAttributeFailSafe("Collector", collector))
        {
            UintegerValue quorum;
            collector.Get<DdnnCollector>()->GetAttribute("Quorum", quorum);
            if (quorum.Get() > static_cast<uint64_t>(largest))
            {
                throw std::runtime_error("ns3::DdnnCollector::Quorum is " +
                                         std::to_string(quorum.Get()) + ", but no tier has more " +
                                         "than " + std::to_string(largest) + " nodes");
            }
        }
        StringValue policy("fixed");
        application->GetAttributeFailSafe("ExitPolicy", policy);
        if (hierarchy.rawOffload && policy.Get() != "fixed")
        {
            throw std::runtime_error("ns3::DdnnExit::ExitPolicy has no place with raw offload, "
                                     "where the cloud alone classifies");
        }
    }
}

} // namespace ns3
