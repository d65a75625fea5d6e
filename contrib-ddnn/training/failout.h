// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAILOUT_H
#define DDNN_FAILOUT_H

#include "contrib-ddnn/hierarchy/hierarchy.h"
#include "joint-network.h"

#include <random>

namespace ddnn
{

/**
 * Failure-aware training: drop nodes from samples at random. A node is there in a sample if it has
 * not been dropped and, above the devices, a child of it is there; one of each tier always is. The
 * last tier is never dropped.
 *
 * \param input whose masks are set
 * \param devices probability that a device is dropped from a sample
 * \param edges the same for the nodes between the devices and the last tier
 */
void DropNodes(const Hierarchy& hierarchy,
               double devices,
               double edges,
               std::mt19937_64& generator,
               JointInput& input);

} // namespace ddnn

#endif // DDNN_FAILOUT_H
