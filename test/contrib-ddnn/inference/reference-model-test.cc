// SPDX-License-Identifier: GPL-2.0-only
// Sections that a reader can check by hand. parity-test.cc has a binary network against another
// implementation, joint-network-test.cc float networks against training.
#include "contrib-ddnn/inference/reference-model.h"

#include "contrib-ddnn/inference/feature-coding.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ddnn
{
namespace
{

constexpr FeatureFormat SINGLE{Precision::FLOAT, FeatureCoding::FLOAT32};

/// Two devices with a view of two values and the cloud, each with one FC block of two outputs.
Hierarchy
TwoDevices(Aggregation features, Precision precision)
{
    Hierarchy hierarchy;
    hierarchy.views = {{2, 1, 1}};
    hierarchy.numClasses = 2;
    hierarchy.tiers.resize(2);
    hierarchy.tiers[0].name = "device";
    hierarchy.tiers[0].numNodes = 2;
    hierarchy.tiers[0].parents = {0, 0};
    hierarchy.tiers[1].name = "cloud";
    hierarchy.tiers[1].features = features;
    for (Tier& tier : hierarchy.tiers)
    {
        tier.blocks = {{2, 1, BlockKind::FC, precision}};
        tier.exitPrecision = precision;
    }
    return hierarchy;
}

/// Batch norms become exactly the identity.
Network
WithoutEpsilon(const Hierarchy& hierarchy)
{
    Network network(hierarchy);
    for (const Parameter& parameter : Parameters(network))
    {
        if (parameter.name.find("variance") != std::string::npos)
        {
            parameter.values->assign(parameter.values->size(), 1 - BatchNorm::EPSILON);
        }
    }
    return network;
}

Block&
BlockOf(Network& network, int tier, int node)
{
    return network.sections[tier][node].blocks.at(0);
}

void
ExpectNear(const std::vector<float>& actual, const std::vector<float>& expected)
{
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i)
    {
        EXPECT_NEAR(actual[i], expected[i], 1e-5) << i;
    }
}

TEST(ReferenceModel, DeviceWithFloatFullyConnectedBlock)
{
    Network network = WithoutEpsilon(TwoDevices(Aggregation::CC, Precision::FLOAT));
    BlockOf(network, 0, 0).weight = {0.5F, -0.25F, 1, 1};
    network.sections[0][0].exit.weight = {1, 0.5F, 0, -1};
    const uint8_t view[] = {255, 51}; // 1 and 0.2
    const NodeOutput output = ReferenceModel(network).RunDevice(0, view);
    // 0.5 - 0.25 x 0.2 = 0.45; 1 + 0.2 is clipped to 1
    ExpectNear(DecodeFeatures(output.features, 2, SINGLE), {0.45F, 1});
    ExpectNear(output.scores, {0.95F, -1});
}

TEST(ReferenceModel, DeviceWithBinaryFullyConnectedBlock)
{
    Network network = WithoutEpsilon(TwoDevices(Aggregation::CC, Precision::BINARY));
    BlockOf(network, 0, 1).weight = {0.5F, -0.25F, -0.1F, -0.1F};
    network.sections[0][1].exit.weight = {0.1F, 0.5F, -0.2F, 0.3F};
    const uint8_t view[] = {255, 51};
    const NodeOutput output = ReferenceModel(network).RunDevice(1, view);
    EXPECT_EQ(output.features, Features{1}); // 1 - 0.2 and -1 - 0.2
    ExpectNear(output.scores, {0, -2});
}

TEST(ReferenceModel, ExitSeesTheRoundedFeatures)
{
    Hierarchy hierarchy = TwoDevices(Aggregation::CC, Precision::FLOAT);
    hierarchy.tiers[0].coding = FeatureCoding::INT8;
    Network network = WithoutEpsilon(hierarchy);
    BlockOf(network, 0, 0).weight = {0.51F, 0, -0.3F, 0};
    network.sections[0][0].exit.weight = {1, 0, 0, 1};
    const uint8_t view[] = {255, 0};
    const NodeOutput output = ReferenceModel(network).RunDevice(0, view);
    EXPECT_EQ(output.features, (Features{65, 256 - 38})); // 64.77 and -38.1
    ExpectNear(output.scores, {65 / 127.0F, -38 / 127.0F});
}

/// What the cloud's block makes of two children, with weights that are given.
std::vector<float>
CloudFeatures(Aggregation aggregation,
              const std::vector<float>& weight,
              const std::vector<Features>& children)
{
    Network network = WithoutEpsilon(TwoDevices(aggregation, Precision::FLOAT));
    BlockOf(network, 1, 0).weight = weight;
    return DecodeFeatures(ReferenceModel(network).RunNode(1, 0, children).features, 2, SINGLE);
}

TEST(ReferenceModel, JoinsFloatFeatures)
{
    const Features a = EncodeFeatures({0.5F, -0.75F}, SINGLE);
    const Features b = EncodeFeatures({-0.25F, 0.25F}, SINGLE);
    const std::vector<float> identity = {1, 0, 0, 1};
    ExpectNear(CloudFeatures(Aggregation::MP, identity, {a, b}), {0.5F, 0.25F});
    ExpectNear(CloudFeatures(Aggregation::AP, identity, {a, b}), {0.125F, -0.25F});
    const std::vector<float> four = {1, 0.5F, 0, 1, -1, 0, 0.5F, 1};
    ExpectNear(CloudFeatures(Aggregation::CC, four, {a, b}), {0.375F, -0.375F});
    // one alone: the maximum and the mean are its own, zeros stand for the other
    ExpectNear(CloudFeatures(Aggregation::MP, identity, {{}, b}), {-0.25F, 0.25F});
    ExpectNear(CloudFeatures(Aggregation::AP, identity, {{}, b}), {-0.25F, 0.25F});
    ExpectNear(CloudFeatures(Aggregation::CC, four, {a, {}}), {0.125F, -0.5F});
}

TEST(ReferenceModel, JoinsBinaryAndFloatChildrenOfDifferentShapes)
{
    Hierarchy hierarchy = TwoDevices(Aggregation::CC, Precision::FLOAT);
    hierarchy.tiers[0].nodeBlocks = {{{3, 1, BlockKind::FC, Precision::BINARY}},
                                     {{1, 1, BlockKind::FC, Precision::FLOAT}}};
    hierarchy.tiers[0].coding = FeatureCoding::FLOAT16;
    Network network = WithoutEpsilon(hierarchy);
    BlockOf(network, 1, 0).weight = {0.5F, 0.25F, 0.125F, 1, 0, 0, 0, -1};
    const Features bits = {0b101};      // 1, -1, 1
    const Features half = {0x00, 0x38}; // 0.5
    const NodeOutput output = ReferenceModel(network).RunNode(1, 0, {bits, half});
    ExpectNear(DecodeFeatures(output.features, 2, SINGLE), {0.875F, -0.5F});
}

/// The mean of the children enters the block: it is taken after pooling.
TEST(ReferenceModel, AveragesFloatFeaturesBeforeConvolving)
{
    Hierarchy hierarchy = TwoDevices(Aggregation::AP, Precision::FLOAT);
    hierarchy.views = {{1, 1, 2}};
    hierarchy.tiers[0].blocks = {{1, 1, BlockKind::CONVP, Precision::FLOAT}};
    hierarchy.tiers[1].blocks = {{1, 1, BlockKind::CONVP, Precision::FLOAT}};
    Network network = WithoutEpsilon(hierarchy);
    Block& block = BlockOf(network, 1, 0);
    block.weight = {0, 0, 0, 0.5F, 1, 0.25F, 0, 0, 0}; // left, middle, right
    const Features a = EncodeFeatures({0.5F, 0.25F}, SINGLE);
    const Features b = EncodeFeatures({0.25F, -0.5F}, SINGLE);
    // mean 0.375, -0.125; sums 0.375 - 0.03125 and 0.1875 - 0.125; the maximum is everywhere
    const NodeOutput output = ReferenceModel(network).RunNode(1, 0, {a, b});
    ExpectNear(DecodeFeatures(output.features, 2, SINGLE), {0.34375F, 0.34375F});
}

} // namespace
} // namespace ddnn
