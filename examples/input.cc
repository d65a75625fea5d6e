// SPDX-License-Identifier: GPL-2.0-only
// The data set and the hierarchy of the options.
#include "common.h"
#include "output.h"

#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/hierarchy/hierarchy-json.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <stdexcept>

namespace ddnn::examples
{

namespace
{

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

/// The devices of --onlyDevices, each once and all of them there.
Dataset
ChooseOnly(const InputOptions& input, const Dataset& dataset)
{
    std::set<int> chosen;
    for (int device : input.onlyDevices)
    {
        const std::string culprit = "--onlyDevices: device " + std::to_string(device);
        if (device >= dataset.numDevices)
        {
            throw std::runtime_error(culprit + " does not exist, " + input.dataset + " has " +
                                     Plural(dataset.numDevices, "device") + ", numbered from 0");
        }
        if (!chosen.insert(device).second)
        {
            throw std::runtime_error(culprit + " is given twice, leave one out");
        }
    }
    if (IsSingle(input.config) && chosen.size() > 1)
    {
        throw std::runtime_error("--onlyDevices: config " + std::string(1, input.config) +
                                 " has one device, give one");
    }
    return SelectDevices(dataset, input.onlyDevices);
}

/// The first devices, or the one of config b or d.
Dataset
ChooseDevices(const InputOptions& input, Dataset dataset)
{
    if (!input.onlyDevices.empty())
    {
        return ChooseOnly(input, dataset);
    }
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
    int last = input.device;
    for (int device : input.onlyDevices)
    {
        last = std::max(last, device);
    }
    const bool all = input.onlyDevices.empty() && input.device == 0;
    settings.numDevices = all && wanted > 0 ? wanted : std::max(DEFAULT_DEVICES, last + 1);
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
    CheckDeviceMemory(input, hierarchy);
    return hierarchy;
}

void
CheckDeviceMemory(const InputOptions& input, const Hierarchy& hierarchy)
{
    for (int device = 0; device < hierarchy.tiers[0].numNodes; ++device)
    {
        const int64_t bytes = MemoryBytes(hierarchy, 0, device);
        if (input.deviceMemory > 0 && bytes > input.deviceMemory)
        {
            throw std::runtime_error("--deviceMemory=" + std::to_string(input.deviceMemory) +
                                     ": the section of device " + std::to_string(device) +
                                     " needs " + std::to_string(bytes) +
                                     " bytes; use fewer filters, or binary blocks");
        }
    }
}

} // namespace ddnn::examples
