// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/training/adam.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ddnn
{
namespace
{

/// The textbook's recurrence for one scalar, in doubles.
struct ScalarAdam
{
    double value;
    double m{0};
    double v{0};
    int t{0};

    void Step(double gradient, double rate)
    {
        ++t;
        m = 0.9 * m + 0.1 * gradient;
        v = 0.999 * v + 0.001 * gradient * gradient;
        const double mHat = m / (1 - std::pow(0.9, t));
        const double vHat = v / (1 - std::pow(0.999, t));
        value = std::clamp(value - rate * mHat / (std::sqrt(vHat) + 1e-8), -1.0, 1.0);
    }
};

/// Two tensors: an implementation that advances time once per tensor fails from the first step on.
TEST(Adam, MatchesTheScalarRecurrenceOnTwoTensors)
{
    std::vector<float> values[] = {{0.5F, -0.2F}, {0.99F}};
    std::vector<float> gradients[] = {{0, 0}, {0}};
    std::vector<float> statistics = {0.7F};
    std::vector<float> noGradient = {5};
    const std::vector<Parameter> parameters = {{"a", {2}, &values[0], ParameterKind::TRAINED},
                                               {"s", {1}, &statistics, ParameterKind::STATISTICS},
                                               {"b", {1}, &values[1], ParameterKind::TRAINED}};
    const std::vector<Parameter> slopes = {{"a", {2}, &gradients[0], ParameterKind::TRAINED},
                                           {"s", {1}, &noGradient, ParameterKind::STATISTICS},
                                           {"b", {1}, &gradients[1], ParameterKind::TRAINED}};
    ScalarAdam expected[] = {{0.5}, {-0.2}, {0.99}};
    Adam adam;
    for (int step = 0; step < 50; ++step)
    {
        const double g[] = {std::sin(step), 1e-3 * step, -1};
        gradients[0] = {static_cast<float>(g[0]), static_cast<float>(g[1])};
        gradients[1] = {static_cast<float>(g[2])};
        const double rate = 0.01 / (1 + step);
        adam.Step(parameters, slopes, rate);
        for (int i = 0; i < 3; ++i)
        {
            expected[i].Step(g[i], rate);
        }
        EXPECT_NEAR(values[0][0], expected[0].value, 1e-5);
        EXPECT_NEAR(values[0][1], expected[1].value, 1e-5);
        EXPECT_NEAR(values[1][0], expected[2].value, 1e-5);
    }
    EXPECT_EQ(values[1][0], 1) << "not clipped";
    EXPECT_EQ(statistics[0], 0.7F) << "statistics are not trained";
}

} // namespace
} // namespace ddnn
