// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/exit-criterion.h"

#include <gtest/gtest.h>

#include <map>

namespace ddnn
{
namespace
{

TEST(ExitCriterion, IsZeroWhereCertainAndOneWhereUndecided)
{
    for (const ExitCriterion& criterion : ExitCriteria())
    {
        SCOPED_TRACE(criterion.name);
        EXPECT_EQ(FindExitCriterion(criterion.name), &criterion);
        EXPECT_DOUBLE_EQ(criterion.uncertainty({0, 1}), 0);
        EXPECT_DOUBLE_EQ(criterion.uncertainty({1, 0, 0}), 0);
        EXPECT_DOUBLE_EQ(criterion.uncertainty({0.5, 0.5}), 1);
        EXPECT_DOUBLE_EQ(criterion.uncertainty({0.25, 0.25, 0.25, 0.25}), 1);
    }
    EXPECT_EQ(FindExitCriterion("none"), nullptr);
}

TEST(ExitCriterion, FollowsItsFormula)
{
    const std::map<std::string, double> half{
        {"entropy", 0.5}, // one bit of the two that four classes have
        {"max-softmax", 0.5 * 4 / 3},
        {"margin", 1},
        {"gini", 0.5 * 4 / 3},
    };
    const std::map<std::string, double> skewed{
        {"entropy", 0.75}, // 1.5 bits of two
        {"max-softmax", 0.5 * 4 / 3},
        {"margin", 0.75},
        {"gini", (1 - 0.25 - 2 * 0.0625) * 4 / 3},
    };
    for (const ExitCriterion& criterion : ExitCriteria())
    {
        SCOPED_TRACE(criterion.name);
        EXPECT_NEAR(criterion.uncertainty({0.5, 0.5, 0, 0}), half.at(criterion.name), 1e-12);
        EXPECT_NEAR(criterion.uncertainty({0, 0.25, 0.5, 0.25}), skewed.at(criterion.name), 1e-12);
    }
}

} // namespace
} // namespace ddnn
