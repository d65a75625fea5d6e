// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAULT_H
#define DDNN_FAULT_H

#include "ns3/data-rate.h"
#include "ns3/nstime.h"

#include <string>
#include <vector>

namespace ns3
{

struct DdnnFaultAction;

/// One event of a fault script.
struct DdnnFault
{
    Time time; ///< counts from the first capture
    std::string target;
    const DdnnFaultAction* action;
    std::vector<std::string> values; ///< that the action can read
    std::string where;               ///< "event 2" or "outage.faults:3", for errors
};

/// A fault that has happened.
struct DdnnFaultRecord
{
    Time time; ///< since the first capture
    std::string target;
    std::string action;
    std::string value; ///< as the script says it; empty: none
};

/// Reads words of fault scripts, where ns-3's own parsers would abort at a bad one. They throw
/// std::runtime_error "'WORD' must be ...", in one short and printable line.
struct DdnnFaultWord
{
    static constexpr double MAX_SECONDS = 1e6; ///< longest time; ns-3 would overflow unnoticed

    static double ReadNumber(const std::string& word, double low, double high);

    /// A number with a unit from ns to h, up to MAX_SECONDS.
    static Time ReadTime(const std::string& word);

    /// A number with a unit from bps to Gbps, from 1 bps to 1000 Gbps.
    static DataRate ReadRate(const std::string& word);

    /// \return what is between separators, empty parts included
    static std::vector<std::string> Split(const std::string& word, char separator);

    [[noreturn]] static void Refuse(const std::string& word, const std::string& accepted);
};

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

} // namespace ns3

#endif // DDNN_FAULT_H
