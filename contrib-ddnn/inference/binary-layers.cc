// SPDX-License-Identifier: GPL-2.0-only
#include "binary-layers.h"

#include "convolve-row.h"
#include "simd.h"

#include <algorithm>

namespace ddnn
{

namespace
{

/// 64-bit words that hold so many bits.
constexpr int
WordsFor(int bits)
{
    return (bits + 63) / 64;
}

/// Columns in memory: whole vectors of any of the values here.
int
WidthFor(const Shape& shape)
{
    return RoundUp(shape.columns, LANES<int32_t>);
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

void
SetBit(uint64_t* words, int at, bool value)
{
    words[at / 64] |= static_cast<uint64_t>(value) << (at % 64);
}

/// 64-bit words of a map of pixels, `[word of 64 channels, row + 2, width + 2]`.
std::size_t
PixelsSize(const Shape& shape)
{
    return static_cast<std::size_t>(WordsFor(shape.channels)) * (shape.rows + 2) *
           (WidthFor(shape) + 2);
}

/**
 * The channels of every pixel as bits.
 * \param pixels see PixelsSize, zero before
 */
DDNN_SIMD_CLONES void
PackPixels(const uint8_t* input, const Shape& shape, uint64_t* pixels)
{
    const int columns = WidthFor(shape) + 2;
    for (int c = 0; c < shape.channels; ++c)
    {
        for (int y = 0; y < shape.rows; ++y)
        {
            const uint8_t* source = input + (c * shape.rows + y) * shape.columns;
            uint64_t* target = pixels + (c / 64 * (shape.rows + 2) + y + 1) * columns + 1;
            for (int x = 0; x < shape.columns; ++x)
            {
                target[x] |= static_cast<uint64_t>(source[x]) << (c % 64);
            }
        }
    }
}

/// Appends `bits` bits of each pixel of a row at bit position `at` of its patch.
[[gnu::always_inline]] inline void
PutRow(const uint64_t* pixels, int width, unsigned at, unsigned bits, uint64_t* patches)
{
    const unsigned shift = at % 64;
    uint64_t* low = patches + at / 64 * width;
    uint64_t* high = low + width;
    for (int x = 0; x < width; x += LANES<uint64_t>)
    {
        VectorAt(low + x) |= VectorAt(pixels + x) << shift;
        if (shift + bits > 64)
        {
            VectorAt(high + x) |= VectorAt(pixels + x) >> (64 - shift);
        }
    }
}

/**
 * The 9 x channels bits under a filter, `[3, 3, channel]`, at every position of a row.
 * \param pixels from the first of the three rows on
 * \param patches `[word, width]`
 */
DDNN_SIMD_CLONES void
PackPatches(const uint64_t* pixels, const Shape& input, uint64_t* patches)
{
    const int width = WidthFor(input);
    std::fill_n(patches, WordsFor(9 * input.channels) * width, 0);
    unsigned at = 0;
    for (int tap = 0; tap < 9; ++tap)
    {
        const uint64_t* pixel = pixels + tap / 3 * (width + 2) + tap % 3;
        for (int left = input.channels; left > 0; left -= 64)
        {
            const unsigned bits = std::min(64, left);
            PutRow(pixel, width, at, bits, patches);
            at += bits;
            pixel += (input.rows + 2) * (width + 2);
        }
    }
}

/// The ones in each mask of a row, `[word, width]`.
DDNN_SIMD_CLONES void
CountOnes(const uint64_t* masks, int words, int width, int* counts)
{
    for (int x = 0; x < width; ++x)
    {
        counts[x] = 0;
        for (int k = 0; k < words; ++k)
        {
            counts[x] += __builtin_popcountll(masks[k * width + x]);
        }
    }
}

/// One row of MatchRow, for one number of words.
[[gnu::always_inline]] inline void
MatchWords(const uint64_t* patches,
           const uint64_t* masks,
           const int* counts,
           const uint64_t* weight,
           int words,
           const Shape& input,
           int32_t* sums)
{
    const int width = WidthFor(input);
    for (int x = 0; x < input.columns; ++x)
    {
        int different = 0;
        for (int k = 0; k < words; ++k)
        {
            const uint64_t bits = patches[k * width + x] ^ weight[k];
            different += __builtin_popcountll(bits & masks[k * width + x]);
        }
        sums[x] = counts[x] - 2 * different;
    }
}

/**
 * sums = count - 2 popcount((patch xor weight) and mask), for one filter along a row.
 * \param patches and \param masks `[word, width]`
 * \param counts of the ones in each mask
 * \param weight `[word]`
 */
DDNN_SIMD_CLONES void
MatchRow(const uint64_t* patches,
         const uint64_t* masks,
         const int* counts,
         const uint64_t* weight,
         int words,
         const Shape& input,
         int32_t* sums)
{
    switch (words) // a number known to the compiler makes the common sizes faster
    {
    case 3: // 15 to 21 channels
        return MatchWords(patches, masks, counts, weight, 3, input, sums);
    case 4: // 22 to 28 channels
        return MatchWords(patches, masks, counts, weight, 4, input, sums);
    default:
        return MatchWords(patches, masks, counts, weight, words, input, sums);
    }
}

} // namespace

BinaryConvP::BinaryConvP(const ConvP& block)
    : m_input(block.input)
    , m_spec(block.spec)
    , m_words(WordsFor(9 * block.input.channels))
    , m_weight(static_cast<std::size_t>(m_words) * block.spec.filters, 0)
{
    const int channels = m_input.channels;
    for (int f = 0; f < m_spec.filters; ++f)
    {
        for (int i = 0; i < 9 * channels; ++i)
        {
            const int tap = i / channels;
            const float weight = block.weight[(f * channels + i % channels) * 9 + tap];
            SetBit(&m_weight[f * m_words], i, weight >= 0);
        }
        m_thresholds.push_back(Fold(block.bn, f, 1, 9 * channels));
    }
    m_inside = MakeInside(std::vector<uint8_t>(channels, 1));
}

std::vector<uint64_t>
BinaryConvP::MakeInside(const std::vector<uint8_t>& present) const
{
    Signs nonZero;
    for (uint8_t channel : present)
    {
        nonZero.insert(nonZero.end(), m_input.rows * m_input.columns, channel);
    }
    std::vector<uint64_t> inside(PixelsSize(m_input));
    PackPixels(nonZero.data(), m_input, inside.data());
    return inside;
}

void
BinaryConvP::Match(const uint64_t* pixels, const uint64_t* inside, int32_t* sums) const
{
    const int width = WidthFor(m_input);
    std::vector<uint64_t> patches(static_cast<std::size_t>(m_words) * width);
    std::vector<uint64_t> masks(patches.size());
    std::vector<int> counts(width);
    for (int y = 0; y < m_input.rows; ++y)
    {
        PackPatches(pixels + y * (width + 2), m_input, patches.data());
        PackPatches(inside + y * (width + 2), m_input, masks.data());
        CountOnes(masks.data(), m_words, width, counts.data());
        for (int f = 0; f < m_spec.filters; ++f)
        {
            MatchRow(patches.data(),
                     masks.data(),
                     counts.data(),
                     m_weight.data() + static_cast<std::ptrdiff_t>(f) * m_words,
                     m_words,
                     m_input,
                     sums + (f * m_input.rows + y) * width);
        }
    }
}

Signs
BinaryConvP::Run(const Signs& input, const std::vector<uint8_t>& present) const
{
    const bool complete = std::find(present.begin(), present.end(), 0) == present.end();
    const int width = WidthFor(m_input);
    std::vector<int32_t> sums(static_cast<std::size_t>(m_spec.filters) * m_input.rows * width);
    std::vector<uint64_t> pixels(PixelsSize(m_input));
    PackPixels(input.data(), m_input, pixels.data());
    const std::vector<uint64_t> partly = complete ? std::vector<uint64_t>() : MakeInside(present);
    Match(pixels.data(), complete ? m_inside.data() : partly.data(), sums.data());
    const Shape output = BlockOutput(m_input, m_spec);
    Signs signs(output.Size());
    PoolSigns(sums.data(),
              width,
              m_input,
              m_spec.poolStride,
              m_thresholds.data(),
              m_spec.filters,
              signs.data());
    return signs;
}

BinaryFullyConnected::BinaryFullyConnected(const FullyConnected& layer)
    : m_inputs(layer.inputs)
    , m_words(WordsFor(layer.inputs))
    , m_weight(static_cast<std::size_t>(m_words) * layer.outputs, 0)
    , m_bn(layer.bn)
{
    for (int o = 0; o < layer.outputs; ++o)
    {
        for (int i = 0; i < m_inputs; ++i)
        {
            const float weight = layer.weight[static_cast<std::size_t>(o) * m_inputs + i];
            SetBit(&m_weight[static_cast<std::size_t>(o) * m_words], i, weight >= 0);
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
