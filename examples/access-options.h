// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_ACCESS_OPTIONS_H
#define DDNN_EXAMPLES_ACCESS_OPTIONS_H

#include "options.h"

#include "ns3/ddnn-scenario.h"

namespace ddnn::examples
{

/// Register the options of the access networks: losses, distances and background stations.
void AddAccessOptions(Options& options, ns3::DdnnScenarioSettings& scenario);

/// \throws std::runtime_error if an option has no effect
void CheckAccessOptions(const Options& options, const ns3::DdnnAccessSettings& access);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_ACCESS_OPTIONS_H
