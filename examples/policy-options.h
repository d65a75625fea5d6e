// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_POLICY_OPTIONS_H
#define DDNN_EXAMPLES_POLICY_OPTIONS_H

#include "options.h"

#include "ns3/ddnn-scenario.h"

namespace ddnn::examples
{

/// Options of how nodes decide with what arrives, and of what devices send.
void AddPolicyOptions(Options& options, ns3::DdnnScenarioSettings& settings);

/// \throws std::runtime_error if an option has no effect
void CheckPolicyOptions(const Options& options, const ns3::DdnnPolicySettings& policies);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_POLICY_OPTIONS_H
