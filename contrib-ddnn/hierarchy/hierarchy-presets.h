// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_HIERARCHY_PRESETS_H
#define DDNN_HIERARCHY_PRESETS_H

#include "hierarchy.h"

namespace ddnn
{

/// Options of the presets.
struct PresetSettings
{
    std::vector<Shape> views{Hierarchy().views}; ///< see Hierarchy::views
    int numClasses{Hierarchy().numClasses};
    int numDevices{6};
    int filters{BlockSpec().filters}; ///< f of the paper
    int numEdges{2};
    int edgeFilters{16};
    int cloudFilters{16};
    int cloudBlocks{2}; ///< one of them moves to the edge where there is one
    int cloudPoolStride{BlockSpec().poolStride};
    Precision devicePrecision{BlockSpec().precision}; ///< of all blocks and the devices' exit
    Precision edgePrecision{BlockSpec().precision};
    Precision cloudPrecision{BlockSpec().precision};
    FeatureCoding coding{Tier().coding};       ///< of the features of float sections
    Aggregation local{Tier().scores};          ///< joins the devices' scores
    Aggregation edgeScores{Tier().scores};     ///< joins the edges' scores
    Aggregation edgeFeatures{Tier().features}; ///< joins the devices' features at an edge
    Aggregation cloud{Tier().features};        ///< joins features in the cloud
    double localWeight{Tier().exitWeight};
    double edgeWeight{Tier().exitWeight};
    double cloudWeight{Tier().exitWeight};
    std::string confidence{Hierarchy().confidence};
};

/**
 * The configurations of the paper's Fig. 2 with the network of its Fig. 4. Where there is an edge,
 * the cloud's first block runs on it: it is the same network, cut once more.
 *
 * \param config
 * - 'a': as (c), but the devices offload raw views to the cloud, which runs all of the network;
 * - 'b': one device and the cloud;
 * - 'c': several devices and the cloud;
 * - 'd': one device, one edge and the cloud;
 * - 'e': several devices, one edge and the cloud;
 * - 'f': several devices in groups, an edge for each group, and the cloud
 * \throws std::runtime_error if the settings contradict each other
 */
Hierarchy MakePreset(char config, const PresetSettings& settings);

/// One tier of devices that have a local exit alone: what a network without offloading would be.
/// With one device it is the "individual" network of the paper's Fig. 8.
Hierarchy MakeLocalOnly(const PresetSettings& settings);

/// Put the devices into `numCells` cells of nearly equal size, in order.
/// \param access of each cell, see Cell
/// \throws std::runtime_error if there are fewer devices than cells
void SplitIntoCells(Hierarchy& hierarchy, int numCells, const std::string& access = "");

} // namespace ddnn

#endif // DDNN_HIERARCHY_PRESETS_H
