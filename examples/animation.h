// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_ANIMATION_H
#define DDNN_EXAMPLES_ANIMATION_H

#include "ns3/ddnn-helper.h"

#include <memory>
#include <string>

namespace ddnn::examples
{

/**
 * Record the run for NetAnim: a row of nodes per tier, the cloud to the right.
 *
 * \param helper after Install
 * \return to be destroyed when the simulation has ended
 * \throws std::runtime_error if the file cannot be written
 */
std::shared_ptr<void> Animate(ns3::DdnnHelper& helper, const std::string& file);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_ANIMATION_H
