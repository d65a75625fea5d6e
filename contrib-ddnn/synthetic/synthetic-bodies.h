// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SYNTHETIC_BODIES_H
#define DDNN_SYNTHETIC_BODIES_H

#include "synthetic-random.h"

#include <Eigen/Core>
#include <array>
#include <vector>

namespace ddnn
{

using Vec3 = Eigen::Vector3d;

/// A flat facet; two corners may coincide, which makes it a triangle.
struct Quad
{
    std::array<Vec3, 4> corners; ///< in metres, counter-clockwise as seen from outside
    Vec3 colour;                 ///< red, green, blue; 0 to 1
    bool isSunlit{false};        ///< whether it faces the sun, and so casts the body's shadow

    /// Unit vector that points out of the body.
    Vec3 Normal() const;
};

/// A solid made of facets, standing on the ground z = 0.
struct Body
{
    std::vector<Quad> quads;
    double halfLength{0}; ///< of the footprint along x before Place, in metres
    double halfWidth{0};  ///< of the footprint along y before Place, in metres

    /// Turn by `heading` radians about the z axis, then move to (x, y).
    void Place(double heading, double x, double y);

    /// Distance from the centre to the footprint's edge in a direction (radians from the heading).
    double Reach(double direction) const;
};

/// Bodies of random size and colour, centred on the origin and heading along x.
Body MakeCar(RandomStream& random);
Body MakeBus(RandomStream& random);
Body MakePerson(RandomStream& random);
Body MakeTree(RandomStream& random);
Body MakeColumn(RandomStream& random); ///< an advertising column

} // namespace ddnn

#endif // DDNN_SYNTHETIC_BODIES_H
