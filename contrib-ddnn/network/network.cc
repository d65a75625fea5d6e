// SPDX-License-Identifier: GPL-2.0-only
#include "network.h"

#include "contrib-ddnn/data/npz.h"
#include "contrib-ddnn/hierarchy/hierarchy-json.h"

#include <cmath>
#include <filesystem>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace ddnn
{

namespace
{

std::string
NodeKey(const Tier& tier, std::size_t node)
{
    return tier.name == "cloud" ? tier.name : tier.name + "/" + std::to_string(node);
}

std::string
BlockKey(const Tier& tier, const std::vector<BlockSpec>& blocks, std::size_t block)
{
    std::string kind = ToString(blocks[block].kind);
    std::transform(kind.begin(), kind.end(), kind.begin(), [](char c) {
        return std::tolower(c);
    });
    const bool alone = tier.name == "device" && blocks.size() == 1 && kind == "convp";
    return "/" + kind + (alone ? "" : "/" + std::to_string(block));
}

void
AddParameters(const std::string& key, Block& block, std::vector<Parameter>& parameters)
{
    const auto add = [&](const std::string& name, std::vector<float>& values, ParameterKind kind) {
        parameters.push_back({key + "/bn/" + name, {values.size()}, &values, kind});
    };
    parameters.push_back({key + "/weight",
                          WeightShape(block.input, block.spec),
                          &block.weight,
                          ParameterKind::TRAINED});
    add("gamma", block.bn.gamma, ParameterKind::TRAINED);
    add("beta", block.bn.beta, ParameterKind::TRAINED);
    add("mean", block.bn.mean, ParameterKind::STATISTICS);
    add("variance", block.bn.variance, ParameterKind::STATISTICS);
}

Block
MakeExit(const Shape& input, int classes, Precision precision)
{
    return {input, {classes, 1, BlockKind::FC, precision}};
}

Section
MakeSection(const Hierarchy& hierarchy, int tier, int node)
{
    const Tier& t = hierarchy.tiers[tier];
    Shape shape = InputShape(hierarchy, tier, node);
    std::vector<Block> blocks;
    for (const BlockSpec& spec : NodeBlocks(t, node))
    {
        blocks.emplace_back(shape, spec);
        shape = BlockOutput(shape, spec);
    }
    return {blocks, MakeExit(shape, hierarchy.numClasses, t.exitPrecision)};
}

/// The checked values of one parameter of a checkpoint.
std::vector<float>
ReadParameter(const Npz& file, const Parameter& parameter)
{
    const bool isVariance = std::filesystem::path(parameter.name).filename() == "variance";
    const std::vector<float> values = Values<float>(file, parameter.name, parameter.shape);
    for (const float value : values)
    {
        if (!std::isfinite(value) || (isVariance && value < 0))
        {
            throw std::runtime_error("array '" + parameter.name +
                                     "' has a value that is not finite" +
                                     (isVariance ? ", or negative" : ""));
        }
    }
    return values;
}

Hierarchy
HierarchyOf(const Npz& file, const Hierarchy* foreign)
{
    const auto found = file.find("hierarchy");
    if (found == file.end() && !foreign)
    {
        throw std::runtime_error("'hierarchy' is missing, and nothing else describes the network");
    }
    if (found == file.end())
    {
        return *foreign;
    }
    const auto* text = std::get_if<std::vector<uint8_t>>(&found->second.data);
    if (!text)
    {
        throw std::runtime_error("'hierarchy' must be uint8, the text of the description");
    }
    return HierarchyFromJson({text->begin(), text->end()});
}

} // namespace

BatchNorm::BatchNorm(int channels)
    : gamma(channels, 1.0F)
    , beta(channels, 0.0F)
    , mean(channels, 0.0F)
    , variance(channels, 1.0F)
{
}

Block::Block(const Shape& input, const BlockSpec& spec)
    : input(input)
    , spec(spec)
    , bn(spec.filters)
{
    const auto shape = WeightShape(input, spec);
    weight.resize(std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>()));
}

Network::Network(const Hierarchy& hierarchy)
    : hierarchy(hierarchy)
{
    Validate(hierarchy);
    for (std::size_t t = 0; t < hierarchy.tiers.size(); ++t)
    {
        const Tier& tier = hierarchy.tiers[t];
        std::vector<Section> nodes;
        for (int node = 0; node < tier.numNodes; ++node)
        {
            nodes.push_back(MakeSection(hierarchy, t, node));
        }
        sections.push_back(std::move(nodes));
        aggregators.emplace_back();
        if (tier.scores == Aggregation::CC)
        {
            aggregators.back() = MakeExit({tier.numNodes * hierarchy.numClasses, 1, 1},
                                          hierarchy.numClasses,
                                          tier.exitPrecision);
        }
    }
}

std::vector<Parameter>
Parameters(Network& network)
{
    std::vector<Parameter> parameters;
    for (std::size_t t = 0; t < network.sections.size(); ++t)
    {
        const Tier& tier = network.hierarchy.tiers[t];
        for (std::size_t node = 0; node < network.sections[t].size(); ++node)
        {
            Section& section = network.sections[t][node];
            const std::string key = NodeKey(tier, node);
            for (std::size_t i = 0; i < section.blocks.size(); ++i)
            {
                AddParameters(key + BlockKey(tier, NodeBlocks(tier, node), i),
                              section.blocks[i],
                              parameters);
            }
            AddParameters(key + "/exit", section.exit, parameters);
        }
        if (network.aggregators[t])
        {
            const std::string exit = ExitName(network.hierarchy, static_cast<int>(t));
            AddParameters(exit + "/exit", *network.aggregators[t], parameters);
        }
    }
    return parameters;
}

void
Initialise(Network& network, std::mt19937_64& generator)
{
    for (const Parameter& parameter : Parameters(network))
    {
        if (parameter.shape.size() < 2)
        {
            continue; // a batch norm starts as the identity
        }
        const std::size_t fanIn = parameter.values->size() / parameter.shape.front();
        const float limit = 1 / std::sqrt(static_cast<float>(fanIn));
        for (float& weight : *parameter.values)
        {
            // not std::uniform_real_distribution, whose result depends on the standard library
            weight = limit * (static_cast<float>(generator() >> 40) * 0x1p-23F - 1.0F);
        }
    }
}

void
SaveCheckpoint(const Network& network, const std::string& path)
{
    Network copy = network; // Parameters() gives access for writing
    Npz file;
    for (const Parameter& parameter : Parameters(copy))
    {
        file[parameter.name] = {parameter.shape, *parameter.values};
    }
    const std::string json = ToJson(network.hierarchy);
    file["hierarchy"] = {{json.size()}, std::vector<uint8_t>(json.begin(), json.end())};
    WriteNpz(path, file);
}

Network
LoadCheckpoint(const std::string& path, const Hierarchy* foreign)
{
    const Npz file = ReadNpz(path);
    try
    {
        Network network(HierarchyOf(file, foreign));
        for (const Parameter& parameter : Parameters(network))
        {
            *parameter.values = ReadParameter(file, parameter);
        }
        return network;
    }
    catch (const std::runtime_error& error)
    {
        throw std::runtime_error(path + ": " + error.what());
    }
}

} // namespace ddnn
