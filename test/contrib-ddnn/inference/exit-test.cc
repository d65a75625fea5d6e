// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/exit-criterion.h"
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/inference/exit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace ddnn
{
namespace
{

TEST(Exit, ScoresThatOverflowAreUndecided)
{
    const float infinity = std::numeric_limits<float>::infinity();
    for (const ExitCriterion& criterion : ExitCriteria())
    {
        const Verdict verdict = MakeVerdict({infinity, infinity, infinity}, criterion.name);
        EXPECT_EQ(verdict.uncertainty, 1) << criterion.name;
    }
}

TEST(Exit, SoftmaxOfLargeScoresIsFinite)
{
    const auto p = Softmax({1000, 1000 + std::log(3.0F), -1e30F});
    EXPECT_NEAR(p[0], 0.25, 1e-4);
    EXPECT_NEAR(p[1], 0.75, 1e-4);
    EXPECT_EQ(p[2], 0);
}

TEST(Exit, VerdictIsTheFirstHighestScore)
{
    const Verdict verdict = MakeVerdict({0, 2, 2});
    EXPECT_EQ(verdict.label, 1);
    EXPECT_GT(verdict.uncertainty, 0);
    EXPECT_LT(verdict.uncertainty, 1);
}

Network
NetworkWith(Aggregation aggregation)
{
    PresetSettings settings;
    settings.numDevices = 3;
    settings.numClasses = 2;
    settings.local = aggregation;
    return Network(MakePreset('c', settings));
}

TEST(Exit, MaximumAndAverageSkipAbsentNodes)
{
    const std::vector<Scores> scores = {{1, -4}, {}, {-3, -2}};
    EXPECT_EQ(JoinScores(NetworkWith(Aggregation::MP), 0, scores), (Scores{1, -2}));
    EXPECT_EQ(JoinScores(NetworkWith(Aggregation::AP), 0, scores), (Scores{-1, -3}));
}

TEST(Exit, ConcatenationCountsAbsentNodesAsZero)
{
    Network network = NetworkWith(Aggregation::CC);
    Block& layer = *network.aggregators[0];
    ASSERT_EQ(layer.input.Size(), 6);
    layer.weight = {0.1F, -0.1F, 1, 1, -1, 0, /**/ -1, 1, 1, 1, 1, -1};
    layer.bn.mean = {1, 0};
    layer.bn.variance = {4 - BatchNorm::EPSILON, 1 - BatchNorm::EPSILON};
    layer.bn.gamma = {2, 1};
    layer.bn.beta = {0, 0.5F};
    const Scores joined = JoinScores(network, 0, {{1, -4}, {}, {-3, -2}});
    EXPECT_FLOAT_EQ(joined[0], 2 * (1 + 4 + 3 - 2 - 1) / 2.0F);
    EXPECT_FLOAT_EQ(joined[1], -1 - 4 - 3 + 2 + 0.5F);
}

TEST(Exit, RefusesNoNodeAndWrongSizes)
{
    const Network network = NetworkWith(Aggregation::MP);
    EXPECT_THROW(JoinScores(network, 0, {{}, {}, {}}), std::invalid_argument);
    EXPECT_THROW(JoinScores(network, 0, {{1, 2}, {1, 2}}), std::invalid_argument);
    EXPECT_THROW(JoinScores(network, 0, {{1, 2}, {1, 2, 3}, {}}), std::invalid_argument);
}

TEST(Exit, ChoosesTheFirstCertainEnoughExit)
{
    const std::vector<Verdict> verdicts = {{{}, 0, 0.5}, {{}, 1, 0.3}, {{}, 2, 1.0}};
    EXPECT_EQ(ChooseExit(verdicts, {0.5, 0}), 0);
    EXPECT_EQ(ChooseExit(verdicts, {0.49, 0.3}), 1);
    EXPECT_EQ(ChooseExit(verdicts, {0.49, 0.29}), 2);
    EXPECT_EQ(ChooseExit({verdicts[2]}, {}), 0);
}

} // namespace
} // namespace ddnn
