// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SYNTHETIC_SCENE_H
#define DDNN_SYNTHETIC_SCENE_H

#include "synthetic-random.h"
#include "synthetic.h"

#include <Eigen/Core>
#include <array>
#include <vector>

// Metres and radians; z points up, the ground is z = 0, two roads cross at the origin.
namespace ddnn
{

using Vec3 = Eigen::Vector3d;

constexpr double PI = 3.14159265358979324;

/// A flat facet; two corners may coincide, which makes it a triangle.
struct Quad
{
    std::array<Vec3, 4> corners; ///< counter-clockwise as seen from outside
    Vec3 colour;                 ///< red, green, blue; 0 to 1
    bool isSunlit{false};        ///< whether it faces the sun, and so casts the body's shadow
};

/// A solid made of facets, standing on the ground.
struct Body
{
    double halfLength; ///< of the footprint along x before Place
    double halfWidth;  ///< of the footprint along y before Place
    std::vector<Quad> quads{};

    /// Turn by `heading` about the z axis, then move to (x, y).
    void Place(double heading, double x, double y);

    /// Distance from the centre to the footprint's edge in a direction, from the heading.
    double Reach(double direction) const;
};

/// Bodies of random size and colour, centred on the origin and heading along x.
Body MakeCar(RandomStream& random);
Body MakeBus(RandomStream& random);
Body MakePerson(RandomStream& random);
Body MakeTree(RandomStream& random);
Body MakeColumn(RandomStream& random); ///< an advertising column

/// Where one camera stands at the corner, and what it watches.
struct StreetCamera
{
    Vec3 position;
    double bearing;         ///< of the middle of its field of view, from the x axis
    double halfFieldOfView; ///< to the left and to the right of it
    Vec3 gain;              ///< of its sensor: red, green, blue

    /// Angle between the middle of its field of view and the ground point (x, y), 0 to pi.
    double AngleOff(double x, double y) const;

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
    double x{0}; ///< of the labelled body
    double y{0};
    Vec3 sun;        ///< unit vector towards it
    double daylight; ///< 1 at noon, less in the dark
};

/// A scene around a body of class `label`, in view of at least minViews of `cameras`.
Scene MakeScene(int label,
                const std::vector<StreetCamera>& cameras,
                const SyntheticSettings& settings,
                RandomStream& random);

/**
 * The street corner without bodies: roads, paving, houses, sky.
 *
 * \param eye where the ray starts; inside the square of houses
 * \param ray its direction
 * \param isShadow whether a body keeps the sun off the ground that the ray meets
 */
Vec3 BackgroundColour(const Vec3& eye, const Vec3& ray, bool isShadow);

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

#endif // DDNN_SYNTHETIC_SCENE_H
