// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_HIERARCHY_H
#define DDNN_HIERARCHY_H

#include "dataset.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ddnn
{

/// How the contributions of several nodes are joined (paper III-B). Absent nodes are skipped by MP
/// and AP, and contribute zeros to CC.
enum class Aggregation
{
    MP, ///< maximum
    AP, ///< average
    CC  ///< concatenation
};

/// A fused block of the paper's Fig. 3: 3x3 convolution, 3x3 max-pool, batch norm, sign.
struct ConvPSpec
{
    int filters{4};
    int poolStride{2}; ///< 1 or 2
};

/// The nodes of one level of the hierarchy, their section of the DNN and their exit.
struct Tier
{
    std::string name; ///< `device`, `edge` or `cloud`
    int numNodes{1};
    std::vector<int> parents;      ///< of each node, in the next tier; empty in the last tier
    std::vector<ConvPSpec> blocks; ///< of every node's section, at least one
    Aggregation features{
        Aggregation::CC}; ///< joins the children's features; unused in the first tier
    Aggregation scores{Aggregation::MP}; ///< joins the nodes' class scores at the tier's exit
    double exitWeight{1};                ///< of this exit in the joint loss
    double threshold{0.8};               ///< exit if the normalised entropy is at most this
};

/**
 * The one description from which the network, the topology and Eq. (1) follow: tiers from the
 * devices up to the cloud, which is a single node.
 */
struct Hierarchy
{
    Shape view; ///< input of each device
    int numClasses{3};
    bool rawOffload{
        false}; ///< Fig. 2 (a): the devices send raw views and the cloud runs all sections
    std::vector<Tier> tiers;
};

/// Options of the presets.
struct PresetSettings
{
    Shape view;
    int numClasses{3};
    int numDevices{6};
    int filters{4}; ///< f of the paper
    int cloudFilters{16};
    int cloudBlocks{2};
    int cloudPoolStride{2};
    Aggregation local{Aggregation::MP};
    Aggregation cloud{Aggregation::CC};
    double localWeight{1};
    double cloudWeight{1};
};

/**
 * The configurations of the paper's Fig. 2 with the network of its Fig. 4.
 *
 * \param config 'a': as (c), but the devices offload raw views to the cloud, which runs all of the
 *        network; 'b': one device and the cloud; 'c': several devices and the cloud
 * \throws std::runtime_error if the settings contradict each other
 */
Hierarchy MakePreset(char config, const PresetSettings& settings);

/// One tier of devices that have a local exit alone: what a network without offloading would be.
/// With one device it is the "individual" network of the paper's Fig. 8.
Hierarchy MakeLocalOnly(const PresetSettings& settings);

/// \throws std::runtime_error naming the first contradiction
void Validate(const Hierarchy& hierarchy);

/// "MP", "AP" or "CC".
std::string ToString(Aggregation aggregation);

/// \throws std::runtime_error if it is none of MP, AP, CC
Aggregation ParseAggregation(const std::string& text);

/// The hierarchy as JSON text.
std::string ToJson(const Hierarchy& hierarchy);

/// \throws std::runtime_error naming the key and what is wrong
Hierarchy HierarchyFromJson(const std::string& json);

/// The nodes of the tier below that have this parent, in order; none for the first tier.
std::vector<int> Children(const Hierarchy& hierarchy, int tier, int node);

/// What enters a node's section, after aggregation: `[channel, row, column]`.
Shape InputShape(const Hierarchy& hierarchy, int tier, int node);

/// What leaves a node's last block: `[filter, row, column]`.
Shape FeatureShape(const Hierarchy& hierarchy, int tier, int node);

/// Output extent of a ConvP block.
Shape BlockOutput(const Shape& input, const ConvPSpec& block);

/// A node's class scores, one float per class: 4 |C| bytes (paper Eq. (1), first term).
int SummaryBytes(const Hierarchy& hierarchy);

/// A node's binary features: f o / 8 bytes, rounded up (paper Eq. (1), second term).
int FeatureBytes(const Hierarchy& hierarchy, int tier, int node);

/// A raw view: one byte per input value.
int RawBytes(const Hierarchy& hierarchy);

/**
 * The paper's Eq. (1), c = 4 |C| + (1 - l) f o / 8: bytes per sample that one device sends.
 * With rawOffload it is RawBytes, whatever l.
 *
 * \param localExitFraction l, the fraction of samples that exit locally, 0 to 1
 */
double Equation1(const Hierarchy& hierarchy, double localExitFraction);

/// Arithmetic operations (two per multiply-accumulate, one per comparison) of a node's section, its
/// exit included.
int64_t Operations(const Hierarchy& hierarchy, int tier, int node);

/// Operations of joining the scores at a tier's exit.
int64_t ExitOperations(const Hierarchy& hierarchy, int tier);

/// Bytes that a node's section needs in memory: weights at one bit, thresholds and score scales at
/// 4 bytes.
int64_t MemoryBytes(const Hierarchy& hierarchy, int tier, int node);

} // namespace ddnn

#endif // DDNN_HIERARCHY_H
