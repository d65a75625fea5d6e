// SPDX-License-Identifier: GPL-2.0-only
#include "packed-kernels.h"

#include "convolve-row.h"
#include "simd.h"

#include <algorithm>
#include <limits>

namespace ddnn
{

namespace
{

DDNN_SIMD_CLONES void
ConvolveRow(const int16_t* input,
            const PaddedPlanes<int16_t>& layout,
            int channels,
            int columns,
            const int16_t* weight,
            int16_t* const* sums)
{
    ConvolveRowWith(input, layout, channels, columns, weight, sums);
}

DDNN_SIMD_CLONES void
ConvolveRow(const int32_t* input,
            const PaddedPlanes<int32_t>& layout,
            int channels,
            int columns,
            const int32_t* weight,
            int32_t* const* sums)
{
    ConvolveRowWith(input, layout, channels, columns, weight, sums);
}

/// The signs of a filter's pooled sums. \param sums `[row, column]`, `stride` apart from row to row
template <typename Sum>
[[gnu::always_inline]] inline void
PoolWith(const Sum* sums,
         int stride,
         const Shape& input,
         int poolStride,
         const FoldedThreshold& threshold,
         uint8_t* signs)
{
    const Shape output = BlockOutput(input, {1, poolStride});
    std::vector<Sum> highest(input.columns + 2, std::numeric_limits<Sum>::min());
    for (int y = 0; y < output.rows; ++y)
    {
        const int row = y * poolStride;
        const Sum* middle = sums + row * stride;
        const Sum* above = row > 0 ? middle - stride : middle;
        const Sum* below = row + 1 < input.rows ? middle + stride : middle;
        for (int x = 0; x < input.columns; ++x)
        {
            highest[x + 1] = std::max(std::max(above[x], middle[x]), below[x]);
        }
        for (int x = 0; x < output.columns; ++x)
        {
            const Sum* window = highest.data() + x * poolStride;
            const int p = std::max(std::max(window[0], window[1]), window[2]);
            *signs++ = (threshold.flip ? -p : p) >= threshold.bound;
        }
    }
}

DDNN_SIMD_CLONES void
Pool(const int16_t* sums,
     int stride,
     const Shape& input,
     int poolStride,
     const FoldedThreshold& threshold,
     uint8_t* signs)
{
    PoolWith(sums, stride, input, poolStride, threshold, signs);
}

DDNN_SIMD_CLONES void
Pool(const int32_t* sums,
     int stride,
     const Shape& input,
     int poolStride,
     const FoldedThreshold& threshold,
     uint8_t* signs)
{
    PoolWith(sums, stride, input, poolStride, threshold, signs);
}

/// sums[f] = count - 2 popcount((patch xor weight[f]) and mask)
DDNN_SIMD_CLONES void
MatchFilters(const uint64_t* patch,
             const uint64_t* mask,
             int count,
             const uint64_t* weight,
             int words,
             int filters,
             int32_t* sums,
             std::size_t sumsStride)
{
    for (int f = 0; f < filters; ++f)
    {
        int different = 0;
        for (int k = 0; k < words; ++k)
        {
            different += __builtin_popcountll((patch[k] ^ weight[f * words + k]) & mask[k]);
        }
        sums[f * sumsStride] = count - 2 * different;
    }
}

DDNN_SIMD_CLONES int
CountDifferent(const uint64_t* a, const uint64_t* b, int words)
{
    int different = 0;
    for (int k = 0; k < words; ++k)
    {
        different += __builtin_popcountll(a[k] ^ b[k]);
    }
    return different;
}

int
CountOnes(const std::vector<uint64_t>& words)
{
    int ones = 0;
    for (uint64_t word : words)
    {
        ones += __builtin_popcountll(word);
    }
    return ones;
}

/// Appends `bits` bits of `value` at bit position `at`.
void
PutBits(uint64_t* words, int at, uint64_t value, int bits)
{
    const int shift = at % 64;
    words[at / 64] |= value << shift;
    if (shift + bits > 64)
    {
        words[at / 64 + 1] |= value >> (64 - shift);
    }
}

/**
 * The channels of every pixel as bits, with a border of zeros.
 * \return `[row + 2, column + 2, word of 64 channels]`
 */
std::vector<uint64_t>
PackPixels(const Signs& input, const Shape& shape)
{
    const int words = RoundUp(shape.channels, 64) / 64;
    const int columns = shape.columns + 2;
    std::vector<uint64_t> pixels(static_cast<std::size_t>(shape.rows + 2) * columns * words, 0);
    for (int c = 0; c < shape.channels; ++c)
    {
        for (int y = 0; y < shape.rows; ++y)
        {
            const uint8_t* source = input.data() + (c * shape.rows + y) * shape.columns;
            uint64_t* target = pixels.data() + ((y + 1) * columns + 1) * words + c / 64;
            for (int x = 0; x < shape.columns; ++x)
            {
                target[x * words] |= static_cast<uint64_t>(source[x]) << (c % 64);
            }
        }
    }
    return pixels;
}

/// The 9 x channels bits under a filter, `[3, 3, channel]`.
void
PackPatch(const uint64_t* pixels, int rowStride, int channels, uint64_t* patch, int patchWords)
{
    std::fill_n(patch, patchWords, 0);
    const int words = RoundUp(channels, 64) / 64;
    int at = 0;
    for (int row = 0; row < 3; ++row)
    {
        const uint64_t* pixel = pixels + row * rowStride;
        for (int k = 0; k < 3 * words; ++k)
        {
            const int bits = std::min(64, channels - k % words * 64);
            PutBits(patch, at, pixel[k], bits);
            at += bits;
        }
    }
}

/// Sides of the map that a position touches.
enum Border : unsigned
{
    TOP = 1,
    BOTTOM = 2,
    LEFT = 4,
    RIGHT = 8,
    BORDERS = 16 ///< number of combinations
};

bool
IsPadding(int tap, unsigned border)
{
    return (tap / 3 == 0 && (border & TOP) != 0) || (tap / 3 == 2 && (border & BOTTOM) != 0) ||
           (tap % 3 == 0 && (border & LEFT) != 0) || (tap % 3 == 2 && (border & RIGHT) != 0);
}

} // namespace

Signs
UnpackSigns(const Features& features, int size)
{
    Signs signs(features.size() * 8);
    for (std::size_t i = 0; i < features.size(); ++i)
    {
        for (int bit = 0; bit < 8; ++bit)
        {
            signs[i * 8 + bit] = features[i] >> bit & 1;
        }
    }
    signs.resize(size);
    return signs;
}

Features
PackSigns(const Signs& signs)
{
    Features features((signs.size() + 7) / 8, 0);
    for (std::size_t i = 0; i < signs.size(); ++i)
    {
        features[i / 8] |= signs[i] << (i % 8);
    }
    return features;
}

FoldedThreshold
Fold(const BatchNorm& bn, int channel, float scale, int limit)
{
    const bool flip = bn.gamma[channel] < 0;
    auto isPlus = [&](int bound) {
        const auto p = static_cast<float>(flip ? -bound : bound);
        return bn.Apply(channel, p * scale) >= 0;
    };
    int low = -limit;     // every smaller bound is as good as this one
    int high = limit + 1; // never reached
    while (low < high)
    {
        const int middle = low + (high - low) / 2;
        if (isPlus(middle))
        {
            high = middle;
        }
        else
        {
            low = middle + 1;
        }
    }
    return {flip, low};
}

IntegerConvP::IntegerConvP(const ConvP& block, const std::vector<float>& scales, int maxInput)
    : m_input(block.input)
    , m_spec(block.spec)
{
    const int limit = 9 * block.input.channels * maxInput;
    const int weights = RoundUp(m_spec.filters, FILTERS) * 9 * m_input.channels;
    if (limit <= std::numeric_limits<int16_t>::max())
    {
        m_weight16.resize(weights, 0);
        ArrangeSigns(block.weight.data(), m_spec.filters, m_input.channels, m_weight16.data());
    }
    else
    {
        m_weight32.resize(weights, 0);
        ArrangeSigns(block.weight.data(), m_spec.filters, m_input.channels, m_weight32.data());
    }
    for (float scale : scales)
    {
        m_thresholds.emplace_back();
        for (int f = 0; f < m_spec.filters; ++f)
        {
            m_thresholds.back().push_back(Fold(block.bn, f, scale, limit));
        }
    }
}

template <typename Input>
Signs
IntegerConvP::Run(const Input* input, int variant) const
{
    return m_weight32.empty() ? RunWith(m_weight16, input, variant)
                              : RunWith(m_weight32, input, variant);
}

template Signs IntegerConvP::Run(const uint8_t*, int) const;
template Signs IntegerConvP::Run(const int16_t*, int) const;

template <typename Sum, typename Input>
Signs
IntegerConvP::RunWith(const std::vector<Sum>& weight, const Input* input, int variant) const
{
    const int rows = m_input.rows;
    const int columns = m_input.columns;
    const PaddedPlanes<Sum> layout(rows, columns);
    const std::vector<Sum> padded = layout.Pad(input, m_input.channels);
    const int sumsStride = RoundUp(columns, LANES<Sum>);
    std::vector<Sum> sums(static_cast<std::size_t>(FILTERS) * rows * sumsStride);
    const Shape output = BlockOutput(m_input, m_spec);
    Signs signs(output.Size());
    for (int first = 0; first < m_spec.filters; first += FILTERS)
    {
        for (int y = 0; y < rows; ++y)
        {
            Sum* targets[FILTERS];
            for (int f = 0; f < FILTERS; ++f)
            {
                targets[f] = sums.data() + (f * rows + y) * sumsStride;
            }
            ConvolveRow(padded.data() + y * layout.rowStride,
                        layout,
                        m_input.channels,
                        columns,
                        weight.data() + first * 9 * m_input.channels,
                        targets);
        }
        for (int f = first; f < std::min(first + FILTERS, m_spec.filters); ++f)
        {
            Pool(sums.data() + (f - first) * rows * sumsStride,
                 sumsStride,
                 m_input,
                 m_spec.poolStride,
                 m_thresholds[variant][f],
                 signs.data() + f * output.rows * output.columns);
        }
    }
    return signs;
}

BinaryConvP::BinaryConvP(const ConvP& block)
    : m_input(block.input)
    , m_spec(block.spec)
    , m_words(RoundUp(9 * block.input.channels, 64) / 64)
    , m_weight(static_cast<std::size_t>(m_words) * block.spec.filters, 0)
{
    const int channels = m_input.channels;
    for (int f = 0; f < m_spec.filters; ++f)
    {
        for (int i = 0; i < 9 * channels; ++i)
        {
            const int tap = i / channels;
            const float weight = block.weight[(f * channels + i % channels) * 9 + tap];
            PutBits(&m_weight[f * m_words], i, weight >= 0 ? 1 : 0, 1);
        }
        m_thresholds.push_back(Fold(block.bn, f, 1, 9 * channels));
    }
}

std::vector<uint64_t>
BinaryConvP::PackMask(unsigned border, const std::vector<uint8_t>& present) const
{
    std::vector<uint64_t> mask(m_words, 0);
    for (int i = 0; i < 9 * m_input.channels; ++i)
    {
        const bool isPresent = present.empty() || present[i % m_input.channels] != 0;
        if (isPresent && !IsPadding(i / m_input.channels, border))
        {
            PutBits(mask.data(), i, 1, 1);
        }
    }
    return mask;
}

Signs
BinaryConvP::Run(const Signs& input, const std::vector<uint8_t>& present) const
{
    std::vector<uint64_t> masks[BORDERS];
    int counts[BORDERS];
    for (unsigned border = 0; border < BORDERS; ++border)
    {
        masks[border] = PackMask(border, present);
        counts[border] = CountOnes(masks[border]);
    }
    const Shape& shape = m_input;
    const std::vector<uint64_t> pixels = PackPixels(input, shape);
    const int pixelWords = RoundUp(shape.channels, 64) / 64;
    const int rowStride = (shape.columns + 2) * pixelWords;
    const int positions = shape.rows * shape.columns;
    std::vector<uint64_t> patch(m_words);
    std::vector<int32_t> sums(static_cast<std::size_t>(m_spec.filters) * positions);
    for (int i = 0; i < positions; ++i)
    {
        const int y = i / shape.columns;
        const int x = i % shape.columns;
        const unsigned border = (y == 0 ? TOP : 0U) | (y + 1 == shape.rows ? BOTTOM : 0U) |
                                (x == 0 ? LEFT : 0U) | (x + 1 == shape.columns ? RIGHT : 0U);
        PackPatch(pixels.data() + y * rowStride + x * pixelWords,
                  rowStride,
                  shape.channels,
                  patch.data(),
                  m_words);
        MatchFilters(patch.data(),
                     masks[border].data(),
                     counts[border],
                     m_weight.data(),
                     m_words,
                     m_spec.filters,
                     sums.data() + i,
                     positions);
    }
    const Shape output = BlockOutput(shape, m_spec);
    Signs signs(output.Size());
    for (int f = 0; f < m_spec.filters; ++f)
    {
        Pool(sums.data() + static_cast<std::size_t>(f) * positions,
             shape.columns,
             shape,
             m_spec.poolStride,
             m_thresholds[f],
             signs.data() + f * output.rows * output.columns);
    }
    return signs;
}

BinaryFullyConnected::BinaryFullyConnected(const FullyConnected& layer)
    : m_inputs(layer.inputs)
    , m_words(RoundUp(layer.inputs, 64) / 64)
    , m_weight(static_cast<std::size_t>(m_words) * layer.outputs, 0)
    , m_bn(layer.bn)
{
    for (int o = 0; o < layer.outputs; ++o)
    {
        for (int i = 0; i < m_inputs; ++i)
        {
            const float weight = layer.weight[static_cast<std::size_t>(o) * m_inputs + i];
            PutBits(&m_weight[static_cast<std::size_t>(o) * m_words], i, weight >= 0 ? 1 : 0, 1);
        }
    }
}

Scores
BinaryFullyConnected::Run(const Features& input) const
{
    std::vector<uint64_t> words(m_words, 0);
    for (std::size_t i = 0; i < input.size(); ++i)
    {
        words[i / 8] |= static_cast<uint64_t>(input[i]) << (i % 8 * 8);
    }
    Scores scores(m_bn.gamma.size());
    for (std::size_t o = 0; o < scores.size(); ++o)
    {
        const int different = CountDifferent(words.data(), &m_weight[o * m_words], m_words);
        scores[o] = m_bn.Apply(static_cast<int>(o), static_cast<float>(m_inputs - 2 * different));
    }
    return scores;
}

} // namespace ddnn
