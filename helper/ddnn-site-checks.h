// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SITE_CHECKS_H
#define DDNN_SITE_CHECKS_H

#include "ns3/ddnn-application.h"
#include "ns3/ddnn-site.h"
#include "ns3/node-container.h"

#include <map>
#include <vector>

namespace ns3
{

// What DdnnHelper refuses to install. All throw std::runtime_error.

/// Check that each tier of a hierarchy has as many nodes as it says.
void CheckTiers(const ddnn::Hierarchy& hierarchy, const std::vector<NodeContainer>& tiers);

/// \return the exits' nodes, those of single nodes that are their own exits included
NodeContainer CompleteExits(const ddnn::Hierarchy& hierarchy,
                            const std::vector<NodeContainer>& tiers,
                            NodeContainer exits);

/// Check that nodes have IP, if there are several, and no site of this number yet.
void CheckNodes(const std::map<uint32_t, Ptr<Node>>& nodes, uint16_t number);

/// Check that a site's attributes fit each other, the hierarchy and the samples.
void CheckSite(const DdnnSite& site);

/// Check that the attributes of exits and collectors fit the hierarchy.
void CheckPolicies(const ddnn::Hierarchy& hierarchy,
                   const std::vector<Ptr<DdnnApplication>>& applications);

} // namespace ns3

#endif // DDNN_SITE_CHECKS_H
