// SPDX-License-Identifier: GPL-2.0-only
#include "block-layers.h"

#include "contrib-ddnn/inference/feature-coding.h"
#include "parallel.h"
#include "training-kernels.h"

#include <algorithm>
#include <cmath>

namespace ddnn
{

namespace
{

/// Samples whose weight gradients are added up together. Fixed, so that the order of additions and
/// with it the result does not depend on the number of threads.
constexpr int CHUNK = 8;

/// Multiplications below which threads cost more than they save.
constexpr double PARALLEL_WORK = 1e6;

bool
IsWorthThreads(const ConvP& block, int samples)
{
    return 9.0 * block.input.Size() * block.spec.filters * samples > PARALLEL_WORK;
}

} // namespace

ActivationLayer::ActivationLayer(Precision precision, FeatureCoding coding)
    : m_precision(precision)
    , m_coding(coding)
{
}

void
ActivationLayer::Forward(Batch& batch)
{
    m_passes.resize(batch.values.size());
    for (std::size_t j = 0; j < m_passes.size(); ++j)
    {
        float& x = batch.values[j];
        m_passes[j] = std::abs(x) <= 1;
        x = m_precision == Precision::BINARY ? Activate(m_precision, x) : RoundFeature(m_coding, x);
    }
}

void
ActivationLayer::Backward(Batch& gradient) const
{
    for (std::size_t j = 0; j < m_passes.size(); ++j)
    {
        gradient.values[j] *= m_passes[j];
    }
}

ConvPLayer::ConvPLayer(ConvP& parameters, ConvP& gradients, FeatureCoding coding)
    : m_parameters(parameters)
    , m_gradients(gradients)
    , m_bn(parameters.bn,
           gradients.bn,
           BlockOutput(parameters.input, parameters.spec).Size() / parameters.spec.filters)
    , m_activation(parameters.spec.precision, coding)
{
}

const Batch&
ConvPLayer::Forward(const Batch& input, const std::vector<float>& scale, float decay)
{
    m_input = &input;
    m_scale = scale;
    const ConvPoolKernel kernel(m_parameters);
    m_activations = Batch(input.samples, BlockOutput(m_parameters.input, m_parameters.spec).Size());
    m_winners.resize(m_activations.values.size());
    ParallelFor(input.samples, IsWorthThreads(m_parameters, input.samples), [&](int i) {
        float* pooled = m_activations.Sample(i);
        kernel.Forward(input.Sample(i),
                       pooled,
                       m_winners.data() + static_cast<std::size_t>(i) * m_activations.width);
        for (int j = 0; j < m_activations.width; ++j)
        {
            pooled[j] *= scale[i];
        }
    });
    m_bn.Forward(m_activations, decay);
    m_activation.Forward(m_activations);
    return m_activations;
}

Batch
ConvPLayer::Backward(const Batch& gradient, bool wantInput)
{
    Batch inner = gradient;
    m_activation.Backward(inner);
    m_bn.Backward(inner);
    const ConvPoolKernel kernel(m_parameters);
    Batch inputGradient(wantInput ? inner.samples : 0, m_input->width);
    const int chunks = (inner.samples + CHUNK - 1) / CHUNK;
    std::vector<std::vector<float>> weightGradients(
        chunks,
        std::vector<float>(m_parameters.weight.size(), 0.0F));
    ParallelFor(chunks, IsWorthThreads(m_parameters, inner.samples), [&](int chunk) {
        for (int i = chunk * CHUNK; i < std::min((chunk + 1) * CHUNK, inner.samples); ++i)
        {
            for (int j = 0; j < inner.width; ++j)
            {
                inner.Sample(i)[j] *= m_scale[i];
            }
            kernel.Backward(m_input->Sample(i),
                            m_winners.data() + static_cast<std::size_t>(i) * inner.width,
                            inner.Sample(i),
                            weightGradients[chunk].data(),
                            wantInput ? inputGradient.Sample(i) : nullptr);
        }
    });
    for (const auto& weightGradient : weightGradients)
    {
        kernel.AddWeightGradient(weightGradient, m_gradients.weight);
    }
    return inputGradient;
}

const Batch&
ConvPLayer::Activations() const
{
    return m_activations;
}

FullyConnectedBlockLayer::FullyConnectedBlockLayer(FullyConnected& parameters,
                                                   FullyConnected& gradients,
                                                   FeatureCoding coding)
    : m_linear(parameters, gradients)
    , m_activation(parameters.precision, coding)
{
}

const Batch&
FullyConnectedBlockLayer::Forward(const Batch& input, const std::vector<float>& scale, float decay)
{
    m_activations = m_linear.Forward(input, decay, scale);
    m_activation.Forward(m_activations);
    return m_activations;
}

Batch
FullyConnectedBlockLayer::Backward(const Batch& gradient, bool wantInput)
{
    Batch inner = gradient;
    m_activation.Backward(inner);
    return m_linear.Backward(std::move(inner), wantInput);
}

const Batch&
FullyConnectedBlockLayer::Activations() const
{
    return m_activations;
}

std::unique_ptr<BlockLayer>
MakeBlockLayer(Block& parameters, Block& gradients, FeatureCoding coding)
{
    if (auto* convP = std::get_if<ConvP>(&parameters))
    {
        return std::make_unique<ConvPLayer>(*convP, std::get<ConvP>(gradients), coding);
    }
    return std::make_unique<FullyConnectedBlockLayer>(std::get<FullyConnected>(parameters),
                                                      std::get<FullyConnected>(gradients),
                                                      coding);
}

} // namespace ddnn
