// SPDX-License-Identifier: GPL-2.0-only
#include "layers.h"

// one thread per product: with several, the order of additions would depend on their number
#define EIGEN_DONT_PARALLELIZE
#include <Eigen/Core>

#include <cmath>

namespace ddnn
{

namespace
{

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

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

} // namespace ddnn
