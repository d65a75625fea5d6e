// SPDX-License-Identifier: GPL-2.0-only
#include "failout.h"

#include <algorithm>

namespace ddnn
{

namespace
{

using Mask = std::vector<uint8_t>;

/**
 * Draw a tier's masks, again for a sample in which no node would be there.
 * \param able `[sample, node]`, 1 where the node is there unless it is dropped
 */
Mask
Draw(const Mask& able, int nodes, double probability, std::mt19937_64& generator)
{
    Mask present(able.size());
    for (std::size_t first = 0; first < able.size(); first += nodes)
    {
        bool any = false;
        while (!any)
        {
            for (std::size_t i = first; i < first + nodes; ++i)
            {
                present[i] = static_cast<double>(generator() >> 11) * 0x1p-53 >= probability;
                any = any || (present[i] && able[i]);
            }
        }
    }
    return present;
}

/// Where the nodes of a tier have a child that is there.
Mask
AbleToRun(const Hierarchy& hierarchy, int tier, const Mask& children)
{
    const auto& parents = hierarchy.tiers[tier - 1].parents;
    const std::size_t nodes = hierarchy.tiers[tier].numNodes;
    Mask able(children.size() / parents.size() * nodes, 0);
    for (std::size_t i = 0; i < children.size(); ++i)
    {
        uint8_t& parent = able[i / parents.size() * nodes + parents[i % parents.size()]];
        parent = parent || children[i];
    }
    return able;
}

} // namespace

void
DropNodes(const Hierarchy& hierarchy,
          double devices,
          double edges,
          std::mt19937_64& generator,
          JointInput& input)
{
    input.present.assign(hierarchy.tiers.size(), {});
    Mask able(input.labels.size() * hierarchy.tiers[0].numNodes, 1);
    for (int tier = 0; tier == 0 || tier + 1 < static_cast<int>(hierarchy.tiers.size()); ++tier)
    {
        if (tier > 0)
        {
            able = AbleToRun(hierarchy, tier, able);
        }
        const double probability = tier == 0 ? devices : edges;
        if (probability > 0)
        {
            input.present[tier] =
                Draw(able, hierarchy.tiers[tier].numNodes, probability, generator);
            std::transform(able.begin(),
                           able.end(),
                           input.present[tier].begin(),
                           able.begin(),
                           [](uint8_t a, uint8_t b) {
                               return a && b;
                           });
        }
    }
}

} // namespace ddnn
