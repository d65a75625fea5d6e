// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ADAM_H
#define DDNN_ADAM_H

#include "contrib-ddnn/network/network.h"

#include <vector>

namespace ddnn
{

/**
 * Adam (Kingma and Ba, ICLR 2015, Algorithm 1) with beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8,
 * followed by clipping every parameter to [-1, 1], batch norm's gamma and beta included.
 */
class Adam
{
  public:
    /// One step on all trained parameters; the first call fixes their number and sizes.
    void Step(const std::vector<Parameter>& parameters,
              const std::vector<Parameter>& gradients,
              double learningRate);

  private:
    struct Moments
    {
        std::vector<float> first;
        std::vector<float> second;
    };

    int m_steps{0};
    std::vector<Moments> m_moments; ///< `[parameter]`
};

} // namespace ddnn

#endif // DDNN_ADAM_H
