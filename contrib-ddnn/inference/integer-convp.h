// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_INTEGER_CONVP_H
#define DDNN_INTEGER_CONVP_H

#include "contrib-ddnn/network/network.h"
#include "convolve-row.h"
#include "signs.h"

#include <cstdint>
#include <vector>

namespace ddnn
{

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
    Signs RunWith(const Input* input, int variant) const;

    Shape m_input;
    BlockSpec m_spec;
    bool m_fits16; ///< all sums fit in 16 bits
    PatternLayout m_layout;
    std::vector<int> m_offsets;                             ///< see PatternLayout
    std::vector<std::vector<FoldedThreshold>> m_thresholds; ///< `[variant][filter]`
};

} // namespace ddnn

#endif // DDNN_INTEGER_CONVP_H
