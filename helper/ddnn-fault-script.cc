// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-fault-script.h"

#include "ddnn-quantity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace ns3
{

namespace
{

/// An action as a script names it.
struct Action
{
    const char* name;
    DdnnFaultAction action;
    std::size_t numValues;
    const char* values; ///< what they are, for errors
};

constexpr std::array<Action, 16> ACTIONS{{
    {"down", DdnnFaultAction::DOWN, 0, "no value"},
    {"up", DdnnFaultAction::UP, 0, "no value"},
    {"crash", DdnnFaultAction::CRASH, 0, "no value"},
    {"restart", DdnnFaultAction::RESTART, 0, "no value"},
    {"slow", DdnnFaultAction::SLOW, 1, "a factor"},
    {"stuck", DdnnFaultAction::STUCK, 0, "no value"},
    {"babble", DdnnFaultAction::BABBLE, 0, "no value"},
    {"normal", DdnnFaultAction::NORMAL, 0, "no value"},
    {"ber", DdnnFaultAction::BER, 1, "a bit error rate"},
    {"link-down", DdnnFaultAction::LINK_DOWN, 0, "no value"},
    {"link-up", DdnnFaultAction::LINK_UP, 0, "no value"},
    {"rate", DdnnFaultAction::RATE, 1, "a rate"},
    {"delay", DdnnFaultAction::DELAY, 1, "a time"},
    {"loss", DdnnFaultAction::LOSS, 1, "a packet error rate"},
    {"fails", DdnnFaultAction::FAILS, 2, "the time that works and the time that does not"},
    {"fails-together",
     DdnnFaultAction::FAILS_TOGETHER,
     2,
     "the time that works and the time that does not"},
}};

constexpr double MAX_FACTOR = 1e6;
constexpr double MIN_SHAPE = 0.1;
constexpr double MAX_SHAPE = 100;

/// Indices are smaller.
constexpr uint32_t INDEX_LIMIT = 1000000000;

const char* const TIME_HINT = "a time with its unit, like 3s or 250ms, at most 1000000s";
const char* const CLOCK_HINT =
    "constant:TIME, exponential:MEAN or weibull:SCALE:SHAPE, with times above zero, like 30s, and "
    "a shape from 0.1 to 100";

using Words = std::vector<std::string>;

std::string
Quote(const std::string& word)
{
    return DdnnQuantity::Quote(word);
}

/// What is between the separators, empty parts included.
Words
Split(const std::string& text, char separator)
{
    Words parts;
    std::size_t begin = 0;
    while (begin <= text.size())
    {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

Words
SplitWords(const std::string& text)
{
    const char* const blanks = " \t\r\v\f";
    Words words;
    std::size_t begin = text.find_first_not_of(blanks);
    while (begin != std::string::npos)
    {
        const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        begin = text.find_first_not_of(blanks, end);
    }
    return words;
}

/// As names of tiers and rates are, so that no table breaks at one.
bool
IsPlain(const std::string& word)
{
    return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char letter) {
        return std::isalnum(letter) || letter == '-' || letter == '.' || letter == '_';
    });
}

/// "2" or "1-3".
bool
ParseRange(const std::string& text, std::pair<uint32_t, uint32_t>& range)
{
    const std::size_t dash = text.find('-');
    const std::string last = dash == std::string::npos ? text : text.substr(dash + 1);
    return DdnnQuantity::ParseNumber<uint32_t>(text.substr(0, dash), 0, INDEX_LIMIT, range.first) &&
           DdnnQuantity::ParseNumber<uint32_t>(last, range.first, INDEX_LIMIT, range.second);
}

void
ParseIndex(const std::string& word, const std::string& index, DdnnFault& fault)
{
    DdnnFaultTarget& target = fault.target;
    target.indexed = true;
    target.all = index == "*";
    if (target.all)
    {
        return;
    }
    for (const std::string& part : Split(index, ','))
    {
        if (target.name == "aggregator" && IsPlain(part))
        {
            target.exits.push_back(part);
            continue;
        }
        target.ranges.emplace_back();
        if (target.name == "aggregator" || !ParseRange(part, target.ranges.back()))
        {
            RefuseFault(fault,
                        "target " + Quote(word) + ": " + Quote(part) + " must be " +
                            (target.name == "aggregator" ? "an exit, like local, or *"
                                                         : "an index, a range like 1-3, or *"));
        }
    }
}

void
ParseTarget(const std::string& word, DdnnFault& fault)
{
    const std::string prefix = "link:";
    fault.target.link = word.compare(0, prefix.size(), prefix) == 0;
    const Words parts = Split(fault.target.link ? word.substr(prefix.size()) : word, ':');
    fault.target.name = parts[0];
    if (parts.size() > 2 || !(parts[0] == "*" || IsPlain(parts[0])) ||
        (parts[0] == "*" && parts.size() > 1))
    {
        RefuseFault(fault,
                    "target " + Quote(word) +
                        " must be a name, NAME:INDEX, link:NAME, link:NAME:INDEX, * or link:*");
    }
    if (parts.size() == 2)
    {
        ParseIndex(word, parts[1], fault);
    }
}

/// \return false: it is none
bool
ParseClock(const std::string& word, DdnnFaultClock& clock)
{
    const Words parts = Split(word, ':');
    if (parts.size() < 2 || !DdnnQuantity::ParseTime(parts[1], true, clock.scale))
    {
        return false;
    }
    if (parts[0] == "weibull")
    {
        clock.law = DdnnFaultClock::Law::WEIBULL;
        return parts.size() == 3 &&
               DdnnQuantity::ParseNumber(parts[2], MIN_SHAPE, MAX_SHAPE, clock.shape);
    }
    clock.law =
        parts[0] == "constant" ? DdnnFaultClock::Law::CONSTANT : DdnnFaultClock::Law::EXPONENTIAL;
    return parts.size() == 2 && (parts[0] == "constant" || parts[0] == "exponential");
}

void
ParseClocks(const Words& values, DdnnFault& fault)
{
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        if (!ParseClock(values[i], i == 0 ? fault.up : fault.down))
        {
            RefuseFault(fault,
                        ToString(fault.action) + " has " + Quote(values[i]) + ", must be " +
                            CLOCK_HINT);
        }
    }
}

void
ParseValues(const Words& values, DdnnFault& fault)
{
    if (values.empty())
    {
        return;
    }
    for (const std::string& value : values)
    {
        fault.value += (fault.value.empty() ? "" : " ") + value;
    }
    bool good = true;
    switch (fault.action)
    {
    case DdnnFaultAction::FAILS:
    case DdnnFaultAction::FAILS_TOGETHER:
        return ParseClocks(values, fault);
    case DdnnFaultAction::RATE:
        break;
    case DdnnFaultAction::DELAY:
        good = DdnnQuantity::ParseTime(values[0], false, fault.delay);
        break;
    default:
        good = DdnnQuantity::ParseNumber(values[0],
                                         -std::numeric_limits<double>::max(),
                                         std::numeric_limits<double>::max(),
                                         fault.number);
    }
    if (!good)
    {
        RefuseFault(fault,
                    ToString(fault.action) + " has " + Quote(values[0]) + ", must be " +
                        (fault.action == DdnnFaultAction::DELAY ? TIME_HINT : "a number"));
    }
}

const Action&
FindAction(const std::string& word, const DdnnFault& fault)
{
    std::string known;
    for (const Action& action : ACTIONS)
    {
        if (word == action.name)
        {
            return action;
        }
        known += std::string(known.empty() ? "" : ", ") + action.name;
    }
    RefuseFault(fault, "action " + Quote(word) + " is not known, use one of " + known);
}

DdnnFault
ParseEvent(const Words& words, const std::string& where)
{
    DdnnFault fault;
    fault.where = where;
    if (!DdnnQuantity::ParseTime(words[0], false, fault.time))
    {
        RefuseFault(fault, "time " + Quote(words[0]) + " must be " + TIME_HINT);
    }
    if (words.size() < 3)
    {
        RefuseFault(fault, "an event is TIME TARGET ACTION [VALUE...], like 3s device:2 down");
    }
    ParseTarget(words[1], fault);
    const Action& action = FindAction(words[2], fault);
    fault.action = action.action;
    const Words values(words.begin() + 3, words.end());
    if (values.size() != action.numValues)
    {
        RefuseFault(fault,
                    words[2] + " takes " + action.values + ", " + std::to_string(values.size()) +
                        (values.size() == 1 ? " word follows it" : " words follow it"));
    }
    ParseValues(values, fault);
    CheckFaultValues(fault);
    return fault;
}

/// \param where of an event, by its line and its number, both from 1
std::vector<DdnnFault>
Parse(const std::string& text, const std::function<std::string(std::size_t, std::size_t)>& where)
{
    std::vector<DdnnFault> faults;
    std::size_t number = 0;
    for (const std::string& line : Split(text, '\n'))
    {
        ++number;
        for (const std::string& event : Split(line.substr(0, line.find('#')), ';'))
        {
            const Words words = SplitWords(event);
            if (!words.empty())
            {
                faults.push_back(ParseEvent(words, where(number, faults.size() + 1)));
            }
        }
    }
    return faults;
}

} // namespace

std::string
ToString(DdnnFaultAction action)
{
    return ACTIONS.at(static_cast<std::size_t>(action)).name;
}

bool
IsRandom(const DdnnFault& fault)
{
    return fault.action == DdnnFaultAction::FAILS ||
           fault.action == DdnnFaultAction::FAILS_TOGETHER;
}

void
RefuseFault(const DdnnFault& fault, const std::string& message)
{
    throw std::runtime_error((fault.where.empty() ? "" : fault.where + ": ") + message);
}

std::vector<DdnnFault>
ParseFaults(const std::string& text)
{
    return Parse(text, [](std::size_t, std::size_t event) {
        return "--fault, event " + std::to_string(event);
    });
}

std::vector<DdnnFault>
ReadFaultScript(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    std::error_code ignored;
    if (!file.is_open() || std::filesystem::is_directory(path, ignored))
    {
        throw std::runtime_error("--faultScript: cannot read the file " + Quote(path));
    }
    const std::string text = content.str();
    const std::string byteOrderMark = "\xEF\xBB\xBF";
    const bool marked = text.compare(0, byteOrderMark.size(), byteOrderMark) == 0;
    auto faults = Parse(marked ? text.substr(byteOrderMark.size()) : text,
                        [&path](std::size_t line, std::size_t) {
                            return path + ":" + std::to_string(line);
                        });
    if (faults.empty())
    {
        throw std::runtime_error("--faultScript: the file " + Quote(path) +
                                 " has no event, like 3s device:2 down");
    }
    return faults;
}

void
CheckFaultValues(const DdnnFault& fault)
{
    const std::string name = ToString(fault.action);
    const auto require = [&](bool condition, const std::string& accepted) {
        if (!condition)
        {
            RefuseFault(fault, name + " has " + Quote(fault.value) + ", must be " + accepted);
        }
    };
    const auto isClock = [](const DdnnFaultClock& clock) {
        return clock.scale.IsStrictlyPositive() && clock.shape >= MIN_SHAPE &&
               clock.shape <= MAX_SHAPE;
    };
    if (fault.time.IsStrictlyNegative())
    {
        RefuseFault(fault, "the time of " + name + " must not be less than zero");
    }
    switch (fault.action)
    {
    case DdnnFaultAction::SLOW:
        return require(fault.number > 0 && fault.number <= MAX_FACTOR,
                       "a factor above 0, at most 1000000; 1 is normal");
    case DdnnFaultAction::BER:
    case DdnnFaultAction::LOSS:
        return require(fault.number >= 0 && fault.number <= 1, "a probability from 0 to 1");
    case DdnnFaultAction::RATE:
        return require(IsPlain(fault.value), "a rate, like 1Mbps");
    case DdnnFaultAction::DELAY:
        return require(!fault.delay.IsStrictlyNegative(), TIME_HINT);
    case DdnnFaultAction::FAILS:
    case DdnnFaultAction::FAILS_TOGETHER:
        return require(isClock(fault.up) && isClock(fault.down), CLOCK_HINT);
    default:
        break;
    }
}

} // namespace ns3
