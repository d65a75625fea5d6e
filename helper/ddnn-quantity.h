// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_QUANTITY_H
#define DDNN_QUANTITY_H

#include "ns3/data-rate.h"
#include "ns3/nstime.h"

#include <charconv>
#include <string>
#include <system_error>

namespace ns3
{

/// Reads what users write as text; ns-3's own parsers abort at a bad one.
class DdnnQuantity
{
  public:
    /// The longest time and the highest rate that are read; ns-3 itself would overflow unnoticed.
    static constexpr double MAX_SECONDS = 1e6;
    static constexpr double MAX_BITS_PER_SECOND = 1e12;

    /// The whole of a text as a number.
    /// \return false, and the target is unchanged: it is no number, or out of range
    template <typename Number>
    static bool ParseNumber(const std::string& text, Number low, Number high, Number& target);

    /// A number with a unit from ns to h, up to MAX_SECONDS.
    /// \param positive zero is refused
    static bool ParseTime(const std::string& text, bool positive, Time& target);

    /// A number with a unit from bps to Gbps, from 1 bps to MAX_BITS_PER_SECOND.
    static bool ParseRate(const std::string& text, DataRate& target);

    /// What was written, for an error: in quotes, short and printable.
    static std::string Quote(const std::string& text);
};

template <typename Number>
bool
DdnnQuantity::ParseNumber(const std::string& text, Number low, Number high, Number& target)
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

} // namespace ns3

#endif // DDNN_QUANTITY_H
