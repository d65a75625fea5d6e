// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_REQUIRE_H
#define DDNN_REQUIRE_H

#include <stdexcept>
#include <string>

namespace ns3
{

/// What a setting may make happen in a run, about: with more, it would seem to hang.
constexpr double DDNN_MAX_EVENTS = 1e7;

/// Internal to the helpers.
/// \throws std::runtime_error with the message unless the condition holds
inline void
Require(bool condition, const std::string& message)
{
    if (!condition)
    {
        throw std::runtime_error(message);
    }
}

} // namespace ns3

#endif // DDNN_REQUIRE_H
