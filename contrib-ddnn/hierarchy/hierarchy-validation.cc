// SPDX-License-Identifier: GPL-2.0-only
#include "exit-criterion.h"
#include "hierarchy.h"

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>

namespace ddnn
{

namespace
{

constexpr int MAX_TIERS = 8; // as many as a message's header can name
constexpr int MAX_FILTERS = 64;
constexpr int MAX_OUTPUTS = 4096;
constexpr int MAX_BLOCKS = 4;
constexpr std::size_t LONGEST_NAME = 20;
constexpr std::size_t CROWD = 100; // more devices on a channel than this are warned of

void
Require(bool condition, const std::string& message)
{
    if (!condition)
    {
        throw std::runtime_error("hierarchy: " + message);
    }
}

void
RequireRange(const std::string& key, double value, double low, double high)
{
    if (!(value >= low && value <= high)) // also true for not-a-number
    {
        std::ostringstream text;
        text << key << " is " << value << ", must be " << low << " to " << high;
        Require(false, text.str());
    }
}

/// A list has an entry for each node, or as many as hold for all of them.
void
RequireEntries(const std::string& key, std::size_t entries, std::size_t ofAll, int numNodes)
{
    Require(entries == ofAll || entries == static_cast<std::size_t>(numNodes),
            key + " has " + std::to_string(entries) + " entries, must have one for all nodes or " +
                std::to_string(numNodes) + ", one per node");
}

/// So that sizes fit in an int, and a small file cannot ask for all memory.
void
RequireModestSize(const std::string& key, const Shape& shape, int times, int numNodes)
{
    constexpr double LARGEST = 5e8;
    Require(double{1} * shape.channels * shape.rows * shape.columns * times * numNodes <= LARGEST,
            key + ": " + ToString(shape) + " is too large with so many nodes and classes");
}

/// Lower-case letters, digits and dashes; other names could break a table or a line.
void
RequirePlain(const std::string& key, const std::string& name)
{
    Require(name.size() <= LONGEST_NAME &&
                name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos,
            key + " must be of lower-case letters, digits and dashes, " +
                std::to_string(LONGEST_NAME) + " at most");
}

std::string
Indexed(const std::string& key, std::size_t i)
{
    return key + "[" + std::to_string(i) + "]";
}

void
ValidateName(const Hierarchy& hierarchy, std::size_t index)
{
    const std::string& name = hierarchy.tiers[index].name;
    const std::string key = Indexed("tiers", index) + ".name";
    RequirePlain(key, name);
    const bool last = index + 1 == hierarchy.tiers.size();
    if (index == 0 || last)
    {
        const std::string expected = index == 0 ? "device" : "cloud";
        Require(name == expected, key + " is '" + name + "', must be '" + expected + "'");
        return;
    }
    std::set<std::string> taken{"", "local", "device", "cloud", "overall", "access", "cell"};
    for (std::size_t other = 0; other < index; ++other)
    {
        taken.insert(hierarchy.tiers[other].name);
    }
    Require(taken.count(name) == 0, key + " is '" + name + "', must be a word of its own");
}

void
ValidateBlocks(const std::string& key, const std::vector<BlockSpec>& blocks)
{
    RequireRange(key + "' number", static_cast<double>(blocks.size()), 1, MAX_BLOCKS);
    for (std::size_t i = 0; i < blocks.size(); ++i)
    {
        const BlockSpec& block = blocks[i];
        if (block.kind == BlockKind::FC)
        {
            RequireRange(Indexed(key, i) + ".outputs", block.filters, 1, MAX_OUTPUTS);
            continue;
        }
        RequireRange(Indexed(key, i) + ".filters", block.filters, 1, MAX_FILTERS);
        RequireRange(Indexed(key, i) + ".poolStride", block.poolStride, 1, 2);
    }
}

void
ValidateTier(const Hierarchy& hierarchy, std::size_t index)
{
    const Tier& tier = hierarchy.tiers[index];
    const std::string key = Indexed("tiers", index) + ".";
    const bool last = index + 1 == hierarchy.tiers.size();
    ValidateName(hierarchy, index);
    RequireRange(key + "exitWeight", tier.exitWeight, 0, 1e6);
    RequireRange(key + "threshold", tier.threshold, 0, 1);
    if (last && index > 0)
    {
        Require(tier.numNodes == 1, key + "numNodes must be 1: the last tier is the cloud");
        Require(tier.scores != Aggregation::CC, key + "scores cannot be CC of a single node");
    }
    Require(tier.parents.size() == (last ? 0U : tier.numNodes),
            key + "parents must have one entry per node, and none in the last tier");
    for (std::size_t i = 0; i < tier.parents.size(); ++i)
    {
        const int numParents = hierarchy.tiers[index + 1].numNodes;
        RequireRange(Indexed(key + "parents", i), tier.parents[i], 0, numParents - 1);
    }
    RequireEntries(key + "blocks", tier.nodeBlocks.size(), 0, tier.numNodes);
    for (std::size_t node = 0; node < tier.nodeBlocks.size(); ++node)
    {
        ValidateBlocks(Indexed(key + "blocks", node), tier.nodeBlocks[node]);
    }
    if (tier.nodeBlocks.empty())
    {
        ValidateBlocks(key + "blocks", tier.blocks);
    }
    if (!tier.inputChannels.empty())
    {
        RequireEntries(key + "inputChannels", tier.inputChannels.size(), 1, tier.numNodes);
    }
}

void
ValidateViews(const Hierarchy& hierarchy)
{
    const auto& views = hierarchy.views;
    RequireEntries("views", views.size(), 1, hierarchy.tiers[0].numNodes);
    for (std::size_t i = 0; i < views.size(); ++i)
    {
        const std::string key = views.size() == 1 ? "view" : Indexed("views", i);
        RequireRange(key + " channels", views[i].channels, 1, 64);
        RequireRange(key + " rows", views[i].rows, 1, 224);
        RequireRange(key + " columns", views[i].columns, 1, 224);
    }
}

/// The features of a node's children, or its view, must meet at its first block.
/// \return its input
Shape
ValidateInput(const Hierarchy& hierarchy, int index, int node, const std::vector<Shape>& features)
{
    const Tier& tier = hierarchy.tiers[index];
    const std::string key = Indexed("tiers", index);
    const std::string name = tier.name + " " + std::to_string(node);
    Require(!features.empty(), key + ": " + name + " has no children, name it in their parents");
    const bool isFlat = NodeBlocks(tier, node).front().kind == BlockKind::FC;
    const Shape& first = features.front();
    for (const Shape& shape : features)
    {
        const bool sameExtent = shape.rows == first.rows && shape.columns == first.columns;
        Require(tier.features == Aggregation::CC ? isFlat || sameExtent : shape == first,
                key + ".features is " + ToString(tier.features) + ", which cannot join " +
                    ToString(first) + " and " + ToString(shape) + " at " + name +
                    "; make them alike, or use CC and begin with an FC block");
    }
    const Shape input = JoinedShape(tier.features, features);
    if (!tier.inputChannels.empty())
    {
        const int channels = tier.inputChannels[tier.inputChannels.size() == 1 ? 0 : node];
        Require(channels == input.channels,
                key + ".inputChannels is " + std::to_string(channels) + ", but the input of " +
                    name + " is " + ToString(input));
    }
    return input;
}

/// Sizes along a node's section.
/// \return the shape of its features
Shape
ValidateSection(const Hierarchy& hierarchy, int index, int node, Shape shape)
{
    const Tier& tier = hierarchy.tiers[index];
    const std::string key = Indexed("tiers", index);
    RequireModestSize(key, shape, 1, tier.numNodes);
    for (const BlockSpec& block : NodeBlocks(tier, node))
    {
        const int weights = block.kind == BlockKind::FC ? block.filters : 1; // of each input
        RequireModestSize(key + ".blocks", shape, weights, tier.numNodes);
        shape = BlockOutput(shape, block);
        RequireModestSize(key + ".blocks", shape, 1, tier.numNodes);
    }
    RequireModestSize(key, shape, hierarchy.numClasses, tier.numNodes);
    return shape;
}

/// Shapes, from the devices up.
void
ValidateShapes(const Hierarchy& hierarchy)
{
    const int last = static_cast<int>(hierarchy.tiers.size()) - 1;
    std::vector<std::vector<Shape>> arriving; // at each node of the tier
    for (int device = 0; device < hierarchy.tiers[0].numNodes; ++device)
    {
        arriving.push_back({ViewShape(hierarchy, device)});
    }
    for (int t = 0; t <= last; ++t)
    {
        std::vector<std::vector<Shape>> leaving(t < last ? hierarchy.tiers[t + 1].numNodes : 1);
        for (int node = 0; node < hierarchy.tiers[t].numNodes; ++node)
        {
            const Shape input = ValidateInput(hierarchy, t, node, arriving[node]);
            const Shape features = ValidateSection(hierarchy, t, node, input);
            leaving[t < last ? hierarchy.tiers[t].parents[node] : 0].push_back(features);
        }
        arriving = std::move(leaving);
    }
}

void
ValidateCells(const Hierarchy& hierarchy)
{
    const int numDevices = hierarchy.tiers[0].numNodes;
    std::set<int> seen;
    for (std::size_t i = 0; i < hierarchy.cells.size(); ++i)
    {
        const std::string key = Indexed("cells", i);
        const auto& devices = hierarchy.cells[i].devices;
        RequirePlain(key + ".access", hierarchy.cells[i].access);
        Require(!devices.empty(), key + ".devices is empty");
        Require(std::is_sorted(devices.begin(), devices.end()),
                key + ".devices must be in ascending order");
        for (int device : devices)
        {
            RequireRange(key + ".devices", device, 0, numDevices - 1);
            Require(seen.insert(device).second,
                    key + ".devices: device " + std::to_string(device) + " is in a cell already");
        }
    }
    Require(seen.empty() || static_cast<int>(seen.size()) == numDevices,
            "cells must have every device in one; " + std::to_string(numDevices - seen.size()) +
                " are in none");
}

} // namespace

void
Validate(const Hierarchy& hierarchy)
{
    std::string known;
    for (const ExitCriterion& criterion : ExitCriteria())
    {
        known += " " + criterion.name;
    }
    RequireRange("numClasses", hierarchy.numClasses, 2, 1000);
    RequireRange("tiers' number", static_cast<double>(hierarchy.tiers.size()), 1, MAX_TIERS);
    for (std::size_t t = 0; t < hierarchy.tiers.size(); ++t)
    {
        const int numNodes = hierarchy.tiers[t].numNodes;
        RequireRange(Indexed("tiers", t) + ".numNodes", numNodes, 1, MAX_NODES);
    }
    for (std::size_t t = 0; t < hierarchy.tiers.size(); ++t)
    {
        ValidateTier(hierarchy, t);
    }
    Require(FindExitCriterion(hierarchy.confidence) != nullptr,
            "confidence is '" + hierarchy.confidence + "', must be one of" + known);
    Require(!hierarchy.rawOffload || hierarchy.tiers.size() > 1,
            "rawOffload is true, but there is no cloud");
    ValidateViews(hierarchy);
    ValidateShapes(hierarchy);
    ValidateCells(hierarchy);
}

std::vector<std::string>
Warnings(const Hierarchy& hierarchy)
{
    std::vector<std::string> warnings;
    const auto warn = [&warnings](const std::string& who, std::size_t devices) {
        if (devices > CROWD)
        {
            warnings.push_back(who + std::to_string(devices) +
                               " devices share one channel: this will be slow, and most frames "
                               "collide; split them by the key cells");
        }
    };
    if (hierarchy.cells.empty())
    {
        warn("", hierarchy.tiers.at(0).numNodes);
    }
    for (std::size_t i = 0; i < hierarchy.cells.size(); ++i)
    {
        warn(Indexed("cells", i) + ": ", hierarchy.cells[i].devices.size());
    }
    return warnings;
}

} // namespace ddnn
