// SPDX-License-Identifier: GPL-2.0-only
#include "mean-interval.h"

#include <boost/math/distributions/students_t.hpp>

#include <cmath>
#include <limits>
#include <numeric>

namespace ddnn
{

MeanInterval
ComputeMeanInterval(const std::vector<double>& values, double confidence)
{
    constexpr double NONE = std::numeric_limits<double>::quiet_NaN();
    if (values.empty())
    {
        return {0, NONE, NONE, NONE};
    }
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    if (values.size() == 1)
    {
        return {1, mean, NONE, NONE};
    }
    double squares = 0;
    for (double value : values)
    {
        squares += (value - mean) * (value - mean);
    }
    const boost::math::students_t distribution(n - 1);
    const double t =
        boost::math::quantile(boost::math::complement(distribution, (1 - confidence) / 2));
    const double half = t * std::sqrt(squares / (n - 1) / n);
    return {values.size(), mean, mean - half, mean + half};
}

} // namespace ddnn
