// SPDX-License-Identifier: GPL-2.0-only
// Two sites on the very same nodes of a network that ns-3's helpers built: each predicts what the
// whole network in one place does, and what is recorded of both is what was on the links.
#include "test/helper/faults/fault-network.h"
#include "test/support/simulate.h"

#include "ns3/ddnn-recorder.h"
#include "ns3/point-to-point-net-device.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int DEVICES = 3;
constexpr int SAMPLES = 20;
constexpr double THRESHOLD = 0.7;

/// Two sites on a star of point-to-point links, with numbers that are not the first ones, and
/// recorders of each and of both.
class SharedNodes : public testing::TestWithParam<std::string>
{
  protected:
    SharedNodes()
        : world(MakeWorld('c', DEVICES, SAMPLES))
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        network = MakeFaultNetwork("star", DEVICES);
        for (uint32_t i = 0; i < network->all.GetN(); ++i)
        {
            for (uint32_t j = 0; j < network->all.Get(i)->GetNDevices(); ++j)
            {
                Listen(network->all.Get(i)->GetDevice(j));
            }
        }
        DdnnHelper ddnn(world.model, world.dataset, world.samples);
        ddnn.SetExitAttribute("Threshold", DoubleValue(THRESHOLD), 0);
        ddnn.SetSiteAttribute("Transport", StringValue(GetParam()));
        ddnn.SetSiteAttribute("CaptureDelay", StringValue("3s"));
        for (const uint16_t number : {7, 4})
        {
            ddnn.SetSiteNumber(number);
            apps[number] = ddnn.Install({network->devices, network->cloud}, network->gateway);
            apps[number].Start(Seconds(1));
            both.Add(apps[number]);
        }
        ddnn.AssignStreams(1000);
        recorder = MakeRecorder(both);
        for (const uint16_t number : {7, 4})
        {
            recorders[number] = MakeRecorder(apps[number]);
        }
        DdnnHelper::StopAfterLastSample(both);
        Simulator::Run();
    }

    ~SharedNodes() override
    {
        Simulator::Destroy();
    }

    void Listen(Ptr<NetDevice> device)
    {
        if (DynamicCast<PointToPointNetDevice>(device))
        {
            device->TraceConnectWithoutContext(
                "PhyTxBegin",
                Callback<void, Ptr<const Packet>>([this](Ptr<const Packet> packet) {
                    bytesOnLinks += packet->GetSize();
                }));
        }
    }

    std::unique_ptr<DdnnRecorder> MakeRecorder(const ApplicationContainer& applications) const
    {
        auto made = std::make_unique<DdnnRecorder>(applications);
        for (const NetDeviceContainer& ends : network->access)
        {
            made->AddHop("access-up", NetDeviceContainer(ends.Get(0)));
            made->AddHop("access-down", NetDeviceContainer(ends.Get(1)));
        }
        made->AddHop("uplink", network->uplink);
        return made;
    }

    static DdnnRunResult GetResult(const DdnnRecorder& of)
    {
        DdnnRunResult result;
        result.records = of.GetRecords();
        result.traffic = of.GetTraffic();
        return result;
    }

    World world;
    std::unique_ptr<FaultNetwork> network;
    std::map<uint16_t, ApplicationContainer> apps;
    ApplicationContainer both;
    std::map<uint16_t, std::unique_ptr<DdnnRecorder>> recorders;
    std::unique_ptr<DdnnRecorder> recorder;
    uint64_t bytesOnLinks{0};
};

} // namespace

INSTANTIATE_TEST_SUITE_P(Transport,
                         SharedNodes,
                         testing::Values("udp", "tcp"),
                         [](const auto& info) {
                             return info.param;
                         });

TEST_P(SharedNodes, PredictAsInOnePlaceAndWaitForEachOther)
{
    Time queueing;
    for (const auto& [number, own] : recorders)
    {
        const DdnnRunResult result = GetResult(*own);
        ExpectAsInferred(world, result, THRESHOLD);
        ExpectLatencies(result);
        ExpectColumnsAddUp(result);
        ExpectCommunicationCost(world.model->GetHierarchy(), result);
        for (const DdnnSampleRecord& record : result.records)
        {
            EXPECT_EQ(record.site, number);
            queueing += record.latency.queueing;
        }
    }
    EXPECT_GT(queueing, MilliSeconds(10)); // both capture at the same moments
}

TEST_P(SharedNodes, AreRecordedTogetherAsTheyAreApart)
{
    const auto& hierarchy = world.model->GetHierarchy();
    std::vector<DdnnSampleRecord> records;
    for (const auto& [number, own] : recorders)
    {
        const auto more = own->GetRecords();
        records.insert(records.end(), more.begin(), more.end());
    }
    DdnnRunResult apart;
    apart.records = records;
    DdnnRunResult together;
    together.records = recorder->GetRecords();
    EXPECT_EQ(Csv(hierarchy, THRESHOLD, together), Csv(hierarchy, THRESHOLD, apart));
    const auto get = [](const std::vector<DdnnTraffic>& traffic) {
        std::map<std::string, std::vector<uint64_t>> bytes;
        for (const DdnnTraffic& entry : traffic)
        {
            bytes[entry.site + " " + entry.place + " " + entry.kind] = {entry.bytes.payload,
                                                                        entry.bytes.header,
                                                                        entry.bytes.onAir};
        }
        return bytes;
    };
    auto expected = get(recorders[4]->GetTraffic());
    expected.merge(get(recorders[7]->GetTraffic()));
    EXPECT_EQ(get(recorder->GetTraffic()), expected);
}

TEST_P(SharedNodes, BytesOnAirAreThoseThatTheLinksCarried)
{
    std::map<std::string, uint64_t> onAir; // by site
    uint64_t sum = 0;
    for (const DdnnTraffic& entry : recorder->GetTraffic())
    {
        onAir[entry.site] += entry.bytes.onAir;
        sum += entry.bytes.onAir;
    }
    EXPECT_EQ(sum, bytesOnLinks);
    EXPECT_EQ(onAir.count(""), 0U); // no link control here
    EXPECT_GT(onAir["4"], 10000U);
    EXPECT_NEAR(onAir["4"], onAir["7"], 0.05 * onAir["7"]);
}
