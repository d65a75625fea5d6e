// SPDX-License-Identifier: GPL-2.0-only
// Random hierarchies with random networks: partitioned over a simulated network that loses nothing,
// they say bit for bit what they say in one place, and send what Eq. (1) says.
#include "random-world.h"
#include "test/support/simulate.h"

#include "contrib-ddnn/inference/packed-model.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int HIERARCHIES_PER_TEST = 20;
constexpr int SAMPLES = 4;

World
RandomWorld(std::mt19937_64& generator)
{
    ddnn::Hierarchy hierarchy = RandomHierarchy(generator);
    hierarchy.rawOffload = OneIn(generator, 8);
    if (OneIn(generator, 2))
    {
        AddRandomCells(hierarchy, {"", "", "csma"}, generator);
    }
    World world;
    world.model = std::make_shared<ddnn::PackedModel>(RandomNetwork(hierarchy, generator));
    world.dataset = std::make_shared<ddnn::Dataset>(RandomDataset(hierarchy, SAMPLES, generator));
    world.samples.resize(SAMPLES);
    std::iota(world.samples.begin(), world.samples.end(), 0);
    return world;
}

bool
FitsDatagrams(const ddnn::Hierarchy& hierarchy)
{
    int largest = 0;
    for (std::size_t tier = 0; tier < hierarchy.tiers.size(); ++tier)
    {
        for (int node = 0; node < hierarchy.tiers[tier].numNodes; ++node)
        {
            largest = std::max(largest, ddnn::FeatureBytes(hierarchy, tier, node));
            largest = std::max(largest, tier == 0 ? ddnn::RawBytes(hierarchy, node) : 0);
        }
    }
    return largest < 60000;
}

Settings
RandomRun(const ddnn::Hierarchy& hierarchy, std::mt19937_64& generator)
{
    Settings run;
    WaitLong(run);
    run.SetThreshold(RandomFloat(generator, 0, 1));
    run.SetAccess(OneIn(generator, 12) ? "wifi" : OneIn(generator, 2) ? "csma" : "p2p");
    run.Set("Site::Transport", !FitsDatagrams(hierarchy) || OneIn(generator, 3) ? "tcp" : "udp");
    run.Set("TopologyHelper::IpVersion", OneIn(generator, 2) ? "6" : "4");
    const int devices = hierarchy.tiers[0].numNodes;
    const int failed = OneIn(generator, 3) ? RandomInt(generator, 0, devices - 1) : 0;
    for (int i = 0; i < failed; ++i)
    {
        run.failedDevices.push_back(RandomInt(generator, 0, devices - 1));
    }
    return run;
}

} // namespace

class RandomHierarchies : public testing::TestWithParam<int>
{
};

TEST_P(RandomHierarchies, PartitionedEqualsMonolithic)
{
    std::mt19937_64 generator(GetParam());
    for (int i = 0; i < HIERARCHIES_PER_TEST; ++i)
    {
        SCOPED_TRACE(i);
        const World world = RandomWorld(generator);
        const ddnn::Hierarchy& hierarchy = world.model->GetHierarchy();
        const Settings run = RandomRun(hierarchy, generator);
        const DdnnRunResult result = Simulate(world, run);
        ExpectAsInferred(world, result, run.thresholds.at(0), run.failedDevices);
        ExpectLatencies(result);
        ExpectColumnsAddUp(result);
        if (run.failedDevices.empty())
        {
            ExpectCommunicationCost(hierarchy, result);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomHierarchies, testing::Range(1, 13));
