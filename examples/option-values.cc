// SPDX-License-Identifier: GPL-2.0-only
#include "option-values.h"

#include <utility>

namespace ddnn::examples
{

namespace
{

/// Names of units and what they are worth in bit/s, from the largest to the smallest.
const std::vector<std::pair<std::string, double>> RATE_UNITS{{"Gbps", 1e9},
                                                             {"Mbps", 1e6},
                                                             {"kbps", 1e3},
                                                             {"bps", 1}};

} // namespace

std::string
ToText(const ns3::Time& time)
{
    int64_t worth = 1000000000;
    for (const char* unit : {"s", "ms", "us"})
    {
        if (time.GetNanoSeconds() % worth == 0)
        {
            return ToText(time.GetNanoSeconds() / worth) + unit;
        }
        worth /= 1000;
    }
    return ToText(time.GetNanoSeconds()) + "ns";
}

std::string
ToText(const ns3::DataRate& rate)
{
    const auto bits = static_cast<double>(rate.GetBitRate());
    for (const auto& [unit, worth] : RATE_UNITS)
    {
        if (bits >= worth)
        {
            return ToText(bits / worth) + unit;
        }
    }
    return "0bps";
}

} // namespace ddnn::examples
