// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_HIERARCHY_H
#define DDNN_HIERARCHY_H

#include "contrib-ddnn/data/dataset.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ddnn
{

/// The words of an enum's values, in their order: in files, on the command line and in tables.
template <typename Enum>
inline const std::vector<std::string> WORDS;

/// How the contributions of several nodes are joined (paper III-B). Absent nodes are skipped by MP
/// and AP, and contribute zeros to CC.
enum class Aggregation
{
    MP, ///< maximum
    AP, ///< average
    CC  ///< concatenation
};

template <>
inline const std::vector<std::string> WORDS<Aggregation>{"MP", "AP", "CC"};

/// What a block computes before batch norm and activation.
enum class BlockKind
{
    CONVP, ///< 3x3 convolution and 3x3 max-pool: the paper's Fig. 3
    FC     ///< fully connected
};

template <>
inline const std::vector<std::string> WORDS<BlockKind>{"ConvP", "FC"};

/// Of a block's weights and activations.
enum class Precision
{
    BINARY, ///< signs: -1 or +1
    FLOAT   ///< activations clipped to [-1, 1]
};

template <>
inline const std::vector<std::string> WORDS<Precision>{"binary", "float"};

/// How the features of a float block travel. Those of a binary block take one bit each.
enum class FeatureCoding
{
    FLOAT32,
    FLOAT16, ///< IEEE 754 half precision
    INT8     ///< 127 x, rounded
};

template <>
inline const std::vector<std::string> WORDS<FeatureCoding>{"float32", "float16", "int8"};

/// A block of a section: linear part, batch norm, activation.
struct BlockSpec
{
    int filters{4};    ///< of ConvP; of FC the number of outputs
    int poolStride{2}; ///< of ConvP, 1 or 2
    BlockKind kind{BlockKind::CONVP};
    Precision precision{Precision::BINARY};
};

constexpr int MAX_NODES = 10000; ///< of a tier

/// The nodes of one level of the hierarchy, their section of the DNN and their exit.
struct Tier
{
    std::string name; ///< `device` for the first, `cloud` for the last, any other between them
    int numNodes{1};
    std::vector<int> parents;      ///< of each node, in the next tier; empty in the last tier
    std::vector<BlockSpec> blocks; ///< of every node's section, at least one
    std::vector<std::vector<BlockSpec>> nodeBlocks; ///< instead of `blocks`, of each node; or empty
    Precision exitPrecision{Precision::BINARY};     ///< of the weights that make class scores
    FeatureCoding coding{FeatureCoding::FLOAT32};   ///< of float features on their way up
    Aggregation features{
        Aggregation::CC}; ///< joins the children's features; unused in the first tier
    Aggregation scores{Aggregation::MP}; ///< joins the nodes' class scores at the tier's exit
    double exitWeight{1};                ///< of this exit in the joint loss
    double threshold{0.8};               ///< exit if the uncertainty is at most this
    /// A check alone: the channels of InputShape, of each node, or a single one of all; or empty.
    std::vector<int> inputChannels;
};

/// Devices that share an access network and a gateway.
struct Cell
{
    std::string access; ///< link technology, by the name that the simulation knows; empty: any
    std::vector<int> devices; ///< in ascending order
};

/**
 * The one description from which the network, the topology and Eq. (1) follow: tiers from the
 * devices up to the cloud, which is a single node.
 */
struct Hierarchy
{
    std::vector<Shape> views =
        std::vector<Shape>(1); ///< input of each device; a single one: of all devices
    int numClasses{3};
    bool rawOffload{
        false}; ///< Fig. 2 (a): the devices send raw views and the cloud runs all sections
    std::string confidence{"entropy"}; ///< the exits' ExitCriterion
    std::vector<Tier> tiers;
    std::vector<Cell> cells; ///< empty: all devices are in one
};

/// \throws std::runtime_error naming the key of the first contradiction
void Validate(const Hierarchy& hierarchy);

/// What is allowed but rarely meant: a line for each, with advice. None for most hierarchies.
std::vector<std::string> Warnings(const Hierarchy& hierarchy);

/// The word of a value, see WORDS.
template <typename Enum>
std::string
ToString(Enum value)
{
    return WORDS<Enum>.at(static_cast<std::size_t>(value));
}

/// The value of a word, see WORDS; none if it is not one of them.
template <typename Enum>
std::optional<Enum>
FromString(const std::string& text)
{
    const auto& words = WORDS<Enum>;
    const auto found = std::find(words.begin(), words.end(), text);
    return found == words.end() ? std::nullopt
                                : std::optional(static_cast<Enum>(found - words.begin()));
}

/// "[channels, rows, columns]"
std::string ToString(const Shape& shape);

/// The view of one device.
Shape ViewShape(const Hierarchy& hierarchy, int device);

/// The blocks of one node's section.
const std::vector<BlockSpec>& NodeBlocks(const Tier& tier, int node);

/// The nodes of the tier below that have this parent, in order; none for the first tier.
std::vector<int> Children(const Hierarchy& hierarchy, int tier, int node);

/**
 * What the features of several nodes make when they are joined. Where CC joins features of
 * different rows or columns, all of them are channels: `[sum of sizes, 1, 1]`.
 *
 * \param features of each node, at least one; all of them alike unless for CC
 */
Shape JoinedShape(Aggregation aggregation, const std::vector<Shape>& features);

/**
 * What enters a node's section, after aggregation: `[channel, row, column]`, by JoinedShape above
 * the devices.
 */
Shape InputShape(const Hierarchy& hierarchy, int tier, int node);

/// What leaves a node's last block: `[filter, row, column]`.
Shape FeatureShape(const Hierarchy& hierarchy, int tier, int node);

/// Output extent of a block: `[filter, row, column]`, or `[output, 1, 1]` of FC.
Shape BlockOutput(const Shape& input, const BlockSpec& block);

/// Of a block's weights: `[filter, channel, 3, 3]`, or `[output, input]` of FC.
std::vector<std::size_t> WeightShape(const Shape& input, const BlockSpec& block);

/// Of the features that a node sends: that of its last block.
Precision FeaturePrecision(const Hierarchy& hierarchy, int tier, int node);

/// A node's class scores, one float per class: 4 |C| bytes (paper Eq. (1), first term).
int ScoreBytes(const Hierarchy& hierarchy);

/// A node's features as they travel: f o / 8 bytes if binary, rounded up (paper Eq. (1), second
/// term); 4, 2 or 1 bytes for each if float, by the tier's coding.
int FeatureBytes(const Hierarchy& hierarchy, int tier, int node);

/// A raw view: one byte per input value.
int RawBytes(const Hierarchy& hierarchy, int device);

/// The largest payload that a node of a tier sends for a sample: class scores, features or a view.
int LargestPayload(const Hierarchy& hierarchy, int tier);

/// What the nodes of a tier together send upward per sample, in bytes.
struct TierBytes
{
    double scores{0};   ///< class scores, to the tier's exit
    double features{0}; ///< to the parents; raw views with rawOffload
};

/**
 * The paper's Eq. (1) for any hierarchy: the mean payload per sample of each tier.
 *
 * With r_t the fraction of samples that reach tier t (1 for the devices, else those that no lower
 * exit classified), n_t its number of nodes and b_tn the bytes of node n's features, it is
 * r_t n_t 4 |C| + r_{t+1} sum_n b_tn. Nodes above the devices that are alone in their tier are
 * their own exit and send no class scores. With rawOffload, devices send their views, and that is
 * all.
 *
 * \param exitFractions of the samples, by tier; the last one is not used
 */
std::vector<TierBytes> PayloadBytes(const Hierarchy& hierarchy,
                                    const std::vector<double>& exitFractions);

/**
 * The paper's Eq. (1), c = 4 |C| + (1 - l) f o / 8: bytes per sample that one device sends, the
 * mean over the devices where they differ. It is the first tier of PayloadBytes, per device.
 *
 * \param localExitFraction l, the fraction of samples that exit locally, 0 to 1
 */
double CommunicationCost(const Hierarchy& hierarchy, double localExitFraction);

/// Arithmetic operations (two per multiply-accumulate, one per comparison) of a node's section, its
/// exit included.
int64_t Operations(const Hierarchy& hierarchy, int tier, int node);

/// Operations of joining the scores at a tier's exit.
int64_t ExitOperations(const Hierarchy& hierarchy, int tier);

/// Bytes that a node's section needs in memory: binary weights at one bit, float weights at 4
/// bytes, and 4 bytes for each threshold (binary block), scale and offset (float block, exit).
int64_t MemoryBytes(const Hierarchy& hierarchy, int tier, int node);

/// The name of a tier's exit: that of the devices is `local`, the others are called as their tier.
std::string ExitName(const Hierarchy& hierarchy, int tier);

} // namespace ddnn

#endif // DDNN_HIERARCHY_H
