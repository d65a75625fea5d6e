// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_ANIMATION_H
#define DDNN_EXAMPLES_ANIMATION_H

#include "ns3/ddnn-scenario.h"

#include <memory>
#include <string>

namespace ddnn::examples
{

/// Record the run for NetAnim, until what is returned is destroyed after the simulation: a row of
/// nodes per tier, the cloud to the right.
/// \throws std::runtime_error if the file cannot be written
std::shared_ptr<void> Animate(const ns3::DdnnScenarioParts& parts, const std::string& file);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_ANIMATION_H
