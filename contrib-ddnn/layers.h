// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LAYERS_H
#define DDNN_LAYERS_H

#include "network.h"

#include <cstdint>
#include <vector>

namespace ddnn
{

/// One float per sample and element, `[sample, element]`.
struct Batch
{
    int samples{0};
    int width{0}; ///< elements of one sample
    std::vector<float> values;

    Batch() = default;

    Batch(int samples, int width)
        : samples(samples)
        , width(width)
        , values(static_cast<std::size_t>(samples) * width, 0.0F)
    {
    }

    float* Sample(int i)
    {
        return values.data() + static_cast<std::size_t>(i) * width;
    }

    const float* Sample(int i) const
    {
        return values.data() + static_cast<std::size_t>(i) * width;
    }
};

/// Batch norm in training mode: with the statistics of the batch, the biased variance.
class BatchNormLayer
{
  public:
    /// \param perChannel neighbouring elements of a sample that share a channel
    BatchNormLayer(BatchNorm& parameters, BatchNorm& gradients, int perChannel);

    /// Normalises in place.
    /// \param decay of the running statistics: 0 replaces them by the batch's, 1 keeps them
    void Forward(Batch& batch, float decay);

    /// Turns the gradient of the output into that of the input, in place; adds to the parameters'.
    void Backward(Batch& gradient) const;

  private:
    BatchNorm& m_parameters;
    BatchNorm& m_gradients;
    int m_perChannel;
    Batch m_normalised;                    ///< (x - mean) / sqrt(variance + epsilon)
    std::vector<float> m_inverseDeviation; ///< `[channel]`
};

/// A ConvP block in training, with straight-through gradients of both signs.
class ConvPLayer
{
  public:
    ConvPLayer(ConvP& parameters, ConvP& gradients);

    /**
     * \param input `[sample, channel x row x column]`; must outlive Backward
     * \param scale of the pooled sums, `[sample]`
     * \return activations, -1 or +1
     */
    const Batch& Forward(const Batch& input, const std::vector<float>& scale, float decay);

    /// \param gradient of the activations
    /// \return that of the input; empty where it is not wanted
    Batch Backward(const Batch& gradient, bool wantInput);

    const Batch& Activations() const;

  private:
    ConvP& m_parameters;
    ConvP& m_gradients;
    BatchNormLayer m_bn;
    const Batch* m_input{nullptr};
    std::vector<float> m_scale;
    std::vector<int32_t> m_winners; ///< `[sample, filter x row x column]`, see ConvPoolKernel
    std::vector<uint8_t> m_passes;  ///< where the sign passes its gradient: |x| <= 1
    Batch m_activations;
};

/// A fully connected layer and its batch norm in training.
class FullyConnectedLayer
{
  public:
    FullyConnectedLayer(FullyConnected& parameters, FullyConnected& gradients);

    /// \param input `[sample, input]`; must outlive Backward
    /// \return scores `[sample, output]`
    const Batch& Forward(const Batch& input, float decay);

    /// \return the gradient of the input
    Batch Backward(Batch gradient);

    const Batch& Scores() const;

  private:
    FullyConnected& m_parameters;
    FullyConnected& m_gradients;
    BatchNormLayer m_bn;
    const Batch* m_input{nullptr};
    Batch m_scores;
};

} // namespace ddnn

#endif // DDNN_LAYERS_H
