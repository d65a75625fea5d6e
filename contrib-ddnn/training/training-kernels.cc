// SPDX-License-Identifier: GPL-2.0-only
#include "training-kernels.h"

#include "contrib-ddnn/inference/convolve-row.h"
#include "contrib-ddnn/inference/simd.h"

#include <algorithm>
#include <limits>

namespace ddnn
{

namespace
{

DDNN_SIMD_CLONES void
Convolve(const float* lines,
         const PatternLayout& layout,
         const int* offsets,
         int filters,
         float* sums)
{
    ConvolveWith(lines, layout, offsets, filters, sums);
}

/// COLUMNS sums of one filter along a row, from the `rows` lines of each channel that it covers.
[[gnu::always_inline]] inline void
SumProducts(const float* line,
            const PatternLayout& layout,
            int rows,
            const float* weight,
            float* sums)
{
    const int stride = layout.width + 2;
    Vector<float> left = {};
    Vector<float> right = {};
    for (int c = 0; c < layout.channels; ++c)
    {
        for (int i = 0; i < 3 * rows; ++i)
        {
            const float* inputs = line + (c * layout.rows + i / 3) * stride + i % 3;
            left += weight[c * 9 + i] * VectorAt(inputs);
            right += weight[c * 9 + i] * VectorAt(inputs + LANES<float>);
        }
    }
    VectorAt(sums) = left;
    VectorAt(sums + LANES<float>) = right;
}

/**
 * The convolution with float weights.
 * \param lines see PadLines
 * \param weight `[filter, channel, 3, 3]`
 * \param sums `[filter, row, width]`
 */
DDNN_SIMD_CLONES void
ConvolveFloat(const float* lines,
              const PatternLayout& layout,
              const float* weight,
              int filters,
              float* sums)
{
    for (int f = 0; f < filters; ++f)
    {
        for (int y = 0; y < layout.rows; ++y)
        {
            const int above = y > 0 ? 1 : 0;
            const int below = y + 1 < layout.rows ? 1 : 0;
            for (int x = 0; x < layout.width; x += COLUMNS<float>)
            {
                SumProducts(lines + (y - above) * (layout.width + 2) + x,
                            layout,
                            above + 1 + below,
                            weight + f * layout.channels * 9 + (1 - above) * 3,
                            sums + (f * layout.rows + y) * layout.width + x);
            }
        }
    }
}

/// Takes over sums that are higher than the highest so far, or equal and earlier.
[[gnu::always_inline]] inline void
TakeHigher(const Vector<float>& sums,
           const Vector<int32_t>& positions,
           Vector<float>& highest,
           Vector<int32_t>& winners)
{
    const Vector<int32_t> wins = (sums > highest) | ((sums == highest) & (positions < winners));
    highest = wins ? sums : highest;
    winners = wins ? positions : winners;
}

/// Pools the rows that the stride leaves, each with the lowest value before and behind it.
/// \param highest, winners `[row after pooling, width + 1]`
[[gnu::always_inline]] inline void
PoolRows(const float* sums,
         int width,
         const Shape& input,
         int poolStride,
         float* highest,
         int32_t* winners)
{
    Vector<int32_t> lanes = {};
    for (int lane = 0; lane < LANES<int32_t>; ++lane)
    {
        lanes[lane] = lane;
    }
    for (int y = 0; y < input.rows; y += poolStride)
    {
        const int first = std::max(y - 1, 0);
        const int end = std::min(y + 2, input.rows);
        for (int x = 0; x < width; x += LANES<float>)
        {
            Vector<float> best = VectorAt(sums + first * width + x);
            Vector<int32_t> winner = lanes + (first * input.columns + x);
            for (int row = first + 1; row < end; ++row)
            {
                const Vector<int32_t> position = lanes + (row * input.columns + x);
                TakeHigher(VectorAt(sums + row * width + x), position, best, winner);
            }
            VectorAt(highest + x) = best;
            VectorAt(winners + x) = winner;
        }
        highest[-1] = std::numeric_limits<float>::lowest();
        highest[input.columns] = std::numeric_limits<float>::lowest();
        highest += width + 1;
        winners += width + 1;
    }
}

/// 3x3 max-pool of one filter's sums; of equal sums the first in row-major order wins.
DDNN_SIMD_CLONES void
Pool(const float* sums,
     int width,
     const Shape& input,
     const Shape& output,
     int poolStride,
     float* pooled,
     int32_t* winners)
{
    std::vector<float> highest(output.rows * (width + 1) + 1);
    std::vector<int32_t> positions(highest.size());
    PoolRows(sums, width, input, poolStride, highest.data() + 1, positions.data() + 1);
    std::vector<float> rowSums(width);
    std::vector<int32_t> rowWinners(width);
    for (int y = 0; y < output.rows; ++y)
    {
        for (int x = 0; x < width; x += LANES<float>)
        {
            const int left = y * (width + 1) + x;
            Vector<float> best = VectorAt(&highest[left]);
            Vector<int32_t> winner = VectorAt(&positions[left]);
            TakeHigher(VectorAt(&highest[left + 1]), VectorAt(&positions[left + 1]), best, winner);
            TakeHigher(VectorAt(&highest[left + 2]), VectorAt(&positions[left + 2]), best, winner);
            VectorAt(&rowSums[x]) = best;
            VectorAt(&rowWinners[x]) = winner;
        }
        for (int x = 0; x < output.columns; ++x)
        {
            *pooled++ = rowSums[x * poolStride];
            *winners++ = rowWinners[x * poolStride];
        }
    }
}

/// For three rows of n floats: target += factor x source.
[[gnu::always_inline]] inline void
AddScaledRows(float* target,
              int targetStride,
              const float* source,
              int sourceStride,
              float factor,
              int n)
{
    for (int row = 0; row < 3; ++row)
    {
        for (int i = 0; i < n; ++i)
        {
            target[row * targetStride + i] += factor * source[row * sourceStride + i];
        }
    }
}

/// One filter's part of the gradients: each pooled sum's goes to the patch under its winner.
DDNN_SIMD_CLONES void
AddFilterGradients(const float* padded,
                   int rowStride,
                   const Shape& input,
                   const int32_t* winners,
                   const float* gradient,
                   int outputs,
                   const float* weight,
                   float* weightGradient,
                   float* paddedGradient)
{
    const int n = 3 * input.channels;
    for (int i = 0; i < outputs; ++i)
    {
        const int y = winners[i] / input.columns;
        const int x = winners[i] % input.columns;
        const int patch = y * rowStride + x * input.channels;
        AddScaledRows(weightGradient, n, padded + patch, rowStride, gradient[i], n);
        if (paddedGradient)
        {
            AddScaledRows(paddedGradient + patch, rowStride, weight, n, gradient[i], n);
        }
    }
}

} // namespace

ConvPoolKernel::ConvPoolKernel(const ConvP& block)
    : m_input(block.input)
    , m_output(BlockOutput(block.input, block.spec))
    , m_stride(block.spec.poolStride)
    , m_precision(block.spec.precision)
    , m_layout(block.input, COLUMNS<float>)
    , m_backward(block.weight.size())
{
    if (m_precision == Precision::FLOAT)
    {
        m_forward = block.weight;
    }
    else
    {
        m_offsets = m_layout.Offsets(block.weight);
    }
    for (std::size_t i = 0; i < block.weight.size(); ++i)
    {
        m_backward[ChannelsLast(i)] = EffectiveWeight(m_precision, block.weight[i]);
    }
}

std::size_t
ConvPoolKernel::ChannelsLast(std::size_t i) const
{
    const std::size_t channels = m_input.channels;
    const std::size_t filter = i / (9 * channels);
    return (filter * 9 + i % 9) * channels + i / 9 % channels;
}

void
ConvPoolKernel::Forward(const float* input, float* pooled, int32_t* winners) const
{
    const std::vector<float> lines = PadLines<float>(input, m_layout);
    const int planeSize = m_input.rows * m_layout.width;
    std::vector<float> sums(static_cast<std::size_t>(m_output.channels) * planeSize);
    if (m_precision == Precision::FLOAT)
    {
        ConvolveFloat(lines.data(), m_layout, m_forward.data(), m_output.channels, sums.data());
    }
    else
    {
        Convolve(lines.data(), m_layout, m_offsets.data(), m_output.channels, sums.data());
    }
    for (int f = 0; f < m_output.channels; ++f)
    {
        const int target = f * m_output.rows * m_output.columns;
        Pool(sums.data() + f * planeSize,
             m_layout.width,
             m_input,
             m_output,
             m_stride,
             pooled + target,
             winners + target);
    }
}

std::vector<float>
ConvPoolKernel::PadChannelsLast(const float* input) const
{
    const int channels = m_input.channels;
    const int columns = m_input.columns + 2;
    std::vector<float> padded(static_cast<std::size_t>(m_input.rows + 2) * columns * channels,
                              0.0F);
    for (int c = 0; c < channels; ++c)
    {
        for (int y = 0; y < m_input.rows; ++y)
        {
            float* target = padded.data() + ((y + 1) * columns + 1) * channels + c;
            const float* source = input + (c * m_input.rows + y) * m_input.columns;
            for (int x = 0; x < m_input.columns; ++x)
            {
                target[x * channels] = source[x];
            }
        }
    }
    return padded;
}

void
ConvPoolKernel::Backward(const float* input,
                         const int32_t* winners,
                         const float* gradient,
                         float* weightGradient,
                         float* inputGradient) const
{
    const std::vector<float> padded = PadChannelsLast(input);
    std::vector<float> paddedGradient(inputGradient ? padded.size() : 0, 0.0F);
    const int channels = m_input.channels;
    const int rowStride = (m_input.columns + 2) * channels;
    const int outputs = m_output.rows * m_output.columns;
    for (int f = 0; f < m_output.channels; ++f)
    {
        AddFilterGradients(padded.data(),
                           rowStride,
                           m_input,
                           winners + f * outputs,
                           gradient + f * outputs,
                           outputs,
                           m_backward.data() + f * 9 * channels,
                           weightGradient + f * 9 * channels,
                           inputGradient ? paddedGradient.data() : nullptr);
    }
    for (int j = 0; inputGradient && j < m_input.Size(); ++j)
    {
        const int c = j / (m_input.rows * m_input.columns);
        const int y = j / m_input.columns % m_input.rows;
        const int x = j % m_input.columns;
        inputGradient[j] = paddedGradient[(y + 1) * rowStride + (x + 1) * channels + c];
    }
}

void
ConvPoolKernel::AddWeightGradient(const std::vector<float>& weightGradient,
                                  std::vector<float>& target) const
{
    for (std::size_t i = 0; i < target.size(); ++i)
    {
        target[i] += weightGradient[ChannelsLast(i)];
    }
}

} // namespace ddnn
