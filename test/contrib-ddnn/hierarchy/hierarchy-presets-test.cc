// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace ddnn
{
namespace
{

using Ints = std::vector<int>;

PresetSettings
SettingsOf(char config)
{
    PresetSettings settings;
    settings.numDevices = config == 'b' || config == 'd' ? 1 : 6;
    return settings;
}

/// What a preset has, from the bottom up.
struct Expected
{
    char config;
    Ints nodes;   ///< of each tier
    Ints filters; ///< of all blocks of one node of each tier
    Ints parents; ///< of the devices
    bool raw;
};

std::string
ErrorOf(char config, const PresetSettings& settings)
{
    try
    {
        MakePreset(config, settings);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "";
}

/// The paper's Fig. 2, with the network of its Fig. 4: a device block of 4 filters, then two of 16.
TEST(Presets, AreThePapersFig2)
{
    const Expected all[] = {{'a', {6, 1}, {4, 16, 16}, {0, 0, 0, 0, 0, 0}, true},
                            {'b', {1, 1}, {4, 16, 16}, {0}, false},
                            {'c', {6, 1}, {4, 16, 16}, {0, 0, 0, 0, 0, 0}, false},
                            {'d', {1, 1, 1}, {4, 16, 16}, {0}, false},
                            {'e', {6, 1, 1}, {4, 16, 16}, {0, 0, 0, 0, 0, 0}, false},
                            {'f', {6, 2, 1}, {4, 16, 16}, {0, 0, 0, 1, 1, 1}, false}};
    for (const Expected& expected : all)
    {
        const Hierarchy hierarchy = MakePreset(expected.config, SettingsOf(expected.config));
        Ints nodes;
        Ints filters;
        for (const Tier& tier : hierarchy.tiers)
        {
            nodes.push_back(tier.numNodes);
            for (const BlockSpec& block : tier.blocks)
            {
                filters.push_back(block.filters);
                EXPECT_EQ(block.kind, BlockKind::CONVP);
                EXPECT_EQ(block.precision, Precision::BINARY);
            }
        }
        EXPECT_EQ(nodes, expected.nodes) << expected.config;
        EXPECT_EQ(filters, expected.filters) << expected.config;
        EXPECT_EQ(hierarchy.tiers[0].parents, expected.parents) << expected.config;
        EXPECT_EQ(hierarchy.rawOffload, expected.raw) << expected.config;
        EXPECT_EQ(hierarchy.tiers.front().name, "device");
        EXPECT_EQ(hierarchy.tiers.back().name, "cloud");
        EXPECT_EQ(ExitName(hierarchy, 0), "local");
    }
}

TEST(Presets, MoveOneBlockOfTheCloudToTheEdgeIfItHasTwo)
{
    PresetSettings settings;
    for (int blocks : {1, 2, 4})
    {
        settings.cloudBlocks = blocks;
        const Hierarchy hierarchy = MakePreset('e', settings);
        EXPECT_EQ(hierarchy.tiers[1].blocks.size(), 1U);
        EXPECT_EQ(hierarchy.tiers[2].blocks.size(), blocks == 1 ? 1U : blocks - 1U);
    }
}

TEST(Presets, SpreadDevicesOverEdgesAndCells)
{
    PresetSettings settings;
    settings.numDevices = 7;
    settings.numEdges = 3;
    Hierarchy hierarchy = MakePreset('f', settings);
    EXPECT_EQ(hierarchy.tiers[0].parents, (Ints{0, 0, 0, 1, 1, 2, 2}));
    SplitIntoCells(hierarchy, 2);
    ASSERT_EQ(hierarchy.cells.size(), 2U);
    EXPECT_EQ(hierarchy.cells[0].devices, (Ints{0, 1, 2, 3}));
    EXPECT_EQ(hierarchy.cells[1].devices, (Ints{4, 5, 6}));
    EXPECT_THROW(SplitIntoCells(hierarchy, 8), std::runtime_error);
    EXPECT_THROW(SplitIntoCells(hierarchy, 0), std::runtime_error);
}

TEST(Presets, RefuseSettingsThatDoNotFit)
{
    EXPECT_NE(ErrorOf('g', {}).find("config g"), std::string::npos);
    EXPECT_NE(ErrorOf('b', {}).find("config b"), std::string::npos);
    EXPECT_NE(ErrorOf('d', {}).find("config d"), std::string::npos);
    for (int edges : {0, 7})
    {
        PresetSettings settings;
        settings.numEdges = edges;
        EXPECT_NE(ErrorOf('f', settings).find(std::to_string(edges) + " edges"), std::string::npos);
    }
}

} // namespace
} // namespace ddnn
