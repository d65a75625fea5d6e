// SPDX-License-Identifier: GPL-2.0-only
#include "synthetic-scene.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

namespace ddnn
{

namespace
{

const Vec3 GLASS(0.20, 0.26, 0.34);
const Vec3 RUBBER(0.05, 0.05, 0.05);
const Vec3 METAL(0.7, 0.7, 0.72);

/// A box whose top may be smaller than its bottom.
struct Box
{
    Vec3 base; ///< centre of its bottom
    std::array<double, 2> bottom;
    std::array<double, 2> top;
    double height;
    Vec3 sides; ///< colour of its two long sides
    Vec3 ends;  ///< colour of its front and rear
    Vec3 roof;  ///< colour of its top
};

void
AddBox(Body& body, const Box& box)
{
    constexpr std::array<double, 4> SIGN_X{-0.5, 0.5, 0.5, -0.5};
    constexpr std::array<double, 4> SIGN_Y{-0.5, -0.5, 0.5, 0.5};
    std::array<Vec3, 4> low;
    std::array<Vec3, 4> high;
    for (int i = 0; i < 4; ++i)
    {
        low[i] = box.base + Vec3(SIGN_X[i] * box.bottom[0], SIGN_Y[i] * box.bottom[1], 0);
        high[i] = box.base + Vec3(SIGN_X[i] * box.top[0], SIGN_Y[i] * box.top[1], box.height);
    }
    for (int i = 0; i < 4; ++i)
    {
        const int next = (i + 1) % 4;
        const Vec3& colour = i % 2 == 0 ? box.sides : box.ends;
        body.quads.push_back({{low[i], low[next], high[next], high[i]}, colour});
    }
    body.quads.push_back({high, box.roof});
}

/// A box of one colour.
void
AddBox(Body& body, const Vec3& centre, const Vec3& extent, const Vec3& colour)
{
    const Vec3 base = centre - Vec3(0, 0, extent.z() / 2);
    const std::array<double, 2> area{extent.x(), extent.y()};
    AddBox(body, {base, area, area, extent.z(), colour, colour, colour});
}

/// An octagonal tube whose radius changes evenly from one end to the other; without end caps.
void
AddTube(Body& body,
        const Vec3& from,
        const Vec3& to,
        double radiusFrom,
        double radiusTo,
        const Vec3& colour)
{
    constexpr int SIDES = 8;
    constexpr double H = 0.70710678118654752; // cos and sin of 45 degrees
    constexpr std::array<double, SIDES> COS{1, H, 0, -H, -1, -H, 0, H};
    constexpr std::array<double, SIDES> SIN{0, H, 1, H, 0, -H, -1, -H};
    const Vec3 axis = (to - from).normalized();
    const Vec3 other = std::abs(axis.z()) < 0.9 ? Vec3::UnitZ() : Vec3::UnitX();
    const Vec3 u = axis.cross(other).normalized();
    const Vec3 v = axis.cross(u);
    for (int i = 0; i < SIDES; ++i)
    {
        const int next = (i + 1) % SIDES;
        const Vec3 here = COS[i] * u + SIN[i] * v;
        const Vec3 there = COS[next] * u + SIN[next] * v;
        const Vec3 a = from + radiusFrom * here;
        const Vec3 b = from + radiusFrom * there;
        body.quads.push_back({{a, b, to + radiusTo * there, to + radiusTo * here}, colour});
    }
}

/// A ball of four rings, the upper two of which may have another colour.
void
AddBall(Body& body, const Vec3& centre, double radius, const Vec3& lower, const Vec3& upper)
{
    constexpr double H = 0.70710678118654752;
    constexpr std::array<double, 5> HEIGHT{-1, -H, 0, H, 1};
    constexpr std::array<double, 5> WIDTH{0, H, 1, H, 0};
    for (int i = 0; i < 4; ++i)
    {
        AddTube(body,
                centre + Vec3(0, 0, radius * HEIGHT[i]),
                centre + Vec3(0, 0, radius * HEIGHT[i + 1]),
                radius * WIDTH[i],
                radius * WIDTH[i + 1],
                i < 2 ? lower : upper);
    }
}

/// A wheel on each side, seen from outside as a flat cone with a hub cap.
void
AddWheels(Body& body, double x, double width, double radius)
{
    for (const double side : {-0.5, 0.5})
    {
        const Vec3 axle(x, side * width, radius);
        const Vec3 outward(0, 2 * side, 0);
        AddTube(body, axle + 0.05 * outward, axle, 0, radius, RUBBER);
        AddTube(body, axle + 0.07 * outward, axle + 0.03 * outward, 0, 0.55 * radius, METAL);
    }
}

/// Lamps left and right at one end of a vehicle.
void
AddLamps(Body& body, double x, double y, double z, double size, const Vec3& colour)
{
    for (const double side : {-1.0, 1.0})
    {
        AddBox(body, {x, side * y, z}, {0.06, size, 0.6 * size}, colour);
    }
}

/// Red, green and blue of a colour circle: hue, saturation and value all 0 to 1.
Vec3
Colour(double hue, double saturation, double value)
{
    Vec3 colour;
    for (int i = 0; i < 3; ++i)
    {
        const double phase = std::abs(std::fmod(hue + (3 - i) / 3.0, 1.0) * 6 - 3) - 1;
        const double full = std::clamp(phase, 0.0, 1.0);
        colour[i] = value * (1 - saturation + saturation * full);
    }
    return colour;
}

/// Cars, buses and clothes come in the same paints, so that colour alone tells no class.
Vec3
RandomPaint(RandomStream& random)
{
    const double hue = random.Uniform();
    const double saturation = random.Happens(0.4) ? 0.05 : random.Uniform(0.4, 0.85);
    return Colour(hue, saturation, random.Uniform(0.3, 0.95));
}

} // namespace

void
Body::Place(double heading, double x, double y)
{
    const double c = std::cos(heading);
    const double s = std::sin(heading);
    for (Quad& quad : quads)
    {
        for (Vec3& p : quad.corners)
        {
            p = Vec3(x + c * p.x() - s * p.y(), y + s * p.x() + c * p.y(), p.z());
        }
    }
}

double
Body::Reach(double direction) const
{
    constexpr double TINY = 1e-9;
    return std::min(halfLength / std::max(std::abs(std::cos(direction)), TINY),
                    halfWidth / std::max(std::abs(std::sin(direction)), TINY));
}

Body
MakeCar(RandomStream& random)
{
    const double length = random.Uniform(3.8, 4.7);
    const double width = random.Uniform(1.7, 1.85);
    const double height = random.Uniform(1.4, 1.6);
    const Vec3 paint = RandomPaint(random);
    constexpr double SILL = 0.25;
    const double bonnet = 0.57 * height;
    const std::array<double, 2> area{length, width};
    const std::array<double, 2> waist{0.96 * length, 0.96 * width};
    const std::array<double, 2> cabin{0.60 * length, 0.92 * width};
    const std::array<double, 2> roof{0.38 * length, 0.74 * width};
    const Vec3 middle(-0.06 * length, 0, bonnet);
    Body body{length / 2, width / 2};
    AddBox(body, {{0, 0, SILL}, area, waist, bonnet - SILL, paint, paint, paint});
    AddBox(body, {middle, cabin, roof, height - bonnet, GLASS, GLASS, paint});
    AddBox(body, {0, 0, SILL - 0.03}, {0.97 * length, 0.9 * width, 0.1}, RUBBER);
    AddWheels(body, 0.31 * length, width, 0.36);
    AddWheels(body, -0.31 * length, width, 0.36);
    AddLamps(body, 0.49 * length, 0.36 * width, 0.64, 0.36, {1.0, 0.97, 0.8});
    AddLamps(body, -0.49 * length, 0.38 * width, 0.66, 0.30, {0.8, 0.05, 0.05});
    return body;
}

Body
MakeBus(RandomStream& random)
{
    const double length = random.Uniform(8.5, 11.5);
    const double height = random.Uniform(2.9, 3.2);
    constexpr double WIDTH = 2.5;
    constexpr double SILL = 0.35;
    const Vec3 paint = RandomPaint(random);
    Body body{length / 2, WIDTH / 2};
    AddBox(body, {0, 0, (height + SILL) / 2}, {length, WIDTH, height - SILL}, paint);
    AddBox(body, {0, 0, height}, {0.9 * length, 0.8 * WIDTH, 0.16}, {0.85, 0.85, 0.85});
    AddBox(body, {0, 0, 1.95}, {0.95 * length, WIDTH + 0.04, 1.0}, GLASS);
    const int numPillars = static_cast<int>(length / 1.6);
    for (int i = 1; i < numPillars; ++i)
    {
        const double x = 0.95 * length * (static_cast<double>(i) / numPillars - 0.5);
        AddBox(body, {x, 0, 1.95}, {0.16, WIDTH + 0.08, 1.02}, paint);
    }
    AddBox(body, {length / 2, 0, 1.75}, {0.06, 0.88 * WIDTH, 1.3}, GLASS);
    AddBox(body, {length / 2, 0, 2.68}, {0.06, 0.6 * WIDTH, 0.3}, {1.0, 0.75, 0.1});
    AddBox(body, {-length / 2, 0, 2.0}, {0.06, 0.8 * WIDTH, 0.8}, GLASS);
    AddWheels(body, 0.29 * length, WIDTH, 0.5);
    AddWheels(body, -0.27 * length, WIDTH, 0.5);
    AddLamps(body, length / 2, 0.38 * WIDTH, 0.75, 0.4, {1.0, 0.97, 0.8});
    AddLamps(body, -length / 2, 0.40 * WIDTH, 0.9, 0.35, {0.8, 0.05, 0.05});
    return body;
}

Body
MakePerson(RandomStream& random)
{
    const double height = random.Uniform(1.55, 1.92);
    const double stride = random.Uniform(-0.3, 0.3);
    const Vec3 coat = RandomPaint(random);
    const Vec3 trousers = 0.6 * RandomPaint(random);
    const double pallor = random.Uniform(0.35, 0.95);
    const Vec3 skin = Colour(0.07, 0.65 - 0.35 * pallor, pallor);
    const Vec3 hair = Colour(0.08, 0.5, random.Uniform(0.08, 0.6));
    const double hip = 0.50 * height;
    const double shoulder = 0.83 * height;
    Body body{0.3, 0.3};
    for (const double side : {-1.0, 1.0})
    {
        const double foot = side * stride;
        AddTube(body, {foot, side * 0.10, 0.02}, {0, side * 0.09, hip}, 0.07, 0.11, trousers);
        AddBox(body,
               {foot + 0.06, side * 0.10, 0.025 * height},
               {0.28, 0.11, 0.05 * height},
               RUBBER);
        const Vec3 hand(-foot, side * 0.30, 0.47 * height);
        AddTube(body, hand, {0, side * 0.24, shoulder - 0.03}, 0.05, 0.07, coat);
        AddBall(body, hand, 0.06, skin, skin);
    }
    AddTube(body, {0, 0, hip - 0.08}, {0, 0, shoulder - 0.05}, 0.19, 0.22, coat);
    AddTube(body, {0, 0, shoulder - 0.05}, {0, 0, shoulder + 0.04}, 0.22, 0.06, coat);
    AddBall(body, {0, 0, height - 0.13}, 0.13, skin, hair);
    return body;
}

Body
MakeTree(RandomStream& random)
{
    const double trunk = random.Uniform(2.0, 2.8);
    const Vec3 leaves = Colour(0.28, 0.6, random.Uniform(0.25, 0.6));
    Body body{0.3, 0.3};
    AddTube(body, {0, 0, 0}, {0, 0, trunk}, 0.16, 0.12, {0.33, 0.24, 0.16});
    AddBall(body, {0, 0, trunk + 0.9}, 1.2, 0.8 * leaves, leaves);
    return body;
}

Body
MakeColumn(RandomStream& random)
{
    const double height = random.Uniform(2.2, 2.8);
    Body body{0.6, 0.6};
    AddTube(body, {0, 0, 0}, {0, 0, 0.4}, 0.55, 0.55, {0.35, 0.35, 0.35});
    AddTube(body, {0, 0, 0.4}, {0, 0, height}, 0.5, 0.5, RandomPaint(random));
    AddTube(body, {0, 0, height}, {0, 0, height + 0.3}, 0.6, 0.05, {0.2, 0.35, 0.25});
    return body;
}

} // namespace ddnn
