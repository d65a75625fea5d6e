// SPDX-License-Identifier: GPL-2.0-only
// Six cameras walk, close behind each other, from one access point to another and back:
//
//     access point 0 ------ CSMA ------ access point 1
//                            |
//                         gateway ------ 10 Mbit/s, 20 ms ------ cloud
//
// The access points are bridges that share an SSID and a channel. They are 80 m apart, and each
// reaches about 51 m. A station of ns-3 stays with its access point until it has missed ten
// beacons, which takes more than a second; only then does it look for the other one. Until then its
// camera is not heard. As long as others are, the DDNN classifies without it, less well; when none
// is, samples are lost: compare --spacing=0 with --spacing=1.
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/inference/packed-model.h"
#include "contrib-ddnn/synthetic/synthetic.h"
#include "contrib-ddnn/training/trainer.h"

#include "ns3/bridge-helper.h"
#include "ns3/core-module.h"
#include "ns3/csma-module.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/internet-module.h"
#include "ns3/mobility-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/wifi-module.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

using namespace ns3;

namespace
{

constexpr double DISTANCE = 80; ///< of the access points, in m
constexpr double SPEED = 2;     ///< in m/s
constexpr int LAPS = 2;
constexpr double START = 1;  ///< of sampling, when the cameras are associated, in s
constexpr double WINDOW = 5; ///< in s

/// Part of the simulation.
struct Window
{
    int samples{0};
    int correct{0};
    int heard{0};   ///< cameras, added up over the samples
    int ended[4]{}; ///< samples, at the local exit, in the cloud, as fallback, lost
    int associations{0};
    int disassociations{0};
};

using Windows = std::vector<Window>;

/// \return the window that a moment belongs to
Window&
Find(Windows& windows, Time time)
{
    const auto number = static_cast<std::size_t>(time.GetSeconds() / WINDOW);
    windows.resize(std::max(windows.size(), number + 1));
    return windows[number];
}

/// \param spacing from one camera to the next, in m
void
InstallMobility(const NodeContainer& cameras, const NodeContainer& accessPoints, double spacing)
{
    MobilityHelper walk;
    walk.SetMobilityModel("ns3::WaypointMobilityModel");
    walk.Install(cameras);
    for (uint32_t i = 0; i < cameras.GetN(); ++i)
    {
        const auto way = cameras.Get(i)->GetObject<WaypointMobilityModel>();
        for (int lap = 0; lap <= LAPS; ++lap)
        {
            const Time time = Seconds((lap * DISTANCE + i * spacing) / SPEED);
            way->AddWaypoint(Waypoint(time, Vector(lap % 2 == 0 ? 0 : DISTANCE, 2, 0)));
        }
    }
    MobilityHelper().Install(accessPoints);
    accessPoints.Get(1)->GetObject<MobilityModel>()->SetPosition(Vector(DISTANCE, 0, 0));
}

/// Connect all by one subnet; the access points are bridges between Wi-Fi and CSMA.
/// \return the net devices of the gateway and the cameras
NetDeviceContainer
InstallLan(const NodeContainer& cameras, const NodeContainer& accessPoints, Ptr<Node> gateway)
{
    // Stations of ns-3.37 that agree on block acknowledgements, which A-MPDUs need, at the same
    // moment hang for good.
    Config::SetDefault("ns3::WifiMac::BE_MaxAmpduSize", UintegerValue(0));
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211n);
    WifiMacHelper mac;
    mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(Ssid("street")));
    const NetDeviceContainer antennas = wifi.Install(phy, mac, accessPoints);
    mac.SetType("ns3::StaWifiMac", "Ssid", SsidValue(Ssid("street")));
    const NetDeviceContainer stations = wifi.Install(phy, mac, cameras);
    CsmaHelper csma;
    csma.SetChannelAttribute("DataRate", StringValue("100Mbps"));
    const NetDeviceContainer ports = csma.Install(NodeContainer(accessPoints, gateway));
    for (uint32_t i = 0; i < accessPoints.GetN(); ++i)
    {
        BridgeHelper().Install(accessPoints.Get(i),
                               NetDeviceContainer(antennas.Get(i), ports.Get(i)));
    }
    wifi.AssignStreams(antennas, 100);
    wifi.AssignStreams(stations, 200);
    csma.AssignStreams(ports, 300);
    NetDeviceContainer hosts(ports.Get(accessPoints.GetN()));
    hosts.Add(stations);
    return hosts;
}

/// The access points have no IP.
void
InstallInternet(const NodeContainer& cameras,
                Ptr<Node> gateway,
                Ptr<Node> cloud,
                const NetDeviceContainer& lan)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("20ms"));
    const NodeContainer hosts(cameras, gateway, cloud);
    InternetStackHelper stack;
    stack.Install(hosts);
    stack.AssignStreams(hosts, 400);
    const auto inside = Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(lan);
    const auto outside =
        Ipv4AddressHelper("10.2.0.0", "255.255.255.0").Assign(link.Install(gateway, cloud));
    // ns-3's global routing takes two bridges on one channel for a loop.
    Ipv4StaticRoutingHelper routing;
    for (uint32_t i = 0; i < cameras.GetN(); ++i)
    {
        routing.GetStaticRouting(cameras.Get(i)->GetObject<Ipv4>())
            ->SetDefaultRoute(inside.GetAddress(0), 1);
    }
    routing.GetStaticRouting(cloud->GetObject<Ipv4>())->SetDefaultRoute(outside.GetAddress(0), 1);
}

/// Count what the MAC of a station tells.
void
CountAssociation(Windows* windows, int Window::*counter, Mac48Address)
{
    ++(Find(*windows, Simulator::Now()).*counter);
}

void
CountSamples(Windows& windows, const std::vector<DdnnSampleRecord>& records)
{
    for (const DdnnSampleRecord& record : records)
    {
        Window& window = Find(windows, record.latency.captured);
        const bool exited = record.outcome == DdnnOutcome::EXITED;
        ++window.samples;
        window.correct += record.prediction == record.label;
        window.heard += std::count(record.scores[0].begin(), record.scores[0].end(), '1');
        ++window.ended[exited ? record.exit : 1 + static_cast<int>(record.outcome)];
    }
}

void
Print(const Windows& windows)
{
    std::printf(
        "   s  samples  cameras  correct  local  cloud  fallback  lost  assoc.  disassoc.\n");
    for (std::size_t i = 0; i < windows.size(); ++i)
    {
        const Window& window = windows[i];
        std::printf("%4.0f %8d %8.2f %7.1f%% %6d %6d %9d %5d %7d %10d\n",
                    i * WINDOW,
                    window.samples,
                    1.0 * window.heard / std::max(1, window.samples),
                    100.0 * window.correct / std::max(1, window.samples),
                    window.ended[0],
                    window.ended[1],
                    window.ended[2],
                    window.ended[3],
                    window.associations,
                    window.disassociations);
    }
}

/// \return samples of the test split, again and again, ten for each second until the walk ends
std::vector<std::size_t>
ChooseSamples(const ddnn::Dataset& dataset)
{
    const std::vector<std::size_t> test = ddnn::Indices(dataset, ddnn::Split::TEST);
    std::vector<std::size_t> samples;
    while (samples.size() < 10 * (LAPS * DISTANCE / SPEED - START))
    {
        samples.push_back(test[samples.size() % test.size()]);
    }
    return samples;
}

Windows
Simulate(std::shared_ptr<const ddnn::Model> model,
         std::shared_ptr<const ddnn::Dataset> dataset,
         double spacing)
{
    const NodeContainer cameras(6);
    const NodeContainer accessPoints(2);
    const NodeContainer gateway(1);
    const NodeContainer cloud(1);
    InstallMobility(cameras, accessPoints, spacing);
    const auto lan = InstallLan(cameras, accessPoints, gateway.Get(0));
    InstallInternet(cameras, gateway.Get(0), cloud.Get(0), lan);

    DdnnHelper ddnn(model, dataset, ChooseSamples(*dataset));
    ApplicationContainer applications = ddnn.Install({cameras, cloud}, gateway);
    ddnn.AssignStreams(1000);
    applications.Start(Seconds(START));
    DdnnHelper::StopAfterLastSample(applications);
    const DdnnRecorder recorder(applications);
    Windows windows;
    const std::string station =
        "/NodeList/*/DeviceList/*/$ns3::WifiNetDevice/Mac/$ns3::StaWifiMac/";
    Config::ConnectWithoutContext(
        station + "Assoc",
        MakeBoundCallback(&CountAssociation, &windows, &Window::associations));
    Config::ConnectWithoutContext(
        station + "DeAssoc",
        MakeBoundCallback(&CountAssociation, &windows, &Window::disassociations));
    Simulator::Run();
    CountSamples(windows, recorder.GetRecords());
    Simulator::Destroy();
    return windows;
}

} // namespace

int
main(int argc, char* argv[])
try
{
    Config::SetDefault("ns3::DdnnExit::Threshold", DoubleValue(0.6));
    ddnn::TrainSettings training;
    training.epochs = 10;
    std::string modelFile;
    std::string datasetFile;
    double spacing = 0.2;
    CommandLine cmd(__FILE__);
    cmd.AddValue("spacing", "from one camera to the next, in m", spacing);
    cmd.AddValue("epochs", "passes over the training samples", training.epochs);
    cmd.AddValue("model", "checkpoint; without one, a model is trained", modelFile);
    cmd.AddValue("dataset", "NumPy file; without one, the views are rendered", datasetFile);
    cmd.Parse(argc, argv);

    const auto dataset = std::make_shared<const ddnn::Dataset>(
        datasetFile.empty() ? ddnn::RenderSynthetic({}) : ddnn::LoadDataset(datasetFile));
    const auto model = std::make_shared<const ddnn::PackedModel>(
        modelFile.empty() ? ddnn::Train(ddnn::MakePreset('c', {}), *dataset, training)
                          : ddnn::LoadCheckpoint(modelFile));
    Print(Simulate(model, dataset, spacing));
    return 0;
}

catch (const std::exception& e)
{
    std::cerr << "ddnn-roaming: " << e.what() << "\n";
    return 1;
}
