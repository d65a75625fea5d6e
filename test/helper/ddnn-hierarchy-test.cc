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

/// Measured payload by hop and kind.
std::map<std::string, uint64_t>
PayloadByHop(const DdnnRunResult& result)
{
    std::map<std::string, uint64_t> payload;
    for (const DdnnTraffic& traffic : result.traffic)
    {
        if (traffic.kind == "summary" || traffic.kind == "features" || traffic.kind == "raw")
        {
            payload[traffic.hop] += traffic.bytes.payload;
        }
    }
    return payload;
}

/// What Eq. (1) says of every hop, in bytes over the whole run.
std::map<std::string, double>
ExpectedByHop(const ddnn::Hierarchy& hierarchy, const DdnnRunResult& result)
{
    const auto samples = static_cast<double>(result.records.size());
    std::vector<double> fractions(hierarchy.tiers.size(), 0);
    for (const DdnnSampleRecord& record : result.records)
    {
        fractions.at(record.exit) += 1 / samples;
    }
    const auto tiers = ddnn::PayloadBytes(hierarchy, fractions);
    std::map<std::string, double> expected;
    expected["access-up"] = samples * (tiers[0].summaries + tiers[0].features);
    if (hierarchy.cells.size() > 1)
    {
        expected["cell-up"] = expected["access-up"];
    }
    for (std::size_t tier = 1; tier < tiers.size(); ++tier)
    {
        const std::string& name = hierarchy.tiers[tier].name;
        const double carried = hierarchy.rawOffload ? tiers[0].features : tiers[tier - 1].features;
        expected[name + "-up"] = samples * carried;
        if (hierarchy.tiers[tier].numNodes > 1)
        {
            expected[name + "-in"] = hierarchy.rawOffload ? 0 : samples * carried;
            expected[name + "-out"] = samples * (tiers[tier].summaries + tiers[tier].features);
        }
    }
    return expected;
}

void
ExpectBytesOfEquation1(const ddnn::Hierarchy& hierarchy, const DdnnRunResult& result)
{
    auto measured = PayloadByHop(result);
    for (const auto& [hop, bytes] : ExpectedByHop(hierarchy, result))
    {
        EXPECT_NEAR(static_cast<double>(measured[hop]), bytes, 1e-3) << hop;
        measured.erase(hop);
    }
    for (const auto& [hop, bytes] : measured)
    {
        EXPECT_EQ(bytes, 0U) << hop;
    }
}

/// Conservation: the three columns of the records are those of the access network's ledger.
void
ExpectColumnsAddUp(const DdnnRunResult& result)
{
    DdnnBytes records;
    for (const DdnnSampleRecord& record : result.records)
    {
        records += record.bytes;
    }
    DdnnBytes hops;
    for (const DdnnTraffic& traffic : result.traffic)
    {
        if (traffic.hop == "access-up")
        {
            hops += traffic.bytes;
        }
    }
    EXPECT_EQ(records.payload, hops.payload);
    EXPECT_EQ(records.header, hops.header);
    EXPECT_EQ(records.onAir, hops.onAir);
    EXPECT_EQ(result.exited, result.records.size());
}

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

/// Deadlines that give TCP the time to repair all losses.
void
WaitLong(DdnnScenarioSettings& settings)
{
    settings.interval = Seconds(20);
    settings.sampleDeadline = Seconds(19);
    settings.attach = [](DdnnHelper& helper) -> std::shared_ptr<void> {
        const int tiers = static_cast<int>(helper.GetHierarchy().tiers.size());
        for (int tier = 0; tier < tiers; ++tier)
        {
            const TimeValue deadline(Seconds(5 + tier));
            helper.GetAggregator(tier)->SetAttribute("AggregationDeadline", deadline);
            for (int node = 0; tier > 0 && node < helper.GetHierarchy().tiers[tier].numNodes;
                 ++node)
            {
                helper.GetServer(tier, node)->SetAttribute("AggregationDeadline", deadline);
            }
        }
        return nullptr;
    };
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
