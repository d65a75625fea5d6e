// SPDX-License-Identifier: GPL-2.0-only
// A trained DDNN on any hierarchy of devices, edges and a cloud, over any access network, once per
// threshold of the local exit: the paper's Table II, measured. This is ./ddnn run.
#include "cli/animation.h"
#include "cli/attribute-options.h"
#include "cli/attribute-value.h"
#include "cli/input.h"
#include "cli/models.h"
#include "cli/output.h"
#include "cli/scenario-table.h"

#include "contrib-ddnn/inference/packed-model.h"

#include "ns3/ddnn-attributes.h"
#include "ns3/ddnn-csv.h"
#include "ns3/ddnn-fault.h"
#include "ns3/ddnn-scenario.h"
#include "ns3/ddnn-summary.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>
#include <stdexcept>
#include <tuple>

using namespace ddnn;
using namespace ddnn::examples;

namespace
{

/// What the command line says beside attributes.
struct Settings
{
    InputOptions input;
    std::string model;
    std::vector<double> thresholds{0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0}; ///< Table II's
    std::vector<double> upperThresholds; ///< of the exits above the local one; empty: the model's
    Split split{Split::TEST};
    int samples{0};                     ///< the first of them; 0: all
    std::vector<int> failed;            ///< devices that are off
    std::vector<ns3::DdnnFault> faults; ///< that happen while it runs
    std::string output{"ddnn-output"};
    bool pcap{false};
    bool animation{false};
    bool cost{false};
    bool quiet{false};
};

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

void
AddOptions(CLI::App& app, AttributeOptions& attributes, Settings& settings)
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
    AddNetworkOptions(app, settings.input);
    AddTrainingOptions(app, settings.input);
}

/// The samples to capture.
std::vector<std::size_t>
ChooseSamples(const Settings& settings, const Dataset& dataset)
{
    std::vector<std::size_t> samples = Indices(dataset, settings.split);
    const std::size_t wanted = settings.samples > 0 ? settings.samples : samples.size();
    if (wanted > samples.size() || samples.empty())
    {
        throw std::runtime_error("--samples=" + std::to_string(settings.samples) + ": " +
                                 settings.input.dataset + " has " +
                                 Plural(samples.size(), "sample") + " in this --split");
    }
    samples.resize(wanted);
    return samples;
}

/// \throws std::runtime_error if an attribute is set of what the hierarchy does not have
void
RefuseWithoutEffect(const Hierarchy& hierarchy)
{
    const auto& tiers = hierarchy.tiers;
    const bool several = std::any_of(tiers.begin() + 1, tiers.end(), [](const Tier& tier) {
        return tier.numNodes > 1;
    });
    const bool cells = hierarchy.cells.size() > 1;
    for (const auto& [hasEffect, type, attribute, reason] :
         {std::tuple{cells, "DdnnTopologyHelper", "CellRate", "there is one cell"},
          std::tuple{cells, "DdnnTopologyHelper", "CellDelay", "there is one cell"},
          std::tuple{tiers.size() > 2, "DdnnTopologyHelper", "EdgeRate", "there is no edge"},
          std::tuple{tiers.size() > 2, "DdnnTopologyHelper", "EdgeDelay", "there is no edge"},
          std::tuple{tiers.size() > 2, "DdnnScenario", "EdgeSpeed", "there is no edge"},
          std::tuple{tiers.size() > 1, "DdnnScenario", "CloudSpeed", "there is one tier"},
          std::tuple{tiers.size() > 1, "DdnnScenario", "CloudCores", "there is one tier"},
          std::tuple{several, "DdnnTopologyHelper", "ExitRate", "each upper tier is one node"},
          std::tuple{several, "DdnnTopologyHelper", "ExitDelay", "each upper tier is one node"}})
    {
        const std::string name = std::string("ns3::") + type;
        if (!hasEffect && !ns3::IsDefaultUnchanged(name, attribute))
        {
            throw std::runtime_error(name + "::" + attribute + " has no effect: " + reason);
        }
    }
}

void
Warn(const std::vector<std::string>& warnings, bool quiet)
{
    for (const std::string& warning : warnings)
    {
        if (!quiet)
        {
            std::cerr << "ddnn-scenario: warning: " << warning << "\n";
        }
    }
}

/// The settings of the run with one threshold.
ns3::DdnnRunSettings
OneRun(const Settings& settings,
       const std::vector<std::size_t>& samples,
       const Hierarchy& hierarchy,
       double threshold)
{
    const std::size_t between = std::max<std::size_t>(hierarchy.tiers.size(), 2) - 2;
    if (settings.upperThresholds.size() > between)
    {
        throw std::runtime_error("--upperThresholds: there is " + Plural(between, "exit") +
                                 " between the local and the last one");
    }
    ns3::DdnnRunSettings run;
    run.samples = samples;
    run.thresholds[0] = threshold;
    for (double upper : settings.upperThresholds)
    {
        run.thresholds[static_cast<int>(run.thresholds.size())] = upper;
    }
    run.failedDevices = settings.failed;
    run.faults = settings.faults;
    const std::string suffix = "T" + Short(threshold);
    run.pcapPrefix = settings.pcap ? settings.output + "/" + suffix : "";
    if (settings.animation)
    {
        const std::string file = settings.output + "/animation-" + suffix + ".xml";
        run.attach = [file](const ns3::DdnnScenarioParts& parts) {
            return Animate(parts, file);
        };
    }
    return run;
}

/// The network that was given, or the default one of the settings.
Network
GetNetwork(const Settings& settings,
           const CLI::App& app,
           const std::shared_ptr<const Dataset>& dataset,
           const std::vector<std::size_t>& samples)
{
    const auto check = [&](const Hierarchy& hierarchy) {
        RefuseWithoutEffect(hierarchy);
        auto run = OneRun(settings, samples, hierarchy, 0);
        run.pcapPrefix.clear(); // the folder is made if all is well
        Warn(ns3::CreateObject<ns3::DdnnScenario>()->Check(run, hierarchy, dataset),
             settings.quiet);
        std::filesystem::create_directories(settings.output);
        CheckWritable(settings.output + "/samples.csv");
    };
    if (!settings.model.empty())
    {
        Network network = LoadModel(settings.model, app, settings.input, *dataset);
        network.hierarchy.rawOffload = network.hierarchy.rawOffload || settings.input.config == 'a';
        check(network.hierarchy);
        return network;
    }
    const Hierarchy wanted = MakeHierarchy(settings.input, *dataset);
    check(wanted); // now, as training takes long
    // where the sections run changes nothing in training
    Hierarchy trained = wanted;
    trained.rawOffload = false;
    trained.cells.clear();
    Network network = TrainOrReuse(trained, *dataset, settings.input.training, settings.quiet);
    network.hierarchy.rawOffload = wanted.rawOffload;
    network.hierarchy.cells = wanted.cells;
    return network;
}

int
Simulate(const Settings& settings,
         const std::vector<std::size_t>& samples,
         const std::shared_ptr<const Model>& model,
         const std::shared_ptr<const Dataset>& dataset)
{
    const Hierarchy& hierarchy = model->GetHierarchy();
    ns3::DdnnCsv csv(hierarchy);
    std::vector<ns3::DdnnSummary> rows;
    std::set<std::string> warned;
    Progress progress(!settings.quiet);
    for (double threshold : settings.thresholds)
    {
        progress.Show(static_cast<double>(rows.size()) / settings.thresholds.size(),
                      "simulating T = " + Short(threshold));
        const ns3::DdnnRunResult result = ns3::CreateObject<ns3::DdnnScenario>()->Run(
            OneRun(settings, samples, hierarchy, threshold),
            model,
            dataset);
        for (const std::string& warning : result.warnings)
        {
            if (warned.insert(warning).second)
            {
                progress.Clear();
                Warn({warning}, settings.quiet);
            }
        }
        rows.push_back(Summarise(result, hierarchy, threshold));
        csv.Add(result, rows.back());
        csv.Write(settings.output); // now, so that a stopped run keeps what it has finished
    }
    progress.Clear();
    PrintTable(rows, hierarchy);
    PrintEnergy(rows);
    if (settings.cost)
    {
        PrintCost(rows, hierarchy);
    }
    if (!settings.quiet)
    {
        std::cerr << "Every sample is in " << settings.output << "/samples.csv\n";
    }
    return 0;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunMain(
        "ddnn-scenario",
        "Simulates a DDNN on devices, edges and a cloud, once per threshold, and prints "
        "a table.\nWithout --model it trains one, and keeps it for the next time.",
        [&](CLI::App& app) {
            Settings settings;
            AttributeOptions attributes(app);
            AddOptions(app, attributes, settings);
            app.parse(argc, argv);
            attributes.ParseExtras();
            CheckInputOptions(app, settings.input);
            const auto dataset = std::make_shared<const Dataset>(LoadInput(settings.input));
            const std::vector<std::size_t> samples = ChooseSamples(settings, *dataset);
            try
            {
                const Network network = GetNetwork(settings, app, dataset, samples);
                return Simulate(settings, samples, std::make_shared<PackedModel>(network), dataset);
            }
            catch (const CLI::Error&)
            {
                throw; // names its option
            }
            catch (const std::runtime_error& e)
            {
                throw std::runtime_error(attributes.Blame(e.what()));
            }
        });
}
