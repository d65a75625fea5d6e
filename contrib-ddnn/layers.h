// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LAYERS_H
#define DDNN_LAYERS_H

#include "network.h"

#include <cstdint>
#include <memory>
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

/// The activation of a block in training, with a straight-through gradient: it passes where
/// |x| <= 1, in spite of sign and rounding.
class ActivationLayer
{
  public:
    /// \param coding that rounds float activations; FLOAT32 leaves them as they are
    ActivationLayer(Precision precision, FeatureCoding coding);

    /// In place.
    void Forward(Batch& batch);

    /// Turns the gradient of the output into that of the input, in place.
    void Backward(Batch& gradient) const;

  private:
    Precision m_precision;
    FeatureCoding m_coding;
    std::vector<uint8_t> m_passes;
};

/// A block of a section in training, with straight-through gradients of binary weights.
class BlockLayer
{
  public:
    virtual ~BlockLayer() = default;

    /**
     * \param input `[sample, channel x row x column]`; must outlive Backward
     * \param scale of the block's sums (pooled, of ConvP), `[sample]`
     * \return activations
     */
    virtual const Batch& Forward(const Batch& input,
                                 const std::vector<float>& scale,
                                 float decay) = 0;

    /// \param gradient of the activations
    /// \return that of the input; empty where it is not wanted
    virtual Batch Backward(const Batch& gradient, bool wantInput) = 0;

    virtual const Batch& Activations() const = 0;
};

/// A ConvP block in training.
class ConvPLayer : public BlockLayer
{
  public:
    /// \param coding of the features, if they travel
    ConvPLayer(ConvP& parameters, ConvP& gradients, FeatureCoding coding = FeatureCoding::FLOAT32);

    const Batch& Forward(const Batch& input, const std::vector<float>& scale, float decay) override;
    Batch Backward(const Batch& gradient, bool wantInput) override;
    const Batch& Activations() const override;

  private:
    ConvP& m_parameters;
    ConvP& m_gradients;
    BatchNormLayer m_bn;
    ActivationLayer m_activation;
    const Batch* m_input{nullptr};
    std::vector<float> m_scale;
    std::vector<int32_t> m_winners; ///< `[sample, filter x row x column]`, see ConvPoolKernel
    Batch m_activations;
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

/// A fully connected block in training.
class FullyConnectedBlockLayer : public BlockLayer
{
  public:
    /// \param coding of the features, if they travel
    FullyConnectedBlockLayer(FullyConnected& parameters,
                             FullyConnected& gradients,
                             FeatureCoding coding = FeatureCoding::FLOAT32);

    const Batch& Forward(const Batch& input, const std::vector<float>& scale, float decay) override;
    Batch Backward(const Batch& gradient, bool wantInput) override;
    const Batch& Activations() const override;

  private:
    FullyConnectedLayer m_linear;
    ActivationLayer m_activation;
    Batch m_activations;
};

/// The layer of a block.
/// \param coding of the features, if this is the last block of its section
std::unique_ptr<BlockLayer> MakeBlockLayer(Block& parameters,
                                           Block& gradients,
                                           FeatureCoding coding);

} // namespace ddnn

#endif // DDNN_LAYERS_H
