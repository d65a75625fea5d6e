// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_ENERGY_OPTIONS_H
#define DDNN_EXAMPLES_ENERGY_OPTIONS_H

#include "options.h"

#include "ns3/ddnn-scenario.h"
#include "ns3/ddnn-summary.h"

#include <set>
#include <string>
#include <vector>

namespace ddnn::examples
{

/// Options of the devices' energy. Each of them has it accounted.
void AddEnergyOptions(Options& options, ns3::DdnnScenarioSettings& settings);

/// \param technologies of the devices' cells
/// \return a line about those whose radio is not accounted; empty: there are none
std::string EnergyWarning(const std::set<std::string>& technologies);

/// \return one line about the energy of a run
/// \param deaths of the same run
std::string EnergyText(const ns3::DdnnSummary& summary, const std::vector<ns3::DdnnDeath>& deaths);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_ENERGY_OPTIONS_H
