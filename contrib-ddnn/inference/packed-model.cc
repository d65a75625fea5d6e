// SPDX-License-Identifier: GPL-2.0-only
#include "packed-model.h"

#include "section-input.h"

#include <algorithm>
#include <stdexcept>

namespace ddnn
{

namespace
{

constexpr int MAX_VIEW_VALUE = 255;

bool
IsBinaryConvP(const Block& block)
{
    const auto* convP = std::get_if<ConvP>(&block);
    return convP && convP->spec.precision == Precision::BINARY;
}

/// Whether all inputs are views, or binary features of one shape.
bool
HasBinaryInput(const Hierarchy& hierarchy, int tier, int node)
{
    const auto children = Children(hierarchy, tier, node);
    return std::all_of(children.begin(), children.end(), [&](int child) {
        return FeaturePrecision(hierarchy, tier - 1, child) == Precision::BINARY &&
               FeatureShape(hierarchy, tier - 1, child) ==
                   FeatureShape(hierarchy, tier - 1, children.front());
    });
}

bool
IsBinary(const Network& network, int tier, int node)
{
    const Section& section = network.sections[tier][node];
    return HasBinaryInput(network.hierarchy, tier, node) &&
           section.exit.precision == Precision::BINARY &&
           std::all_of(section.blocks.begin(), section.blocks.end(), IsBinaryConvP);
}

/// The first block where its input is not binary.
std::optional<IntegerConvP>
FirstBlock(const Network& network, int tier, int node)
{
    const auto& block = std::get<ConvP>(network.sections[tier][node].blocks.front());
    if (tier == 0)
    {
        return IntegerConvP(block, {VIEW_SCALE}, MAX_VIEW_VALUE);
    }
    const Aggregation aggregation = network.hierarchy.tiers[tier].features;
    if (aggregation != Aggregation::AP)
    {
        return {};
    }
    const int children = static_cast<int>(Children(network.hierarchy, tier, node).size());
    std::vector<float> scales;
    for (int present = 1; present <= children; ++present)
    {
        scales.push_back(FeatureScale(aggregation, present));
    }
    return IntegerConvP(block, scales, children);
}

/// The maximum of binary features: +1 where any child that is present has it.
Features
Maximum(const std::vector<Features>& children)
{
    Features joined;
    for (const Features& child : children)
    {
        joined.resize(std::max(joined.size(), child.size()), 0);
        for (std::size_t i = 0; i < child.size(); ++i)
        {
            joined[i] |= child[i];
        }
    }
    return joined;
}

/// The sum of the features of the children that are present.
std::vector<int16_t>
Sum(const std::vector<Features>& children, int size)
{
    std::vector<int16_t> sum(size, 0);
    for (const Features& child : children)
    {
        if (child.empty())
        {
            continue;
        }
        const Signs signs = UnpackSigns(child, size);
        for (int i = 0; i < size; ++i)
        {
            sum[i] = static_cast<int16_t>(sum[i] + 2 * signs[i] - 1);
        }
    }
    return sum;
}

/// The features of the children one after the other, anything in the place of absent ones.
Signs
Concatenate(const std::vector<Features>& children, int size)
{
    Signs joined;
    for (std::size_t i = 0; i < children.size(); ++i)
    {
        const Signs signs = children[i].empty() ? Signs(size, 0) : UnpackSigns(children[i], size);
        joined.insert(joined.end(), signs.begin(), signs.end());
    }
    return joined;
}

std::vector<uint8_t>
PresentChannels(const std::vector<Features>& children, int channels)
{
    std::vector<uint8_t> present;
    for (const Features& child : children)
    {
        present.insert(present.end(), channels, child.empty() ? 0 : 1);
    }
    return present;
}

} // namespace

PackedModel::PackedSection::PackedSection(const Section& section, std::optional<IntegerConvP> first)
    : first(std::move(first))
    , exit(section.exit)
{
    for (std::size_t block = this->first ? 1 : 0; block < section.blocks.size(); ++block)
    {
        blocks.emplace_back(std::get<ConvP>(section.blocks[block]));
    }
}

NodeOutput
PackedModel::PackedSection::Finish(Signs signs, std::vector<uint8_t> present) const
{
    for (const BinaryConvP& block : blocks)
    {
        signs = block.Run(signs, present);
        present.clear();
    }
    Features features = PackSigns(signs);
    Scores scores = exit.Run(features);
    return {std::move(features), std::move(scores)};
}

PackedModel::PackedModel(const Network& network)
    : Model(network.hierarchy)
    , m_reference(network)
{
    for (std::size_t tier = 0; tier < network.sections.size(); ++tier)
    {
        m_sections.emplace_back();
        for (std::size_t node = 0; node < network.sections[tier].size(); ++node)
        {
            m_sections[tier].emplace_back();
            if (IsBinary(network, tier, node))
            {
                m_sections[tier].back().emplace(network.sections[tier][node],
                                                FirstBlock(network, tier, node));
            }
        }
    }
}

NodeOutput
PackedModel::RunDevice(int device, const uint8_t* view) const
{
    CheckDevice(GetHierarchy(), device);
    const auto& section = m_sections.at(0).at(device);
    return section ? section->Finish(section->first->Run(view, 0))
                   : m_reference.RunDevice(device, view);
}

NodeOutput
PackedModel::RunNode(int tier, int node, const std::vector<Features>& children) const
{
    const int present = CheckChildren(GetHierarchy(), tier, node, children);
    if (!m_sections[tier][node])
    {
        return m_reference.RunNode(tier, node, children);
    }
    const PackedSection& section = *m_sections[tier][node];
    const int child = Children(GetHierarchy(), tier, node).front();
    const Shape shape = FeatureShape(GetHierarchy(), tier - 1, child);
    switch (GetHierarchy().tiers[tier].features)
    {
    case Aggregation::AP:
        return section.Finish(section.first->Run(Sum(children, shape.Size()).data(), present - 1));
    case Aggregation::MP:
        return section.Finish(UnpackSigns(Maximum(children), shape.Size()));
    case Aggregation::CC:
        return section.Finish(Concatenate(children, shape.Size()),
                              PresentChannels(children, shape.channels));
    }
    throw std::logic_error("aggregation out of range");
}

Verdict
PackedModel::CloseExit(int tier, const std::vector<Scores>& scores) const
{
    return m_reference.CloseExit(tier, scores);
}

} // namespace ddnn
