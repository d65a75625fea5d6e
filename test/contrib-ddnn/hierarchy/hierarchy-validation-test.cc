// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/hierarchy-json.h"
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace ddnn
{
namespace
{

using Json = nlohmann::json;

std::string
ErrorOf(const std::string& text)
{
    try
    {
        HierarchyFromJson(text);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "";
}

/// The text of preset f, with six devices and two edges, with other values at some places.
std::string
Changed(const Json& changes)
{
    Json json = Json::parse(ToJson(MakePreset('f', {})));
    for (const auto& [place, value] : changes.items())
    {
        json[Json::json_pointer(place)] = value;
    }
    return json.dump();
}

/// Each of the changes must be refused in one line that begins with the key and what it holds.
struct Refusal
{
    Json changes;
    std::string key;
};

void
ExpectRefused(const std::vector<Refusal>& refusals)
{
    for (const auto& [changes, key] : refusals)
    {
        const std::string error = ErrorOf(Changed(changes));
        EXPECT_EQ(error.find("hierarchy: " + key), 0U) << changes << ": " << error;
        EXPECT_EQ(error.find('\n'), std::string::npos);
    }
}

TEST(Validate, AcceptsEveryPreset)
{
    for (char config : std::string("acef"))
    {
        EXPECT_EQ(ErrorOf(ToJson(MakePreset(config, {}))), "");
    }
}

TEST(Validate, RefusesValuesOutOfRange)
{
    ExpectRefused({{{{"/numClasses", 1}}, "numClasses is 1"},
                   {{{"/numClasses", 1001}}, "numClasses is 1001"},
                   {{{"/view/0", 65}}, "view channels is 65"},
                   {{{"/view/1", 0}}, "view rows is 0"},
                   {{{"/view/2", 225}}, "view columns is 225"},
                   {{{"/tiers/1/blocks/0/filters", 65}}, "tiers[1].blocks[0].filters is 65"},
                   {{{"/tiers/1/blocks/0/filters", 0}}, "tiers[1].blocks[0].filters is 0"},
                   {{{"/tiers/0/blocks/0/poolStride", 3}}, "tiers[0].blocks[0].poolStride is 3"},
                   {{{"/tiers/2/blocks/0", {{"kind", "FC"}, {"outputs", 5000}}}},
                    "tiers[2].blocks[0].outputs is 5000"},
                   {{{"/tiers/0/threshold", 1.5}}, "tiers[0].threshold is 1.5"},
                   {{{"/tiers/0/threshold", -0.1}}, "tiers[0].threshold is -0.1"},
                   {{{"/tiers/2/exitWeight", -1}}, "tiers[2].exitWeight is -1"}});
    Hierarchy hierarchy = MakePreset('f', {});
    hierarchy.tiers[0].threshold = std::nan("");
    EXPECT_THROW(Validate(hierarchy), std::runtime_error);
}

TEST(Validate, RefusesTiersThatAreNone)
{
    const Json blocks(5, {{"kind", "ConvP"}});
    ExpectRefused(
        {{{{"/tiers", Json::array()}}, "tiers' number is 0"},
         {{{"/tiers", Json(9, {{"name", "device"}, {"blocks", blocks}})}}, "tiers' number is 9"},
         {{{"/tiers/1/numNodes", 0}}, "tiers[1].numNodes is 0"},
         {{{"/tiers/1/numNodes", 10001}}, "tiers[1].numNodes is 10001"},
         {{{"/tiers/2/numNodes", 2}}, "tiers[2].numNodes"},
         {{{"/tiers/2/scores", "CC"}}, "tiers[2].scores"},
         {{{"/tiers/0/blocks", Json::array()}}, "tiers[0].blocks' number is 0"},
         {{{"/tiers/0/blocks", blocks}}, "tiers[0].blocks' number is 5"},
         {{{"/tiers/0/blocks", Json(7, Json(1, {{"filters", 4}}))}},
          "tiers[0].blocks has 7 entries"}});
    Hierarchy alone = MakeLocalOnly({});
    EXPECT_NO_THROW(Validate(alone));
    alone.rawOffload = true;
    EXPECT_THROW(Validate(alone), std::runtime_error) << "there is no cloud";
}

TEST(Validate, RefusesNames)
{
    for (const char* name : {"Edge",
                             "an edge",
                             "edge\n",
                             "123456789012345678901",
                             "",
                             "local",
                             "device",
                             "cloud",
                             "overall",
                             "access",
                             "cell"})
    {
        ExpectRefused({{{{"/tiers/1/name", name}}, "tiers[1].name"}});
    }
    ExpectRefused({{{{"/tiers/0/name", "cloud"}}, "tiers[0].name"},
                   {{{"/tiers/2/name", "edge"}}, "tiers[2].name"},
                   {{{"/cells", {{{"access", "Wi-Fi"}, {"devices", {0, 1, 2, 3, 4, 5}}}}}},
                    "cells[0].access"}});
    Hierarchy twice = MakePreset('e', {});
    twice.tiers.insert(twice.tiers.begin() + 1, twice.tiers[1]);
    EXPECT_THROW(Validate(twice), std::runtime_error) << "two tiers have one name";
}

TEST(Validate, RefusesParentsThatDoNotExistAndNodesWithoutChildren)
{
    ExpectRefused({{{{"/tiers/0/parents/3", 2}}, "tiers[0].parents[3] is 2"},
                   {{{"/tiers/0/parents/3", -1}}, "tiers[0].parents[3] is -1"},
                   {{{"/tiers/0/parents", {0, 0, 0, 1, 1}}}, "tiers[0].parents"},
                   {{{"/tiers/2/parents", {0}}}, "tiers[2].parents"},
                   {{{"/tiers/0/parents", {0, 0, 0, 0, 0, 0}}}, "tiers[1]: edge 1"}});
}

TEST(Validate, RefusesShapesThatDoNotMeet)
{
    const auto lastDevice = [](const Json& block) {
        Json blocks(6, Json(1, {{"filters", 4}}));
        blocks[5][0] = block;
        return blocks;
    };
    const Json wide = lastDevice({{"filters", 7}});
    const Json large = lastDevice({{"poolStride", 1}});
    EXPECT_EQ(ErrorOf(Changed({{"/tiers/0/blocks", wide}})), "") << "CC joins any filters";
    const std::string flat = Changed(
        {{"/tiers/0/blocks", large}, {"/tiers/1/blocks/0", {{"kind", "FC"}, {"outputs", 8}}}});
    EXPECT_EQ(ErrorOf(flat), "") << "an FC block takes any shapes";
    EXPECT_EQ(InputShape(HierarchyFromJson(flat), 1, 1), (Shape{2 * 1024 + 4096, 1, 1}));
    ExpectRefused(
        {{{{"/tiers/0/blocks", large}}, "tiers[1].features is CC"},
         {{{"/tiers/0/blocks", wide}, {"/tiers/1/features", "MP"}}, "tiers[1].features is MP"},
         {{{"/tiers/0/blocks", wide}, {"/tiers/1/features", "AP"}}, "tiers[1].features is AP"}});
    Hierarchy hierarchy = MakePreset('f', {});
    hierarchy.views.assign(5, Shape{});
    EXPECT_THROW(Validate(hierarchy), std::runtime_error) << "six devices have five views";
}

TEST(Validate, RefusesWrongInputChannels)
{
    for (const Json& good : {Json({{"/tiers/0/inputChannels", 3}}),
                             Json({{"/tiers/1/inputChannels", {12, 12}}}),
                             Json({{"/tiers/2/inputChannels", {32}}})})
    {
        EXPECT_EQ(ErrorOf(Changed(good)), "");
    }
    ExpectRefused({{{{"/tiers/0/inputChannels", 1}}, "tiers[0].inputChannels is 1"},
                   {{{"/tiers/1/inputChannels", 24}}, "tiers[1].inputChannels is 24"},
                   {{{"/tiers/1/inputChannels", {12, 4}}}, "tiers[1].inputChannels is 4"},
                   {{{"/tiers/1/inputChannels", {12, 12, 12}}}, "tiers[1].inputChannels has 3"}});
}

TEST(Validate, RefusesWhatDoesNotFitInMemory)
{
    ExpectRefused(
        {{{{"/view", {3, 224, 224}}, {"/numClasses", 1000}, {"/tiers/0/blocks/0/filters", 64}},
          "tiers[0]"},
         {{{"/view", {64, 224, 224}}, {"/tiers/0/blocks/0", {{"kind", "FC"}, {"outputs", 4096}}}},
          "tiers[0].blocks"}});
}

TEST(Validate, RefusesCellsThatAreNotAPartOfTheDevices)
{
    const auto cells = [](const std::vector<std::vector<int>>& devices) {
        Json list;
        for (const auto& cell : devices)
        {
            list.push_back({{"devices", cell}});
        }
        return Json{{"/cells", list}};
    };
    EXPECT_EQ(ErrorOf(Changed(cells({{0, 5}, {1, 2, 3, 4}}))), "");
    ExpectRefused({{cells({{0, 1, 2}, {2, 3, 4, 5}}), "cells[1].devices: device 2"},
                   {cells({{0, 1, 1, 2, 3, 4, 5}}), "cells[0].devices: device 1"},
                   {cells({{0, 1, 2}, {3, 4}}), "cells"},
                   {cells({{0, 2, 1}, {3, 4, 5}}), "cells[0].devices"},
                   {cells({{0, 1, 2}, {3, 4, 5, 6}}), "cells[1].devices is 6"},
                   {cells({{-1, 0, 1, 2, 3, 4, 5}}), "cells[0].devices is -1"},
                   {cells({{0, 1, 2, 3, 4, 5}, {}}), "cells[1].devices"}});
}

TEST(Warnings, AdviseCellsWhereManyDevicesShareAChannel)
{
    PresetSettings settings;
    settings.views[0] = {1, 2, 2};
    settings.numDevices = 100;
    EXPECT_TRUE(Warnings(MakePreset('c', settings)).empty());
    settings.numDevices = 10000;
    Hierarchy hierarchy = MakePreset('c', settings);
    EXPECT_EQ(Warnings(hierarchy).size(), 1U);
    SplitIntoCells(hierarchy, 100);
    EXPECT_TRUE(Warnings(hierarchy).empty());
    SplitIntoCells(hierarchy, 99); // 99 x 101 = 9999: one has 102 devices, 98 have 101
    ASSERT_EQ(Warnings(hierarchy).size(), 99U);
    EXPECT_EQ(Warnings(hierarchy)[5].find("cells[5]: 101"), 0U);
}

} // namespace
} // namespace ddnn
