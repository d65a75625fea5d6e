// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/inference/packed-model.h"

#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/inference/reference-model.h"
#include "test/support/random-network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ddnn
{
namespace
{

void
ExpectEqual(const std::vector<Verdict>& a, const std::vector<Verdict>& b)
{
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t exit = 0; exit < a.size(); ++exit)
    {
        EXPECT_EQ(a[exit].label, b[exit].label);
        EXPECT_EQ(a[exit].uncertainty, b[exit].uncertainty);
        EXPECT_EQ(a[exit].scores, b[exit].scores);
    }
}

TEST(PackedModel, EqualsReferenceOnRandomNetworks)
{
    for (uint64_t seed = 0; seed < 400; ++seed)
    {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 generator(seed);
        const Hierarchy hierarchy = test::RandomHierarchy(generator);
        const Network network = test::RandomNetwork(hierarchy, generator);
        const PackedModel packed(network);
        const ReferenceModel reference(network);
        for (int sample = 0; sample < 3; ++sample)
        {
            const auto views = test::RandomViews(hierarchy, generator);
            const auto present = test::RandomPresence(views, generator);
            for (std::size_t device = 0; device < present.size(); ++device)
            {
                const uint8_t* view = views[device].data();
                const NodeOutput a = packed.RunDevice(static_cast<int>(device), view);
                const NodeOutput b = reference.RunDevice(static_cast<int>(device), view);
                ASSERT_EQ(a.features, b.features);
                ASSERT_EQ(a.scores, b.scores);
            }
            ExpectEqual(packed.Infer(present), reference.Infer(present));
        }
    }
}

/// Features as they might arrive: not a number, infinite, too large, bits behind the last feature.
TEST(PackedModel, EqualsReferenceOnAnyBytes)
{
    for (uint64_t seed = 0; seed < 200; ++seed)
    {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 generator(seed);
        const Hierarchy hierarchy = test::RandomHierarchy(generator);
        const Network network = test::RandomNetwork(hierarchy, generator);
        const PackedModel packed(network);
        const ReferenceModel reference(network);
        for (std::size_t tier = 1; tier < hierarchy.tiers.size(); ++tier)
        {
            const int node = test::RandomInt(generator, 0, hierarchy.tiers[tier].numNodes - 1);
            std::vector<Features> children;
            for (int child : Children(hierarchy, tier, node))
            {
                const bool absent = !children.empty() && test::OneIn(generator, 4);
                children.emplace_back(absent ? 0 : FeatureBytes(hierarchy, tier - 1, child));
                for (uint8_t& byte : children.back())
                {
                    byte = static_cast<uint8_t>(
                        test::OneIn(generator, 4) ? 255 : test::RandomInt(generator, 0, 255));
                }
            }
            const NodeOutput a = packed.RunNode(tier, node, children);
            const NodeOutput b = reference.RunNode(tier, node, children);
            ASSERT_EQ(a.features, b.features);
            ASSERT_EQ(a.scores, b.scores);
            ASSERT_TRUE(std::all_of(a.scores.begin(), a.scores.end(), [](float score) {
                return std::isfinite(score);
            }));
        }
    }
}

TEST(PackedModel, RefusesWhatDoesNotFit)
{
    const PackedModel model(Network(MakePreset('c', {})));
    const std::vector<Features> none(6);
    EXPECT_THROW(model.RunNode(1, 0, none), std::invalid_argument);
    EXPECT_THROW(model.RunNode(1, 1, none), std::invalid_argument);
    EXPECT_THROW(model.RunNode(2, 0, none), std::invalid_argument);
    EXPECT_THROW(model.RunNode(1, 0, std::vector<Features>(5, Features(128))),
                 std::invalid_argument);
    EXPECT_THROW(model.RunNode(1, 0, std::vector<Features>(6, Features(127))),
                 std::invalid_argument);
    EXPECT_THROW(model.CloseExit(0, std::vector<Scores>(6)), std::invalid_argument);
    EXPECT_THROW(model.CloseExit(0, std::vector<Scores>(6, Scores(2))), std::invalid_argument);
    EXPECT_THROW(model.Infer(std::vector<const uint8_t*>(6, nullptr)), std::invalid_argument);
    EXPECT_THROW(model.Infer({}), std::invalid_argument);
    const std::vector<uint8_t> view(3072);
    EXPECT_THROW(model.RunDevice(6, view.data()), std::invalid_argument);
    EXPECT_THROW(model.RunDevice(-1, view.data()), std::invalid_argument);
    EXPECT_THROW(model.CloseExit(2, std::vector<Scores>(1, Scores(3))), std::invalid_argument);
}

} // namespace
} // namespace ddnn
