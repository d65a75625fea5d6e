// SPDX-License-Identifier: GPL-2.0-only
#include "hierarchy-json.h"

#include <nlohmann/json.hpp>

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

using Json = nlohmann::ordered_json;

template <typename Value>
using Words = std::vector<std::pair<std::string, Value>>;

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

[[noreturn]] void
Fail(const std::string& message)
{
    throw std::runtime_error("hierarchy: " + message);
}

/// Text that fits in a line.
std::string
Short(const std::string& text, std::size_t longest = 200)
{
    return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

/// A value that fits in a line.
std::string
Shown(const Json& value)
{
    return Short(value.dump(-1, ' ', true, Json::error_handler_t::replace), 60);
}

/// A key as JSON spells it, without the quotes.
std::string
Escaped(const std::string& name)
{
    const std::string text = Json(name).dump(-1, ' ', true, Json::error_handler_t::replace);
    return Short(text.substr(1, text.size() - 2), 60);
}

int
ToInt(const Json& value, const std::string& key)
{
    constexpr int LARGEST = 1000000000;
    // as double, because the library takes an unsigned number for a signed one
    const double number = value.is_number_integer() ? value.get<double>() : 0.5;
    if (number != std::floor(number) || std::abs(number) > LARGEST)
    {
        Fail(key + " is " + Shown(value) + ", must be a whole number, of " +
             std::to_string(LARGEST) + " at most");
    }
    return static_cast<int>(number);
}

const Json&
ToArray(const Json& value, const std::string& key)
{
    if (!value.is_array())
    {
        Fail(key + " is " + Shown(value) + ", must be a list in [ ]");
    }
    return value;
}

std::string
Indexed(const std::string& key, std::size_t i)
{
    return key + "[" + std::to_string(i) + "]";
}

std::vector<int>
ToInts(const Json& value, const std::string& key)
{
    std::vector<int> numbers;
    for (const Json& element : ToArray(value, key))
    {
        numbers.push_back(ToInt(element, Indexed(key, numbers.size())));
    }
    return numbers;
}

/// One JSON object, whose keys are asked for by name.
class Object
{
  public:
    Object(const Json& json, const std::string& key)
        : m_json(json)
        , m_prefix(key.empty() ? "" : key + ".")
    {
        if (!json.is_object())
        {
            Fail((key.empty() ? "the text" : key) + " is " + Shown(json) +
                 ", must be an object in { }");
        }
    }

    std::string Key(const std::string& name) const
    {
        return m_prefix + name;
    }

    /// \return nullptr if it was left out
    const Json* Find(const std::string& name)
    {
        m_known.push_back(name);
        const auto found = m_json.find(name);
        return found == m_json.end() ? nullptr : &*found;
    }

    const Json& Get(const std::string& name)
    {
        const Json* value = Find(name);
        if (!value)
        {
            Fail(Key(name) + " is missing");
        }
        return *value;
    }

    void Read(const std::string& name, int& target)
    {
        if (const Json* value = Find(name))
        {
            target = ToInt(*value, Key(name));
        }
    }

    void Read(const std::string& name, double& target)
    {
        if (const Json* value = Find(name))
        {
            if (!value->is_number())
            {
                Fail(Key(name) + " is " + Shown(*value) + ", must be a number");
            }
            target = value->get<double>();
        }
    }

    void Read(const std::string& name, bool& target)
    {
        if (const Json* value = Find(name))
        {
            if (!value->is_boolean())
            {
                Fail(Key(name) + " is " + Shown(*value) + ", must be true or false");
            }
            target = value->get<bool>();
        }
    }

    void Read(const std::string& name, std::string& target)
    {
        if (const Json* value = Find(name))
        {
            if (!value->is_string())
            {
                Fail(Key(name) + " is " + Shown(*value) + ", must be text in quotes");
            }
            target = value->get<std::string>();
        }
    }

    template <typename Value>
    void Read(const std::string& name, Value& target, const Words<Value>& words)
    {
        const Json* value = Find(name);
        if (!value)
        {
            return;
        }
        std::string known;
        for (const auto& [word, meaning] : words)
        {
            if (*value == word)
            {
                target = meaning;
                return;
            }
            known += (known.empty() ? "\"" : " or \"") + word + "\"";
        }
        Fail(Key(name) + " is " + Shown(*value) + ", must be " + known);
    }

    /// To be called when all keys have been asked for.
    void RefuseOthers() const
    {
        for (const auto& [name, value] : m_json.items())
        {
            if (std::find(m_known.begin(), m_known.end(), name) == m_known.end())
            {
                std::string known;
                for (const std::string& key : m_known)
                {
                    known += (known.empty() ? "" : ", ") + key;
                }
                Fail(Key(Escaped(name)) + " is not a key; there are " + known);
            }
        }
    }

  private:
    const Json& m_json;
    std::string m_prefix;
    std::vector<std::string> m_known;
};

template <typename Value>
std::string
Word(Value value, const Words<Value>& words)
{
    for (const auto& [word, meaning] : words)
    {
        if (meaning == value)
        {
            return word;
        }
    }
    throw std::logic_error("a value without a word");
}

Shape
ShapeFromJson(const Json& json, const std::string& key)
{
    const auto extents = ToInts(json, key);
    if (extents.size() != 3)
    {
        Fail(key + " is " + Shown(json) + ", must be [channels, rows, columns]");
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
    Object object(json, key);
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
ReadBlocks(Object& object, Tier& tier)
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
    Object object(json, key);
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
    Object object(json, key);
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
ReadViews(Object& object, Hierarchy& hierarchy)
{
    const Json* view = object.Find("view");
    const Json* views = object.Find("views");
    if ((view != nullptr) == (views != nullptr))
    {
        Fail("give either view, which holds for all devices, or views, one per device");
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

/// Parses, and refuses what the parser itself would take: keys given twice, and a depth that no
/// hierarchy has.
Json
Parse(const std::string& text)
{
    constexpr std::size_t MAX_DEPTH = 16;
    std::vector<std::set<std::string>> keys; // of each open object or list
    const auto check = [&keys](int, Json::parse_event_t event, Json& parsed) {
        using Event = Json::parse_event_t;
        if (event == Event::object_start || event == Event::array_start)
        {
            keys.emplace_back();
            if (keys.size() > MAX_DEPTH)
            {
                Fail("the text is nested more deeply than a hierarchy can be");
            }
        }
        else if (event == Event::object_end || event == Event::array_end)
        {
            keys.pop_back();
        }
        else if (event == Event::key && !keys.back().insert(parsed.get<std::string>()).second)
        {
            Fail(Shown(parsed) + " is given twice in the same object; delete one of them");
        }
        return true;
    };
    try
    {
        return Json::parse(text, check);
    }
    catch (const nlohmann::json::exception& e)
    {
        const std::string what = e.what();
        const std::size_t begin = what.find("] ");
        Fail(Short(what.substr(begin == std::string::npos ? 0 : begin + 2)) +
             "; correct the JSON there, or start from a preset's file");
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
    const Json json = Parse(text);
    Object object(json, "");
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
