// SPDX-License-Identifier: GPL-2.0-only
// Random hierarchies on networks that lose packets, are slow, and fail at any moment: whatever
// happens, every sample ends once, the books add up, and the same run gives the same result.
#include "random-world.h"
#include "simulate.h"

#include "ns3/error-model.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int WORLDS_PER_TEST = 10;

/// Of the error models, beyond those of the helper.
constexpr int64_t FIRST_STREAM = 1000000;

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

DdnnLink
RandomLink(std::mt19937_64& generator)
{
    DdnnLink link;
    link.rate = DataRate(RandomOf<std::string>(generator, {"1kbps", "64kbps", "10Mbps", "10Gbps"}));
    link.delay = MicroSeconds(RandomOf<int>(generator, {0, 0, 1, 3000, 200000}));
    return link;
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

/// Let a net device lose a part of what it receives, if its technology can.
/// \return how many random streams are used, from `stream` on
int64_t
LosePackets(Ptr<NetDevice> device, double rate, int64_t stream)
{
    auto errors = CreateObject<RateErrorModel>();
    errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    errors->SetRate(rate);
    device->SetAttributeFailSafe("ReceiveErrorModel", PointerValue(errors));
    return errors->AssignStreams(stream);
}

void
LosePackets(const DdnnTopology& topology, double rate)
{
    int64_t stream = FIRST_STREAM;
    for (const DdnnTopology::Wire& wire : topology.GetWires())
    {
        stream += LosePackets(wire.devices.Get(0), rate, stream);
        stream += LosePackets(wire.devices.Get(1), rate, stream);
    }
    for (const DdnnTopology::Cell& cell : topology.GetCells())
    {
        const NetDeviceContainer& netDevices = cell.access->GetNetDevices();
        for (uint32_t i = cell.devices.size(); i < netDevices.GetN(); ++i) // the gateway's
        {
            stream += LosePackets(netDevices.Get(i), rate, stream);
        }
    }
}

/// At random moments, switch devices' radios off and let nodes above them fall silent.
void
FailAtRandom(DdnnHelper& helper, std::mt19937_64& generator)
{
    const auto& tiers = helper.GetHierarchy().tiers;
    const auto randomTime = [&] {
        const Time duration = helper.GetEnd() - helper.GetFirstCapture();
        return helper.GetFirstCapture() + duration * RandomInt(generator, 0, 1000) / 1000;
    };
    for (int device = 0; device < tiers[0].numNodes; ++device)
    {
        if (OneIn(generator, 4))
        {
            Simulator::Schedule(randomTime(),
                                &DdnnHelper::SetDown,
                                &helper,
                                device,
                                DdnnDownReason::LINK,
                                true);
        }
    }
    for (int tier = 1; tier < static_cast<int>(tiers.size()); ++tier)
    {
        for (int node = 0; node < tiers[tier].numNodes; ++node)
        {
            if (OneIn(generator, 8))
            {
                Simulator::Schedule(randomTime(),
                                    &DdnnSection::SetFailed,
                                    helper.GetServer(tier, node),
                                    true);
            }
        }
    }
}

DdnnScenarioSettings
RandomSettings(const ddnn::Hierarchy& hierarchy, std::mt19937_64& generator)
{
    DdnnScenarioSettings settings;
    settings.threshold = RandomFloat(generator, 0, 1);
    settings.access.name =
        OneIn(generator, 12) ? "wifi" : RandomOf<std::string>(generator, {"csma", "p2p", "lrwpan"});
    settings.access.pointToPoint.rate = RandomLink(generator).rate;
    settings.access.pointToPoint.delay = RandomLink(generator).delay;
    settings.transport = OneIn(generator, 2) ? DdnnTransport::TCP : DdnnTransport::UDP;
    settings.links.ipVersion = OneIn(generator, 2) ? DdnnIpVersion::V6 : DdnnIpVersion::AUTO;
    settings.interval = MicroSeconds(RandomOf<int>(generator, {1, 1000, 100000, 20000000}));
    settings.sampleDeadline = MicroSeconds(RandomOf<int>(generator, {1, 5000, 500000, 400000000}));
    for (DdnnLink* link :
         {&settings.links.cell, &settings.links.edge, &settings.links.cloud, &settings.links.site})
    {
        *link = RandomLink(generator);
    }
    settings.failedDevices = RandomFailed(hierarchy, generator);
    const double loss = RandomOf(generator, std::vector<double>{0, 0.1, 0.5, 1});
    const bool failing = OneIn(generator, 2);
    const uint64_t seed = generator();
    settings.attach = [loss, failing, seed](DdnnHelper& helper) -> std::shared_ptr<void> {
        std::mt19937_64 ofRun(seed);
        if (loss > 0)
        {
            LosePackets(helper.GetTopology(), loss);
        }
        if (failing)
        {
            FailAtRandom(helper, ofRun);
        }
        return nullptr;
    };
    return settings;
}

void
ExpectEnded(const World& world, const DdnnScenarioSettings& settings, const DdnnRunResult& result)
{
    const ddnn::Hierarchy& hierarchy = world.model->GetHierarchy();
    ASSERT_EQ(result.records.size(), world.samples.size());
    EXPECT_EQ(result.exited + result.fallback + result.lost, world.samples.size());
    for (std::size_t i = 0; i < result.records.size(); ++i)
    {
        const DdnnSampleRecord& record = result.records[i];
        const bool lost = record.outcome == DdnnOutcome::LOST;
        EXPECT_EQ(record.sample, world.samples[i]);
        EXPECT_GE(record.verdict, lost ? -1 : 0);
        EXPECT_LT(record.verdict, lost ? 0 : hierarchy.numClasses);
        EXPECT_GE(record.exit, lost ? -1 : 0);
        EXPECT_LT(record.exit, lost ? 0 : static_cast<int>(hierarchy.tiers.size()));
        if (record.outcome == DdnnOutcome::EXITED)
        {
            EXPECT_LE(record.latency.total, settings.sampleDeadline);
        }
        else
        {
            EXPECT_EQ(record.latency.total, settings.sampleDeadline);
        }
    }
}

/// Datagrams are sent once: losses only make the payload smaller.
void
ExpectAtMostEquation1(const ddnn::Hierarchy& hierarchy, const DdnnRunResult& result)
{
    std::vector<double> none(hierarchy.tiers.size(), 0);
    const auto tiers = ddnn::PayloadBytes(hierarchy, none);
    const double most = tiers[0].summaries + tiers[0].features;
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
        const DdnnScenarioSettings settings = RandomSettings(hierarchy, generator);
        const DdnnRunResult result = Simulate(world, settings);
        ExpectEnded(world, settings, result);
        ExpectPartsAddUp(result);
        ExpectColumnsAddUp(result);
        if (settings.transport == DdnnTransport::UDP)
        {
            ExpectAtMostEquation1(hierarchy, result);
        }
        const std::string csv = Csv(hierarchy, settings.threshold, result);
        EXPECT_EQ(csv, Csv(world, settings));
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Stress, testing::Range(1, 5));
