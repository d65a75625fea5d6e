// SPDX-License-Identifier: GPL-2.0-only
#include "convolution.h"

#include "simd.h"

#include <limits>
#include <memory>

namespace ddnn
{

namespace
{

/// The sums of one filter.
int
SumsPlane(const Shape& map)
{
    return map.rows * PaddedWidth(map) + SLACK;
}

/// The sums of FILTERS_AT_ONCE filters at 2 x LANES positions from `input` on.
[[gnu::always_inline]] inline void
ConvolveTile(const float* input, const Shape& shape, const float* weight, float* sums)
{
    const int width = PaddedWidth(shape);
    Vector<float> left[FILTERS_AT_ONCE] = {};
    Vector<float> right[FILTERS_AT_ONCE] = {};
    for (int c = 0; c < shape.channels; ++c)
    {
        for (int tap = 0; tap < 9; ++tap)
        {
            const float* inputs = input + (c * (shape.rows + 2) + tap / 3) * width + tap % 3;
            const Vector<float> leftInputs = VectorAt(inputs);
            const Vector<float> rightInputs = VectorAt(inputs + LANES<float>);
#pragma GCC unroll 4
            for (int f = 0; f < FILTERS_AT_ONCE; ++f)
            {
                const float w = weight[(f * shape.channels + c) * 9 + tap];
                left[f] += w * leftInputs;
                right[f] += w * rightInputs;
            }
        }
    }
#pragma GCC unroll 4
    for (int f = 0; f < FILTERS_AT_ONCE; ++f)
    {
        VectorAt(sums + f * SumsPlane(shape)) = left[f];
        VectorAt(sums + f * SumsPlane(shape) + LANES<float>) = right[f];
    }
}

/// The positions of a filter run through the rows of the padded map.
DDNN_SIMD_CLONES void
Convolve(const float* padded, const Shape& shape, const float* weight, int filters, float* sums)
{
    for (int at = 0; at < shape.rows * PaddedWidth(shape); at += 2 * LANES<float>)
    {
        for (int f = 0; f < filters; f += FILTERS_AT_ONCE)
        {
            ConvolveTile(padded + at,
                         shape,
                         weight + f * 9 * shape.channels,
                         sums + f * SumsPlane(shape) + at);
        }
    }
}

/// The sums of three neighbours with every pattern of signs: bit i is set where neighbour i counts
/// +1. \param patterns `[pattern, position]`
DDNN_SIMD_CLONES void
SumPatterns(const int16_t* padded, int positions, int stride, int16_t* patterns)
{
    for (int at = 0; at < positions; at += LANES<int16_t>)
    {
        const Vector<int16_t> left = VectorAt(padded + at);
        const Vector<int16_t> middle = VectorAt(padded + at + 1);
        const Vector<int16_t> right = VectorAt(padded + at + 2);
        const Vector<int16_t> sums[] = {right + middle + left,
                                        right + middle - left,
                                        right - middle + left,
                                        right - middle - left};
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i)
        {
            VectorAt(patterns + (7 - i) * stride + at) = sums[i];
            VectorAt(patterns + i * stride + at) = -sums[i];
        }
    }
}

/// sums += above + middle + below
DDNN_SIMD_CLONES void
AddRows(const int16_t* above, const int16_t* middle, const int16_t* below, int n, int16_t* sums)
{
    for (int at = 0; at < n; at += LANES<int16_t>)
    {
        VectorAt(sums + at) += VectorAt(above + at) + VectorAt(middle + at) + VectorAt(below + at);
    }
}

/// The lowest number before and behind each row of the sums.
template <typename T>
void
SetEdges(const Shape& map, T* sums)
{
    for (int f = 0; f < map.channels; ++f)
    {
        for (int y = 0; y < map.rows; ++y)
        {
            T* row = sums + f * SumsPlane(map) + y * PaddedWidth(map) - 1;
            row[0] = row[map.columns + 1] = std::numeric_limits<T>::lowest();
        }
    }
}

/// LANES values, each STRIDE behind the one before.
template <int STRIDE, typename T>
[[gnu::always_inline]] inline void
Load(const T* from, Vector<T>& values)
{
    if constexpr (STRIDE == 1)
    {
        values = VectorAt(from);
    }
    else if constexpr (LANES<T> == 8)
    {
        values =
            __builtin_shufflevector(VectorAt(from), VectorAt(from + 8), 0, 2, 4, 6, 8, 10, 12, 14);
    }
    else
    {
        // clang-format off
        values = __builtin_shufflevector(
            VectorAt(from), VectorAt(from + 16),
            0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        // clang-format on
    }
}

/// The highest of the values from three addresses on.
template <int STRIDE, typename T>
[[gnu::always_inline]] inline void
StoreHighest(const T* first, const T* second, const T* third, T* highest)
{
    Vector<T> a;
    Vector<T> b;
    Vector<T> c;
    Load<STRIDE>(first, a);
    Load<STRIDE>(second, b);
    Load<STRIDE>(third, c);
    const Vector<T> ab = a > b ? a : b;
    VectorAt(highest) = ab > c ? ab : c;
}

template <int STRIDE, typename T>
[[gnu::always_inline]] inline void
MaxPoolWith(const T* sums, const Shape& map, float* pooled)
{
    const int width = PaddedWidth(map);
    const int columns = BlockOutput(map, {map.channels, STRIDE}).columns;
    std::vector<T> highest(map.rows * width + SLACK);
    std::vector<T> row(columns + SLACK);
    for (int f = 0; f < map.channels; ++f, sums += SumsPlane(map))
    {
        // all rows first, as a processor is slow to read what it wrote just before in other pieces
        for (int y = 0; y < map.rows; y += STRIDE)
        {
            const T* middle = sums + y * width;
            const T* above = y > 0 ? middle - width : middle;
            const T* below = y + 1 < map.rows ? middle + width : middle;
            for (int x = 0; x < width; x += LANES<T>)
            {
                StoreHighest<1>(above + x, middle + x, below + x, &highest[y * width + x]);
            }
        }
        for (int y = 0; y < map.rows; y += STRIDE)
        {
            const T* h = highest.data() + y * width;
            for (int x = 0; x < columns; x += LANES<T>, h += STRIDE * LANES<T>)
            {
                StoreHighest<STRIDE>(h, h + 1, h + 2, &row[x]);
            }
            pooled = std::copy_n(row.data(), columns, pooled);
        }
    }
}

/// FindWinners in a row after pooling.
template <int STRIDE>
[[gnu::always_inline]] inline void
FindInRow(const float* sums, int first, int last, int width, const float* pooled, int32_t* winners)
{
    const Vector<float> highest = VectorAt(pooled);
    Vector<int32_t> lanes{};
    for (int lane = 0; lane < LANES<int32_t>; ++lane)
    {
        lanes[lane] = lane * STRIDE;
    }
    Vector<int32_t> winner = lanes + (first + 1);
    for (int row = last; row >= first; row -= width)
    {
#pragma GCC unroll 3
        for (int tap = 2; tap >= 0; --tap)
        {
            Vector<float> values;
            Load<STRIDE>(sums + row + tap, values);
            winner = values == highest ? lanes + (row + tap) : winner;
        }
    }
    VectorAt(winners) = winner;
}

template <int STRIDE>
[[gnu::always_inline]] inline void
FindWinnersWith(const float* sums, const Shape& map, const float* pooled, int32_t* winners)
{
    const int width = PaddedWidth(map);
    const int columns = BlockOutput(map, {map.channels, STRIDE}).columns;
    std::vector<float> highest(columns + SLACK);
    std::vector<int32_t> row(columns + SLACK);
    for (int f = 0; f < map.channels; ++f, sums += SumsPlane(map))
    {
        for (int y = 0; y < map.rows; y += STRIDE, pooled += columns)
        {
            std::copy_n(pooled, columns, highest.data());
            for (int x = 0; x < columns; x += LANES<float>)
            {
                FindInRow<STRIDE>(sums,
                                  std::max(y - 1, 0) * width + x * STRIDE,
                                  std::min(y + 1, map.rows - 1) * width + x * STRIDE,
                                  width,
                                  highest.data() + x,
                                  row.data() + x);
            }
            winners = std::copy_n(row.data(), columns, winners);
        }
    }
}

/// The sum of the lanes, in a fixed order.
[[gnu::always_inline]] inline float
AddLanes(const Vector<float>& v)
{
    float sum = 0;
    for (int lane = 0; lane < LANES<float>; ++lane)
    {
        sum += v[lane];
    }
    return sum;
}

} // namespace

Convolution::Convolution(const Shape& input, std::vector<float> weight)
    : m_input(input)
    , m_filters(static_cast<int>(weight.size()) / (9 * input.channels))
    , m_weight(std::move(weight))
{
    m_weight.resize(static_cast<std::size_t>(RoundUp(m_filters, FILTERS_AT_ONCE)) * 9 *
                    input.channels);
}

std::vector<float>
Convolution::Sums(const float* padded) const
{
    const int filters = RoundUp(m_filters, FILTERS_AT_ONCE);
    std::vector<float> sums(1 + static_cast<std::size_t>(filters) * SumsPlane(m_input));
    Convolve(padded, m_input, m_weight.data(), filters, sums.data() + 1);
    SetEdges({m_filters, m_input.rows, m_input.columns}, sums.data() + 1);
    return sums;
}

BinaryConvolution::BinaryConvolution(const Shape& input, const std::vector<float>& weight)
    : m_input(input)
    , m_patternStride(RoundUp(PaddedPlane(input) + SLACK, LANES<int16_t>))
{
    for (std::size_t i = 0; i < weight.size(); i += 3)
    {
        const int pattern =
            (weight[i] >= 0 ? 1 : 0) | (weight[i + 1] >= 0 ? 2 : 0) | (weight[i + 2] >= 0 ? 4 : 0);
        const int row = static_cast<int>(i / 3 % 3);
        m_rows.push_back(pattern * m_patternStride + row * PaddedWidth(input));
    }
}

std::vector<int16_t>
BinaryConvolution::Sums(const int16_t* padded) const
{
    const int filters = static_cast<int>(m_rows.size()) / (3 * m_input.channels);
    const int plane = SumsPlane(m_input);
    // not a vector, which would be filled with zeros first
    const std::unique_ptr<int16_t[]> patterns(new int16_t[8 * m_patternStride]);
    std::vector<int16_t> sums(1 + static_cast<std::size_t>(filters) * plane);
    for (int c = 0; c < m_input.channels; ++c)
    {
        SumPatterns(padded + c * PaddedPlane(m_input),
                    PaddedPlane(m_input) + LANES<int16_t>, // AddRows reads behind the last one
                    m_patternStride,
                    patterns.get());
        for (int f = 0; f < filters; ++f)
        {
            const int* rows = &m_rows[(f * m_input.channels + c) * 3];
            AddRows(patterns.get() + rows[0],
                    patterns.get() + rows[1],
                    patterns.get() + rows[2],
                    plane - SLACK,
                    sums.data() + 1 + f * plane);
        }
    }
    SetEdges({filters, m_input.rows, m_input.columns}, sums.data() + 1);
    return sums;
}

template <>
DDNN_SIMD_CLONES void
MaxPool(const float* sums, const Shape& map, int stride, float* pooled)
{
    stride == 1 ? MaxPoolWith<1>(sums, map, pooled) : MaxPoolWith<2>(sums, map, pooled);
}

template <>
DDNN_SIMD_CLONES void
MaxPool(const int16_t* sums, const Shape& map, int stride, float* pooled)
{
    stride == 1 ? MaxPoolWith<1>(sums, map, pooled) : MaxPoolWith<2>(sums, map, pooled);
}

DDNN_SIMD_CLONES void
FindWinners(const float* sums, const Shape& map, int stride, const float* pooled, int32_t* winners)
{
    stride == 1 ? FindWinnersWith<1>(sums, map, pooled, winners)
                : FindWinnersWith<2>(sums, map, pooled, winners);
}

void
CopySums(const float* sums, const Shape& map, float* target)
{
    for (int f = 0; f < map.channels; ++f)
    {
        for (int y = 0; y < map.rows; ++y)
        {
            const float* row = sums + f * SumsPlane(map) + y * PaddedWidth(map) + 1;
            target = std::copy_n(row, map.columns, target);
        }
    }
}

DDNN_SIMD_CLONES void
AddWeightGradient(const float* padded,
                  const Shape& input,
                  const float* gradient,
                  int filters,
                  float* weightGradient)
{
    const int width = PaddedWidth(input);
    const int plane = PaddedPlane(input);
    for (int f = 0; f < filters; f += FILTERS_AT_ONCE)
    {
        const float* slopes = gradient + f * plane + width + 1;
        for (int row = 0; row < 3 * input.channels; ++row)
        {
            const float* inputs = padded + row / 3 * plane + row % 3 * width;
            Vector<float> sums[FILTERS_AT_ONCE][3] = {};
            for (int at = 0; at < input.rows * width; at += LANES<float>)
            {
#pragma GCC unroll 12
                for (int i = 0; i < 3 * FILTERS_AT_ONCE; ++i)
                {
                    sums[i / 3][i % 3] +=
                        VectorAt(slopes + i / 3 * plane + at) * VectorAt(inputs + at + i % 3);
                }
            }
            for (int i = 0; i < 3 * std::min(FILTERS_AT_ONCE, filters - f); ++i)
            {
                weightGradient[((f + i / 3) * input.channels * 3 + row) * 3 + i % 3] +=
                    AddLanes(sums[i / 3][i % 3]);
            }
        }
    }
}

} // namespace ddnn
