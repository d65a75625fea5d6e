// SPDX-License-Identifier: GPL-2.0-only
#include "reference-model.h"

#include "exit.h"
#include "feature-bits.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace ddnn
{

namespace
{

/// `[channel, row, column]`; every value is an integer, so that sums are exact in any order.
struct Map
{
    Shape shape;
    std::vector<float> values;

    float& At(int channel, int row, int column)
    {
        return values[(channel * shape.rows + row) * shape.columns + column];
    }

    float At(int channel, int row, int column) const
    {
        return values[(channel * shape.rows + row) * shape.columns + column];
    }

    bool Contains(int row, int column) const
    {
        return row >= 0 && row < shape.rows && column >= 0 && column < shape.columns;
    }
};

Map
MakeMap(const Shape& shape)
{
    return {shape, std::vector<float>(shape.Size(), 0.0F)};
}

/// 3x3 convolution, stride 1, padding 1, with the signs of the weights.
Map
Convolve(const Map& input, const ConvP& block)
{
    Map output = MakeMap({block.spec.filters, input.shape.rows, input.shape.columns});
    for (int f = 0; f < output.shape.channels; ++f)
    {
        for (int y = 0; y < output.shape.rows; ++y)
        {
            for (int x = 0; x < output.shape.columns; ++x)
            {
                for (int tap = 0; tap < input.shape.channels * 9; ++tap)
                {
                    const int row = y + tap % 9 / 3 - 1;
                    const int column = x + tap % 3 - 1;
                    if (input.Contains(row, column))
                    {
                        const float value = input.At(tap / 9, row, column);
                        const bool plus = block.weight[f * input.shape.channels * 9 + tap] >= 0;
                        output.At(f, y, x) += plus ? value : -value;
                    }
                }
            }
        }
    }
    return output;
}

/// 3x3 maximum, padding 1 that never wins.
Map
MaxPool(const Map& input, int stride)
{
    Map output = MakeMap(BlockOutput(input.shape, {input.shape.channels, stride}));
    for (int c = 0; c < output.shape.channels; ++c)
    {
        for (int y = 0; y < output.shape.rows; ++y)
        {
            for (int x = 0; x < output.shape.columns; ++x)
            {
                float highest = -std::numeric_limits<float>::infinity();
                for (int tap = 0; tap < 9; ++tap)
                {
                    const int row = y * stride + tap / 3 - 1;
                    const int column = x * stride + tap % 3 - 1;
                    if (input.Contains(row, column))
                    {
                        highest = std::max(highest, input.At(c, row, column));
                    }
                }
                output.At(c, y, x) = highest;
            }
        }
    }
    return output;
}

Map
RunBlock(const Map& input, const ConvP& block, float scale)
{
    Map output = MaxPool(Convolve(input, block), block.spec.poolStride);
    for (int i = 0; i < output.shape.Size(); ++i)
    {
        const int filter = i / (output.shape.rows * output.shape.columns);
        output.values[i] = block.bn.Apply(filter, output.values[i] * scale) >= 0 ? 1.0F : -1.0F;
    }
    return output;
}

Scores
RunExit(const Map& input, const FullyConnected& layer)
{
    Scores scores(layer.outputs);
    for (int o = 0; o < layer.outputs; ++o)
    {
        float sum = 0;
        for (int i = 0; i < layer.inputs; ++i)
        {
            sum += layer.weight[o * layer.inputs + i] >= 0 ? input.values[i] : -input.values[i];
        }
        scores[o] = layer.bn.Apply(o, sum);
    }
    return scores;
}

/// \param scale of the first block's input; that of all others is 1
NodeOutput
RunSection(const Section& section, Map map, float scale)
{
    for (const ConvP& block : section.blocks)
    {
        map = RunBlock(map, block, scale);
        scale = 1;
    }
    return {PackFeatures(map.values), RunExit(map, section.exit)};
}

/// Joins the children's features; AP gives their sum, to be scaled by 1 / (number present).
Map
JoinFeatures(Aggregation aggregation, const Shape& child, const std::vector<Features>& children)
{
    Map joined = MakeMap(child);
    const bool concatenate = aggregation == Aggregation::CC;
    if (concatenate)
    {
        joined = MakeMap(
            {child.channels * static_cast<int>(children.size()), child.rows, child.columns});
    }
    bool first = true;
    for (std::size_t c = 0; c < children.size(); ++c)
    {
        if (children[c].empty())
        {
            continue;
        }
        const std::vector<float> values = UnpackFeatures(children[c], child.Size());
        for (std::size_t i = 0; i < values.size(); ++i)
        {
            float& target = joined.values[concatenate ? c * values.size() + i : i];
            const bool maximum = aggregation == Aggregation::MP && !first;
            target = maximum ? std::max(target, values[i]) : target + values[i];
        }
        first = false;
    }
    return joined;
}

} // namespace

ReferenceModel::ReferenceModel(const Network& network)
    : Model(network.hierarchy)
    , m_network(network)
{
}

NodeOutput
ReferenceModel::RunDevice(int device, const uint8_t* view) const
{
    CheckDevice(GetHierarchy(), device);
    Map map = MakeMap(ViewShape(GetHierarchy(), device));
    std::copy(view, view + map.values.size(), map.values.begin());
    return RunSection(m_network.sections.at(0).at(device), map, VIEW_SCALE);
}

NodeOutput
ReferenceModel::RunNode(int tier, int node, const std::vector<Features>& children) const
{
    const int present = CheckChildren(GetHierarchy(), tier, node, children);
    const Aggregation aggregation = GetHierarchy().tiers[tier].features;
    const int child = Children(GetHierarchy(), tier, node).front();
    const Shape shape = FeatureShape(GetHierarchy(), tier - 1, child);
    return RunSection(m_network.sections[tier][node],
                      JoinFeatures(aggregation, shape, children),
                      FeatureScale(aggregation, present));
}

Verdict
ReferenceModel::CloseExit(int tier, const std::vector<Scores>& scores) const
{
    return MakeVerdict(JoinScores(m_network, tier, scores), GetHierarchy().confidence);
}

} // namespace ddnn
