// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SECTION_INPUT_H
#define DDNN_SECTION_INPUT_H

#include "model.h"

#include <vector>

namespace ddnn
{

/// A view's 8-bit values enter the first block as integers; this scales its sums (pooled, of ConvP)
/// to inputs in [0, 1].
constexpr float VIEW_SCALE = 1.0F / 255;

/// Scales the sums (pooled, of ConvP) of a section's first block: 1 / present where AP has summed
/// the children's features, 1 for the others.
float FeatureScale(Aggregation aggregation, int present);

/// \throws std::invalid_argument if there is no such device
void CheckDevice(const Hierarchy& hierarchy, int device);

/**
 * Check what a node of tier 1 or higher receives.
 * \return how many children are present
 * \throws std::invalid_argument if the arguments do not fit the hierarchy or no child is present
 */
int CheckChildren(const Hierarchy& hierarchy,
                  int tier,
                  int node,
                  const std::vector<Features>& children);

} // namespace ddnn

#endif // DDNN_SECTION_INPUT_H
