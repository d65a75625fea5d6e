// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAULT_SCRIPT_H
#define DDNN_FAULT_SCRIPT_H

#include "ns3/nstime.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/// What a fault does to a node or a link.
enum class DdnnFaultAction
{
    DOWN,          ///< a node is silent, applications and radio; what it has buffered stays
    UP,            ///< ends DOWN
    CRASH,         ///< a node's applications lose what they have buffered, and are silent
    RESTART,       ///< ends CRASH
    SLOW,          ///< computing takes `number` times as long
    STUCK,         ///< a device keeps sending its last features
    BABBLE,        ///< a device sends random features
    NORMAL,        ///< ends SLOW, STUCK, BABBLE and BER
    BER,           ///< of what a node receives, each bit is wrong with the probability `number`
    LINK_DOWN,     ///< a link carries nothing
    LINK_UP,       ///< ends LINK_DOWN
    RATE,          ///< a link's rate is `value`
    DELAY,         ///< a link's delay is `delay`, one way
    LOSS,          ///< each packet is lost with the probability `number`
    FAILS,         ///< at random: DOWN and UP, or LINK_DOWN and LINK_UP, each target for itself
    FAILS_TOGETHER ///< the same with all targets at once
};

/// As in a script: "link-down".
std::string ToString(DdnnFaultAction action);

/// Where the times of random faults come from.
struct DdnnFaultClock
{
    /// Of probability.
    enum class Law
    {
        CONSTANT,
        EXPONENTIAL,
        WEIBULL
    };

    Law law{Law::CONSTANT};
    Time scale;      ///< the time itself, the mean, or Weibull's scale; above zero
    double shape{1}; ///< Weibull's
};

/// To what a fault happens, by name.
struct DdnnFaultTarget
{
    bool link{false};
    std::string name;    ///< device, cell, gateway, aggregator, backhaul, a tier's name, or `*`
    bool indexed{false}; ///< something follows the name; else all that have it are meant
    bool all{false};     ///< `*` follows the name
    std::vector<std::pair<uint32_t, uint32_t>> ranges; ///< first and last index of each
    std::vector<std::string> exits;                    ///< tiers of `aggregator`, by their exits
};

/// One event of a fault script, as plain data.
struct DdnnFault
{
    Time time; ///< counts from the first capture
    DdnnFaultTarget target;
    DdnnFaultAction action{DdnnFaultAction::DOWN};
    double number{1};    ///< factor or probability
    Time delay;          ///< one way
    DdnnFaultClock up;   ///< how long a target works
    DdnnFaultClock down; ///< how long it does not
    std::string value;   ///< as the script says it; empty: the action has none
    std::string where;   ///< "outage.faults:3" or "--fault, event 2", for errors
};

/// \return true if the fault happens again and again at random times
bool IsRandom(const DdnnFault& fault);

/// \throws std::runtime_error with the message, and the event if it is known
[[noreturn]] void RefuseFault(const DdnnFault& fault, const std::string& message);

/**
 * Read events `TIME TARGET ACTION [VALUE...]`, one a line or separated by semicolons. A `#` starts
 * a comment. They need not be in order of time.
 *
 * \throws std::runtime_error naming the event, the word, and what is accepted
 */
std::vector<DdnnFault> ParseFaults(const std::string& text);

/**
 * The same from a file.
 * \throws std::runtime_error naming the file and the line, or if there is no event
 */
std::vector<DdnnFault> ReadFaultScript(const std::string& path);

/**
 * Check the values of a fault that need not come from a script.
 * \throws std::runtime_error naming the event, the value and what is accepted
 */
void CheckFaultValues(const DdnnFault& fault);

} // namespace ns3

#endif // DDNN_FAULT_SCRIPT_H
