// SPDX-License-Identifier: GPL-2.0-only
// Simulations of every configuration, access network, IP version and transport: without loss, the
// verdicts are those of inference in one place, and the bytes on every hop are those of Eq. (1).
#include "simulate.h"

#include "contrib-ddnn/hierarchy-presets.h"

#include "ns3/ddnn-helper.h"

#include <gtest/gtest.h>

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
