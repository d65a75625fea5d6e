// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/hierarchy-json.h"

#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "test/support/test-support.h"

#include <fstream>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace ddnn
{
namespace
{

/// Two devices, an edge and the cloud with the keys that must be given, and a place for one more
/// key in the hierarchy, in the first tier and in its block.
std::string
Text(const std::string& top = "", const std::string& tier = "", const std::string& block = "")
{
    return R"({"view": [1, 8, 8], "numClasses": 3, )" + top + R"("tiers": [
        {"name": "device", )" +
           tier + R"("numNodes": 2, "blocks": [{)" + block + R"("kind": "ConvP"}]},
        {"name": "edge", "blocks": [{}]},
        {"name": "cloud", "blocks": [{"kind": "FC", "outputs": 5}]}]})";
}

std::string
ErrorOf(const std::string& text)
{
    try
    {
        HierarchyFromJson(text);
    }
    catch (const std::runtime_error& e)
    {
        const std::string error = e.what();
        EXPECT_EQ(error.find('\n'), std::string::npos) << error;
        EXPECT_LT(error.size(), 500U) << error;
        return error;
    }
    return "";
}

void
ExpectRefused(const std::string& text, const std::string& part)
{
    const std::string error = ErrorOf(text);
    EXPECT_NE(error.find(part), std::string::npos) << "'" << error << "' lacks " << part;
}

std::string
Repeat(const std::string& text, int times)
{
    std::string repeated;
    for (int i = 0; i < times; ++i)
    {
        repeated += text;
    }
    return repeated;
}

TEST(HierarchyJson, LeftOutKeysHaveTheirDefaults)
{
    const Hierarchy hierarchy = HierarchyFromJson(Text());
    ASSERT_EQ(hierarchy.tiers.size(), 3U);
    EXPECT_FALSE(hierarchy.rawOffload);
    EXPECT_EQ(hierarchy.confidence, Confidence::ENTROPY);
    const Tier& device = hierarchy.tiers[0];
    EXPECT_EQ(device.parents, (std::vector<int>{0, 0}));
    EXPECT_EQ(device.blocks[0].filters, 4);
    EXPECT_EQ(device.blocks[0].poolStride, 2);
    EXPECT_EQ(device.blocks[0].precision, Precision::BINARY);
    EXPECT_EQ(device.scores, Aggregation::MP);
    EXPECT_EQ(device.coding, FeatureCoding::FLOAT32);
    EXPECT_EQ(device.exitWeight, 1);
    EXPECT_EQ(device.threshold, 0.8);
    EXPECT_TRUE(device.inputChannels.empty());
    EXPECT_EQ(hierarchy.tiers[1].numNodes, 1);
    EXPECT_EQ(hierarchy.tiers[1].features, Aggregation::CC);
    EXPECT_EQ(hierarchy.tiers[2].blocks[0].filters, 5);
    EXPECT_TRUE(hierarchy.cells.empty());
    EXPECT_EQ(ToJson(HierarchyFromJson(ToJson(hierarchy))), ToJson(hierarchy));
}

TEST(HierarchyJson, KeepsBlocksViewsAndChannelsOfEachNode)
{
    Hierarchy hierarchy = HierarchyFromJson(Text());
    hierarchy.views = {{1, 8, 8}, {2, 7, 7}};
    hierarchy.tiers[0].nodeBlocks = {{{3, 2}},
                                     {{5, 1}, {6, 2, BlockKind::CONVP, Precision::FLOAT}}};
    hierarchy.tiers[0].inputChannels = {1, 2};
    const Hierarchy copy = HierarchyFromJson(ToJson(hierarchy));
    EXPECT_EQ(ToJson(copy), ToJson(hierarchy));
    EXPECT_EQ(copy.views, hierarchy.views);
    EXPECT_EQ(copy.tiers[0].inputChannels, (std::vector<int>{1, 2}));
    EXPECT_EQ(NodeBlocks(copy.tiers[0], 1).size(), 2U);
    EXPECT_EQ(FeaturePrecision(copy, 0, 1), Precision::FLOAT);
    EXPECT_EQ(HierarchyFromJson(Text("", R"("inputChannels": 1, )")).tiers[0].inputChannels,
              std::vector<int>{1});
}

TEST(HierarchyJson, RefusesTextCutAtAnyByte)
{
    for (char config : std::string("acef"))
    {
        const std::string good = ToJson(MakePreset(config, {}));
        for (std::size_t length = 0; length < good.size(); ++length)
        {
            EXPECT_NE(ErrorOf(good.substr(0, length)), "") << length;
        }
    }
}

TEST(HierarchyJson, RefusesDepth)
{
    constexpr int LEVELS = 100000;
    for (const char* open : {"[", "{\"a\":", "{\"tiers\":[", "[[{\"a\":"})
    {
        ExpectRefused(Repeat(open, LEVELS), "nested more deeply");
    }
    ExpectRefused(Repeat("[", LEVELS) + Repeat("]", LEVELS), "nested more deeply");
}

TEST(HierarchyJson, RefusesKeysThatAreUnknownDoubledOrMissing)
{
    ExpectRefused(Text("\"classes\": 3, "), "classes is not a key; there are view, views, numCl");
    ExpectRefused(Text("", "\"filters\": 3, "), "tiers[0].filters is not a key; there are name,");
    ExpectRefused(Text("", "", "\"stride\": 2, "), "tiers[0].blocks[0].stride is not a key");
    ExpectRefused(Text("", "", "\"outputs\": 2, "), "tiers[0].blocks[0].outputs is not a key");
    ExpectRefused(Text(R"("cells": [{"devices": [0, 1], "a\nb": 1}], )"),
                  R"(cells[0].a\nb is not)");
    ExpectRefused(Text("\"numClasses\": 3, "), "\"numClasses\" is given twice");
    ExpectRefused(Text("", "\"name\": \"device\", "), "\"name\" is given twice");
    ExpectRefused(Text("", "", "\"kind\": \"FC\", "), "\"kind\" is given twice");
    ExpectRefused(Text("\"views\": [[1, 8, 8], [1, 8, 8]], "), "either view");
    ExpectRefused("{}", "either view");
    ExpectRefused(R"({"view": [1, 8, 8], "tiers": []})", "numClasses is missing");
    ExpectRefused(R"({"view": [1, 8, 8], "numClasses": 3})", "tiers is missing");
    ExpectRefused(R"({"view": [1, 8, 8], "numClasses": 3, "tiers": []})", "tiers' number is 0");
    ExpectRefused(R"({"view": [1, 8, 8], "numClasses": 3, "tiers": [{}]})",
                  "tiers[0].name is missing");
    ExpectRefused(R"({"view": [1, 8, 8], "numClasses": 3, "tiers": [{"name": "device"}]})",
                  "tiers[0].blocks is missing");
    ExpectRefused(Text(R"("cells": [{}], )"), "cells[0].devices is missing");
}

TEST(HierarchyJson, RefusesValuesOfTheWrongKind)
{
    ExpectRefused("[1, 2]", "the text is [1,2], must be an object");
    ExpectRefused(R"({"view": [1, 8], "numClasses": 3, "tiers": []})", "must be [channels, rows,");
    ExpectRefused(R"({"view": 8, "numClasses": 3, "tiers": []})", "view is 8, must be a list");
    ExpectRefused(R"({"view": [1, 8, 8], "numClasses": 3, "tiers": {}})", "tiers is {}");
    ExpectRefused(Text("\"rawOffload\": 1, "), "rawOffload is 1, must be true or false");
    ExpectRefused(Text("\"confidence\": \"none\", "),
                  R"(confidence is "none", must be "entropy" or "max-softmax" or "margin")");
    ExpectRefused(Text("", "\"threshold\": \"0.5\", "), "tiers[0].threshold is \"0.5\"");
    ExpectRefused(Text("", "\"scores\": \"mp\", "), R"(tiers[0].scores is "mp", must be "MP")");
    ExpectRefused(Text("", "\"parents\": 0, "), "tiers[0].parents is 0, must be a list");
    ExpectRefused(Text("", "\"parents\": [0, null], "), "tiers[0].parents[1] is null");
    ExpectRefused(Text("", "\"inputChannels\": \"3\", "), "tiers[0].inputChannels is \"3\"");
    ExpectRefused(Text("", "\"inputChannels\": 3, "), "tiers[0].inputChannels is 3, must be 1");
    ExpectRefused(Text(R"("cells": [{"access": 1, "devices": [0, 1]}], )"), "cells[0].access is 1");
}

TEST(HierarchyJson, RefusesNumbersThatAreNone)
{
    for (const char* number : {"2.5",
                               "1e30",
                               "-1e30",
                               "18446744073709551615",
                               "1000000001",
                               "true",
                               "18446744073709551616",
                               "-9223372036854775808",
                               "\"2\"",
                               "[2]"})
    {
        ExpectRefused(Text("", "", "\"filters\": " + std::string(number) + ", "),
                      "tiers[0].blocks[0].filters is ");
        ExpectRefused(Text("", "", "\"filters\": " + std::string(number) + ", "),
                      ", must be a whole number");
    }
    for (const char* number : {"0", "-1", "65", "1000000000", "-1000000000"})
    {
        ExpectRefused(Text("", "", "\"filters\": " + std::string(number) + ", "),
                      "tiers[0].blocks[0].filters is ");
    }
    for (const char* number : {"-0.1", "1.1", "1e300", "18446744073709551615"})
    {
        ExpectRefused(Text("", "\"threshold\": " + std::string(number) + ", "),
                      "tiers[0].threshold is ");
    }
    for (const char* word : {"NaN", "nan", "Infinity", "-inf", "1e999", "01", ".5", "0x10"})
    {
        ExpectRefused(Text("", "\"threshold\": " + std::string(word) + ", "), "correct the JSON");
    }
}

TEST(HierarchyJson, RefusesBytesThatAreNoText)
{
    ExpectRefused("", "correct the JSON");
    ExpectRefused(std::string(1000, '\0'), "correct the JSON");
    ExpectRefused("{\"a\xff\n\": 1}", "correct the JSON");
    ExpectRefused("{\"" + std::string(100000, 'a') + "\n", "correct the JSON");
    ExpectRefused("{\"" + std::string(100000, 'a') + "\": 1, \"view\": [1, 1, 1]}", "numClasses");
    ExpectRefused(Text("\"" + std::string(100000, 'a') + "\": 1, "), "is not a key");
    ExpectRefused(Text() + "}", "correct the JSON");
}

TEST(HierarchyJson, ReadsAFileAndNamesIt)
{
    const test::TempDir folder;
    const std::string path = folder.Path("hierarchy.json");
    std::ofstream(path) << Text();
    EXPECT_EQ(ToJson(ReadHierarchy(path)), ToJson(HierarchyFromJson(Text())));
    std::ofstream(path) << "{}";
    for (const std::string& bad : {path, folder.Path("none.json"), folder.Path("")})
    {
        try
        {
            ReadHierarchy(bad);
            FAIL() << bad;
        }
        catch (const std::runtime_error& e)
        {
            EXPECT_EQ(std::string(e.what()).find(bad), 0U) << e.what();
        }
    }
}

} // namespace
} // namespace ddnn
