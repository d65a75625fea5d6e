// SPDX-License-Identifier: GPL-2.0-only
#include "hierarchy.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <stdexcept>

namespace ddnn
{

namespace
{

int64_t
BlockWeights(const Shape& input, const BlockSpec& block)
{
    const auto shape = WeightShape(input, block);
    return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

int64_t
BlockOperations(const Shape& input, const BlockSpec& block)
{
    const int64_t sums = 2 * BlockWeights(input, block);
    const int64_t activations = BlockOutput(input, block).Size();
    const int64_t pooling = 9 * activations;
    return block.kind == BlockKind::FC ? sums + activations
                                       : sums * input.rows * input.columns + pooling + activations;
}

} // namespace

std::string
ToString(const Shape& shape)
{
    return "[" + std::to_string(shape.channels) + ", " + std::to_string(shape.rows) + ", " +
           std::to_string(shape.columns) + "]";
}

Shape
ViewShape(const Hierarchy& hierarchy, int device)
{
    return hierarchy.views.size() == 1 ? hierarchy.views[0] : hierarchy.views.at(device);
}

const std::vector<BlockSpec>&
NodeBlocks(const Tier& tier, int node)
{
    return tier.nodeBlocks.empty() ? tier.blocks : tier.nodeBlocks.at(node);
}

std::vector<int>
Children(const Hierarchy& hierarchy, int tier, int node)
{
    std::vector<int> children;
    if (tier > 0)
    {
        const auto& parents = hierarchy.tiers[tier - 1].parents;
        for (std::size_t child = 0; child < parents.size(); ++child)
        {
            if (parents[child] == node)
            {
                children.push_back(static_cast<int>(child));
            }
        }
    }
    return children;
}

Shape
JoinedShape(Aggregation aggregation, const std::vector<Shape>& features)
{
    Shape joined = features.at(0);
    if (aggregation != Aggregation::CC)
    {
        return joined;
    }
    int total = joined.Size();
    bool sameExtent = true;
    for (std::size_t i = 1; i < features.size(); ++i)
    {
        const Shape& shape = features[i];
        sameExtent = sameExtent && shape.rows == joined.rows && shape.columns == joined.columns;
        joined.channels += shape.channels;
        total += shape.Size();
    }
    return sameExtent ? joined : Shape{total, 1, 1};
}

Shape
InputShape(const Hierarchy& hierarchy, int tier, int node)
{
    if (tier == 0)
    {
        return ViewShape(hierarchy, node);
    }
    const Aggregation aggregation = hierarchy.tiers[tier].features;
    std::vector<Shape> features;
    for (int child : Children(hierarchy, tier, node))
    {
        features.push_back(FeatureShape(hierarchy, tier - 1, child));
        if (aggregation != Aggregation::CC)
        {
            break; // the others are alike
        }
    }
    return JoinedShape(aggregation, features);
}

Shape
FeatureShape(const Hierarchy& hierarchy, int tier, int node)
{
    Shape shape = InputShape(hierarchy, tier, node);
    for (const BlockSpec& block : NodeBlocks(hierarchy.tiers[tier], node))
    {
        shape = BlockOutput(shape, block);
    }
    return shape;
}

Shape
BlockOutput(const Shape& input, const BlockSpec& block)
{
    if (block.kind == BlockKind::FC)
    {
        return {block.filters, 1, 1};
    }
    const int stride = block.poolStride;
    return {block.filters, (input.rows - 1) / stride + 1, (input.columns - 1) / stride + 1};
}

std::vector<std::size_t>
WeightShape(const Shape& input, const BlockSpec& block)
{
    const std::size_t filters = block.filters;
    const std::size_t channels = input.channels;
    const std::size_t inputs = input.Size();
    return block.kind == BlockKind::FC ? std::vector{filters, inputs}
                                       : std::vector<std::size_t>{filters, channels, 3, 3};
}

Precision
FeaturePrecision(const Hierarchy& hierarchy, int tier, int node)
{
    return NodeBlocks(hierarchy.tiers[tier], node).back().precision;
}

int
ScoreBytes(const Hierarchy& hierarchy)
{
    return 4 * hierarchy.numClasses;
}

int
FeatureBytes(const Hierarchy& hierarchy, int tier, int node)
{
    const int size = FeatureShape(hierarchy, tier, node).Size();
    if (FeaturePrecision(hierarchy, tier, node) == Precision::BINARY)
    {
        return (size + 7) / 8;
    }
    const int valueBytes[] = {4, 2, 1}; // of each FeatureCoding
    return valueBytes[static_cast<int>(hierarchy.tiers[tier].coding)] * size;
}

int
RawBytes(const Hierarchy& hierarchy, int device)
{
    return ViewShape(hierarchy, device).Size();
}

int
LargestPayload(const Hierarchy& hierarchy, int tier)
{
    const bool last = tier + 1 == static_cast<int>(hierarchy.tiers.size());
    int largest = ScoreBytes(hierarchy);
    for (int node = 0; node < hierarchy.tiers.at(tier).numNodes; ++node)
    {
        const bool raw = hierarchy.rawOffload && tier == 0;
        const bool features = !hierarchy.rawOffload && !last;
        largest = std::max({largest,
                            raw ? RawBytes(hierarchy, node) : 0,
                            features ? FeatureBytes(hierarchy, tier, node) : 0});
    }
    return largest;
}

std::vector<TierBytes>
PayloadBytes(const Hierarchy& hierarchy, const std::vector<double>& exitFractions)
{
    std::vector<TierBytes> bytes(hierarchy.tiers.size());
    if (hierarchy.rawOffload)
    {
        for (int device = 0; device < hierarchy.tiers[0].numNodes; ++device)
        {
            bytes[0].features += RawBytes(hierarchy, device);
        }
        return bytes;
    }
    double reached = 1;
    for (std::size_t t = 0; t < hierarchy.tiers.size(); ++t)
    {
        const Tier& tier = hierarchy.tiers[t];
        if (t == 0 || tier.numNodes > 1)
        {
            bytes[t].scores = reached * tier.numNodes * ScoreBytes(hierarchy);
        }
        if (t + 1 == hierarchy.tiers.size())
        {
            break;
        }
        reached -= exitFractions.at(t);
        for (int node = 0; node < tier.numNodes; ++node)
        {
            bytes[t].features += reached * FeatureBytes(hierarchy, static_cast<int>(t), node);
        }
    }
    return bytes;
}

double
CommunicationCost(const Hierarchy& hierarchy, double localExitFraction)
{
    std::vector<double> fractions(hierarchy.tiers.size(), 0);
    fractions[0] = localExitFraction;
    const TierBytes devices = PayloadBytes(hierarchy, fractions).front();
    return (devices.scores + devices.features) / hierarchy.tiers[0].numNodes;
}

int64_t
Operations(const Hierarchy& hierarchy, int tier, int node)
{
    Shape shape = InputShape(hierarchy, tier, node);
    int64_t operations = 0;
    for (const BlockSpec& block : NodeBlocks(hierarchy.tiers[tier], node))
    {
        operations += BlockOperations(shape, block);
        shape = BlockOutput(shape, block);
    }
    return operations + 2 * int64_t{shape.Size()} * hierarchy.numClasses;
}

int64_t
ExitOperations(const Hierarchy& hierarchy, int tier)
{
    const Tier& t = hierarchy.tiers[tier];
    const int64_t scores = int64_t{t.numNodes} * hierarchy.numClasses;
    return t.scores == Aggregation::CC ? 2 * scores * hierarchy.numClasses : scores;
}

int64_t
MemoryBytes(const Hierarchy& hierarchy, int tier, int node)
{
    const Tier& t = hierarchy.tiers[tier];
    Shape shape = InputShape(hierarchy, tier, node);
    int64_t bits = 0;
    int64_t floats = 0;
    auto addWeights = [&](int64_t weights, Precision precision) {
        (precision == Precision::BINARY ? bits : floats) += weights;
    };
    for (const BlockSpec& block : NodeBlocks(t, node))
    {
        addWeights(BlockWeights(shape, block), block.precision);
        floats += (block.precision == Precision::BINARY ? 1 : 2) * block.filters;
        shape = BlockOutput(shape, block);
    }
    addWeights(int64_t{shape.Size()} * hierarchy.numClasses, t.exitPrecision);
    floats += 2 * hierarchy.numClasses; // the exit's batch norm: one scale, one offset
    return (bits + 7) / 8 + 4 * floats;
}

std::string
ExitName(const Hierarchy& hierarchy, int tier)
{
    return tier == 0 ? "local" : hierarchy.tiers.at(tier).name;
}

} // namespace ddnn
