// SPDX-License-Identifier: GPL-2.0-only
#include "hierarchy-presets.h"

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
DeviceTier(const PresetSettings& settings)
{
    Tier device;
    device.name = "device";
    device.numNodes = settings.numDevices;
    device.blocks = {{settings.filters, 2, BlockKind::CONVP, settings.devicePrecision}};
    device.exitPrecision = settings.devicePrecision;
    device.coding = settings.coding;
    device.scores = settings.local;
    device.exitWeight = settings.localWeight;
    return device;
}

Tier
EdgeTier(const PresetSettings& settings, int numEdges)
{
    Tier edge;
    edge.name = "edge";
    edge.numNodes = numEdges;
    edge.parents.assign(numEdges, 0);
    edge.blocks = {{settings.edgeFilters, 2, BlockKind::CONVP, settings.edgePrecision}};
    edge.exitPrecision = settings.edgePrecision;
    edge.coding = settings.coding;
    edge.features = settings.edgeFeatures;
    edge.scores = settings.edgeScores;
    edge.exitWeight = settings.edgeWeight;
    return edge;
}

Tier
CloudTier(const PresetSettings& settings, int numBlocks)
{
    Tier cloud;
    cloud.name = "cloud";
    cloud.blocks.assign(numBlocks,
                        {settings.cloudFilters,
                         settings.cloudPoolStride,
                         BlockKind::CONVP,
                         settings.cloudPrecision});
    cloud.exitPrecision = settings.cloudPrecision;
    cloud.features = settings.cloud;
    cloud.exitWeight = settings.cloudWeight;
    return cloud;
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
    Require(config >= 'a' && config <= 'f', name + " is not known, use a, b, c, d, e or f");
    const bool single = config == 'b' || config == 'd';
    Require(!single || settings.numDevices == 1,
            name + " has one device, not " + std::to_string(settings.numDevices) + "; use config " +
                (config == 'b' ? "c" : "e") + " for several");
    const int numEdges = config < 'd' ? 0 : config == 'f' ? settings.numEdges : 1;
    Require(config != 'f' || (numEdges >= 1 && numEdges <= settings.numDevices),
            name + " has " + std::to_string(numEdges) + " edges for " +
                std::to_string(settings.numDevices) + " devices, must have 1 to as many edges");
    Hierarchy hierarchy = MakeLocalOnly(settings);
    hierarchy.rawOffload = config == 'a';
    hierarchy.tiers[0].parents.assign(settings.numDevices, 0);
    if (numEdges > 0)
    {
        hierarchy.tiers[0].parents = Groups(settings.numDevices, numEdges);
        hierarchy.tiers.push_back(EdgeTier(settings, numEdges));
    }
    const bool moves = numEdges > 0 && settings.cloudBlocks > 1;
    hierarchy.tiers.push_back(CloudTier(settings, settings.cloudBlocks - (moves ? 1 : 0)));
    Validate(hierarchy);
    return hierarchy;
}

Hierarchy
MakeLocalOnly(const PresetSettings& settings)
{
    Hierarchy hierarchy;
    hierarchy.views = settings.views;
    hierarchy.numClasses = settings.numClasses;
    hierarchy.confidence = settings.confidence;
    hierarchy.tiers = {DeviceTier(settings)};
    Validate(hierarchy);
    return hierarchy;
}

void
SplitIntoCells(Hierarchy& hierarchy, int numCells, const std::string& access)
{
    const int devices = hierarchy.tiers.at(0).numNodes;
    Require(numCells >= 1 && numCells <= devices,
            std::to_string(numCells) + " cells for " + std::to_string(devices) +
                " devices: give 1 to as many cells as there are devices");
    hierarchy.cells.assign(numCells, {access, {}});
    const std::vector<int> groups = Groups(devices, numCells);
    for (int device = 0; device < devices; ++device)
    {
        hierarchy.cells[groups[device]].devices.push_back(device);
    }
}

} // namespace ddnn
