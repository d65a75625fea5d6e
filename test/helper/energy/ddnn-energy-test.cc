// SPDX-License-Identifier: GPL-2.0-only
#include "test/support/table-model.h"

#include "ns3/basic-energy-harvester-helper.h"
#include "ns3/basic-energy-source-helper.h"
#include "ns3/config.h"
#include "ns3/ddnn-compute-energy-model.h"
#include "ns3/ddnn-energy.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-site-applications.h"
#include "ns3/ddnn-switch.h"
#include "ns3/double.h"
#include "ns3/energy-source-container.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy-state-helper.h"
#include "ns3/wifi-radio-energy-model-helper.h"
#include "ns3/yans-wifi-helper.h"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace ns3;

namespace
{

const Time START = Seconds(1);             ///< of capturing, ten samples a second
constexpr double WATTS = 2.4;              ///< of radios that draw the same in all states
constexpr double ROUNDING = 1e-5;          ///< joules; ns-3 rounds what it draws to 1e-9
constexpr double OPERATIONS_PER_S = 249e6; ///< default of DdnnProcessor

/// What radios and processors draw.
enum class Draws
{
    DEFAULT,
    TIME,     ///< radios WATTS in all states, so that only the time counts; processors nothing
    COMPUTING ///< radios nothing
};

std::string
Constant(double value)
{
    return "ns3::ConstantRandomVariable[Constant=" + std::to_string(value) + "]";
}

/// End devices and the cloud are Wi-Fi stations, the gateway is the access point and their exit.
struct Network
{
    Network(int numDevices, int numSamples, Draws draws)
        : world(ddnn::test::MakeWorld('c', numDevices, numSamples))
        , devices(numDevices)
        , others(2)
        , ddnn(world.model, world.dataset, world.samples)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        for (const char* state : {"Idle", "CcaBusy", "Tx", "Rx"})
        {
            if (draws != Draws::DEFAULT)
            {
                Config::SetDefault("ns3::WifiRadioEnergyModel::" + std::string(state) + "CurrentA",
                                   DoubleValue(draws == Draws::TIME ? WATTS / 3 : 0));
            }
        }
        if (draws == Draws::TIME)
        {
            Config::SetDefault("ns3::DdnnComputeEnergyModel::JoulesPerOperation", DoubleValue(0));
        }
        const NodeContainer nodes(devices, others);
        MobilityHelper().Install(nodes);
        YansWifiPhyHelper phy;
        phy.SetChannel(YansWifiChannelHelper::Default().Create());
        WifiHelper wifi;
        WifiMacHelper mac;
        mac.SetType("ns3::StaWifiMac");
        NetDeviceContainer netDevices =
            wifi.Install(phy, mac, NodeContainer(devices, others.Get(1)));
        mac.SetType("ns3::ApWifiMac");
        netDevices.Add(wifi.Install(phy, mac, others.Get(0)));
        wifi.AssignStreams(netDevices, 1000);
        InternetStackHelper stack;
        stack.Install(nodes);
        stack.AssignStreams(nodes, 2000);
        Ipv4AddressHelper("10.0.0.0", "255.255.255.0").Assign(netDevices);
        ddnn.SetEndDeviceAttribute("ScoreSlot", TimeValue(MilliSeconds(2))); // nothing collides
        ddnn.SetExitAttribute("Threshold", DoubleValue(1), 0); // no sample needs the cloud
        AddSite();
    }

    ~Network()
    {
        Simulator::Destroy();
        Config::Reset();
    }

    void AddSite()
    {
        auto added = ddnn.Install({devices, others.Get(1)}, others.Get(0));
        added.Start(START);
        ddnn.AssignStreams(3000);
        apps.Add(added);
    }

    Ptr<WifiPhy> GetPhy(int device) const
    {
        return DynamicCast<WifiNetDevice>(devices.Get(device)->GetDevice(0))->GetPhy();
    }

    int64_t GetOperations(int device) const
    {
        return ddnn::Operations(world.model->GetHierarchy(), 0, device);
    }

    /// Energy sources and models of radios as ns-3's helpers install them.
    void InstallUsersSources(double joules)
    {
        BasicEnergySourceHelper sources;
        sources.Set("BasicEnergySourceInitialEnergyJ", DoubleValue(joules));
        sources.Set("PeriodicEnergyUpdateInterval", TimeValue(MilliSeconds(1)));
        const auto installed = sources.Install(devices);
        for (uint32_t i = 0; i < devices.GetN(); ++i)
        {
            WifiRadioEnergyModelHelper().Install(devices.Get(i)->GetDevice(0), installed.Get(i));
        }
    }

    /// \param battery random variable
    void InstallSources(const std::string& battery = Constant(0))
    {
        energy = CreateObject<DdnnEnergy>(apps);
        energy->SetAttribute("Battery", StringValue(battery));
        energy->AssignStreams(1);
        energy->InstallSources();
    }

    /// \return what was accounted, `seconds` after the first capture; empty: nothing
    DdnnEnergyResult Run(double seconds)
    {
        const DdnnSiteApplications site = FindDdnnSites(apps)[0];
        const auto ended = [this](auto, auto, auto&, const DdnnLatency& latency) {
            latencies.push_back(latency.GetTotal());
        };
        site.tracker->TraceConnectWithoutContext(
            "Ended",
            Callback<void, uint32_t, DdnnOutcome, const DdnnPrediction&, const DdnnLatency&>(
                ended));
        const auto closed = [this](auto, auto& present) {
            presence.push_back(present);
        };
        site.exits[0]->TraceConnectWithoutContext(
            "Closed",
            Callback<void, uint32_t, const std::string&>(closed));
        Simulator::Stop(START + Seconds(seconds));
        Simulator::Run();
        return energy ? energy->GetResult() : DdnnEnergyResult();
    }

    void SetOffAt(double seconds, int device, bool off)
    {
        Simulator::Schedule(START + Seconds(seconds),
                            &DdnnNodeSwitch::SetOff,
                            DdnnNodeSwitch::Get(devices.Get(device)),
                            DdnnOffCause::FAULT,
                            off);
    }

    ddnn::test::World world;
    NodeContainer devices;
    NodeContainer others; ///< the gateway and the cloud
    DdnnHelper ddnn;
    ApplicationContainer apps;
    Ptr<DdnnEnergy> energy;
    std::vector<std::string> presence; ///< of each sample that the gateway has closed
    std::vector<Time> latencies;       ///< of each sample that has ended
};

/// How long a radio has sent and received in the first second of capturing.
struct States
{
    void Count(Time start, Time duration, WifiPhyState state)
    {
        const Time counted = Min(start + duration, START + Seconds(1)) - Max(start, START);
        const double seconds = Max(counted, Time(0)).GetSeconds();
        sending += state == WifiPhyState::TX ? seconds : 0;
        receiving += state == WifiPhyState::RX ? seconds : 0;
    }

    double sending{0};
    double receiving{0};
};

void
ExpectConserved(const DdnnEnergyResult& result)
{
    for (const DdnnNodeEnergy& node : result.nodes)
    {
        const double used = node.radio + node.compute;
        EXPECT_NEAR(node.drawn, used, ROUNDING);
        EXPECT_GT(used, 0);
    }
}

} // namespace

TEST(Energy, OfARadioIsThatOfItsStatesWithOurModelsAndAUsers)
{
    std::vector<DdnnNodeEnergy> first;
    for (bool users : {false, true})
    {
        Network network(2, 10, Draws::DEFAULT);
        std::vector<States> states(2);
        for (int device = 0; device < 2; ++device)
        {
            network.GetPhy(device)->GetState()->TraceConnectWithoutContext(
                "State",
                MakeCallback(&States::Count, &states[device]));
        }
        if (users)
        {
            network.InstallUsersSources(100);
        }
        network.InstallSources();
        const auto result = network.Run(2);
        first = users ? first : result.nodes;
        for (int device = 0; device < 2; ++device)
        {
            const DdnnNodeEnergy& node = result.nodes.at(device);
            const double joules = 3.0 * (0.273 * 1 + (0.380 - 0.273) * states[device].sending +
                                         (0.313 - 0.273) * states[device].receiving);
            EXPECT_NEAR(node.radio, joules, 1e-6) << users;
            EXPECT_GT(states[device].sending, 0);
            EXPECT_GT(states[device].receiving, 0);
            EXPECT_NEAR(node.radio, first[device].radio, 1e-9);
            EXPECT_DOUBLE_EQ(node.compute, first[device].compute);
        }
        EXPECT_EQ(network.devices.Get(0)->GetObject<energy::EnergySourceContainer>()->GetN(), 1U);
        ExpectConserved(result);
    }
}

TEST(Energy, OfComputingIsThatOfAllOperationsOfNodesThatHaveASource)
{
    Network network(2, 4, Draws::COMPUTING);
    BasicEnergySourceHelper().Install(network.others.Get(0));
    network.AddSite(); // on the same nodes
    network.InstallSources();
    const auto result = network.Run(2);
    ASSERT_EQ(result.nodes.size(), 3U);
    const double joules = DdnnComputeEnergyModel::JOULES_PER_OPERATION;
    for (int device = 0; device < 2; ++device)
    {
        EXPECT_EQ(result.nodes[device].node, network.devices.Get(device)->GetId());
        EXPECT_EQ(result.nodes[device].site, 0);
        EXPECT_EQ(result.nodes[device].device, device);
        EXPECT_DOUBLE_EQ(result.nodes[device].compute, 8 * network.GetOperations(device) * joules);
        EXPECT_EQ(result.nodes[device].radio, 0);
    }
    EXPECT_EQ(result.nodes[2].node, network.others.Get(0)->GetId());
    EXPECT_EQ(result.nodes[2].device, -1);
    const auto exit = ddnn::ExitOperations(network.world.model->GetHierarchy(), 0);
    EXPECT_DOUBLE_EQ(result.nodes[2].compute, 8 * exit * joules);
    EXPECT_DOUBLE_EQ(result.GetTotal(), result.nodes[0].compute + result.nodes[1].compute);
    EXPECT_TRUE(result.deaths.empty());
    ExpectConserved(result);
}

TEST(Energy, IsDrawnWhileTheRadioIsOn)
{
    for (bool users : {false, true})
    {
        Network network(3, 10, Draws::TIME);
        network.SetOffAt(-0.5, 0, true); // for good
        network.SetOffAt(0.31, 1, true);
        network.SetOffAt(0.71, 1, false);
        if (users)
        {
            network.InstallUsersSources(100);
        }
        network.InstallSources();
        const auto result = network.Run(2);
        EXPECT_NEAR(result.nodes.at(0).radio, 0, 1e-9);
        EXPECT_NEAR(result.nodes[1].radio, WATTS * 0.6, 1e-9);
        EXPECT_NEAR(result.nodes[2].radio, WATTS, 1e-9);
        EXPECT_NEAR(result.nodes[1].drawn, result.nodes[1].radio, ROUNDING);
    }
}

TEST(Energy, IsAccountedFromTheFirstSiteToTheLastOrUntilNow)
{
    for (double seconds : {0.5, 2.0})
    {
        Network network(1, 10, Draws::TIME);
        network.ddnn.SetSiteAttribute("CaptureDelay", TimeValue(MilliSeconds(50)));
        network.AddSite();
        network.InstallSources();
        const auto result = network.Run(seconds);
        EXPECT_NEAR(result.nodes.at(0).radio, WATTS * std::min(seconds, 1.05), 1e-9);
    }
}

TEST(Energy, ABatteryIsEmptyWhenItsJoulesAreDrawn)
{
    Network network(3, 10, Draws::TIME);
    network.InstallSources("ns3::SequentialRandomVariable[Min=0|Max=3]");
    const auto result = network.Run(2);
    ASSERT_EQ(result.deaths.size(), 2U); // the first device has 0 J, which is never empty
    for (int device = 1; device < 3; ++device)
    {
        const DdnnDeath& death = result.deaths[device - 1];
        EXPECT_EQ(death.node, network.devices.Get(device)->GetId());
        EXPECT_EQ(death.device, device);
        EXPECT_NEAR(death.time.GetSeconds(), device / WATTS, 1e-5);
        EXPECT_NEAR(result.nodes[device].drawn, device, 1e-8);
        EXPECT_TRUE(DdnnNodeSwitch::Get(network.devices.Get(device))->IsOff());
    }
    EXPECT_NEAR(result.nodes[0].radio, WATTS, 1e-9);
    std::vector<std::string> presence(5, "111");
    presence.insert(presence.end(), 4, "101");
    presence.emplace_back("100");
    EXPECT_EQ(network.presence, presence);
    EXPECT_EQ(network.latencies.size(), 10U);
    ExpectConserved(result);
}

TEST(Energy, ABatteryIsEmptyInTheMiddleOfASection)
{
    Network network(1, 5, Draws::COMPUTING);
    const double section = network.GetOperations(0) / OPERATIONS_PER_S;
    const double joules = network.GetOperations(0) * DdnnComputeEnergyModel::JOULES_PER_OPERATION;
    network.InstallSources(Constant(2.5 * joules));
    const auto result = network.Run(2);
    ASSERT_EQ(result.deaths.size(), 1U);
    EXPECT_NEAR(result.deaths[0].time.GetSeconds(), 0.2 + section / 2, 3e-6);
    EXPECT_NEAR(result.nodes[0].compute, 2.5 * joules, 1e-6);
    EXPECT_EQ(network.presence, std::vector<std::string>(2, "1"));
}

TEST(Energy, OfANodeThatWasOffLastsLongerAndSwitchingItOnDoesNotBringItBack)
{
    Network network(2, 10, Draws::TIME);
    for (const auto& [seconds, off] :
         {std::pair{0.3, true}, {0.35, false}, {0.6, true}, {0.7, false}})
    {
        network.SetOffAt(seconds, 0, off);
    }
    network.InstallSources(Constant(WATTS / 2));
    const auto result = network.Run(2);
    ASSERT_EQ(result.deaths.size(), 2U);
    EXPECT_NEAR(result.deaths[0].time.GetSeconds(), 0.5, 1e-5);
    EXPECT_NEAR(result.deaths[1].time.GetSeconds(), 0.55, 1e-5);
    EXPECT_NEAR(result.nodes[0].radio, WATTS / 2, 1e-8);
    EXPECT_EQ(network.presence.size(), 6U);
}

/// A radio that draws twice what is harvested takes as long to empty the part of the source between
/// its two thresholds as the harvester takes to fill it.
TEST(Energy, AHarvesterBringsANodeBack)
{
    for (bool users : {false, true})
    {
        Network network(2, 30, Draws::TIME);
        if (users)
        {
            network.InstallUsersSources(4); // of which 1.2 are gone at the first capture
        }
        network.InstallSources(Constant(WATTS));
        BasicEnergyHarvesterHelper harvester;
        harvester.Set("HarvestablePower", StringValue(Constant(WATTS / 2)));
        harvester.Set("PeriodicHarvestedPowerUpdateInterval", TimeValue(MilliSeconds(1)));
        const auto sources = network.devices.Get(0)->GetObject<energy::EnergySourceContainer>();
        harvester.Install(sources->Get(0));
        const auto result = network.Run(3);
        std::vector<double> times;
        for (const DdnnDeath& death : result.deaths)
        {
            if (death.device == 0)
            {
                times.push_back(death.time.GetSeconds());
            }
        }
        // from full to the lower threshold, of 10% or nothing; then both ways to the upper one
        const double initial = users ? 4 : WATTS;
        const double life = users ? 0.9 * initial / (WATTS / 2) - 1 : 2;
        const double cycle = 2 * 0.05 * initial / (WATTS / 2);
        ASSERT_GE(times.size(), 3U) << users;
        EXPECT_NEAR(times[0], life, users ? 2e-3 : 1e-5);
        EXPECT_NEAR(times[1], life + cycle, 4e-3);
        EXPECT_NEAR(times[2], life + 2 * cycle, 8e-3);
        EXPECT_NEAR(result.nodes[0].radio, result.nodes[0].drawn + WATTS / 2 * 3, 1e-3);
        EXPECT_NEAR(result.nodes[0].radio, WATTS * (life + (3 - life) / 2), 0.05);
    }
}

TEST(Energy, AccountAloneChangesNothingAndIsDeterministic)
{
    const auto run = [](const std::string& battery, std::vector<double>& numbers) {
        Network network(3, 5, Draws::DEFAULT);
        if (!battery.empty())
        {
            network.InstallSources(battery);
        }
        const auto result = network.Run(2);
        for (const DdnnNodeEnergy& node : result.nodes)
        {
            numbers.insert(numbers.end(), {node.radio, node.compute, node.drawn});
        }
        for (const DdnnDeath& death : result.deaths)
        {
            numbers.insert(numbers.end(), {1.0 * death.device, death.time.GetSeconds()});
        }
        return network.latencies;
    };
    std::vector<double> ignored;
    std::vector<double> once;
    std::vector<double> twice;
    EXPECT_EQ(run(Constant(100), ignored), run("", ignored));
    const std::string uneven = "ns3::UniformRandomVariable[Min=0.1|Max=0.4]";
    EXPECT_EQ(run(uneven, once), run(uneven, twice));
    EXPECT_EQ(once, twice);
    EXPECT_EQ(once.size(), 15U); // all three batteries were empty
}

TEST(Energy, WarnsOfNetDevicesThatHaveNoModel)
{
    Network network(2, 1, Draws::DEFAULT);
    network.InstallSources();
    EXPECT_TRUE(network.energy->GetWarnings().empty());
    BasicEnergySourceHelper().Install(network.others.Get(1)); // without a model
    const auto energy = CreateObject<DdnnEnergy>(network.apps);
    const std::vector<std::string> warnings{
        "energy: ns3::WifiNetDevice has no energy model, computing alone is accounted there"};
    EXPECT_EQ(energy->GetWarnings(), warnings);
}

TEST(Energy, LivesWithoutAUsersPointer)
{
    Network network(1, 10, Draws::TIME);
    network.InstallSources(Constant(WATTS / 2));
    network.energy = nullptr;
    network.Run(2);
    EXPECT_EQ(network.presence, std::vector<std::string>(5, "1"));
    EXPECT_TRUE(DdnnNodeSwitch::Get(network.devices.Get(0))->IsOff());
}

TEST(Energy, OfSeveralAccountsIsDrawnOnce)
{
    for (bool users : {false, true})
    {
        std::vector<DdnnEnergyResult> results;
        for (int others : {0, 1, 2}) // nothing, before the sources are installed, afterwards
        {
            Network network(2, 10, Draws::DEFAULT);
            network.SetOffAt(0.3, 0, true); // then our models stand in for the user's
            network.SetOffAt(0.4, 0, false);
            if (users)
            {
                network.InstallUsersSources(100);
            }
            const auto site = network.apps;
            network.AddSite(); // on the same nodes
            Ptr<DdnnEnergy> other = others == 1 ? CreateObject<DdnnEnergy>(site) : nullptr;
            network.InstallSources();
            other = others == 2 ? CreateObject<DdnnEnergy>(site) : other;
            if (other)
            {
                other->InstallSources();
            }
            results.push_back(network.Run(2));
            ExpectConserved(results.back());
            if (other)
            {
                results.push_back(other->GetResult());
                ExpectConserved(results.back());
            }
        }
        for (const DdnnEnergyResult& result : results)
        {
            ASSERT_EQ(result.nodes.size(), 2U);
            for (std::size_t i = 0; i < 2; ++i)
            {
                EXPECT_DOUBLE_EQ(result.nodes[i].radio, results[0].nodes[i].radio);
                EXPECT_DOUBLE_EQ(result.nodes[i].compute, results[0].nodes[i].compute);
            }
        }
    }
}

TEST(Energy, RefusesBatteriesThatAreOutOfRange)
{
    const auto message = [](double battery) -> std::string {
        Network network(1, 1, Draws::DEFAULT);
        try
        {
            network.InstallSources(Constant(battery));
        }
        catch (const std::runtime_error& e)
        {
            return e.what();
        }
        return "accepted";
    };
    EXPECT_EQ(message(1e7), "accepted");
    EXPECT_EQ(message(-1),
              "ns3::DdnnEnergy::Battery drew -1.000000 for node 0, it must be 0 (never empty) to "
              "10000000 joules");
    EXPECT_NE(message(1e7 + 1), "accepted");
}
