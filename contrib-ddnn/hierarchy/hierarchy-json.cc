// SPDX-License-Identifier: GPL-2.0-only
#include "hierarchy-json.h"

#include "checked-json.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace ddnn
{

namespace
{

const Words<Aggregation> AGGREGATIONS = {{"MP", Aggregation::MP},
                                         {"AP", Aggregation::AP},
                                         {"CC", Aggregation::CC}};
const Words<BlockKind> KINDS = {{"ConvP", BlockKind::CONVP}, {"FC", BlockKind::FC}};
const Words<Precision> PRECISIONS = {{"binary", Precision::BINARY}, {"float", Precision::FLOAT}};
const Words<FeatureCoding> CODINGS = {{"float32", FeatureCoding::FLOAT32},
                                      {"float16", FeatureCoding::FLOAT16},
                                      {"int8", FeatureCoding::INT8}};
const Words<Confidence> CONFIDENCES = {{"entropy", Confidence::ENTROPY},
                                       {"max-softmax", Confidence::MAX_SOFTMAX},
                                       {"margin", Confidence::MARGIN}};

Shape
ShapeFromJson(const Json& json, const std::string& key)
{
    const auto extents = ToInts(json, key);
    if (extents.size() != 3)
    {
        RefuseJson(key + " is " + Shown(json) + ", must be [channels, rows, columns]");
    }
    return {extents[0], extents[1], extents[2]};
}

Json
ToJsonValue(const Shape& shape)
{
    return {shape.channels, shape.rows, shape.columns};
}

BlockSpec
BlockFromJson(const Json& json, const std::string& key)
{
    JsonObject object(json, key);
    BlockSpec block;
    object.Read("kind", block.kind, KINDS);
    if (block.kind == BlockKind::FC)
    {
        block.filters = ToInt(object.Get("outputs"), object.Key("outputs"));
    }
    else
    {
        object.Read("filters", block.filters);
        object.Read("poolStride", block.poolStride);
    }
    object.Read("precision", block.precision, PRECISIONS);
    object.RefuseOthers();
    return block;
}

std::vector<BlockSpec>
BlocksFromJson(const Json& json, const std::string& key)
{
    std::vector<BlockSpec> blocks;
    for (const Json& block : ToArray(json, key))
    {
        blocks.push_back(BlockFromJson(block, Indexed(key, blocks.size())));
    }
    return blocks;
}

Json
ToJsonValue(const std::vector<BlockSpec>& blocks)
{
    Json list = Json::array();
    for (const BlockSpec& block : blocks)
    {
        Json json{{"kind", Word(block.kind, KINDS)}};
        if (block.kind == BlockKind::FC)
        {
            json["outputs"] = block.filters;
        }
        else
        {
            json["filters"] = block.filters;
            json["poolStride"] = block.poolStride;
        }
        json["precision"] = Word(block.precision, PRECISIONS);
        list.push_back(json);
    }
    return list;
}

void
ReadBlocks(JsonObject& object, Tier& tier)
{
    const std::string key = object.Key("blocks");
    const Json& blocks = ToArray(object.Get("blocks"), key);
    if (blocks.empty() || !blocks[0].is_array())
    {
        tier.blocks = BlocksFromJson(blocks, key);
        return;
    }
    for (const Json& list : blocks)
    {
        tier.nodeBlocks.push_back(BlocksFromJson(list, Indexed(key, tier.nodeBlocks.size())));
    }
}

Tier
TierFromJson(const Json& json, const std::string& key, bool last)
{
    JsonObject object(json, key);
    Tier tier;
    object.Get("name");
    object.Read("name", tier.name);
    object.Read("numNodes", tier.numNodes);
    if (const Json* parents = object.Find("parents"))
    {
        tier.parents = ToInts(*parents, object.Key("parents"));
    }
    else if (!last && tier.numNodes > 0 && tier.numNodes <= 100000)
    {
        tier.parents.assign(tier.numNodes, 0);
    }
    ReadBlocks(object, tier);
    object.Read("exitPrecision", tier.exitPrecision, PRECISIONS);
    object.Read("coding", tier.coding, CODINGS);
    object.Read("features", tier.features, AGGREGATIONS);
    object.Read("scores", tier.scores, AGGREGATIONS);
    object.Read("exitWeight", tier.exitWeight);
    object.Read("threshold", tier.threshold);
    if (const Json* channels = object.Find("inputChannels"))
    {
        const std::string name = object.Key("inputChannels");
        tier.inputChannels =
            channels->is_array() ? ToInts(*channels, name) : std::vector{ToInt(*channels, name)};
    }
    object.RefuseOthers();
    return tier;
}

Json
ToJsonValue(const Tier& tier)
{
    Json blocks = ToJsonValue(tier.blocks);
    if (!tier.nodeBlocks.empty())
    {
        blocks = Json::array();
        for (const auto& list : tier.nodeBlocks)
        {
            blocks.push_back(ToJsonValue(list));
        }
    }
    Json json{{"name", tier.name},
              {"numNodes", tier.numNodes},
              {"parents", tier.parents},
              {"blocks", blocks},
              {"exitPrecision", Word(tier.exitPrecision, PRECISIONS)},
              {"coding", Word(tier.coding, CODINGS)},
              {"features", Word(tier.features, AGGREGATIONS)},
              {"scores", Word(tier.scores, AGGREGATIONS)},
              {"exitWeight", tier.exitWeight},
              {"threshold", tier.threshold}};
    if (!tier.inputChannels.empty())
    {
        json["inputChannels"] = tier.inputChannels;
    }
    return json;
}

Cell
CellFromJson(const Json& json, const std::string& key)
{
    JsonObject object(json, key);
    Cell cell;
    object.Read("access", cell.access);
    cell.devices = ToInts(object.Get("devices"), object.Key("devices"));
    object.RefuseOthers();
    return cell;
}

/// Indented text, in which a list of numbers is one line.
std::string
Indented(const Json& json, const std::string& indent = "")
{
    const bool numbers = json.is_array() && std::all_of(json.begin(), json.end(), [](auto& item) {
                             return item.is_number();
                         });
    if (!json.is_structured() || json.empty() || numbers)
    {
        return json.dump();
    }
    std::string text;
    for (const auto& [key, value] : json.items())
    {
        text += (text.empty() ? "" : ",") + ("\n  " + indent) +
                (json.is_object() ? Json(key).dump() + ": " : "") + Indented(value, indent + "  ");
    }
    text += "\n" + indent;
    return json.is_object() ? "{" + text + "}" : "[" + text + "]";
}

void
ReadViews(JsonObject& object, Hierarchy& hierarchy)
{
    const Json* view = object.Find("view");
    const Json* views = object.Find("views");
    if ((view != nullptr) == (views != nullptr))
    {
        RefuseJson("give either view, which holds for all devices, or views, one per device");
    }
    hierarchy.views.clear();
    if (view)
    {
        hierarchy.views.push_back(ShapeFromJson(*view, "view"));
        return;
    }
    for (const Json& shape : ToArray(*views, "views"))
    {
        hierarchy.views.push_back(ShapeFromJson(shape, Indexed("views", hierarchy.views.size())));
    }
}

} // namespace

std::string
ToJson(const Hierarchy& hierarchy)
{
    Json json;
    if (hierarchy.views.size() == 1)
    {
        json["view"] = ToJsonValue(hierarchy.views[0]);
    }
    else
    {
        for (const Shape& view : hierarchy.views)
        {
            json["views"].push_back(ToJsonValue(view));
        }
    }
    json["numClasses"] = hierarchy.numClasses;
    json["rawOffload"] = hierarchy.rawOffload;
    json["confidence"] = Word(hierarchy.confidence, CONFIDENCES);
    for (const Tier& tier : hierarchy.tiers)
    {
        json["tiers"].push_back(ToJsonValue(tier));
    }
    for (const Cell& cell : hierarchy.cells)
    {
        json["cells"].push_back({{"access", cell.access}, {"devices", cell.devices}});
    }
    return Indented(json);
}

Hierarchy
HierarchyFromJson(const std::string& text)
{
    const Json json = ParseJson(text);
    JsonObject object(json, "");
    Hierarchy hierarchy;
    ReadViews(object, hierarchy);
    hierarchy.numClasses = ToInt(object.Get("numClasses"), "numClasses");
    object.Read("rawOffload", hierarchy.rawOffload);
    object.Read("confidence", hierarchy.confidence, CONFIDENCES);
    const Json& tiers = ToArray(object.Get("tiers"), "tiers");
    for (std::size_t i = 0; i < tiers.size(); ++i)
    {
        hierarchy.tiers.push_back(
            TierFromJson(tiers[i], Indexed("tiers", i), i + 1 == tiers.size()));
    }
    if (const Json* cells = object.Find("cells"))
    {
        for (const Json& cell : ToArray(*cells, "cells"))
        {
            hierarchy.cells.push_back(CellFromJson(cell, Indexed("cells", hierarchy.cells.size())));
        }
    }
    object.RefuseOthers();
    Validate(hierarchy);
    return hierarchy;
}

Hierarchy
ReadHierarchy(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf()))
    {
        throw std::runtime_error(path + ": cannot read this file; give a hierarchy file");
    }
    try
    {
        return HierarchyFromJson(text.str());
    }
    catch (const std::runtime_error& e)
    {
        throw std::runtime_error(path + ": " + e.what());
    }
}

} // namespace ddnn
