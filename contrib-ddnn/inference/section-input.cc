// SPDX-License-Identifier: GPL-2.0-only
#include "section-input.h"

#include <stdexcept>

namespace ddnn
{

float
FeatureScale(Aggregation aggregation, int present)
{
    return aggregation == Aggregation::AP ? 1.0F / static_cast<float>(present) : 1.0F;
}

void
CheckDevice(const Hierarchy& hierarchy, int device)
{
    if (device < 0 || device >= hierarchy.tiers[0].numNodes)
    {
        throw std::invalid_argument("RunDevice: no such device");
    }
}

int
CheckChildren(const Hierarchy& hierarchy, int tier, int node, const std::vector<Features>& children)
{
    if (tier < 1 || tier >= static_cast<int>(hierarchy.tiers.size()) || node < 0 ||
        node >= hierarchy.tiers[tier].numNodes)
    {
        throw std::invalid_argument("RunNode: no such node");
    }
    const auto nodes = Children(hierarchy, tier, node);
    if (children.size() != nodes.size())
    {
        throw std::invalid_argument("RunNode: one entry per child is needed");
    }
    int present = 0;
    for (std::size_t i = 0; i < children.size(); ++i)
    {
        const auto expected = static_cast<std::size_t>(FeatureBytes(hierarchy, tier - 1, nodes[i]));
        if (!children[i].empty() && children[i].size() != expected)
        {
            throw std::invalid_argument("RunNode: features of the wrong size");
        }
        present += children[i].empty() ? 0 : 1;
    }
    if (present == 0)
    {
        throw std::invalid_argument("RunNode: no child is present");
    }
    return present;
}

} // namespace ddnn
