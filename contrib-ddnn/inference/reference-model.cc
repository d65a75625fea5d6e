// SPDX-License-Identifier: GPL-2.0-only
#include "reference-model.h"

#include "aggregation.h"
#include "exit.h"
#include "feature-coding.h"
#include "linear.h"

#include <algorithm>
#include <utility>

namespace ddnn
{

namespace
{

/// A block or an exit.
template <typename T>
struct Stage
{
    std::unique_ptr<Linear<T>> linear;
    BatchNorm bn;
    Precision precision;

    std::vector<float> Run(const std::vector<T>& input, float scale) const
    {
        std::vector<float> sums(linear->Size());
        linear->Forward(input.data(), sums.data());
        Normalise(bn, scale, sums);
        return sums;
    }
};

/// How one child's features travel.
struct Child
{
    int size;
    FeatureFormat format;
};

void
Decode(const Features& features, const Child& child, std::vector<float>& values)
{
    values = DecodeFeatures(features, child.size, child.format);
}

void
Decode(const Features& features, const Child& child, std::vector<int16_t>& values)
{
    values = DecodeSigns<int16_t>(features, child.size);
}

/// The features to send. The exit will see what the parent sees.
Features
Encode(std::vector<float>& values, const FeatureFormat& format)
{
    Features features = EncodeFeatures(values, format);
    values = DecodeFeatures(features, static_cast<int>(values.size()), format);
    return features;
}

Features
Encode(const std::vector<int16_t>& values, const FeatureFormat& /* format */)
{
    return EncodeSigns(values);
}

template <typename T>
class Runner : public SectionRunner
{
  public:
    Runner(const Hierarchy& hierarchy, int tier, int node, std::vector<Stage<T>> stages)
        : m_aggregation(hierarchy.tiers[tier].features)
        , m_inputSize(InputShape(hierarchy, tier, node).Size())
        , m_format(FormatOf(hierarchy, tier, node))
        , m_stages(std::move(stages))
    {
        for (int child : Children(hierarchy, tier, node))
        {
            m_children.push_back({FeatureShape(hierarchy, tier - 1, child).Size(),
                                  FormatOf(hierarchy, tier - 1, child)});
            m_sizes.push_back(m_children.back().size);
        }
    }

    NodeOutput Run(const uint8_t* view) const override
    {
        std::vector<T> values(m_inputSize);
        std::copy_n(view, m_inputSize, values.data());
        return RunStages(std::move(values), VIEW_SCALE);
    }

    NodeOutput Run(const std::vector<Features>& children) const override
    {
        std::vector<std::vector<T>> values(children.size());
        Contributions<T> contributions(children.size());
        for (std::size_t i = 0; i < children.size(); ++i)
        {
            if (!children[i].empty())
            {
                Decode(children[i], m_children[i], values[i]);
                contributions[i] = values[i].data();
            }
        }
        std::vector<T> joined(m_inputSize);
        const int divisor = Join(m_aggregation, contributions, m_sizes, joined.data());
        return RunStages(std::move(joined), 1.0F / static_cast<float>(divisor));
    }

  private:
    /// \param scale of the first block's sums; that of all others is 1
    NodeOutput RunStages(std::vector<T> values, float scale) const
    {
        const Stage<T>& exit = m_stages.back();
        for (const Stage<T>* block = m_stages.data(); block != &exit; ++block)
        {
            Activate(block->precision, block->Run(values, scale), values);
            scale = 1;
        }
        Features features = Encode(values, m_format);
        return {std::move(features), exit.Run(values, 1)};
    }

    Aggregation m_aggregation;
    int m_inputSize;
    FeatureFormat m_format;
    std::vector<Stage<T>> m_stages; ///< blocks, exit
    std::vector<Child> m_children;
    std::vector<int> m_sizes; ///< of the children's features
};

/// \param make the Linear of a block, or none
/// \return none where `make` returns none
template <typename T, typename Make>
std::unique_ptr<SectionRunner>
MakeRunnerWith(const Network& network, int tier, int node, Make make)
{
    const Section& section = network.sections[tier][node];
    std::vector<Block> blocks = section.blocks;
    blocks.push_back(section.exit);
    std::vector<Stage<T>> stages;
    for (const Block& block : blocks)
    {
        std::unique_ptr<Linear<T>> linear = make(block);
        if (!linear)
        {
            return nullptr;
        }
        stages.push_back({std::move(linear), block.bn, block.spec.precision});
    }
    return std::make_unique<Runner<T>>(network.hierarchy, tier, node, std::move(stages));
}

/// The largest absolute value that enters a section; 0 if not all of them are integers.
int
MaxInput(const Hierarchy& hierarchy, int tier, int node)
{
    const auto children = Children(hierarchy, tier, node);
    if (tier == 0)
    {
        return 255;
    }
    if (std::any_of(children.begin(), children.end(), [&](int child) {
            return FeaturePrecision(hierarchy, tier - 1, child) != Precision::BINARY;
        }))
    {
        return 0;
    }
    return hierarchy.tiers[tier].features == Aggregation::AP ? static_cast<int>(children.size())
                                                             : 1;
}

} // namespace

std::unique_ptr<SectionRunner>
MakeRunner(const Network& network, int tier, int node)
{
    return MakeRunnerWith<float>(network, tier, node, MakeLinear);
}

std::unique_ptr<SectionRunner>
MakeIntegerRunner(const Network& network, int tier, int node)
{
    int maxInput = MaxInput(network.hierarchy, tier, node);
    if (maxInput == 0)
    {
        return nullptr;
    }
    return MakeRunnerWith<int16_t>(network, tier, node, [&](const Block& block) {
        return MakeIntegerLinear(block, std::exchange(maxInput, 1));
    });
}

ReferenceModel::ReferenceModel(const Network& network)
    : Model(network.hierarchy)
    , m_network(network)
{
    for (std::size_t tier = 0; tier < network.sections.size(); ++tier)
    {
        m_sections.emplace_back();
        for (std::size_t node = 0; node < network.sections[tier].size(); ++node)
        {
            m_sections[tier].push_back(MakeRunner(network, tier, node));
        }
    }
}

NodeOutput
ReferenceModel::RunDevice(int device, const uint8_t* view) const
{
    CheckDevice(device);
    return m_sections[0][device]->Run(view);
}

NodeOutput
ReferenceModel::RunNode(int tier, int node, const std::vector<Features>& children) const
{
    CheckChildren(tier, node, children);
    return m_sections[tier][node]->Run(children);
}

Verdict
ReferenceModel::CloseExit(int tier, const std::vector<Scores>& scores) const
{
    return MakeVerdict(JoinScores(m_network, tier, scores), GetHierarchy().confidence);
}

} // namespace ddnn
