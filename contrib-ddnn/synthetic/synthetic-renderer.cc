// SPDX-License-Identifier: GPL-2.0-only
#include "synthetic-scene.h"

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

/// Call `visit` with each corner of a body.
template <class Visitor>
void
ForEachCorner(const Body& body, Visitor visit)
{
    for (const Quad& quad : body.quads)
    {
        std::for_each(quad.corners.begin(), quad.corners.end(), visit);
    }
}

/// A pinhole camera turned towards a body, and the square of its image plane, at distance 1, that
/// is the crop.
class Crop
{
  public:
    /// The smallest square around the body, then grown and shifted as an imperfect tracker would.
    Crop(const Vec3& eye, const Body& body, const SyntheticSettings& settings, RandomStream& random)
        : m_eye(eye)
    {
        Eigen::AlignedBox3d space;
        ForEachCorner(body, [&](const Vec3& p) {
            space.extend(p);
        });
        m_forward = (space.center() - eye).normalized();
        m_right = m_forward.cross(Vec3::UnitZ()).normalized();
        m_up = m_right.cross(m_forward);
        Eigen::AlignedBox2d box;
        ForEachCorner(body, [&](const Vec3& p) {
            const Vec3 c = ToCamera(p);
            box.extend(Eigen::Vector2d(c.x() / c.z(), c.y() / c.z()));
        });
        m_extent = box.sizes().maxCoeff() * random.Uniform(1.05, 1.05 + settings.cropMargin);
        const double u = box.center().x() + m_extent * random.Uniform(-1, 1) * settings.cropError;
        const double v = box.center().y() + m_extent * random.Uniform(-1, 1) * settings.cropError;
        m_left = u - m_extent / 2;
        m_top = v + m_extent / 2;
    }

    /// The nearest facet wins each point.
    void Draw(const Quad& quad)
    {
        const std::array<Vec3, 4> corners = ToCamera(quad.corners);
        // The facet's plane is normal . p = offset with p = distance (u, v, 1), hence
        // 1 / distance = normal . (u, v, 1) / offset. The camera's axes are left-handed, so this
        // normal points into the body, and facets that face away have offset <= 0.
        const Vec3 normal = (corners[2] - corners[0]).cross(corners[3] - corners[1]);
        const double offset = normal.dot(corners[0]);
        if (offset <= 0)
        {
            return;
        }
        const Vec3 gradient = normal / offset;
        ForEachPoint(corners, [&](int point) {
            const double nearness =
                gradient.x() * U(point) + gradient.y() * V(point) + gradient.z();
            if (nearness > m_nearness[point])
            {
                m_nearness[point] = nearness;
                m_quad[point] = &quad;
            }
        });
    }

    /// The shadow of a sunlit facet on the ground; the others' lie within.
    void DrawShadow(const Quad& quad, const Vec3& sun)
    {
        std::array<Vec3, 4> corners = quad.corners;
        for (Vec3& p : corners)
        {
            p -= sun * (p.z() / sun.z());
        }
        ForEachPoint(ToCamera(corners), [&](int point) {
            m_isShadow[point] = true;
        });
    }

    Vec3 Colour(int point) const
    {
        const Vec3 ray = m_forward + U(point) * m_right + V(point) * m_up;
        return m_quad[point] ? m_quad[point]->colour
                             : BackgroundColour(m_eye, ray, m_isShadow[point]);
    }

  private:
    /// Coordinates along right, up and forward.
    Vec3 ToCamera(const Vec3& p) const
    {
        const Vec3 d = p - m_eye;
        return {d.dot(m_right), d.dot(m_up), d.dot(m_forward)};
    }

    std::array<Vec3, 4> ToCamera(const std::array<Vec3, 4>& p) const
    {
        return {ToCamera(p[0]), ToCamera(p[1]), ToCamera(p[2]), ToCamera(p[3])};
    }

    /// Where a point is in the image plane.
    double U(int point) const
    {
        return m_left + m_extent * (point % POINTS + 0.5) / POINTS;
    }

    double V(int point) const
    {
        return m_top - m_extent * (point / POINTS + 0.5) / POINTS;
    }

    /// Call `visit` for each point of the crop inside a convex polygon (camera axes).
    template <class Visitor>
    void ForEachPoint(const std::array<Vec3, 4>& corners, Visitor visit) const
    {
        std::array<double, 4> columns;
        std::array<double, 4> rows;
        for (int i = 0; i < 4; ++i)
        {
            if (corners[i].z() < NEAR_PLANE)
            {
                return;
            }
            const double scale = POINTS / m_extent;
            columns[i] = (corners[i].x() / corners[i].z() - m_left) * scale;
            rows[i] = (m_top - corners[i].y() / corners[i].z()) * scale;
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
                visit(row * POINTS + column);
            }
        }
    }

    Vec3 m_eye;
    Vec3 m_forward;
    Vec3 m_right;
    Vec3 m_up;
    double m_left;
    double m_top;
    double m_extent;
    std::array<double, POINTS * POINTS> m_nearness{};  ///< 1 / distance along forward
    std::array<const Quad*, POINTS * POINTS> m_quad{}; ///< null where it is background
    std::array<bool, POINTS * POINTS> m_isShadow{};    ///< of a body, on the ground
};

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
    Crop crop(camera.position, followed, settings, random);
    for (const Body& body : scene.bodies)
    {
        for (const Quad& quad : body.quads)
        {
            if (quad.isSunlit)
            {
                crop.DrawShadow(quad, scene.sun);
            }
            crop.Draw(quad);
        }
    }
    std::array<Vec3, PIXELS * PIXELS> sums; // over the points of each pixel
    for (int i = 0; i < PIXELS * PIXELS; ++i)
    {
        const int corner = i / PIXELS * 2 * POINTS + i % PIXELS * 2;
        sums[i] = crop.Colour(corner) + crop.Colour(corner + 1) + crop.Colour(corner + POINTS) +
                  crop.Colour(corner + POINTS + 1);
    }
    const Vec3 gain = scene.daylight * camera.gain;
    for (int channel = 0; channel < 3; ++channel)
    {
        for (const Vec3& sum : sums)
        {
            const double level =
                255 * gain[channel] * sum[channel] / 4 + settings.noise * random.Normal();
            *view++ = static_cast<uint8_t>(std::clamp(level + 0.5, 1.0, 255.0));
        }
    }
}

} // namespace ddnn
