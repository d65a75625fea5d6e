// SPDX-License-Identifier: GPL-2.0-only
#include "exit-criterion.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace ddnn
{

namespace
{

using Probabilities = std::vector<double>;

/// eta = - sum p log p / log |C| (paper III-D).
double
NormalisedEntropy(const Probabilities& probabilities)
{
    double entropy = 0;
    for (const double p : probabilities)
    {
        entropy -= p > 0 ? p * std::log(p) : 0;
    }
    return entropy / std::log(static_cast<double>(probabilities.size()));
}

/// (1 - largest probability) |C| / (|C| - 1)
double
MaxSoftmax(const Probabilities& probabilities)
{
    const auto classes = static_cast<double>(probabilities.size());
    const double highest = *std::max_element(probabilities.begin(), probabilities.end());
    return (1 - highest) * classes / (classes - 1);
}

/// 1 - (largest - second largest probability)
double
Margin(const Probabilities& probabilities)
{
    Probabilities highest(2);
    std::partial_sort_copy(probabilities.begin(),
                           probabilities.end(),
                           highest.begin(),
                           highest.end(),
                           std::greater<>());
    return 1 - (highest[0] - highest[1]);
}

/// (1 - sum p^2) |C| / (|C| - 1): Gini's impurity, as a part of the largest possible
double
Gini(const Probabilities& probabilities)
{
    const auto classes = static_cast<double>(probabilities.size());
    const double same =
        std::inner_product(probabilities.begin(), probabilities.end(), probabilities.begin(), 0.0);
    return (1 - same) * classes / (classes - 1);
}

} // namespace

const std::vector<ExitCriterion>&
ExitCriteria()
{
    static const std::vector<ExitCriterion> criteria{
        {"entropy", NormalisedEntropy},
        {"max-softmax", MaxSoftmax},
        {"margin", Margin},
        {"gini", Gini},
    };
    return criteria;
}

const ExitCriterion*
FindExitCriterion(const std::string& name)
{
    const auto& all = ExitCriteria();
    const auto found = std::find_if(all.begin(), all.end(), [&name](const ExitCriterion& other) {
        return other.name == name;
    });
    return found == all.end() ? nullptr : &*found;
}

} // namespace ddnn
