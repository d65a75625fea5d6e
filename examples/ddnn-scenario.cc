// SPDX-License-Identifier: GPL-2.0-only
// A trained DDNN on any hierarchy of devices, edges and a cloud, over any access network, once per
// threshold of the local exit: the paper's Table II, measured. This is ./ddnn run.
#include "animation.h"
#include "energy-options.h"
#include "model-cache.h"
#include "models.h"
#include "output.h"
#include "progress.h"
#include "scenario-options.h"
#include "scenario-table.h"

#include "contrib-ddnn/packed-model.h"

#include "ns3/ddnn-csv.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-scenario.h"
#include "ns3/ddnn-summary.h"

#include <filesystem>
#include <iostream>
#include <set>
#include <stdexcept>

using namespace ddnn;
using namespace ddnn::examples;

namespace
{

/// The samples to capture. What can be checked before a model is trained is checked here.
std::vector<std::size_t>
CheckInputs(const ScenarioOptions& settings, const Dataset& dataset)
{
    CheckFolderWritable("--output", settings.output);
    ns3::DdnnWifiAccess{settings.scenario.access.wifi}; // throws if an option is not known
    for (int device : settings.scenario.failedDevices)
    {
        if (device >= dataset.numDevices)
        {
            throw std::runtime_error("--failed=" + std::to_string(device) + ": there are " +
                                     Plural(dataset.numDevices, "device") + ", numbered from 0");
        }
    }
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

/// The technologies of the hierarchy's cells, that of --access among them.
std::set<std::string>
Technologies(const ScenarioOptions& settings, const Hierarchy& hierarchy)
{
    std::set<std::string> names;
    for (const Cell& cell : hierarchy.cells)
    {
        names.insert(cell.access.empty() ? settings.scenario.access.name : cell.access);
    }
    if (names.empty())
    {
        names.insert(settings.scenario.access.name);
    }
    return names;
}

void
Warn(const ScenarioOptions& settings, const Hierarchy& hierarchy)
{
    const auto names = Technologies(settings, hierarchy);
    const std::string energyWarning = EnergyWarning(names);
    if (settings.scenario.energy.enabled && !energyWarning.empty() && !settings.quiet)
    {
        std::cerr << "ddnn-scenario: warning: " << energyWarning << "\n";
    }
    const bool shared = names != std::set<std::string>{"p2p"};
    for (const std::string& warning : Warnings(hierarchy))
    {
        if (shared && !settings.quiet)
        {
            std::cerr << "ddnn-scenario: warning: " << warning << "\n";
        }
    }
}

/// The network that was given, or the default one of the settings.
Network
GetNetwork(const ScenarioOptions& settings, const Options& options, const Dataset& dataset)
{
    if (!settings.model.empty())
    {
        Network network =
            LoadModel(settings.model, options, settings.input, settings.network, dataset);
        network.hierarchy.rawOffload = network.hierarchy.rawOffload || settings.input.config == 'a';
        Warn(settings, network.hierarchy);
        return network;
    }
    const Hierarchy wanted = MakeHierarchy(settings.input, settings.network, dataset);
    Warn(settings, wanted);
    CheckScenario(settings.scenario, wanted); // now, as training takes long
    // where the sections run changes nothing in training
    Hierarchy trained = wanted;
    trained.rawOffload = false;
    trained.cells.clear();
    Network network = TrainOrReuse(trained, dataset, settings.training, settings.quiet);
    network.hierarchy.rawOffload = wanted.rawOffload;
    network.hierarchy.cells = wanted.cells;
    return network;
}

/// Slow links cannot carry ten samples a second.
void
ChooseInterval(const Options& options, const Hierarchy& hierarchy, ScenarioOptions& settings)
{
    if (!options.IsSet("interval") && Technologies(settings, hierarchy).count("lrwpan") > 0)
    {
        settings.scenario.interval = ns3::Seconds(1);
    }
}

/// The settings of the run with one threshold.
ns3::DdnnScenarioSettings
OneRun(const ScenarioOptions& settings, double threshold)
{
    ns3::DdnnScenarioSettings run = settings.scenario;
    run.threshold = threshold;
    const std::string suffix = "T" + ToText(threshold);
    if (settings.pcap)
    {
        run.pcapPrefix = settings.output + "/" + suffix;
    }
    if (settings.animation)
    {
        run.attach = [file = settings.output + "/animation-" + suffix +
                             ".xml"](ns3::DdnnHelper& helper) {
            return Animate(helper, file);
        };
    }
    return run;
}

int
Simulate(const ScenarioOptions& settings,
         const std::shared_ptr<const Model>& model,
         const std::shared_ptr<const Dataset>& dataset)
{
    std::filesystem::create_directories(settings.output);
    const Hierarchy& hierarchy = model->GetHierarchy();
    const bool energy = settings.scenario.energy.enabled;
    ns3::DdnnCsv csv(hierarchy, energy, !settings.scenario.faults.empty());
    std::vector<ns3::DdnnSummary> rows;
    std::string energyText;
    Progress progress(!settings.quiet);
    for (double threshold : settings.thresholds)
    {
        progress.Show(static_cast<double>(rows.size()) / settings.thresholds.size(),
                      "simulating T = " + ToText(threshold));
        const ns3::DdnnRunResult result = RunScenario(OneRun(settings, threshold), model, dataset);
        rows.push_back(Summarise(result, hierarchy, threshold));
        csv.Add(result, rows.back());
        energyText += energy ? EnergyText(rows.back(), result.energy->deaths) + "\n" : "";
        csv.Write(settings.output); // now, so that a stopped run keeps what it has finished
    }
    progress.Clear();
    PrintTable(rows, hierarchy);
    std::cout << energyText;
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
    return RunMain("ddnn-scenario", [&] {
        ScenarioOptions settings;
        Options options("ddnn-scenario",
                        "Simulates a DDNN on devices, edges and a cloud, once per threshold, "
                        "and prints a table.\nWithout --model it trains one, and keeps it for the "
                        "next time.");
        ParseScenarioOptions(options, settings, argc, argv);
        const auto dataset = std::make_shared<const Dataset>(LoadInput(settings.input));
        settings.scenario.samples = CheckInputs(settings, *dataset);
        const Network network = GetNetwork(settings, options, *dataset);
        ChooseInterval(options, network.hierarchy, settings);
        CheckScenario(settings.scenario, network.hierarchy); // before anything is written
        return Simulate(settings, std::make_shared<PackedModel>(network), dataset);
    });
}
