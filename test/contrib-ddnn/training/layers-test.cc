// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/training/layers.h"

#include "test/support/random-network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace ddnn
{
namespace
{

Batch
RandomBatch(int samples, int width, std::mt19937_64& generator)
{
    Batch batch(samples, width);
    for (float& value : batch.values)
    {
        value = test::RandomFloat(generator, -2, 2);
    }
    return batch;
}

double
Dot(const Batch& a, const Batch& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i)
    {
        sum += static_cast<double>(a.values[i]) * b.values[i];
    }
    return sum;
}

/// Central difference of f in x.
double
Slope(float& x, const std::function<double()>& f)
{
    constexpr float STEP = 1e-2F;
    const float before = x;
    x = before + STEP;
    const double above = f();
    x = before - STEP;
    const double below = f();
    x = before;
    return (above - below) / (2 * static_cast<double>(STEP));
}

/// The gradient of L = sum of (output x direction) against finite differences.
TEST(BatchNormLayer, GradientMatchesFiniteDifferences)
{
    std::mt19937_64 generator(1);
    constexpr int CHANNELS = 3;
    constexpr int PER_CHANNEL = 2;
    BatchNorm parameters(CHANNELS);
    parameters.gamma = {0.5F, -0.8F, 0.9F};
    parameters.beta = {0.1F, 0.2F, -0.3F};
    Batch input = RandomBatch(5, CHANNELS * PER_CHANNEL, generator);
    const Batch direction = RandomBatch(5, CHANNELS * PER_CHANNEL, generator);
    BatchNorm gradients(CHANNELS);
    gradients.gamma.assign(CHANNELS, 0);
    auto loss = [&] {
        BatchNormLayer layer(parameters, gradients);
        Batch output = input;
        layer.Forward(output, 1);
        return Dot(output, direction);
    };
    BatchNormLayer layer(parameters, gradients);
    Batch output = input;
    layer.Forward(output, 1);
    Batch gradient = direction;
    layer.Backward(gradient);
    for (std::size_t i = 0; i < input.values.size(); ++i)
    {
        EXPECT_NEAR(gradient.values[i], Slope(input.values[i], loss), 2e-3);
    }
    for (int c = 0; c < CHANNELS; ++c)
    {
        EXPECT_NEAR(gradients.gamma[c], Slope(parameters.gamma[c], loss), 2e-3);
        EXPECT_NEAR(gradients.beta[c], Slope(parameters.beta[c], loss), 2e-3);
    }
}

TEST(BatchNormLayer, RunningStatisticsDecayOrAreReplaced)
{
    BatchNorm parameters(1);
    BatchNorm gradients(1);
    BatchNormLayer layer(parameters, gradients);
    Batch batch(2, 2);
    batch.values = {1, 3, 5, 7}; // mean 4, biased variance 5
    Batch copy = batch;
    layer.Forward(copy, 0.9F);
    EXPECT_FLOAT_EQ(parameters.mean[0], 0.4F);
    EXPECT_FLOAT_EQ(parameters.variance[0], 0.9F + 0.5F);
    copy = batch;
    layer.Forward(copy, 0);
    EXPECT_FLOAT_EQ(parameters.mean[0], 4);
    EXPECT_FLOAT_EQ(parameters.variance[0], 5);
    EXPECT_NEAR(copy.values[0], -3 / std::sqrt(5.0), 1e-4);
}

/// A block of either kind on one input value, with a weight of 1.
std::vector<Block>
BlocksOfOneValue(Precision precision)
{
    std::vector<Block> blocks;
    for (BlockKind kind : {BlockKind::CONVP, BlockKind::FC})
    {
        blocks.emplace_back(Shape{1, 1, 1}, BlockSpec{1, 1, kind, precision});
        std::fill(blocks.back().weight.begin(), blocks.back().weight.end(), 1.0F);
    }
    return blocks;
}

/// The activation passes the gradient where |x| <= 1 and stops it elsewhere, in spite of sign and
/// rounding.
TEST(Layer, StraightThroughEstimatorStopsLargeActivations)
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
            gradients.bn.beta = {0};
            Layer layer(parameters, gradients, c.coding);
            Batch input(4, 1);
            input.values = {-3, -1, 1, 3};
            layer.Forward(input, {}, 1);
            for (int i = 0; i < 4; ++i)
            {
                EXPECT_NEAR(layer.Output().values[i], c.activations[i], 1e-5);
            }
            Batch gradient(4, 1);
            gradient.values = {100, 3, 5, 100};
            layer.Backward(gradient, false);
            EXPECT_FLOAT_EQ(gradients.bn.beta[0], 8);
        }
    }
}

} // namespace
} // namespace ddnn
