// SPDX-License-Identifier: GPL-2.0-only
#include "hierarchy-presets.h"

#include <algorithm>
#include <stdexcept>

namespace ddnn
{

namespace
{

void
Require(bool condition, const std::string& message)
{
    if (!condition)
    {
        throw std::runtime_error("hierarchy: " + message);
    }
}

Tier
MakeTier(const std::string& name,
         int numNodes,
         const BlockSpec& block,
         int numBlocks,
         double weight)
{
    Tier tier;
    tier.name = name;
    tier.numNodes = numNodes;
    tier.blocks.assign(std::max(0, numBlocks), block);
    tier.exitPrecision = block.precision;
    tier.exitWeight = weight;
    return tier;
}

Tier
EdgeTier(const PresetSettings& settings, int numEdges)
{
    const BlockSpec block{settings.edgeFilters, 2, BlockKind::CONVP, settings.edgePrecision};
    Tier edge = MakeTier("edge", numEdges, block, 1, settings.edgeWeight);
    edge.parents.assign(numEdges, 0);
    edge.coding = settings.coding;
    edge.features = settings.edgeFeatures;
    edge.scores = settings.edgeScores;
    return edge;
}

/// The group of each of `items` that are split into `groups` of nearly equal size, in order.
std::vector<int>
Groups(int items, int groups)
{
    std::vector<int> group(items);
    for (int i = 0; i < items; ++i)
    {
        group[i] = static_cast<int>(int64_t{i} * groups / items);
    }
    return group;
}

} // namespace

Hierarchy
MakePreset(char config, const PresetSettings& settings)
{
    const std::string name = std::string("config ") + config;
    const int numDevices = settings.numDevices;
    const int numEdges = config < 'd' ? 0 : config == 'f' ? settings.numEdges : 1;
    Require(config >= 'a' && config <= 'f', name + " is not one of a, b, c, d, e, f");
    Require((config != 'b' && config != 'd') || numDevices == 1,
            name + " has one device, not " + std::to_string(numDevices));
    Require(config != 'f' || (numEdges >= 1 && numEdges <= numDevices),
            name + ": " + std::to_string(numEdges) + " edges for " + std::to_string(numDevices) +
                " devices");
    Hierarchy hierarchy = MakeLocalOnly(settings);
    hierarchy.rawOffload = config == 'a';
    hierarchy.tiers[0].parents = Groups(numDevices, std::max(1, numEdges));
    if (numEdges > 0)
    {
        hierarchy.tiers.push_back(EdgeTier(settings, numEdges));
    }
    const BlockSpec block{settings.cloudFilters,
                          settings.cloudPoolStride,
                          BlockKind::CONVP,
                          settings.cloudPrecision};
    const int moved = numEdges > 0 && settings.cloudBlocks > 1 ? 1 : 0;
    hierarchy.tiers.push_back(
        MakeTier("cloud", 1, block, settings.cloudBlocks - moved, settings.cloudWeight));
    hierarchy.tiers.back().features = settings.cloud;
    Validate(hierarchy);
    return hierarchy;
}

Hierarchy
MakeLocalOnly(const PresetSettings& settings)
{
    const BlockSpec block{settings.filters, 2, BlockKind::CONVP, settings.devicePrecision};
    Hierarchy hierarchy;
    hierarchy.views = settings.views;
    hierarchy.numClasses = settings.numClasses;
    hierarchy.confidence = settings.confidence;
    hierarchy.tiers = {MakeTier("device", settings.numDevices, block, 1, settings.localWeight)};
    hierarchy.tiers[0].coding = settings.coding;
    hierarchy.tiers[0].scores = settings.local;
    Validate(hierarchy);
    return hierarchy;
}

void
SplitIntoCells(Hierarchy& hierarchy, int numCells, const std::string& access)
{
    const int devices = hierarchy.tiers.at(0).numNodes;
    Require(numCells >= 1 && numCells <= devices,
            std::to_string(numCells) + " cells for " + std::to_string(devices) + " devices");
    hierarchy.cells.assign(numCells, {access, {}});
    const std::vector<int> groups = Groups(devices, numCells);
    for (int device = 0; device < devices; ++device)
    {
        hierarchy.cells[groups[device]].devices.push_back(device);
    }
}

} // namespace ddnn
