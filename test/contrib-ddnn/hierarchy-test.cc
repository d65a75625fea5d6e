// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy-json.h"
#include "contrib-ddnn/hierarchy-presets.h"
#include "contrib-ddnn/hierarchy.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

namespace ddnn
{
namespace
{

std::string
ErrorOf(const std::function<void()>& action)
{
    try
    {
        action();
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "";
}

/// The paper's section IV-E: |C| = 3, f = 4, o = 256.
TEST(Hierarchy, Equation1IsThePapers)
{
    const Hierarchy hierarchy = MakePreset('c', {});
    EXPECT_EQ(SummaryBytes(hierarchy), 12);
    EXPECT_EQ(FeatureBytes(hierarchy, 0, 0), 128);
    EXPECT_DOUBLE_EQ(Equation1(hierarchy, 0), 140);
    EXPECT_DOUBLE_EQ(Equation1(hierarchy, 1), 12);
    EXPECT_NEAR(Equation1(hierarchy, 0.6082), 62, 0.5);
    EXPECT_NEAR(Equation1(hierarchy, 0.8304), 34, 0.5);
}

TEST(Hierarchy, RawOffloadCosts3072BytesWhateverExits)
{
    const Hierarchy hierarchy = MakePreset('a', {});
    EXPECT_DOUBLE_EQ(Equation1(hierarchy, 0), 3072);
    EXPECT_DOUBLE_EQ(Equation1(hierarchy, 1), 3072);
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

TEST(Hierarchy, SurvivesJson)
{
    PresetSettings settings;
    settings.numDevices = 5;
    settings.cloud = Aggregation::AP;
    settings.localWeight = 0.25;
    Hierarchy hierarchy = MakePreset('a', settings);
    hierarchy.tiers[0].threshold = 0.1;
    const Hierarchy copy = HierarchyFromJson(ToJson(hierarchy));
    EXPECT_EQ(ToJson(copy), ToJson(hierarchy));
    EXPECT_EQ(copy.tiers[0].numNodes, 5);
    EXPECT_EQ(copy.tiers[1].features, Aggregation::AP);
    EXPECT_EQ(copy.tiers[0].exitWeight, 0.25);
    EXPECT_EQ(copy.tiers[0].threshold, 0.1);
    EXPECT_TRUE(copy.rawOffload);
}

TEST(Hierarchy, RefusesContradictionsByName)
{
    const std::vector<std::pair<std::function<void(Hierarchy&)>, std::string>> wrongs = {
        {[](Hierarchy& h) {
             h.numClasses = 1;
         },
         "numClasses"},
        {[](Hierarchy& h) {
             h.views[0].rows = 0;
         },
         "view.rows"},
        {[](Hierarchy& h) {
             h.tiers.clear();
         },
         "tiers"},
        {[](Hierarchy& h) {
             h.tiers[0].numNodes = 0;
         },
         "tiers[0].numNodes"},
        {[](Hierarchy& h) {
             h.tiers[0].parents.pop_back();
         },
         "tiers[0].parents"},
        {[](Hierarchy& h) {
             h.tiers[0].parents[2] = 1;
         },
         "tiers[0].parents"},
        {[](Hierarchy& h) {
             h.tiers[1].numNodes = 2;
         },
         "tiers[1].numNodes"},
        {[](Hierarchy& h) {
             h.tiers[1].blocks.clear();
         },
         "tiers[1].blocks"},
        {[](Hierarchy& h) {
             h.tiers[0].blocks[0].filters = 65;
         },
         "tiers[0].blocks[].filters"},
        {[](Hierarchy& h) {
             h.tiers[0].blocks[0].poolStride = 3;
         },
         "poolStride"},
        {[](Hierarchy& h) {
             h.tiers[0].threshold = 1.5;
         },
         "tiers[0].threshold"},
        {[](Hierarchy& h) {
             h.tiers[0].exitWeight = -1;
         },
         "tiers[0].exitWeight"},
        {[](Hierarchy& h) {
             h.tiers[0].name = "cloud";
         },
         "tiers[0].name"},
        {[](Hierarchy& h) {
             h.tiers[1].scores = Aggregation::CC;
         },
         "tiers[1].scores"},
        {[](Hierarchy& h) {
             h.views[0] = {3, 224, 224};
             h.numClasses = 1000;
             h.tiers[0].blocks[0].filters = 64;
         },
         "tiers[0].nodes"},
    };
    for (const auto& [change, key] : wrongs)
    {
        Hierarchy hierarchy = MakePreset('c', {});
        change(hierarchy);
        const std::string error = ErrorOf([&] {
            Validate(hierarchy);
        });
        EXPECT_NE(error.find(key), std::string::npos) << "'" << error << "' lacks " << key;
        EXPECT_EQ(error.find('\n'), std::string::npos);
    }
    EXPECT_NE(ErrorOf([] {
                  MakePreset('g', {});
              }),
              "");
    EXPECT_NE(ErrorOf([] {
                  MakePreset('b', {});
              }).find("config b"),
              std::string::npos);
}

TEST(Hierarchy, RefusesBrokenJson)
{
    const std::string good = ToJson(MakePreset('c', {}));
    for (std::size_t length = 0; length < good.size(); ++length)
    {
        EXPECT_NE(ErrorOf([&] {
                      HierarchyFromJson(good.substr(0, length));
                  }),
                  "");
    }
    EXPECT_NE(ErrorOf([] {
                  HierarchyFromJson("{}");
              }).find("view"),
              std::string::npos);
    EXPECT_NE(ErrorOf([] {
                  HierarchyFromJson("[1, 2]");
              }),
              "");
    EXPECT_NE(ErrorOf([] {
                  ParseAggregation("mp");
              }).find("'mp'"),
              std::string::npos);
}

} // namespace
} // namespace ddnn
