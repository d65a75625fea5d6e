// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_BLOCK_LAYERS_H
#define DDNN_BLOCK_LAYERS_H

#include "layers.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace ddnn
{

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

#endif // DDNN_BLOCK_LAYERS_H
