// SPDX-License-Identifier: GPL-2.0-only
#include "integer-convp.h"

#include "simd.h"

#include <limits>

namespace ddnn
{

namespace
{

DDNN_SIMD_CLONES void
Convolve(const int16_t* lines,
         const PatternLayout& layout,
         const int* offsets,
         int filters,
         int16_t* sums)
{
    ConvolveWith(lines, layout, offsets, filters, sums);
}

DDNN_SIMD_CLONES void
Convolve(const int32_t* lines,
         const PatternLayout& layout,
         const int* offsets,
         int filters,
         int32_t* sums)
{
    ConvolveWith(lines, layout, offsets, filters, sums);
}

/// Largest absolute sum.
int
Limit(const ConvP& block, int maxInput)
{
    return 9 * block.input.channels * maxInput;
}

} // namespace

IntegerConvP::IntegerConvP(const ConvP& block, const std::vector<float>& scales, int maxInput)
    : m_input(block.input)
    , m_spec(block.spec)
    , m_fits16(Limit(block, maxInput) <
               std::numeric_limits<int16_t>::max()) // thresholds are at most that plus 1
    , m_layout(block.input, m_fits16 ? COLUMNS<int16_t> : COLUMNS<int32_t>)
    , m_offsets(m_layout.Offsets(block.weight))
{
    for (float scale : scales)
    {
        m_thresholds.emplace_back();
        for (int f = 0; f < m_spec.filters; ++f)
        {
            m_thresholds.back().push_back(Fold(block.bn, f, scale, Limit(block, maxInput)));
        }
    }
}

template <typename Input>
Signs
IntegerConvP::Run(const Input* input, int variant) const
{
    return m_fits16 ? RunWith<int16_t>(input, variant) : RunWith<int32_t>(input, variant);
}

template Signs IntegerConvP::Run(const uint8_t*, int) const;
template Signs IntegerConvP::Run(const int16_t*, int) const;

template <typename Sum, typename Input>
Signs
IntegerConvP::RunWith(const Input* input, int variant) const
{
    const std::vector<Sum> lines = PadLines<Sum>(input, m_layout);
    std::vector<Sum> sums(static_cast<std::size_t>(m_spec.filters) * m_input.rows * m_layout.width);
    Convolve(lines.data(), m_layout, m_offsets.data(), m_spec.filters, sums.data());
    Signs signs(BlockOutput(m_input, m_spec).Size());
    PoolSigns(sums.data(),
              m_layout.width,
              m_input,
              m_spec.poolStride,
              m_thresholds[variant].data(),
              m_spec.filters,
              signs.data());
    return signs;
}

} // namespace ddnn
