// SPDX-License-Identifier: GPL-2.0-only
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
constexpr int MAX_NODES = 10000;
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

std::string
Text(double value)
{
    std::ostringstream text;
    text << value;
    return text.str();
}

void
RequireRange(const std::string& key, double value, double low, double high)
{
    Require(value >= low && value <= high,
            key + " is " + Text(value) + ", must be " + Text(low) + " to " + Text(high));
}

/// So that sizes fit in an int, and a small file cannot ask for all memory.
void
RequireModestSize(const std::string& key, const Shape& shape, int numClasses, int numNodes)
{
    constexpr double LARGEST = 5e8;
    const double values = double{1} * shape.channels * shape.rows * shape.columns;
    Require(values * numClasses * numNodes <= LARGEST,
            key + ": nodes have " + std::to_string(static_cast<int64_t>(values)) +
                " values each, which is too large with so many nodes and classes; use fewer "
                "filters or a stride of 2");
}

std::string
TierKey(std::size_t tier)
{
    return "tiers[" + std::to_string(tier) + "]";
}

void
ValidateView(const std::string& key, const Shape& view)
{
    RequireRange(key + " channels", view.channels, 1, 64);
    RequireRange(key + " rows", view.rows, 1, 224);
    RequireRange(key + " columns", view.columns, 1, 224);
}

void
ValidateViews(const Hierarchy& hierarchy)
{
    const std::size_t devices = hierarchy.tiers[0].numNodes;
    const std::size_t views = hierarchy.views.size();
    Require(views == 1 || views == devices,
            "views has " + std::to_string(views) + " entries, must have 1 or one per device, " +
                std::to_string(devices));
    for (std::size_t i = 0; i < views; ++i)
    {
        ValidateView(views == 1 ? "view" : "views[" + std::to_string(i) + "]", hierarchy.views[i]);
    }
}

/// Lower-case letters, digits and dashes; other names could break a table or a line.
bool
IsPlain(const std::string& name)
{
    return name.size() <= LONGEST_NAME && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

void
RequirePlain(const std::string& key, const std::string& name)
{
    Require(IsPlain(name),
            key + " must be of lower-case letters, digits and dashes, " +
                std::to_string(LONGEST_NAME) + " at most");
}

void
ValidateName(const Hierarchy& hierarchy, std::size_t index)
{
    const std::string& name = hierarchy.tiers[index].name;
    RequirePlain(TierKey(index) + ".name", name);
    const std::string key = TierKey(index) + ".name is '" + name + "', must be ";
    const bool last = index + 1 == hierarchy.tiers.size();
    if (index == 0 || last)
    {
        const std::string expected = index == 0 ? "device" : "cloud";
        Require(name == expected, key + "'" + expected + "'");
        return;
    }
    Require(!name.empty(), key + "a word");
    Require(name != "local" && name != "device" && name != "cloud" && name != "overall" &&
                name != "access" && name != "cell",
            key + "another word: this one has a meaning of its own");
    for (std::size_t other = 0; other < index; ++other)
    {
        Require(hierarchy.tiers[other].name != name, key + "another: each tier has its own name");
    }
}

void
ValidateParents(const Hierarchy& hierarchy, std::size_t index)
{
    const Tier& tier = hierarchy.tiers[index];
    const std::string key = TierKey(index) + ".parents";
    const bool last = index + 1 == hierarchy.tiers.size();
    const std::size_t expected = last ? 0 : tier.numNodes;
    Require(tier.parents.size() == expected,
            key + " has " + std::to_string(tier.parents.size()) + " entries, must have " +
                std::to_string(expected) + (last ? ": it is the last tier" : ", one per node"));
    for (std::size_t i = 0; i < tier.parents.size(); ++i)
    {
        RequireRange(key + "[" + std::to_string(i) + "]",
                     tier.parents[i],
                     0,
                     hierarchy.tiers[index + 1].numNodes - 1);
    }
}

void
ValidateBlocks(const std::string& key, const std::vector<BlockSpec>& blocks)
{
    RequireRange(key + "' number", static_cast<double>(blocks.size()), 1, MAX_BLOCKS);
    for (std::size_t i = 0; i < blocks.size(); ++i)
    {
        const BlockSpec& block = blocks[i];
        const std::string blockKey = key + "[" + std::to_string(i) + "].";
        if (block.kind == BlockKind::FC)
        {
            RequireRange(blockKey + "outputs", block.filters, 1, MAX_OUTPUTS);
            continue;
        }
        RequireRange(blockKey + "filters", block.filters, 1, MAX_FILTERS);
        RequireRange(blockKey + "poolStride", block.poolStride, 1, 2);
    }
}

void
ValidateTier(const Hierarchy& hierarchy, std::size_t index)
{
    const Tier& tier = hierarchy.tiers[index];
    const std::string key = TierKey(index) + ".";
    const bool last = index + 1 == hierarchy.tiers.size();
    ValidateName(hierarchy, index);
    Require(!last || index == 0 || tier.numNodes == 1,
            key + "numNodes is " + std::to_string(tier.numNodes) +
                ", must be 1: the last tier is the cloud");
    Require(!last || index == 0 || tier.scores != Aggregation::CC,
            key + "scores is CC, must be MP or AP: the cloud is one node, there is nothing to "
                  "concatenate");
    ValidateParents(hierarchy, index);
    const std::size_t lists = tier.nodeBlocks.size();
    Require(lists == 0 || lists == static_cast<std::size_t>(tier.numNodes),
            key + "blocks has " + std::to_string(lists) +
                " lists, must have one for all nodes or one per node, " +
                std::to_string(tier.numNodes));
    for (std::size_t node = 0; node < std::max<std::size_t>(lists, 1); ++node)
    {
        ValidateBlocks(key + "blocks" + (lists > 0 ? "[" + std::to_string(node) + "]" : ""),
                       NodeBlocks(tier, static_cast<int>(node)));
    }
    const std::size_t widths = tier.inputChannels.size();
    Require(widths <= 1 || widths == static_cast<std::size_t>(tier.numNodes),
            key + "inputChannels has " + std::to_string(widths) +
                " entries, must have 1 or one per node, " + std::to_string(tier.numNodes));
    RequireRange(key + "exitWeight", tier.exitWeight, 0, 1e6);
    RequireRange(key + "threshold", tier.threshold, 0, 1);
}

/// The nodes of the tier below that each node of a tier has.
std::vector<std::vector<int>>
AllChildren(const Hierarchy& hierarchy, int index)
{
    std::vector<std::vector<int>> children(hierarchy.tiers[index].numNodes);
    const auto& parents = hierarchy.tiers[index - 1].parents;
    for (std::size_t child = 0; child < parents.size(); ++child)
    {
        children[parents[child]].push_back(static_cast<int>(child));
    }
    return children;
}

/// What meets at a node of tier 1 or higher.
/// \param below the features of each node of the tier below
/// \return the node's input
Shape
ValidateInput(const Hierarchy& hierarchy,
              int index,
              int node,
              const std::vector<int>& children,
              const std::vector<Shape>& below)
{
    const Tier& tier = hierarchy.tiers[index];
    const std::string key = TierKey(index);
    Require(!children.empty(),
            key + ": node " + std::to_string(node) + " of " + tier.name +
                " has no children; name it in " + TierKey(index - 1) +
                ".parents or lower numNodes");
    const bool flat = NodeBlocks(tier, node).front().kind == BlockKind::FC;
    const Shape first = below[children.front()];
    std::vector<Shape> features;
    for (int child : children)
    {
        const Shape shape = below[child];
        const bool meets =
            tier.features == Aggregation::CC
                ? flat || (shape.rows == first.rows && shape.columns == first.columns)
                : shape == first;
        Require(meets,
                key + ".features is " + ToString(tier.features) + ", but the features of " +
                    hierarchy.tiers[index - 1].name + " " + std::to_string(children.front()) +
                    " are " + ToString(first) + " and those of " + std::to_string(child) + " are " +
                    ToString(shape) +
                    (tier.features == Aggregation::CC
                         ? ": make rows and columns equal, or begin " + key + ".blocks with FC"
                         : ": make them equal, or use CC"));
        features.push_back(shape);
    }
    return JoinedShape(tier.features, features);
}

void
ValidateInputChannels(const Tier& tier, int index, int node, const Shape& input)
{
    if (tier.inputChannels.empty())
    {
        return;
    }
    const bool single = tier.inputChannels.size() == 1;
    const int channels = tier.inputChannels[single ? 0 : node];
    Require(channels == input.channels,
            TierKey(index) + ".inputChannels" + (single ? "" : "[" + std::to_string(node) + "]") +
                " is " + std::to_string(channels) + ", must be " + std::to_string(input.channels) +
                (index == 0 ? ", as in the view"
                            : ", as " + ToString(tier.features) + " of its children's features") +
                " makes the input of " + tier.name + " " + std::to_string(node) + " " +
                ToString(input));
}

/// Sizes along a node's section.
/// \return its features
Shape
ValidateSection(const Hierarchy& hierarchy, int index, int node, Shape shape)
{
    const Tier& tier = hierarchy.tiers[index];
    RequireModestSize(TierKey(index), shape, 1, tier.numNodes);
    for (const BlockSpec& block : NodeBlocks(tier, node))
    {
        const Shape output = BlockOutput(shape, block);
        RequireModestSize(TierKey(index) + ".blocks",
                          block.kind == BlockKind::FC ? shape : output,
                          block.kind == BlockKind::FC ? output.channels : 1,
                          tier.numNodes);
        shape = output;
    }
    RequireModestSize(TierKey(index), shape, hierarchy.numClasses, tier.numNodes);
    return shape;
}

/// Shapes, from the devices up.
void
ValidateShapes(const Hierarchy& hierarchy)
{
    std::vector<Shape> below;
    for (int index = 0; index < static_cast<int>(hierarchy.tiers.size()); ++index)
    {
        const Tier& tier = hierarchy.tiers[index];
        const auto children =
            index == 0 ? std::vector<std::vector<int>>() : AllChildren(hierarchy, index);
        std::vector<Shape> features;
        for (int node = 0; node < tier.numNodes; ++node)
        {
            const Shape input = index == 0
                                    ? ViewShape(hierarchy, node)
                                    : ValidateInput(hierarchy, index, node, children[node], below);
            ValidateInputChannels(tier, index, node, input);
            features.push_back(ValidateSection(hierarchy, index, node, input));
        }
        below = features;
    }
}

void
ValidateCells(const Hierarchy& hierarchy)
{
    std::set<int> seen;
    for (std::size_t i = 0; i < hierarchy.cells.size(); ++i)
    {
        const std::string key = "cells[" + std::to_string(i) + "].devices";
        const auto& devices = hierarchy.cells[i].devices;
        RequirePlain("cells[" + std::to_string(i) + "].access", hierarchy.cells[i].access);
        Require(!devices.empty(), key + " is empty; name a device or leave the cell out");
        Require(std::is_sorted(devices.begin(), devices.end()),
                key + " must be in ascending order");
        for (int device : devices)
        {
            RequireRange(key, device, 0, hierarchy.tiers[0].numNodes - 1);
            Require(seen.insert(device).second,
                    key + ": device " + std::to_string(device) + " is in a cell already");
        }
    }
    Require(seen.empty() || static_cast<int>(seen.size()) == hierarchy.tiers[0].numNodes,
            "cells: " + std::to_string(seen.size()) + " of " +
                std::to_string(hierarchy.tiers[0].numNodes) +
                " devices are in a cell; put every device into one");
}

} // namespace

void
Validate(const Hierarchy& hierarchy)
{
    RequireRange("numClasses", hierarchy.numClasses, 2, 1000);
    RequireRange("tiers' number", static_cast<double>(hierarchy.tiers.size()), 1, MAX_TIERS);
    for (std::size_t tier = 0; tier < hierarchy.tiers.size(); ++tier)
    {
        RequireRange(TierKey(tier) + ".numNodes", hierarchy.tiers[tier].numNodes, 1, MAX_NODES);
    }
    for (std::size_t tier = 0; tier < hierarchy.tiers.size(); ++tier)
    {
        ValidateTier(hierarchy, tier);
    }
    Require(
        !hierarchy.rawOffload || hierarchy.tiers.size() > 1,
        "rawOffload is true, but there is no cloud to offload to: add a tier, or make it false");
    ValidateViews(hierarchy);
    ValidateShapes(hierarchy);
    ValidateCells(hierarchy);
}

std::vector<std::string>
Warnings(const Hierarchy& hierarchy)
{
    std::vector<std::string> warnings;
    const auto warn = [&](const std::string& who, std::size_t devices) {
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
        warn("cells[" + std::to_string(i) + "]: ", hierarchy.cells[i].devices.size());
    }
    return warnings;
}

} // namespace ddnn
