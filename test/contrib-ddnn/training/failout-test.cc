// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/training/failout.h"

#include "test/support/random-network.h"

#include <gtest/gtest.h>

namespace ddnn
{
namespace
{

/// Five devices, three edges over two, two and one of them, and the cloud.
Hierarchy
ThreeEdges()
{
    Hierarchy hierarchy;
    hierarchy.tiers.resize(3);
    hierarchy.tiers[0].name = "device";
    hierarchy.tiers[0].numNodes = 5;
    hierarchy.tiers[0].parents = {0, 0, 1, 1, 2};
    hierarchy.tiers[1].name = "edge";
    hierarchy.tiers[1].numNodes = 3;
    hierarchy.tiers[1].parents = {0, 0, 0};
    hierarchy.tiers[2].name = "cloud";
    for (Tier& tier : hierarchy.tiers)
    {
        tier.blocks = {BlockSpec{}};
    }
    Validate(hierarchy);
    return hierarchy;
}

JointInput
Drop(double devices, double edges, int samples)
{
    JointInput input;
    input.labels.assign(samples, 0);
    std::mt19937_64 generator(1);
    DropNodes(ThreeEdges(), devices, edges, generator, input);
    return input;
}

double
Share(const std::vector<uint8_t>& mask)
{
    return static_cast<double>(std::count(mask.begin(), mask.end(), 1)) / mask.size();
}

TEST(Failout, DropsWithTheProbabilityAskedFor)
{
    const JointInput input = Drop(0.2, 0.1, 20000);
    EXPECT_NEAR(Share(input.present[0]), 0.8, 0.01); // all five are dropped in 0.03% of the samples
    EXPECT_NEAR(Share(input.present[1]), 0.9, 0.01);
    EXPECT_TRUE(input.present[2].empty());
}

TEST(Failout, LeavesOneOfEachTier)
{
    constexpr int SAMPLES = 5000;
    const Hierarchy hierarchy = ThreeEdges();
    const JointInput input = Drop(0.8, 0.8, SAMPLES);
    int alone = 0;
    for (int i = 0; i < SAMPLES; ++i)
    {
        int devices = 0;
        int edges = 0;
        for (int edge = 0; edge < 3; ++edge)
        {
            int children = 0;
            for (int device : Children(hierarchy, 1, edge))
            {
                children += input.present[0][i * 5 + device];
            }
            devices += children;
            edges += children > 0 && input.present[1][i * 3 + edge];
        }
        ASSERT_GE(devices, 1);
        ASSERT_GE(edges, 1);
        alone += devices == 1;
    }
    EXPECT_GT(alone, SAMPLES / 2);
}

TEST(Failout, DrawsNothingForAProbabilityOfZero)
{
    std::mt19937_64 generator(1);
    const std::mt19937_64 before = generator;
    JointInput input;
    input.labels.assign(10, 0);
    DropNodes(ThreeEdges(), 0, 0, generator, input);
    EXPECT_EQ(generator, before);
    for (const auto& mask : input.present)
    {
        EXPECT_TRUE(mask.empty());
    }
    DropNodes(ThreeEdges(), 0, 0.5, generator, input);
    EXPECT_TRUE(input.present[0].empty());
    EXPECT_EQ(input.present[1].size(), 30U);
}

} // namespace
} // namespace ddnn
