// SPDX-License-Identifier: GPL-2.0-only
#include "linear.h"

#include "convolution.h"
#include "simd.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <type_traits>

namespace ddnn
{

namespace
{

template <typename T>
std::vector<T>
EffectiveWeights(const Block& block)
{
    std::vector<T> effective;
    for (float weight : block.weight)
    {
        effective.push_back(static_cast<T>(EffectiveWeight(block.spec.precision, weight)));
    }
    return effective;
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

template <typename Base, typename T>
class ConvPLinear : public Base
{
  public:
    explicit ConvPLinear(const Block& block)
        : m_input(block.input)
        , m_sums{block.spec.filters, block.input.rows, block.input.columns}
        , m_output(BlockOutput(block.input, block.spec))
        , m_stride(block.spec.poolStride)
        , m_weight(EffectiveWeights<float>(block))
        , m_convolution(m_input, m_weight)
    {
    }

    int Size() const override
    {
        return m_output.Size();
    }

    void Forward(const T* input, float* sums, int32_t* winners) const override
    {
        const std::vector<T> all = m_convolution.Sums(Pad(input, m_input).data());
        MaxPool(all.data(), m_sums, m_stride, sums);
        if constexpr (std::is_same_v<T, float>)
        {
            if (winners)
            {
                FindWinners(all.data(), m_sums, m_stride, sums, winners);
            }
        }
    }

  protected:
    Shape m_input;
    Shape m_sums; ///< before pooling
    Shape m_output;
    int m_stride;
    std::vector<float> m_weight;
    std::conditional_t<std::is_same_v<T, float>, Convolution, BinaryConvolution> m_convolution;
};

class TrainableConvP : public ConvPLinear<TrainableLinear, float>
{
  public:
    using ConvPLinear::ConvPLinear;

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
};

class IntegerFullyConnected : public Linear<int16_t>
{
  public:
    explicit IntegerFullyConnected(const Block& block)
        : m_inputs(block.input.Size())
        , m_weight(EffectiveWeights<int16_t>(block))
    {
    }

    int Size() const override
    {
        return static_cast<int>(m_weight.size()) / m_inputs;
    }

    void Forward(const int16_t* input, float* sums, int32_t* /* winners */) const override
    {
        for (int o = 0; o < Size(); ++o)
        {
            sums[o] = static_cast<float>(Dot(m_weight.data() + o * m_inputs, input, m_inputs));
        }
    }

  private:
    int m_inputs;
    std::vector<int16_t> m_weight;
};

class TrainableFullyConnected : public TrainableLinear
{
  public:
    explicit TrainableFullyConnected(const Block& block)
        : m_inputs(block.input.Size())
        , m_outputs(block.spec.filters)
        , m_weight(EffectiveWeights<float>(block))
    {
    }

    int Size() const override
    {
        return m_outputs;
    }

    /// Every sum adds its terms in the order of the inputs. Four are computed at once, as each
    /// addition has to wait for the one before it; the last ones again where there are fewer.
    void Forward(const float* input, float* sums, int32_t* /* winners */) const override
    {
        constexpr int AT_ONCE = 4;
        for (int first = 0; first < m_outputs; first += AT_ONCE)
        {
            const float* weights[AT_ONCE];
            for (int o = 0; o < AT_ONCE; ++o)
            {
                weights[o] = m_weight.data() + std::min(first + o, m_outputs - 1) * m_inputs;
            }
            float several[AT_ONCE] = {};
            for (int i = 0; i < m_inputs; ++i)
            {
                for (int o = 0; o < AT_ONCE; ++o)
                {
                    several[o] += weights[o][i] * input[i];
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
            AddScaled(input, gradient[o], m_inputs, weightGradient + o * m_inputs);
            if (inputGradient)
            {
                AddScaled(m_weight.data() + o * m_inputs, gradient[o], m_inputs, inputGradient);
            }
        }
    }

  private:
    int m_inputs;
    int m_outputs;
    std::vector<float> m_weight;
};

} // namespace

std::unique_ptr<TrainableLinear>
MakeLinear(const Block& block)
{
    switch (block.spec.kind)
    {
    case BlockKind::CONVP:
        return std::make_unique<TrainableConvP>(block);
    case BlockKind::FC:
        return std::make_unique<TrainableFullyConnected>(block);
    }
    throw std::logic_error("kind of block out of range");
}

std::unique_ptr<Linear<int16_t>>
MakeIntegerLinear(const Block& block, int maxInput)
{
    const int64_t terms = static_cast<int64_t>(block.weight.size()) / block.spec.filters;
    const int64_t largest = terms * maxInput;
    if (block.spec.precision != Precision::BINARY)
    {
        return nullptr;
    }
    if (block.spec.kind == BlockKind::CONVP && largest <= std::numeric_limits<int16_t>::max())
    {
        return std::make_unique<ConvPLinear<Linear<int16_t>, int16_t>>(block);
    }
    if (block.spec.kind == BlockKind::FC &&
        largest <= 1 << 24) // as floats, larger ones are inexact
    {
        return std::make_unique<IntegerFullyConnected>(block);
    }
    return nullptr;
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
