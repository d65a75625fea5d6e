// SPDX-License-Identifier: GPL-2.0-only
#include "models.h"

#include "output.h"
#include "progress.h"

#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/hierarchy/hierarchy-json.h"

#include <optional>
#include <stdexcept>

namespace ddnn::examples
{

namespace
{

/// What AddTrainingOptions registers.
const std::vector<std::string> TRAINING_OPTIONS{"localWeight",
                                                "edgeWeight",
                                                "cloudWeight",
                                                "deviceExitWeight",
                                                "failout",
                                                "edgeFailout",
                                                "batch",
                                                "epochs",
                                                "learningRate",
                                                "learningRateDecay",
                                                "validation",
                                                "seed"};

/// As CheckFit, but naming the files and the option that helps.
void
CheckModelFits(const std::string& path,
               const Hierarchy& hierarchy,
               const InputOptions& input,
               const Dataset& dataset)
{
    const int devices = hierarchy.tiers[0].numNodes;
    if (devices != dataset.numDevices)
    {
        const std::string remedy = devices == 1 && input.config != 'b'
                                       ? "--config=b"
                                       : "--devices=" + std::to_string(devices);
        throw std::runtime_error(path + " is for " + Plural(devices, "device") + ", but " +
                                 Plural(dataset.numDevices, "device") + " of " + input.dataset +
                                 " are used: give " + remedy + ", or another model");
    }
    try
    {
        CheckFit(hierarchy, dataset);
    }
    catch (const std::runtime_error& e)
    {
        throw std::runtime_error(path + " and " + input.dataset + ": " + e.what());
    }
}

/// Whether the tiers are those of a configuration of the paper's Fig. 2.
bool
HasTiersOf(char config, const Hierarchy& hierarchy)
{
    const bool hasEdges = config >= 'd';
    const bool hasSeveral = config == 'f';
    return hierarchy.tiers.size() == (hasEdges ? 3 : 2) &&
           (!hasEdges || hasSeveral || hierarchy.tiers[1].numNodes == 1);
}

/// Short enough for a terminal of 80 columns, bar included.
std::string
EpochText(const EpochReport& report, int epochs, const std::vector<std::string>& exits)
{
    std::string text = "epoch " + std::to_string(report.epoch) + "/" + std::to_string(epochs) +
                       " loss " + Fixed(report.loss, 2);
    for (std::size_t exit = 0; exit < exits.size(); ++exit)
    {
        text += " " + exits[exit] + " " + Fixed(100 * report.accuracy[exit], 1) + "%";
    }
    for (std::size_t exit = 0; exit < report.validation.size(); ++exit)
    {
        text += (exit == 0 ? " val. " : " ") + Fixed(100 * report.validation[exit], 1) + "%";
    }
    return text;
}

} // namespace

std::vector<std::string>
ExitNames(const Hierarchy& hierarchy)
{
    std::vector<std::string> names;
    for (std::size_t tier = 0; tier < hierarchy.tiers.size(); ++tier)
    {
        names.push_back(ExitName(hierarchy, static_cast<int>(tier)));
    }
    return names;
}

std::vector<double>
Thresholds(const Hierarchy& hierarchy)
{
    std::vector<double> thresholds;
    for (std::size_t tier = 0; tier + 1 < hierarchy.tiers.size(); ++tier)
    {
        thresholds.push_back(hierarchy.tiers[tier].threshold);
    }
    return thresholds;
}

Network
LoadModel(const std::string& path,
          const Options& options,
          const InputOptions& input,
          const PresetSettings& settings,
          const Dataset& dataset)
{
    options.Refuse(TRAINING_OPTIONS, path + " is trained already, leave this option out");
    const bool described = options.IsSet("aggregation") || options.IsSet("hierarchy");
    if (!described)
    {
        options.Refuse(NetworkOptionNames(), "give --aggregation too, or leave both to the model");
    }
    std::optional<Hierarchy> foreign; // a preset need not exist for the data that the model is of
    if (described)
    {
        foreign = MakeHierarchy(input, settings, dataset);
    }
    Network network = LoadCheckpoint(path, foreign ? &*foreign : nullptr);
    CheckModelFits(path, network.hierarchy, input, dataset);
    if (foreign && !SameNetwork(network.hierarchy, *foreign))
    {
        throw std::runtime_error(path + " describes another network than --aggregation and the " +
                                 "like: leave these options out");
    }
    if (!HasTiersOf(input.config, network.hierarchy))
    {
        options.Refuse({"config"}, path + " is of another configuration, leave this option out");
    }
    if (input.cells > 0)
    {
        SplitIntoCells(network.hierarchy, input.cells);
    }
    CheckDeviceMemory(input, network.hierarchy);
    return network;
}

Network
TrainShown(const Hierarchy& hierarchy,
           const Dataset& dataset,
           const TrainSettings& settings,
           bool quiet,
           const std::function<bool()>& interrupted)
{
    Progress progress(!quiet);
    const std::vector<std::string> exits = ExitNames(hierarchy);
    return Train(hierarchy, dataset, settings, [&](const EpochReport& report) {
        progress.Show(static_cast<double>(report.epoch) / settings.epochs,
                      EpochText(report, settings.epochs, exits));
        return !interrupted || !interrupted();
    });
}

bool
SameNetwork(Hierarchy a, Hierarchy b)
{
    for (Hierarchy* hierarchy : {&a, &b})
    {
        hierarchy->rawOffload = false; // where the sections run, not what they are
        hierarchy->cells.clear();
        for (Tier& tier : hierarchy->tiers)
        {
            tier.threshold = 0;
            tier.inputChannels.clear();
            tier.exitWeight = 1;
        }
    }
    return ToJson(a) == ToJson(b);
}

} // namespace ddnn::examples
