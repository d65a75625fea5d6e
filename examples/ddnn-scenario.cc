// SPDX-License-Identifier: GPL-2.0-only
// A trained DDNN on any hierarchy of devices, edges and a cloud, over any access network, once per
// threshold of the local exit: the paper's Table II, measured. This is ./ddnn run.
#include "common.h"
#include "model-cache.h"
#include "models.h"
#include "output.h"
#include "progress.h"
#include "scenario-table.h"

#include "contrib-ddnn/packed-model.h"

#include "ns3/animation-interface.h"
#include "ns3/ddnn-csv.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-scenario.h"
#include "ns3/ddnn-summary.h"
#include "ns3/mobility-model.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

using namespace ddnn;
using namespace ddnn::examples;

namespace
{

/// All that the command line says.
struct Settings
{
    InputOptions input;
    PresetSettings network;
    TrainSettings training;
    ns3::DdnnScenarioSettings scenario;
    std::string model;
    std::vector<double> thresholds{0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0}; ///< Table II's
    Split split{Split::TEST};
    int samples{0};
    std::string output{"ddnn-output"};
    bool pcap{false};
    bool animation{false};
    bool cost{false};
    bool quiet{false};
};

void
AddScenarioOptions(Options& options, Settings& settings)
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

void
ParseSettings(Options& options, Settings& settings, int argc, char* argv[])
{
    options.AddString("model", "checkpoint; by default one is trained", settings.model);
    AddInputOptions(options, settings.input, "abcdef");
    AddScenarioOptions(options, settings);
    AddLinkOptions(options, settings.scenario);
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
}

/// The samples to capture. What can be checked before a model is trained is checked here.
std::vector<std::size_t>
CheckInputs(const Settings& settings, const Dataset& dataset)
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
Technologies(const Settings& settings, const Hierarchy& hierarchy)
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
Warn(const Settings& settings, const Hierarchy& hierarchy)
{
    const auto names = Technologies(settings, hierarchy);
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
GetNetwork(const Settings& settings, const Options& options, const Dataset& dataset)
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
ChooseInterval(const Options& options, const Hierarchy& hierarchy, Settings& settings)
{
    if (!options.IsSet("interval") && Technologies(settings, hierarchy).count("lrwpan") > 0)
    {
        settings.scenario.interval = ns3::Seconds(1);
    }
}

/// Gives a node that stands nowhere a place in the animation, and a name.
void
Place(ns3::AnimationInterface& animation,
      ns3::Ptr<ns3::Node> node,
      double x,
      double y,
      const std::string& name)
{
    if (!node->GetObject<ns3::MobilityModel>())
    {
        ns3::AnimationInterface::SetConstantPosition(node, x, y);
    }
    animation.UpdateNodeDescription(node, name);
}

/// Records the run for NetAnim: a row of nodes per tier, the cloud to the right.
std::shared_ptr<void>
Animate(ns3::DdnnHelper& helper, const std::string& file)
{
    constexpr double DISTANCE = 15;
    if (!std::ofstream(file).good())
    {
        throw std::runtime_error("--animation: cannot write " + file + "; choose another --output");
    }
    const ns3::DdnnTopology& topology = helper.GetTopology();
    auto animation = std::make_shared<ns3::AnimationInterface>(file);
    const auto& tiers = helper.GetHierarchy().tiers;
    for (int tier = 0; tier < static_cast<int>(tiers.size()); ++tier)
    {
        const std::string exit = ExitName(helper.GetHierarchy(), tier) + " aggregator";
        Place(*animation, topology.GetAggregator(tier), (2 * tier + 1) * DISTANCE, 0, exit);
        for (int node = 0; node < tiers[tier].numNodes; ++node)
        {
            Place(*animation,
                  topology.GetNode(tier, node),
                  2 * tier * DISTANCE,
                  node * DISTANCE / 3,
                  tiers[tier].name + " " + std::to_string(node));
        }
    }
    for (std::size_t cell = 0; cell < topology.GetCells().size(); ++cell)
    {
        Place(*animation,
              topology.GetCells()[cell].gateway,
              DISTANCE / 2,
              static_cast<double>(cell) * DISTANCE,
              "gateway " + std::to_string(cell));
    }
    return animation;
}

/// The settings of the run with one threshold.
ns3::DdnnScenarioSettings
OneRun(const Settings& settings, double threshold)
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
Simulate(const Settings& settings,
         const std::shared_ptr<const Model>& model,
         const std::shared_ptr<const Dataset>& dataset)
{
    std::filesystem::create_directories(settings.output);
    const Hierarchy& hierarchy = model->GetHierarchy();
    ns3::DdnnCsv csv(hierarchy);
    std::vector<ns3::DdnnSummary> rows;
    Progress progress(!settings.quiet);
    for (double threshold : settings.thresholds)
    {
        progress.Show(static_cast<double>(rows.size()) / settings.thresholds.size(),
                      "simulating T = " + ToText(threshold));
        const ns3::DdnnRunResult result = RunScenario(OneRun(settings, threshold), model, dataset);
        rows.push_back(Summarise(result, hierarchy, threshold));
        csv.Add(result, rows.back());
        csv.Write(settings.output); // now, so that a stopped run keeps what it has finished
    }
    progress.Clear();
    PrintTable(rows, hierarchy);
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
        Settings settings;
        Options options("ddnn-scenario",
                        "Simulates a DDNN on devices, edges and a cloud, once per threshold, "
                        "and prints a table.\nWithout --model it trains one, and keeps it for the "
                        "next time.");
        ParseSettings(options, settings, argc, argv);
        const auto dataset = std::make_shared<const Dataset>(LoadInput(settings.input));
        settings.scenario.samples = CheckInputs(settings, *dataset);
        const Network network = GetNetwork(settings, options, *dataset);
        ChooseInterval(options, network.hierarchy, settings);
        return Simulate(settings, std::make_shared<PackedModel>(network), dataset);
    });
}
