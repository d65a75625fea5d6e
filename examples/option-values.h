// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_OPTION_VALUES_H
#define DDNN_EXAMPLES_OPTION_VALUES_H

#include "ns3/data-rate.h"
#include "ns3/ddnn-quantity.h"
#include "ns3/nstime.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace ddnn::examples
{

constexpr double MAX_SECONDS = ns3::DdnnQuantity::MAX_SECONDS;

/// The whole of a text as a number.
/// \return false, and the target is unchanged: it is no number, or out of range
template <typename Number>
bool
ParseNumber(const std::string& text, Number low, Number high, Number& target)
{
    return ns3::DdnnQuantity::ParseNumber(text, low, high, target);
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

/// See DdnnQuantity::ParseTime.
inline bool
ParseTime(const std::string& text, bool positive, ns3::Time& target)
{
    return ns3::DdnnQuantity::ParseTime(text, positive, target);
}

/// See DdnnQuantity::ParseRate.
inline bool
ParseRate(const std::string& text, ns3::DataRate& target)
{
    return ns3::DdnnQuantity::ParseRate(text, target);
}

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
