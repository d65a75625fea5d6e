// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_NETWORK_H
#define DDNN_NETWORK_H

#include "contrib-ddnn/hierarchy/hierarchy.h"

#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace ddnn
{

/// y = gamma (x - mean) / sqrt(variance + EPSILON) + beta, per channel.
struct BatchNorm
{
    static constexpr float EPSILON = 2e-5F;
    static constexpr float DECAY = 0.9F; ///< of the running statistics

    std::vector<float> gamma;
    std::vector<float> beta;
    std::vector<float> mean;
    std::vector<float> variance;

    explicit BatchNorm(int channels);
};

/// What a weight counts as: its sign in a binary layer (>= 0 is +1), itself in a float one.
inline float
EffectiveWeight(Precision precision, float weight)
{
    if (precision == Precision::FLOAT)
    {
        return weight;
    }
    return weight >= 0 ? 1.0F : -1.0F;
}

/// A linear part without bias, by the kind of the spec, and batch norm. With an activation behind
/// it, it is a block of a section; without, it makes class scores.
struct Block
{
    Shape input;
    BlockSpec spec;
    std::vector<float> weight; ///< of WeightShape, see EffectiveWeight
    BatchNorm bn;

    /// Weights zero, batch norm the identity.
    Block(const Shape& input, const BlockSpec& spec);
};

/// The part of the network that runs on one node.
struct Section
{
    std::vector<Block> blocks;
    Block exit; ///< from the last block's features to the class scores
};

/// A hierarchy with the parameters of all of its sections. Also holds gradients and moments.
struct Network
{
    Hierarchy hierarchy;
    std::vector<std::vector<Section>> sections;    ///< `[tier][node]`
    std::vector<std::optional<Block>> aggregators; ///< `[tier]`, where scores are joined by CC

    /// Weights zero, batch norms the identity.
    explicit Network(const Hierarchy& hierarchy);
};

/// What a parameter is to training.
enum class ParameterKind
{
    TRAINED,   ///< weight, gamma, beta
    STATISTICS ///< running mean and variance
};

/// One named array of a network, by its key in the checkpoint.
struct Parameter
{
    std::string name;
    std::vector<std::size_t> shape;
    std::vector<float>* values;
    ParameterKind kind;
};

/// All arrays of a network, in a fixed order.
std::vector<Parameter> Parameters(Network& network);

/// Draw weights, uniform in +-1 / sqrt(inputs of the layer's one output).
void Initialise(Network& network, std::mt19937_64& generator);

/// \throws std::runtime_error if the file cannot be written
void SaveCheckpoint(const Network& network, const std::string& path);

/**
 * Read a checkpoint.
 *
 * \param path .npz with the keys of Parameters() and `hierarchy` (uint8, JSON text)
 * \param foreign the hierarchy of a file that has no key `hierarchy`; nullptr: there must be one
 * \throws std::runtime_error naming the file, the key, and the shape expected
 */
Network LoadCheckpoint(const std::string& path, const Hierarchy* foreign = nullptr);

} // namespace ddnn

#endif // DDNN_NETWORK_H
