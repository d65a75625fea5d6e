// SPDX-License-Identifier: GPL-2.0-only
// A trained DDNN on cameras, a gateway and a cloud, over Wi-Fi and a wide-area link, once per
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

#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
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
    options.AddRate("backhaulRate", "gateway to cloud", scenario.links.cloud.rate);
    options.AddTime("backhaulDelay",
                    "gateway to cloud, one way",
                    scenario.links.cloud.delay,
                    false);
    options.AddString("wifiStandard", "such as 80211n", scenario.access.wifi.standard);
    options.AddString("wifiRate",
                      "mode of all data frames, such as HtMcs3",
                      scenario.access.wifi.rate);
    options.AddInts("failed",
                    "devices whose radio is off, from 0",
                    scenario.failedDevices,
                    0,
                    MAX_DEVICES - 1);
}

/// What our options or DdnnHelper set would be lost without a word.
void
RefuseOverriddenAttributes(const Options& options)
{
    for (const auto& [attribute, remedy] :
         {std::pair{"DdnnGateway::Threshold", "use --threshold"},
          std::pair{"DdnnGateway::SampleDeadline", "use --deadline"},
          std::pair{"DdnnGateway::Interval", "use --interval"},
          std::pair{"DdnnEndDevice::Interval", "use --interval"},
          std::pair{"DdnnGateway::FirstCapture", "it follows from the start-up of the links"},
          std::pair{"DdnnEndDevice::FirstCapture", "it follows from the start-up of the links"},
          std::pair{"DdnnGateway::Broadcast", "the helper sets it"},
          std::pair{"DdnnEndDevice::Gateway", "the helper sets it"},
          std::pair{"DdnnEndDevice::Server", "the helper sets it"},
          std::pair{"DdnnEndDevice::Index", "the helper sets it"},
          std::pair{"DdnnEndDevice::Slot", "the helper sets it"},
          std::pair{"DdnnServer::Gateway", "the helper sets it"},
          std::pair{"DdnnServer::Tier", "the hierarchy says it"},
          std::pair{"DdnnServer::Node", "the hierarchy says it"},
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
    AddInputOptions(options, settings.input, "abc");
    AddScenarioOptions(options, settings);
    options.AddString("output", "folder of the results", settings.output);
    options.AddFlag("pcap", "write packet traces into the output folder", settings.pcap);
    options.AddFlag("animation", "write NetAnim files into the output folder", settings.animation);
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
    ns3::MakeAccess(settings.scenario.access); // throws if the standard or the rate is not known
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

/// The model that was given, or the default one of the settings.
std::shared_ptr<const Model>
GetModel(const Settings& settings, const Options& options, const Dataset& dataset)
{
    // (a) and (c) are the same network, on other nodes
    InputOptions input = settings.input;
    input.config = input.config == 'a' ? 'c' : input.config;
    Network network = settings.model.empty()
                          ? TrainOrReuse(MakeHierarchy(input, settings.network, dataset),
                                         dataset,
                                         settings.training,
                                         settings.quiet)
                          : LoadModel(settings.model, options, input, settings.network, dataset);
    network.hierarchy.rawOffload = settings.input.config == 'a';
    return std::make_shared<PackedModel>(network);
}

/// Records the run for NetAnim, with the nodes where they are seen best.
std::shared_ptr<void>
Animate(ns3::DdnnHelper& helper, const std::string& file)
{
    constexpr double CLOUD_X = 15;
    if (!std::ofstream(file).good())
    {
        throw std::runtime_error("--animation: cannot write " + file + "; choose another --output");
    }
    ns3::AnimationInterface::SetConstantPosition(helper.GetTopology().GetAggregator(1), CLOUD_X, 0);
    auto animation = std::make_shared<ns3::AnimationInterface>(file);
    animation->UpdateNodeDescription(helper.GetTopology().GetAggregator(0), "gateway");
    animation->UpdateNodeDescription(helper.GetTopology().GetAggregator(1), "cloud");
    for (uint32_t device = 0; device < 1; ++device)
    {
        animation->UpdateNodeDescription(helper.GetTopology().GetNode(0, device),
                                         "device " + std::to_string(device));
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
                        "Simulates a DDNN on cameras, a gateway and a cloud, once per threshold, "
                        "and prints a table.\nWithout --model it trains one, and keeps it for the "
                        "next time.");
        ParseSettings(options, settings, argc, argv);
        const auto dataset = std::make_shared<const Dataset>(LoadInput(settings.input));
        settings.scenario.samples = CheckInputs(settings, *dataset);
        return Simulate(settings, GetModel(settings, options, *dataset), dataset);
    });
}
