// SPDX-License-Identifier: GPL-2.0-only
#include "synthetic-renderer.h"

#include "synthetic-background.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace ddnn
{

namespace
{

constexpr int PIXELS = 32;         // rows and columns of a view
constexpr int POINTS = 2 * PIXELS; // rows and columns of the points that are looked at
constexpr double NEAR_PLANE = 0.5; // metres; what is nearer to the camera is left out

/// A pinhole camera turned towards the crop's middle; its image plane is at distance 1.
struct Pinhole
{
    Vec3 eye;
    Vec3 right;
    Vec3 up;
    Vec3 forward;

    Pinhole(const Vec3& from, const Vec3& to)
        : eye(from)
        , forward((to - from).normalized())
    {
        right = forward.cross(Vec3::UnitZ()).normalized();
        up = right.cross(forward);
    }

    /// Coordinates along right, up and forward.
    Vec3 ToCamera(const Vec3& p) const
    {
        const Vec3 d = p - eye;
        return {d.dot(right), d.dot(up), d.dot(forward)};
    }
};

/// A square of the image plane.
struct Window
{
    double left;
    double top;
    double extent;

    double U(double column) const
    {
        return left + extent * column / POINTS;
    }

    double V(double row) const
    {
        return top - extent * row / POINTS;
    }
};

/// What the points of a window show.
struct Canvas
{
    std::array<double, POINTS * POINTS> nearness{};  ///< 1 / distance along forward
    std::array<const Quad*, POINTS * POINTS> quad{}; ///< null where it is background
    std::array<bool, POINTS * POINTS> shadow{};      ///< of a body, on the ground
};

Vec3
Middle(const Body& body)
{
    Eigen::AlignedBox3d box;
    for (const Quad& quad : body.quads)
    {
        for (const Vec3& p : quad.corners)
        {
            box.extend(p);
        }
    }
    return box.center();
}

/// The smallest square around a body, then grown and shifted as an imperfect tracker would.
Window
FrameBody(const Body& body,
          const Pinhole& pinhole,
          const SyntheticSettings& settings,
          RandomStream& random)
{
    Eigen::AlignedBox2d box;
    for (const Quad& quad : body.quads)
    {
        for (const Vec3& p : quad.corners)
        {
            const Vec3 c = pinhole.ToCamera(p);
            box.extend(Eigen::Vector2d(c.x() / c.z(), c.y() / c.z()));
        }
    }
    const double extent = box.sizes().maxCoeff() * random.Uniform(1.05, 1.05 + settings.cropMargin);
    const double u = box.center().x() + extent * random.Uniform(-1, 1) * settings.cropError;
    const double v = box.center().y() + extent * random.Uniform(-1, 1) * settings.cropError;
    return {u - extent / 2, v + extent / 2, extent};
}

/// Call `visit(point, u, v)` for each point of the window inside a convex polygon (camera axes).
template <class Visitor>
void
ForEachPoint(const std::array<Vec3, 4>& corners, const Window& window, Visitor visit)
{
    std::array<double, 4> columns;
    std::array<double, 4> rows;
    for (int i = 0; i < 4; ++i)
    {
        if (corners[i].z() < NEAR_PLANE)
        {
            return;
        }
        const double scale = POINTS / window.extent;
        columns[i] = (corners[i].x() / corners[i].z() - window.left) * scale;
        rows[i] = (window.top - corners[i].y() / corners[i].z()) * scale;
    }
    const auto [top, bottom] = std::minmax_element(rows.begin(), rows.end());
    const auto first = [](double edge) {
        return static_cast<int>(std::ceil(std::clamp(edge, 0.0, double{POINTS}) - 0.5));
    };
    for (int row = first(*top); row < first(*bottom); ++row)
    {
        double low = POINTS;
        double high = 0;
        for (int i = 0; i < 4; ++i)
        {
            const int next = (i + 1) % 4;
            if ((rows[i] <= row + 0.5) != (rows[next] <= row + 0.5))
            {
                const double part = (row + 0.5 - rows[i]) / (rows[next] - rows[i]);
                const double column = columns[i] + part * (columns[next] - columns[i]);
                low = std::min(low, column);
                high = std::max(high, column);
            }
        }
        for (int column = first(low); column < first(high); ++column)
        {
            visit(row * POINTS + column, window.U(column + 0.5), window.V(row + 0.5));
        }
    }
}

std::array<Vec3, 4>
ToCamera(const std::array<Vec3, 4>& corners, const Pinhole& pinhole)
{
    std::array<Vec3, 4> result;
    for (int i = 0; i < 4; ++i)
    {
        result[i] = pinhole.ToCamera(corners[i]);
    }
    return result;
}

/// The nearest facet wins each point.
void
DrawQuad(Canvas& canvas, const Quad& quad, const Pinhole& pinhole, const Window& window)
{
    const std::array<Vec3, 4> corners = ToCamera(quad.corners, pinhole);
    // The facet's plane is normal . p = offset with p = distance (u, v, 1), hence
    // 1 / distance = normal . (u, v, 1) / offset. The camera's axes are left-handed, so this normal
    // points into the body, and facets that face away have offset <= 0.
    const Vec3 normal = (corners[2] - corners[0]).cross(corners[3] - corners[1]);
    const double offset = normal.dot(corners[0]);
    if (offset <= 0)
    {
        return;
    }
    const Vec3 gradient = normal / offset;
    ForEachPoint(corners, window, [&](int point, double u, double v) {
        const double nearness = gradient.x() * u + gradient.y() * v + gradient.z();
        if (nearness > canvas.nearness[point])
        {
            canvas.nearness[point] = nearness;
            canvas.quad[point] = &quad;
        }
    });
}

/// The shadow of a sunlit facet on the ground; the others' lie within.
void
DrawShadow(Canvas& canvas,
           const Quad& quad,
           const Vec3& sun,
           const Pinhole& pinhole,
           const Window& window)
{
    std::array<Vec3, 4> corners = quad.corners;
    for (Vec3& p : corners)
    {
        p -= sun * (p.z() / sun.z());
    }
    ForEachPoint(ToCamera(corners, pinhole), window, [&](int point, double, double) {
        canvas.shadow[point] = true;
    });
}

/// Average the points of each pixel, add the sensor's gain and noise, and quantise.
void
Develop(const std::vector<Vec3>& colours,
        const Vec3& gain,
        double noise,
        RandomStream& random,
        uint8_t* view)
{
    for (int channel = 0; channel < 3; ++channel)
    {
        for (int i = 0; i < PIXELS * PIXELS; ++i)
        {
            const int corner = i / PIXELS * 2 * POINTS + i % PIXELS * 2;
            const double sum = colours[corner][channel] + colours[corner + 1][channel] +
                               colours[corner + POINTS][channel] +
                               colours[corner + POINTS + 1][channel];
            const double level = 255 * gain[channel] * sum / 4 + noise * random.Normal();
            *view++ = static_cast<uint8_t>(std::clamp(level + 0.5, 1.0, 255.0));
        }
    }
}

} // namespace

void
RenderView(const Scene& scene,
           const StreetCamera& camera,
           const SyntheticSettings& settings,
           RandomStream& random,
           uint8_t* view)
{
    const bool isMistaken = random.Happens(settings.mistrack) && scene.numTraffic > 0;
    const Body& followed = scene.bodies[isMistaken ? 1 + random.Below(scene.numTraffic) : 0];
    const Pinhole pinhole(camera.position, Middle(followed));
    const Window window = FrameBody(followed, pinhole, settings, random);

    Canvas canvas;
    for (const Body& body : scene.bodies)
    {
        for (const Quad& quad : body.quads)
        {
            if (quad.isSunlit)
            {
                DrawShadow(canvas, quad, scene.sun, pinhole, window);
            }
            DrawQuad(canvas, quad, pinhole, window);
        }
    }
    std::vector<Vec3> colours(POINTS * POINTS);
    for (int i = 0; i < POINTS * POINTS; ++i)
    {
        const double u = window.U(i % POINTS + 0.5);
        const double v = window.V(i / POINTS + 0.5);
        const Vec3 ray = pinhole.forward + u * pinhole.right + v * pinhole.up;
        colours[i] = canvas.quad[i] ? canvas.quad[i]->colour
                                    : BackgroundColour(pinhole.eye, ray, canvas.shadow[i]);
    }
    Develop(colours, scene.daylight * camera.gain, settings.noise, random, view);
}

} // namespace ddnn
