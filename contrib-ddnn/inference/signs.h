// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SIGNS_H
#define DDNN_SIGNS_H

#include "contrib-ddnn/network/network.h"
#include "model.h"

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

/**
 * 3x3 max-pool of integer sums, batch norm and sign.
 *
 * \param sums `[filter, row, width]`
 * \param width columns rounded up to a multiple of LANES
 * \param thresholds `[filter]`
 * \param signs `[filter, row, column]` after pooling
 */
void PoolSigns(const int16_t* sums,
               int width,
               const Shape& input,
               int poolStride,
               const FoldedThreshold* thresholds,
               int filters,
               uint8_t* signs);
void PoolSigns(const int32_t* sums,
               int width,
               const Shape& input,
               int poolStride,
               const FoldedThreshold* thresholds,
               int filters,
               uint8_t* signs);

} // namespace ddnn

#endif // DDNN_SIGNS_H
