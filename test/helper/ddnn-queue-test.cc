// SPDX-License-Identifier: GPL-2.0-only
// In a network, the cloud is the queue that it is in theory.
#include "test/support/table-model.h"

#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr double LOAD = 0.6;
constexpr double SERVICE = 0.01; ///< seconds that the cloud works on a sample
constexpr std::size_t SAMPLES = 20000;

/// A camera, a gateway and a cloud with fast links between them.
struct Chain
{
    Chain()
        : nodes(3)
    {
        InternetStackHelper().Install(nodes);
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("100Gbps"));
        link.SetChannelAttribute("Delay", StringValue("1ms"));
        const auto lower = Assign("10.1.1.0", link.Install(nodes.Get(0), nodes.Get(1)));
        const auto upper = Assign("10.1.2.0", link.Install(nodes.Get(1), nodes.Get(2)));
        SetDefaultRoute(0, lower.GetAddress(1));
        SetDefaultRoute(2, upper.GetAddress(0));
    }

    ~Chain()
    {
        Simulator::Destroy();
    }

    static Ipv4InterfaceContainer Assign(const char* subnet, const NetDeviceContainer& ends)
    {
        return Ipv4AddressHelper(subnet, "255.255.255.0").Assign(ends);
    }

    void SetDefaultRoute(uint32_t node, Ipv4Address nextHop) const
    {
        Ipv4StaticRoutingHelper()
            .GetStaticRouting(nodes.Get(node)->GetObject<Ipv4>())
            ->SetDefaultRoute(nextHop, 1);
    }

    NodeContainer nodes;
};

/// Mean and its standard error, from the means of batches, as neighbouring values depend on each
/// other.
std::pair<double, double>
BatchMeans(const std::vector<double>& values, std::size_t batches)
{
    const std::size_t size = values.size() / batches;
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < batches; ++i)
    {
        const auto begin = values.begin() + static_cast<int64_t>(i * size);
        const double mean = std::accumulate(begin, begin + static_cast<int64_t>(size), 0.0) /
                            static_cast<double>(size);
        sum += mean;
        squares += mean * mean;
    }
    const auto n = static_cast<double>(batches);
    return {sum / n, std::sqrt((squares / n - sum / n * sum / n) / (n - 1))};
}

} // namespace

TEST(Queue, ACloudWithPoissonCaptureRespondsAsAnMD1Queue)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    World world = MakeWorld('c', 1, 100);
    std::vector<std::size_t> samples(SAMPLES);
    for (std::size_t i = 0; i < SAMPLES; ++i)
    {
        samples[i] = i % world.samples.size();
    }
    const Chain chain;
    const NodeContainer camera(chain.nodes.Get(0));
    const NodeContainer gateway(chain.nodes.Get(1));
    const NodeContainer cloud(chain.nodes.Get(2));
    const ddnn::Hierarchy& hierarchy = world.model->GetHierarchy();
    const auto operations =
        static_cast<double>(ddnn::Operations(hierarchy, 1, 0) + ddnn::ExitOperations(hierarchy, 1));
    constexpr double NO_TIME = 1e18; // operations per second
    DdnnHelper::InstallProcessor(NodeContainer(camera, gateway), NO_TIME);
    DdnnHelper::InstallProcessor(cloud, operations / SERVICE);
    DdnnHelper ddnn(world.model, world.dataset, samples);
    ddnn.SetSiteAttribute(
        "Interval",
        StringValue("ns3::ExponentialRandomVariable[Mean=" + std::to_string(SERVICE / LOAD) + "]"));
    ddnn.SetSiteAttribute("SampleDeadline", StringValue("1000h"));
    ddnn.SetEndDeviceAttribute("SendJitter", StringValue("0s"));
    ddnn.SetExitAttribute("Threshold", DoubleValue(0), 0);
    ApplicationContainer applications = ddnn.Install({camera, cloud}, gateway);
    ddnn.AssignStreams(1);
    applications.Start(Seconds(1));
    const DdnnRecorder recorder(applications);
    DdnnHelper::StopAfterLastSample(applications);
    Simulator::Run();

    std::vector<double> responses;
    for (const DdnnSampleRecord& record : recorder.GetRecords())
    {
        ASSERT_EQ(record.outcome, DdnnOutcome::EXITED) << record.number;
        ASSERT_EQ(record.exit, 1) << record.number;
        ASSERT_NEAR(record.latency.compute.GetSeconds(), SERVICE, 1e-8) << record.number;
        // class scores, request, features; the prediction
        ASSERT_NEAR(record.latency.network[0].GetSeconds(), 0.002, 1e-6) << record.number;
        ASSERT_NEAR(record.latency.network[1].GetSeconds(), 0.003, 1e-6) << record.number;
        responses.push_back((record.latency.queueing + record.latency.compute).GetSeconds());
    }
    ASSERT_EQ(responses.size(), SAMPLES);
    const double expected = SERVICE * (1 + LOAD / (2 * (1 - LOAD))); // Pollaczek-Khinchine
    const auto [mean, error] = BatchMeans(responses, 40);
    EXPECT_LT(error, 0.02 * expected);
    EXPECT_NEAR(mean, expected, 3 * error);
    EXPECT_NEAR(cloud.Get(0)->GetObject<DdnnProcessor>()->GetBusyTime().GetSeconds(),
                SERVICE * SAMPLES,
                1e-3);
}
