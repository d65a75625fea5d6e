// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_LINK_OPTIONS_H
#define DDNN_EXAMPLES_LINK_OPTIONS_H

#include "options.h"

#include "ns3/ddnn-scenario.h"

namespace ddnn::examples
{

/// Register the options of the backhaul's queue, of its changing rate, loss and other traffic.
void AddBackhaulOptions(Options& options, ns3::DdnnScenarioSettings& scenario);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_LINK_OPTIONS_H
