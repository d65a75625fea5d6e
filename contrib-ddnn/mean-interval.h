// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_MEAN_INTERVAL_H
#define DDNN_MEAN_INTERVAL_H

#include <cstddef>
#include <vector>

namespace ddnn
{

/// A mean of independent runs, and what is known of its precision.
struct MeanInterval
{
    std::size_t count{0}; ///< values that it is of
    double mean{0};       ///< NaN if there is no value
    double low{0};  ///< NaN if there are fewer than two values: they say nothing of the spread
    double high{0}; ///< as low
};

/// The mean with its two-sided Student's t confidence interval, by Boost.Math:
/// mean +- t(1 - (1 - confidence) / 2; n - 1) s / sqrt(n), s with the divisor n - 1.
MeanInterval ComputeMeanInterval(const std::vector<double>& values, double confidence = 0.95);

} // namespace ddnn

#endif // DDNN_MEAN_INTERVAL_H
