// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_CONVOLVE_ROW_H
#define DDNN_CONVOLVE_ROW_H

#include <cstddef>
#include <cstring>
#include <vector>

namespace ddnn
{

/// Filters convolved together, so that each input is loaded once for all of them.
constexpr int FILTERS = 4;

/// Neighbouring columns that one vector holds.
template <typename Sum>
constexpr int LANES = 32 / sizeof(Sum);

constexpr int
RoundUp(int n, int multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

/// Planes `[channel, row, column]` with a border of one zero, whose rows can be read in whole
/// vectors.
template <typename Sum>
struct PaddedPlanes
{
    int rows;
    int columns;
    int rowStride;
    int planeStride;

    PaddedPlanes(int rows, int columns)
        : rows(rows)
        , columns(columns)
        , rowStride(RoundUp(columns, LANES<Sum>) + 2)
        , planeStride(rowStride * (rows + 2))
    {
    }

    /// \param input `[channel, row, column]` without the border
    template <typename Input>
    std::vector<Sum> Pad(const Input* input, int channels) const
    {
        std::vector<Sum> padded(static_cast<std::size_t>(planeStride) * channels, 0);
        for (int row = 0; row < channels * rows; ++row)
        {
            Sum* target =
                padded.data() + row / rows * planeStride + (row % rows + 1) * rowStride + 1;
            for (int x = 0; x < columns; ++x)
            {
                target[x] = input[row * columns + x];
            }
        }
        return padded;
    }
};

/**
 * Sums of one row of a 3x3 convolution for FILTERS filters. To be inlined into functions that are
 * compiled for several processors, see DDNN_SIMD_CLONES.
 *
 * \param input first of the three padded rows under the filters
 * \param weight `[channel, 3, 3, FILTERS]`, -1 or +1
 * \param sums of each filter, `[columns rounded up to LANES]`
 */
template <typename Sum>
[[gnu::always_inline]] inline void
ConvolveRowWith(const Sum* input,
                const PaddedPlanes<Sum>& layout,
                int channels,
                int columns,
                const Sum* weight,
                Sum* const* sums)
{
    using Vector [[gnu::vector_size(32)]] = Sum;
    for (int x = 0; x < columns; x += LANES<Sum>)
    {
        Vector sum[FILTERS] = {};
        for (int c = 0; c < channels; ++c)
        {
            for (int tap = 0; tap < 9; ++tap)
            {
                const int at = c * layout.planeStride + tap / 3 * layout.rowStride + tap % 3;
                Vector in;
                std::memcpy(&in, input + at + x, sizeof(in));
                for (int f = 0; f < FILTERS; ++f)
                {
                    sum[f] += in * weight[(c * 9 + tap) * FILTERS + f];
                }
            }
        }
        for (int f = 0; f < FILTERS; ++f)
        {
            std::memcpy(sums[f] + x, &sum[f], sizeof(Vector));
        }
    }
}

/**
 * The signs of a block's weights, as ConvolveRowWith reads them; filters are filled up with zeros.
 * \param weight `[filter, channel, 3, 3]`
 * \param signs `[filters / FILTERS rounded up, channel, 3, 3, FILTERS]`, zero before
 */
template <typename Sum>
void
ArrangeSigns(const float* weight, int filters, int channels, Sum* signs)
{
    for (int f = 0; f < filters; ++f)
    {
        for (int i = 0; i < channels * 9; ++i)
        {
            const int target = (f / FILTERS * channels * 9 + i) * FILTERS + f % FILTERS;
            signs[target] = weight[f * channels * 9 + i] >= 0 ? 1 : -1;
        }
    }
}

} // namespace ddnn

#endif // DDNN_CONVOLVE_ROW_H
