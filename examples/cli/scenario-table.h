// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_SCENARIO_TABLE_H
#define DDNN_EXAMPLES_SCENARIO_TABLE_H

#include "contrib-ddnn/hierarchy/hierarchy.h"

#include "ns3/ddnn-summary.h"

#include <vector>

namespace ddnn::examples
{

/// Print the paper's Table II, as measured: one row per simulation, and a line with what became of
/// all samples.
void PrintTable(const std::vector<ns3::DdnnSummary>& rows, const Hierarchy& hierarchy);

/// Print what the devices' energy account says, where there is one.
void PrintEnergy(const std::vector<ns3::DdnnSummary>& rows);

/// Print what simulating took, in time on this machine and in events of ns-3.
void PrintCost(const std::vector<ns3::DdnnSummary>& rows, const Hierarchy& hierarchy);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_SCENARIO_TABLE_H
