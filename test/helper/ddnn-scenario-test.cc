// SPDX-License-Identifier: GPL-2.0-only
#include "simulate.h"
#include "test/test-support.h"

#include "ns3/ddnn-helper.h"

#include "contrib-ddnn/hierarchy-presets.h"
#include "contrib-ddnn/packed-model.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <random>

using namespace ns3;
using namespace ddnn::test;

// CTest runs each test in a process of its own, so that the first run here has none before it.
TEST(Scenario, RepeatsItselfWhateverRanBefore)
{
    const World world = MakeWorld('c', 6, 12);
    const World raw = MakeWorld('a', 9, 3);
    DdnnScenarioSettings settings;
    std::vector<std::string> first;
    for (const double threshold : {0.3, 0.7, 0.9})
    {
        settings.threshold = threshold;
        first.push_back(Csv(world, settings));
    }
    Simulate(raw, 0.5);
    settings.threshold = 0.9;
    EXPECT_EQ(Csv(world, settings), first[2]);
    settings.threshold = 0.3;
    EXPECT_EQ(Csv(world, settings), first[0]);
    settings.threshold = 0.7;
    EXPECT_EQ(Csv(world, settings), first[1]);
}

TEST(Scenario, RunNumberChangesLatenciesAlone)
{
    const World world = MakeWorld('c', 6, 12);
    DdnnScenarioSettings settings;
    settings.rngRun = 1;
    const std::string one = Csv(world, settings);
    const DdnnRunResult first = Simulate(world, settings);
    settings.rngRun = 2;
    const DdnnRunResult second = Simulate(world, settings);
    EXPECT_NE(first.records[0].latency.total, second.records[0].latency.total);
    ExpectAsInferred(world, second, settings.threshold);
    settings.rngRun = 1;
    EXPECT_EQ(Csv(world, settings), one);
}

TEST(Scenario, RefusesSettingsOutOfRange)
{
    const World world = MakeWorld('c', 2, 2);
    const auto message = [&world](DdnnScenarioSettings settings) -> std::string {
        try
        {
            RunScenario(settings, world.model, world.dataset);
        }
        catch (const std::runtime_error& e)
        {
            return e.what();
        }
        return "accepted";
    };
    DdnnScenarioSettings good;
    good.samples = world.samples;
    EXPECT_EQ(message(good), "accepted");

    DdnnScenarioSettings bad = good;
    bad.samples = {0, 2};
    EXPECT_EQ(message(bad), "sample 2 does not exist, the data set has 2, numbered from 0");
    bad = good;
    bad.samples.clear();
    EXPECT_EQ(message(bad), "there is no sample to simulate; choose at least one");
    bad = good;
    bad.threshold = 1.5;
    EXPECT_EQ(message(bad), "--threshold has 1.500000, must be 0 to 1");
    bad = good;
    bad.upperThresholds = {0.5};
    EXPECT_EQ(message(bad),
              "--upperThresholds has 1 values, but 0 exits stand between the local and the last "
              "one, which always classifies");
    bad = good;
    bad.access.name = "lrwpan";
    bad.links.ipVersion = DdnnIpVersion::V4;
    EXPECT_EQ(message(bad), "access network lrwpan carries IPv6 only: use --ip=6");
    bad = good;
    bad.access.name = "pigeon";
    EXPECT_EQ(message(bad),
              "access network 'pigeon' is not known, use one of: wifi csma p2p lrwpan lte");
    bad = good;
    bad.links.edge.rate = DataRate("0bps");
    EXPECT_EQ(message(bad), "--edgeRate must be more than zero");
    bad = good;
    bad.interval = Time(0);
    EXPECT_EQ(message(bad), "--interval must be more than zero");
    bad = good;
    bad.sampleDeadline = Time(0);
    EXPECT_EQ(message(bad), "--deadline must be more than zero");
    bad = good;
    bad.links.cloud.rate = DataRate("0bps");
    EXPECT_EQ(message(bad), "--backhaulRate must be more than zero");
    bad = good;
    bad.links.cloud.delay = MilliSeconds(-1);
    EXPECT_EQ(message(bad), "--backhaulDelay must not be less than zero");
    bad = good;
    bad.interval = Seconds(8e9);
    EXPECT_EQ(message(bad),
              "--interval: 2 samples take longer than ns-3 can count; use a shorter one");
    bad = good;
    bad.failedDevices = {2};
    EXPECT_EQ(message(bad), "--failed: device 2 does not exist, there are 2, numbered from 0");
    bad = good;
    bad.pcapPrefix = "/nonexistent/trace";
    EXPECT_EQ(message(bad),
              "--pcap: cannot write /nonexistent/trace-0-1.pcap; create its folder or choose "
              "another");
    EXPECT_EQ(message(good), "accepted");
}

TEST(Scenario, RefusesCellsThatAreTooLargeBeforeItBuildsThem)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 2008;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset('c', preset);
    DdnnScenarioSettings settings;
    settings.samples = {0};
    const auto message = [&] {
        try
        {
            CheckScenario(settings, hierarchy);
        }
        catch (const std::runtime_error& e)
        {
            return std::string(e.what());
        }
        return std::string();
    };
    EXPECT_EQ(message(),
              "cell 0 has 2008 devices, wifi can have 2007: split them by --cells or the "
              "hierarchy's key cells");
    ddnn::SplitIntoCells(hierarchy, 2);
    EXPECT_EQ(message(), "");
    settings.access.name = "lte";
    EXPECT_EQ(message(),
              "cell 0 has 1004 devices, lte can have 300: split them by --cells or the hierarchy's "
              "key cells");
    ddnn::SplitIntoCells(hierarchy, 8);
    EXPECT_EQ(message(),
              "cell 1 is a second network of lte, a simulation can have one: use another access "
              "network");
}

TEST(Scenario, ReportsADeviceOutOfReach)
{
    const World world = MakeWorld('c', 2, 2);
    DdnnScenarioSettings settings;
    settings.access.wifi.radiusMetres = 5000;
    try
    {
        Simulate(world, settings);
        FAIL() << "accepted";
    }
    catch (const std::runtime_error& e)
    {
        EXPECT_NE(std::string(e.what()).find("device 0 did not"), std::string::npos);
    }
    settings.access.wifi.radiusMetres = 5;
    ExpectAsInferred(world, Simulate(world, settings), settings.threshold);
}

TEST(Scenario, WritesPcapFilesOfEveryNode)
{
    const World world = MakeWorld('c', 2, 2);
    const ddnn::test::TempDir folder;
    DdnnScenarioSettings settings;
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
    DdnnScenarioSettings settings;
    std::weak_ptr<int> observer;
    bool aliveAtTheEnd = false;
    settings.attach = [&](DdnnHelper& helper) -> std::shared_ptr<void> {
        auto object = std::make_shared<int>(1);
        observer = object;
        Simulator::Schedule(helper.GetEnd() - MilliSeconds(1), [&] {
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
