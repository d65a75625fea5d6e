// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/training/block-layers.h"

#include "contrib-ddnn/training/training-kernels.h"
#include "test/support/random-network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ddnn
{
namespace
{

float
At(const std::vector<float>& map, const Shape& shape, int c, int y, int x)
{
    const bool inside = y >= 0 && y < shape.rows && x >= 0 && x < shape.columns;
    return inside ? map[(c * shape.rows + y) * shape.columns + x] : 0.0F;
}

/// Binary or float, inputs and float weights in quarters, so that every order of additions gives
/// the same sum.
struct KernelCase
{
    explicit KernelCase(std::mt19937_64& generator)
        : block({test::RandomInt(generator, 1, 10),
                 test::RandomInt(generator, 1, 9),
                 test::RandomInt(generator, 1, 9)},
                {test::RandomInt(generator, 1, 18),
                 test::RandomInt(generator, 1, 2),
                 BlockKind::CONVP,
                 test::OneIn(generator, 2) ? Precision::BINARY : Precision::FLOAT})
        , input(block.input.Size())
        , output(BlockOutput(block.input, block.spec))
    {
        for (float& w : block.weight)
        {
            w = static_cast<float>(test::RandomInt(generator, -4, 4)) / 4;
        }
        for (float& v : input)
        {
            v = static_cast<float>(test::RandomInt(generator, -4, 4)) / 4;
        }
    }

    float Weight(int f, int c, int tap) const
    {
        const float weight = block.weight[(f * block.input.channels + c) * 9 + tap];
        const float sign = weight >= 0 ? 1.0F : -1.0F;
        return block.spec.precision == Precision::FLOAT ? weight : sign;
    }

    float Convolve(int f, int y, int x) const
    {
        float sum = 0;
        for (int i = 0; i < block.input.channels * 9; ++i)
        {
            const int tap = i % 9;
            const int row = y + tap / 3 - 1;
            sum += Weight(f, i / 9, tap) * At(input, block.input, i / 9, row, x + tap % 3 - 1);
        }
        return sum;
    }

    ConvP block;
    std::vector<float> input;
    Shape output;
};

TEST(ConvPoolKernel, ForwardMatchesObviousLoops)
{
    std::mt19937_64 generator(3);
    for (int repeat = 0; repeat < 100; ++repeat)
    {
        const KernelCase k(generator);
        const Shape& shape = k.block.input;
        std::vector<float> pooled(k.output.Size());
        std::vector<int32_t> winners(k.output.Size());
        ConvPoolKernel(k.block).Forward(k.input.data(), pooled.data(), winners.data());
        for (int i = 0; i < k.output.Size(); ++i)
        {
            const int f = i / (k.output.rows * k.output.columns);
            const int y = i / k.output.columns % k.output.rows * k.block.spec.poolStride;
            const int x = i % k.output.columns * k.block.spec.poolStride;
            float best = -1e9F;
            int winner = -1;
            for (int row = std::max(y - 1, 0); row < std::min(y + 2, shape.rows); ++row)
            {
                for (int c = std::max(x - 1, 0); c < std::min(x + 2, shape.columns); ++c)
                {
                    const float sum = k.Convolve(f, row, c);
                    if (sum > best)
                    {
                        best = sum;
                        winner = row * shape.columns + c;
                    }
                }
            }
            ASSERT_EQ(pooled[i], best);
            ASSERT_EQ(winners[i], winner);
        }
    }
}

TEST(ConvPoolKernel, BackwardMatchesObviousLoops)
{
    std::mt19937_64 generator(4);
    for (int repeat = 0; repeat < 100; ++repeat)
    {
        const KernelCase k(generator);
        const Shape& shape = k.block.input;
        std::vector<float> pooled(k.output.Size());
        std::vector<int32_t> winners(k.output.Size());
        const ConvPoolKernel kernel(k.block);
        kernel.Forward(k.input.data(), pooled.data(), winners.data());
        std::vector<float> gradient(k.output.Size());
        std::vector<float> weightExpected(k.block.weight.size(), 0);
        std::vector<float> inputExpected(k.input.size(), 0);
        for (int i = 0; i < k.output.Size(); ++i)
        {
            gradient[i] = static_cast<float>(test::RandomInt(generator, -8, 8)) / 4;
            const int f = i / (k.output.rows * k.output.columns);
            for (int j = 0; j < shape.channels * 9; ++j)
            {
                const int c = j / 9;
                const int y = winners[i] / shape.columns + j % 9 / 3 - 1;
                const int x = winners[i] % shape.columns + j % 3 - 1;
                weightExpected[f * shape.channels * 9 + j] +=
                    gradient[i] * At(k.input, shape, c, y, x);
                if (y >= 0 && y < shape.rows && x >= 0 && x < shape.columns)
                {
                    inputExpected[(c * shape.rows + y) * shape.columns + x] +=
                        gradient[i] * k.Weight(f, c, j % 9);
                }
            }
        }
        std::vector<float> inner(k.block.weight.size(), 0);
        std::vector<float> inputGradient(k.input.size());
        kernel.Backward(k.input.data(),
                        winners.data(),
                        gradient.data(),
                        inner.data(),
                        inputGradient.data());
        std::vector<float> weightGradient(k.block.weight.size(), 0);
        kernel.AddWeightGradient(inner, weightGradient);
        ASSERT_EQ(weightGradient, weightExpected);
        ASSERT_EQ(inputGradient, inputExpected);
    }
}

/// A block of either kind on one input value, with a weight of 1.
std::vector<Block>
BlocksOfOneValue(Precision precision)
{
    ConvP convP({1, 1, 1}, {1, 1, BlockKind::CONVP, precision});
    convP.weight.assign(9, 1);
    FullyConnected connected(1, 1, precision);
    connected.weight = {1};
    return {convP, connected};
}

BatchNorm&
BatchNormOf(Block& block)
{
    return std::visit(
        [](auto& b) -> BatchNorm& {
            return b.bn;
        },
        block);
}

/// The activation passes the gradient where |x| <= 1 and stops it elsewhere, in spite of sign and
/// rounding.
TEST(BlockLayer, StraightThroughEstimatorStopsLargeActivations)
{
    const float x = 1 / std::sqrt(5.0F); // of the inputs below, normalised: -3x, -x, x, 3x
    const auto code = static_cast<float>(std::round(127 * x) / 127);

    const struct
    {
        Precision precision;
        FeatureCoding coding;
        std::vector<float> activations;
    } cases[] = {{Precision::BINARY, FeatureCoding::FLOAT32, {-1, -1, 1, 1}},
                 {Precision::FLOAT, FeatureCoding::FLOAT32, {-1, -x, x, 1}},
                 {Precision::FLOAT, FeatureCoding::INT8, {-1, -code, code, 1}}};

    for (const auto& c : cases)
    {
        for (Block& parameters : BlocksOfOneValue(c.precision))
        {
            Block gradients = parameters;
            BatchNormOf(gradients).beta = {0};
            const auto layer = MakeBlockLayer(parameters, gradients, c.coding);
            Batch input(4, 1);
            input.values = {-3, -1, 1, 3};
            layer->Forward(input, {1, 1, 1, 1}, 1);
            for (int i = 0; i < 4; ++i)
            {
                EXPECT_NEAR(layer->Activations().values[i], c.activations[i], 1e-5);
            }
            Batch gradient(4, 1);
            gradient.values = {100, 3, 5, 100};
            layer->Backward(gradient, false);
            EXPECT_FLOAT_EQ(BatchNormOf(gradients).beta[0], 8);
        }
    }
}

} // namespace
} // namespace ddnn
