// SPDX-License-Identifier: GPL-2.0-only
#include "common.h"

namespace ddnn::examples
{

namespace
{

/// Parses like MP-CC.
bool
ParseAggregations(const std::string& text, Aggregation& first, Aggregation& second)
{
    if (text.size() != 5 || text[2] != '-')
    {
        return false;
    }
    const auto left = FromString<Aggregation>(text.substr(0, 2));
    const auto right = FromString<Aggregation>(text.substr(3));
    first = left.value_or(first);
    second = right.value_or(second);
    return left && right;
}

/// The words of an enum, with what they mean.
template <typename Enum>
std::vector<std::pair<std::string, Enum>>
Choices()
{
    std::vector<std::pair<std::string, Enum>> choices;
    for (const std::string& word : WORDS<Enum>)
    {
        choices.emplace_back(word, *FromString<Enum>(word));
    }
    return choices;
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
                                 Choices<Precision>());
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
    options.AddInts("onlyDevices",
                    "use these devices of the data set, from 0",
                    input.onlyDevices,
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
    options.AddInt("deviceMemory",
                   "bytes that a device's section may need; 0: any number",
                   input.deviceMemory,
                   0,
                   1000000000);
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
                                     Choices<FeatureCoding>());
    options.AddChoice<Confidence>("confidence",
                                  "what an exit compares with its threshold",
                                  settings.confidence,
                                  Choices<Confidence>());
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
        options.Refuse({"trainSamples", "testSamples"},
                       input.dataset + " has its own samples, only synthetic is rendered");
    }
    if (!input.hierarchy.empty())
    {
        const std::string reason = input.hierarchy + " says it, leave this option out";
        options.Refuse({"config", "devices", "device", "onlyDevices"}, reason);
        options.Refuse(NetworkOptionNames(), reason);
        options.Refuse({"localWeight", "edgeWeight", "cloudWeight"}, reason);
        return;
    }
    if (!input.onlyDevices.empty())
    {
        options.Refuse({"devices", "device"}, "--onlyDevices says it, leave one of them out");
    }
    if (input.config != 'f')
    {
        options.Refuse({"edges"}, "only config f has several edges, give --config=f");
    }
    if (input.config < 'd')
    {
        options.Refuse({"edgeFilters", "edgeAggregation", "edgePrecision", "edgeWeight"},
                       "config " + std::string(1, input.config) +
                           " has no edge, give --config=d, e or f");
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
    options.AddDouble("edgeFailout",
                      "probability that an edge is dropped from a sample in training",
                      training.edgeFailout,
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

} // namespace ddnn::examples
