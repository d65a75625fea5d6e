// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_CONVOLUTION_H
#define DDNN_CONVOLUTION_H

#include "contrib-ddnn/hierarchy/hierarchy.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ddnn
{

/// The kernels compute so many filters at a time: their arrays are rounded up to a multiple of it.
constexpr int FILTERS_AT_ONCE = 4;

/// Elements that the kernels may read or write behind the end of an array.
constexpr int SLACK = 64;

constexpr int
RoundUp(int n, int multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

/// Columns of a map with a border of zeros. With at least four, what the kernels read behind the
/// last row of one channel is the border of the next.
inline int
PaddedWidth(const Shape& shape)
{
    return std::max(shape.columns, 2) + 2;
}

/// One channel of a map with a border of zeros.
inline int
PaddedPlane(const Shape& shape)
{
    return (shape.rows + 2) * PaddedWidth(shape);
}

inline std::size_t
PaddedSize(const Shape& shape)
{
    return static_cast<std::size_t>(shape.channels) * PaddedPlane(shape) + SLACK;
}

/// A map with a border of zeros, `[channel, row + 2, column + 2]`, as the kernels read it.
template <typename T>
std::vector<T>
Pad(const T* map, const Shape& shape)
{
    std::vector<T> padded(PaddedSize(shape));
    T* row = padded.data() + 1;
    for (int c = 0; c < shape.channels; ++c)
    {
        row += PaddedWidth(shape); // the border above
        for (int y = 0; y < shape.rows; ++y, row += PaddedWidth(shape))
        {
            std::copy_n(map, shape.columns, row);
            map += shape.columns;
        }
        row += PaddedWidth(shape); // the border below
    }
    return padded;
}

/**
 * 3x3 convolution, stride 1, padding 1.
 *
 * Every sum adds its terms in the order channel, row, column, and no multiplication is fused with
 * an addition: the sums are the same bits on every processor.
 */
class Convolution
{
  public:
    /// \param weight `[filter, channel, 3, 3]`
    Convolution(const Shape& input, std::vector<float> weight);

    /**
     * \param padded see Pad
     * \return `[filter, row, 1 + column + 1]`, the lowest number before and behind each row
     */
    std::vector<float> Sums(const float* padded) const;

  private:
    Shape m_input;
    int m_filters;
    std::vector<float> m_weight;
};

/**
 * The same of integers with the signs of the weights, exact while the sums fit in 16 bits.
 *
 * The three weights in a row of a filter are one of 8 patterns of signs. So three neighbouring
 * inputs are summed with all patterns once, and each filter has only one such sum per channel and
 * row to add, in place of three products.
 */
class BinaryConvolution
{
  public:
    /// \param weight `[filter, channel, 3, 3]`
    BinaryConvolution(const Shape& input, const std::vector<float>& weight);

    /// \return as that of Convolution
    std::vector<int16_t> Sums(const int16_t* padded) const;

  private:
    Shape m_input;
    int m_patternStride;
    std::vector<int> m_rows; ///< `[filter, channel, 3]`, where the sums with the row's pattern are
};

/**
 * 3x3 maximum, padding 1 that never wins.
 * \param sums of Convolution, of the shape `map`
 * \param pooled `[filter, row, column]`
 */
template <typename T>
void MaxPool(const T* sums, const Shape& map, int stride, float* pooled);

/// Where the maxima of MaxPool are, the first in row-major order: row * (column + 2) + column + 1.
void FindWinners(const float* sums,
                 const Shape& map,
                 int stride,
                 const float* pooled,
                 int32_t* winners);

/// Convolution's sums without what is before and behind each row, `[filter, row, column]`.
void CopySums(const float* sums, const Shape& map, float* target);

/**
 * The gradient of a convolution's weights.
 * \param padded see Pad
 * \param gradient of the sums, as a padded map with filters up to a multiple of FILTERS_AT_ONCE
 * \param weightGradient `[filter, channel, 3, 3]`, added to
 */
void AddWeightGradient(const float* padded,
                       const Shape& input,
                       const float* gradient,
                       int filters,
                       float* weightGradient);

} // namespace ddnn

#endif // DDNN_CONVOLUTION_H
