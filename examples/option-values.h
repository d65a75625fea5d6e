// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_OPTION_VALUES_H
#define DDNN_EXAMPLES_OPTION_VALUES_H

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace ddnn::examples
{

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

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_OPTION_VALUES_H
