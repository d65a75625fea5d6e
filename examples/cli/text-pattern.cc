// SPDX-License-Identifier: GPL-2.0-only
#include "text-pattern.h"

#include <arpa/inet.h>
#include <cmath>
#include <map>
#include <regex.h> // std::regex of a strict C++ mode disturbs that of libns3-topology-read

namespace ddnn::examples
{

namespace
{

/// The longest time and the highest rate; beyond, ns-3's arithmetic overflows without notice.
constexpr double MAX_SECONDS = 1e6;
constexpr double MAX_BITS_PER_SECOND = 1e12;

// digits are limited so that a double does not overflow
const std::string UNSIGNED = "([0-9]{1,20}([.][0-9]{0,20})?|[.][0-9]{1,20})";
const std::string SIGNED = "[+-]?" + UNSIGNED;
const std::string NUMBER = SIGNED + "([eE][+-]?[0-9]{1,2})?";

/// A compiled expression for whole texts.
struct Regex
{
    explicit Regex(const std::string& expression)
    {
        regcomp(&compiled, ("^(" + expression + ")$").c_str(), REG_EXTENDED | REG_NOSUB);
    }

    ~Regex()
    {
        regfree(&compiled);
    }

    regex_t compiled;
};

std::string
Numbers(int count, const std::string& separator)
{
    return NUMBER + "(" + separator + NUMBER + "){" + std::to_string(count - 1) + "}";
}

/// Where the unit of a number begins.
std::size_t
FindUnit(const std::string& text)
{
    return text.find_last_of("0123456789.") + 1;
}

bool
IsShort(const std::string& time)
{
    return std::abs(GetSeconds(time)) <= MAX_SECONDS;
}

bool
IsLow(const std::string& rate)
{
    static const std::map<char, int> POWERS{{'k', 1}, {'K', 1}, {'M', 2}, {'G', 3}};
    const std::string unit = rate.substr(FindUnit(rate));
    const auto power = POWERS.find(unit[0]);
    const double step = unit.find('i') == std::string::npos ? 1000 : 1024;
    return std::stod(rate) * std::pow(step, power == POWERS.end() ? 0 : power->second) *
               (unit.find('B') == std::string::npos ? 1 : 8) <=
           MAX_BITS_PER_SECOND;
}

template <int FAMILY>
bool
IsIpAddress(const std::string& address)
{
    in6_addr bytes;
    return inet_pton(FAMILY, address.c_str(), &bytes) == 1;
}

const std::map<std::string, TextPattern> PATTERNS{
    {"BooleanValue", {"true or false", "true|false|t|f|1|0"}},
    {"UintegerValue", {"a whole number", "[0-9]{1,20}"}},
    {"IntegerValue", {"a whole number", "[+-]?[0-9]{1,19}"}},
    {"DoubleValue", {"a number", SIGNED + "([eE][+-]?[0-9]{1,3})?"}},
    {"TimeValue",
     {"a time with its unit, like 20ms, of at most 1e6s",
      NUMBER + "(ps|ns|us|ms|s|min|h|d|y)?",
      IsShort}},
    {"DataRateValue",
     {"a rate with its unit, like 10Mbps, of at most 1000Gbps",
      UNSIGNED + "([kKMG]?i?[bB](ps|/s))?",
      IsLow}},
    {"QueueSizeValue",
     {"a number of packets or bytes, like 100p or 64kB, below 1000Mp or 1000MB",
      "[0-9]{1,9}[pB]|[0-9]{1,6}([kK]|Ki)[pB]|[0-9]{1,3}Mi?[pB]"}},
    {"Ipv4AddressValue", {"an IPv4 address", "[0-9.]+", IsIpAddress<AF_INET>}},
    {"Ipv6AddressValue", {"an IPv6 address", "[0-9a-fA-F:]+", IsIpAddress<AF_INET6>}},
    {"Mac48AddressValue",
     {"an address like 00:00:00:00:00:01", "[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}"}},
    {"SsidValue", {"1 to 31 characters without spaces", "[^[:space:]]{1,31}"}},
    {"WifiModeValue",
     {"a mode of Wi-Fi, like HtMcs3 or OfdmRate6Mbps",
      "DsssRate(1|2|5_5|11)Mbps|(Erp)?OfdmRate(6|9|12|18|24|36|48|54)Mbps|"
      "OfdmRate(3|4_5|6|9|12|18|24|27)MbpsBW10MHz|"
      "OfdmRate(1_5|2_25|3|4_5|6|9|12|13_5)MbpsBW5MHz|"
      "HtMcs([12]?[0-9]|3[01])|VhtMcs[0-9]|HeMcs([0-9]|1[01])|EhtMcs([0-9]|1[0-3])"}},
    {"Vector3DValue", {"three numbers like 0:1.5:0", Numbers(3, ":")}},
    {"RectangleValue", {"four numbers like -1|1|-1|1", Numbers(4, "[|]")}},
    {"BoxValue", {"six numbers like -1|1|-1|1|0|1", Numbers(6, "[|]")}},
};

} // namespace

bool
Matches(const std::string& text, const std::string& expression)
{
    static std::map<std::string, Regex> compiled;
    const Regex& regex = compiled.try_emplace(expression, expression).first->second;
    return text.size() <= 1000 && regexec(&regex.compiled, text.c_str(), 0, nullptr, 0) == 0;
}

bool
TextPattern::Accepts(const std::string& text) const
{
    return Matches(text, expression) && (!condition || condition(text));
}

const TextPattern*
FindPattern(const std::string& type)
{
    const auto pattern = PATTERNS.find(type);
    return pattern == PATTERNS.end() ? nullptr : &pattern->second;
}

double
GetSeconds(const std::string& time)
{
    static const std::map<std::string, double> UNITS{{"ps", 1e-12},
                                                     {"ns", 1e-9},
                                                     {"us", 1e-6},
                                                     {"ms", 1e-3},
                                                     {"", 1},
                                                     {"s", 1},
                                                     {"min", 60},
                                                     {"h", 3600},
                                                     {"d", 86400},
                                                     {"y", 31536000}};
    return std::stod(time) * UNITS.at(time.substr(FindUnit(time)));
}

} // namespace ddnn::examples
