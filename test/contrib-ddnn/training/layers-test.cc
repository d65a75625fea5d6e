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
        BatchNormLayer layer(parameters, gradients, PER_CHANNEL);
        Batch output = input;
        layer.Forward(output, 1);
        return Dot(output, direction);
    };
    BatchNormLayer layer(parameters, gradients, PER_CHANNEL);
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
    BatchNormLayer layer(parameters, gradients, 2);
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

/// In the signs of the weights the layer is linear: the straight-through gradient of a weight is
/// the slope in its sign.
TEST(FullyConnectedLayer, GradientMatchesObviousLoops)
{
    std::mt19937_64 generator(2);
    FullyConnected parameters(7, 3);
    for (float& w : parameters.weight)
    {
        w = test::RandomFloat(generator, -1, 1);
    }
    FullyConnected gradients(7, 3);
    const Batch input = RandomBatch(6, 7, generator);
    FullyConnectedLayer layer(parameters, gradients);
    layer.Forward(input, 1);
    const Batch direction = RandomBatch(6, 3, generator);
    const Batch inputGradient = layer.Backward(direction);

    Batch inner(6, 3);
    for (int i = 0; i < 6; ++i)
    {
        for (int o = 0; o < 3; ++o)
        {
            for (int k = 0; k < 7; ++k)
            {
                const float sign = parameters.weight[o * 7 + k] >= 0 ? 1 : -1;
                inner.Sample(i)[o] += sign * input.Sample(i)[k];
            }
        }
    }
    BatchNorm ignored(3);
    BatchNorm bn(3);
    BatchNormLayer normalise(bn, ignored, 1);
    normalise.Forward(inner, 1);
    EXPECT_EQ(layer.Scores().values.size(), inner.values.size());
    for (std::size_t i = 0; i < inner.values.size(); ++i)
    {
        EXPECT_NEAR(layer.Scores().values[i], inner.values[i], 1e-5);
    }
    Batch gradient = direction;
    normalise.Backward(gradient);
    for (int o = 0; o < 3; ++o)
    {
        for (int k = 0; k < 7; ++k)
        {
            double expected = 0;
            for (int i = 0; i < 6; ++i)
            {
                expected += gradient.Sample(i)[o] * input.Sample(i)[k];
            }
            EXPECT_NEAR(gradients.weight[o * 7 + k], expected, 1e-5);
        }
    }
    for (int i = 0; i < 6; ++i)
    {
        for (int k = 0; k < 7; ++k)
        {
            double expected = 0;
            for (int o = 0; o < 3; ++o)
            {
                expected += gradient.Sample(i)[o] * (parameters.weight[o * 7 + k] >= 0 ? 1 : -1);
            }
            EXPECT_NEAR(inputGradient.Sample(i)[k], expected, 1e-5);
        }
    }
}

} // namespace
} // namespace ddnn
