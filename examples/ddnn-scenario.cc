// SPDX-License-Identifier: GPL-2.0-only
// A trained DDNN on any hierarchy of devices, edges and a cloud, over any access network, once per
// threshold of the local exit: the paper's Table II, measured. This is ./ddnn run.
#include "cli/animation.h"
#include "cli/models.h"
#include "cli/output.h"
#include "cli/scenario-options.h"
#include "cli/scenario-table.h"

#include "contrib-ddnn/inference/packed-model.h"

#include "ns3/ddnn-attributes.h"
#include "ns3/ddnn-csv.h"
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

/// The samples to capture.
std::vector<std::size_t>
ChooseSamples(const ScenarioOptions& settings, const Dataset& dataset)
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
OneRun(const ScenarioOptions& settings,
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
GetNetwork(const ScenarioOptions& settings,
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
        Network network =
            LoadModel(settings.model, app, settings.input, settings.network, *dataset);
        network.hierarchy.rawOffload = network.hierarchy.rawOffload || settings.input.config == 'a';
        check(network.hierarchy);
        return network;
    }
    const Hierarchy wanted = MakeHierarchy(settings.input, settings.network, *dataset);
    check(wanted); // now, as training takes long
    // where the sections run changes nothing in training
    Hierarchy trained = wanted;
    trained.rawOffload = false;
    trained.cells.clear();
    Network network = TrainOrReuse(trained, *dataset, settings.training, settings.quiet);
    network.hierarchy.rawOffload = wanted.rawOffload;
    network.hierarchy.cells = wanted.cells;
    return network;
}

int
Simulate(const ScenarioOptions& settings,
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
            ScenarioOptions settings;
            AttributeOptions attributes(app);
            AddScenarioOptions(app, attributes, settings);
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
