// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/hierarchy.h"

#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "test/support/random-network.h"

#include <gtest/gtest.h>
#include <random>
#include <utility>

namespace ddnn
{
namespace
{

using test::RandomInt;

/// A hierarchy of random tiers, nodes, blocks and codings: devices, up to two tiers, the cloud.
Hierarchy
RandomTiers(std::mt19937_64& generator)
{
    Hierarchy hierarchy;
    hierarchy.numClasses = RandomInt(generator, 2, 9);
    std::vector<int> nodes{RandomInt(generator, 1, 9)};
    for (int middle = RandomInt(generator, 0, 2); middle > 0; --middle)
    {
        nodes.push_back(RandomInt(generator, 1, nodes.back()));
    }
    nodes.push_back(1);
    hierarchy.views.clear();
    for (int device = 0; device < nodes[0]; ++device)
    {
        hierarchy.views.push_back(
            {RandomInt(generator, 1, 3), RandomInt(generator, 1, 11), RandomInt(generator, 1, 11)});
    }
    for (std::size_t t = 0; t < nodes.size(); ++t)
    {
        Tier tier;
        tier.name = t == 0                  ? "device"
                    : t + 1 == nodes.size() ? "cloud"
                                            : "edge-" + std::to_string(t);
        tier.numNodes = nodes[t];
        tier.features = Aggregation::CC;
        tier.coding = test::RandomEnum<FeatureCoding>(generator);
        for (int node = 0; node < nodes[t]; ++node)
        {
            const auto precision = test::RandomEnum<Precision>(generator);
            tier.nodeBlocks.push_back(
                {{RandomInt(generator, 1, 9), 1, BlockKind::FC, Precision::BINARY},
                 {RandomInt(generator, 1, 9),
                  RandomInt(generator, 1, 2),
                  BlockKind::CONVP,
                  precision}});
            if (t + 1 < nodes.size())
            {
                // the first ones give each parent a child
                tier.parents.push_back(
                    node < nodes[t + 1] ? node : RandomInt(generator, 0, nodes[t + 1] - 1));
            }
        }
        hierarchy.tiers.push_back(tier);
    }
    Validate(hierarchy);
    return hierarchy;
}

/// Bytes of as many features, which RandomTiers' last block sends: its filters, of one value each.
int
BytesOnTheWire(const Tier& tier, int node)
{
    const BlockSpec& last = tier.nodeBlocks[node].back();
    if (last.precision == Precision::BINARY)
    {
        return last.filters / 8 + (last.filters % 8 > 0);
    }
    const int width[] = {4, 2, 1}; // float32, float16, int8
    return last.filters * width[static_cast<int>(tier.coding)];
}

/// Sends every message of samples that exit as `exitOf` says, and adds up the payload of each tier.
std::vector<TierBytes>
CountMessages(const Hierarchy& hierarchy, const std::vector<int>& exitOf)
{
    std::vector<TierBytes> sent(hierarchy.tiers.size());
    for (int exit : exitOf)
    {
        for (int t = 0; t <= exit; ++t)
        {
            const Tier& tier = hierarchy.tiers[t];
            for (int node = 0; node < tier.numNodes; ++node)
            {
                sent[t].scores += t == 0 || tier.numNodes > 1 ? 4 * hierarchy.numClasses : 0;
                sent[t].features += t < exit ? BytesOnTheWire(tier, node) : 0;
            }
        }
    }
    return sent;
}

/// The paper's section IV-E: |C| = 3, f = 4, o = 256.
TEST(Hierarchy, CommunicationCostIsThePapers)
{
    const Hierarchy hierarchy = MakePreset('c', {});
    EXPECT_EQ(ScoreBytes(hierarchy), 12);
    EXPECT_EQ(FeatureBytes(hierarchy, 0, 0), 128);
    EXPECT_DOUBLE_EQ(CommunicationCost(hierarchy, 0), 140);
    EXPECT_DOUBLE_EQ(CommunicationCost(hierarchy, 1), 12);
    EXPECT_NEAR(CommunicationCost(hierarchy, 0.6082), 62, 0.5);
    EXPECT_NEAR(CommunicationCost(hierarchy, 0.8304), 34, 0.5);
}

TEST(Hierarchy, RawOffloadCosts3072BytesWhateverExits)
{
    const Hierarchy hierarchy = MakePreset('a', {});
    EXPECT_DOUBLE_EQ(CommunicationCost(hierarchy, 0), 3072);
    EXPECT_DOUBLE_EQ(CommunicationCost(hierarchy, 1), 3072);
}

/// The paper's section IV-F ("all under 2 KB"): (9 C f + o f |C|) / 8 bytes of weights, 4 bytes for
/// each of f thresholds and of |C| scales and offsets.
TEST(Hierarchy, DeviceMemoryIsUnderTwoKilobytes)
{
    const int expected[] = {100 + 28, 199 + 32, 398 + 40, 795 + 56};
    for (int i = 0; i < 4; ++i)
    {
        PresetSettings settings;
        settings.filters = 1 << i;
        EXPECT_EQ(MemoryBytes(MakePreset('c', settings), 0, 0), expected[i]);
    }
}

TEST(Hierarchy, OperationsOfTheDefaultDevice)
{
    // 4 filters of 27 taps at 1024 positions, 1024 windows of 9 and thresholds, 3 sums of 1024
    EXPECT_EQ(Operations(MakePreset('c', {}), 0, 0),
              2 * 4 * 27 * 1024 + 9 * 1024 + 1024 + 2 * 3 * 1024);
}

TEST(Hierarchy, ShapesFollowTheBlocks)
{
    PresetSettings settings;
    settings.views[0] = {1, 7, 10};
    settings.cloudPoolStride = 1;
    const Hierarchy hierarchy = MakePreset('c', settings);
    EXPECT_EQ(FeatureShape(hierarchy, 0, 3), (Shape{4, 4, 5}));
    EXPECT_EQ(InputShape(hierarchy, 1, 0), (Shape{24, 4, 5}));
    EXPECT_EQ(FeatureShape(hierarchy, 1, 0), (Shape{16, 4, 5}));
}

TEST(Hierarchy, PayloadBytesEqualsCountedMessages)
{
    std::mt19937_64 generator(3);
    constexpr int SAMPLES = 37;
    for (int round = 0; round < 300; ++round)
    {
        const Hierarchy hierarchy = RandomTiers(generator);
        const int last = static_cast<int>(hierarchy.tiers.size()) - 1;
        std::vector<int> exitOf;
        std::vector<double> fractions(hierarchy.tiers.size(), 0);
        for (int sample = 0; sample < SAMPLES; ++sample)
        {
            exitOf.push_back(RandomInt(generator, 0, last));
            fractions[exitOf.back()] += 1.0 / SAMPLES;
        }
        const auto counted = CountMessages(hierarchy, exitOf);
        const auto computed = PayloadBytes(hierarchy, fractions);
        ASSERT_EQ(computed.size(), counted.size());
        for (std::size_t t = 0; t < counted.size(); ++t)
        {
            EXPECT_NEAR(computed[t].scores, counted[t].scores / SAMPLES, 1e-6);
            EXPECT_NEAR(computed[t].features, counted[t].features / SAMPLES, 1e-6);
        }
        EXPECT_NEAR(CommunicationCost(hierarchy, fractions[0]),
                    (counted[0].scores + counted[0].features) / SAMPLES /
                        hierarchy.tiers[0].numNodes,
                    1e-6);
    }
}

TEST(Hierarchy, FloatFeaturesTravelByTheirCoding)
{
    PresetSettings settings;
    settings.devicePrecision = Precision::FLOAT;
    const std::pair<FeatureCoding, int> expected[] = {{FeatureCoding::FLOAT32, 4096},
                                                      {FeatureCoding::FLOAT16, 2048},
                                                      {FeatureCoding::INT8, 1024}};
    for (const auto& [coding, bytes] : expected)
    {
        settings.coding = coding;
        EXPECT_EQ(FeatureBytes(MakePreset('c', settings), 0, 0), bytes);
        EXPECT_DOUBLE_EQ(CommunicationCost(MakePreset('c', settings), 0), 12 + bytes);
    }
}

TEST(Hierarchy, JoinedShapeFollowsTheAggregation)
{
    const std::vector<Shape> alike{{4, 5, 6}, {4, 5, 6}};
    EXPECT_EQ(JoinedShape(Aggregation::MP, alike), (Shape{4, 5, 6}));
    EXPECT_EQ(JoinedShape(Aggregation::AP, alike), (Shape{4, 5, 6}));
    EXPECT_EQ(JoinedShape(Aggregation::CC, alike), (Shape{8, 5, 6}));
    EXPECT_EQ(JoinedShape(Aggregation::CC, {{4, 5, 6}, {1, 5, 6}}), (Shape{5, 5, 6}));
    EXPECT_EQ(JoinedShape(Aggregation::CC, {{4, 5, 6}, {4, 6, 5}}), (Shape{240, 1, 1}));
}

TEST(Hierarchy, EachDeviceHasItsOwnView)
{
    PresetSettings settings;
    settings.numDevices = 2;
    settings.views = {{3, 32, 32}, {1, 31, 31}};
    const Hierarchy hierarchy = MakePreset('c', settings);
    EXPECT_EQ(InputShape(hierarchy, 0, 1), (Shape{1, 31, 31}));
    EXPECT_EQ(FeatureShape(hierarchy, 0, 1), (Shape{4, 16, 16}));
    EXPECT_EQ(RawBytes(hierarchy, 1), 961);
    EXPECT_DOUBLE_EQ(CommunicationCost(MakePreset('a', settings), 0), (3072 + 961) / 2.0);
}

} // namespace
} // namespace ddnn
