// SPDX-License-Identifier: GPL-2.0-only
#include "hierarchy-json.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <type_traits>

namespace ddnn
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr std::size_t LONGEST = 200; // of what an error quotes

/// A value that fits in a line.
std::string
Shown(const Json& value)
{
    return value.dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, LONGEST);
}

/// Whether a key must be in the text, and whether it is written.
enum class Presence
{
    OPTIONAL,
    REQUIRED,
    IF_ANY ///< optional, and an empty list is not written
};

/// Reads one value of the text.
class Reader
{
  public:
    /// \param key of the value, which errors name
    Reader(const Json& json, const std::string& key)
        : m_json(json)
        , m_key(key)
    {
    }

    /// Read what one of the object's keys holds. A key that is left out leaves the value as it is.
    template <typename Value>
    void Key(const std::string& name, Value& value, Presence presence = Presence::OPTIONAL)
    {
        m_known.insert(name);
        const bool isThere = m_json.contains(name);
        Require(isThere || presence != Presence::REQUIRED, "key " + name + " is missing");
        if (isThere)
        {
            Reader(m_json[name], m_key.empty() ? name : m_key + "." + name).Read(value);
        }
    }

    /// How many lists enclose the values of a key, -1 if it is left out. A Writer is told.
    int Depth(const std::string& name, int /* told */) const
    {
        int depth = m_json.contains(name) ? 0 : -1;
        const Json* json = depth < 0 ? nullptr : &m_json[name];
        for (; json && json->is_array(); json = json->empty() ? nullptr : &json->front())
        {
            ++depth;
        }
        return depth;
    }

    template <typename Value>
    void Read(Value& value)
    {
        if constexpr (std::is_enum_v<Value>)
        {
            std::string word;
            Read(word);
            const auto found = FromString<Value>(word);
            if (!found)
            {
                Refuse("must be one of " + Json(WORDS<Value>).dump());
            }
            value = *found;
        }
        else if constexpr (std::is_constructible_v<Json, Value>)
        {
            const std::string type = Json(value).type_name();
            Require(m_json.type_name() == type, "must be a " + type);
            m_json.get_to(value);
        }
        else
        {
            Require(m_json.is_object(), "must be an object in { }");
            Keys(*this, value);
            for (const auto& [name, ignored] : m_json.items())
            {
                if (m_known.count(name) == 0)
                {
                    Refuse("key " + Shown(name) + " is not one of " + Json(m_known).dump());
                }
            }
        }
    }

    template <typename Value>
    void Read(std::vector<Value>& values)
    {
        Require(m_json.is_array(), "must be a list in [ ]");
        values.assign(m_json.size(), Value());
        for (std::size_t i = 0; i < values.size(); ++i)
        {
            Reader(m_json[i], m_key + "[" + std::to_string(i) + "]").Read(values[i]);
        }
    }

    void Read(Shape& shape)
    {
        std::vector<int> extents;
        Read(extents);
        Require(extents.size() == 3, "must be [channels, rows, columns]");
        shape = {extents[0], extents[1], extents[2]};
    }

    void Read(int& value)
    {
        constexpr double LARGEST = 1e9;
        const double number = m_json.is_number() ? m_json.get<double>() : 0.5;
        Require(number == std::floor(number) && std::abs(number) <= LARGEST,
                "must be a whole number");
        value = static_cast<int>(number);
    }

  private:
    void Require(bool condition, const std::string& message) const
    {
        if (!condition)
        {
            Refuse(message);
        }
    }

    [[noreturn]] void Refuse(const std::string& message) const
    {
        const std::string shown = m_json.is_structured() ? "" : " is " + Shown(m_json);
        throw std::runtime_error("hierarchy: " + (m_key.empty() ? "" : m_key + shown + ": ") +
                                 message);
    }

    const Json& m_json;
    std::string m_key;
    std::set<std::string> m_known;
};

/// Writes a value, and an object key by key as a Reader reads it.
class Writer
{
  public:
    template <typename Value>
    void Key(const std::string& name, Value& value, Presence presence = Presence::OPTIONAL)
    {
        Json json = Write(value);
        if (presence != Presence::IF_ANY || !json.empty())
        {
            m_json[name] = std::move(json);
        }
    }

    int Depth(const std::string& /* name */, int told) const
    {
        return told;
    }

    template <typename Value>
    static Json Write(Value& value)
    {
        if constexpr (std::is_enum_v<Value>)
        {
            return ToString(value);
        }
        else if constexpr (std::is_constructible_v<Json, Value>)
        {
            return value;
        }
        else
        {
            Writer writer;
            Keys(writer, value);
            return writer.m_json;
        }
    }

    static Json Write(Shape& shape)
    {
        return {shape.channels, shape.rows, shape.columns};
    }

    template <typename Value>
    static Json Write(std::vector<Value>& values)
    {
        Json list = Json::array();
        for (Value& value : values)
        {
            list.push_back(Write(value));
        }
        return list;
    }

  private:
    Json m_json;
};

template <typename Object>
void
Keys(Object& object, BlockSpec& block)
{
    object.Key("kind", block.kind);
    if (block.kind == BlockKind::FC)
    {
        object.Key("outputs", block.filters, Presence::REQUIRED);
    }
    else
    {
        object.Key("filters", block.filters);
        object.Key("poolStride", block.poolStride);
    }
    object.Key("precision", block.precision);
}

template <typename Object>
void
Keys(Object& object, Tier& tier)
{
    object.Key("name", tier.name, Presence::REQUIRED);
    object.Key("numNodes", tier.numNodes);
    object.Key("parents", tier.parents);
    object.Depth("blocks", tier.nodeBlocks.empty() ? 1 : 2) > 1
        ? object.Key("blocks", tier.nodeBlocks, Presence::REQUIRED)
        : object.Key("blocks", tier.blocks, Presence::REQUIRED);
    object.Key("exitPrecision", tier.exitPrecision);
    object.Key("coding", tier.coding);
    object.Key("features", tier.features);
    object.Key("scores", tier.scores);
    object.Key("exitWeight", tier.exitWeight);
    object.Key("threshold", tier.threshold);
    object.Depth("inputChannels", 1) == 0
        ? object.Key("inputChannels", tier.inputChannels.emplace_back())
        : object.Key("inputChannels", tier.inputChannels, Presence::IF_ANY);
}

template <typename Object>
void
Keys(Object& object, Cell& cell)
{
    object.Key("access", cell.access);
    object.Key("devices", cell.devices, Presence::REQUIRED);
}

template <typename Object>
void
Keys(Object& object, Hierarchy& hierarchy)
{
    object.Depth("views", hierarchy.views.size() > 1 ? 2 : -1) >= 0
        ? object.Key("views", hierarchy.views)
        : object.Key("view", hierarchy.views.front(), Presence::REQUIRED);
    object.Key("numClasses", hierarchy.numClasses, Presence::REQUIRED);
    object.Key("rawOffload", hierarchy.rawOffload);
    object.Key("confidence", hierarchy.confidence);
    object.Key("tiers", hierarchy.tiers, Presence::REQUIRED);
    object.Key("cells", hierarchy.cells, Presence::IF_ANY);
}

/// The library takes keys that are given twice; here they are refused.
Json
ParseJson(const std::string& text)
{
    std::vector<std::set<std::string>> keys; // of each object that is open
    const auto check = [&keys](int, Json::parse_event_t event, Json& parsed) {
        using Event = Json::parse_event_t;
        if (event == Event::object_start)
        {
            keys.emplace_back();
        }
        else if (event == Event::object_end)
        {
            keys.pop_back();
        }
        else if (event == Event::key && !keys.back().insert(parsed.get<std::string>()).second)
        {
            throw std::runtime_error("hierarchy: key " + Shown(parsed) + " is given twice");
        }
        return true;
    };
    try
    {
        return Json::parse(text, check);
    }
    catch (const nlohmann::json::exception& e)
    {
        throw std::runtime_error("hierarchy: " + std::string(e.what()).substr(0, LONGEST));
    }
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

} // namespace

std::string
ToJson(const Hierarchy& hierarchy)
{
    Hierarchy copy = hierarchy; // Keys() gives access for writing
    return Indented(Writer::Write(copy));
}

Hierarchy
HierarchyFromJson(const std::string& text, const std::string& name)
try
{
    Hierarchy hierarchy;
    const Json json = ParseJson(text);
    Reader(json, "").Read(hierarchy);
    for (std::size_t t = 0; t + 1 < hierarchy.tiers.size(); ++t)
    {
        Tier& tier = hierarchy.tiers[t];
        if (tier.parents.empty())
        {
            tier.parents.assign(std::clamp(tier.numNodes, 0, MAX_NODES), 0);
        }
    }
    Validate(hierarchy);
    return hierarchy;
}

catch (const std::runtime_error& e)
{
    throw std::runtime_error((name.empty() ? "" : name + ": ") + e.what());
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
    return HierarchyFromJson(text.str(), path);
}

} // namespace ddnn
