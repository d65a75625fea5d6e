// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/mean-interval.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace ddnn
{
namespace
{

// By hand: mean 4, squares 4 + 0 + 4 = 8, s = 2, and the table's t(0.975; 2) = 4.302653.
TEST(MeanInterval, AgreesWithAComputationByHand)
{
    const MeanInterval interval = ComputeMeanInterval({2, 4, 6});
    EXPECT_EQ(interval.count, 3U);
    EXPECT_DOUBLE_EQ(interval.mean, 4);
    EXPECT_NEAR(interval.high - 4, 4.302653 * 2 / std::sqrt(3), 1e-5);
    EXPECT_NEAR(4 - interval.low, 4.302653 * 2 / std::sqrt(3), 1e-5);
}

// One degree of freedom is the Cauchy distribution, whose quantile is tan(pi (p - 1/2)).
TEST(MeanInterval, TwoValuesAreCauchy)
{
    const double pi = std::acos(-1);
    const MeanInterval interval = ComputeMeanInterval({10, 12}, 0.8);
    EXPECT_NEAR(interval.high, 11 + std::tan(0.4 * pi), 1e-9);
}

TEST(MeanInterval, FewerThanTwoValuesHaveNone)
{
    const MeanInterval one = ComputeMeanInterval({7});
    EXPECT_EQ(one.count, 1U);
    EXPECT_EQ(one.mean, 7);
    EXPECT_TRUE(std::isnan(one.low) && std::isnan(one.high));
    EXPECT_EQ(ComputeMeanInterval({}).count, 0U);
    EXPECT_TRUE(std::isnan(ComputeMeanInterval({}).mean));
}

TEST(MeanInterval, HoldsTheTrueMeanAsOftenAsItSays)
{
    std::mt19937 generator(1);
    std::normal_distribution<double> normal(5, 3);
    constexpr int REPETITIONS = 4000;
    int held = 0;
    for (int i = 0; i < REPETITIONS; ++i)
    {
        std::vector<double> values(10);
        for (double& value : values)
        {
            value = normal(generator);
        }
        const MeanInterval interval = ComputeMeanInterval(values);
        held += interval.low <= 5 && 5 <= interval.high;
    }
    // standard error sqrt(0.95 * 0.05 / 4000) = 0.0034
    EXPECT_NEAR(static_cast<double>(held) / REPETITIONS, 0.95, 0.015);
}

} // namespace
} // namespace ddnn
