// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/inference/linear.h"

#include "test/support/random-network.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace ddnn
{
namespace
{

/// A block with binary or float weights, whose inputs and weights are multiples of 1/4 (or, for
/// integers, of 1), so that every order of additions gives the same sum.
struct Case
{
    Case(std::mt19937_64& generator, bool integers)
        : input{test::RandomInt(generator, 1, 10),
                test::RandomInt(generator, 1, 9),
                test::RandomInt(generator, 1, 19)}
        , spec{test::RandomInt(generator, 1, 18),
               test::RandomInt(generator, 1, 2),
               test::OneIn(generator, 3) ? BlockKind::FC : BlockKind::CONVP,
               integers || test::OneIn(generator, 2) ? Precision::BINARY : Precision::FLOAT}
        , output(BlockOutput(input, spec))
        , block(input, spec)
    {
        for (float& w : block.weight)
        {
            w = static_cast<float>(test::RandomInt(generator, -4, 4)) / 4;
        }
        for (int i = 0; i < input.Size(); ++i)
        {
            const auto value = static_cast<float>(test::RandomInt(generator, -4, 4));
            values.push_back(integers ? value : value / 4);
        }
    }

    /// Calls `visit` with the number of a weight and of an input for each term of a sum.
    /// \param filter, row, column of the sum, before pooling
    template <typename Visit>
    void ForEachTerm(int filter, int row, int column, Visit visit) const
    {
        const int terms = static_cast<int>(block.weight.size()) / spec.filters;
        for (int i = 0; i < terms; ++i)
        {
            const int y = row + i % 9 / 3 - 1;
            const int x = column + i % 3 - 1;
            if (spec.kind == BlockKind::FC)
            {
                visit(filter * terms + i, i);
            }
            else if (y >= 0 && y < input.rows && x >= 0 && x < input.columns)
            {
                visit(filter * terms + i, (i / 9 * input.rows + y) * input.columns + x);
            }
        }
    }

    float Sum(int filter, int row, int column) const
    {
        float sum = 0;
        ForEachTerm(filter, row, column, [&](int w, int i) {
            sum += EffectiveWeight(spec.precision, block.weight[w]) * values[i];
        });
        return sum;
    }

    /// The highest sum around a position after pooling, and the first place that has it.
    struct Winner
    {
        int row;
        int column;
        float sum;
    };

    Winner Pool(int i) const
    {
        const int filter = i / (output.rows * output.columns);
        if (spec.kind == BlockKind::FC)
        {
            return {0, 0, Sum(filter, 0, 0)};
        }
        const int y = i / output.columns % output.rows * spec.poolStride;
        const int x = i % output.columns * spec.poolStride;
        Winner winner{0, 0, -1e9F};
        for (int row = std::max(y - 1, 0); row < std::min(y + 2, input.rows); ++row)
        {
            for (int column = std::max(x - 1, 0); column < std::min(x + 2, input.columns); ++column)
            {
                const float sum = Sum(filter, row, column);
                if (sum > winner.sum)
                {
                    winner = {row, column, sum};
                }
            }
        }
        return winner;
    }

    Shape input;
    BlockSpec spec;
    Shape output;
    Block block;
    std::vector<float> values;
};

TEST(Linear, ForwardMatchesObviousLoops)
{
    std::mt19937_64 generator(3);
    for (int repeat = 0; repeat < 200; ++repeat)
    {
        const bool integers = repeat % 2 == 0;
        const Case c(generator, integers);
        std::vector<float> sums(c.output.Size());
        if (integers)
        {
            const std::vector<int16_t> values(c.values.begin(), c.values.end());
            MakeIntegerLinear(c.block, 4)->Forward(values.data(), sums.data());
        }
        else
        {
            MakeLinear(c.block)->Forward(c.values.data(), sums.data());
        }
        for (int i = 0; i < c.output.Size(); ++i)
        {
            ASSERT_EQ(sums[i], c.Pool(i).sum) << i;
        }
    }
}

TEST(Linear, BackwardMatchesObviousLoops)
{
    std::mt19937_64 generator(4);
    for (int repeat = 0; repeat < 100; ++repeat)
    {
        const Case c(generator, false);
        const auto linear = MakeLinear(c.block);
        std::vector<float> sums(c.output.Size());
        std::vector<int32_t> winners(sums.size());
        linear->Forward(c.values.data(), sums.data(), winners.data());
        std::vector<float> gradient;
        std::vector<float> weightExpected(c.block.weight.size(), 1);
        std::vector<float> inputExpected(c.values.size());
        for (int i = 0; i < c.output.Size(); ++i)
        {
            gradient.push_back(static_cast<float>(test::RandomInt(generator, -8, 8)) / 4);
            const Case::Winner winner = c.Pool(i);
            const int filter = i / (c.output.rows * c.output.columns);
            c.ForEachTerm(filter, winner.row, winner.column, [&](int w, int j) {
                weightExpected[w] += gradient[i] * c.values[j];
                inputExpected[j] +=
                    gradient[i] * EffectiveWeight(c.spec.precision, c.block.weight[w]);
            });
        }
        std::vector<float> weightGradient(c.block.weight.size(), 1);
        std::vector<float> inputGradient(c.values.size(), 7);
        linear->Backward(c.values.data(),
                         winners.data(),
                         gradient.data(),
                         weightGradient.data(),
                         inputGradient.data());
        ASSERT_EQ(weightGradient, weightExpected);
        ASSERT_EQ(inputGradient, inputExpected);
    }
}

TEST(Linear, IntegersAreForBinaryBlocksWhoseSumsFit)
{
    const Block binary({14, 4, 4}, {1, 1});
    EXPECT_NE(MakeIntegerLinear(binary, 255), nullptr);
    EXPECT_EQ(MakeIntegerLinear(binary, 261), nullptr);
    for (BlockKind kind : {BlockKind::CONVP, BlockKind::FC})
    {
        const Block precise({1, 4, 4}, {1, 1, kind, Precision::FLOAT});
        EXPECT_EQ(MakeIntegerLinear(precise, 1), nullptr);
    }
}

} // namespace
} // namespace ddnn
