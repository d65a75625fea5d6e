// SPDX-License-Identifier: GPL-2.0-only
#include "layers.h"

#include "contrib-ddnn/inference/feature-coding.h"
#include "parallel.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace ddnn
{

namespace
{

/// Samples whose weight gradients are added up together. Fixed, so that the order of additions and
/// with it the result does not depend on the number of threads.
constexpr int CHUNK = 8;

/// Multiplications below which threads cost more than they save.
constexpr double PARALLEL_WORK = 3e5;

/// Sums over a channel of a batch.
struct ChannelSums
{
    double values{0};
    double products{0};

    /// Adds the elements of `a`, and their products with those of `b`. In lanes, as each addition
    /// has to wait for the one before it.
    void Add(const float* a, const float* b, int n)
    {
        constexpr int LANES = 8;
        double sums[LANES] = {};
        double productSums[LANES] = {};
        int i = 0;
        for (; i + LANES <= n; i += LANES)
        {
            for (int lane = 0; lane < LANES; ++lane)
            {
                sums[lane] += a[i + lane];
                productSums[lane] += static_cast<double>(a[i + lane]) * b[i + lane];
            }
        }
        for (int lane = 0; i < n; ++i, ++lane)
        {
            sums[lane] += a[i];
            productSums[lane] += static_cast<double>(a[i]) * b[i];
        }
        values += std::accumulate(sums, sums + LANES, 0.0);
        products += std::accumulate(productSums, productSums + LANES, 0.0);
    }
};

} // namespace

void
Batch::Scale(const std::vector<float>& factors)
{
    for (std::size_t i = 0; i < factors.size(); ++i)
    {
        float* sample = Sample(static_cast<int>(i));
        for (int j = 0; j < width; ++j)
        {
            sample[j] *= factors[i];
        }
    }
}

BatchNormLayer::BatchNormLayer(BatchNorm& parameters, BatchNorm& gradients)
    : m_parameters(parameters)
    , m_gradients(gradients)
{
}

void
BatchNormLayer::Forward(Batch& batch, float decay)
{
    const int channels = static_cast<int>(m_parameters.gamma.size());
    const int n = batch.width / channels;
    m_normalised = Batch(batch.samples, batch.width);
    m_inverseDeviation.resize(channels);
    for (int c = 0; c < channels; ++c)
    {
        ChannelSums sums;
        for (int i = 0; i < batch.samples; ++i)
        {
            const float* x = batch.Sample(i) + c * n;
            sums.Add(x, x, n);
        }
        const double mean = sums.values / batch.samples / n;
        const double variance = std::max(sums.products / batch.samples / n - mean * mean, 0.0);
        m_inverseDeviation[c] = static_cast<float>(1 / std::sqrt(variance + BatchNorm::EPSILON));
        auto update = [decay](float& running, double value) {
            running = decay * running + (1 - decay) * static_cast<float>(value);
        };
        update(m_parameters.mean[c], mean);
        update(m_parameters.variance[c], variance);
        const float inverseDeviation = m_inverseDeviation[c];
        const float gamma = m_parameters.gamma[c];
        const float beta = m_parameters.beta[c];
        const auto shift = static_cast<float>(mean);
        for (int i = 0; i < batch.samples; ++i)
        {
            float* x = batch.Sample(i) + c * n;
            float* normalised = m_normalised.Sample(i) + c * n;
            for (int j = 0; j < n; ++j)
            {
                normalised[j] = (x[j] - shift) * inverseDeviation;
                x[j] = gamma * normalised[j] + beta;
            }
        }
    }
}

void
BatchNormLayer::Backward(Batch& gradient) const
{
    const int channels = static_cast<int>(m_parameters.gamma.size());
    const int n = gradient.width / channels;
    for (int c = 0; c < channels; ++c)
    {
        ChannelSums sums;
        for (int i = 0; i < gradient.samples; ++i)
        {
            sums.Add(gradient.Sample(i) + c * n, m_normalised.Sample(i) + c * n, n);
        }
        m_gradients.beta[c] += static_cast<float>(sums.values);
        m_gradients.gamma[c] += static_cast<float>(sums.products);
        const float factor = m_parameters.gamma[c] * m_inverseDeviation[c];
        const auto meanGradient = static_cast<float>(sums.values / gradient.samples / n);
        const auto meanProduct = static_cast<float>(sums.products / gradient.samples / n);
        for (int i = 0; i < gradient.samples; ++i)
        {
            float* g = gradient.Sample(i) + c * n;
            const float* x = m_normalised.Sample(i) + c * n;
            for (int j = 0; j < n; ++j)
            {
                g[j] = factor * (g[j] - meanGradient - x[j] * meanProduct);
            }
        }
    }
}

Layer::Layer(Block& parameters, Block& gradients, std::optional<FeatureCoding> coding)
    : m_parameters(parameters)
    , m_gradients(gradients)
    , m_coding(coding)
    , m_bn(parameters.bn, gradients.bn)
{
}

bool
Layer::IsWorthThreads() const
{
    return static_cast<double>(m_gradients.weight.size()) * m_output.values.size() > PARALLEL_WORK;
}

const Batch&
Layer::Forward(const Batch& input, const std::vector<float>& scale, float decay)
{
    m_input = &input;
    m_scale = scale;
    m_linear = MakeLinear(m_parameters);
    m_output = Batch(input.samples, m_linear->Size());
    m_winners.resize(m_output.values.size());
    ParallelFor(input.samples, IsWorthThreads(), [&](int i) {
        const std::size_t first = static_cast<std::size_t>(i) * m_output.width;
        m_linear->Forward(input.Sample(i), m_output.Sample(i), m_winners.data() + first);
    });
    m_output.Scale(m_scale);
    m_bn.Forward(m_output, decay);
    if (m_coding)
    {
        Activate();
    }
    return m_output;
}

void
Layer::Activate()
{
    m_passes.resize(m_output.values.size());
    std::transform(m_output.values.begin(), m_output.values.end(), m_passes.begin(), [](float x) {
        return std::abs(x) <= 1;
    });
    ddnn::Activate(m_parameters.spec.precision,
                   std::vector<float>(m_output.values),
                   m_output.values);
    if (m_parameters.spec.precision == Precision::FLOAT)
    {
        for (float& x : m_output.values)
        {
            x = RoundFeature(*m_coding, x);
        }
    }
}

Batch
Layer::Backward(Batch gradient, bool wantInput)
{
    for (std::size_t j = 0; m_coding && j < m_passes.size(); ++j)
    {
        gradient.values[j] *= m_passes[j];
    }
    m_bn.Backward(gradient);
    gradient.Scale(m_scale);
    Batch inputGradient(wantInput ? gradient.samples : 0, m_input->width);
    const int chunks = (gradient.samples + CHUNK - 1) / CHUNK;
    std::vector<std::vector<float>> weightGradients(chunks);
    ParallelFor(chunks, IsWorthThreads(), [&](int chunk) {
        weightGradients[chunk].assign(m_gradients.weight.size(), 0.0F);
        for (int i = chunk * CHUNK; i < std::min((chunk + 1) * CHUNK, gradient.samples); ++i)
        {
            m_linear->Backward(m_input->Sample(i),
                               m_winners.data() + static_cast<std::size_t>(i) * gradient.width,
                               gradient.Sample(i),
                               weightGradients[chunk].data(),
                               wantInput ? inputGradient.Sample(i) : nullptr);
        }
    });
    for (const auto& part : weightGradients)
    {
        std::transform(part.begin(),
                       part.end(),
                       m_gradients.weight.begin(),
                       m_gradients.weight.begin(),
                       std::plus<>());
    }
    return inputGradient;
}

const Batch&
Layer::Output() const
{
    return m_output;
}

Contributions<float>
JoinLayer::Of(int sample) const
{
    Contributions<float> contributions;
    for (const Input& node : m_nodes)
    {
        contributions.push_back((*node.present)[sample] ? node.values->Sample(sample) : nullptr);
    }
    return contributions;
}

const Batch&
JoinLayer::Forward(Aggregation aggregation, const std::vector<Input>& nodes)
{
    m_aggregation = aggregation;
    m_nodes = nodes;
    m_sizes.clear();
    for (const Input& node : nodes)
    {
        m_sizes.push_back(node.values->width);
    }
    const int samples = nodes.front().values->samples;
    m_joined = Batch(samples, JoinedSize(aggregation, m_sizes));
    m_scale.resize(samples);
    for (int i = 0; i < samples; ++i)
    {
        m_scale[i] =
            1.0F / static_cast<float>(Join(aggregation, Of(i), m_sizes, m_joined.Sample(i)));
    }
    return m_joined;
}

void
JoinLayer::Backward(const Batch& gradient) const
{
    for (int i = 0; i < gradient.samples; ++i)
    {
        std::vector<float*> gradients;
        for (const Input& node : m_nodes)
        {
            gradients.push_back(node.gradient->Sample(i));
        }
        Split(m_aggregation, Of(i), m_sizes, m_joined.Sample(i), gradient.Sample(i), gradients);
    }
}

const std::vector<float>&
JoinLayer::Scale() const
{
    return m_scale;
}

} // namespace ddnn
