// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/hierarchy-json.h"

#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "test/support/random-network.h"
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
        return e.what();
    }
    return "";
}

/// The text must be refused in one line that names the culprit.
void
ExpectRefused(const std::string& text, const std::string& culprit)
{
    const std::string error = ErrorOf(text);
    EXPECT_NE(error.find(culprit), std::string::npos) << "'" << error << "' lacks " << culprit;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    EXPECT_LT(error.size(), 500U) << error;
}

TEST(HierarchyJson, LeftOutKeysHaveTheirDefaults)
{
    const Hierarchy hierarchy = HierarchyFromJson(Text());
    ASSERT_EQ(hierarchy.tiers.size(), 3U);
    EXPECT_FALSE(hierarchy.rawOffload);
    EXPECT_EQ(hierarchy.confidence, "entropy");
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
}

TEST(HierarchyJson, ReadsEveryKey)
{
    const Hierarchy hierarchy = HierarchyFromJson(R"({
        "views": [[1, 8, 8], [2, 7, 9]], "numClasses": 2, "rawOffload": true,
        "confidence": "max-softmax", "cells": [{"access": "wifi", "devices": [1]}, {"devices": [0]}],
        "tiers": [{"name": "device", "numNodes": 2, "parents": [0, 0], "inputChannels": [1, 2],
                   "exitPrecision": "float", "coding": "int8", "scores": "CC", "exitWeight": 0.5,
                   "threshold": 0.25, "blocks": [[{"kind": "FC", "outputs": 9}],
                   [{"filters": 7, "poolStride": 1}, {"kind": "FC", "outputs": 9, "precision": "float"}]]},
                  {"name": "cloud", "features": "AP", "inputChannels": 9, "blocks": [{"filters": 3}]}]})");
    EXPECT_EQ(hierarchy.views, (std::vector<Shape>{{1, 8, 8}, {2, 7, 9}}));
    EXPECT_EQ(hierarchy.numClasses, 2);
    EXPECT_TRUE(hierarchy.rawOffload);
    EXPECT_EQ(hierarchy.confidence, "max-softmax");
    ASSERT_EQ(hierarchy.cells.size(), 2U);
    EXPECT_EQ(hierarchy.cells[0].access, "wifi");
    EXPECT_EQ(hierarchy.cells[0].devices, std::vector<int>{1});
    const Tier& device = hierarchy.tiers.at(0);
    EXPECT_EQ(device.inputChannels, (std::vector<int>{1, 2}));
    EXPECT_EQ(device.exitPrecision, Precision::FLOAT);
    EXPECT_EQ(device.coding, FeatureCoding::INT8);
    EXPECT_EQ(device.scores, Aggregation::CC);
    EXPECT_EQ(device.exitWeight, 0.5);
    EXPECT_EQ(device.threshold, 0.25);
    EXPECT_EQ(NodeBlocks(device, 0).at(0).kind, BlockKind::FC);
    EXPECT_EQ(NodeBlocks(device, 1).at(0).filters, 7);
    EXPECT_EQ(NodeBlocks(device, 1).at(0).poolStride, 1);
    EXPECT_EQ(NodeBlocks(device, 1).at(1).precision, Precision::FLOAT);
    EXPECT_EQ(hierarchy.tiers.at(1).features, Aggregation::AP);
    EXPECT_EQ(hierarchy.tiers.at(1).inputChannels, std::vector<int>{9});
}

TEST(HierarchyJson, WrittenTextIsReadBackTheSame)
{
    for (uint64_t seed = 0; seed < 200; ++seed)
    {
        std::mt19937_64 generator(seed);
        Hierarchy hierarchy = test::RandomHierarchy(generator);
        SplitIntoCells(hierarchy, 1, seed % 2 ? "wifi" : "");
        hierarchy.tiers.back().inputChannels = {
            InputShape(hierarchy, static_cast<int>(hierarchy.tiers.size()) - 1, 0).channels};
        const std::string text = ToJson(hierarchy);
        EXPECT_EQ(ToJson(HierarchyFromJson(text)), text) << seed;
    }
}

TEST(HierarchyJson, RefusesTextCutAtAnyByte)
{
    const std::string good = ToJson(MakePreset('f', {}));
    for (std::size_t length = 0; length < good.size(); ++length)
    {
        EXPECT_NE(ErrorOf(good.substr(0, length)), "") << length;
    }
}

TEST(HierarchyJson, RefusesKeysThatAreUnknownDoubledOrMissing)
{
    ExpectRefused(Text("\"classes\": 3, "), "\"classes\"");
    ExpectRefused(Text("", "\"filters\": 3, "), "tiers[0]: key \"filters\"");
    ExpectRefused(Text("", "", "\"stride\": 2, "), "tiers[0].blocks[0]: key \"stride\"");
    ExpectRefused(Text("", "", "\"outputs\": 2, "), "tiers[0].blocks[0]: key \"outputs\"");
    ExpectRefused(Text(R"("cells": [{"devices": [0, 1], "a\nb": 1}], )"),
                  R"(cells[0]: key "a\nb")");
    ExpectRefused(Text("\"" + std::string(100000, 'a') + "\": 1, "), "aaa");
    ExpectRefused(Text("\"numClasses\": 3, "), "\"numClasses\"");
    ExpectRefused(Text("", "\"name\": \"device\", "), "\"name\"");
    ExpectRefused(Text("", "", "\"kind\": \"FC\", "), "\"kind\"");
    ExpectRefused(Text("\"views\": [[1, 8, 8], [1, 8, 8]], "), "\"view\"");
    ExpectRefused("{}", "view");
    ExpectRefused(R"({"view": [1, 8, 8], "tiers": []})", "numClasses");
    ExpectRefused(R"({"view": [1, 8, 8], "numClasses": 3})", "tiers");
    ExpectRefused(R"({"view": [1, 8, 8], "numClasses": 3, "tiers": []})", "tiers");
    ExpectRefused(R"({"view": [1, 8, 8], "numClasses": 3, "tiers": [{}]})", "tiers[0]: key name");
    ExpectRefused(R"({"view": [1, 8, 8], "numClasses": 3, "tiers": [{"name": "device"}]})",
                  "tiers[0]: key blocks");
    ExpectRefused(Text(R"("cells": [{}], )"), "cells[0]: key devices");
    ExpectRefused(Text("", "", R"("kind": "FC"}, {)"), "tiers[0].blocks[0]: key outputs");
}

TEST(HierarchyJson, RefusesValuesOfTheWrongKind)
{
    ExpectRefused("[1, 2]", "object");
    ExpectRefused(R"({"view": [1, 8], "numClasses": 3, "tiers": []})", "view");
    ExpectRefused(R"({"view": 8, "numClasses": 3, "tiers": []})", "view is 8");
    ExpectRefused(R"({"view": [1, 8, 8], "numClasses": 3, "tiers": {}})", "tiers");
    ExpectRefused(Text("\"rawOffload\": 1, "), "rawOffload is 1");
    ExpectRefused(Text("\"confidence\": \"none\", "), "confidence is 'none'");
    ExpectRefused(Text("\"confidence\": \"none\", "), "max-softmax");
    ExpectRefused(Text("", "\"threshold\": \"0.5\", "), "tiers[0].threshold is \"0.5\"");
    ExpectRefused(Text("", "\"threshold\": true, "), "tiers[0].threshold is true");
    ExpectRefused(Text("", "\"scores\": \"mp\", "), R"(tiers[0].scores is "mp")");
    ExpectRefused(Text("", "\"coding\": \"a\\nb\", "), "tiers[0].coding is");
    ExpectRefused(Text("", "\"coding\": 1, "), "tiers[0].coding is 1");
    ExpectRefused(Text("", "\"parents\": 0, "), "tiers[0].parents is 0");
    ExpectRefused(Text("", "\"parents\": [0, null], "), "tiers[0].parents[1] is null");
    ExpectRefused(Text("", "\"inputChannels\": \"3\", "), "tiers[0].inputChannels is \"3\"");
    ExpectRefused(Text(R"("cells": [{"access": 1, "devices": [0, 1]}], )"), "cells[0].access is 1");
    const std::string deep = std::string(100000, '[') + std::string(100000, ']');
    ExpectRefused(Text("\"cells\": " + deep + ", "), "cells[0]");
}

TEST(HierarchyJson, RefusesNumbersThatAreNone)
{
    for (const char* number :
         {"2.5", "1e30", "-1e30", "18446744073709551616", "1000000001", "true"})
    {
        ExpectRefused(Text("", "", "\"filters\": " + std::string(number) + ", "),
                      "tiers[0].blocks[0].filters is ");
    }
    for (const char* word : {"NaN", "Infinity", "1e999", "01", ".5", "0x10"})
    {
        ExpectRefused(Text("", "\"threshold\": " + std::string(word) + ", "), "pars");
    }
}

TEST(HierarchyJson, RefusesBytesThatAreNoText)
{
    for (const std::string& text : {std::string(),
                                    std::string(1000, '\0'),
                                    std::string("{\"a\xff\n\": 1}"),
                                    "{\"" + std::string(100000, 'a') + "\n",
                                    std::string(100000, '['),
                                    Text() + "}"})
    {
        ExpectRefused(text, "line");
    }
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
