// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-options.h"

#include "attribute-value.h"

#include "ns3/ddnn-fault.h"

#include <algorithm>
#include <utility>

namespace ddnn::examples
{

namespace
{

/// The options that are attributes, by short names.
constexpr std::pair<const char*, const char*> ATTRIBUTES[] = {
    {"--access", "ns3::DdnnTopologyHelper::Access"},
    {"--ip", "ns3::DdnnTopologyHelper::IpVersion"},
    {"--cellRate", "ns3::DdnnTopologyHelper::CellRate"},
    {"--cellDelay", "ns3::DdnnTopologyHelper::CellDelay"},
    {"--edgeRate", "ns3::DdnnTopologyHelper::EdgeRate"},
    {"--edgeDelay", "ns3::DdnnTopologyHelper::EdgeDelay"},
    {"--exitRate", "ns3::DdnnTopologyHelper::ExitRate"},
    {"--exitDelay", "ns3::DdnnTopologyHelper::ExitDelay"},
    {"--backhaulRate", "ns3::DdnnBackhaul::Rate"},
    {"--backhaulDelay", "ns3::DdnnBackhaul::Delay"},
    {"--backhaulQueue", "ns3::DdnnBackhaul::Queue"},
    {"--backhaulQueueDisc", "ns3::DdnnBackhaul::QueueDisc"},
    {"--backhaulLoss", "ns3::DdnnBackhaul::Loss"},
    {"--backhaulTrace", "ns3::DdnnBackhaul::Trace"},
    {"--backhaulLoad", "ns3::DdnnBackhaul::Load"},
    {"--wifiStandard", "ns3::DdnnWifiAccess::Standard"},
    {"--wifiRate", "ns3::DdnnWifiAccess::Rate"},
    {"--pathLoss", "ns3::DdnnWifiAccess::PathLoss"},
    {"--pathLossExponent", "ns3::DdnnWifiAccess::PathLossExponent"},
    {"--fading", "ns3::DdnnWifiAccess::Fading"},
    {"--allowUnconnected", "ns3::DdnnWifiAccess::AllowUnconnected"},
    {"--placement", "ns3::DdnnWirelessAccess::Placement"},
    {"--radius", "ns3::DdnnWirelessAccess::Radius"},
    {"--stations", "ns3::DdnnStations::Stations"},
    {"--stationLoad", "ns3::DdnnStations::Load"},
    {"--interval", "ns3::DdnnSite::Interval"},
    {"--deadline", "ns3::DdnnSite::SampleDeadline"},
    {"--transport", "ns3::DdnnSite::Transport"},
    {"--offload", "ns3::DdnnSite::Offload"},
    {"--tries", "ns3::DdnnSite::FeatureTries"},
    {"--offset", "ns3::DdnnEndDevice::Offset"},
    {"--byteBudget", "ns3::DdnnEndDevice::ByteBudget"},
    {"--computeJitter", "ns3::DdnnProcessor::Jitter"},
    {"--aggregationDeadline", "ns3::DdnnCollector::Deadline"},
    {"--quorum", "ns3::DdnnCollector::Quorum"},
    {"--adaptive", "ns3::DdnnCollector::AdaptivePercentile"},
    {"--absent", "ns3::DdnnCollector::Absent"},
    {"--silentAfter", "ns3::DdnnCollector::SilentAfter"},
    {"--exitPolicy", "ns3::DdnnExit::ExitPolicy"},
    {"--backlogLimit", "ns3::DdnnExit::BacklogLimit"},
    {"--sites", "ns3::DdnnScenario::Sites"},
    {"--deviceSpeed", "ns3::DdnnScenario::DeviceSpeed"},
    {"--edgeSpeed", "ns3::DdnnScenario::EdgeSpeed"},
    {"--cloudSpeed", "ns3::DdnnScenario::CloudSpeed"},
    {"--cloudCores", "ns3::DdnnScenario::CloudCores"},
    {"--accessLoss", "ns3::DdnnScenario::AccessLoss"},
    {"--energy", "ns3::DdnnScenario::Energy"},
    {"--battery", "ns3::DdnnEnergy::Battery"},
    {"--joulesPerOperation", "ns3::DdnnComputeEnergyModel::JoulesPerOperation"},
};

void
AddFaults(CLI::App& app, std::vector<ns3::DdnnFault>& faults)
{
    const auto parse = [&faults](const std::string& text) {
        for (ns3::DdnnFault& fault : ns3::ParseFaults(text))
        {
            fault.where = "--fault, " + fault.where;
            faults.push_back(fault);
        }
    };
    const auto read = [&faults](const std::string& path) {
        const auto more = ns3::ReadFaultScript(path);
        faults.insert(faults.end(), more.begin(), more.end());
    };
    AddParsed(app,
              "--fault",
              parse,
              "what fails while it runs: events TIME TARGET ACTION [VALUE...] with semicolons "
              "between them, like '3s device:2 down; 5s device:2 up', see the manual; times count "
              "from the first capture")
        ->trigger_on_parse();
    AddParsed(app, "--faultScript", read, "the same from a file, an event a line")
        ->trigger_on_parse();
}

void
SetOnOff(const std::string& times)
{
    const std::size_t comma = std::min(times.find(','), times.size());
    FindAttribute("ns3::DdnnBackhaul::OnTime").SetDefault(times.substr(0, comma));
    FindAttribute("ns3::DdnnBackhaul::OffTime")
        .SetDefault(times.substr(comma + (comma < times.size())));
}

} // namespace

void
AddScenarioOptions(CLI::App& app, AttributeOptions& attributes, ScenarioOptions& settings)
{
    app.add_option("--model", settings.model, "checkpoint; by default one is trained");
    AddInputOptions(app, settings.input);
    AddList(app, "--threshold", settings.thresholds, 1, "of the local exit, one run each");
    AddList(app,
            "--upperThresholds",
            settings.upperThresholds,
            1,
            "of those above; else the model's");
    AddSplit(app, settings.split);
    AddNumber(app, "--samples", settings.samples, 0, 1000000, "only the first of them; 0: all");
    AddList(app, "--failed", settings.failed, MAX_DEVICES - 1, "devices that are off, from 0");
    for (const auto& [name, path] : ATTRIBUTES)
    {
        attributes.Add(name, path);
    }
    AddParsed(app,
              "--backhaulOnOff",
              SetOnOff,
              "two times, like 200ms,100ms: how long the link to the cloud transmits, and how long "
              "it then pauses, again and again");
    AddFaults(app, settings.faults);
    app.add_option("--output", settings.output, "folder of the results");
    app.add_flag("--pcap", settings.pcap, "write packet traces into the output folder");
    app.add_flag("--animation", settings.animation, "write NetAnim files into the output folder");
    app.add_flag("--cost", settings.cost, "print what simulating took");
    app.add_flag("--quiet", settings.quiet, "print the table only");
    AddNetworkOptions(app, settings.network);
    AddTrainingOptions(app, settings.network, settings.training);
}

} // namespace ddnn::examples
