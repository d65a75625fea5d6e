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
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr double SERVICE = 0.01; ///< seconds that the cloud works on a sample

/// A camera, a gateway and a cloud with fast links between them, and a site that sends all samples
/// to the cloud.
struct Chain
{
    /// \param interval random variable, time between captures in seconds
    /// \param delay of each link
    Chain(std::size_t numSamples, const std::string& interval, const std::string& delay)
        : nodes(3)
    {
        InternetStackHelper().Install(nodes);
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("100Gbps"));
        link.SetChannelAttribute("Delay", StringValue(delay));
        const auto lower = Assign("10.1.1.0", link.Install(nodes.Get(0), nodes.Get(1)));
        const auto upper = Assign("10.1.2.0", link.Install(nodes.Get(1), nodes.Get(2)));
        SetDefaultRoute(0, lower.GetAddress(1));
        SetDefaultRoute(2, upper.GetAddress(0));
        Install(numSamples, interval);
        Simulator::Run();
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

    void Install(std::size_t numSamples, const std::string& interval)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        const World world = MakeWorld('c', 1, 100);
        std::vector<std::size_t> samples(numSamples);
        for (std::size_t i = 0; i < numSamples; ++i)
        {
            samples[i] = i % world.samples.size();
        }
        const NodeContainer camera(nodes.Get(0));
        const NodeContainer gateway(nodes.Get(1));
        const NodeContainer cloud(nodes.Get(2));
        const ddnn::Hierarchy& hierarchy = world.model->GetHierarchy();
        const auto operations = static_cast<double>(ddnn::Operations(hierarchy, 1, 0) +
                                                    ddnn::ExitOperations(hierarchy, 1));
        constexpr double NO_TIME = 1e18; // operations per second
        DdnnHelper::InstallProcessor(NodeContainer(camera, gateway), NO_TIME);
        DdnnHelper::InstallProcessor(cloud, operations / SERVICE);
        DdnnHelper ddnn(world.model, world.dataset, samples);
        ddnn.SetSiteAttribute("Interval", StringValue(interval));
        ddnn.SetSiteAttribute("SampleDeadline", StringValue("1000h"));
        ddnn.SetEndDeviceAttribute("SendJitter", StringValue("0s"));
        ddnn.SetExitAttribute("Threshold", DoubleValue(0), 0);
        ApplicationContainer applications = ddnn.Install({camera, cloud}, gateway);
        ddnn.AssignStreams(1);
        applications.Start(Seconds(1));
        recorder = std::make_unique<DdnnRecorder>(applications);
        DdnnHelper::StopAfterLastSample(applications);
    }

    NodeContainer nodes;
    std::unique_ptr<DdnnRecorder> recorder;
};

/// \return random variable of the intervals that are a load of the cloud
std::string
Draw(const std::string& name, const std::string& attribute, double load)
{
    return "ns3::" + name + "RandomVariable[" + attribute + "=" + std::to_string(SERVICE / load) +
           "]";
}

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
    constexpr double LOAD = 0.6;
    constexpr std::size_t SAMPLES = 20000;
    const Chain chain(SAMPLES, Draw("Exponential", "Mean", LOAD), "1ms");
    std::vector<double> responses;
    for (const DdnnSampleRecord& record : chain.recorder->GetRecords())
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
    EXPECT_NEAR(chain.nodes.Get(2)->GetObject<DdnnProcessor>()->GetBusyTime().GetSeconds(),
                SERVICE * SAMPLES,
                1e-3);
}

TEST(Queue, ACloudThatIsGivenMoreThanItCanDoIsToldOf)
{
    for (const std::string delay : {"1us", "5ms"})
    {
        for (const bool isPoisson : {false, true})
        {
            const auto interval = [isPoisson](double load) {
                return isPoisson ? Draw("Exponential", "Mean", load)
                                 : Draw("Constant", "Constant", load);
            };
            EXPECT_EQ(Chain(40, interval(0.6), delay).recorder->GetWarnings().size(), 0U);
            EXPECT_EQ(Chain(40, interval(1.3), delay).recorder->GetWarnings(),
                      std::vector<std::string>{
                          "the processor of node 2 is overloaded: it was given more work than it "
                          "can do, see ns3::DdnnProcessor; overloaded nodes: 1"});
        }
    }
}
