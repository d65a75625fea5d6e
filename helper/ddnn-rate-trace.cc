// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-rate-trace.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace ns3
{

namespace
{

/// Names of units and what they are worth.
using Units = std::vector<std::pair<std::string, double>>;

const Units TIME_UNITS{{"", 1},
                       {"h", 3600},
                       {"min", 60},
                       {"s", 1},
                       {"ms", 1e-3},
                       {"us", 1e-6},
                       {"ns", 1e-9}};
const Units RATE_UNITS{{"bps", 1}, {"kbps", 1e3}, {"Mbps", 1e6}, {"Gbps", 1e9}};

constexpr double MAX_SECONDS = 1e6;
constexpr double MAX_BITS_PER_SECOND = 1e12;

/// A number with one of the units, in terms of the base unit.
std::optional<double>
ParseQuantity(const std::string& text, const Units& units, double low, double high)
{
    const std::size_t unitBegin = text.find_last_of("0123456789.") + 1;
    double number = 0;
    const char* end = text.data() + unitBegin;
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || rest != end)
    {
        return std::nullopt;
    }
    for (const auto& [unit, worth] : units)
    {
        const double value = number * worth;
        // written so that NaN is refused
        if (text.substr(unitBegin) == unit && value >= low && value <= high)
        {
            return value;
        }
    }
    return std::nullopt;
}

DdnnRatePoint
ParsePoint(const std::vector<std::string>& words, const std::string& place)
{
    if (words.size() != 2)
    {
        throw std::runtime_error(place + ": a line must be TIME RATE, such as 0.5s 2Mbps");
    }
    const auto seconds = ParseQuantity(words[0], TIME_UNITS, 0, MAX_SECONDS);
    if (!seconds)
    {
        throw std::runtime_error(place + ": time '" + words[0] +
                                 "' must be a number up to 1e6 s, in seconds or with a unit: ns, "
                                 "us, ms, s, min or h");
    }
    const auto bits = ParseQuantity(words[1], RATE_UNITS, 1, MAX_BITS_PER_SECOND);
    if (!bits)
    {
        throw std::runtime_error(place + ": rate '" + words[1] +
                                 "' must be a number with a unit, bps, kbps, Mbps or Gbps, from "
                                 "1bps to 1000Gbps");
    }
    return {NanoSeconds(std::llround(*seconds * 1e9)),
            DataRate(static_cast<uint64_t>(std::llround(*bits)))};
}

} // namespace

DdnnRateTrace
ParseRateTrace(std::istream& input, const std::string& name)
{
    DdnnRateTrace trace;
    std::string line;
    for (int number = 1; std::getline(input, line); ++number)
    {
        std::istringstream text(line.substr(0, line.find('#')));
        std::vector<std::string> words;
        for (std::string word; text >> word;)
        {
            words.push_back(word);
        }
        if (words.empty())
        {
            continue;
        }
        const std::string place = name + ":" + std::to_string(number);
        const DdnnRatePoint point = ParsePoint(words, place);
        if (!trace.empty() && point.time <= trace.back().time)
        {
            throw std::runtime_error(place + ": time '" + words[0] +
                                     "' must be later than that of the line before");
        }
        trace.push_back(point);
    }
    if (input.bad())
    {
        throw std::runtime_error(name + " cannot be read to its end");
    }
    if (trace.empty())
    {
        throw std::runtime_error(name + " has no line TIME RATE, such as 0.5s 2Mbps");
    }
    return trace;
}

DdnnRateTrace
ReadRateTrace(const std::string& path)
{
    std::ifstream file(path);
    if (!file || std::filesystem::is_directory(path))
    {
        throw std::runtime_error("cannot read the rate trace " + path);
    }
    return ParseRateTrace(file, path);
}

} // namespace ns3
