// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SYNTHETIC_RENDERER_H
#define DDNN_SYNTHETIC_RENDERER_H

#include "synthetic-scene.h"

namespace ddnn
{

/**
 * Render the crop that a camera takes of a scene's labelled body.
 *
 * A z-buffer over 2 x 2 points per pixel, in double precision: what differs between platforms is
 * 1e-15 of a value, far below one of the 256 levels.
 *
 * \param view the result, `[channel, row, column]`, values 1 to 255: never blank
 */
void RenderView(const Scene& scene,
                const StreetCamera& camera,
                const SyntheticSettings& settings,
                RandomStream& random,
                uint8_t* view);

} // namespace ddnn

#endif // DDNN_SYNTHETIC_RENDERER_H
