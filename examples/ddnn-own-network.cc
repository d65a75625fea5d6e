// SPDX-License-Identifier: GPL-2.0-only
// A DDNN on a network of one's own: six cameras that move about and a gateway on 802.11n ad hoc,
// OLSR over several hops, and a cloud. The faster the cameras, the more routes are out of date (see
// ns3::olsr::RoutingProtocol::HelloInterval), and what is lost is missing in the classification.
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/inference/packed-model.h"
#include "contrib-ddnn/synthetic/synthetic.h"
#include "contrib-ddnn/training/trainer.h"

#include "ns3/core-module.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/flow-monitor-module.h"
#include "ns3/internet-module.h"
#include "ns3/mobility-module.h"
#include "ns3/olsr-helper.h"
#include "ns3/point-to-point-module.h"
#include "ns3/wifi-module.h"

#include <iostream>

using namespace ns3;

/// The cameras walk from one random point to the next, in a square of 120 m around the gateway.
void
InstallMobility(const NodeContainer& cameras, Ptr<Node> gateway, const std::string& speed)
{
    const auto points = CreateObject<RandomRectanglePositionAllocator>();
    points->SetAttribute("X", StringValue("ns3::UniformRandomVariable[Min=-60|Max=60|Stream=1]"));
    points->SetAttribute("Y", StringValue("ns3::UniformRandomVariable[Min=-60|Max=60|Stream=2]"));
    MobilityHelper walk;
    walk.SetPositionAllocator(points);
    walk.SetMobilityModel("ns3::RandomWaypointMobilityModel",
                          "PositionAllocator",
                          PointerValue(points),
                          "Speed",
                          StringValue("ns3::ConstantRandomVariable[Constant=" + speed + "]"));
    walk.Install(cameras);
    MobilityHelper().Install(gateway); // at the origin
}

NetDeviceContainer
InstallNetwork(const NodeContainer& cameras, Ptr<Node> gateway, Ptr<Node> cloud)
{
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    // A-MPDUs need agreements; stations of ns-3.37 that make them at the same moment hang for good.
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac", "BE_MaxAmpduSize", UintegerValue(0));
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211n);
    const auto radios = wifi.Install(phy, mac, NodeContainer(cameras, gateway));
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("20ms"));
    OlsrHelper olsr;
    InternetStackHelper stack;
    stack.SetRoutingHelper(olsr);
    stack.InstallAll();
    Ipv4AddressHelper("10.1.0.0", "255.255.255.0").Assign(radios);
    Ipv4AddressHelper("10.2.0.0", "255.255.255.0").Assign(link.Install(gateway, cloud));
    wifi.AssignStreams(radios, 1000);
    stack.AssignStreams(NodeContainer::GetGlobal(), 2000);
    olsr.AssignStreams(NodeContainer::GetGlobal(), 3000);
    return radios;
}

/// Print % of the samples, ms, bytes per camera and sample, % of the packets, hops.
void
Print(const std::string& speed, const DdnnRecorder& recorder, FlowMonitorHelper& flows)
{
    // samples that ended at the local exit, in the cloud, as fallback or lost; their latencies
    double correct = 0, ended[4] = {}, latency[4] = {};
    DdnnBytes bytes; // of all cameras; on air, with what they forward
    const std::vector<DdnnSampleRecord> records = recorder.GetRecords();
    for (const DdnnSampleRecord& record : records)
    {
        const bool exited = record.outcome == DdnnOutcome::EXITED;
        const int end = exited ? record.exit : 1 + static_cast<int>(record.outcome);
        correct += record.prediction == record.label;
        ++ended[end];
        latency[end] += 1000 * record.latency.GetTotal().GetSeconds();
        bytes += record.bytes;
    }
    FlowMonitor::FlowStats all{};
    const auto classifier = DynamicCast<Ipv4FlowClassifier>(flows.GetClassifier());
    for (const auto& [id, flow] : flows.GetMonitor()->GetFlowStats())
    {
        const uint32_t ours = classifier->FindFlow(id).destinationPort != 698; // OLSR's own
        all.txPackets += ours * flow.txPackets;
        all.rxPackets += ours * flow.rxPackets;
        all.timesForwarded += ours * flow.timesForwarded;
    }
    const double share = 100.0 / records.size(), each = share / 600;
    std::cout << speed << "\t" << correct * share << "\t" << ended[0] * share << "\t"
              << ended[1] * share << "\t" << ended[2] * share << "\t" << ended[3] * share << "\t"
              << latency[0] / ended[0] << "\t" << latency[1] / ended[1] << "\t"
              << bytes.payload * each << "\t" << bytes.header * each << "\t" << bytes.onAir * each
              << "\t" << 100.0 * all.rxPackets / all.txPackets << "\t"
              << 1 + 1.0 * all.timesForwarded / all.rxPackets << "\n";
}

int
main(int argc, char* argv[])
try
{
    Config::SetDefault("ns3::DdnnExit::Threshold", DoubleValue(0.6));
    Config::SetDefault("ns3::DdnnSite::Interval",
                       StringValue("ns3::ConstantRandomVariable[Constant=2]"));
    ddnn::TrainSettings training;
    training.epochs = 10;
    std::string model, dataset;
    CommandLine cmd(__FILE__);
    cmd.AddValue("epochs", "passes over the training samples", training.epochs);
    cmd.AddValue("model", "checkpoint; without one, a model is trained", model);
    cmd.AddValue("dataset", "NumPy file; without one, the views are rendered", dataset);
    cmd.Parse(argc, argv);
    const auto views = std::make_shared<const ddnn::Dataset>(
        dataset.empty() ? ddnn::RenderSynthetic({}) : ddnn::LoadDataset(dataset));
    const auto sections = std::make_shared<const ddnn::PackedModel>(
        model.empty() ? ddnn::Train(ddnn::MakePreset('c', {}), *views, training)
                      : ddnn::LoadCheckpoint(model));
    std::cout.precision(1);
    std::cout << std::fixed << "m/s\tcorrect\tlocal\tcloud\tfallbk.\tlost\tlocalms\tcloudms\t"
              << "payload\theader\ton air\tarrived\thops\n";
    for (const char* speed : {"1", "5", "10", "20"})
    {
        const NodeContainer cameras(6), gateway(1), cloud(1);
        InstallMobility(cameras, gateway.Get(0), speed);
        const auto radios = InstallNetwork(cameras, gateway.Get(0), cloud.Get(0));
        DdnnHelper ddnn(sections, views, ddnn::Indices(*views, ddnn::Split::TEST));
        ApplicationContainer applications = ddnn.Install({cameras, cloud}, gateway);
        applications.Start(Seconds(20)); // OLSR has found its routes by then
        ddnn.AssignStreams(4000);
        DdnnHelper::StopAfterLastSample(applications);
        DdnnRecorder recorder(applications);
        recorder.AddHop("radios", radios);
        FlowMonitorHelper flows;
        flows.InstallAll();
        Simulator::Run();
        Print(speed, recorder, flows);
        Simulator::Destroy();
    }
}

catch (const std::exception& e)
{
    std::cerr << "ddnn-own-network: " << e.what() << "\n";
    return 1;
}
