// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TRAINING_KERNELS_H
#define DDNN_TRAINING_KERNELS_H

#include "contrib-ddnn/inference/convolve-row.h"
#include "contrib-ddnn/network/network.h"

#include <cstdint>
#include <vector>

namespace ddnn
{

/**
 * The convolution and max-pool of a ConvP block on one sample, forward and backward, with the
 * effective weights.
 *
 * Forward runs along the columns of planes. Backward visits the patch under each winner, so there
 * the channel runs fastest and the 3 x C values under one row of a filter are contiguous.
 */
class ConvPoolKernel
{
  public:
    /// Takes the block's weights as they are now.
    explicit ConvPoolKernel(const ConvP& block);

    /**
     * \param input `[channel, row, column]`
     * \param pooled `[filter, row, column]`, the largest sums
     * \param winners `[filter, row, column]`, the position row * columns + column of each of them
     * in the convolution; of equal sums the first
     */
    void Forward(const float* input, float* pooled, int32_t* winners) const;

    /**
     * \param input, winners as in Forward
     * \param gradient `[filter, row, column]`, with respect to `pooled`
     * \param weightGradient `[filter, row, column, channel]` of the filters, added to
     * \param inputGradient `[channel, row, column]`, overwritten; nullptr: not needed
     */
    void Backward(const float* input,
                  const int32_t* winners,
                  const float* gradient,
                  float* weightGradient,
                  float* inputGradient) const;

    /// `[filter, row, column, channel]` to the `[filter, channel, row, column]` of ConvP::weight.
    void AddWeightGradient(const std::vector<float>& weightGradient,
                           std::vector<float>& target) const;

  private:
    /// The index in `[filter, 3, 3, channel]` of an index in `[filter, channel, 3, 3]`.
    std::size_t ChannelsLast(std::size_t i) const;

    /// `[row + 2, column + 2, channel]` with a border of zeros.
    std::vector<float> PadChannelsLast(const float* input) const;

    Shape m_input;
    Shape m_output;
    int m_stride;
    Precision m_precision;
    PatternLayout m_layout;
    std::vector<int> m_offsets;    ///< of a binary block, see PatternLayout
    std::vector<float> m_forward;  ///< of a float block, `[filter, channel, 3, 3]`
    std::vector<float> m_backward; ///< `[filter, 3, 3, channel]`
};

} // namespace ddnn

#endif // DDNN_TRAINING_KERNELS_H
