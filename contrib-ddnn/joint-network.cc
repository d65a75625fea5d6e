// SPDX-License-Identifier: GPL-2.0-only
#include "joint-network.h"

#include "parallel.h"
#include "section-input.h"

#include <algorithm>
#include <cmath>

namespace ddnn
{

namespace
{

/// Softmax cross-entropy of one sample; writes weight (p - target) into `gradient` if there is one.
double
CrossEntropy(const float* scores, int classes, int label, double weight, float* gradient)
{
    const double highest = *std::max_element(scores, scores + classes);
    double sum = 0;
    for (int c = 0; c < classes; ++c)
    {
        sum += std::exp(scores[c] - highest);
    }
    for (int c = 0; gradient && c < classes; ++c)
    {
        const double p = std::exp(scores[c] - highest) / sum;
        gradient[c] += static_cast<float>(weight * (p - (c == label ? 1 : 0)));
    }
    return weight * (std::log(sum) + highest - scores[label]);
}

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

JointNetwork::Node::Node(Section& parameters, Section& gradients, FeatureCoding coding)
    : exit(parameters.exit, gradients.exit)
{
    for (std::size_t block = 0; block < parameters.blocks.size(); ++block)
    {
        const bool last = block + 1 == parameters.blocks.size();
        blocks.push_back(MakeBlockLayer(parameters.blocks[block],
                                        gradients.blocks[block],
                                        last ? coding : FeatureCoding::FLOAT32));
    }
}

const Batch&
JointNetwork::Node::Features() const
{
    return blocks.back()->Activations();
}

JointNetwork::JointNetwork(Network& network)
    : m_network(network)
    , m_gradients(network.hierarchy)
{
    for (std::size_t tier = 0; tier < network.sections.size(); ++tier)
    {
        m_nodes.emplace_back();
        for (std::size_t node = 0; node < network.sections[tier].size(); ++node)
        {
            m_nodes[tier].emplace_back(network.sections[tier][node],
                                       m_gradients.sections[tier][node],
                                       network.hierarchy.tiers[tier].coding);
        }
        m_exits.emplace_back();
        if (network.aggregators[tier])
        {
            m_exits[tier].aggregator.emplace(*network.aggregators[tier],
                                             *m_gradients.aggregators[tier]);
        }
    }
}

void
JointNetwork::Forward(const JointInput& input, float decay)
{
    const int samples = static_cast<int>(input.labels.size());
    for (std::size_t tier = 0; tier < m_nodes.size(); ++tier)
    {
        auto& nodes = m_nodes[tier];
        ParallelFor(static_cast<int>(nodes.size()), true, [&](int node) {
            Node& n = nodes[node];
            if (tier == 0)
            {
                n.scale.assign(samples, VIEW_SCALE);
                n.present.assign(samples, 1);
            }
            else
            {
                JoinFeatures(tier, node);
            }
            DropSamples(input, tier, node);
            ForwardNode(n, tier == 0 ? input.views[node] : n.input, decay);
        });
        JoinNodeScores(tier, decay);
    }
}

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
JointNetwork::ForwardNode(Node& node, const Batch& input, float decay)
{
    const Batch* features = &input;
    for (std::size_t block = 0; block < node.blocks.size(); ++block)
    {
        const std::vector<float> ones(input.samples, 1.0F);
        features = &node.blocks[block]->Forward(*features, block == 0 ? node.scale : ones, decay);
    }
    node.exit.Forward(*features, decay);
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

JointLoss
JointNetwork::ExitLosses(const JointInput& input, double deviceExitWeight, bool backward)
{
    JointLoss result;
    const int classes = m_network.hierarchy.numClasses;
    const int samples = static_cast<int>(input.labels.size());
    for (std::size_t tier = 0; tier < m_nodes.size(); ++tier)
    {
        const Batch& scores = ExitScores(tier);
        const double weight = m_network.hierarchy.tiers[tier].exitWeight / samples;
        Batch gradient(samples, classes);
        result.correct.push_back(0);
        for (int i = 0; i < samples; ++i)
        {
            const float* s = scores.Sample(i);
            result.loss += CrossEntropy(s, classes, input.labels[i], weight, gradient.Sample(i));
            result.correct.back() += std::max_element(s, s + classes) - s == input.labels[i];
        }
        if (backward)
        {
            SplitScoreGradient(tier, std::move(gradient));
        }
    }
    auto& devices = m_nodes[0];
    for (std::size_t device = 0; deviceExitWeight > 0 && device < devices.size(); ++device)
    {
        for (int i = 0; i < samples; ++i)
        {
            if (input.inView[i * devices.size() + device])
            {
                result.loss +=
                    CrossEntropy(devices[device].exit.Scores().Sample(i),
                                 classes,
                                 input.labels[i],
                                 deviceExitWeight / samples,
                                 backward ? devices[device].scoreGradient.Sample(i) : nullptr);
            }
        }
    }
    return result;
}

JointLoss
JointNetwork::Loss(const JointInput& input, double deviceExitWeight)
{
    return ExitLosses(input, deviceExitWeight, false);
}

JointLoss
JointNetwork::Backward(const JointInput& input, double deviceExitWeight)
{
    for (const Parameter& parameter : Parameters(m_gradients))
    {
        std::fill(parameter.values->begin(), parameter.values->end(), 0.0F);
    }
    const int samples = static_cast<int>(input.labels.size());
    for (auto& tier : m_nodes)
    {
        for (Node& node : tier)
        {
            node.scoreGradient = Batch(samples, m_network.hierarchy.numClasses);
            node.featureGradient = Batch(samples, node.Features().width);
        }
    }
    const JointLoss result = ExitLosses(input, deviceExitWeight, true);
    for (int tier = static_cast<int>(m_nodes.size()) - 1; tier >= 0; --tier)
    {
        const int numNodes = static_cast<int>(m_nodes[tier].size());
        ParallelFor(numNodes, true, [&](int node) {
            BackwardNode(tier, node);
        });
    }
    return result;
}

void
JointNetwork::BackwardNode(int tier, int node)
{
    Node& n = m_nodes[tier][node];
    Batch gradient = n.exit.Backward(std::move(n.scoreGradient));
    Add(gradient.values.data(),
        n.featureGradient.values.data(),
        static_cast<int>(gradient.values.size()));
    for (int block = static_cast<int>(n.blocks.size()) - 1; block >= 0; --block)
    {
        gradient = n.blocks[block]->Backward(gradient, block > 0 || tier > 0);
    }
    if (tier > 0)
    {
        SplitFeatureGradient(tier, node, gradient);
    }
}

Network&
JointNetwork::Gradients()
{
    return m_gradients;
}

const Batch&
JointNetwork::ExitScores(int tier) const
{
    const Exit& exit = m_exits[tier];
    return exit.aggregator ? exit.aggregator->Scores() : exit.joined;
}

} // namespace ddnn
