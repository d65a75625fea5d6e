// SPDX-License-Identifier: GPL-2.0-only
#include "reference-model.h"

#include "exit.h"
#include "feature-coding.h"
#include "section-input.h"
#include "simd.h"

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
};

/// target[i] += factor x source[i]
DDNN_SIMD_CLONES void
AddScaled(const float* source, float factor, int n, float* target)
{
    for (int i = 0; i < n; ++i)
    {
        target[i] += factor * source[i];
    }
}

/// With a border of zeros, `[channel, row + 2, column + 2]`.
Map
Pad(const Map& input)
{
    const Shape& shape = input.shape;
    Map padded({shape.channels, shape.rows + 2, shape.columns + 2});
    for (int line = 0; line < shape.channels * shape.rows; ++line)
    {
        const int row = line / shape.rows * padded.shape.rows + line % shape.rows + 1;
        std::copy_n(input.values.data() + line * shape.columns,
                    shape.columns,
                    padded.values.data() + row * padded.shape.columns + 1);
    }
    return padded;
}

/// 3x3 convolution, stride 1, padding 1. Every output adds its terms in the order channel, row,
/// column. To be quick, all outputs of a filter add one term at a time: they and the inputs of that
/// term lie one behind the other, with rows of the padded width, the last two values of no use.
Map
Convolve(const Map& input, const ConvP& block)
{
    const Shape& shape = input.shape;
    const Map padded = Pad(input);
    const int width = padded.shape.columns;
    const int plane = padded.shape.rows * width;
    Map output({block.spec.filters, shape.rows, shape.columns});
    std::vector<float> sums(shape.rows * width);
    float* target = output.values.data();
    for (int f = 0; f < block.spec.filters; ++f)
    {
        std::fill(sums.begin(), sums.end(), 0.0F);
        for (int i = 0; i < shape.channels * 9; ++i)
        {
            const float weight = block.weight[f * shape.channels * 9 + i];
            AddScaled(padded.values.data() + i / 9 * plane + i % 9 / 3 * width + i % 3,
                      EffectiveWeight(block.spec.precision, weight),
                      static_cast<int>(sums.size()) - 2,
                      sums.data());
        }
        for (int y = 0; y < shape.rows; ++y)
        {
            target = std::copy_n(sums.data() + y * width, shape.columns, target);
        }
    }
    return output;
}

/// The highest value of the 3x3 around a position, as far as they exist.
float
Highest(const Map& input, int channel, int row, int column)
{
    float highest = -std::numeric_limits<float>::infinity();
    for (int y = std::max(row - 1, 0); y < std::min(row + 2, input.shape.rows); ++y)
    {
        for (int x = std::max(column - 1, 0); x < std::min(column + 2, input.shape.columns); ++x)
        {
            highest = std::max(highest, input.At(channel, y, x));
        }
    }
    return highest;
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
                *target++ = Highest(input, c, y * stride, x * stride);
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
