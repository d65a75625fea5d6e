// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LAYERS_H
#define DDNN_LAYERS_H

#include "contrib-ddnn/network/network.h"

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

/// A fully connected layer and its batch norm in training.
class FullyConnectedLayer
{
  public:
    FullyConnectedLayer(FullyConnected& parameters, FullyConnected& gradients);

    /// \param input `[sample, input]`; must outlive Backward
    /// \param scale of the sums, `[sample]`; empty: 1
    /// \return scores `[sample, output]`
    const Batch& Forward(const Batch& input, float decay, const std::vector<float>& scale = {});

    /// \return the gradient of the input; empty where it is not wanted
    Batch Backward(Batch gradient, bool wantInput = true);

    const Batch& Scores() const;

  private:
    /// Multiplies the samples by their scales.
    void Scale(Batch& batch) const;

    FullyConnected& m_parameters;
    FullyConnected& m_gradients;
    BatchNormLayer m_bn;
    const Batch* m_input{nullptr};
    std::vector<float> m_scale;
    Batch m_scores;
};

} // namespace ddnn

#endif // DDNN_LAYERS_H
