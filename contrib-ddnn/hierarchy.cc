// SPDX-License-Identifier: GPL-2.0-only
#include "hierarchy.h"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace ddnn
{

namespace
{

using Json = nlohmann::ordered_json;

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
    Require(value >= low && value <= high,
            key + " is " + Json(value).dump() + ", must be " + Json(low).dump() + " to " +
                Json(high).dump());
}

/// So that sizes fit in an int, and a small file cannot ask for all memory.
void
RequireModestSize(const std::string& key, const Shape& shape, int numClasses, int numNodes)
{
    constexpr double LARGEST = 5e8;
    const double values = double{1} * shape.channels * shape.rows * shape.columns;
    Require(values * numClasses * numNodes <= LARGEST,
            key + "nodes have " + Json(values).dump() +
                " values each, which is too large with so many nodes and classes");
}

void
ValidateTier(const Hierarchy& hierarchy, std::size_t index)
{
    const Tier& tier = hierarchy.tiers[index];
    const std::string key = "tiers[" + std::to_string(index) + "].";
    const bool last = index + 1 == hierarchy.tiers.size();
    const std::string name = index == 0 ? "device" : last ? "cloud" : "edge";
    Require(tier.name == name, key + "name is '" + tier.name + "', must be '" + name + "'");
    RequireRange(key + "numNodes", tier.numNodes, 1, 1000);
    Require(tier.name != "cloud" || tier.scores != Aggregation::CC,
            key +
                "scores must be MP or AP: the cloud is one node, there is nothing to concatenate");
    Require(!last || index == 0 || tier.numNodes == 1,
            key + "numNodes must be 1: the last tier is the cloud");
    const std::size_t numParents = last ? 0 : tier.numNodes;
    Require(tier.parents.size() == numParents,
            key + "parents has " + std::to_string(tier.parents.size()) + " entries, must have " +
                std::to_string(numParents));
    for (int parent : tier.parents)
    {
        RequireRange(key + "parents[]", parent, 0, hierarchy.tiers[index + 1].numNodes - 1);
    }
    RequireRange(key + "blocks' number", tier.blocks.size(), 1, 4);
    for (const ConvPSpec& block : tier.blocks)
    {
        RequireRange(key + "blocks[].filters", block.filters, 1, 64);
        RequireRange(key + "blocks[].poolStride", block.poolStride, 1, 2);
    }
    RequireRange(key + "exitWeight", tier.exitWeight, 0, 1e6);
    if (index == 0)
    {
        RequireModestSize(key, hierarchy.view, 1, tier.numNodes);
        RequireModestSize(key, FeatureShape(hierarchy, 0, 0), hierarchy.numClasses, tier.numNodes);
    }
    RequireRange(key + "threshold", tier.threshold, 0, 1);
    for (int node = 0; index > 0 && node < tier.numNodes; ++node)
    {
        const auto children = Children(hierarchy, index, node);
        Require(!children.empty(), key + "node " + std::to_string(node) + " has no children");
        const Shape first = FeatureShape(hierarchy, index - 1, children.front());
        for (int child : children)
        {
            Require(FeatureShape(hierarchy, index - 1, child) == first,
                    key + "children's features differ in shape");
        }
        RequireModestSize(key, InputShape(hierarchy, index, node), 1, tier.numNodes);
        RequireModestSize(key,
                          FeatureShape(hierarchy, index, node),
                          hierarchy.numClasses,
                          tier.numNodes);
    }
}

Shape
AfterBlocks(Shape shape, const std::vector<ConvPSpec>& blocks)
{
    for (const ConvPSpec& block : blocks)
    {
        shape = BlockOutput(shape, block);
    }
    return shape;
}

/// \throws std::runtime_error unless it is a whole number that int holds
int
GetInt(const Json& json, const std::string& key)
{
    const Json& value = json.at(key);
    Require(value.is_number_integer() && value >= -1000000000 && value <= 1000000000,
            key + " is " + value.dump() + ", must be a whole number");
    return value.get<int>();
}

Json
TierToJson(const Tier& tier)
{
    Json blocks = Json::array();
    for (const ConvPSpec& block : tier.blocks)
    {
        blocks.push_back({{"filters", block.filters}, {"poolStride", block.poolStride}});
    }
    return {{"name", tier.name},
            {"numNodes", tier.numNodes},
            {"parents", tier.parents},
            {"blocks", blocks},
            {"features", ToString(tier.features)},
            {"scores", ToString(tier.scores)},
            {"exitWeight", tier.exitWeight},
            {"threshold", tier.threshold}};
}

Tier
TierFromJson(const Json& json)
{
    Tier tier;
    json.at("name").get_to(tier.name);
    tier.numNodes = GetInt(json, "numNodes");
    json.at("parents").get_to(tier.parents);
    for (const Json& block : json.at("blocks"))
    {
        tier.blocks.push_back({GetInt(block, "filters"), GetInt(block, "poolStride")});
    }
    tier.features = ParseAggregation(json.at("features").get<std::string>());
    tier.scores = ParseAggregation(json.at("scores").get<std::string>());
    json.at("exitWeight").get_to(tier.exitWeight);
    json.at("threshold").get_to(tier.threshold);
    return tier;
}

Tier
DeviceTier(const PresetSettings& settings)
{
    Tier device;
    device.name = "device";
    device.numNodes = settings.numDevices;
    device.blocks = {{settings.filters, 2}};
    device.scores = settings.local;
    device.exitWeight = settings.localWeight;
    return device;
}

} // namespace

Hierarchy
MakePreset(char config, const PresetSettings& settings)
{
    Require(config >= 'a' && config <= 'c',
            std::string("config '") + config + "' is not known, use a, b or c");
    Require(config != 'b' || settings.numDevices == 1,
            "config b has one device, not " + std::to_string(settings.numDevices) +
                "; use config c for several");
    Hierarchy hierarchy = MakeLocalOnly(settings);
    hierarchy.rawOffload = config == 'a';
    hierarchy.tiers[0].parents.assign(settings.numDevices, 0);
    Tier cloud;
    cloud.name = "cloud";
    cloud.blocks.assign(settings.cloudBlocks, {settings.cloudFilters, settings.cloudPoolStride});
    cloud.features = settings.cloud;
    cloud.exitWeight = settings.cloudWeight;
    hierarchy.tiers.push_back(cloud);
    Validate(hierarchy);
    return hierarchy;
}

Hierarchy
MakeLocalOnly(const PresetSettings& settings)
{
    Hierarchy hierarchy;
    hierarchy.view = settings.view;
    hierarchy.numClasses = settings.numClasses;
    hierarchy.tiers = {DeviceTier(settings)};
    Validate(hierarchy);
    return hierarchy;
}

void
Validate(const Hierarchy& hierarchy)
{
    RequireRange("numClasses", hierarchy.numClasses, 2, 1000);
    RequireRange("view.channels", hierarchy.view.channels, 1, 64);
    RequireRange("view.rows", hierarchy.view.rows, 1, 224);
    RequireRange("view.columns", hierarchy.view.columns, 1, 224);
    RequireRange("tiers' number", hierarchy.tiers.size(), 1, 3);
    for (std::size_t tier = 0; tier < hierarchy.tiers.size(); ++tier)
    {
        ValidateTier(hierarchy, tier);
    }
}

std::string
ToString(Aggregation aggregation)
{
    switch (aggregation)
    {
    case Aggregation::MP:
        return "MP";
    case Aggregation::AP:
        return "AP";
    case Aggregation::CC:
        return "CC";
    }
    throw std::logic_error("aggregation out of range");
}

Aggregation
ParseAggregation(const std::string& text)
{
    for (Aggregation aggregation : {Aggregation::MP, Aggregation::AP, Aggregation::CC})
    {
        if (text == ToString(aggregation))
        {
            return aggregation;
        }
    }
    throw std::runtime_error("aggregation '" + text + "' is not known, use MP, AP or CC");
}

std::string
ToJson(const Hierarchy& hierarchy)
{
    Json tiers = Json::array();
    for (const Tier& tier : hierarchy.tiers)
    {
        tiers.push_back(TierToJson(tier));
    }
    const Shape& view = hierarchy.view;
    return Json{{"view", {view.channels, view.rows, view.columns}},
                {"numClasses", hierarchy.numClasses},
                {"rawOffload", hierarchy.rawOffload},
                {"tiers", tiers}}
        .dump(2);
}

Hierarchy
HierarchyFromJson(const std::string& text)
{
    Hierarchy hierarchy;
    try
    {
        const Json json = Json::parse(text);
        const auto view = json.at("view").get<std::vector<int>>();
        Require(view.size() == 3, "view must be [channels, rows, columns]");
        hierarchy.view = {view[0], view[1], view[2]};
        hierarchy.numClasses = GetInt(json, "numClasses");
        json.at("rawOffload").get_to(hierarchy.rawOffload);
        for (const Json& tier : json.at("tiers"))
        {
            hierarchy.tiers.push_back(TierFromJson(tier));
        }
    }
    catch (const nlohmann::json::exception& e)
    {
        throw std::runtime_error(std::string("hierarchy: ") + e.what());
    }
    Validate(hierarchy);
    return hierarchy;
}

std::vector<int>
Children(const Hierarchy& hierarchy, int tier, int node)
{
    std::vector<int> children;
    if (tier > 0)
    {
        const auto& parents = hierarchy.tiers[tier - 1].parents;
        for (std::size_t child = 0; child < parents.size(); ++child)
        {
            if (parents[child] == node)
            {
                children.push_back(child);
            }
        }
    }
    return children;
}

Shape
InputShape(const Hierarchy& hierarchy, int tier, int node)
{
    if (tier == 0)
    {
        return hierarchy.view;
    }
    const auto children = Children(hierarchy, tier, node);
    Shape shape = FeatureShape(hierarchy, tier - 1, children.front());
    if (hierarchy.tiers[tier].features == Aggregation::CC)
    {
        shape.channels *= static_cast<int>(children.size());
    }
    return shape;
}

Shape
FeatureShape(const Hierarchy& hierarchy, int tier, int node)
{
    return AfterBlocks(InputShape(hierarchy, tier, node), hierarchy.tiers[tier].blocks);
}

Shape
BlockOutput(const Shape& input, const ConvPSpec& block)
{
    return {block.filters,
            (input.rows - 1) / block.poolStride + 1,
            (input.columns - 1) / block.poolStride + 1};
}

int
SummaryBytes(const Hierarchy& hierarchy)
{
    return 4 * hierarchy.numClasses;
}

int
FeatureBytes(const Hierarchy& hierarchy, int tier, int node)
{
    return (FeatureShape(hierarchy, tier, node).Size() + 7) / 8;
}

int
RawBytes(const Hierarchy& hierarchy)
{
    return hierarchy.view.Size();
}

double
Equation1(const Hierarchy& hierarchy, double localExitFraction)
{
    if (hierarchy.rawOffload)
    {
        return RawBytes(hierarchy);
    }
    const bool offloads = hierarchy.tiers.size() > 1;
    const double offloaded = offloads ? 1 - localExitFraction : 0;
    return SummaryBytes(hierarchy) + offloaded * FeatureBytes(hierarchy, 0, 0);
}

int64_t
Operations(const Hierarchy& hierarchy, int tier, int node)
{
    Shape shape = InputShape(hierarchy, tier, node);
    int64_t operations = 0;
    for (const ConvPSpec& block : hierarchy.tiers[tier].blocks)
    {
        const Shape output = BlockOutput(shape, block);
        const int64_t positions = int64_t{shape.rows} * shape.columns;
        operations += 2 * 9 * positions * shape.channels * block.filters; // convolution
        operations += 9 * int64_t{output.Size()};                         // pooling
        operations += output.Size();                                      // threshold
        shape = output;
    }
    return operations + 2 * int64_t{shape.Size()} * hierarchy.numClasses;
}

int64_t
ExitOperations(const Hierarchy& hierarchy, int tier)
{
    const Tier& t = hierarchy.tiers[tier];
    const int64_t scores = int64_t{t.numNodes} * hierarchy.numClasses;
    return t.scores == Aggregation::CC ? 2 * scores * hierarchy.numClasses : scores;
}

int64_t
MemoryBytes(const Hierarchy& hierarchy, int tier, int node)
{
    Shape shape = InputShape(hierarchy, tier, node);
    int64_t weights = 0;
    int64_t floats = 0;
    for (const ConvPSpec& block : hierarchy.tiers[tier].blocks)
    {
        weights += int64_t{9} * shape.channels * block.filters;
        floats += block.filters; // the folded batch norm: one threshold
        shape = BlockOutput(shape, block);
    }
    weights += int64_t{shape.Size()} * hierarchy.numClasses;
    floats += 2 * hierarchy.numClasses; // the exit's batch norm: one scale, one offset
    return (weights + 7) / 8 + 4 * floats;
}

} // namespace ddnn
