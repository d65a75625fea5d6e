// SPDX-License-Identifier: GPL-2.0-only
#include "adam.h"

#include <algorithm>
#include <cmath>

namespace ddnn
{

void
Adam::Step(const std::vector<Parameter>& parameters,
           const std::vector<Parameter>& gradients,
           double learningRate)
{
    constexpr float BETA1 = 0.9F;
    constexpr float BETA2 = 0.999F;
    constexpr float EPSILON = 1e-8F;
    ++m_steps;
    m_moments.resize(parameters.size());
    const auto firstScale = static_cast<float>(1 / (1 - std::pow(BETA1, m_steps)));
    const auto secondScale = static_cast<float>(1 / (1 - std::pow(BETA2, m_steps)));
    const auto rate = static_cast<float>(learningRate);
    for (std::size_t p = 0; p < parameters.size(); ++p)
    {
        if (parameters[p].kind != ParameterKind::TRAINED)
        {
            continue;
        }
        std::vector<float>& values = *parameters[p].values;
        const std::vector<float>& gradient = *gradients[p].values;
        Moments& moments = m_moments[p];
        moments.first.resize(values.size());
        moments.second.resize(values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
        {
            float& m = moments.first[i];
            float& v = moments.second[i];
            m = BETA1 * m + (1 - BETA1) * gradient[i];
            v = BETA2 * v + (1 - BETA2) * gradient[i] * gradient[i];
            const float step = rate * (m * firstScale) / (std::sqrt(v * secondScale) + EPSILON);
            values[i] = std::clamp(values[i] - step, -1.0F, 1.0F);
        }
    }
}

} // namespace ddnn
