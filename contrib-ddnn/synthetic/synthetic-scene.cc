// SPDX-License-Identifier: GPL-2.0-only
#include "synthetic-scene.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace ddnn
{

namespace
{

constexpr double GOLDEN_ANGLE = 2.39996322972865332; // spreads any number of points evenly

constexpr double CORNER_RADIUS = 8;    // metres around the origin, where labelled bodies are
constexpr double MAX_GAP = 4;          // metres between the labelled body and others
constexpr uint64_t CAMERA_SEED = 2017; // fixed: another seed is another day at the same corner

/// Share of the corner that a camera watches. Those of the first six are such that of the bodies
/// that at least three of them see, they see 52, 21, 86, 92, 73 and 90%: uneven as in the paper's
/// Fig. 6, yet about four views per body, so that the views can outvote one that misleads.
double
Visibility(int index, RandomStream& random)
{
    constexpr std::array<double, 6> FIRST_SIX{0.46, 0.19, 0.76, 0.90, 0.75, 0.82};
    const double further = random.Uniform(0.20, 0.70);
    return index < static_cast<int>(FIRST_SIX.size()) ? FIRST_SIX[index] : further;
}

/// The half field of view that covers a share of the corner: a quantile over points spread on it.
double
HalfFieldOfView(const StreetCamera& camera, double share)
{
    constexpr int NUM_POINTS = 400;
    std::array<double, NUM_POINTS> angles;
    for (int i = 0; i < NUM_POINTS; ++i)
    {
        const double radius = CORNER_RADIUS * std::sqrt((i + 0.5) / NUM_POINTS);
        const double angle = i * GOLDEN_ANGLE;
        angles[i] = camera.AngleOff(radius * std::cos(angle), radius * std::sin(angle));
    }
    std::sort(angles.begin(), angles.end());
    return angles[static_cast<int>(share * NUM_POINTS)];
}

/// 0 to twice the mean.
int
RandomCount(double mean, RandomStream& random)
{
    return static_cast<int>(random.Uniform(0, 2 * mean + 1));
}

/// Put a body beside the labelled one, which heads along `heading`, without touching it.
void
AddBeside(Scene& scene, Body body, double heading, RandomStream& random)
{
    const double direction = random.Uniform(0, 2 * PI);
    const double gap = random.Uniform(0.3, MAX_GAP);
    // Parallel to the labelled body, as traffic is: then the reaches along one line add up.
    const double distance =
        scene.bodies[0].Reach(direction - heading) + gap + body.Reach(direction - heading);
    body.Place(heading + (random.Happens(0.5) ? PI : 0),
               scene.x + distance * std::cos(direction),
               scene.y + distance * std::sin(direction));
    scene.bodies.push_back(std::move(body));
}

/// Lambert's law for the sun, plus light from the whole sky.
void
Light(Scene& scene, double sunlight)
{
    for (Body& body : scene.bodies)
    {
        for (Quad& quad : body.quads)
        {
            const auto& c = quad.corners;
            const Vec3 normal = (c[2] - c[0]).cross(c[3] - c[1]).normalized(); // points outwards
            const double sky = 0.9 + 0.2 * normal.z();
            const double sun = normal.dot(scene.sun);
            quad.isSunlit = sun > 0;
            quad.colour *= (1 - sunlight) * sky + 2 * sunlight * std::max(0.0, sun);
        }
    }
}

} // namespace

double
StreetCamera::AngleOff(double x, double y) const
{
    const double direction = std::atan2(y - position.y(), x - position.x());
    return std::abs(std::remainder(direction - bearing, 2 * PI));
}

bool
StreetCamera::Sees(double x, double y) const
{
    return AngleOff(x, y) <= halfFieldOfView;
}

StreetCamera
MakeStreetCamera(int index)
{
    RandomStream random(CAMERA_SEED, 0, index);
    StreetCamera camera;
    const double angle = index * GOLDEN_ANGLE;
    const double distance = random.Uniform(17, 28);
    const double height = random.Uniform(2.5, 8);
    camera.position = {distance * std::cos(angle), distance * std::sin(angle), height};
    camera.bearing = angle + PI + random.Uniform(-0.35, 0.35);
    for (double& gain : camera.gain)
    {
        gain = random.Uniform(0.9, 1.1);
    }
    camera.halfFieldOfView = HalfFieldOfView(camera, Visibility(index, random));
    return camera;
}

Scene
MakeScene(int label,
          const std::vector<StreetCamera>& cameras,
          const SyntheticSettings& settings,
          RandomStream& random)
{
    Scene scene;
    const auto isSeen = [&scene](const StreetCamera& c) {
        return c.Sees(scene.x, scene.y);
    };
    do
    {
        const double radius = CORNER_RADIUS * std::sqrt(random.Uniform());
        const double angle = random.Uniform(0, 2 * PI);
        scene.x = radius * std::cos(angle);
        scene.y = radius * std::sin(angle);
    } while (std::count_if(cameras.begin(), cameras.end(), isSeen) < settings.minViews);

    const double heading = random.Uniform(0, 2 * PI);
    scene.bodies.push_back(label == 0   ? MakeCar(random)
                           : label == 1 ? MakeBus(random)
                                        : MakePerson(random));
    scene.numTraffic = RandomCount(settings.traffic, random);
    for (int i = 0; i < scene.numTraffic; ++i)
    {
        Body body = random.Happens(0.6) ? MakePerson(random) : MakeCar(random);
        AddBeside(scene, std::move(body), heading, random);
    }
    for (int i = RandomCount(settings.obstacles, random); i > 0; --i)
    {
        Body body = random.Happens(0.5) ? MakeTree(random) : MakeColumn(random);
        AddBeside(scene, std::move(body), heading, random);
    }
    scene.bodies[0].Place(heading, scene.x, scene.y);

    const double azimuth = random.Uniform(0, 2 * PI);
    const double elevation = random.Uniform(0.5, 1.2);
    scene.sun = {std::cos(elevation) * std::cos(azimuth),
                 std::cos(elevation) * std::sin(azimuth),
                 std::sin(elevation)};
    scene.daylight = 1 - random.Uniform(0, settings.darkness);
    Light(scene, random.Uniform(0.2, 0.6));
    return scene;
}

} // namespace ddnn
