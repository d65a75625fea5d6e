// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/hierarchy-json.h"
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/network/network.h"

#include "contrib-ddnn/data/npz.h"
#include "test/support/random-network.h"
#include "test/support/test-support.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <set>

namespace ddnn
{
namespace
{

std::string
ErrorOf(const std::string& path, const Hierarchy* foreign = nullptr)
{
    try
    {
        LoadCheckpoint(path, foreign);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "";
}

TEST(Network, CheckpointSurvivesTheFile)
{
    const test::TempDir dir;
    for (uint64_t seed = 0; seed < 60; ++seed)
    {
        std::mt19937_64 generator(seed);
        Network network = test::RandomNetwork(test::RandomHierarchy(generator), generator);
        SaveCheckpoint(network, dir.Path("model.npz"));
        Network copy = LoadCheckpoint(dir.Path("model.npz"));
        EXPECT_EQ(ToJson(copy.hierarchy), ToJson(network.hierarchy));
        const auto a = Parameters(network);
        const auto b = Parameters(copy);
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i)
        {
            EXPECT_EQ(*a[i].values, *b[i].values) << a[i].name;
        }
    }
}

TEST(Network, KeysAreUniqueAndDocumented)
{
    PresetSettings settings;
    settings.local = Aggregation::CC;
    Network network(MakePreset('c', settings));
    std::set<std::string> keys;
    for (const Parameter& parameter : Parameters(network))
    {
        EXPECT_TRUE(keys.insert(parameter.name).second) << parameter.name;
        std::size_t size = 1;
        for (std::size_t extent : parameter.shape)
        {
            size *= extent;
        }
        EXPECT_EQ(parameter.values->size(), size) << parameter.name;
    }
    for (const char* key : {"device/5/convp/weight",
                            "device/0/convp/bn/variance",
                            "device/3/exit/weight",
                            "local/exit/weight",
                            "cloud/convp/1/bn/gamma",
                            "cloud/exit/bn/mean"})
    {
        EXPECT_EQ(keys.count(key), 1U) << key;
    }
}

TEST(Network, KeysNameTheKindAndPositionOfABlock)
{
    Hierarchy hierarchy = MakePreset('e', {});
    hierarchy.tiers[0].nodeBlocks.assign(6, {BlockSpec{}});
    hierarchy.tiers[0].nodeBlocks[1] = {BlockSpec{}, BlockSpec{4, 1, BlockKind::FC}};
    hierarchy.tiers[0].nodeBlocks[2] = {BlockSpec{5, 1, BlockKind::FC}};
    hierarchy.tiers[1].blocks = {BlockSpec{7, 1, BlockKind::FC}};
    hierarchy.tiers[1].features = Aggregation::CC;
    hierarchy.tiers[2].blocks = {BlockSpec{3, 1, BlockKind::CONVP},
                                 BlockSpec{4, 1, BlockKind::FC, Precision::FLOAT}};
    Network network(hierarchy);
    std::map<std::string, std::vector<std::size_t>> shapes;
    for (const Parameter& parameter : Parameters(network))
    {
        shapes[parameter.name] = parameter.shape;
    }
    using Extents = std::vector<std::size_t>;
    EXPECT_EQ(shapes["device/0/convp/weight"], (Extents{4, 3, 3, 3}));
    EXPECT_EQ(shapes["device/1/convp/0/weight"], (Extents{4, 3, 3, 3}));
    EXPECT_EQ(shapes["device/1/fc/1/weight"], (Extents{4, 4 * 16 * 16}));
    EXPECT_EQ(shapes["device/1/exit/weight"], (Extents{3, 4}));
    EXPECT_EQ(shapes["device/2/fc/0/weight"], (Extents{5, 3 * 32 * 32}));
    EXPECT_EQ(shapes["device/2/fc/0/bn/mean"], (Extents{5}));
    EXPECT_EQ(shapes["edge/0/fc/0/weight"], (Extents{7, 4 * 4 * 16 * 16 + 4 + 5}));
    EXPECT_EQ(shapes["cloud/convp/0/weight"], (Extents{3, 7, 3, 3}));
    EXPECT_EQ(shapes["cloud/fc/1/weight"], (Extents{4, 3}));
    EXPECT_EQ(shapes["cloud/exit/weight"], (Extents{3, 4}));
}

TEST(Network, InitialWeightsDependOnTheSeedAlone)
{
    Network a(MakePreset('c', {}));
    Network b = a;
    Network c = a;
    std::mt19937_64 first(7);
    std::mt19937_64 again(7);
    std::mt19937_64 other(8);
    Initialise(a, first);
    Initialise(b, again);
    Initialise(c, other);
    const auto& weight = a.sections[0][0].exit.weight;
    EXPECT_EQ(weight, b.sections[0][0].exit.weight);
    EXPECT_NE(weight, c.sections[0][0].exit.weight);
    EXPECT_NE(weight, a.sections[0][1].exit.weight);
    const auto negative = std::count_if(weight.begin(), weight.end(), [](float w) {
        return w < 0;
    });
    EXPECT_NEAR(static_cast<double>(negative) / weight.size(), 0.5, 0.05);
}

TEST(Network, ForeignFileNeedsAFittingHierarchy)
{
    const std::string path = test::DataPath("parity-mp-cc.npz");
    EXPECT_NE(ErrorOf(path).find("'hierarchy'"), std::string::npos);
    PresetSettings settings;
    const Hierarchy good = MakePreset('c', settings);
    EXPECT_EQ(ErrorOf(path, &good), "");
    settings.filters = 8;
    const Hierarchy tooManyFilters = MakePreset('c', settings);
    const std::string shape = ErrorOf(path, &tooManyFilters);
    EXPECT_NE(shape.find("'device/0/convp/weight'"), std::string::npos) << shape;
    EXPECT_NE(shape.find("[8, 3, 3, 3]"), std::string::npos) << shape;
    settings.filters = 4;
    settings.local = Aggregation::CC;
    const Hierarchy otherAggregation = MakePreset('c', settings);
    EXPECT_NE(ErrorOf(path, &otherAggregation).find("'local/exit/weight'"), std::string::npos);
}

TEST(Network, RefusesBrokenCheckpoints)
{
    const test::TempDir dir;
    const std::string path = dir.Path("model.npz");
    Network network(MakePreset('c', {}));
    auto errorAfter = [&](const std::string& key, const NpzArray& array) {
        SaveCheckpoint(network, path);
        Npz file = ReadNpz(path);
        file[key] = array;
        WriteNpz(path, file);
        return ErrorOf(path);
    };
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const std::pair<std::string, NpzArray> broken[] = {
        {"cloud/exit/bn/mean", {{3}, std::vector<float>{0, nan, 0}}},
        {"cloud/exit/bn/variance", {{3}, std::vector<float>{0, -1, 0}}},
        {"cloud/exit/bn/gamma", {{4}, std::vector<float>{0, 0, 0, 0}}},
        {"hierarchy", {{1}, std::vector<float>{0}}},
        {"hierarchy", {{2}, std::vector<uint8_t>{'{', '}'}}}};
    for (const auto& [key, array] : broken)
    {
        const std::string error = errorAfter(key, array);
        EXPECT_EQ(error.find(path), 0U) << error;
        EXPECT_NE(error.find(key), std::string::npos) << error;
    }
    EXPECT_EQ(errorAfter("cloud/exit/bn/beta", {{3}, std::vector<double>{0, 0, 0}}), "");
}

} // namespace
} // namespace ddnn
