// SPDX-License-Identifier: GPL-2.0-only
#include "common.h"

#include "output.h"

#include "contrib-ddnn/evaluation.h"
#include "contrib-ddnn/hierarchy-json.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <stdexcept>

namespace ddnn::examples
{

namespace
{

constexpr const char* SYNTHETIC = "synthetic";

/// Parses like MP-CC.
bool
ParseAggregations(const std::string& text, Aggregation& first, Aggregation& second)
{
    if (text.size() != 5 || text[2] != '-')
    {
        return false;
    }
    try
    {
        first = ParseAggregation(text.substr(0, 2));
        second = ParseAggregation(text.substr(3));
    }
    catch (const std::runtime_error&)
    {
        return false;
    }
    return true;
}

void
AddAggregations(Options& options,
                const std::string& name,
                const std::string& help,
                Aggregation& first,
                Aggregation& second)
{
    options.Add(name,
                help,
                "two of MP, AP, CC with a dash, like MP-CC",
                ToString(first) + "-" + ToString(second),
                [&first, &second](const std::string& text) {
                    return ParseAggregations(text, first, second);
                });
}

void
AddPrecision(Options& options, const std::string& tier, Precision& precision)
{
    options.AddChoice<Precision>(tier + "Precision",
                                 "weights and activations of the " + tier + " tier",
                                 precision,
                                 {{"binary", Precision::BINARY}, {"float", Precision::FLOAT}});
}

/// Whether the config has one device, which --device chooses.
bool
IsSingle(char config)
{
    return config == 'b' || config == 'd';
}

/// How many devices the options ask for; 0: as many as there are.
int
WantedDevices(const InputOptions& input)
{
    if (!input.hierarchy.empty())
    {
        return ReadHierarchy(input.hierarchy).tiers[0].numNodes;
    }
    return IsSingle(input.config) ? 1 : input.devices;
}

/// The first devices, or the one of config b or d.
Dataset
ChooseDevices(const InputOptions& input, Dataset dataset)
{
    const bool one = input.hierarchy.empty() && IsSingle(input.config);
    const int first = one ? input.device : 0;
    const int wanted = WantedDevices(input);
    const int count = wanted > 0 ? wanted : dataset.numDevices;
    if (first + count > dataset.numDevices)
    {
        const std::string option = !input.hierarchy.empty() ? "--hierarchy=" + input.hierarchy
                                   : one ? "--device=" + std::to_string(input.device)
                                         : "--devices=" + std::to_string(input.devices);
        throw std::runtime_error(option + ": " + input.dataset + " has " +
                                 Plural(dataset.numDevices, "device") + " only");
    }
    if (count == dataset.numDevices)
    {
        return dataset; // without a copy of what may be large
    }
    std::vector<int> chosen(count);
    std::iota(chosen.begin(), chosen.end(), first);
    return SelectDevices(dataset, chosen);
}

Dataset
Render(const InputOptions& input)
{
    SyntheticSettings settings;
    const int wanted = WantedDevices(input);
    settings.numTrain = input.trainSamples;
    settings.numTest = input.testSamples;
    settings.numDevices = input.device > 0 ? std::max(DEFAULT_DEVICES, input.device + 1)
                          : wanted > 0     ? wanted
                                           : DEFAULT_DEVICES;
    return RenderSynthetic(settings);
}

/// \throws std::runtime_error if one of the options was given
void
Refuse(const Options& options, const std::vector<std::string>& names, const std::string& reason)
{
    for (const std::string& name : names)
    {
        if (options.IsSet(name))
        {
            throw std::runtime_error("--" + name + ": " + reason);
        }
    }
}

} // namespace

void
AddInputOptions(Options& options, InputOptions& input, const std::string& configs)
{
    std::vector<std::pair<std::string, char>> choices;
    for (char config : configs)
    {
        choices.emplace_back(std::string(1, config), config);
    }
    options.AddString("dataset", "data set: a file, or synthetic", input.dataset);
    options.AddInt("trainSamples", "of synthetic", input.trainSamples, 1, 1000000);
    options.AddInt("testSamples", "of synthetic", input.testSamples, 0, 1000000);
    options.AddChoice("config", "configuration of the paper's Fig. 2", input.config, choices);
    options.AddInt("devices",
                   "use the first devices of the data set; 0: all",
                   input.devices,
                   0,
                   MAX_DEVICES);
    options.AddInt("device",
                   "the device of configs b and d, from 0",
                   input.device,
                   0,
                   MAX_DEVICES - 1);
    options.AddString("hierarchy",
                      "file that describes the network in place of --config",
                      input.hierarchy);
    options.AddInt("cells",
                   "split the devices into as many cells; 0: as the hierarchy says",
                   input.cells,
                   0,
                   MAX_DEVICES);
}

void
AddNetworkOptions(Options& options, PresetSettings& settings)
{
    AddAggregations(options,
                    "aggregation",
                    "how the local exit joins scores and the cloud joins features",
                    settings.local,
                    settings.cloud);
    options.AddInt("filters", "filters of each device", settings.filters, 1, 64);
    options.AddInt("cloudFilters",
                   "filters of each block of the cloud",
                   settings.cloudFilters,
                   1,
                   64);
    options.AddInt("cloudBlocks",
                   "blocks of the cloud; one of them moves to the edge where there is one",
                   settings.cloudBlocks,
                   1,
                   4);
    options.AddInt("cloudPoolStride",
                   "stride of pooling in the cloud",
                   settings.cloudPoolStride,
                   1,
                   2);
    options.AddInt("edges", "edges of config f", settings.numEdges, 1, MAX_DEVICES);
    options.AddInt("edgeFilters", "filters of each edge", settings.edgeFilters, 1, 64);
    AddAggregations(options,
                    "edgeAggregation",
                    "how the edge exit joins scores and an edge joins features",
                    settings.edgeScores,
                    settings.edgeFeatures);
    AddPrecision(options, "device", settings.devicePrecision);
    AddPrecision(options, "edge", settings.edgePrecision);
    AddPrecision(options, "cloud", settings.cloudPrecision);
    options.AddChoice<FeatureCoding>("coding",
                                     "how the features of float sections travel",
                                     settings.coding,
                                     {{"float32", FeatureCoding::FLOAT32},
                                      {"float16", FeatureCoding::FLOAT16},
                                      {"int8", FeatureCoding::INT8}});
    options.AddChoice<Confidence>("confidence",
                                  "what an exit compares with its threshold",
                                  settings.confidence,
                                  {{"entropy", Confidence::ENTROPY},
                                   {"max-softmax", Confidence::MAX_SOFTMAX},
                                   {"margin", Confidence::MARGIN}});
}

const std::vector<std::string>&
NetworkOptionNames()
{
    static const std::vector<std::string> names{"aggregation",
                                                "filters",
                                                "cloudFilters",
                                                "cloudBlocks",
                                                "cloudPoolStride",
                                                "edges",
                                                "edgeFilters",
                                                "edgeAggregation",
                                                "devicePrecision",
                                                "edgePrecision",
                                                "cloudPrecision",
                                                "coding",
                                                "confidence"};
    return names;
}

void
CheckInputOptions(const Options& options, const InputOptions& input)
{
    if (input.dataset != SYNTHETIC)
    {
        Refuse(options,
               {"trainSamples", "testSamples"},
               input.dataset + " has its own samples, only synthetic is rendered");
    }
    if (!input.hierarchy.empty())
    {
        const std::string reason = input.hierarchy + " says it, leave this option out";
        Refuse(options, {"config", "devices", "device"}, reason);
        Refuse(options, NetworkOptionNames(), reason);
        Refuse(options, {"localWeight", "edgeWeight", "cloudWeight"}, reason);
        return;
    }
    if (input.config != 'f')
    {
        Refuse(options, {"edges"}, "only config f has several edges, give --config=f");
    }
    if (input.config < 'd')
    {
        Refuse(options,
               {"edgeFilters", "edgeAggregation", "edgePrecision", "edgeWeight"},
               "config " + std::string(1, input.config) + " has no edge, give --config=d, e or f");
    }
}

void
AddTrainingOptions(Options& options, PresetSettings& network, TrainSettings& training)
{
    using Decay = LearningRateDecay;
    options.AddDouble("localWeight",
                      "weight of the local exit's loss",
                      network.localWeight,
                      0,
                      1e6);
    options.AddDouble("edgeWeight", "weight of the edge exit's loss", network.edgeWeight, 0, 1e6);
    options.AddDouble("cloudWeight",
                      "weight of the cloud exit's loss",
                      network.cloudWeight,
                      0,
                      1e6);
    options.AddDouble("deviceExitWeight",
                      "weight of the loss of each device's own exit",
                      training.deviceExitWeight,
                      0,
                      1e6);
    options.AddDouble("failout",
                      "probability that a device is dropped from a sample in training",
                      training.failout,
                      0,
                      0.99);
    options.AddInt("batch", "samples per training step", training.batch, 2, 100000);
    options.AddInt("epochs", "passes over the training samples", training.epochs, 1, 100000);
    options.AddDouble("learningRate", "learning rate of Adam", training.learningRate, 1e-9, 1);
    options.AddChoice<Decay>("learningRateDecay",
                             "how the learning rate falls",
                             training.decay,
                             {{"none", Decay::NONE}, {"linear", Decay::LINEAR}});
    options.AddDouble("validation",
                      "fraction of the training samples kept for choosing thresholds",
                      training.validation,
                      0,
                      0.5);
    options.AddSeed("seed", "seed of the training", training.seed);
}

Dataset
LoadInput(const InputOptions& input)
{
    const std::string config(1, input.config);
    const bool single = input.hierarchy.empty() && IsSingle(input.config);
    if (single && input.devices > 1)
    {
        throw std::runtime_error("--devices=" + std::to_string(input.devices) + ": config " +
                                 config + " has one device, choose it by --device");
    }
    if (!single && input.device != 0)
    {
        throw std::runtime_error("--device=" + std::to_string(input.device) +
                                 ": only configs b and d choose one device, give --config=b");
    }
    return ChooseDevices(input,
                         input.dataset == SYNTHETIC ? Render(input) : LoadDataset(input.dataset));
}

Hierarchy
MakeHierarchy(const InputOptions& input, PresetSettings settings, const Dataset& dataset)
{
    const auto& shapes = dataset.shapes;
    const bool alike =
        std::adjacent_find(shapes.begin(), shapes.end(), std::not_equal_to<>()) == shapes.end();
    settings.views.assign(shapes.begin(), alike ? shapes.begin() + 1 : shapes.end());
    settings.numClasses = dataset.numClasses;
    settings.numDevices = dataset.numDevices;
    Hierarchy hierarchy = input.hierarchy.empty() ? MakePreset(input.config, settings)
                                                  : ReadHierarchy(input.hierarchy);
    try
    {
        CheckFit(hierarchy, dataset);
    }
    catch (const std::runtime_error& e)
    {
        throw std::runtime_error(input.hierarchy + " and " + input.dataset + ": " + e.what());
    }
    if (input.cells > 0)
    {
        SplitIntoCells(hierarchy, input.cells);
    }
    return hierarchy;
}

} // namespace ddnn::examples
