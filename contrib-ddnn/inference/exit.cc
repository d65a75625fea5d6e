// SPDX-License-Identifier: GPL-2.0-only
#include "exit.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>

namespace ddnn
{

namespace
{

Scores
Concatenate(const FullyConnected& layer, const std::vector<Scores>& scores)
{
    Scores joined(layer.outputs);
    const int classes = layer.outputs;
    for (int o = 0; o < layer.outputs; ++o)
    {
        const float* weight = layer.weight.data() + static_cast<std::size_t>(o) * layer.inputs;
        float sum = 0;
        for (std::size_t node = 0; node < scores.size(); ++node)
        {
            for (std::size_t c = 0; c < scores[node].size(); ++c)
            {
                sum +=
                    EffectiveWeight(layer.precision, weight[node * classes + c]) * scores[node][c];
            }
        }
        joined[o] = layer.bn.Apply(o, sum);
    }
    return joined;
}

Scores
JoinPresent(Aggregation aggregation, const std::vector<const Scores*>& present)
{
    Scores joined = *present.front();
    for (std::size_t i = 1; i < present.size(); ++i)
    {
        for (std::size_t c = 0; c < joined.size(); ++c)
        {
            const float score = (*present[i])[c];
            joined[c] =
                aggregation == Aggregation::MP ? std::max(joined[c], score) : joined[c] + score;
        }
    }
    if (aggregation == Aggregation::AP)
    {
        for (float& score : joined)
        {
            score /= static_cast<float>(present.size());
        }
    }
    return joined;
}

} // namespace

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

double
NormalisedEntropy(const std::vector<double>& probabilities)
{
    double entropy = 0;
    for (double p : probabilities)
    {
        entropy -= p > 0 ? p * std::log(p) : 0;
    }
    const double sum = std::accumulate(probabilities.begin(), probabilities.end(), 0.0);
    if (!std::isfinite(sum))
    {
        return 1; // scores that overflow say nothing
    }
    const double normalised = entropy / std::log(static_cast<double>(probabilities.size()));
    return std::clamp(normalised, 0.0, 1.0); // rounding must not carry it past T = 0 or T = 1
}

double
Uncertainty(Confidence confidence, const std::vector<double>& probabilities)
{
    if (confidence == Confidence::ENTROPY)
    {
        return NormalisedEntropy(probabilities);
    }
    std::vector<double> highest(2);
    std::partial_sort_copy(probabilities.begin(),
                           probabilities.end(),
                           highest.begin(),
                           highest.end(),
                           std::greater<>());
    const double classes = static_cast<double>(probabilities.size());
    const double uncertainty = confidence == Confidence::MAX_SOFTMAX
                                   ? (1 - highest[0]) * classes / (classes - 1)
                                   : 1 - (highest[0] - highest[1]);
    // scores that overflow say nothing; rounding must not carry it past T = 0 or T = 1
    return std::isfinite(uncertainty) ? std::clamp(uncertainty, 0.0, 1.0) : 1;
}

Verdict
MakeVerdict(const Scores& scores, Confidence confidence)
{
    const auto highest = std::max_element(scores.begin(), scores.end());
    return {scores,
            static_cast<int>(highest - scores.begin()),
            Uncertainty(confidence, Softmax(scores))};
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
    std::vector<const Scores*> present;
    for (const Scores& s : scores)
    {
        if (!s.empty() && s.size() != static_cast<std::size_t>(network.hierarchy.numClasses))
        {
            throw std::invalid_argument("JoinScores: one score per class is needed");
        }
        if (!s.empty())
        {
            present.push_back(&s);
        }
    }
    if (present.empty())
    {
        throw std::invalid_argument("JoinScores: no node is present");
    }
    return t.scores == Aggregation::CC ? Concatenate(*network.aggregators[tier], scores)
                                       : JoinPresent(t.scores, present);
}

} // namespace ddnn
