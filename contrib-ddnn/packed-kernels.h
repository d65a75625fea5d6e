// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_PACKED_KERNELS_H
#define DDNN_PACKED_KERNELS_H

#include "feature-bits.h"
#include "network.h"

#include <cstdint>
#include <vector>

namespace ddnn
{

/// Binary activations, one byte each: 1 for +1, 0 for -1, in the order `[channel, row, column]`.
using Signs = std::vector<uint8_t>;

Signs UnpackSigns(const Features& features, int size);
Features PackSigns(const Signs& signs);

/**
 * Batch norm and sign of a filter, folded: the sign is +1 where `flip ? -p >= bound : p >= bound`
 * for the pooled integer sum p.
 *
 * BatchNorm::Apply(p scale) is monotone in p, its rounding included, so that a search over p finds
 * exactly the bound at which it changes sign.
 */
struct FoldedThreshold
{
    bool flip{false}; ///< gamma is negative
    int bound{0};
};

/// \param limit largest |p| that can occur
FoldedThreshold Fold(const BatchNorm& bn, int channel, float scale, int limit);

/// A ConvP block on integer input: views, or sums that AP has made.
class IntegerConvP
{
  public:
    /// \param scales of the pooled sums, one variant of the thresholds for each
    /// \param maxInput largest absolute input
    IntegerConvP(const ConvP& block, const std::vector<float>& scales, int maxInput);

    /// \param input `[channel, row, column]`
    /// \param variant index into `scales`
    template <typename Input>
    Signs Run(const Input* input, int variant) const;

  private:
    template <typename Sum, typename Input>
    Signs RunWith(const std::vector<Sum>& weight, const Input* input, int variant) const;

    Shape m_input;
    ConvPSpec m_spec;
    std::vector<int16_t> m_weight16; ///< signs, see ArrangeSigns; where all sums fit in 16 bits
    std::vector<int32_t> m_weight32; ///< signs, where they do not
    std::vector<std::vector<FoldedThreshold>> m_thresholds; ///< `[variant][filter]`
};

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
    std::vector<uint64_t> PackMask(unsigned border, const std::vector<uint8_t>& present) const;

    Shape m_input;
    ConvPSpec m_spec;
    int m_words;                    ///< 64-bit words of a patch of 9 x channels bits
    std::vector<uint64_t> m_weight; ///< `[filter, word]`, bits in the order `[3, 3, channel]`
    std::vector<FoldedThreshold> m_thresholds; ///< `[filter]`
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

#endif // DDNN_PACKED_KERNELS_H
