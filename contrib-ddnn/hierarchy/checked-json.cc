// SPDX-License-Identifier: GPL-2.0-only
#include "checked-json.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace ddnn
{

namespace
{

/// Text that fits in a line.
std::string
Short(const std::string& text, std::size_t longest = 200)
{
    return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

/// A key as JSON spells it, without the quotes.
std::string
Escaped(const std::string& name)
{
    const std::string text = Json(name).dump(-1, ' ', true, Json::error_handler_t::replace);
    return Short(text.substr(1, text.size() - 2), 60);
}

} // namespace

void
RefuseJson(const std::string& message)
{
    throw std::runtime_error("hierarchy: " + message);
}

std::string
Shown(const Json& value)
{
    return Short(value.dump(-1, ' ', true, Json::error_handler_t::replace), 60);
}

std::string
Indexed(const std::string& key, std::size_t i)
{
    return key + "[" + std::to_string(i) + "]";
}

int
ToInt(const Json& value, const std::string& key)
{
    constexpr int LARGEST = 1000000000;
    // as double, because the library takes an unsigned number for a signed one
    const double number = value.is_number_integer() ? value.get<double>() : 0.5;
    if (number != std::floor(number) || std::abs(number) > LARGEST)
    {
        RefuseJson(key + " is " + Shown(value) + ", must be a whole number, of " +
                   std::to_string(LARGEST) + " at most");
    }
    return static_cast<int>(number);
}

const Json&
ToArray(const Json& value, const std::string& key)
{
    if (!value.is_array())
    {
        RefuseJson(key + " is " + Shown(value) + ", must be a list in [ ]");
    }
    return value;
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

JsonObject::JsonObject(const Json& json, const std::string& key)
    : m_json(json)
    , m_prefix(key.empty() ? "" : key + ".")
{
    if (!json.is_object())
    {
        RefuseJson((key.empty() ? "the text" : key) + " is " + Shown(json) +
                   ", must be an object in { }");
    }
}

std::string
JsonObject::Key(const std::string& name) const
{
    return m_prefix + name;
}

const Json*
JsonObject::Find(const std::string& name)
{
    m_known.push_back(name);
    const auto found = m_json.find(name);
    return found == m_json.end() ? nullptr : &*found;
}

const Json&
JsonObject::Get(const std::string& name)
{
    const Json* value = Find(name);
    if (!value)
    {
        RefuseJson(Key(name) + " is missing");
    }
    return *value;
}

void
JsonObject::Read(const std::string& name, int& target)
{
    if (const Json* value = Find(name))
    {
        target = ToInt(*value, Key(name));
    }
}

void
JsonObject::Read(const std::string& name, double& target)
{
    if (const Json* value = Find(name))
    {
        if (!value->is_number())
        {
            RefuseJson(Key(name) + " is " + Shown(*value) + ", must be a number");
        }
        target = value->get<double>();
    }
}

void
JsonObject::Read(const std::string& name, bool& target)
{
    if (const Json* value = Find(name))
    {
        if (!value->is_boolean())
        {
            RefuseJson(Key(name) + " is " + Shown(*value) + ", must be true or false");
        }
        target = value->get<bool>();
    }
}

void
JsonObject::Read(const std::string& name, std::string& target)
{
    if (const Json* value = Find(name))
    {
        if (!value->is_string())
        {
            RefuseJson(Key(name) + " is " + Shown(*value) + ", must be text in quotes");
        }
        target = value->get<std::string>();
    }
}

void
JsonObject::RefuseOthers() const
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
            RefuseJson(Key(Escaped(name)) + " is not a key; there are " + known);
        }
    }
}

Json
ParseJson(const std::string& text)
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
                RefuseJson("the text is nested more deeply than a hierarchy can be");
            }
        }
        else if (event == Event::object_end || event == Event::array_end)
        {
            keys.pop_back();
        }
        else if (event == Event::key && !keys.back().insert(parsed.get<std::string>()).second)
        {
            RefuseJson(Shown(parsed) + " is given twice in the same object; delete one of them");
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
        RefuseJson(Short(what.substr(begin == std::string::npos ? 0 : begin + 2)) +
                   "; correct the JSON there, or start from a preset's file");
    }
}

} // namespace ddnn
