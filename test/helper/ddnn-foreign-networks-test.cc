// SPDX-License-Identifier: GPL-2.0-only
// A DDNN on networks that none of the project's code builds gives the predictions that the whole
// network gives in one place, and sends what Eq. (1) says.
#include "test/support/foreign-networks.h"
#include "test/support/table-model.h"

#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/double.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int DEVICES = 6;

/// What the whole network in one place says of a sample.
std::vector<ddnn::Verdict>
Infer(const World& world, std::size_t sample)
{
    std::vector<const uint8_t*> views;
    for (int device = 0; device < DEVICES; ++device)
    {
        views.push_back(world.dataset->View(sample, device));
    }
    return world.model->Infer(views);
}

/// A threshold at which half of the samples exit locally.
double
GetMedianUncertainty(const World& world)
{
    std::vector<double> uncertainties;
    for (const std::size_t sample : world.samples)
    {
        uncertainties.push_back(Infer(world, sample)[0].uncertainty);
    }
    std::sort(uncertainties.begin(), uncertainties.end());
    return uncertainties[uncertainties.size() / 2 - 1];
}

} // namespace

class ForeignNetworks : public testing::TestWithParam<std::tuple<std::string, std::string>>
{
};

TEST_P(ForeignNetworks, PredictionsAndPayloadAreThoseOfTheWholeNetwork)
{
    const auto [name, transport] = GetParam();
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    const World world = MakeWorld('c', DEVICES, 12);
    const double threshold = GetMedianUncertainty(world);
    const ForeignNetwork network = MakeForeignNetwork(name, DEVICES);
    DdnnHelper ddnn(world.model, world.dataset, world.samples);
    ddnn.SetSiteAttribute("Transport", StringValue(transport));
    // Deadlines are long enough for ARP to ask again after a second, and for TCP to repair losses.
    // LTE, which loses nothing, takes long to simulate.
    const bool isTcp = transport == "tcp" && name != "lte";
    const std::string interval = isTcp ? "70" : name == "lte" ? "1" : "2";
    ddnn.SetSiteAttribute("Interval",
                          StringValue("ns3::ConstantRandomVariable[Constant=" + interval + "]"));
    ddnn.SetSiteAttribute("CaptureDelay", StringValue(isTcp ? "60s" : "1s"));
    ddnn.SetSiteAttribute("SampleDeadline", StringValue(isTcp ? "60s" : "4900ms"));
    ddnn.SetExitAttribute("Deadline", StringValue(isTcp ? "25s" : "2s"));
    ddnn.SetServerAttribute("Deadline", StringValue(isTcp ? "25s" : "2s"));
    ddnn.SetExitAttribute("Threshold", DoubleValue(threshold), 0);
    // several hops share one channel
    ddnn.SetEndDeviceAttribute("ScoreSlot", StringValue("50ms"));
    ddnn.SetEndDeviceAttribute("FeatureSlot", StringValue("50ms"));
    ApplicationContainer applications =
        ddnn.Install({network.devices, network.cloud}, network.gateway);
    ddnn.AssignStreams(1);
    applications.Start(network.start);
    const DdnnRecorder recorder(applications);
    DdnnHelper::StopAfterLastSample(applications);
    Simulator::Run();

    const auto records = recorder.GetRecords();
    ASSERT_EQ(records.size(), world.samples.size());
    uint64_t payload = 0;
    double local = 0;
    for (const DdnnSampleRecord& record : records)
    {
        const auto expected = Infer(world, record.sample);
        const int exit = expected[0].uncertainty <= threshold ? 0 : 1;
        EXPECT_EQ(record.outcome, DdnnOutcome::EXITED) << record.number;
        EXPECT_EQ(record.exit, exit) << record.number;
        EXPECT_EQ(record.prediction, expected[exit].label) << record.number;
        EXPECT_EQ(record.uncertainty, expected[exit].uncertainty) << record.number;
        EXPECT_EQ(record.scores[0], std::string(DEVICES, '1')) << record.number;
        payload += record.bytes.payload;
        local += exit == 0;
    }
    EXPECT_EQ(local, 6);
    const double fraction = local / static_cast<double>(records.size());
    const double perDevice = static_cast<double>(payload) / DEVICES / records.size();
    EXPECT_NEAR(perDevice, ddnn::CommunicationCost(world.model->GetHierarchy(), fraction), 1e-9);
    Simulator::Destroy();
}

INSTANTIATE_TEST_SUITE_P(All,
                         ForeignNetworks,
                         testing::Combine(testing::ValuesIn(GetForeignNetworks()),
                                          testing::Values("udp", "tcp")),
                         [](const auto& info) {
                             std::string name =
                                 std::get<0>(info.param) + "_" + std::get<1>(info.param);
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });
