// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_FAULT_OPTIONS_H
#define DDNN_EXAMPLES_FAULT_OPTIONS_H

#include "options.h"

#include "ns3/ddnn-scenario.h"

namespace ddnn::examples
{

/// Register fault and faultScript. Given both, the script's events come first; one that is given
/// again adds its events.
void AddFaultOptions(Options& options, ns3::DdnnScenarioSettings& settings);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_FAULT_OPTIONS_H
