// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RANDOM_WORLD_H
#define DDNN_RANDOM_WORLD_H

#include "test/support/random-network.h"

#include <random>
#include <string>
#include <vector>

// What the tests of random hierarchies share.
namespace ddnn::test
{

/// Random views of a hierarchy's devices, all samples in the test split.
inline Dataset
RandomDataset(const Hierarchy& hierarchy, int numSamples, std::mt19937_64& generator)
{
    Dataset dataset;
    dataset.numClasses = hierarchy.numClasses;
    std::vector<Shape> shapes;
    for (int device = 0; device < hierarchy.tiers[0].numNodes; ++device)
    {
        shapes.push_back(ViewShape(hierarchy, device));
    }
    dataset.SetShapes(shapes);
    for (int sample = 0; sample < numSamples; ++sample)
    {
        dataset.labels.push_back(RandomInt(generator, 0, hierarchy.numClasses - 1));
        for (const auto& view : RandomViews(hierarchy, generator))
        {
            dataset.views.insert(dataset.views.end(), view.begin(), view.end());
        }
    }
    dataset.inView.assign(numSamples * shapes.size(), 1);
    dataset.inTest.assign(numSamples, 1);
    return dataset;
}

/// Put the devices into cells of any size, in any order.
/// \param technologies one of which each cell has; an empty name is the default one
inline void
AddRandomCells(Hierarchy& hierarchy,
               const std::vector<std::string>& technologies,
               std::mt19937_64& generator)
{
    const int devices = hierarchy.tiers[0].numNodes;
    std::vector<std::vector<int>> cells(RandomInt(generator, 1, devices));
    for (int device = 0; device < devices; ++device)
    {
        cells[RandomInt(generator, 0, static_cast<int>(cells.size()) - 1)].push_back(device);
    }
    for (const auto& cell : cells)
    {
        if (!cell.empty())
        {
            hierarchy.cells.push_back({RandomOf(generator, technologies), cell});
        }
    }
}

} // namespace ddnn::test

#endif // DDNN_RANDOM_WORLD_H
