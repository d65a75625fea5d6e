// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/hierarchy/hierarchy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace ddnn
{
namespace
{

using Change = std::function<void(Hierarchy&)>;

std::string
ErrorOf(const Hierarchy& hierarchy)
{
    try
    {
        Validate(hierarchy);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "";
}

/// Preset f, with six devices and two edges, after a change.
Hierarchy
Changed(const Change& change)
{
    Hierarchy hierarchy = MakePreset('f', {});
    change(hierarchy);
    return hierarchy;
}

/// The change must be refused in one line that begins so.
void
ExpectRefused(const Change& change, const std::string& begin)
{
    const std::string error = ErrorOf(Changed(change));
    EXPECT_EQ(error.substr(0, begin.size() + 11), "hierarchy: " + begin) << error;
    EXPECT_EQ(error.find('\n'), std::string::npos);
}

TEST(Validate, RefusesRawOffloadWithoutACloud)
{
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers.resize(1);
            h.tiers[0].parents.clear();
            h.rawOffload = true;
        },
        "rawOffload is true, but there is no cloud");
}

TEST(Validate, AcceptsEveryPreset)
{
    for (char config : std::string("acef"))
    {
        EXPECT_EQ(ErrorOf(MakePreset(config, {})), "");
    }
}

TEST(Validate, RefusesSizesOutOfRange)
{
    const double nan = std::nan("");
    for (int classes : {-1, 0, 1, 1001})
    {
        ExpectRefused(
            [&](Hierarchy& h) {
                h.numClasses = classes;
            },
            "numClasses is " + std::to_string(classes) + ", must be 2 to 1000");
    }
    ExpectRefused(
        [](Hierarchy& h) {
            h.views[0].rows = 0;
        },
        "view rows is 0, must be 1 to 224");
    ExpectRefused(
        [](Hierarchy& h) {
            h.views[0].channels = 65;
        },
        "view channels is 65");
    ExpectRefused(
        [](Hierarchy& h) {
            h.views[0].columns = 225;
        },
        "view columns is 225");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[1].blocks[0].filters = 65;
        },
        "tiers[1].blocks[0].filters is 65, must be 1 to 64");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[1].blocks[0].filters = -1;
        },
        "tiers[1].blocks[0].filters is -1");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[2].blocks[0] = {5000, 1, BlockKind::FC};
        },
        "tiers[2].blocks[0].outputs is 5000");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[0].blocks[0].poolStride = 3;
        },
        "tiers[0].blocks[0].poolStride is 3, must be 1 to 2");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[0].threshold = 1.5;
        },
        "tiers[0].threshold is 1.5, must be 0 to 1");
    ExpectRefused(
        [&](Hierarchy& h) {
            h.tiers[0].threshold = nan;
        },
        "tiers[0].threshold is nan");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[2].exitWeight = -1;
        },
        "tiers[2].exitWeight is -1");
    ExpectRefused(
        [&](Hierarchy& h) {
            h.tiers[2].exitWeight = nan;
        },
        "tiers[2].exitWeight is nan");
}

TEST(Validate, RefusesTiersThatAreNone)
{
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers.clear();
        },
        "tiers' number is 0, must be 1 to 8");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers.resize(9, h.tiers[0]);
        },
        "tiers' number is 9");
    for (int t = 0; t < 3; ++t)
    {
        const std::string key = "tiers[" + std::to_string(t) + "].";
        ExpectRefused(
            [&](Hierarchy& h) {
                h.tiers[t].numNodes = 0;
            },
            key + "numNodes is 0, must be 1 to 10000");
        ExpectRefused(
            [&](Hierarchy& h) {
                h.tiers[t].numNodes = 10001;
            },
            key + "numNodes is 10001");
        ExpectRefused(
            [&](Hierarchy& h) {
                h.tiers[t].blocks.clear();
            },
            key + "blocks' number is 0, must be 1 to 4");
        ExpectRefused(
            [&](Hierarchy& h) {
                h.tiers[t].blocks.resize(5);
            },
            key + "blocks' number is 5, must be 1 to 4");
        ExpectRefused(
            [&](Hierarchy& h) {
                h.tiers[t].nodeBlocks.resize(7, h.tiers[t].blocks);
            },
            key + "blocks has 7 lists, must have one for all nodes or one per node");
    }
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[2].numNodes = 2;
        },
        "tiers[2].numNodes is 2, must be 1: the last tier is the cloud");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[2].scores = Aggregation::CC;
        },
        "tiers[2].scores is CC, must be MP or AP");
}

TEST(Validate, RefusesNames)
{
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[0].name = "cloud";
        },
        "tiers[0].name is 'cloud', must be 'device'");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[2].name = "edge";
        },
        "tiers[2].name is 'edge', must be 'cloud'");
    for (const char* name : {"Edge", "an edge", "edge\n", "edge\xff", "123456789012345678901"})
    {
        for (int t = 0; t < 3; ++t)
        {
            ExpectRefused(
                [&](Hierarchy& h) {
                    h.tiers[t].name = name;
                },
                "tiers[" + std::to_string(t) + "].name must be of lower-case letters");
        }
        ExpectRefused(
            [&](Hierarchy& h) {
                h.cells = {{name, {0, 1, 2, 3, 4, 5}}};
            },
            "cells[0].access must be of lower-case letters");
    }
    for (const char* name : {"", "local", "device", "cloud", "overall", "access", "cell"})
    {
        ExpectRefused(
            [&](Hierarchy& h) {
                h.tiers[1].name = name;
            },
            "tiers[1].name is '" + std::string(name) + "', must be a");
    }
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[1].parents.assign(2, 0);
            h.tiers.insert(h.tiers.begin() + 2, h.tiers[1]);
        },
        "tiers[2].name is 'edge', must be another: each tier has its own name");
}

TEST(Validate, RefusesParentsThatDoNotExistAndNodesWithoutChildren)
{
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[0].parents[3] = 2;
        },
        "tiers[0].parents[3] is 2, must be 0 to 1");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[0].parents[3] = -1;
        },
        "tiers[0].parents[3] is -1, must be 0 to 1");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[0].parents.pop_back();
        },
        "tiers[0].parents has 5 entries, must have 6, one per node");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[2].parents = {0};
        },
        "tiers[2].parents has 1 entries, must have 0: it is the last tier");
    ExpectRefused(
        [](Hierarchy& h) {
            h.tiers[0].parents.assign(6, 0);
        },
        "tiers[1]: node 1 of edge has no children; name it in tiers[0].parents");
}

TEST(Validate, RefusesShapesThatDoNotMeet)
{
    const auto oneOther = [](const BlockSpec& other) {
        return [other](Hierarchy& h) {
            h.tiers[0].nodeBlocks.assign(6, h.tiers[0].blocks);
            h.tiers[0].nodeBlocks[5] = {other};
        };
    };
    const std::string features =
        ", but the features of device 3 are [4, 16, 16] and those of 5 are ";
    ExpectRefused(oneOther({4, 1}),
                  "tiers[1].features is CC" + features + "[4, 32, 32]: make rows");
    EXPECT_EQ(ErrorOf(Changed(oneOther({7, 2}))), "") << "CC may join different numbers of filters";
    for (Aggregation aggregation : {Aggregation::MP, Aggregation::AP})
    {
        ExpectRefused(
            [&](Hierarchy& h) {
                oneOther({7, 2})(h);
                h.tiers[1].features = aggregation;
            },
            "tiers[1].features is " + ToString(aggregation) + features + "[7, 16, 16]: make them");
    }
    const Change flat = [&](Hierarchy& h) {
        oneOther({4, 1})(h);
        h.tiers[1].blocks = {{8, 1, BlockKind::FC}};
    };
    EXPECT_EQ(ErrorOf(Changed(flat)), "") << "an FC block takes any shapes";
    EXPECT_EQ(InputShape(Changed(flat), 1, 1), (Shape{2 * 1024 + 4096, 1, 1}));
    ExpectRefused(
        [](Hierarchy& h) {
            h.views.assign(5, Shape{});
        },
        "views has 5 entries, must have 1 or one per device, 6");
    ExpectRefused(
        [](Hierarchy& h) {
            h.views.assign(6, Shape{});
            h.views[4].rows = 300;
        },
        "views[4] rows is 300");
}

TEST(Validate, RefusesWrongInputChannels)
{
    const auto set = [](int tier, std::vector<int> channels) {
        return [=](Hierarchy& h) {
            h.tiers[tier].inputChannels = channels;
        };
    };
    EXPECT_EQ(ErrorOf(Changed(set(0, {3}))), "");
    EXPECT_EQ(ErrorOf(Changed(set(1, {12}))), "");
    EXPECT_EQ(ErrorOf(Changed(set(1, {12, 12}))), "");
    EXPECT_EQ(ErrorOf(Changed(set(2, {32}))), "");
    ExpectRefused(set(0, {1}), "tiers[0].inputChannels is 1, must be 3, as in the view");
    ExpectRefused(
        set(1, {24}),
        "tiers[1].inputChannels is 24, must be 12, as CC of its children's features makes "
        "the input of edge 0 [12, 16, 16]");
    ExpectRefused(set(1, {12, 4}), "tiers[1].inputChannels[1] is 4, must be 12");
    ExpectRefused(set(1, {12, 12, 12}),
                  "tiers[1].inputChannels has 3 entries, must have 1 or one per node, 2");
    ExpectRefused(set(2, {16}), "tiers[2].inputChannels is 16, must be 32");
}

TEST(Validate, RefusesWhatDoesNotFitInMemory)
{
    ExpectRefused(
        [](Hierarchy& h) {
            h.views[0] = {3, 224, 224};
            h.numClasses = 1000;
            h.tiers[0].blocks[0].filters = 64;
        },
        "tiers[0]: nodes have 802816 values each, which is too large");
    ExpectRefused(
        [](Hierarchy& h) {
            h.views[0] = {64, 224, 224};
            h.tiers[0].blocks[0] = {4096, 1, BlockKind::FC};
        },
        "tiers[0].blocks: nodes have 3211264 values each");
}

TEST(Validate, RefusesCellsThatAreNotAPartOfTheDevices)
{
    const auto cells = [](const std::vector<std::vector<int>>& devices) {
        return [=](Hierarchy& h) {
            for (const auto& list : devices)
            {
                h.cells.push_back({"", list});
            }
        };
    };
    EXPECT_EQ(ErrorOf(Changed(cells({{0, 5}, {1, 2, 3, 4}}))), "");
    ExpectRefused(cells({{0, 1, 2}, {2, 3, 4, 5}}),
                  "cells[1].devices: device 2 is in a cell already");
    ExpectRefused(cells({{0, 1, 1, 2, 3, 4, 5}}),
                  "cells[0].devices: device 1 is in a cell already");
    ExpectRefused(cells({{0, 1, 2}, {3, 4}}), "cells: 5 of 6 devices are in a cell; put every");
    ExpectRefused(cells({{0, 2, 1}, {3, 4, 5}}), "cells[0].devices must be in ascending order");
    ExpectRefused(cells({{0, 1, 2}, {3, 4, 5, 6}}), "cells[1].devices is 6, must be 0 to 5");
    ExpectRefused(cells({{-1, 0, 1, 2, 3, 4, 5}}), "cells[0].devices is -1, must be 0 to 5");
    ExpectRefused(cells({{0, 1, 2, 3, 4, 5}, {}}), "cells[1].devices is empty");
}

TEST(Warnings, AdviseCellsWhereManyDevicesShareAChannel)
{
    PresetSettings settings;
    settings.views[0] = {1, 2, 2};
    settings.numDevices = 100;
    EXPECT_TRUE(Warnings(MakePreset('c', settings)).empty());
    settings.numDevices = 10000;
    Hierarchy hierarchy = MakePreset('c', settings);
    ASSERT_EQ(Warnings(hierarchy).size(), 1U);
    EXPECT_EQ(Warnings(hierarchy)[0].find("10000 devices"), 0U);
    SplitIntoCells(hierarchy, 100);
    EXPECT_TRUE(Warnings(hierarchy).empty());
    SplitIntoCells(hierarchy, 99); // 99 x 101 = 9999: one has 102 devices, 98 have 101
    ASSERT_EQ(Warnings(hierarchy).size(), 99U);
    EXPECT_EQ(Warnings(hierarchy)[5].find("cells[5]: 101 devices"), 0U);
}

} // namespace
} // namespace ddnn
