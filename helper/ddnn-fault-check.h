// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAULT_CHECK_H
#define DDNN_FAULT_CHECK_H

#include "ddnn-fault-script.h"

#include "contrib-ddnn/hierarchy.h"

#include "ns3/nstime.h"

#include <vector>

namespace ns3
{

/**
 * Check all that can be checked without a network.
 *
 * \param duration of the simulation, from the first capture on
 * \throws std::runtime_error naming the event of the first bad fault, or of random faults that
 *         would be too many
 */
void CheckFaults(const std::vector<DdnnFault>& faults,
                 const ddnn::Hierarchy& hierarchy,
                 Time duration);

/// Check that all faults can happen before a run ends.
/// \param end of the simulation, from the first capture on
/// \throws std::runtime_error naming the event that comes too late
void CheckFaultTimes(const std::vector<DdnnFault>& faults, Time end);

} // namespace ns3

#endif // DDNN_FAULT_CHECK_H
