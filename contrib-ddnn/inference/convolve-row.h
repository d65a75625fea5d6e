// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_CONVOLVE_ROW_H
#define DDNN_CONVOLVE_ROW_H

#include "contrib-ddnn/hierarchy/hierarchy.h"
#include "simd.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ddnn
{

/// Sums are computed for a multiple of this many columns: two vectors.
template <typename Sum>
constexpr int COLUMNS = 2 * LANES<Sum>;

constexpr int
RoundUp(int n, int multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

/**
 * The order in memory of a 3x3 convolution with weights of -1 and +1.
 *
 * The three weights in a row of a filter are one of 8 patterns of signs. So three neighbouring
 * inputs are summed with all 8 patterns once, and each filter has only one such sum per channel
 * and row to add, in place of three products.
 *
 * A window of three rows of pattern sums, `[row % 3, channel, pattern, width]`, goes down the map.
 */
struct PatternLayout
{
    static constexpr int PATTERNS = 8; ///< bit i: weight i is +1
    static constexpr int WINDOW = 3;

    int channels;
    int rows;
    int columns;
    int width; ///< columns, rounded up

    PatternLayout(const Shape& input, int columnsMultiple)
        : channels(input.channels)
        , rows(input.rows)
        , columns(input.columns)
        , width(RoundUp(input.columns, columnsMultiple))
    {
    }

    int RowStride() const
    {
        return channels * PATTERNS * width;
    }

    /**
     * Where each filter finds its pattern sums in the window.
     * \param weight `[filter, channel, 3, 3]`
     * \return `[row of the sums % 3, filter, row of the filter, channel]`
     */
    std::vector<int> Offsets(const std::vector<float>& weight) const
    {
        const int filters = static_cast<int>(weight.size()) / (9 * channels);
        std::vector<int> offsets;
        for (int i = 0; i < WINDOW * filters * 3 * channels; ++i)
        {
            const int channel = i % channels;
            const int row = i / channels % 3;
            const int filter = i / (3 * channels) % filters;
            const int y = i / (3 * channels * filters);
            const float* three = weight.data() + (filter * channels + channel) * 9 + row * 3;
            const int pattern =
                (three[0] >= 0 ? 1 : 0) | (three[1] >= 0 ? 2 : 0) | (three[2] >= 0 ? 4 : 0);
            offsets.push_back((y + row + 2) % WINDOW * RowStride() +
                              (channel * PATTERNS + pattern) * width);
        }
        return offsets;
    }
};

/// Rows with a zero before and zeros behind, `[channel, row, width + 2]`.
template <typename Sum, typename Input>
std::vector<Sum>
PadLines(const Input* input, const PatternLayout& layout)
{
    const int lines = layout.channels * layout.rows;
    std::vector<Sum> padded(static_cast<std::size_t>(lines) * (layout.width + 2), 0);
    for (int line = 0; line < lines; ++line)
    {
        std::copy_n(input + line * layout.columns,
                    layout.columns,
                    padded.data() + line * (layout.width + 2) + 1);
    }
    return padded;
}

/**
 * The sums of three neighbours of one row with all patterns.
 * \param line of the first channel, see PadLines
 * \param sums `[channel, pattern, width]`
 */
template <typename Sum>
[[gnu::always_inline]] inline void
SumPatterns(const Sum* line, const PatternLayout& layout, Sum* sums)
{
    const int width = layout.width;
    for (int c = 0; c < layout.channels; ++c)
    {
        for (int x = 0; x < width; x += LANES<Sum>)
        {
            const Vector<Sum> left = VectorAt(line + x);
            const Vector<Sum> middle = VectorAt(line + x + 1);
            const Vector<Sum> right = VectorAt(line + x + 2);
            VectorAt(sums + x) = -left - middle - right;
            VectorAt(sums + width + x) = left - middle - right;
            VectorAt(sums + 2 * width + x) = middle - left - right;
            VectorAt(sums + 3 * width + x) = left + middle - right;
            VectorAt(sums + 4 * width + x) = right - left - middle;
            VectorAt(sums + 5 * width + x) = left - middle + right;
            VectorAt(sums + 6 * width + x) = middle - left + right;
            VectorAt(sums + 7 * width + x) = left + middle + right;
        }
        line += layout.rows * (width + 2);
        sums += PatternLayout::PATTERNS * width;
    }
}

/// The sum of `terms` rows of pattern sums.
template <typename Sum>
[[gnu::always_inline]] inline void
AddRows(const Sum* window, const int* offsets, int terms, int width, Sum* sums)
{
    for (int x = 0; x < width; x += COLUMNS<Sum>)
    {
        Vector<Sum> left = {};
        Vector<Sum> right = {};
        for (int i = 0; i < terms; ++i)
        {
            left += VectorAt(window + offsets[i] + x);
            right += VectorAt(window + offsets[i] + x + LANES<Sum>);
        }
        VectorAt(sums + x) = left;
        VectorAt(sums + x + LANES<Sum>) = right;
    }
}

/**
 * The convolution. To be inlined into functions that are compiled for several processors, see
 * DDNN_SIMD_CLONES.
 *
 * \param lines see PadLines
 * \param offsets see PatternLayout
 * \param sums `[filter, row, width]`
 */
template <typename Sum>
[[gnu::always_inline]] inline void
ConvolveWith(const Sum* lines,
             const PatternLayout& layout,
             const int* offsets,
             int filters,
             Sum* sums)
{
    const int window = PatternLayout::WINDOW;
    std::vector<Sum> patternSums(window * layout.RowStride());
    SumPatterns(lines, layout, patternSums.data());
    for (int y = 0; y < layout.rows; ++y)
    {
        if (y + 1 < layout.rows)
        {
            SumPatterns(lines + (y + 1) * (layout.width + 2),
                        layout,
                        patternSums.data() + (y + 1) % window * layout.RowStride());
        }
        const int first = y > 0 ? 0 : layout.channels;
        const int end = (y + 1 < layout.rows ? 3 : 2) * layout.channels;
        for (int f = 0; f < filters; ++f)
        {
            AddRows(patternSums.data(),
                    offsets + (y % window * filters + f) * 3 * layout.channels + first,
                    end - first,
                    layout.width,
                    sums + (f * layout.rows + y) * layout.width);
        }
    }
}

} // namespace ddnn

#endif // DDNN_CONVOLVE_ROW_H
