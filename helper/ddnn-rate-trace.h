// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RATE_TRACE_H
#define DDNN_RATE_TRACE_H

#include "ns3/data-rate.h"
#include "ns3/nstime.h"

#include <istream>
#include <string>
#include <vector>

namespace ns3
{

/// From a time on, counted from the first capture, a link has this rate.
struct DdnnRatePoint
{
    Time time;
    DataRate rate;
};

/// How the rate of a link changes; the times rise.
using DdnnRateTrace = std::vector<DdnnRatePoint>;

/**
 * Read a rate trace: a line "TIME RATE" for each change, such as "0.5s 2Mbps". A time without a
 * unit is in seconds. From a # on a line is a comment, and blank lines are skipped.
 *
 * \param name of the file, for errors
 * \throws std::runtime_error naming file and line, if a line is neither, the times do not rise
 *         strictly, or there is no change at all
 */
DdnnRateTrace ParseRateTrace(std::istream& input, const std::string& name);

/// Read a rate trace from a file.
/// \throws std::runtime_error as ParseRateTrace, or if the file cannot be read; names the option
DdnnRateTrace ReadRateTrace(const std::string& path);

} // namespace ns3

#endif // DDNN_RATE_TRACE_H
