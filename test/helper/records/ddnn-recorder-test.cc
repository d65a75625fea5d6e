// SPDX-License-Identifier: GPL-2.0-only
#include "test/support/foreign-networks.h"
#include "test/support/simulate.h"

#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/loopback-net-device.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ddnn::test;

namespace
{

/// \return net devices of nodes without loopback
/// \param all else the first of each alone: a mesh point is above the second
NetDeviceContainer
GetNetDevices(const NodeContainer& nodes, bool all)
{
    NetDeviceContainer devices;
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        bool found = false;
        for (uint32_t j = 0; j < nodes.Get(i)->GetNDevices() && (all || !found); ++j)
        {
            const auto device = nodes.Get(i)->GetDevice(j);
            found = !DynamicCast<LoopbackNetDevice>(device);
            if (found)
            {
                devices.Add(device);
            }
        }
    }
    return devices;
}

std::map<std::string, uint64_t>
GetOnAir(const DdnnRecorder& recorder)
{
    std::map<std::string, uint64_t> bytes; // by place and kind
    for (const DdnnTraffic& traffic : recorder.GetTraffic())
    {
        bytes[traffic.place + " " + traffic.kind] += traffic.bytes.onAir;
    }
    for (const DdnnSampleRecord& record : recorder.GetRecords())
    {
        bytes["sample " + std::to_string(record.number)] += record.bytes.onAir;
    }
    return bytes;
}

} // namespace

class RecorderThreshold : public testing::TestWithParam<double>
{
};

TEST_P(RecorderThreshold, EqualsInferenceInOnePlace)
{
    const World world = MakeWorld('c', 6, 25);
    const DdnnRunResult result = Simulate(world, GetParam());
    ExpectAsInferred(world, result, GetParam());
    ExpectLatencies(result);
    ExpectColumnsAddUp(result);
    EXPECT_EQ(result.exited, 25U);
    for (const auto& [reason, count] : result.rejected)
    {
        EXPECT_EQ(count, 0U) << ToString(reason);
    }
}

TEST_P(RecorderThreshold, PayloadIsTheCommunicationCost)
{
    const World world = MakeWorld('c', 6, 25);
    const DdnnRunResult result = Simulate(world, GetParam());
    uint64_t payload = 0;
    std::size_t local = 0;
    for (const DdnnSampleRecord& record : result.records)
    {
        payload += record.bytes.payload;
        local += record.exit == 0;
        EXPECT_EQ(record.bytes.payload, 6U * (record.exit == 0 ? 12 : 140));
        // IPv4 20, UDP 8, DDNN 10 bytes.
        EXPECT_EQ(record.bytes.header, 6U * (record.exit == 0 ? 38 : 76));
        EXPECT_GT(record.bytes.onAir, record.bytes.payload + record.bytes.header);
    }
    EXPECT_DOUBLE_EQ(payload / (6 * 25.0),
                     ddnn::CommunicationCost(world.model->GetHierarchy(), local / 25.0));
}

INSTANTIATE_TEST_SUITE_P(Thresholds,
                         RecorderThreshold,
                         testing::Values(0.0, 0.3, 0.6, 0.7, 0.8, 0.9, 1.0));

class RecorderHops : public testing::TestWithParam<std::string>
{
};

TEST_P(RecorderHops, ThatOverlapCountAFrameOnceEachAndOnceInTheRecords)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    const World world = MakeWorld('c', 2, 3);
    const ForeignNetwork network = MakeForeignNetwork(GetParam(), 2);
    DdnnHelper ddnn(world.model, world.dataset, world.samples);
    ddnn.SetExitAttribute("Threshold", StringValue("0"), 0);
    auto applications = ddnn.Install({network.devices, network.cloud}, network.gateway);
    ddnn.AssignStreams(1);
    applications.Start(network.start);
    DdnnHelper::StopAfterLastSample(applications);
    DdnnRecorder once(applications);
    once.AddHop("radios", GetNetDevices(network.devices, false));
    DdnnRecorder several(applications);
    several.AddHop("radios", GetNetDevices(network.devices, true));
    several.AddHop("camera", GetNetDevices(network.devices.Get(0), true));
    several.AddHop("radios", GetNetDevices(network.devices.Get(0), false));
    Simulator::Run();
    auto overlapping = GetOnAir(several);
    EXPECT_GT(overlapping["camera features"], 0U);
    EXPECT_LT(overlapping["camera features"], overlapping["radios features"]);
    EXPECT_GT(overlapping["sample 0"], 0U);
    for (const auto& [what, bytes] : GetOnAir(once))
    {
        EXPECT_EQ(overlapping[what], bytes) << what;
    }
    Simulator::Destroy();
}

INSTANTIATE_TEST_SUITE_P(Networks,
                         RecorderHops,
                         testing::Values("csma-radvd", "mesh"),
                         [](const auto& info) {
                             return info.param.substr(0, 4);
                         });
