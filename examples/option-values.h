// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_OPTION_VALUES_H
#define DDNN_EXAMPLES_OPTION_VALUES_H

#include "ns3/data-rate.h"
#include "ns3/nstime.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace ddnn::examples
{

/// The longest time and the highest rate that are accepted; ns-3 itself would overflow unnoticed.
constexpr double MAX_SECONDS = 1e6;
constexpr double MAX_BITS_PER_SECOND = 1e12;

/// The whole of a text as a number.
/// \return false, and the target is unchanged: it is no number, or out of range
template <typename Number>
bool
ParseNumber(const std::string& text, Number low, Number high, Number& target)
{
    Number number{};
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    // written so that NaN is refused
    if (error != std::errc() || rest != end || !(number >= low && number <= high))
    {
        return false;
    }
    target = number;
    return true;
}

/// Numbers separated by commas, at least one.
template <typename Number>
bool
ParseList(const std::string& text, Number low, Number high, std::vector<Number>& target)
{
    std::vector<Number> numbers;
    std::size_t begin = 0;
    while (begin <= text.size())
    {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        numbers.emplace_back();
        if (!ParseNumber(text.substr(begin, end - begin), low, high, numbers.back()))
        {
            return false;
        }
        begin = end + 1;
    }
    target = numbers;
    return true;
}

/// A number with a unit from ns to h, up to MAX_SECONDS; ns-3's own parser aborts at a bad one.
/// \param positive zero is refused
bool ParseTime(const std::string& text, bool positive, ns3::Time& target);

/// A number with a unit from bps to Gbps, from 1 bps to MAX_BITS_PER_SECOND.
bool ParseRate(const std::string& text, ns3::DataRate& target);

template <typename Value>
std::string
ToText(const Value& value)
{
    std::ostringstream text;
    text << value;
    return text.str();
}

template <typename Value>
std::string
ToText(const std::vector<Value>& values)
{
    std::string text;
    for (const Value& value : values)
    {
        text += (text.empty() ? "" : ",") + ToText(value);
    }
    return text;
}

/// In the largest unit that leaves a whole number, like 20ms.
std::string ToText(const ns3::Time& time);

/// In the largest unit that leaves at least 1, like 10Mbps.
std::string ToText(const ns3::DataRate& rate);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_OPTION_VALUES_H
