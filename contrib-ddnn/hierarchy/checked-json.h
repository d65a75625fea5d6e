// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_CHECKED_JSON_H
#define DDNN_CHECKED_JSON_H

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// A hierarchy's JSON text, read value by value. Whatever is wrong is a std::runtime_error of one
// line that names the key.
namespace ddnn
{

using Json = nlohmann::ordered_json;

/// Words that stand for values.
template <typename Value>
using Words = std::vector<std::pair<std::string, Value>>;

/// \throws std::runtime_error always
[[noreturn]] void RefuseJson(const std::string& message);

/// Parses, and refuses what the library itself would take: keys given twice, and a depth that no
/// hierarchy has.
Json ParseJson(const std::string& text);

/// A value that fits in a line.
std::string Shown(const Json& value);

/// `key[i]`
std::string Indexed(const std::string& key, std::size_t i);

int ToInt(const Json& value, const std::string& key);
std::vector<int> ToInts(const Json& value, const std::string& key);
const Json& ToArray(const Json& value, const std::string& key);

/// One JSON object, whose keys are asked for by name. A key that was left out leaves the target as
/// it is.
class JsonObject
{
  public:
    /// \param key of the object itself, empty: it is the whole text
    JsonObject(const Json& json, const std::string& key);

    /// The full name of one of its keys, for messages.
    std::string Key(const std::string& name) const;

    /// \return nullptr if it was left out
    const Json* Find(const std::string& name);

    const Json& Get(const std::string& name);

    void Read(const std::string& name, int& target);
    void Read(const std::string& name, double& target);
    void Read(const std::string& name, bool& target);
    void Read(const std::string& name, std::string& target);

    template <typename Value>
    void Read(const std::string& name, Value& target, const Words<Value>& words);

    /// To be called when all keys have been asked for.
    void RefuseOthers() const;

  private:
    const Json& m_json;
    std::string m_prefix;
    std::vector<std::string> m_known;
};

template <typename Value>
void
JsonObject::Read(const std::string& name, Value& target, const Words<Value>& words)
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
    RefuseJson(Key(name) + " is " + Shown(*value) + ", must be " + known);
}

/// The word that stands for a value.
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

} // namespace ddnn

#endif // DDNN_CHECKED_JSON_H
