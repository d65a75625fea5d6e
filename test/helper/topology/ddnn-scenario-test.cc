// SPDX-License-Identifier: GPL-2.0-only
#include "test/support/simulate.h"
#include "test/support/test-support.h"

#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/inference/packed-model.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <random>

using namespace ns3;
using namespace ddnn::test;

// CTest runs each test in a process of its own, so that the first run here has none before it.
TEST(Scenario, RepeatsItselfWhateverRanBefore)
{
    const World world = MakeWorld('c', 6, 12);
    const World raw = MakeWorld('a', 9, 3);
    const auto csv = [&world](double threshold) {
        return Csv(world, Settings().SetThreshold(threshold));
    };
    std::vector<std::string> first;
    for (const double threshold : {0.3, 0.7, 0.9})
    {
        first.push_back(csv(threshold));
    }
    Simulate(raw, 0.5);
    EXPECT_EQ(csv(0.9), first[2]);
    EXPECT_EQ(csv(0.3), first[0]);
    EXPECT_EQ(csv(0.7), first[1]);
}

TEST(Scenario, RunNumberChangesLatenciesAlone)
{
    const World world = MakeWorld('c', 6, 12);
    Settings settings;
    settings.SetThreshold(0.7);
    settings.rngRun = 1;
    const std::string one = Csv(world, settings);
    const DdnnRunResult first = Simulate(world, settings);
    settings.rngRun = 2;
    const DdnnRunResult second = Simulate(world, settings);
    EXPECT_NE(first.records[0].latency.GetTotal(), second.records[0].latency.GetTotal());
    ExpectAsInferred(world, second, 0.7);
    settings.rngRun = 1;
    EXPECT_EQ(Csv(world, settings), one);
}

namespace
{

/// What a run is refused with, which a check before has refused likewise.
std::string
Refusal(const World& world, Settings settings)
{
    settings.samples = settings.samples.empty() ? world.samples : settings.samples;
    const AttributeGuard guard(settings.attributes);
    const auto message = [](const std::function<void()>& action) -> std::string {
        try
        {
            action();
        }
        catch (const std::runtime_error& e)
        {
            return e.what();
        }
        return "accepted";
    };
    const auto scenario = CreateObject<DdnnScenario>();
    const std::string checked = message([&] {
        scenario->Check(settings, world.model->GetHierarchy(), world.dataset);
    });
    const std::string run = message([&] {
        scenario->Run(settings, world.model, world.dataset);
    });
    EXPECT_EQ(checked, run);
    return run;
}

} // namespace

TEST(Scenario, RefusesWhatContradictsItself)
{
    const World world = MakeWorld('c', 2, 2);
    EXPECT_EQ(Refusal(world, {}), "accepted");
    Settings settings;
    settings.samples = {0, 2};
    EXPECT_EQ(Refusal(world, settings),
              "sample 2 does not exist, the data set has 2, numbered from 0");
    settings = {};
    settings.failedDevices = {2};
    EXPECT_EQ(Refusal(world, settings), "device 2 does not exist, there are 2, numbered from 0");
    settings = {};
    settings.faults = ParseFaults("1s pigeon down");
    EXPECT_NE(Refusal(world, settings).find("pigeon"), std::string::npos);
    EXPECT_EQ(Refusal(world, Settings().SetAccess("pigeon")),
              "access network 'pigeon' is not known, use one of: wifi csma p2p lrwpan lte");
    settings = {};
    settings.pcapPrefix = "/nonexistent/trace";
    EXPECT_NE(Refusal(world, settings).find("/nonexistent/trace"), std::string::npos);
}

TEST(Scenario, RefusalsNameTheAttribute)
{
    const World world = MakeWorld('c', 2, 2);
    const World raw = MakeWorld('a', 2, 2);
    const auto expect = [](const World& in, const Settings& settings, const std::string& named) {
        const std::string message = Refusal(in, settings);
        EXPECT_NE(message.find("ns3::Ddnn" + named), std::string::npos) << message;
    };
    expect(world,
           Settings().SetAccess("lrwpan").Set("TopologyHelper::IpVersion", "4"),
           "TopologyHelper::IpVersion");
    expect(world, Settings().SetInterval(0), "Site::Interval");
    expect(world, Settings().SetInterval(8e9), "Site::Interval");
    expect(world, Settings().Set("Backhaul::Rate", "0bps"), "Backhaul::Rate");
    expect(world, Settings().Set("TopologyHelper::EdgeRate", "0bps"), "TopologyHelper::EdgeRate");
    expect(world,
           Settings().Set("Site::FeatureTries", "2").Set("Site::Transport", "tcp"),
           "Site::FeatureTries");
    expect(world, Settings().Set("Collector::Quorum", "3"), "Collector::Quorum");
    expect(raw, Settings().Set("Exit::ExitPolicy", "backlog"), "Exit::ExitPolicy");
    expect(raw, Settings().Set("Site::Offload", "push"), "Site::Offload");
    expect(world,
           Settings().SetAccess("p2p").Set("WifiAccess::Fading", "nakagami"),
           "WifiAccess::Fading");
    expect(world, Settings().Set("Exit::BacklogLimit", "1s"), "Exit::BacklogLimit");
}

TEST(Scenario, RefusesCellsThatAreTooLarge)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 2008;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset('c', preset);
    const auto message = [&hierarchy](const std::string& access) -> std::string {
        const AttributeGuard guard({{"ns3::DdnnTopologyHelper::Access", access}});
        try
        {
            CreateObject<DdnnTopologyHelper>()->Check(hierarchy);
        }
        catch (const std::runtime_error& e)
        {
            return e.what();
        }
        return "accepted";
    };
    EXPECT_NE(message("wifi").find("cell 0 has 2008 devices, wifi can have 2007"),
              std::string::npos);
    ddnn::SplitIntoCells(hierarchy, 2);
    EXPECT_EQ(message("wifi"), "accepted");
    EXPECT_NE(message("lte").find("cell 0 has 1004 devices, lte can have 300"), std::string::npos);
    ddnn::SplitIntoCells(hierarchy, 8);
    EXPECT_NE(message("lte").find("cell 1 is a second network of lte"), std::string::npos);
}

TEST(Scenario, ReportsADeviceOutOfReach)
{
    const World world = MakeWorld('c', 2, 2);
    try
    {
        Simulate(world, Settings().Set("WirelessAccess::Radius", "5000"));
        FAIL() << "accepted";
    }
    catch (const std::runtime_error& e)
    {
        EXPECT_NE(std::string(e.what()).find("device 0 did not"), std::string::npos);
    }
    ExpectAsInferred(world, Simulate(world, 0.7), 0.7);
}

TEST(Scenario, WritesPcapFilesOfEveryNode)
{
    const World world = MakeWorld('c', 2, 2);
    const ddnn::test::TempDir folder;
    Settings settings;
    settings.pcapPrefix = folder.Path("trace");
    Simulate(world, settings);
    // Two devices, the cloud, the gateway's two net devices.
    for (const char* name : {"-0-1", "-1-1", "-2-1", "-3-1", "-3-2"})
    {
        const std::string path = settings.pcapPrefix + name + ".pcap";
        EXPECT_GT(std::filesystem::file_size(path), 24U) << path;
    }
}

TEST(Scenario, AttachedObjectLivesUntilTheEnd)
{
    const World world = MakeWorld('c', 2, 2);
    Settings settings;
    std::weak_ptr<int> observer;
    bool aliveAtTheEnd = false;
    settings.attach = [&](const DdnnScenarioParts& parts) -> std::shared_ptr<void> {
        auto object = std::make_shared<int>(1);
        observer = object;
        Simulator::Schedule(parts.firstCapture + MilliSeconds(100), [&] { // the last capture
            aliveAtTheEnd = !observer.expired();
        });
        return object;
    };
    Simulate(world, settings);
    EXPECT_TRUE(aliveAtTheEnd);
    EXPECT_TRUE(observer.expired());
}

TEST(Scenario, RunsARealNetwork)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 3;
    ddnn::Network network(ddnn::MakePreset('c', preset));
    std::mt19937_64 generator(1);
    ddnn::Initialise(network, generator);
    World world = MakeWorld('c', 3, 20);
    world.model = std::make_shared<ddnn::PackedModel>(network);
    std::vector<double> entropies;
    for (const std::size_t sample : world.samples)
    {
        entropies.push_back(Infer(world, sample)[0].uncertainty);
    }
    std::sort(entropies.begin(), entropies.end());
    const double threshold = entropies[10];
    const DdnnRunResult result = Simulate(world, threshold);
    ExpectAsInferred(world, result, threshold);
    EXPECT_GE(std::count_if(result.records.begin(),
                            result.records.end(),
                            [](const DdnnSampleRecord& record) {
                                return record.exit == 0;
                            }),
              11);
}

TEST(Scenario, WarnsOfRadiosWithoutAnEnergyModel)
{
    const World world = MakeWorld('c', 2, 2);
    const auto check = [&world](const std::string& access) {
        const AttributeGuard guard(
            {{"ns3::DdnnScenario::Energy", "true"}, {"ns3::DdnnTopologyHelper::Access", access}});
        DdnnRunSettings settings;
        settings.samples = world.samples;
        return CreateObject<DdnnScenario>()->Check(settings,
                                                   world.model->GetHierarchy(),
                                                   world.dataset);
    };
    EXPECT_TRUE(check("wifi").empty());
    EXPECT_EQ(check("csma"),
              std::vector<std::string>{"energy: ns3::CsmaNetDevice has no energy model, computing "
                                       "alone is accounted there"});
}
