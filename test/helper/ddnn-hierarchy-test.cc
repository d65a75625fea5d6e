// SPDX-License-Identifier: GPL-2.0-only
// Simulations of every configuration, access network, IP version and transport: without loss, the
// verdicts are those of inference in one place, and the bytes on every hop are those of Eq. (1).
#include "simulate.h"

#include "contrib-ddnn/hierarchy-presets.h"

#include "ns3/ddnn-helper.h"

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
    ExpectPartsAddUp(result);
    ExpectBytesOfEquation1(world.model->GetHierarchy(), result);
    ExpectColumnsAddUp(result);
}

DdnnScenarioSettings
MakeSettings(const std::string& access)
{
    DdnnScenarioSettings settings;
    settings.threshold = 0.7;
    settings.access.name = access;
    // the slowest of them, IEEE 802.15.4 with raw views, needs it
    settings.interval = access == "lrwpan" ? Seconds(3) : MilliSeconds(100);
    settings.sampleDeadline = access == "lrwpan" ? Seconds(2.9) : MilliSeconds(500);
    return settings;
}

} // namespace

/// Configuration, access network, transport, IP version.
using Combination = std::tuple<char, std::string, DdnnTransport, DdnnIpVersion>;

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
    DdnnScenarioSettings settings = MakeSettings(access);
    settings.transport = transport;
    settings.links.ipVersion = ipVersion;
    if (access == "lrwpan" && transport == DdnnTransport::TCP)
    {
        // Acknowledgements collide with data: what is lost is sent again, but not before a second.
        WaitLong(settings);
        const DdnnRunResult result = Simulate(world, settings);
        ExpectAsInferred(world, result, 0.7);
        ExpectPartsAddUp(result);
        ExpectColumnsAddUp(result);
        return;
    }
    ExpectLossless(world, Simulate(world, settings));
}

INSTANTIATE_TEST_SUITE_P(Udp,
                         ConfigOnAccess,
                         testing::Combine(testing::Values('a', 'b', 'c', 'd', 'e', 'f'),
                                          testing::Values("wifi", "csma", "p2p", "lrwpan", "lte"),
                                          testing::Values(DdnnTransport::UDP),
                                          testing::Values(DdnnIpVersion::V6)),
                         Name);

INSTANTIATE_TEST_SUITE_P(UdpOverIpv4,
                         ConfigOnAccess,
                         testing::Combine(testing::Values('a', 'c', 'f'),
                                          testing::Values("wifi", "csma", "p2p", "lte"),
                                          testing::Values(DdnnTransport::UDP),
                                          testing::Values(DdnnIpVersion::V4)),
                         Name);

INSTANTIATE_TEST_SUITE_P(Tcp,
                         ConfigOnAccess,
                         testing::Combine(testing::Values('a', 'b', 'c', 'd', 'e', 'f'),
                                          testing::Values("wifi", "csma", "p2p", "lrwpan", "lte"),
                                          testing::Values(DdnnTransport::TCP),
                                          testing::Values(DdnnIpVersion::AUTO)),
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
        const DdnnRunResult result = Simulate(world, MakeSettings(GetParam()));
        ExpectLossless(world, result);
        // Each gateway is sent one request, which it passes on to its two devices.
        const auto requested = std::count_if(result.records.begin(),
                                             result.records.end(),
                                             [](const DdnnSampleRecord& record) {
                                                 return record.exit > 0;
                                             });
        for (const DdnnTraffic& traffic : result.traffic)
        {
            if (traffic.kind == "offload-request" && traffic.hop == "cell-down")
            {
                const uint64_t header = GetParam() == "lrwpan" ? 40 + 8 + 10 : 20 + 8 + 10;
                EXPECT_EQ(traffic.bytes.header, 3 * header * requested);
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
    DdnnScenarioSettings settings = MakeSettings("lrwpan");
    settings.access.name = "csma";
    ExpectLossless(world, Simulate(world, settings));
}

TEST(Shapes, AsymmetricEdges)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 7;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset('f', preset);
    hierarchy.tiers[0].parents = {1, 0, 1, 1, 0, 1, 1};
    const World world = MakeHierarchyWorld(hierarchy, 10);
    ExpectLossless(world, Simulate(world, MakeSettings("p2p")));
}

TEST(Shapes, AThousandDevices)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 1000;
    const World world = MakeHierarchyWorld(ddnn::MakePreset('c', preset), 3);
    DdnnScenarioSettings settings = MakeSettings("p2p");
    settings.links.cloud.rate = DataRate("100Mbps"); // their features need 14 Mbit/s
    ExpectLossless(world, Simulate(world, settings));
}

/// Three fragments of each meet on the way to the cloud.
TEST(Shapes, AThousandRawViews)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 1000;
    const World world = MakeHierarchyWorld(ddnn::MakePreset('a', preset), 1);
    DdnnScenarioSettings settings = MakeSettings("p2p");
    WaitLong(settings);
    ExpectLossless(world, Simulate(world, settings));
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
    for (DdnnTransport transport : {DdnnTransport::UDP, DdnnTransport::TCP})
    {
        DdnnScenarioSettings settings = MakeSettings("wifi");
        settings.transport = transport;
        settings.interval = Seconds(30);
        settings.sampleDeadline = Seconds(30);
        ExpectLossless(world, Simulate(world, settings));
    }
    // A raw view does not fit into a datagram.
    hierarchy.rawOffload = true;
    world.model = std::make_shared<TableModel>(hierarchy);
    DdnnScenarioSettings settings = MakeSettings("p2p");
    settings.samples = world.samples;
    EXPECT_THROW(CheckScenario(settings, hierarchy), std::runtime_error);
    EXPECT_THROW(Simulate(world, settings), std::runtime_error);
    settings.transport = DdnnTransport::TCP;
    settings.interval = Seconds(30);
    settings.sampleDeadline = Seconds(30);
    ExpectLossless(world, Simulate(world, settings));
}

/// Counts the messages that all applications hand to their sockets.
class MessageLedger : public testing::TestWithParam<char>
{
};

TEST_P(MessageLedger, HoldsEveryMessageThatTheDdnnNeedsAndNoOther)
{
    const World world = MakeHierarchyWorld(MakeConfig(GetParam()), 20);
    const ddnn::Hierarchy& hierarchy = world.model->GetHierarchy();
    std::map<std::pair<DdnnKind, int>, std::size_t> sent; // by kind and the sender's tier
    DdnnScenarioSettings settings = MakeSettings("csma");
    settings.attach = [&sent](DdnnHelper& helper) -> std::shared_ptr<void> {
        for (const auto& application : helper.GetApplications())
        {
            application->TraceConnectWithoutContext(
                "Tx",
                Callback<void, const DdnnHeader&, uint32_t>(
                    [&sent](const DdnnHeader& header, uint32_t) {
                        ++sent[{header.kind, header.tier}];
                    }));
        }
        return nullptr;
    };
    const DdnnRunResult result = Simulate(world, settings);
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
        EXPECT_EQ(count(DdnnKind::SUMMARY), nodes * reached[tier]) << tier;
        EXPECT_EQ(count(DdnnKind::VERDICT), reached[tier]) << tier;
        EXPECT_EQ(count(DdnnKind::OFFLOAD_REQUEST), requests * reached[tier + 1]) << tier;
        EXPECT_EQ(count(DdnnKind::FEATURES), nodes * reached[tier + 1]) << tier;
        EXPECT_EQ(count(DdnnKind::RAW), 0U) << tier;
    }
    for (const auto& [reason, count] : result.rejected)
    {
        EXPECT_EQ(count, 0U) << ToString(reason);
    }
}

INSTANTIATE_TEST_SUITE_P(Presets, MessageLedger, testing::Values('b', 'c', 'd', 'e', 'f'));
