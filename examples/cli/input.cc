// SPDX-License-Identifier: GPL-2.0-only
#include "input.h"

#include "output.h"

#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/hierarchy/exit-criterion.h"
#include "contrib-ddnn/hierarchy/hierarchy-json.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace ddnn::examples
{

namespace
{

constexpr const char* SYNTHETIC = "synthetic";

const std::map<std::string, LearningRateDecay> DECAYS{{"none", LearningRateDecay::NONE},
                                                      {"linear", LearningRateDecay::LINEAR}};
const std::map<std::string, Split> SPLITS{{"train", Split::TRAIN},
                                          {"test", Split::TEST},
                                          {"all", Split::ALL}};

/// The words of an enum.
template <typename Enum>
std::map<std::string, Enum>
Choices()
{
    std::map<std::string, Enum> choices;
    for (const std::string& word : WORDS<Enum>)
    {
        choices[word] = *FromString<Enum>(word);
    }
    return choices;
}

/// The names of exit criteria.
std::map<std::string, std::string>
Criteria()
{
    std::map<std::string, std::string> criteria;
    for (const ExitCriterion& criterion : ExitCriteria())
    {
        criteria[criterion.name] = criterion.name;
    }
    return criteria;
}

/// Two aggregations, like MP-CC.
void
AddAggregations(CLI::App& app,
                const std::string& name,
                Aggregation& first,
                Aggregation& second,
                const std::string& help)
{
    const auto parse = [&first, &second](const std::string& text) {
        const std::size_t dash = std::min(text.find('-'), text.size() - 1);
        const auto left = FromString<Aggregation>(text.substr(0, dash));
        const auto right = FromString<Aggregation>(text.substr(dash + 1));
        if (!left || !right)
        {
            throw std::runtime_error("two of MP, AP and CC, like MP-CC, are needed");
        }
        first = *left;
        second = *right;
    };
    AddParsed(app, name, parse, help)->default_str(ToString(first) + "-" + ToString(second));
}

/// Whether the options are of a config with one device, which --device chooses.
bool
IsSingle(const InputOptions& input)
{
    return input.hierarchy.empty() && (input.config == 'b' || input.config == 'd');
}

/// The devices of the data set that the options ask for; none: all.
std::vector<int>
ChosenDevices(const InputOptions& input)
{
    if (!input.onlyDevices.empty())
    {
        return input.onlyDevices;
    }
    std::vector<int> chosen(IsSingle(input) ? 1
                            : !input.hierarchy.empty()
                                ? ReadHierarchy(input.hierarchy).tiers[0].numNodes
                                : input.devices);
    std::iota(chosen.begin(), chosen.end(), input.device);
    return chosen;
}

Dataset
Render(const InputOptions& input, const std::vector<int>& devices)
{
    SyntheticSettings settings;
    settings.numTrain = input.trainSamples;
    settings.numTest = input.testSamples;
    if (!devices.empty())
    {
        settings.numDevices = 1 + *std::max_element(devices.begin(), devices.end());
    }
    constexpr double LARGEST = 8e9; // bytes
    const double samples = double{1} * settings.numTrain + settings.numTest;
    const double bytes = samples * settings.numDevices * Shape().Size();
    if (bytes > LARGEST)
    {
        throw std::runtime_error("synthetic would take " + Fixed(bytes / 1e9, 1) +
                                 " GB; lower --devices, --trainSamples or --testSamples");
    }
    return RenderSynthetic(settings);
}

} // namespace

void
AddInputOptions(CLI::App& app, InputOptions& input)
{
    constexpr int LAST = MAX_DEVICES - 1;
    app.add_option("--dataset", input.dataset, "data set: a file, or synthetic");
    AddNumber(app, "--trainSamples", input.trainSamples, 1, 1000000, "samples of synthetic");
    AddNumber(app, "--testSamples", input.testSamples, 0, 1000000, "samples of synthetic");
    app.add_option("--config", input.config, "configuration of the paper's Fig. 2")
        ->check(CLI::IsMember({"a", "b", "c", "d", "e", "f"}));
    AddNumber(app, "--devices", input.devices, 0, MAX_DEVICES, "use the first devices; 0: all");
    AddNumber(app, "--device", input.device, 0, LAST, "the device of configs b and d, from 0");
    AddList(app, "--onlyDevices", input.onlyDevices, LAST, "use these devices, from 0")
        ->excludes("--devices")
        ->excludes("--device");
    app.add_option("--hierarchy", input.hierarchy, "file that replaces --config")
        ->excludes("--config")
        ->excludes("--devices")
        ->excludes("--device")
        ->excludes("--onlyDevices");
    AddNumber(app, "--cells", input.cells, 0, MAX_DEVICES, "split the devices; 0: as they are");
    AddNumber(app, "--deviceMemory", input.deviceMemory, 0, 1e9, "most bytes of a section; 0: any");
}

void
AddNetworkOptions(CLI::App& app, InputOptions& input)
{
    PresetSettings& net = input.network;
    app.option_defaults()->group(NETWORK_GROUP);
    AddAggregations(app,
                    "--aggregation",
                    net.local,
                    net.cloud,
                    "how the local exit joins scores and the cloud joins features");
    AddNumber(app, "--filters", net.filters, 1, 64, "filters of each device");
    AddNumber(app, "--cloudFilters", net.cloudFilters, 1, 64, "filters of each block of the cloud");
    AddNumber(app, "--cloudBlocks", net.cloudBlocks, 1, 4, "blocks of the cloud, an edge's too");
    AddNumber(app,
              "--cloudPoolStride",
              net.cloudPoolStride,
              1,
              2,
              "stride of pooling in the cloud");
    AddNumber(app, "--edges", net.numEdges, 1, MAX_DEVICES, "edges of config f");
    AddNumber(app, "--edgeFilters", net.edgeFilters, 1, 64, "filters of each edge");
    AddAggregations(app,
                    "--edgeAggregation",
                    net.edgeScores,
                    net.edgeFeatures,
                    "how the edge exit joins scores and an edge joins features");
    AddChoice(app,
              "--devicePrecision",
              net.devicePrecision,
              "of a device's section",
              Choices<Precision>());
    AddChoice(app,
              "--edgePrecision",
              net.edgePrecision,
              "of an edge's section",
              Choices<Precision>());
    AddChoice(app,
              "--cloudPrecision",
              net.cloudPrecision,
              "of the cloud's section",
              Choices<Precision>());
    AddChoice(app,
              "--coding",
              net.coding,
              "how features of float sections travel",
              Choices<FeatureCoding>());
    AddChoice(app, "--confidence", net.confidence, "what an exit compares with T", Criteria());
    app.option_defaults()->group("Options");
}

void
AddTrainingOptions(CLI::App& app, InputOptions& input)
{
    PresetSettings& net = input.network;
    TrainSettings& t = input.training;
    constexpr uint64_t MAX_SEED = std::numeric_limits<uint64_t>::max();
    app.option_defaults()->group(WEIGHT_GROUP);
    AddNumber(app, "--localWeight", net.localWeight, 0, 1e6, "of the local exit's loss");
    AddNumber(app, "--edgeWeight", net.edgeWeight, 0, 1e6, "of the edge exit's loss");
    AddNumber(app, "--cloudWeight", net.cloudWeight, 0, 1e6, "of the cloud exit's loss");
    app.option_defaults()->group(TRAINING_GROUP);
    AddNumber(app, "--deviceExitWeight", t.deviceExitWeight, 0, 1e6, "weight of devices' own loss");
    AddNumber(app, "--failout", t.failout, 0, 0.99, "probability that a sample lacks a device");
    AddNumber(app, "--edgeFailout", t.edgeFailout, 0, 0.99, "probability that it lacks an edge");
    AddNumber(app, "--batch", t.batch, 2, 100000, "samples per training step");
    AddNumber(app, "--epochs", t.epochs, 1, 100000, "passes over the training samples");
    AddNumber(app, "--learningRate", t.learningRate, 1e-9, 1, "learning rate of Adam");
    AddChoice(app, "--learningRateDecay", t.decay, "how the learning rate falls", DECAYS);
    AddNumber(app, "--validation", t.validation, 0, 0.5, "fraction kept to choose thresholds");
    AddNumber(app, "--seed", t.seed, 0, MAX_SEED, "seed of the training");
    app.option_defaults()->group("Options");
}

void
AddSplit(CLI::App& app, Split& split)
{
    AddChoice(app, "--split", split, "samples of the data set", SPLITS);
}

void
CheckInputOptions(const CLI::App& app, const InputOptions& input)
{
    if (input.dataset != SYNTHETIC)
    {
        Refuse(app,
               {"--trainSamples", "--testSamples"},
               input.dataset + " has its own samples, only synthetic is rendered");
    }
    if (!input.hierarchy.empty())
    {
        Refuse(app, {NETWORK_GROUP, WEIGHT_GROUP}, input.hierarchy + " says it");
        return;
    }
    const std::string config = "config " + std::string(1, input.config);
    if (IsSingle(input) && (input.devices > 1 || input.onlyDevices.size() > 1))
    {
        Refuse(app, {"--devices", "--onlyDevices"}, config + " has one device");
    }
    if (!IsSingle(input) && input.device > 0)
    {
        Refuse(app, {"--device"}, config + " does not choose one device, as b and d do");
    }
    if (input.config != 'f')
    {
        Refuse(app, {"--edges"}, "only config f has several edges");
    }
    if (input.config < 'd')
    {
        Refuse(app,
               {"--edgeFilters", "--edgeAggregation", "--edgePrecision", "--edgeWeight"},
               config + " has no edge");
    }
}

Dataset
LoadInput(const InputOptions& input)
{
    std::vector<int> chosen = ChosenDevices(input);
    Dataset dataset =
        input.dataset == SYNTHETIC ? Render(input, chosen) : LoadDataset(input.dataset);
    std::vector<int> all(dataset.numDevices);
    std::iota(all.begin(), all.end(), 0);
    if (chosen.empty() || chosen == all)
    {
        return dataset; // without a copy of what may be large
    }
    const std::string option = !input.onlyDevices.empty() ? "--onlyDevices"
                               : !input.hierarchy.empty() ? "--hierarchy=" + input.hierarchy
                               : IsSingle(input)          ? "--device"
                                                          : "--devices";
    for (int device : chosen)
    {
        if (device >= dataset.numDevices)
        {
            throw std::runtime_error(option + ": there is no device " + std::to_string(device) +
                                     ", " + input.dataset + " has " +
                                     Plural(dataset.numDevices, "device") + ", from 0");
        }
        if (std::count(chosen.begin(), chosen.end(), device) > 1)
        {
            throw std::runtime_error(option + ": device " + std::to_string(device) +
                                     " is given twice");
        }
    }
    return SelectDevices(dataset, chosen);
}

Hierarchy
MakeHierarchy(const InputOptions& input, const Dataset& dataset)
{
    PresetSettings settings = input.network;
    const auto& shapes = dataset.shapes;
    const bool alike =
        std::adjacent_find(shapes.begin(), shapes.end(), std::not_equal_to<>()) == shapes.end();
    settings.views.assign(shapes.begin(), alike ? shapes.begin() + 1 : shapes.end());
    settings.numClasses = dataset.numClasses;
    settings.numDevices = dataset.numDevices;
    Hierarchy hierarchy = input.hierarchy.empty() ? MakePreset(input.config, settings)
                                                  : ReadHierarchy(input.hierarchy);
    CheckFit(input.hierarchy, hierarchy, input, dataset);
    Divide(input, hierarchy);
    return hierarchy;
}

void
CheckFit(const std::string& name,
         const Hierarchy& hierarchy,
         const InputOptions& input,
         const Dataset& dataset)
{
    try
    {
        ddnn::CheckFit(hierarchy, dataset);
    }
    catch (const std::runtime_error& e)
    {
        throw std::runtime_error(name + " and " + input.dataset + ": " + e.what());
    }
}

void
Divide(const InputOptions& input, Hierarchy& hierarchy)
{
    if (input.cells > 0)
    {
        SplitIntoCells(hierarchy, input.cells);
    }
    for (int device = 0; device < hierarchy.tiers[0].numNodes; ++device)
    {
        const int64_t bytes = MemoryBytes(hierarchy, 0, device);
        if (input.deviceMemory > 0 && bytes > input.deviceMemory)
        {
            throw std::runtime_error("--deviceMemory=" + std::to_string(input.deviceMemory) +
                                     ": the section of device " + std::to_string(device) +
                                     " needs " + std::to_string(bytes) + " bytes");
        }
    }
}

} // namespace ddnn::examples
