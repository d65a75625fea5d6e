// SPDX-License-Identifier: GPL-2.0-only
#include "model.h"

#include <stdexcept>

namespace ddnn
{

Model::Model(const Hierarchy& hierarchy)
    : m_hierarchy(hierarchy)
{
    Validate(hierarchy);
}

const Hierarchy&
Model::GetHierarchy() const
{
    return m_hierarchy;
}

std::vector<Verdict>
Model::Infer(const std::vector<const uint8_t*>& views) const
{
    if (views.size() != static_cast<std::size_t>(m_hierarchy.tiers[0].numNodes))
    {
        throw std::invalid_argument("Infer: one view per device is needed");
    }
    std::vector<Verdict> verdicts;
    std::vector<Features> features(views.size());
    std::vector<Scores> scores(views.size());
    for (std::size_t device = 0; device < views.size(); ++device)
    {
        if (views[device])
        {
            NodeOutput output = RunDevice(device, views[device]);
            features[device] = std::move(output.features);
            scores[device] = std::move(output.scores);
        }
    }
    verdicts.push_back(CloseExit(0, scores));
    for (std::size_t tier = 1; tier < m_hierarchy.tiers.size(); ++tier)
    {
        const int numNodes = m_hierarchy.tiers[tier].numNodes;
        std::vector<Features> outputs(numNodes);
        scores.assign(numNodes, {});
        for (int node = 0; node < numNodes; ++node)
        {
            std::vector<Features> children;
            bool any = false;
            for (int child : Children(m_hierarchy, tier, node))
            {
                children.push_back(features[child]);
                any = any || !children.back().empty();
            }
            if (any)
            {
                NodeOutput output = RunNode(tier, node, children);
                outputs[node] = std::move(output.features);
                scores[node] = std::move(output.scores);
            }
        }
        features = std::move(outputs);
        verdicts.push_back(CloseExit(tier, scores));
    }
    return verdicts;
}

void
Model::CheckDevice(int device) const
{
    if (device < 0 || device >= m_hierarchy.tiers[0].numNodes)
    {
        throw std::invalid_argument("RunDevice: no such device");
    }
}

void
Model::CheckChildren(int tier, int node, const std::vector<Features>& children) const
{
    if (tier < 1 || tier >= static_cast<int>(m_hierarchy.tiers.size()) || node < 0 ||
        node >= m_hierarchy.tiers[tier].numNodes)
    {
        throw std::invalid_argument("RunNode: no such node");
    }
    const auto nodes = Children(m_hierarchy, tier, node);
    if (children.size() != nodes.size())
    {
        throw std::invalid_argument("RunNode: one entry per child is needed");
    }
    bool any = false;
    for (std::size_t i = 0; i < children.size(); ++i)
    {
        const auto size = static_cast<std::size_t>(FeatureBytes(m_hierarchy, tier - 1, nodes[i]));
        if (!children[i].empty() && children[i].size() != size)
        {
            throw std::invalid_argument("RunNode: features of the wrong size");
        }
        any = any || !children[i].empty();
    }
    if (!any)
    {
        throw std::invalid_argument("RunNode: no child is present");
    }
}

int
ChooseExit(const std::vector<Verdict>& verdicts, const std::vector<double>& thresholds)
{
    int exit = 0;
    while (exit + 1 < static_cast<int>(verdicts.size()) &&
           verdicts[exit].uncertainty > thresholds.at(exit))
    {
        ++exit;
    }
    return exit;
}

} // namespace ddnn
