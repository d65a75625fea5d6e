// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TEST_RANDOM_NETWORK_H
#define DDNN_TEST_RANDOM_NETWORK_H

#include "contrib-ddnn/hierarchy-presets.h"
#include "contrib-ddnn/network.h"

#include <cstdint>
#include <random>
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

inline Aggregation
RandomAggregation(std::mt19937_64& generator)
{
    return static_cast<Aggregation>(RandomInt(generator, 0, 2));
}

/// A hierarchy of devices and a cloud of random shape, and now and then edges between them.
inline Hierarchy
RandomHierarchy(std::mt19937_64& generator)
{
    PresetSettings settings;
    const bool wide = RandomInt(generator, 0, 4) == 0; // sums of more than 16 bits
    settings.views[0] = {RandomInt(generator, wide ? 14 : 1, wide ? 20 : 4),
                         RandomInt(generator, 1, 20),
                         RandomInt(generator, 1, RandomInt(generator, 0, 3) == 0 ? 70 : 20)};
    settings.numClasses = RandomInt(generator, 2, 6);
    settings.numDevices = RandomInt(generator, 1, 7);
    settings.filters = RandomInt(generator, 1, 9);
    settings.cloudFilters = RandomInt(generator, 1, 20);
    settings.cloudBlocks = RandomInt(generator, 1, 3);
    settings.cloudPoolStride = RandomInt(generator, 1, 2);
    settings.local = RandomAggregation(generator);
    settings.cloud = RandomAggregation(generator);
    Hierarchy hierarchy = MakePreset('c', settings);
    if (RandomInt(generator, 0, 3) == 0)
    {
        hierarchy.tiers[0].blocks.push_back({RandomInt(generator, 1, 70) % 64 + 1, 1});
    }
    if (settings.numDevices > 1 && RandomInt(generator, 0, 2) == 0)
    {
        Tier edge;
        edge.name = "edge";
        edge.numNodes = 2;
        edge.parents = {0, 0};
        edge.blocks = {{RandomInt(generator, 1, 5), 2}};
        edge.features = RandomAggregation(generator);
        edge.scores = RandomAggregation(generator);
        for (int device = 0; device < settings.numDevices; ++device)
        {
            hierarchy.tiers[0].parents[device] = device % 2;
        }
        hierarchy.tiers.insert(hierarchy.tiers.begin() + 1, edge);
    }
    Validate(hierarchy);
    return hierarchy;
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

/// Views with many equal and zero values, so that ties in pooling occur.
inline std::vector<uint8_t>
RandomViews(const Hierarchy& hierarchy, std::mt19937_64& generator)
{
    std::vector<uint8_t> views(static_cast<std::size_t>(ViewShape(hierarchy, 0).Size()) *
                               hierarchy.tiers[0].numNodes);
    const int levels = RandomInt(generator, 0, 1) == 0 ? 2 : 255;
    for (uint8_t& value : views)
    {
        value = static_cast<uint8_t>(RandomInt(generator, 0, levels) * (255 / levels));
    }
    return views;
}

/// Pointers to the devices' views, nullptr for each device with probability 1/4, but not for all.
inline std::vector<const uint8_t*>
RandomPresence(const std::vector<uint8_t>& views,
               const Hierarchy& hierarchy,
               std::mt19937_64& generator)
{
    const int devices = hierarchy.tiers[0].numNodes;
    const int sure = RandomInt(generator, 0, devices - 1);
    std::vector<const uint8_t*> pointers;
    for (int device = 0; device < devices; ++device)
    {
        const bool absent = device != sure && RandomInt(generator, 0, 3) == 0;
        pointers.push_back(absent ? nullptr
                                  : views.data() + device * ViewShape(hierarchy, 0).Size());
    }
    return pointers;
}

} // namespace ddnn::test

#endif // DDNN_TEST_RANDOM_NETWORK_H
