// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SYNTHETIC_BACKGROUND_H
#define DDNN_SYNTHETIC_BACKGROUND_H

#include "synthetic-bodies.h"

namespace ddnn
{

/**
 * The street corner without bodies: two roads that cross at the origin, paving, houses, sky.
 *
 * \param eye where the ray starts, metres; inside the square of houses
 * \param ray its direction
 * \param isShadow whether a body keeps the sun off the ground that the ray meets
 */
Vec3 BackgroundColour(const Vec3& eye, const Vec3& ray, bool isShadow);

} // namespace ddnn

#endif // DDNN_SYNTHETIC_BACKGROUND_H
