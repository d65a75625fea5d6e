// SPDX-License-Identifier: GPL-2.0-only
#include "layers.h"

#include "feature-coding.h"
#include "parallel.h"
#include "training-kernels.h"

// one thread per product: with several, the order of additions would depend on their number
#define EIGEN_DONT_PARALLELIZE
#include <Eigen/Core>

#include <cmath>

namespace ddnn
{

namespace
{

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

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

Eigen::Map<const Matrix>
AsMatrix(const Batch& batch)
{
    return {batch.values.data(), batch.samples, batch.width};
}

Matrix
EffectiveWeights(const FullyConnected& layer)
{
    const Eigen::Map<const Matrix> weight(layer.weight.data(), layer.outputs, layer.inputs);
    return weight.unaryExpr([&layer](float w) {
        return EffectiveWeight(layer.precision, w);
    });
}

} // namespace

BatchNormLayer::BatchNormLayer(BatchNorm& parameters, BatchNorm& gradients, int perChannel)
    : m_parameters(parameters)
    , m_gradients(gradients)
    , m_perChannel(perChannel)
    , m_inverseDeviation(parameters.gamma.size())
{
}

void
BatchNormLayer::Forward(Batch& batch, float decay)
{
    const double count = static_cast<double>(batch.samples) * m_perChannel;
    for (std::size_t c = 0; c < m_inverseDeviation.size(); ++c)
    {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < batch.samples; ++i)
        {
            const float* x = batch.Sample(i) + c * m_perChannel;
            for (int j = 0; j < m_perChannel; ++j)
            {
                sum += x[j];
                squares += static_cast<double>(x[j]) * x[j];
            }
        }
        const double mean = sum / count;
        const double variance = std::max(squares / count - mean * mean, 0.0);
        m_inverseDeviation[c] = static_cast<float>(1 / std::sqrt(variance + BatchNorm::EPSILON));
        auto update = [decay](float& running, double value) {
            running = decay * running + (1 - decay) * static_cast<float>(value);
        };
        update(m_parameters.mean[c], mean);
        update(m_parameters.variance[c], variance);
        const auto shift = static_cast<float>(mean);
        for (int i = 0; i < batch.samples; ++i)
        {
            float* x = batch.Sample(i) + c * m_perChannel;
            for (int j = 0; j < m_perChannel; ++j)
            {
                x[j] = (x[j] - shift) * m_inverseDeviation[c];
            }
        }
    }
    m_normalised = batch;
    for (int i = 0; i < batch.samples; ++i)
    {
        for (int j = 0; j < batch.width; ++j)
        {
            const int c = j / m_perChannel;
            float& x = batch.Sample(i)[j];
            x = m_parameters.gamma[c] * x + m_parameters.beta[c];
        }
    }
}

void
BatchNormLayer::Backward(Batch& gradient) const
{
    const double count = static_cast<double>(gradient.samples) * m_perChannel;
    for (std::size_t c = 0; c < m_inverseDeviation.size(); ++c)
    {
        double sum = 0;
        double product = 0;
        for (int i = 0; i < gradient.samples; ++i)
        {
            const float* g = gradient.Sample(i) + c * m_perChannel;
            const float* x = m_normalised.Sample(i) + c * m_perChannel;
            for (int j = 0; j < m_perChannel; ++j)
            {
                sum += g[j];
                product += static_cast<double>(g[j]) * x[j];
            }
        }
        m_gradients.beta[c] += static_cast<float>(sum);
        m_gradients.gamma[c] += static_cast<float>(product);
        const float factor = m_parameters.gamma[c] * m_inverseDeviation[c];
        const auto meanGradient = static_cast<float>(sum / count);
        const auto meanProduct = static_cast<float>(product / count);
        for (int i = 0; i < gradient.samples; ++i)
        {
            float* g = gradient.Sample(i) + c * m_perChannel;
            const float* x = m_normalised.Sample(i) + c * m_perChannel;
            for (int j = 0; j < m_perChannel; ++j)
            {
                g[j] = factor * (g[j] - meanGradient - x[j] * meanProduct);
            }
        }
    }
}

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

FullyConnectedLayer::FullyConnectedLayer(FullyConnected& parameters, FullyConnected& gradients)
    : m_parameters(parameters)
    , m_gradients(gradients)
    , m_bn(parameters.bn, gradients.bn, 1)
{
}

const Batch&
FullyConnectedLayer::Forward(const Batch& input, float decay, const std::vector<float>& scale)
{
    m_input = &input;
    m_scale = scale;
    m_scores = Batch(input.samples, m_parameters.outputs);
    Eigen::Map<Matrix>(m_scores.values.data(), m_scores.samples, m_scores.width).noalias() =
        AsMatrix(input) * EffectiveWeights(m_parameters).transpose();
    Scale(m_scores);
    m_bn.Forward(m_scores, decay);
    return m_scores;
}

Batch
FullyConnectedLayer::Backward(Batch gradient, bool wantInput)
{
    m_bn.Backward(gradient);
    Scale(gradient);
    Eigen::Map<Matrix>(m_gradients.weight.data(), m_parameters.outputs, m_parameters.inputs) +=
        AsMatrix(gradient).transpose() * AsMatrix(*m_input);
    if (!wantInput)
    {
        return {};
    }
    Batch inputGradient(gradient.samples, m_parameters.inputs);
    Eigen::Map<Matrix>(inputGradient.values.data(), gradient.samples, m_parameters.inputs)
        .noalias() = AsMatrix(gradient) * EffectiveWeights(m_parameters);
    return inputGradient;
}

void
FullyConnectedLayer::Scale(Batch& batch) const
{
    for (std::size_t i = 0; i < m_scale.size(); ++i)
    {
        for (int j = 0; j < batch.width; ++j)
        {
            batch.Sample(static_cast<int>(i))[j] *= m_scale[i];
        }
    }
}

const Batch&
FullyConnectedLayer::Scores() const
{
    return m_scores;
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
