// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAULT_NETWORK_H
#define DDNN_FAULT_NETWORK_H

#include "test/support/foreign-networks.h"
#include "test/support/table-model.h"

#include "ns3/ddnn-fault-injector.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-message-tracker.h"

#include "ns3/csma-helper.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/loopback-net-device.h"
#include "ns3/mobility-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/position-allocator.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/wifi-helper.h"
#include "ns3/yans-wifi-helper.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace ddnn::test
{

using namespace ns3;

/// When the first sample is captured, if the network needs no more time.
const Time FAULT_START = Seconds(2);

/// A network that ns-3's own helpers build: end devices, a gateway that is their exit, and behind
/// it a cloud. Nothing of it is known to the module.
struct FaultNetwork
{
    explicit FaultNetwork(uint32_t numDevices)
        : devices(numDevices)
        , gateway(1)
        , cloud(1)
    {
        all.Add(devices);
        all.Add(gateway);
        all.Add(cloud);
    }

    FaultNetwork(const FaultNetwork&) = delete;
    FaultNetwork& operator=(const FaultNetwork&) = delete;

    NodeContainer devices;
    NodeContainer gateway;
    NodeContainer cloud;
    NodeContainer all;
    std::vector<NetDeviceContainer> access; ///< `[device]`, both ends of a point-to-point link
    NetDeviceContainer uplink;
    int64_t streams{0}; ///< used by the network
    Time start{FAULT_START};
    std::shared_ptr<void> helper; ///< what must live as long as the simulation
};

inline NetDeviceContainer
ConnectPointToPoint(Ptr<Node> a, Ptr<Node> b, const std::string& delay)
{
    PointToPointHelper helper;
    helper.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    helper.SetChannelAttribute("Delay", StringValue(delay));
    return helper.Install(a, b);
}

/// The devices and, last, the gateway on one segment.
inline NetDeviceContainer
ConnectSegment(const std::string& kind, FaultNetwork& network)
{
    const NodeContainer nodes(network.devices, network.gateway);
    if (kind == "csma")
    {
        CsmaHelper csma;
        csma.SetChannelAttribute("DataRate", StringValue("100Mbps"));
        csma.SetChannelAttribute("Delay", StringValue("2us"));
        const NetDeviceContainer devices = csma.Install(nodes);
        network.streams += csma.AssignStreams(devices, 0);
        return devices;
    }
    MobilityHelper mobility;
    auto positions = CreateObject<ListPositionAllocator>();
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        positions->Add(Vector(2.0 * i, i % 2, 0));
    }
    mobility.SetPositionAllocator(positions);
    mobility.Install(nodes);
    WifiHelper wifi;
    wifi.SetStandard(WIFI_STANDARD_80211n);
    wifi.SetRemoteStationManager("ns3::ConstantRateWifiManager",
                                 "DataMode",
                                 StringValue("HtMcs3"),
                                 "ControlMode",
                                 StringValue("OfdmRate12Mbps"));
    YansWifiPhyHelper phy;
    phy.SetChannel(YansWifiChannelHelper::Default().Create());
    WifiMacHelper mac;
    mac.SetType("ns3::AdhocWifiMac");
    const NetDeviceContainer radios = wifi.Install(phy, mac, nodes);
    network.streams += wifi.AssignStreams(radios, 0);
    return radios;
}

inline void
SetDefaultRoute(Ptr<Node> node, Ipv4Address nextHop)
{
    const auto ip = node->GetObject<Ipv4>();
    Ipv4StaticRoutingHelper().GetStaticRouting(ip)->SetDefaultRoute(nextHop, 1);
}

/// One of MakeForeignNetwork, where the links are all that the nodes have.
inline std::unique_ptr<FaultNetwork>
WrapForeignNetwork(const std::string& kind, uint32_t numDevices)
{
    const ForeignNetwork foreign = MakeForeignNetwork(kind, numDevices);
    auto network = std::make_unique<FaultNetwork>(0);
    network->devices = foreign.devices;
    network->gateway = foreign.gateway;
    network->cloud = foreign.cloud;
    network->start = foreign.start;
    network->helper = foreign.helper;
    const auto getDevices = [](Ptr<Node> node) {
        NetDeviceContainer devices;
        for (uint32_t i = 0; i < node->GetNDevices(); ++i)
        {
            if (!DynamicCast<LoopbackNetDevice>(node->GetDevice(i)))
            {
                devices.Add(node->GetDevice(i));
            }
        }
        return devices;
    };
    for (uint32_t i = 0; i < numDevices; ++i)
    {
        network->access.push_back(getDevices(network->devices.Get(i)));
    }
    network->uplink = getDevices(network->cloud.Get(0));
    return network;
}

/// \param kind star (of point-to-point links), csma, adhoc (802.11n), or a foreign network
inline std::unique_ptr<FaultNetwork>
MakeFaultNetwork(const std::string& kind, uint32_t numDevices)
{
    const auto foreign = GetForeignNetworks();
    if (std::find(foreign.begin(), foreign.end(), kind) != foreign.end())
    {
        return WrapForeignNetwork(kind, numDevices);
    }
    auto network = std::make_unique<FaultNetwork>(numDevices);
    const Ptr<Node> gateway = network->gateway.Get(0);
    InternetStackHelper stack;
    stack.Install(network->all);
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
    if (kind == "star")
    {
        for (uint32_t i = 0; i < numDevices; ++i)
        {
            network->access.push_back(ConnectPointToPoint(network->devices.Get(i), gateway, "1ms"));
            SetDefaultRoute(network->devices.Get(i),
                            addresses.Assign(network->access.back()).GetAddress(1));
            addresses.NewNetwork();
        }
    }
    else
    {
        const NetDeviceContainer segment = ConnectSegment(kind, *network);
        const auto interfaces = addresses.Assign(segment);
        for (uint32_t i = 0; i < numDevices; ++i)
        {
            network->access.emplace_back(segment.Get(i));
            SetDefaultRoute(network->devices.Get(i), interfaces.GetAddress(numDevices));
        }
        addresses.NewNetwork();
    }
    network->uplink = ConnectPointToPoint(gateway, network->cloud.Get(0), "20ms");
    SetDefaultRoute(network->cloud.Get(0), addresses.Assign(network->uplink).GetAddress(0));
    network->streams += stack.AssignStreams(network->all, network->streams);
    return network;
}

/// What a run tells.
struct FaultRun
{
    std::map<uint32_t, int> ended;           ///< how often, by sample
    std::vector<DdnnOutcome> outcomes;       ///< `[sample]`
    std::vector<DdnnPrediction> predictions; ///< `[sample]`, exit -1: lost
    std::vector<DdnnLatency> latencies;      ///< `[sample]`
    std::vector<std::string> scores;         ///< `[sample]`, presence at the local exit
    std::vector<std::string> features;       ///< `[sample]`, presence in the cloud
    std::vector<DdnnFaultRecord> faults;
    std::vector<DdnnMessageCount> messages; ///< what became of them

    std::vector<int> GetExits() const
    {
        std::vector<int> exits;
        for (std::size_t i = 0; i < outcomes.size(); ++i)
        {
            exits.push_back(outcomes[i] == DdnnOutcome::LOST ? -1 : predictions[i].exit);
        }
        return exits;
    }

    /// \return all but the faults and the messages
    std::string GetText() const
    {
        std::ostringstream text;
        for (std::size_t i = 0; i < outcomes.size(); ++i)
        {
            text << ToString(outcomes[i]) << " " << predictions[i].exit << " "
                 << predictions[i].label << " " << predictions[i].uncertainty << " "
                 << latencies[i].GetTotal() << " " << scores[i] << " " << features[i] << "\n";
        }
        return text.str();
    }

    std::string GetFaults() const
    {
        std::ostringstream text;
        for (const DdnnFaultRecord& fault : faults)
        {
            text << fault.time.GetSeconds() << " " << fault.target << " " << fault.action
                 << (fault.value.empty() ? "" : " ") << fault.value << "\n";
        }
        return text.str();
    }
};

/// A site on a network, and its injector; a test may add to them before the run.
struct FaultSetup
{
    FaultNetwork& network;
    DdnnHelper& ddnn;
    ApplicationContainer& apps;
    DdnnFaultInjector& injector;
};

/// A simulation with faults, of a DDNN of the paper's Fig. 2 (c).
struct FaultCase
{
    std::string faults;
    std::string kind{"star"};
    uint32_t numDevices{3};
    int numSamples{6};
    double threshold{0}; ///< of the local exit; 0: all samples go on to the cloud
    bool tcp{false};
    Time interval{MilliSeconds(100)};
    uint64_t run{1};
    Time rest{Seconds(1)}; ///< after the last sample
    std::function<void(FaultSetup&)> prepare{};
};

inline void
Observe(const DdnnSiteApplications& site, FaultRun& run)
{
    using Ended = Callback<void, uint32_t, DdnnOutcome, const DdnnPrediction&, const DdnnLatency&>;
    using Closed = Callback<void, uint32_t, const std::string&>;
    const uint32_t numSamples = site.site->GetNumSamples();
    run.outcomes.resize(numSamples);
    run.predictions.resize(numSamples);
    run.latencies.resize(numSamples);
    run.scores.resize(numSamples);
    run.features.resize(numSamples);
    site.tracker->TraceConnectWithoutContext(
        "Ended",
        Ended([&run](uint32_t sample, DdnnOutcome outcome, const auto& prediction, const auto& l) {
            ++run.ended[sample];
            run.outcomes[sample] = outcome;
            run.predictions[sample] = prediction;
            run.latencies[sample] = l;
        }));
    site.exits[0]->TraceConnectWithoutContext("Closed",
                                              Closed([&run](uint32_t sample, const std::string& p) {
                                                  run.scores[sample] = p;
                                              }));
    site.servers[0][0]->TraceConnectWithoutContext(
        "Closed",
        Closed([&run](uint32_t sample, const std::string& p) {
            run.features[sample] = p;
        }));
}

inline FaultRun
Simulate(const FaultCase& test)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(test.run);
    const World world = MakeWorld('c', test.numDevices, test.numSamples);
    const auto network = MakeFaultNetwork(test.kind, test.numDevices);
    DdnnHelper ddnn(world.model, world.dataset, world.samples);
    ddnn.SetExitAttribute("Threshold", DoubleValue(test.threshold), 0);
    ddnn.SetSiteAttribute("Transport", StringValue(test.tcp ? "tcp" : "udp"));
    ddnn.SetSiteAttribute("Interval",
                          StringValue("ns3::ConstantRandomVariable[Constant=" +
                                      std::to_string(test.interval.GetSeconds()) + "]"));
    ApplicationContainer apps = ddnn.Install({network->devices, network->cloud}, network->gateway);
    apps.Start(network->start);
    ddnn.AssignStreams(1000);
    auto injector = CreateObject<DdnnFaultInjector>(apps);
    injector->AddNodes("gateway", network->gateway);
    for (const NetDeviceContainer& devices : network->access)
    {
        injector->AddLink("device", devices);
    }
    injector->AddLink("uplink", network->uplink);
    FaultRun run;
    Observe(FindDdnnSites(apps)[0], run);
    injector->TraceConnectWithoutContext(
        "Fault",
        Callback<void, const DdnnFaultRecord&>([&run](const DdnnFaultRecord& fault) {
            run.faults.push_back(fault);
        }));
    const DdnnMessageTracker messages(apps, MilliSeconds(500));
    FaultSetup setup{*network, ddnn, apps, *injector};
    if (test.prepare)
    {
        test.prepare(setup);
    }
    try
    {
        injector->Add(test.faults);
        injector->AssignStreams(1);
        Simulator::Stop(network->start + test.interval * test.numSamples + test.rest);
        Simulator::Run();
        run.messages = messages.GetCounts();
    }
    catch (...)
    {
        Simulator::Destroy();
        throw;
    }
    Simulator::Destroy();
    return run;
}

/// \return the message with which faults are refused, or "accepted"
inline std::string
GetRefusal(const FaultCase& test)
{
    try
    {
        Simulate(test);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "accepted";
}

} // namespace ddnn::test

#endif // DDNN_FAULT_NETWORK_H
