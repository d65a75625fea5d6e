// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_BINARY_LAYERS_H
#define DDNN_BINARY_LAYERS_H

#include "contrib-ddnn/network/network.h"
#include "signs.h"

#include <cstdint>
#include <vector>

namespace ddnn
{

/**
 * A ConvP block on binary input, by exclusive or and population count.
 *
 * With x and w in {-1, +1} coded as bits, x w = 1 - 2 (x xor w), so a sum over n terms is
 * n - 2 popcount(x xor w); zeros (padding, channels of absent nodes) are left out of n and masked
 * out of the count.
 */
class BinaryConvP
{
  public:
    explicit BinaryConvP(const ConvP& block);

    /// \param input `[channel, row, column]`
    /// \param present `[channel]`, 0: all of that channel's inputs are zero; empty: none is
    Signs Run(const Signs& input, const std::vector<uint8_t>& present) const;

  private:
    /// Ones where the input is not zero, in the place of the input's bits: Match masks with them.
    std::vector<uint64_t> MakeInside(const std::vector<uint8_t>& present) const;
    void Match(const uint64_t* pixels, const uint64_t* inside, int32_t* sums) const;

    Shape m_input;
    BlockSpec m_spec;
    int m_words;                    ///< 64-bit words of a patch of 9 x channels bits
    std::vector<uint64_t> m_weight; ///< `[filter, word]`, bits in the order `[3, 3, channel]`
    std::vector<FoldedThreshold> m_thresholds; ///< `[filter]`
    std::vector<uint64_t> m_inside;            ///< if no channel is zero
};

/// A fully connected layer on binary input.
class BinaryFullyConnected
{
  public:
    explicit BinaryFullyConnected(const FullyConnected& layer);

    Scores Run(const Features& input) const;

  private:
    int m_inputs;
    int m_words;
    std::vector<uint64_t> m_weight; ///< `[output, word]`
    BatchNorm m_bn;
};

} // namespace ddnn

#endif // DDNN_BINARY_LAYERS_H
