// SPDX-License-Identifier: GPL-2.0-only
#include "reference-model.h"

#include "exit.h"
#include "feature-coding.h"
#include "section-input.h"

#include <algorithm>
#include <limits>

namespace ddnn
{

namespace
{

/// `[channel, row, column]`
struct Map
{
    Shape shape;
    std::vector<float> values;

    explicit Map(const Shape& shape)
        : shape(shape)
        , values(shape.Size(), 0.0F)
    {
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

/// output[y, x] += weight x input[y + down, x + right], where there is such an input.
void
AddShifted(const float* input, const Shape& shape, int down, int right, float weight, float* output)
{
    const int left = std::max(0, -right);
    const int end = shape.columns - std::max(0, right);
    for (int y = std::max(0, -down); y < shape.rows - std::max(0, down); ++y)
    {
        const float* source = input + (y + down) * shape.columns + right;
        float* target = output + y * shape.columns;
        for (int x = left; x < end; ++x)
        {
            target[x] += weight * source[x];
        }
    }
}

/// 3x3 convolution, stride 1, padding 1. Every output adds its terms in the order channel, row,
/// column; what they are for neighbouring outputs runs fastest only to be quick.
Map
Convolve(const Map& input, const ConvP& block)
{
    const Shape& shape = input.shape;
    const int plane = shape.rows * shape.columns;
    Map output({block.spec.filters, shape.rows, shape.columns});
    for (int f = 0; f < block.spec.filters; ++f)
    {
        for (int i = 0; i < shape.channels * 9; ++i)
        {
            const float weight = block.weight[f * shape.channels * 9 + i];
            AddShifted(input.values.data() + i / 9 * plane,
                       shape,
                       i % 9 / 3 - 1,
                       i % 3 - 1,
                       EffectiveWeight(block.spec.precision, weight),
                       output.values.data() + f * plane);
        }
    }
    return output;
}

/// 3x3 maximum, padding 1 that never wins.
Map
MaxPool(const Map& input, int stride)
{
    Map output(BlockOutput(input.shape, {input.shape.channels, stride}));
    float* target = output.values.data();
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
                *target++ = highest;
            }
        }
    }
    return output;
}

float
WeightedSum(const Map& input, const FullyConnected& layer, int output)
{
    const float* weight = layer.weight.data() + static_cast<std::size_t>(output) * layer.inputs;
    float sum = 0;
    for (int i = 0; i < layer.inputs; ++i)
    {
        sum += EffectiveWeight(layer.precision, weight[i]) * input.values[i];
    }
    return sum;
}

Map
RunBlock(const Map& input, const ConvP& block, float scale)
{
    Map output = MaxPool(Convolve(input, block), block.spec.poolStride);
    for (int i = 0; i < output.shape.Size(); ++i)
    {
        const int filter = i / (output.shape.rows * output.shape.columns);
        output.values[i] =
            Activate(block.spec.precision, block.bn.Apply(filter, output.values[i] * scale));
    }
    return output;
}

Map
RunBlock(const Map& input, const FullyConnected& block, float scale)
{
    Map output({block.outputs, 1, 1});
    for (int o = 0; o < block.outputs; ++o)
    {
        const float sum = WeightedSum(input, block, o) * scale;
        output.values[o] = Activate(block.precision, block.bn.Apply(o, sum));
    }
    return output;
}

Scores
RunExit(const Map& input, const FullyConnected& layer)
{
    Scores scores;
    for (int o = 0; o < layer.outputs; ++o)
    {
        scores.push_back(layer.bn.Apply(o, WeightedSum(input, layer, o)));
    }
    return scores;
}

/// \param scale of the first block's sums; that of all others is 1
NodeOutput
RunSection(const Section& section, Map map, float scale, const FeatureFormat& format)
{
    for (const Block& block : section.blocks)
    {
        map = std::visit(
            [&](const auto& b) {
                return RunBlock(map, b, scale);
            },
            block);
        scale = 1;
    }
    Features features = EncodeFeatures(map.values, format);
    // the exit sees what the parent will see
    map.values = DecodeFeatures(features, map.shape.Size(), format);
    return {std::move(features), RunExit(map, section.exit)};
}

/// MP and AP of the children that are present; AP gives their sum, to be scaled by 1 / (number
/// present) later.
void
Join(Aggregation aggregation, const std::vector<float>& child, bool first, Map& joined)
{
    for (std::size_t i = 0; i < child.size(); ++i)
    {
        float& target = joined.values[i];
        const bool maximum = aggregation == Aggregation::MP && !first;
        target = maximum ? std::max(target, child[i]) : target + child[i];
    }
}

/// What enters the section of a node above the devices, before it is scaled.
Map
JoinFeatures(const Hierarchy& hierarchy, int tier, int node, const std::vector<Features>& children)
{
    const Aggregation aggregation = hierarchy.tiers[tier].features;
    const auto nodes = Children(hierarchy, tier, node);
    Map joined(InputShape(hierarchy, tier, node));
    bool first = true;
    int offset = 0;
    for (std::size_t c = 0; c < children.size(); ++c)
    {
        const int size = FeatureShape(hierarchy, tier - 1, nodes[c]).Size();
        if (!children[c].empty())
        {
            const std::vector<float> values =
                DecodeFeatures(children[c], size, FormatOf(hierarchy, tier - 1, nodes[c]));
            if (aggregation == Aggregation::CC)
            {
                std::copy(values.begin(), values.end(), joined.values.begin() + offset);
            }
            else
            {
                Join(aggregation, values, first, joined);
            }
            first = false;
        }
        offset += size;
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
    Map map(ViewShape(GetHierarchy(), device));
    std::copy(view, view + map.values.size(), map.values.begin());
    return RunSection(m_network.sections.at(0).at(device),
                      map,
                      VIEW_SCALE,
                      FormatOf(GetHierarchy(), 0, device));
}

NodeOutput
ReferenceModel::RunNode(int tier, int node, const std::vector<Features>& children) const
{
    const int present = CheckChildren(GetHierarchy(), tier, node, children);
    return RunSection(m_network.sections[tier][node],
                      JoinFeatures(GetHierarchy(), tier, node, children),
                      FeatureScale(GetHierarchy().tiers[tier].features, present),
                      FormatOf(GetHierarchy(), tier, node));
}

Verdict
ReferenceModel::CloseExit(int tier, const std::vector<Scores>& scores) const
{
    return MakeVerdict(JoinScores(m_network, tier, scores), GetHierarchy().confidence);
}

} // namespace ddnn
