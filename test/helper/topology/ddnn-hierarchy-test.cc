// SPDX-License-Identifier: GPL-2.0-only
// Simulations of every configuration, access network, IP version and transport: without loss, the
// predictions are those of inference in one place, and the bytes on every hop are those of Eq. (1).
#include "test/support/simulate.h"

#include "contrib-ddnn/hierarchy/hierarchy-presets.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <tuple>

using namespace ns3;
using namespace ddnn::test;

namespace
{

World
MakeHierarchyWorld(const ddnn::Hierarchy& hierarchy, int numSamples)
{
    World world = MakeWorld('c', hierarchy.tiers[0].numNodes, numSamples);
    world.model = std::make_shared<TableModel>(hierarchy);
    return world;
}

ddnn::Hierarchy
MakeConfig(char config)
{
    ddnn::PresetSettings settings;
    settings.numDevices = config == 'b' || config == 'd' ? 1 : 6;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset(config, settings);
    for (ddnn::Tier& tier : hierarchy.tiers)
    {
        tier.threshold = 0.75;
    }
    return hierarchy;
}

void
ExpectLossless(const World& world, const DdnnRunResult& result)
{
    ExpectAsInferred(world, result, 0.7);
    ExpectLatencies(result);
    ExpectCommunicationCost(world.model->GetHierarchy(), result);
    ExpectColumnsAddUp(result);
}

Settings
MakeRun(const std::string& access)
{
    Settings run;
    run.SetThreshold(0.7).SetAccess(access);
    if (access == "lrwpan") // the slowest of them, with raw views, needs it
    {
        run.SetInterval(3).Set("Site::SampleDeadline", "2.9s");
    }
    return run;
}

} // namespace

/// Configuration, access network, transport, IP version.
using Combination = std::tuple<char, std::string, std::string, std::string>;

class ConfigOnAccess : public testing::TestWithParam<Combination>
{
};

std::string
Name(const testing::TestParamInfo<Combination>& info)
{
    return std::get<1>(info.param) + "_" + std::get<0>(info.param);
}

TEST_P(ConfigOnAccess, LosesNothing)
{
    const auto [config, access, transport, ipVersion] = GetParam();
    const World world = MakeHierarchyWorld(MakeConfig(config), 10);
    Settings run = MakeRun(access);
    run.Set("Site::Transport", transport).Set("TopologyHelper::IpVersion", ipVersion);
    if (access == "lrwpan" && transport == "tcp")
    {
        // Acknowledgements collide with data: what is lost is sent again, but not before a second.
        WaitLong(run);
        const DdnnRunResult result = Simulate(world, run);
        ExpectAsInferred(world, result, 0.7);
        ExpectLatencies(result);
        ExpectColumnsAddUp(result);
        return;
    }
    ExpectLossless(world, Simulate(world, run));
}

INSTANTIATE_TEST_SUITE_P(Udp,
                         ConfigOnAccess,
                         testing::Combine(testing::Values('a', 'b', 'c', 'd', 'e', 'f'),
                                          testing::Values("wifi", "csma", "p2p", "lrwpan", "lte"),
                                          testing::Values("udp"),
                                          testing::Values("6")),
                         Name);

INSTANTIATE_TEST_SUITE_P(UdpOverIpv4,
                         ConfigOnAccess,
                         testing::Combine(testing::Values('a', 'c', 'f'),
                                          testing::Values("wifi", "csma", "p2p", "lte"),
                                          testing::Values("udp"),
                                          testing::Values("4")),
                         Name);

INSTANTIATE_TEST_SUITE_P(Tcp,
                         ConfigOnAccess,
                         testing::Combine(testing::Values('a', 'b', 'c', 'd', 'e', 'f'),
                                          testing::Values("wifi", "csma", "p2p", "lrwpan", "lte"),
                                          testing::Values("tcp"),
                                          testing::Values("auto")),
                         Name);

class CellsOnAccess : public testing::TestWithParam<std::string>
{
};

TEST_P(CellsOnAccess, LoseNothing)
{
    for (char config : {'c', 'f'})
    {
        ddnn::Hierarchy hierarchy = MakeConfig(config);
        ddnn::SplitIntoCells(hierarchy, 3);
        const World world = MakeHierarchyWorld(hierarchy, 8);
        const DdnnRunResult result = Simulate(world, MakeRun(GetParam()));
        ExpectLossless(world, result);
        // Each gateway is sent one request, which it passes on to its two devices.
        const auto requested = std::count_if(result.records.begin(),
                                             result.records.end(),
                                             [](const DdnnSampleRecord& record) {
                                                 return record.exit > 0;
                                             });
        for (const DdnnTraffic& traffic : result.traffic)
        {
            if (traffic.kind == "request" && traffic.place == "cell-down")
            {
                const uint64_t ip = GetParam() == "lrwpan" ? 40 : 20;
                const uint64_t copies = GetParam() == "p2p" ? 6 : 3; // p2p has no broadcast
                EXPECT_EQ(traffic.bytes.onAir, copies * (2 + ip + 8 + 10) * requested);
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Networks,
                         CellsOnAccess,
                         testing::Values("wifi", "csma", "p2p", "lrwpan"),
                         [](const auto& info) {
                             return info.param;
                         });

TEST(Cells, MayDifferInTechnology)
{
    ddnn::Hierarchy hierarchy = MakeConfig('f');
    hierarchy.cells = {{"wifi", {0, 3}}, {"lrwpan", {1, 5}}, {"p2p", {4}}, {"", {2}}};
    const World world = MakeHierarchyWorld(hierarchy, 8);
    Settings run = MakeRun("lrwpan");
    run.SetAccess("csma");
    ExpectLossless(world, Simulate(world, run));
}

TEST(Shapes, AsymmetricEdges)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 7;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset('f', preset);
    hierarchy.tiers[0].parents = {1, 0, 1, 1, 0, 1, 1};
    const World world = MakeHierarchyWorld(hierarchy, 10);
    ExpectLossless(world, Simulate(world, MakeRun("p2p")));
}

TEST(Shapes, AThousandDevices)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 1000;
    const World world = MakeHierarchyWorld(ddnn::MakePreset('c', preset), 3);
    Settings run = MakeRun("p2p");
    run.Set("Backhaul::Rate", "100Mbps"); // their features need 14 Mbit/s
    ExpectLossless(world, Simulate(world, run));
}

/// Three fragments of each meet on the way to the cloud.
TEST(Shapes, AThousandRawViews)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 1000;
    const World world = MakeHierarchyWorld(ddnn::MakePreset('a', preset), 1);
    Settings run = MakeRun("p2p");
    WaitLong(run);
    ExpectLossless(world, Simulate(world, run));
}

/// The largest view, four blocks of 64 filters, a thousand classes.
TEST(Shapes, LargeNetworks)
{
    ddnn::PresetSettings preset;
    preset.views = {{3, 224, 224}};
    preset.numClasses = 1000;
    preset.numDevices = 2;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset('e', preset);
    for (ddnn::Tier& tier : hierarchy.tiers)
    {
        tier.blocks.assign(4, {64, 2});
    }
    World world;
    world.model = std::make_shared<TableModel>(hierarchy);
    ddnn::Dataset dataset;
    dataset.numClasses = 1000;
    dataset.SetShapes({2, preset.views[0]});
    dataset.labels = {7, 999};
    dataset.views.assign(2 * dataset.SampleSize(), 5);
    dataset.inView.assign(4, 1);
    dataset.inTest.assign(2, 1);
    world.dataset = std::make_shared<ddnn::Dataset>(dataset);
    world.samples = {0, 1};
    for (const char* transport : {"udp", "tcp"})
    {
        Settings run = MakeRun("wifi");
        run.SetInterval(30).Set("Site::SampleDeadline", "30s").Set("Site::Transport", transport);
        ExpectLossless(world, Simulate(world, run));
    }
    // A raw view does not fit into a datagram.
    hierarchy.rawOffload = true;
    world.model = std::make_shared<TableModel>(hierarchy);
    Settings run = MakeRun("p2p");
    run.SetInterval(30).Set("Site::SampleDeadline", "30s");
    run.samples = world.samples;
    EXPECT_THROW(CreateObject<DdnnScenario>()->Check(run, hierarchy, world.dataset),
                 std::runtime_error);
    EXPECT_THROW(Simulate(world, run), std::runtime_error);
    run.Set("Site::Transport", "tcp");
    ExpectLossless(world, Simulate(world, run));
}

/// Counts the messages that all applications send.
class Messages : public testing::TestWithParam<char>
{
};

TEST_P(Messages, AreEveryMessageThatTheDdnnNeedsAndNoOther)
{
    const World world = MakeHierarchyWorld(MakeConfig(GetParam()), 20);
    const ddnn::Hierarchy& hierarchy = world.model->GetHierarchy();
    std::map<std::pair<DdnnKind, int>, std::size_t> sent; // by kind and the sender's tier
    Settings run = MakeRun("csma");
    uint64_t rejected = 0;
    run.attach = [&](const DdnnScenarioParts& parts) -> std::shared_ptr<void> {
        for (const auto& application : parts.sites[0].all)
        {
            application->TraceConnectWithoutContext(
                "Sending",
                Callback<void, const DdnnMessageName&, uint32_t, const DdnnDestination&>(
                    [&sent](const DdnnMessageName& name, uint32_t, const DdnnDestination&) {
                        ++sent[{name.header.kind, name.header.tier}];
                    }));
            application->TraceConnectWithoutContext(
                "Rejected",
                Callback<void, const DdnnMessageName&, DdnnReject>(
                    [&rejected](const DdnnMessageName&, DdnnReject) {
                        ++rejected;
                    }));
        }
        return nullptr;
    };
    const DdnnRunResult result = Simulate(world, run);
    std::vector<std::size_t> reached(hierarchy.tiers.size() + 1, 0); // samples, by tier
    for (const DdnnSampleRecord& record : result.records)
    {
        for (int tier = 0; tier <= record.exit; ++tier)
        {
            ++reached[tier];
        }
    }
    for (int tier = 0; tier < static_cast<int>(hierarchy.tiers.size()); ++tier)
    {
        const std::size_t nodes = hierarchy.tiers[tier].numNodes;
        const std::size_t requests = tier == 0 ? 1 : nodes; // CSMA has broadcast
        const auto count = [&](DdnnKind kind) {
            return sent[{kind, tier}];
        };
        EXPECT_EQ(count(DdnnKind::SCORES), nodes * reached[tier]) << tier;
        EXPECT_EQ(count(DdnnKind::PREDICTION), reached[tier]) << tier;
        EXPECT_EQ(count(DdnnKind::REQUEST), requests * reached[tier + 1]) << tier;
        EXPECT_EQ(count(DdnnKind::FEATURES), nodes * reached[tier + 1]) << tier;
        EXPECT_EQ(count(DdnnKind::RAW), 0U) << tier;
    }
    EXPECT_EQ(rejected, 0);
}

INSTANTIATE_TEST_SUITE_P(Presets, Messages, testing::Values('b', 'c', 'd', 'e', 'f'));
