// SPDX-License-Identifier: GPL-2.0-only
#include "exit.h"

#include "aggregation.h"
#include "linear.h"

#include "contrib-ddnn/hierarchy/exit-criterion.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace ddnn
{

std::vector<double>
Softmax(const Scores& scores)
{
    const double highest = *std::max_element(scores.begin(), scores.end());
    std::vector<double> probabilities;
    double sum = 0;
    for (float score : scores)
    {
        probabilities.push_back(std::exp(score - highest));
        sum += probabilities.back();
    }
    for (double& p : probabilities)
    {
        p /= sum;
    }
    return probabilities;
}

Verdict
MakeVerdict(const Scores& scores, const std::string& criterion)
{
    const auto highest = std::max_element(scores.begin(), scores.end());
    const std::vector<double> probabilities = Softmax(scores);
    const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
    const double uncertainty = FindExitCriterion(criterion)->uncertainty(probabilities);
    // scores that overflow say nothing; rounding must not carry it past T = 0 or T = 1
    return {scores,
            static_cast<int>(highest - scores.begin()),
            std::isfinite(sum) ? std::clamp(uncertainty, 0.0, 1.0) : 1};
}

Scores
JoinScores(const Network& network, int tier, const std::vector<Scores>& scores)
{
    if (tier < 0 || tier >= static_cast<int>(network.hierarchy.tiers.size()))
    {
        throw std::invalid_argument("JoinScores: no such tier");
    }
    const Tier& t = network.hierarchy.tiers[tier];
    if (scores.size() != static_cast<std::size_t>(t.numNodes))
    {
        throw std::invalid_argument("JoinScores: one entry per node of the tier is needed");
    }
    const auto classes = static_cast<std::size_t>(network.hierarchy.numClasses);
    Contributions<float> contributions;
    for (const Scores& s : scores)
    {
        if (!s.empty() && s.size() != classes)
        {
            throw std::invalid_argument("JoinScores: one score per class is needed");
        }
        contributions.push_back(s.empty() ? nullptr : s.data());
    }
    if (std::count(contributions.begin(), contributions.end(), nullptr) == t.numNodes)
    {
        throw std::invalid_argument("JoinScores: no node is present");
    }
    const auto& aggregator = network.aggregators[tier];
    Scores joined(aggregator ? aggregator->input.Size() : classes);
    const std::vector<int> sizes(scores.size(), network.hierarchy.numClasses);
    const int divisor = Join(t.scores, contributions, sizes, joined.data());
    for (float& score : joined)
    {
        score /= static_cast<float>(divisor);
    }
    if (!aggregator)
    {
        return joined;
    }
    Scores result(classes);
    MakeLinear(*aggregator)->Forward(joined.data(), result.data());
    Normalise(aggregator->bn, 1, result);
    return result;
}

} // namespace ddnn
