// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LINEAR_H
#define DDNN_LINEAR_H

#include "contrib-ddnn/network/network.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ddnn
{

/**
 * The linear part of a block or exit on one sample, that is, all before batch norm: the pooled sums
 * of ConvP, the sums of FC. It uses the weights as they were when it was made.
 *
 * T is float, or int16_t for binary weights and inputs that are integers. The sums of these are
 * integers below 2^24, so that floats are as exact.
 */
template <typename T>
class Linear
{
  public:
    virtual ~Linear() = default;

    /// How many sums there are.
    virtual int Size() const = 0;

    /**
     * \param input `[channel, row, column]`
     * \param sums `[channel, row, column]`
     * \param winners for Backward, as many as sums; nullptr: not needed
     */
    virtual void Forward(const T* input, float* sums, int32_t* winners = nullptr) const = 0;
};

/// The same with a gradient.
class TrainableLinear : public Linear<float>
{
  public:
    /**
     * \param input, winners as in Forward
     * \param gradient with respect to the sums
     * \param weightGradient in the order of the weights, added to
     * \param inputGradient overwritten; nullptr: not needed
     */
    virtual void Backward(const float* input,
                          const int32_t* winners,
                          const float* gradient,
                          float* weightGradient,
                          float* inputGradient) const = 0;
};

std::unique_ptr<TrainableLinear> MakeLinear(const Block& block);

/// \param maxInput largest absolute input
/// \return none where the block is not binary or its sums might be too large
std::unique_ptr<Linear<int16_t>> MakeIntegerLinear(const Block& block, int maxInput);

/// Batch norm with the running statistics of sums times `scale`, in place: BatchNorm's y.
/// \param sums `[channel, ...]`
void Normalise(const BatchNorm& bn, float scale, std::vector<float>& sums);

} // namespace ddnn

#endif // DDNN_LINEAR_H
