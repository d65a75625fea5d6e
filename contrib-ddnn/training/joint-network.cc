// SPDX-License-Identifier: GPL-2.0-only
#include "joint-network.h"

#include "contrib-ddnn/inference/reference-model.h"
#include "parallel.h"

#include <algorithm>
#include <cmath>
#include <functional>

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

} // namespace

JointNetwork::Node::Node(Section& parameters, Section& gradients, FeatureCoding coding)
    : exit(parameters.exit, gradients.exit, {})
{
    for (std::size_t block = 0; block < parameters.blocks.size(); ++block)
    {
        const bool last = block + 1 == parameters.blocks.size();
        blocks.emplace_back(parameters.blocks[block],
                            gradients.blocks[block],
                            last ? coding : FeatureCoding::FLOAT32);
    }
}

const Batch&
JointNetwork::Node::Features() const
{
    return blocks.back().Output();
}

JoinLayer::Input
JointNetwork::Node::FeatureInput()
{
    return {&Features(), &present, &featureGradient};
}

JoinLayer::Input
JointNetwork::Node::ScoreInput()
{
    return {&exit.Output(), &present, &scoreGradient};
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
                                             *m_gradients.aggregators[tier],
                                             std::nullopt);
        }
    }
}

void
JointNetwork::Forward(const JointInput& input, float decay)
{
    for (std::size_t tier = 0; tier < m_nodes.size(); ++tier)
    {
        ParallelFor(static_cast<int>(m_nodes[tier].size()), true, [&](int node) {
            ForwardNode(input, tier, node, decay);
        });
        ForwardExit(tier, decay);
    }
}

void
JointNetwork::ForwardNode(const JointInput& input, int tier, int node, float decay)
{
    Node& n = m_nodes[tier][node];
    const std::size_t samples = input.labels.size();
    const Batch* values = tier == 0 ? &input.views[node] : nullptr;
    std::vector<float> scale(samples, VIEW_SCALE);
    n.present.assign(samples, tier == 0);
    if (tier > 0)
    {
        std::vector<JoinLayer::Input> children;
        for (int child : Children(m_network.hierarchy, tier, node))
        {
            children.push_back(m_nodes[tier - 1][child].FeatureInput());
            for (std::size_t i = 0; i < samples; ++i)
            {
                n.present[i] = n.present[i] || (*children.back().present)[i];
            }
        }
        values = &n.join.Forward(m_network.hierarchy.tiers[tier].features, children);
        scale = n.join.Scale();
    }
    if (tier < static_cast<int>(input.present.size()) && !input.present[tier].empty())
    {
        for (std::size_t i = 0; i < samples; ++i)
        {
            n.present[i] = n.present[i] && input.present[tier][i * m_nodes[tier].size() + node];
        }
    }
    for (Layer& block : n.blocks)
    {
        values = &block.Forward(*values, scale, decay);
        scale.clear();
    }
    n.exit.Forward(*values, {}, decay);
}

void
JointNetwork::ForwardExit(int tier, float decay)
{
    Exit& exit = m_exits[tier];
    std::vector<JoinLayer::Input> nodes;
    for (Node& node : m_nodes[tier])
    {
        nodes.push_back(node.ScoreInput());
    }
    exit.joined = exit.join.Forward(m_network.hierarchy.tiers[tier].scores, nodes);
    exit.joined.Scale(exit.join.Scale());
    if (exit.aggregator)
    {
        exit.aggregator->Forward(exit.joined, {}, decay);
    }
}

void
JointNetwork::BackwardExit(int tier, Batch gradient)
{
    Exit& exit = m_exits[tier];
    if (exit.aggregator)
    {
        gradient = exit.aggregator->Backward(std::move(gradient), true);
    }
    gradient.Scale(exit.join.Scale());
    exit.join.Backward(gradient);
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
            BackwardExit(tier, std::move(gradient));
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
                    CrossEntropy(devices[device].exit.Output().Sample(i),
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
    Batch gradient = n.exit.Backward(std::move(n.scoreGradient), true);
    std::transform(gradient.values.begin(),
                   gradient.values.end(),
                   n.featureGradient.values.begin(),
                   gradient.values.begin(),
                   std::plus<>());
    for (int block = static_cast<int>(n.blocks.size()) - 1; block >= 0; --block)
    {
        gradient = n.blocks[block].Backward(std::move(gradient), block > 0 || tier > 0);
    }
    if (tier > 0)
    {
        n.join.Backward(gradient);
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
    return exit.aggregator ? exit.aggregator->Output() : exit.joined;
}

} // namespace ddnn
