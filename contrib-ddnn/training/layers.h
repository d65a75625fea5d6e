// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LAYERS_H
#define DDNN_LAYERS_H

#include "contrib-ddnn/inference/aggregation.h"
#include "contrib-ddnn/inference/linear.h"
#include "contrib-ddnn/network/network.h"

#include <memory>
#include <optional>
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

    /// Multiplies every sample by its factor.
    /// \param factors `[sample]`
    void Scale(const std::vector<float>& factors);
};

/// Batch norm in training mode: with the statistics of the batch, the biased variance.
class BatchNormLayer
{
  public:
    BatchNormLayer(BatchNorm& parameters, BatchNorm& gradients);

    /// Normalises in place.
    /// \param batch `[sample, channel x any]`
    /// \param decay of the running statistics: 0 replaces them by the batch's, 1 keeps them
    void Forward(Batch& batch, float decay);

    /// Turns the gradient of the output into that of the input, in place; adds to the parameters'.
    void Backward(Batch& gradient) const;

  private:
    BatchNorm& m_parameters;
    BatchNorm& m_gradients;
    Batch m_normalised;                    ///< (x - mean) / sqrt(variance + epsilon)
    std::vector<float> m_inverseDeviation; ///< `[channel]`
};

/// A block of a section, or an exit, in training. The gradients of binary weights are
/// straight-through.
class Layer
{
  public:
    /// \param coding of the activations as they travel, which FLOAT32 leaves as they are; none of
    /// an
    ///        exit, which has no activations
    Layer(Block& parameters, Block& gradients, std::optional<FeatureCoding> coding);

    /**
     * \param input `[sample, channel x row x column]`; must outlive Backward
     * \param scale of the sums, `[sample]`; empty: 1
     * \return Output
     */
    const Batch& Forward(const Batch& input, const std::vector<float>& scale, float decay);

    /// \param gradient of the output
    /// \return that of the input; empty where it is not wanted
    Batch Backward(Batch gradient, bool wantInput);

    /// Activations or scores, `[sample, channel x row x column]`.
    const Batch& Output() const;

  private:
    bool IsWorthThreads() const;

    /// Straight-through: the gradient passes where |x| <= 1, in spite of sign and rounding.
    void Activate();

    Block& m_parameters;
    Block& m_gradients;
    std::optional<FeatureCoding> m_coding;
    BatchNormLayer m_bn;
    std::unique_ptr<TrainableLinear> m_linear; ///< with the weights of the last Forward
    const Batch* m_input{nullptr};
    std::vector<float> m_scale;
    std::vector<int32_t> m_winners; ///< `[sample, sum]`, see Linear
    std::vector<uint8_t> m_passes;  ///< `[sample, activation]`
    Batch m_output;
};

/// Joins what several nodes contribute to the samples of a batch.
class JoinLayer
{
  public:
    /// One node's contributions; all must outlive Backward.
    struct Input
    {
        const Batch* values;
        const std::vector<uint8_t>* present; ///< `[sample]`
        Batch* gradient;                     ///< of `values`
    };

    /// \return what Join makes of every sample: to be multiplied by Scale
    const Batch& Forward(Aggregation aggregation, const std::vector<Input>& nodes);

    /// \param gradient of what Forward has returned; adds to the nodes' gradients
    void Backward(const Batch& gradient) const;

    /// `[sample]`
    const std::vector<float>& Scale() const;

  private:
    Contributions<float> Of(int sample) const;

    Aggregation m_aggregation{};
    std::vector<Input> m_nodes;
    std::vector<int> m_sizes;
    Batch m_joined;
    std::vector<float> m_scale;
};

} // namespace ddnn

#endif // DDNN_LAYERS_H
