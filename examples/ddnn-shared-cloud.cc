// SPDX-License-Identifier: GPL-2.0-only
// Many sites share a cloud. Each has six cameras and a gateway on a CSMA segment, and a link of its
// own from the gateway to the cloud; its samples are captured at random moments, ten a second. What
// the gateways do not classify themselves waits for a core of the cloud, which works 6 ms on it.
//
// A prediction of the cloud that comes later than 100 ms after the capture is too late: that of the
// gateway stands, as a fallback. Once the cloud has more to do than it can, all of its work is
// late.
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/inference/packed-model.h"
#include "contrib-ddnn/synthetic/synthetic.h"
#include "contrib-ddnn/training/trainer.h"

#include "ns3/core-module.h"
#include "ns3/csma-module.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/internet-module.h"
#include "ns3/point-to-point-module.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

using namespace ns3;

namespace
{

const Time START = Seconds(1);    ///< of sampling
const Time BEGIN = Seconds(2);    ///< of what is measured, when all have found each other by ARP
constexpr double INTERVAL = 0.1;  ///< mean time between two captures of a site, in s
constexpr double SERVICE = 0.006; ///< time that a core of the cloud needs for a sample, in s

void
SetDefaultRoute(Ptr<Node> node, Ipv4Address gateway, uint32_t interface)
{
    const auto routing = Ipv4StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv4>());
    routing->SetDefaultRoute(gateway, interface);
}

/// Connect the nodes of a site to each other and to the cloud, which has an IP stack.
void
InstallNetwork(uint32_t site, const NodeContainer& cameras, Ptr<Node> gateway, Ptr<Node> cloud)
{
    const NodeContainer nodes(gateway, cameras);
    CsmaHelper csma;
    csma.SetChannelAttribute("DataRate", StringValue("100Mbps"));
    const NetDeviceContainer segment = csma.Install(nodes);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("20ms"));
    InternetStackHelper stack;
    stack.Install(nodes);
    csma.AssignStreams(segment, 1000 * site);
    stack.AssignStreams(nodes, 1000 * site + 500);
    const std::string inside = "10.1." + std::to_string(site) + ".0";
    const std::string outside = "10.2." + std::to_string(site) + ".0";
    const auto hosts = Ipv4AddressHelper(inside.c_str(), "255.255.255.0").Assign(segment);
    const auto ends =
        Ipv4AddressHelper(outside.c_str(), "255.255.255.0").Assign(link.Install(gateway, cloud));
    for (uint32_t i = 0; i < cameras.GetN(); ++i)
    {
        SetDefaultRoute(cameras.Get(i), hosts.GetAddress(0), 1);
    }
    // All nodes know the cloud by one of its addresses, be it that of another site's link.
    SetDefaultRoute(gateway, ends.GetAddress(1), 2);
}

/// \return samples of the test split, from another one on for each site
std::vector<std::size_t>
ChooseSamples(const ddnn::Dataset& dataset, uint32_t site, std::size_t number)
{
    const std::vector<std::size_t> test = ddnn::Indices(dataset, ddnn::Split::TEST);
    std::vector<std::size_t> samples;
    for (std::size_t i = 0; i < number; ++i)
    {
        samples.push_back(test[(17 * site + i) % test.size()]);
    }
    return samples;
}

/// Print a line: % of the cores' time, % of the samples, and ms.
void
Print(const std::vector<DdnnSampleRecord>& records, double utilisation)
{
    double correct = 0;
    double fallbacks = 0;
    double sum = 0;
    std::vector<double> latencies; // of what exited in the cloud, in ms
    for (const DdnnSampleRecord& record : records)
    {
        correct += record.prediction == record.label;
        fallbacks += record.outcome == DdnnOutcome::FALLBACK;
        if (record.outcome == DdnnOutcome::EXITED && record.exit == 1)
        {
            latencies.push_back(1000 * record.latency.GetTotal().GetSeconds());
            sum += latencies.back();
        }
    }
    std::sort(latencies.begin(), latencies.end());
    const auto n = static_cast<double>(latencies.size());
    const auto rank = static_cast<std::size_t>(std::ceil(0.95 * n)); // from 1
    std::printf("%11.1f %6.1f %9.1f %8.1f %8.1f %8.1f\n",
                100 * utilisation,
                100 * n / records.size(),
                100 * fallbacks / records.size(),
                n > 0 ? sum / n : NAN,
                n > 0 ? latencies[rank - 1] : NAN,
                100 * correct / records.size());
}

/// \param samples of each site, more than will be captured
ApplicationContainer
InstallSites(DdnnHelper& ddnn,
             const ddnn::Dataset& dataset,
             Ptr<Node> cloud,
             uint32_t sites,
             std::size_t samples)
{
    ddnn.SetSiteAttribute(
        "Interval",
        StringValue("ns3::ExponentialRandomVariable[Mean=" + std::to_string(INTERVAL) + "]"));
    ApplicationContainer applications;
    for (uint32_t site = 0; site < sites; ++site)
    {
        const NodeContainer cameras(6);
        const NodeContainer gateway(1);
        InstallNetwork(site, cameras, gateway.Get(0), cloud);
        ddnn.SetSamples(ChooseSamples(dataset, site, samples));
        ddnn.SetSiteAttribute("CaptureDelay", TimeValue(Seconds(INTERVAL * site / sites)));
        applications.Add(ddnn.Install({cameras, cloud}, gateway));
    }
    return applications;
}

void
Simulate(std::shared_ptr<const ddnn::Model> model,
         std::shared_ptr<const ddnn::Dataset> dataset,
         uint32_t cores,
         uint32_t sites,
         Time end)
{
    const NodeContainer cloud(1);
    InternetStackHelper().Install(cloud);
    const auto operations = static_cast<double>(ddnn::Operations(model->GetHierarchy(), 1, 0));
    DdnnHelper::InstallProcessor(cloud, operations / SERVICE, cores);
    DdnnHelper ddnn(model, dataset, {});
    const double expected = (end - START).GetSeconds() / INTERVAL; // samples of each site
    ApplicationContainer applications =
        InstallSites(ddnn, *dataset, cloud.Get(0), sites, 2 * expected);
    ddnn.AssignStreams(1000000);
    applications.Start(START);
    const DdnnRecorder recorder(applications);
    const auto processor = cloud.Get(0)->GetObject<DdnnProcessor>();
    Time busy;
    Simulator::Schedule(BEGIN, [&] {
        busy -= processor->GetBusyTime();
    });
    Simulator::Schedule(end, [&] {
        busy += processor->GetBusyTime();
    });
    Simulator::Stop(end + Seconds(1)); // the deadlines have passed by then
    Simulator::Run();
    std::vector<DdnnSampleRecord> records;
    for (const DdnnSampleRecord& record : recorder.GetRecords())
    {
        if (record.latency.captured >= BEGIN && record.latency.captured < end)
        {
            records.push_back(record);
        }
    }
    std::printf("%5u %5u", cores, sites);
    Print(records, (busy / (end - BEGIN)).GetDouble() / cores);
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char* argv[])
try
{
    Config::SetDefault("ns3::DdnnExit::Threshold", DoubleValue(0.6));
    Config::SetDefault("ns3::DdnnSite::SampleDeadline", TimeValue(MilliSeconds(100)));
    ddnn::TrainSettings training;
    training.epochs = 10;
    Time duration = Seconds(5);
    std::string modelFile;
    std::string datasetFile;
    CommandLine cmd(__FILE__);
    cmd.AddValue("duration", "how long the cloud is observed", duration);
    cmd.AddValue("epochs", "passes over the training samples", training.epochs);
    cmd.AddValue("model", "checkpoint; without one, a model is trained", modelFile);
    cmd.AddValue("dataset", "NumPy file; without one, the views are rendered", datasetFile);
    cmd.Parse(argc, argv);

    const auto dataset = std::make_shared<const ddnn::Dataset>(
        datasetFile.empty() ? ddnn::RenderSynthetic({}) : ddnn::LoadDataset(datasetFile));
    const auto model = std::make_shared<const ddnn::PackedModel>(
        modelFile.empty() ? ddnn::Train(ddnn::MakePreset('c', {}), *dataset, training)
                          : ddnn::LoadCheckpoint(modelFile));
    std::printf("cores sites utilisation  cloud  fallback  mean ms    95%% ms  correct\n");
    for (const uint32_t cores : {1, 2, 4})
    {
        for (const uint32_t sites : {1, 10, 20, 30, 40, 50})
        {
            Simulate(model, dataset, cores, sites, BEGIN + duration);
        }
    }
    return 0;
}

catch (const std::exception& e)
{
    std::cerr << "ddnn-shared-cloud: " << e.what() << "\n";
    return 1;
}
