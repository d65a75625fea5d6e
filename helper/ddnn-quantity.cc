// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-quantity.h"

#include <cctype>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace ns3
{

namespace
{

/// Names of units and what they are worth.
using Units = std::vector<std::pair<std::string, double>>;

const Units TIME_UNITS{{"h", 3600},
                       {"min", 60},
                       {"s", 1},
                       {"ms", 1e-3},
                       {"us", 1e-6},
                       {"ns", 1e-9}};
const Units RATE_UNITS{{"Gbps", 1e9}, {"Mbps", 1e6}, {"kbps", 1e3}, {"bps", 1}};

/// A number with one of the units, in terms of the base unit.
std::optional<double>
ParseQuantity(const std::string& text, const Units& units)
{
    const std::size_t unitBegin = text.find_last_of("0123456789.") + 1;
    for (const auto& [unit, worth] : units)
    {
        double number = 0;
        if (text.substr(unitBegin) == unit &&
            DdnnQuantity::ParseNumber(text.substr(0, unitBegin),
                                      0.0,
                                      std::numeric_limits<double>::max(),
                                      number))
        {
            return number * worth;
        }
    }
    return std::nullopt;
}

} // namespace

bool
DdnnQuantity::ParseTime(const std::string& text, bool positive, Time& target)
{
    const std::optional<double> seconds = ParseQuantity(text, TIME_UNITS);
    if (!seconds || *seconds > MAX_SECONDS)
    {
        return false;
    }
    const auto nanoseconds = static_cast<uint64_t>(std::llround(*seconds * 1e9));
    if (positive && nanoseconds == 0)
    {
        return false;
    }
    target = NanoSeconds(nanoseconds);
    return true;
}

bool
DdnnQuantity::ParseRate(const std::string& text, DataRate& target)
{
    const std::optional<double> bits = ParseQuantity(text, RATE_UNITS);
    if (!bits || *bits < 1 || *bits > MAX_BITS_PER_SECOND)
    {
        return false;
    }
    target = DataRate(static_cast<uint64_t>(std::llround(*bits)));
    return true;
}

std::string
DdnnQuantity::Quote(const std::string& text)
{
    constexpr std::size_t LONGEST = 40;
    std::string quoted = text.substr(0, LONGEST);
    for (char& letter : quoted)
    {
        letter = std::isprint(static_cast<unsigned char>(letter)) ? letter : '?';
    }
    return "'" + quoted + (text.size() > LONGEST ? "..." : "") + "'";
}

} // namespace ns3
