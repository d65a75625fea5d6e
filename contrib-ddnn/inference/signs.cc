// SPDX-License-Identifier: GPL-2.0-only
#include "signs.h"

#include "simd.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace ddnn
{

namespace
{

/// The highest of three vectors, lane by lane.
template <typename Sum>
[[gnu::always_inline]] inline void
StoreHighest(const Sum* first, const Sum* second, const Sum* third, Sum* highest)
{
    const Vector<Sum> a = VectorAt(first);
    const Vector<Sum> b = VectorAt(second);
    const Vector<Sum> c = VectorAt(third);
    const Vector<Sum> ab = a > b ? a : b;
    VectorAt(highest) = ab > c ? ab : c;
}

/// Pools the rows that the stride leaves, each with the lowest value before and behind it.
/// \param pooled `[row after pooling, width + 1]`
template <typename Sum>
[[gnu::always_inline]] inline void
PoolRows(const Sum* sums, int width, const Shape& input, int poolStride, Sum* pooled)
{
    constexpr Sum LOWEST = std::numeric_limits<Sum>::min();
    for (int y = 0; y < input.rows; y += poolStride)
    {
        const Sum* middle = sums + y * width;
        const Sum* above = y > 0 ? middle - width : middle;
        const Sum* below = y + 1 < input.rows ? middle + width : middle;
        for (int x = 0; x < width; x += LANES<Sum>)
        {
            StoreHighest(above + x, middle + x, below + x, pooled + x);
        }
        pooled[-1] = LOWEST;
        pooled[input.columns] = LOWEST;
        pooled += width + 1;
    }
}

template <typename Sum>
[[gnu::always_inline]] inline void
PoolWith(const Sum* sums,
         int width,
         const Shape& input,
         int poolStride,
         const FoldedThreshold* thresholds,
         int filters,
         uint8_t* signs)
{
    const Shape output = BlockOutput(input, {filters, poolStride});
    std::vector<Sum> buffer(output.rows * (width + 1) + 1);
    std::vector<Sum> pooled(width);
    for (int f = 0; f < filters; ++f)
    {
        const Sum direction = thresholds[f].flip ? -1 : 1;
        const Sum bound = static_cast<Sum>(thresholds[f].bound);
        const Sum* row = buffer.data() + 1;
        // all rows first, as a processor is slow to read what it wrote just before in other pieces
        PoolRows(sums + f * input.rows * width, width, input, poolStride, buffer.data() + 1);
        for (int y = 0; y < output.rows; ++y)
        {
            // every column, as that is faster than to pick those that the stride leaves
            for (int x = 0; x < width; x += LANES<Sum>)
            {
                StoreHighest(row + x - 1, row + x, row + x + 1, pooled.data() + x);
                VectorAt(pooled.data() + x) = VectorAt(pooled.data() + x) * direction >= bound;
            }
            for (int x = 0; x < output.columns; ++x)
            {
                *signs++ = pooled[x * poolStride] != 0 ? 1 : 0;
            }
            row += width + 1;
        }
    }
}

/// The bits of every byte value as eight bytes.
std::array<std::array<uint8_t, 8>, 256>
SpreadBytes()
{
    std::array<std::array<uint8_t, 8>, 256> table{};
    for (unsigned i = 0; i < table.size() * 8; ++i)
    {
        table[i / 8][i % 8] = i / 8 >> i % 8 & 1;
    }
    return table;
}

} // namespace

Signs
UnpackSigns(const Features& features, int size)
{
    static const auto TABLE = SpreadBytes();
    Signs signs(features.size() * 8);
    for (std::size_t i = 0; i < features.size(); ++i)
    {
        std::memcpy(signs.data() + i * 8, TABLE[features[i]].data(), 8);
    }
    signs.resize(size);
    return signs;
}

Features
PackSigns(const Signs& signs)
{
    Features features((signs.size() + 7) / 8, 0);
    for (std::size_t i = 0; i < signs.size() / 8; ++i)
    {
        const uint8_t* s = signs.data() + i * 8;
        features[i] = static_cast<uint8_t>(s[0] | s[1] << 1 | s[2] << 2 | s[3] << 3 | s[4] << 4 |
                                           s[5] << 5 | s[6] << 6 | s[7] << 7);
    }
    for (std::size_t i = signs.size() / 8 * 8; i < signs.size(); ++i)
    {
        features[i / 8] |= signs[i] << (i % 8);
    }
    return features;
}

FoldedThreshold
Fold(const BatchNorm& bn, int channel, float scale, int limit)
{
    const bool flip = bn.gamma[channel] < 0;
    auto isPlus = [&](int bound) {
        const auto p = static_cast<float>(flip ? -bound : bound);
        return bn.Apply(channel, p * scale) >= 0;
    };
    int low = -limit;     // every smaller bound is as good as this one
    int high = limit + 1; // never reached
    while (low < high)
    {
        const int middle = low + (high - low) / 2;
        if (isPlus(middle))
        {
            high = middle;
        }
        else
        {
            low = middle + 1;
        }
    }
    return {flip, low};
}

DDNN_SIMD_CLONES void
PoolSigns(const int16_t* sums,
          int width,
          const Shape& input,
          int poolStride,
          const FoldedThreshold* thresholds,
          int filters,
          uint8_t* signs)
{
    PoolWith(sums, width, input, poolStride, thresholds, filters, signs);
}

DDNN_SIMD_CLONES void
PoolSigns(const int32_t* sums,
          int width,
          const Shape& input,
          int poolStride,
          const FoldedThreshold* thresholds,
          int filters,
          uint8_t* signs)
{
    PoolWith(sums, width, input, poolStride, thresholds, filters, signs);
}

} // namespace ddnn
