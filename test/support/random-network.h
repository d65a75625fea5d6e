// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TEST_RANDOM_NETWORK_H
#define DDNN_TEST_RANDOM_NETWORK_H

#include "contrib-ddnn/hierarchy/exit-criterion.h"
#include "contrib-ddnn/network/network.h"

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace ddnn::test
{

/// Uniform in [low, high].
inline int
RandomInt(std::mt19937_64& generator, int low, int high)
{
    return low + static_cast<int>(generator() % (high - low + 1));
}

/// Uniform in [low, high).
inline float
RandomFloat(std::mt19937_64& generator, float low, float high)
{
    return low + (high - low) * static_cast<float>(generator() >> 40) * 0x1p-24F;
}

/// Any value of an enum that has WORDS.
template <typename Enum>
Enum
RandomEnum(std::mt19937_64& generator)
{
    return static_cast<Enum>(RandomInt(generator, 0, static_cast<int>(WORDS<Enum>.size()) - 1));
}

inline bool
OneIn(std::mt19937_64& generator, int n)
{
    return RandomInt(generator, 1, n) == 1;
}

template <typename T>
T
RandomOf(std::mt19937_64& generator, const std::vector<T>& values)
{
    return values[RandomInt(generator, 0, static_cast<int>(values.size()) - 1)];
}

/// What a random hierarchy may contain: by default, binary ConvP blocks alone.
struct RandomSpace
{
    std::vector<BlockKind> kinds{BlockKind::CONVP};
    std::vector<Precision> precisions{Precision::BINARY};
    std::vector<FeatureCoding> codings{FeatureCoding::FLOAT32};
    bool sameNodes{true};  ///< the views of the devices and the blocks of a tier's nodes are alike
    int maxFilters{9};     ///< of a block
    int maxExtent{20};     ///< of a view, in rows and columns
    int maxOtherBlocks{2}; ///< of a section, behind the first
};

inline Shape
RandomView(std::mt19937_64& generator, const RandomSpace& space)
{
    const bool wide = OneIn(generator, 5) && space.maxExtent >= 20; // sums of more than 16 bits
    const bool long70 = OneIn(generator, 4) && space.maxExtent >= 20;
    return {RandomInt(generator, wide ? 14 : 1, wide ? 20 : 4),
            RandomInt(generator, 1, space.maxExtent),
            RandomInt(generator, 1, long70 ? 70 : space.maxExtent)};
}

/// \param flatten begin with FC
inline std::vector<BlockSpec>
RandomBlocks(std::mt19937_64& generator, const RandomSpace& space, bool flatten)
{
    std::vector<BlockSpec> blocks(1 + RandomInt(generator, 0, space.maxOtherBlocks) *
                                          RandomInt(generator, 0, 1));
    for (std::size_t i = 0; i < blocks.size(); ++i)
    {
        BlockSpec& block = blocks[i];
        const bool many = space.maxFilters >= 9 && OneIn(generator, 8);
        block.filters = RandomInt(generator, 1, many ? 64 : space.maxFilters);
        block.poolStride = RandomInt(generator, 1, 2);
        block.kind = i == 0 && flatten ? BlockKind::FC : RandomOf(generator, space.kinds);
        block.precision = RandomOf(generator, space.precisions);
    }
    return blocks;
}

/// Parents such that every node of the next tier has a child.
inline std::vector<int>
RandomParents(std::mt19937_64& generator, int children, int parents)
{
    std::vector<int> result;
    for (int child = 0; child < children; ++child)
    {
        result.push_back(child < parents ? child : RandomInt(generator, 0, parents - 1));
    }
    for (int child = children; child > 1; --child)
    {
        std::swap(result[child - 1], result[RandomInt(generator, 0, child - 1)]);
    }
    return result;
}

/// Whether all nodes of the last tier that are siblings have features of one shape.
/// \param same compares two of them
template <typename Same>
bool
SiblingsMeet(const Hierarchy& hierarchy, Same same)
{
    const int tier = static_cast<int>(hierarchy.tiers.size()) - 1;
    const auto& parents = hierarchy.tiers[tier].parents;
    for (std::size_t a = 0; a < parents.size(); ++a)
    {
        for (std::size_t b = 0; b < a; ++b)
        {
            if (parents[a] == parents[b] &&
                !same(FeatureShape(hierarchy, tier, a), FeatureShape(hierarchy, tier, b)))
            {
                return false;
            }
        }
    }
    return true;
}

/// Add a tier to a hierarchy that is valid so far.
inline void
AddRandomTier(Hierarchy& hierarchy, int nodes, std::mt19937_64& generator, const RandomSpace& space)
{
    Tier tier;
    tier.numNodes = nodes;
    tier.features = RandomEnum<Aggregation>(generator);
    tier.scores = RandomEnum<Aggregation>(generator);
    tier.exitWeight = RandomInt(generator, 1, 4) / 2.0;
    tier.threshold = RandomInt(generator, 0, 10) / 10.0;
    bool flatten = false;
    if (!hierarchy.tiers.empty())
    {
        hierarchy.tiers.back().parents =
            RandomParents(generator, hierarchy.tiers.back().numNodes, nodes);
        if (!SiblingsMeet(hierarchy, std::equal_to<>()))
        {
            tier.features = Aggregation::CC;
        }
        flatten = !SiblingsMeet(hierarchy, [](const Shape& a, const Shape& b) {
            return a.rows == b.rows && a.columns == b.columns;
        });
    }
    tier.exitPrecision = RandomOf(generator, space.precisions);
    tier.coding = RandomOf(generator, space.codings);
    tier.blocks = RandomBlocks(generator, space, flatten);
    const bool sameShapes = OneIn(generator, 2);
    for (int node = 0; !space.sameNodes && node < nodes; ++node)
    {
        tier.nodeBlocks.push_back(sameShapes ? tier.blocks
                                             : RandomBlocks(generator, space, flatten));
        for (BlockSpec& block : tier.nodeBlocks.back())
        {
            block.precision = RandomOf(generator, space.precisions);
        }
    }
    hierarchy.tiers.push_back(tier);
}

/// A hierarchy of devices, now and then tiers of edges, and a cloud.
inline Hierarchy
RandomHierarchy(std::mt19937_64& generator, const RandomSpace& space)
{
    Hierarchy hierarchy;
    hierarchy.numClasses = RandomInt(generator, 2, 6);
    hierarchy.confidence = RandomOf(generator, ExitCriteria()).name;
    int nodes = RandomInt(generator, 1, 8);
    const bool sameViews = space.sameNodes || OneIn(generator, 2);
    hierarchy.views.clear();
    for (int device = 0; device < (sameViews ? 1 : nodes); ++device)
    {
        hierarchy.views.push_back(RandomView(generator, space));
    }
    const int edgeTiers = RandomInt(generator, 0, 2) * RandomInt(generator, 0, 1);
    AddRandomTier(hierarchy, nodes, generator, space);
    for (int edges = 0; edges < edgeTiers; ++edges)
    {
        nodes = RandomInt(generator, 1, nodes);
        AddRandomTier(hierarchy, nodes, generator, space);
        hierarchy.tiers.back().name = "edge" + std::to_string(edges);
    }
    AddRandomTier(hierarchy, 1, generator, space);
    hierarchy.tiers.front().name = "device";
    hierarchy.tiers.back().name = "cloud";
    hierarchy.tiers.back().scores = static_cast<Aggregation>(RandomInt(generator, 0, 1));
    Validate(hierarchy);
    return hierarchy;
}

/// One half of binary ConvP blocks alone, the other of everything that there is.
inline Hierarchy
RandomHierarchy(std::mt19937_64& generator)
{
    RandomSpace space;
    if (OneIn(generator, 2))
    {
        space.kinds = {BlockKind::CONVP, BlockKind::CONVP, BlockKind::FC};
        space.precisions = {Precision::BINARY, Precision::FLOAT};
        space.codings = {FeatureCoding::FLOAT32, FeatureCoding::FLOAT16, FeatureCoding::INT8};
        space.sameNodes = OneIn(generator, 3);
    }
    return RandomHierarchy(generator, space);
}

/// Random weights, and batch norms of either sign of gamma, some with gamma 0.
inline Network
RandomNetwork(const Hierarchy& hierarchy, std::mt19937_64& generator)
{
    Network network(hierarchy);
    for (const Parameter& parameter : Parameters(network))
    {
        const bool isVariance = parameter.name.find("variance") != std::string::npos;
        const bool isGamma = parameter.name.find("gamma") != std::string::npos;
        for (float& value : *parameter.values)
        {
            value = isVariance ? RandomFloat(generator, 0, 9) : RandomFloat(generator, -1.5F, 1.5F);
            if (isGamma && RandomInt(generator, 0, 9) == 0)
            {
                value = 0;
            }
        }
    }
    return network;
}

/// A view of each device, with many equal and zero values, so that ties in pooling occur.
inline std::vector<std::vector<uint8_t>>
RandomViews(const Hierarchy& hierarchy, std::mt19937_64& generator)
{
    const int levels = RandomInt(generator, 0, 1) == 0 ? 2 : 255;
    std::vector<std::vector<uint8_t>> views;
    for (int device = 0; device < hierarchy.tiers[0].numNodes; ++device)
    {
        views.emplace_back(ViewShape(hierarchy, device).Size());
        for (uint8_t& value : views.back())
        {
            value = static_cast<uint8_t>(RandomInt(generator, 0, levels) * (255 / levels));
        }
    }
    return views;
}

/// Pointers to the devices' views, nullptr for each device with probability 1/4, but not for all.
inline std::vector<const uint8_t*>
RandomPresence(const std::vector<std::vector<uint8_t>>& views, std::mt19937_64& generator)
{
    const int devices = static_cast<int>(views.size());
    const int sure = RandomInt(generator, 0, devices - 1);
    std::vector<const uint8_t*> pointers;
    for (int device = 0; device < devices; ++device)
    {
        const bool absent = device != sure && OneIn(generator, 4);
        pointers.push_back(absent ? nullptr : views[device].data());
    }
    return pointers;
}

} // namespace ddnn::test

#endif // DDNN_TEST_RANDOM_NETWORK_H
