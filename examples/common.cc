// SPDX-License-Identifier: GPL-2.0-only
#include "common.h"

#include "output.h"

#include "contrib-ddnn/synthetic.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <stdexcept>

namespace ddnn::examples
{

namespace
{

constexpr const char* SYNTHETIC = "synthetic";

/// Parses like MP-CC: how the local and the cloud exit join their nodes.
bool
ParseAggregations(const std::string& text, PresetSettings& settings)
{
    if (text.size() != 5 || text[2] != '-')
    {
        return false;
    }
    try
    {
        settings.local = ParseAggregation(text.substr(0, 2));
        settings.cloud = ParseAggregation(text.substr(3));
    }
    catch (const std::runtime_error&)
    {
        return false;
    }
    return true;
}

/// The first devices, or the one of config b.
std::vector<int>
ChosenDevices(const InputOptions& input, int available)
{
    const int first = input.config == 'b' ? input.device : 0;
    const int count = input.config == 'b' ? 1 : input.devices > 0 ? input.devices : available;
    if (first + count > available)
    {
        const std::string option = input.config == 'b'
                                       ? "--device=" + std::to_string(input.device)
                                       : "--devices=" + std::to_string(input.devices);
        throw std::runtime_error(option + ": " + input.dataset + " has " +
                                 Plural(available, "device") + " only");
    }
    std::vector<int> chosen(count);
    std::iota(chosen.begin(), chosen.end(), first);
    return chosen;
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
    options.AddChoice("config", "configuration of the paper's Fig. 2", input.config, choices);
    options.AddInt("devices",
                   "use the first devices of the data set; 0: all",
                   input.devices,
                   0,
                   MAX_DEVICES);
    options.AddInt("device", "the device of config b, from 0", input.device, 0, MAX_DEVICES - 1);
}

void
AddNetworkOptions(Options& options, PresetSettings& settings)
{
    options.Add("aggregation",
                "how the local and the cloud exit join the devices",
                "two of MP, AP, CC with a dash, like MP-CC",
                ToString(settings.local) + "-" + ToString(settings.cloud),
                [&settings](const std::string& text) {
                    return ParseAggregations(text, settings);
                });
    options.AddInt("filters", "filters of each device", settings.filters, 1, 64);
    options.AddInt("cloudFilters",
                   "filters of each block of the cloud",
                   settings.cloudFilters,
                   1,
                   64);
    options.AddInt("cloudBlocks", "blocks of the cloud", settings.cloudBlocks, 1, 4);
    options.AddInt("cloudPoolStride",
                   "stride of pooling in the cloud",
                   settings.cloudPoolStride,
                   1,
                   2);
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
    if (input.config == 'b' && input.devices > 1)
    {
        throw std::runtime_error("--devices=" + std::to_string(input.devices) +
                                 ": config b has one device, choose it by --device");
    }
    if (input.config != 'b' && input.device != 0)
    {
        throw std::runtime_error("--device=" + std::to_string(input.device) +
                                 ": only config b chooses one device, give --config=b");
    }
    if (input.dataset == SYNTHETIC)
    {
        SyntheticSettings settings;
        settings.numDevices = input.config == 'b' ? std::max(DEFAULT_DEVICES, input.device + 1)
                              : input.devices > 0 ? input.devices
                                                  : DEFAULT_DEVICES;
        const Dataset dataset = RenderSynthetic(settings);
        return SelectDevices(dataset, ChosenDevices(input, dataset.numDevices));
    }
    const Dataset dataset = LoadDataset(input.dataset);
    return SelectDevices(dataset, ChosenDevices(input, dataset.numDevices));
}

Hierarchy
MakeHierarchy(char config, PresetSettings settings, const Dataset& dataset)
{
    const auto& shapes = dataset.shapes;
    const bool alike =
        std::adjacent_find(shapes.begin(), shapes.end(), std::not_equal_to<>()) == shapes.end();
    settings.views.assign(shapes.begin(), alike ? shapes.begin() + 1 : shapes.end());
    settings.numClasses = dataset.numClasses;
    settings.numDevices = dataset.numDevices;
    return MakePreset(config, settings);
}

} // namespace ddnn::examples
