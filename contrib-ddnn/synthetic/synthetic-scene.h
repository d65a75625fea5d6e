// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SYNTHETIC_SCENE_H
#define DDNN_SYNTHETIC_SCENE_H

#include "synthetic-bodies.h"
#include "synthetic.h"

#include <vector>

namespace ddnn
{

/// Where one camera stands at the corner, and what it watches. Metres, radians; z points up.
struct StreetCamera
{
    Vec3 position;
    double bearing;         ///< of the middle of its field of view, from the x axis
    double halfFieldOfView; ///< to the left and to the right of it
    Vec3 gain;              ///< of its sensor: red, green, blue

    /// Whether the ground point (x, y) is in its field of view.
    bool Sees(double x, double y) const;
};

/// Camera `index`, which is always the same one.
StreetCamera MakeStreetCamera(int index);

/// One moment at the corner.
struct Scene
{
    std::vector<Body> bodies; ///< the labelled one, traffic, obstacles; colours include the light
    int numTraffic{0};
    double x{0}; ///< of the labelled body, in metres
    double y{0};
    Vec3 sun;        ///< unit vector towards it
    double daylight; ///< 1 at noon, less in the dark
};

/// A scene around a body of class `label`, in view of at least minViews of `cameras`.
Scene MakeScene(int label,
                const std::vector<StreetCamera>& cameras,
                const SyntheticSettings& settings,
                RandomStream& random);

} // namespace ddnn

#endif // DDNN_SYNTHETIC_SCENE_H
