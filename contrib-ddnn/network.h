// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_NETWORK_H
#define DDNN_NETWORK_H

#include "hierarchy.h"

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

    /// In evaluation mode, that is with the running statistics. Monotone in x, rounding included.
    float Apply(int channel, float x) const;
};

/// 3x3 convolution (stride 1, padding 1, no bias), 3x3 max-pool (padding 1), batch norm, sign.
struct ConvP
{
    Shape input;
    BlockSpec spec;
    std::vector<float> weight; ///< `[filter, channel, 3, 3]`, used as its sign
    BatchNorm bn;

    ConvP(const Shape& input, const BlockSpec& spec);
};

/// Linear layer without bias, batch norm.
struct FullyConnected
{
    int inputs;
    int outputs;
    std::vector<float> weight; ///< `[output, input]`, used as its sign
    BatchNorm bn;

    FullyConnected(int inputs, int outputs);
};

/// The part of the network that runs on one node.
struct Section
{
    std::vector<ConvP> blocks;
    FullyConnected exit; ///< from the last block's features to the class scores
};

/// A hierarchy with the parameters of all of its sections. Also holds gradients and moments.
struct Network
{
    Hierarchy hierarchy;
    std::vector<std::vector<Section>> sections; ///< `[tier][node]`
    std::vector<std::optional<FullyConnected>>
        aggregators; ///< `[tier]`, where scores are joined by CC

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
