// SPDX-License-Identifier: GPL-2.0-only
// Random hierarchies on networks that lose packets, are slow, and fail at any moment: whatever
// happens, every sample ends once, the books add up, and the same run gives the same result.
#include "random-world.h"
#include "test/support/simulate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int WORLDS_PER_TEST = 10;

World
RandomWorld(std::mt19937_64& generator)
{
    RandomSpace space;
    space.maxExtent = 8;
    space.maxFilters = OneIn(generator, 4) ? 64 : 4;
    space.codings = {ddnn::FeatureCoding::FLOAT32, ddnn::FeatureCoding::INT8};
    space.precisions = {ddnn::Precision::BINARY, ddnn::Precision::FLOAT};
    space.sameNodes = OneIn(generator, 2);
    ddnn::Hierarchy hierarchy = RandomHierarchy(generator, space);
    hierarchy.rawOffload = OneIn(generator, 8);
    if (OneIn(generator, 2))
    {
        AddRandomCells(hierarchy, {"", "csma", "p2p", "wifi", "lrwpan"}, generator);
    }
    World world;
    const int samples = RandomInt(generator, 1, 6);
    world.dataset = std::make_shared<ddnn::Dataset>(RandomDataset(hierarchy, samples, generator));
    world.model = std::make_shared<TableModel>(hierarchy);
    for (int i = RandomInt(generator, 1, 12); i > 0; --i)
    {
        world.samples.push_back(RandomInt(generator, 0, samples - 1)); // some of them again
    }
    return world;
}

/// Rate and delay of a link.
std::pair<std::string, std::string>
RandomLink(std::mt19937_64& generator)
{
    const auto rate = RandomOf<std::string>(generator, {"1kbps", "64kbps", "10Mbps", "10Gbps"});
    return {rate, std::to_string(RandomOf<int>(generator, {0, 0, 1, 3000, 200000})) + "us"};
}

/// Any devices, all of an edge, or all.
std::vector<int>
RandomFailed(const ddnn::Hierarchy& hierarchy, std::mt19937_64& generator)
{
    const int parent = RandomOf(generator, hierarchy.tiers[0].parents);
    const int kind = RandomInt(generator, 0, 5);
    std::vector<int> failed;
    for (int device = 0; device < hierarchy.tiers[0].numNodes; ++device)
    {
        const bool sibling = hierarchy.tiers[0].parents[device] == parent;
        if (kind == 0 || (kind == 1 && sibling) || (kind == 2 && OneIn(generator, 2)))
        {
            failed.push_back(device);
        }
    }
    return failed;
}

/// At random moments, links of devices and nodes above them fail.
std::string
FailAtRandom(const ddnn::Hierarchy& hierarchy, double duration, std::mt19937_64& generator)
{
    std::string script;
    const auto fail = [&](const std::string& target, const std::string& action) {
        const double time = duration * RandomInt(generator, 0, 999) / 1000;
        script += std::to_string(time) + "s " + target + " " + action + "\n";
    };
    for (std::size_t tier = 0; tier < hierarchy.tiers.size(); ++tier)
    {
        for (int node = 0; node < hierarchy.tiers[tier].numNodes; ++node)
        {
            const std::string target = hierarchy.tiers[tier].name + ":" + std::to_string(node);
            if (OneIn(generator, tier == 0 ? 4 : 8))
            {
                fail(tier == 0 ? "link:" + target : target, tier == 0 ? "link-down" : "crash");
            }
        }
    }
    return script;
}

Settings
RandomSettings(const ddnn::Hierarchy& hierarchy, std::size_t samples, std::mt19937_64& generator)
{
    Settings settings;
    settings.SetThreshold(RandomFloat(generator, 0, 1));
    const std::string access =
        OneIn(generator, 12) ? "wifi" : RandomOf<std::string>(generator, {"csma", "p2p", "lrwpan"});
    settings.SetAccess(access);
    settings.Set("Site::Transport", OneIn(generator, 2) ? "tcp" : "udp");
    settings.Set("TopologyHelper::IpVersion", OneIn(generator, 2) ? "6" : "auto");
    const int interval = RandomOf<int>(generator, {1, 1000, 100000, 20000000}); // microseconds
    settings.SetInterval(interval * 1e-6);
    settings.Set("Site::SampleDeadline",
                 std::to_string(RandomOf<int>(generator, {1, 5000, 500000, 400000000})) + "us");
    std::vector<std::string> links{"TopologyHelper::Cell",
                                   "TopologyHelper::Edge",
                                   "TopologyHelper::Exit"};
    if (hierarchy.tiers.size() > 1)
    {
        links.emplace_back("Backhaul::");
    }
    for (const std::string& link : links)
    {
        const auto [rate, delay] = RandomLink(generator);
        settings.Set(link + "Rate", rate).Set(link + "Delay", delay);
    }
    if (access == "p2p" && hierarchy.cells.empty())
    {
        const auto [rate, delay] = RandomLink(generator);
        settings.Set("PointToPointAccess::DataRate", rate);
        settings.Set("PointToPointAccess::Delay", delay);
    }
    settings.failedDevices = RandomFailed(hierarchy, generator);
    const double loss = RandomOf(generator, std::vector<double>{0, 0.1, 0.5, 1});
    std::string script = loss > 0 ? "0s link:* loss " + std::to_string(loss) + "\n" : "";
    if (OneIn(generator, 2))
    {
        script += FailAtRandom(hierarchy, interval * 1e-6 * samples, generator);
    }
    settings.faults = ParseFaults(script);
    return settings;
}

void
ExpectEnded(const World& world, Time deadline, const DdnnRunResult& result)
{
    const ddnn::Hierarchy& hierarchy = world.model->GetHierarchy();
    ASSERT_EQ(result.records.size(), world.samples.size());
    EXPECT_EQ(result.exited + result.fallback + result.lost, world.samples.size());
    for (std::size_t i = 0; i < result.records.size(); ++i)
    {
        const DdnnSampleRecord& record = result.records[i];
        const bool lost = record.outcome == DdnnOutcome::LOST;
        EXPECT_EQ(record.sample, world.samples[i]);
        EXPECT_GE(record.prediction, lost ? -1 : 0);
        EXPECT_LT(record.prediction, lost ? 0 : hierarchy.numClasses);
        EXPECT_GE(record.exit, lost ? -1 : 0);
        EXPECT_LT(record.exit, lost ? 0 : static_cast<int>(hierarchy.tiers.size()));
        if (record.outcome == DdnnOutcome::EXITED)
        {
            EXPECT_LE(record.latency.GetTotal(), deadline);
        }
        else
        {
            EXPECT_EQ(record.latency.GetTotal(), deadline);
        }
    }
}

/// Datagrams are sent once: losses only make the payload smaller.
void
ExpectAtMostTheCommunicationCost(const ddnn::Hierarchy& hierarchy, const DdnnRunResult& result)
{
    std::vector<double> none(hierarchy.tiers.size(), 0);
    const auto tiers = ddnn::PayloadBytes(hierarchy, none);
    const double most = tiers[0].scores + tiers[0].features;
    for (const DdnnSampleRecord& record : result.records)
    {
        EXPECT_LE(static_cast<double>(record.bytes.payload), most) << record.sample;
    }
}

} // namespace

class Stress : public testing::TestWithParam<int>
{
};

TEST_P(Stress, EverySampleEndsOnceAndRunsRepeat)
{
    std::mt19937_64 generator(GetParam());
    for (int i = 0; i < WORLDS_PER_TEST; ++i)
    {
        SCOPED_TRACE(i);
        const World world = RandomWorld(generator);
        const ddnn::Hierarchy& hierarchy = world.model->GetHierarchy();
        const Settings settings = RandomSettings(hierarchy, world.samples.size(), generator);
        const DdnnRunResult result = Simulate(world, settings);
        const auto get = [&settings](const std::string& name) {
            const auto found = std::find_if(settings.attributes.begin(),
                                            settings.attributes.end(),
                                            [&name](const auto& attribute) {
                                                return attribute.first == "ns3::DdnnSite::" + name;
                                            });
            return found->second;
        };
        ExpectEnded(world, Time(get("SampleDeadline")), result);
        ExpectLatencies(result);
        ExpectColumnsAddUp(result);
        if (get("Transport") == "udp")
        {
            ExpectAtMostTheCommunicationCost(hierarchy, result);
        }
        EXPECT_EQ(Csv(hierarchy, 0, result), Csv(world, settings));
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Stress, testing::Range(1, 5));
