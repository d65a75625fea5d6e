// SPDX-License-Identifier: GPL-2.0-only
#include "synthetic-scene.h"

#include <algorithm>
#include <cmath>

namespace ddnn
{

namespace
{

constexpr double HOUSE_FRONT = 45;   // metres from the origin, on all four sides
constexpr double SHADOW_LIGHT = 0.5; // of what the ground has in the sun

/// Remainder of a division that is never negative.
double
Modulo(double value, double divisor)
{
    return value - divisor * std::floor(value / divisor);
}

/// Asphalt with lane marks where two roads cross, paving elsewhere.
Vec3
GroundColour(double x, double y)
{
    constexpr double ROAD = 6; // half its width, metres
    constexpr double KERB = 0.3;
    const double across = std::min(std::abs(x), std::abs(y));
    const double along = std::max(std::abs(x), std::abs(y));
    if (across < ROAD)
    {
        const bool isMark = across < 0.12 && along > ROAD && Modulo(along, 4) < 2;
        return isMark ? Vec3(0.9, 0.9, 0.88) : Vec3(0.45, 0.45, 0.47);
    }
    if (across < ROAD + KERB)
    {
        return {0.8, 0.8, 0.78};
    }
    const bool isJoint = Modulo(x, 1.5) < 0.1 || Modulo(y, 1.5) < 0.1;
    return isJoint ? Vec3(0.56, 0.54, 0.50) : Vec3(0.68, 0.65, 0.60);
}

/// Houses of different heights and paints in a row, with windows; `sky` above them.
Vec3
HouseColour(double along, double height, int side, const Vec3& sky)
{
    constexpr double WIDTH = 9; // metres
    const double house = std::floor(along / WIDTH) + 31 * side;
    const double tone = Modulo(house * 0.618034, 1);
    if (height > 7 + 7 * Modulo(house * 0.754878, 1))
    {
        return sky;
    }
    const bool isWindow = Modulo(along, 3) > 1.6 && Modulo(height, 3.2) > 1.5;
    return isWindow ? Vec3(0.25, 0.30, 0.38) : Vec3(0.75 - 0.25 * tone, 0.58, 0.42 + 0.25 * tone);
}

} // namespace

Vec3
BackgroundColour(const Vec3& eye, const Vec3& ray, bool isShadow)
{
    const double alongX = (std::copysign(HOUSE_FRONT, ray.x()) - eye.x()) / ray.x();
    const double alongY = (std::copysign(HOUSE_FRONT, ray.y()) - eye.y()) / ray.y();
    const double toHouse = std::min(alongX, alongY);
    if (ray.z() < 0 && -eye.z() / ray.z() < toHouse)
    {
        const Vec3 p = eye - ray * (eye.z() / ray.z());
        return (isShadow ? SHADOW_LIGHT : 1) * GroundColour(p.x(), p.y());
    }
    const Vec3 p = eye + ray * toHouse;
    const Vec3 sky(0.62 - 0.3 * ray.z(), 0.76 - 0.2 * ray.z(), 0.95);
    const bool isAcross = alongX < alongY;
    const int side = (isAcross ? 0 : 1) + (isAcross ? ray.x() > 0 : ray.y() > 0 ? 2 : 0);
    return HouseColour(isAcross ? p.y() : p.x(), p.z(), side, sky);
}

} // namespace ddnn
