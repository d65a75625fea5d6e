// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-options.h"

#include "access-options.h"
#include "energy-options.h"
#include "fault-options.h"
#include "link-options.h"
#include "policy-options.h"

#include "ns3/ddnn-access-factory.h"

#include <stdexcept>
#include <tuple>
#include <utility>

namespace ddnn::examples
{

namespace
{

void
AddScenarioOptions(Options& options, ScenarioOptions& settings)
{
    ns3::DdnnScenarioSettings& scenario = settings.scenario;
    options.AddDoubles("threshold", "of the local exit, one run each", settings.thresholds, 0, 1);
    options.AddChoice<Split>("split",
                             "samples that are captured",
                             settings.split,
                             {{"train", Split::TRAIN}, {"test", Split::TEST}, {"all", Split::ALL}});
    options.AddInt("samples", "only the first of them; 0: all", settings.samples, 0, 1000000);
    options.AddTime("interval", "between two captures", scenario.interval, true);
    options.AddTime("deadline",
                    "from a capture to the last moment for its verdict",
                    scenario.sampleDeadline,
                    true);
    options.AddDoubles("upperThresholds",
                       "of the exits between the local and the last one; by default the model's",
                       scenario.upperThresholds,
                       0,
                       1);
    options.AddInts("failed",
                    "devices whose radio is off, from 0",
                    scenario.failedDevices,
                    0,
                    MAX_DEVICES - 1);
}

void
AddLinkOptions(Options& options, ns3::DdnnScenarioSettings& scenario)
{
    using Ip = ns3::DdnnIpVersion;
    using Transport = ns3::DdnnTransport;
    ns3::DdnnTopologySettings& links = scenario.links;
    std::vector<std::pair<std::string, std::string>> names;
    for (const std::string& name : ns3::GetAccessNames())
    {
        names.emplace_back(name, name);
    }
    options.AddChoice("access", "devices to their gateway", scenario.access.name, names);
    options.AddChoice<Ip>("ip",
                          "IP version; auto: 4 where all links can",
                          links.ipVersion,
                          {{"auto", Ip::AUTO}, {"4", Ip::V4}, {"6", Ip::V6}});
    options.AddChoice<Transport>("transport",
                                 "of all messages",
                                 scenario.transport,
                                 {{"udp", Transport::UDP}, {"tcp", Transport::TCP}});
    for (const auto& [name, help, link] :
         {std::tuple{"cell", "gateways to the local aggregator, with several cells", &links.cell},
          std::tuple{"edge", "aggregator to the edges' tier", &links.edge},
          std::tuple{"backhaul", "aggregator to the cloud", &links.cloud},
          std::tuple{"site", "an aggregator to its own tier's nodes, with several", &links.site}})
    {
        options.AddRate(std::string(name) + "Rate", help, link->rate);
        options.AddTime(std::string(name) + "Delay",
                        std::string(help) + ", one way",
                        link->delay,
                        false);
    }
    options.AddString("wifiStandard", "such as 80211n", scenario.access.wifi.standard);
    options.AddString("wifiRate",
                      "mode of all data frames, such as HtMcs3",
                      scenario.access.wifi.rate);
}

/// What our options or DdnnHelper set would be lost without a word.
void
RefuseOverriddenAttributes(const Options& options)
{
    for (const auto& [attribute, remedy] :
         {std::pair{"DdnnAggregator::Threshold", "use --threshold and --upperThresholds"},
          std::pair{"BasicEnergySource::BasicEnergySourceInitialEnergyJ", "use --battery"},
          std::pair{"energy::BasicEnergySource::BasicEnergySourceInitialEnergyJ", "use --battery"},
          std::pair{"DdnnComputeEnergyModel::JoulesPerOperation", "use --joulesPerOperation"},
          std::pair{"DdnnLedger::SampleDeadline", "use --deadline"},
          std::pair{"DdnnLedger::Interval", "use --interval"},
          std::pair{"DdnnEndDevice::Interval", "use --interval"},
          std::pair{"DdnnLedger::FirstCapture", "it follows from the start-up of the links"},
          std::pair{"DdnnEndDevice::FirstCapture", "it follows from the start-up of the links"},
          std::pair{"DdnnApplication::Protocol", "use --transport"},
          std::pair{"DdnnApplication::Local", "the helper sets it"},
          std::pair{"DdnnAggregator::Ledger", "the helper sets it"},
          std::pair{"DdnnAggregator::Tier", "the hierarchy says it"},
          std::pair{"DdnnSection::Aggregator", "the helper sets it"},
          std::pair{"DdnnSection::Parent", "the helper sets it"},
          std::pair{"DdnnSection::Slot", "the helper sets it"},
          std::pair{"DdnnSection::FeatureSlot", "the helper sets it"},
          std::pair{"DdnnSection::PushFeatures", "use --offload"},
          std::pair{"DdnnSection::FeatureTries", "use --tries"},
          std::pair{"DdnnServer::Acknowledge", "use --tries"},
          std::pair{"DdnnAggregator::RequestFeatures", "use --offload"},
          std::pair{"DdnnSection::Tier", "the hierarchy says it"},
          std::pair{"DdnnSection::Index", "the hierarchy says it"},
          std::pair{"Application::StartTime", "applications run all the time"},
          std::pair{"Application::StopTime", "applications run all the time"}})
    {
        const std::string name = std::string("ns3::") + attribute;
        if (options.IsSet(name))
        {
            throw std::runtime_error("--" + name + " has no effect here: " + remedy);
        }
    }
}

} // namespace

void
ParseScenarioOptions(Options& options, ScenarioOptions& settings, int argc, char* argv[])
{
    options.AddString("model", "checkpoint; by default one is trained", settings.model);
    AddInputOptions(options, settings.input, "abcdef");
    AddScenarioOptions(options, settings);
    AddLinkOptions(options, settings.scenario);
    AddAccessOptions(options, settings.scenario);
    AddBackhaulOptions(options, settings.scenario);
    AddEnergyOptions(options, settings.scenario);
    AddFaultOptions(options, settings.scenario);
    AddPolicyOptions(options, settings.scenario);
    options.AddString("output", "folder of the results", settings.output);
    options.AddFlag("pcap", "write packet traces into the output folder", settings.pcap);
    options.AddFlag("animation", "write NetAnim files into the output folder", settings.animation);
    options.AddFlag("cost", "print what simulating took", settings.cost);
    options.AddFlag("quiet", "print the table only", settings.quiet);
    AddNetworkOptions(options, settings.network);
    AddTrainingOptions(options, settings.network, settings.training);
    options.Parse(argc, argv);
    CheckInputOptions(options, settings.input);
    RefuseOverriddenAttributes(options);
    CheckAccessOptions(options, settings.scenario.access);
    CheckPolicyOptions(options, settings.scenario.policies);
}

} // namespace ddnn::examples
