// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-options.h"

#include "cli/attribute-value.h"

#include "ns3/ddnn-fault.h"

#include "ns3/config.h"
#include "ns3/string.h"

#include <stdexcept>
#include <utility>

namespace ddnn::examples
{

namespace
{

/// The options that are attributes, by short names.
constexpr std::pair<const char*, const char*> ATTRIBUTES[] = {
    {"access", "ns3::DdnnTopologyHelper::Access"},
    {"ip", "ns3::DdnnTopologyHelper::IpVersion"},
    {"cellRate", "ns3::DdnnTopologyHelper::CellRate"},
    {"cellDelay", "ns3::DdnnTopologyHelper::CellDelay"},
    {"edgeRate", "ns3::DdnnTopologyHelper::EdgeRate"},
    {"edgeDelay", "ns3::DdnnTopologyHelper::EdgeDelay"},
    {"exitRate", "ns3::DdnnTopologyHelper::ExitRate"},
    {"exitDelay", "ns3::DdnnTopologyHelper::ExitDelay"},
    {"backhaulRate", "ns3::DdnnBackhaul::Rate"},
    {"backhaulDelay", "ns3::DdnnBackhaul::Delay"},
    {"backhaulQueue", "ns3::DdnnBackhaul::Queue"},
    {"backhaulQueueDisc", "ns3::DdnnBackhaul::QueueDisc"},
    {"backhaulLoss", "ns3::DdnnBackhaul::Loss"},
    {"backhaulTrace", "ns3::DdnnBackhaul::Trace"},
    {"backhaulLoad", "ns3::DdnnBackhaul::Load"},
    {"wifiStandard", "ns3::DdnnWifiAccess::Standard"},
    {"wifiRate", "ns3::DdnnWifiAccess::Rate"},
    {"pathLoss", "ns3::DdnnWifiAccess::PathLoss"},
    {"pathLossExponent", "ns3::DdnnWifiAccess::PathLossExponent"},
    {"fading", "ns3::DdnnWifiAccess::Fading"},
    {"allowUnconnected", "ns3::DdnnWifiAccess::AllowUnconnected"},
    {"placement", "ns3::DdnnWirelessAccess::Placement"},
    {"radius", "ns3::DdnnWirelessAccess::Radius"},
    {"stations", "ns3::DdnnStations::Stations"},
    {"stationLoad", "ns3::DdnnStations::Load"},
    {"interval", "ns3::DdnnSite::Interval"},
    {"deadline", "ns3::DdnnSite::SampleDeadline"},
    {"transport", "ns3::DdnnSite::Transport"},
    {"offload", "ns3::DdnnSite::Offload"},
    {"tries", "ns3::DdnnSite::FeatureTries"},
    {"offset", "ns3::DdnnEndDevice::Offset"},
    {"byteBudget", "ns3::DdnnEndDevice::ByteBudget"},
    {"computeJitter", "ns3::DdnnProcessor::Jitter"},
    {"aggregationDeadline", "ns3::DdnnCollector::Deadline"},
    {"quorum", "ns3::DdnnCollector::Quorum"},
    {"adaptive", "ns3::DdnnCollector::AdaptivePercentile"},
    {"absent", "ns3::DdnnCollector::Absent"},
    {"silentAfter", "ns3::DdnnCollector::SilentAfter"},
    {"exitPolicy", "ns3::DdnnExit::ExitPolicy"},
    {"backlogLimit", "ns3::DdnnExit::BacklogLimit"},
    {"sites", "ns3::DdnnScenario::Sites"},
    {"deviceSpeed", "ns3::DdnnScenario::DeviceSpeed"},
    {"edgeSpeed", "ns3::DdnnScenario::EdgeSpeed"},
    {"cloudSpeed", "ns3::DdnnScenario::CloudSpeed"},
    {"cloudCores", "ns3::DdnnScenario::CloudCores"},
    {"accessLoss", "ns3::DdnnScenario::AccessLoss"},
    {"energy", "ns3::DdnnScenario::Energy"},
    {"battery", "ns3::DdnnEnergy::Battery"},
    {"joulesPerOperation", "ns3::DdnnComputeEnergyModel::JoulesPerOperation"},
};

void
AddFaults(Options& options, std::vector<ns3::DdnnFault>& faults)
{
    options.Add("fault",
                "what fails while it runs, see the manual; times count from the first capture",
                "events TIME TARGET ACTION [VALUE...] with semicolons between them, like "
                "'3s device:2 down; 5s device:2 up'",
                "",
                [&faults](const std::string& text) {
                    auto more = ns3::ParseFaults(text);
                    for (ns3::DdnnFault& fault : more)
                    {
                        fault.where = "--fault, " + fault.where;
                    }
                    faults.insert(faults.end(), more.begin(), more.end());
                    return !more.empty();
                });
    options.Add("faultScript",
                "the same from a file, an event a line",
                "a file",
                "",
                [&faults](const std::string& path) {
                    const auto more = ns3::ReadFaultScript(path);
                    faults.insert(faults.end(), more.begin(), more.end());
                    return true;
                });
}

} // namespace

void
ParseScenarioOptions(Options& options, ScenarioOptions& settings, int argc, char* argv[])
{
    options.AddString("model", "checkpoint; by default one is trained", settings.model);
    AddInputOptions(options, settings.input, "abcdef");
    options.AddDoubles("threshold", "of the local exit, one run each", settings.thresholds, 0, 1);
    options.AddDoubles("upperThresholds",
                       "of the exits between the local and the last one; by default the model's",
                       settings.upperThresholds,
                       0,
                       1);
    options.AddChoice<Split>("split",
                             "samples that are captured",
                             settings.split,
                             {{"train", Split::TRAIN}, {"test", Split::TEST}, {"all", Split::ALL}});
    options.AddInt("samples", "only the first of them; 0: all", settings.samples, 0, 1000000);
    options.AddInts("failed", "devices that are off, from 0", settings.failed, 0, MAX_DEVICES - 1);
    for (const auto& [name, path] : ATTRIBUTES)
    {
        options.AddAttribute(name, path);
    }
    options.Add("backhaulOnOff",
                "how long the link to the cloud transmits, and how long it then pauses, again and "
                "again",
                "two times, like 200ms,100ms",
                "",
                [&options](const std::string& text) {
                    const std::size_t comma = text.find(',');
                    if (comma == std::string::npos)
                    {
                        return false;
                    }
                    FindAttribute("ns3::DdnnBackhaul::OnTime").SetDefault(text.substr(0, comma));
                    FindAttribute("ns3::DdnnBackhaul::OffTime").SetDefault(text.substr(comma + 1));
                    return true;
                });
    AddFaults(options, settings.faults);
    options.AddString("output", "folder of the results", settings.output);
    options.AddFlag("pcap", "write packet traces into the output folder", settings.pcap);
    options.AddFlag("animation", "write NetAnim files into the output folder", settings.animation);
    options.AddFlag("cost", "print what simulating took", settings.cost);
    options.AddFlag("quiet", "print the table only", settings.quiet);
    AddNetworkOptions(options, settings.network);
    AddTrainingOptions(options, settings.network, settings.training);
    options.Parse(argc, argv);
    CheckInputOptions(options, settings.input);
}

} // namespace ddnn::examples
