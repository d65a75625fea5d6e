// SPDX-License-Identifier: GPL-2.0-only
#include "linear.h"

#include "convolution.h"
#include "simd.h"

#include <algorithm>
#include <cmath>

namespace ddnn
{

namespace
{

template <typename T>
std::vector<T>
EffectiveWeights(const std::vector<float>& weights, Precision precision)
{
    std::vector<T> effective;
    for (float weight : weights)
    {
        effective.push_back(static_cast<T>(EffectiveWeight(precision, weight)));
    }
    return effective;
}

Shape
SumsShape(const ConvP& block)
{
    return {block.spec.filters, block.input.rows, block.input.columns};
}

/// target[i] += factor x source[i]
DDNN_SIMD_CLONES void
AddScaled(const float* source, float factor, int n, float* target)
{
    for (int i = 0; i < n; ++i)
    {
        target[i] += factor * source[i];
    }
}

DDNN_SIMD_CLONES int
Dot(const int16_t* a, const int16_t* b, int n)
{
    int sum = 0;
    for (int i = 0; i < n; ++i)
    {
        sum += a[i] * b[i];
    }
    return sum;
}

class FloatConvP : public TrainableLinear
{
  public:
    explicit FloatConvP(const ConvP& block)
        : m_input(block.input)
        , m_sums(SumsShape(block))
        , m_output(BlockOutput(block.input, block.spec))
        , m_stride(block.spec.poolStride)
        , m_weight(EffectiveWeights<float>(block.weight, block.spec.precision))
        , m_convolution(block.input, m_weight)
    {
    }

    int Size() const override
    {
        return m_output.Size();
    }

    void Forward(const float* input, float* sums, int32_t* winners) const override
    {
        const std::vector<float> all = m_convolution.Sums(Pad(input, m_input).data());
        MaxPool(all.data(), m_sums, m_stride, sums);
        if (winners)
        {
            FindWinners(all.data(), m_sums, m_stride, sums, winners);
        }
    }

    void Backward(const float* input,
                  const int32_t* winners,
                  const float* gradient,
                  float* weightGradient,
                  float* inputGradient) const override
    {
        const std::vector<float> sumsGradient = Unpool(winners, gradient);
        AddWeightGradient(Pad(input, m_input).data(),
                          m_input,
                          sumsGradient.data(),
                          m_sums.channels,
                          weightGradient);
        if (inputGradient)
        {
            // the sums that an input is part of are those around it, with the weights turned round
            const auto sums = Convolution(m_sums, TurnedWeights()).Sums(sumsGradient.data());
            CopySums(sums.data(), m_input, inputGradient);
        }
    }

  private:
    /// The gradient of the sums before pooling, as a padded map.
    std::vector<float> Unpool(const int32_t* winners, const float* gradient) const
    {
        const Shape rounded{RoundUp(m_sums.channels, FILTERS_AT_ONCE), m_sums.rows, m_sums.columns};
        std::vector<float> padded(PaddedSize(rounded));
        float* plane = padded.data() + PaddedWidth(m_sums); // behind the border
        for (int f = 0; f < m_sums.channels; ++f, plane += PaddedPlane(m_sums))
        {
            for (int i = 0; i < m_output.rows * m_output.columns; ++i)
            {
                plane[*winners++] += *gradient++;
            }
        }
        return padded;
    }

    std::vector<float> TurnedWeights() const
    {
        std::vector<float> turned(m_weight.size());
        for (std::size_t i = 0; i < turned.size(); ++i)
        {
            const std::size_t filter = i / 9 / m_input.channels;
            const std::size_t channel = i / 9 % m_input.channels;
            turned[(channel * m_sums.channels + filter) * 9 + 8 - i % 9] = m_weight[i];
        }
        return turned;
    }

    Shape m_input;
    Shape m_sums; ///< before pooling
    Shape m_output;
    int m_stride;
    std::vector<float> m_weight;
    Convolution m_convolution;
};

class FloatFullyConnected : public TrainableLinear
{
  public:
    explicit FloatFullyConnected(const FullyConnected& layer)
        : m_inputs(layer.inputs)
        , m_outputs(layer.outputs)
        , m_weight(EffectiveWeights<float>(layer.weight, layer.precision))
    {
        m_weight.resize(static_cast<std::size_t>(RoundUp(m_outputs, AT_ONCE)) * m_inputs);
    }

    int Size() const override
    {
        return m_outputs;
    }

    /// Every sum adds its terms in the order of the inputs. Several are computed at once, as each
    /// addition has to wait for the one before it.
    void Forward(const float* input, float* sums, int32_t* /* winners */) const override
    {
        for (int first = 0; first < m_outputs; first += AT_ONCE)
        {
            const float* weight = m_weight.data() + static_cast<std::size_t>(first) * m_inputs;
            float several[AT_ONCE] = {};
            for (int i = 0; i < m_inputs; ++i)
            {
                for (int o = 0; o < AT_ONCE; ++o)
                {
                    several[o] += weight[static_cast<std::size_t>(o) * m_inputs + i] * input[i];
                }
            }
            std::copy_n(several, std::min(AT_ONCE, m_outputs - first), sums + first);
        }
    }

    void Backward(const float* input,
                  const int32_t* /* winners */,
                  const float* gradient,
                  float* weightGradient,
                  float* inputGradient) const override
    {
        std::fill_n(inputGradient, inputGradient ? m_inputs : 0, 0.0F);
        for (int o = 0; o < m_outputs; ++o)
        {
            const auto row = static_cast<std::size_t>(o) * m_inputs;
            AddScaled(input, gradient[o], m_inputs, weightGradient + row);
            if (inputGradient)
            {
                AddScaled(m_weight.data() + row, gradient[o], m_inputs, inputGradient);
            }
        }
    }

  private:
    static constexpr int AT_ONCE = 4;

    int m_inputs;
    int m_outputs;
    std::vector<float> m_weight;
};

class IntegerConvP : public Linear<int16_t>
{
  public:
    explicit IntegerConvP(const ConvP& block)
        : m_input(block.input)
        , m_sums(SumsShape(block))
        , m_output(BlockOutput(block.input, block.spec))
        , m_stride(block.spec.poolStride)
        , m_convolution(block.input, block.weight)
    {
    }

    int Size() const override
    {
        return m_output.Size();
    }

    void Forward(const int16_t* input, float* sums, int32_t* /* winners */) const override
    {
        const std::vector<int16_t> all = m_convolution.Sums(Pad(input, m_input).data());
        MaxPool(all.data(), m_sums, m_stride, sums);
    }

  private:
    Shape m_input;
    Shape m_sums; ///< before pooling
    Shape m_output;
    int m_stride;
    BinaryConvolution m_convolution;
};

class IntegerFullyConnected : public Linear<int16_t>
{
  public:
    explicit IntegerFullyConnected(const FullyConnected& layer)
        : m_inputs(layer.inputs)
        , m_outputs(layer.outputs)
        , m_weight(EffectiveWeights<int16_t>(layer.weight, layer.precision))
    {
    }

    int Size() const override
    {
        return m_outputs;
    }

    void Forward(const int16_t* input, float* sums, int32_t* /* winners */) const override
    {
        for (int o = 0; o < m_outputs; ++o)
        {
            const int16_t* weight = m_weight.data() + static_cast<std::size_t>(o) * m_inputs;
            sums[o] = static_cast<float>(Dot(weight, input, m_inputs));
        }
    }

  private:
    int m_inputs;
    int m_outputs;
    std::vector<int16_t> m_weight;
};

} // namespace

Precision
PrecisionOf(const Block& block)
{
    const auto* convP = std::get_if<ConvP>(&block);
    return convP ? convP->spec.precision : std::get<FullyConnected>(block).precision;
}

std::unique_ptr<TrainableLinear>
MakeLinear(const Block& block)
{
    if (const auto* convP = std::get_if<ConvP>(&block))
    {
        return std::make_unique<FloatConvP>(*convP);
    }
    return std::make_unique<FloatFullyConnected>(std::get<FullyConnected>(block));
}

std::unique_ptr<Linear<int16_t>>
MakeIntegerLinear(const Block& block, int maxInput)
{
    constexpr int64_t MAX_CONVOLUTION = (1 << 15) - 1;
    constexpr int64_t MAX_FLOAT = 1 << 24; // integers beyond are not exact as floats
    if (const auto* convP = std::get_if<ConvP>(&block))
    {
        const bool fits = int64_t{9} * convP->input.channels * maxInput <= MAX_CONVOLUTION;
        return fits && convP->spec.precision == Precision::BINARY
                   ? std::make_unique<IntegerConvP>(*convP)
                   : nullptr;
    }
    const auto& layer = std::get<FullyConnected>(block);
    const bool fits = int64_t{layer.inputs} * maxInput < MAX_FLOAT;
    return fits && layer.precision == Precision::BINARY
               ? std::make_unique<IntegerFullyConnected>(layer)
               : nullptr;
}

DDNN_SIMD_CLONES void
Normalise(const BatchNorm& bn, float scale, std::vector<float>& sums)
{
    const std::size_t channels = bn.gamma.size();
    const std::size_t perChannel = sums.size() / channels;
    float* sum = sums.data();
    for (std::size_t c = 0; c < channels; ++c, sum += perChannel)
    {
        const float deviation = std::sqrt(bn.variance[c] + BatchNorm::EPSILON);
        const float gamma = bn.gamma[c];
        const float mean = bn.mean[c];
        const float beta = bn.beta[c];
        for (std::size_t i = 0; i < perChannel; ++i)
        {
            sum[i] = gamma * ((sum[i] * scale - mean) / deviation) + beta;
        }
    }
}

} // namespace ddnn
