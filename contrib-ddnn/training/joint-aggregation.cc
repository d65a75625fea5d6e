// SPDX-License-Identifier: GPL-2.0-only
// How the nodes of a JointNetwork are joined, and their gradients parted again.
#include "contrib-ddnn/inference/section-input.h"
#include "joint-network.h"

#include <algorithm>

namespace ddnn
{

namespace
{

/// target[j] += source[j]
void
Add(float* target, const float* source, int n)
{
    for (int j = 0; j < n; ++j)
    {
        target[j] += source[j];
    }
}

} // namespace

void
JointNetwork::DropSamples(const JointInput& input, int tier, int node)
{
    if (tier >= static_cast<int>(input.present.size()) || input.present[tier].empty())
    {
        return;
    }
    auto& present = m_nodes[tier][node].present;
    for (std::size_t i = 0; i < present.size(); ++i)
    {
        present[i] = present[i] && input.present[tier][i * m_nodes[tier].size() + node];
    }
}

void
JointNetwork::JoinFeatures(int tier, int node)
{
    Node& parent = m_nodes[tier][node];
    const Hierarchy& hierarchy = m_network.hierarchy;
    const Aggregation aggregation = hierarchy.tiers[tier].features;
    const auto children = Children(hierarchy, tier, node);
    const int samples = m_nodes[tier - 1][0].scale.size();
    parent.input = Batch(samples, InputShape(hierarchy, tier, node).Size());
    parent.scale.assign(samples, 1.0F);
    parent.present.assign(samples, 0);
    for (int i = 0; i < samples; ++i)
    {
        int present = 0;
        int offset = 0;
        for (int c : children)
        {
            const Node& child = m_nodes[tier - 1][c];
            const Batch& features = child.Features();
            const int start = offset;
            offset += features.width;
            if (!child.present[i])
            {
                continue;
            }
            const float* source = features.Sample(i);
            float* target = parent.input.Sample(i);
            if (aggregation == Aggregation::CC)
            {
                std::copy_n(source, features.width, target + start);
            }
            else if (aggregation == Aggregation::AP || present == 0)
            {
                Add(target, source, features.width);
            }
            else
            {
                std::transform(source,
                               source + features.width,
                               target,
                               target,
                               [](float a, float b) {
                                   return std::max(a, b);
                               });
            }
            ++present;
        }
        parent.present[i] = present > 0;
        parent.scale[i] = present > 0 ? FeatureScale(aggregation, present) : 1.0F;
    }
}

void
JointNetwork::SplitFeatureGradient(int tier, int node, const Batch& gradient)
{
    const Aggregation aggregation = m_network.hierarchy.tiers[tier].features;
    const auto children = Children(m_network.hierarchy, tier, node);
    const Batch& joined = m_nodes[tier][node].input;
    for (int i = 0; i < gradient.samples; ++i)
    {
        int offset = 0;
        for (int c : children)
        {
            Node& child = m_nodes[tier - 1][c];
            const int width = child.featureGradient.width;
            const int start = offset;
            offset += width;
            if (!child.present[i])
            {
                continue;
            }
            const float* source = gradient.Sample(i);
            float* target = child.featureGradient.Sample(i);
            if (aggregation != Aggregation::MP)
            {
                Add(target, source + (aggregation == Aggregation::CC ? start : 0), width);
                continue;
            }
            // a maximum of +-1 is shared by many: each gets its part of the gradient
            for (int j = 0; j < width; ++j)
            {
                auto wins = [&](int k) {
                    const Node& n = m_nodes[tier - 1][k];
                    return n.present[i] && n.Features().Sample(i)[j] == joined.Sample(i)[j];
                };
                if (wins(c))
                {
                    target[j] += source[j] / std::count_if(children.begin(), children.end(), wins);
                }
            }
        }
    }
}

void
JointNetwork::JoinNodeScores(int tier, float decay)
{
    const auto& nodes = m_nodes[tier];
    const Aggregation aggregation = m_network.hierarchy.tiers[tier].scores;
    const bool concatenate = aggregation == Aggregation::CC;
    const int classes = m_network.hierarchy.numClasses;
    const int samples = nodes[0].scale.size();
    Exit& exit = m_exits[tier];
    exit.joined = Batch(samples, classes * (concatenate ? static_cast<int>(nodes.size()) : 1));
    exit.winners.assign(static_cast<std::size_t>(samples) * classes, -1);
    for (int i = 0; i < samples; ++i)
    {
        const auto present = std::count_if(nodes.begin(), nodes.end(), [i](const Node& n) {
            return n.present[i] != 0;
        });
        for (std::size_t node = 0; node < nodes.size(); ++node)
        {
            for (int c = 0; nodes[node].present[i] && c < classes; ++c)
            {
                const float score = nodes[node].exit.Scores().Sample(i)[c];
                float& joined = exit.joined.Sample(i)[concatenate ? node * classes + c : c];
                int& winner = exit.winners[i * classes + c];
                if (aggregation == Aggregation::AP)
                {
                    joined += score / static_cast<float>(present);
                }
                else if (concatenate || winner < 0 || score > joined)
                {
                    joined = score;
                    winner = static_cast<int>(node);
                }
            }
        }
    }
    if (exit.aggregator)
    {
        exit.aggregator->Forward(exit.joined, decay);
    }
}

void
JointNetwork::SplitScoreGradient(int tier, Batch gradient)
{
    auto& nodes = m_nodes[tier];
    Exit& exit = m_exits[tier];
    const Aggregation aggregation = m_network.hierarchy.tiers[tier].scores;
    const int classes = m_network.hierarchy.numClasses;
    if (exit.aggregator)
    {
        gradient = exit.aggregator->Backward(std::move(gradient));
    }
    for (int i = 0; i < gradient.samples; ++i)
    {
        const auto present = std::count_if(nodes.begin(), nodes.end(), [i](const Node& n) {
            return n.present[i] != 0;
        });
        for (std::size_t node = 0; node < nodes.size(); ++node)
        {
            for (int c = 0; nodes[node].present[i] && c < classes; ++c)
            {
                const float* source = gradient.Sample(i);
                float& target = nodes[node].scoreGradient.Sample(i)[c];
                if (aggregation == Aggregation::CC)
                {
                    target += source[node * classes + c];
                }
                else if (aggregation == Aggregation::AP)
                {
                    target += source[c] / static_cast<float>(present);
                }
                else if (exit.winners[i * classes + c] == static_cast<int>(node))
                {
                    target += source[c];
                }
            }
        }
    }
}

} // namespace ddnn
