// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/inference/aggregation.h"

#include <gtest/gtest.h>

#include <numeric>

namespace ddnn
{
namespace
{

using Values = std::vector<std::vector<float>>;

struct Joined
{
    std::vector<float> values;
    int divisor;
};

/// Nodes without values are absent.
Contributions<float>
Of(const Values& nodes)
{
    Contributions<float> contributions;
    for (const auto& node : nodes)
    {
        contributions.push_back(node.empty() ? nullptr : node.data());
    }
    return contributions;
}

Joined
JoinAll(Aggregation aggregation, const Values& nodes, const std::vector<int>& sizes)
{
    Joined joined{std::vector<float>(JoinedSize(aggregation, sizes)), 0};
    joined.divisor = Join(aggregation, Of(nodes), sizes, joined.values.data());
    return joined;
}

TEST(Aggregation, SkipsAbsentNodes)
{
    const Values nodes = {{}, {1, -4}, {}, {-3, -2}};
    const std::vector<int> sizes(4, 2);
    EXPECT_EQ(JoinAll(Aggregation::MP, nodes, sizes).values, (std::vector<float>{1, -2}));
    const Joined sum = JoinAll(Aggregation::AP, nodes, sizes);
    EXPECT_EQ(sum.values, (std::vector<float>{-2, -6}));
    EXPECT_EQ(sum.divisor, 2);
}

TEST(Aggregation, ConcatenatesWithZerosForAbsentNodes)
{
    const Joined joined = JoinAll(Aggregation::CC, {{}, {1}, {2, 3}}, {2, 1, 2});
    EXPECT_EQ(joined.values, (std::vector<float>{0, 0, 1, 2, 3}));
    EXPECT_EQ(joined.divisor, 1);
}

/// All values are different, so that the maximum has a gradient.
TEST(Aggregation, GradientMatchesFiniteDifferences)
{
    const std::vector<int> sizes(3, 2);
    Values nodes = {{0.5F, -0.25F}, {}, {0.75F, -0.5F}};
    for (std::size_t i = 0; i < WORDS<Aggregation>.size(); ++i)
    {
        const auto aggregation = static_cast<Aggregation>(i);
        const Joined joined = JoinAll(aggregation, nodes, sizes);
        std::vector<float> direction(joined.values.size());
        std::iota(direction.begin(), direction.end(), 1.0F);
        Values gradients(3, std::vector<float>(2));
        Split(aggregation,
              Of(nodes),
              sizes,
              joined.values.data(),
              direction.data(),
              {gradients[0].data(), gradients[1].data(), gradients[2].data()});
        for (int node : {0, 2})
        {
            for (float& value : nodes[node])
            {
                constexpr float STEP = 1.0F / 16;
                value += STEP;
                const Joined above = JoinAll(aggregation, nodes, sizes);
                value -= STEP;
                float slope = 0;
                for (std::size_t j = 0; j < direction.size(); ++j)
                {
                    slope += direction[j] * (above.values[j] - joined.values[j]) / STEP;
                }
                EXPECT_EQ(gradients[node][&value - nodes[node].data()], slope)
                    << ToString(aggregation);
            }
        }
        EXPECT_EQ(gradients[1], std::vector<float>(2)) << "absent";
    }
}

TEST(Aggregation, NodesShareTheGradientOfAMaximum)
{
    const Values nodes = {{1}, {-1}, {1}};
    const std::vector<int> sizes(3, 1);
    const float maximum = 1;
    const float gradient = 6;
    Values gradients(3, std::vector<float>(1));
    Split(Aggregation::MP,
          Of(nodes),
          sizes,
          &maximum,
          &gradient,
          {gradients[0].data(), gradients[1].data(), gradients[2].data()});
    EXPECT_EQ(gradients, (Values{{3}, {0}, {3}}));
}

} // namespace
} // namespace ddnn
