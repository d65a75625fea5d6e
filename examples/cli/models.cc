// SPDX-License-Identifier: GPL-2.0-only
#include "models.h"

#include "output.h"

#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/hierarchy/hierarchy-json.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace ddnn::examples
{

namespace
{

/// To be raised when the engine trains differently: older files of the cache are then not used.
constexpr const char* CACHE_VERSION = "2";

/// Whether the tiers are those of a configuration of the paper's Fig. 2.
bool
HasTiersOf(char config, const Hierarchy& hierarchy)
{
    const bool hasEdges = config >= 'd';
    const bool hasSeveral = config == 'f';
    return hierarchy.tiers.size() == (hasEdges ? 3 : 2) &&
           (!hasEdges || hasSeveral || hierarchy.tiers[1].numNodes == 1);
}

/// Whether two descriptions are of the same parameters and data flow; exit weights and thresholds
/// may differ.
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

/// Where the cache keeps the network that the settings give.
std::filesystem::path
CacheFile(const Hierarchy& hierarchy, const Dataset& dataset, const TrainSettings& settings)
{
    const auto hash = [](const auto& values) {
        const auto* bytes = reinterpret_cast<const char*>(values.data());
        return std::hash<std::string_view>()({bytes, values.size() * sizeof(values[0])});
    };
    std::ostringstream key;
    key << CACHE_VERSION << ToJson(hierarchy) << std::hexfloat;
    for (double setting : {settings.learningRate,
                           settings.deviceExitWeight,
                           settings.failout,
                           settings.edgeFailout,
                           settings.validation,
                           settings.goal.minLocalExit,
                           settings.goal.maxBytes})
    {
        key << " " << setting;
    }
    key << " " << settings.epochs << " " << settings.batch << " "
        << static_cast<int>(settings.decay) << " " << settings.seed << " " << hash(dataset.views)
        << " " << hash(dataset.labels) << " " << hash(dataset.inView) << " "
        << hash(dataset.inTest);
    const std::string name = std::to_string(hash(key.str())) + ".npz";
    for (const auto& [variable, below] : {std::pair{"DDNN_CACHE", ""},
                                          std::pair{"XDG_CACHE_HOME", "ns3-ddnn"},
                                          std::pair{"HOME", ".cache/ns3-ddnn"}})
    {
        const char* folder = std::getenv(variable);
        if (folder && *folder)
        {
            return std::filesystem::path(folder) / below / name;
        }
    }
    return {}; // nothing can be kept
}

/// A cached network; none if there is no file or a bad one, which training then replaces.
std::optional<Network>
ReadCached(const std::filesystem::path& file, const Hierarchy& hierarchy)
{
    try
    {
        Network network = LoadCheckpoint(file);
        return SameNetwork(network.hierarchy, hierarchy) ? std::optional(network) : std::nullopt;
    }
    catch (const std::exception&)
    {
        return std::nullopt;
    }
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

std::string
ThresholdText(const std::vector<double>& thresholds)
{
    std::string text;
    for (double threshold : thresholds)
    {
        text += (text.empty() ? " " : ", ") + Fixed(threshold, 2);
    }
    return (thresholds.empty() ? "no threshold" : "threshold") +
           std::string(thresholds.size() > 1 ? "s" : "") + text;
}

Network
LoadModel(const std::string& path,
          const CLI::App& app,
          const InputOptions& input,
          const Dataset& dataset)
{
    Refuse(app, {TRAINING_GROUP, WEIGHT_GROUP}, path + " is trained already");
    std::optional<Hierarchy> foreign; // a preset need not exist for the data that the model is of
    if (app.count("--aggregation") > 0 || !input.hierarchy.empty())
    {
        foreign = MakeHierarchy(input, dataset);
    }
    else
    {
        Refuse(app, {NETWORK_GROUP}, "give --aggregation too, or leave both to " + path);
    }
    Network network = LoadCheckpoint(path, foreign ? &*foreign : nullptr);
    CheckFit(path, network.hierarchy, input, dataset);
    if (foreign && !SameNetwork(network.hierarchy, *foreign))
    {
        throw std::runtime_error(path + " describes another network than --aggregation and the " +
                                 "like: leave these options out");
    }
    if (!HasTiersOf(input.config, network.hierarchy))
    {
        Refuse(app, {"--config"}, path + " is of another configuration");
    }
    Divide(input, network.hierarchy);
    return network;
}

Network
TrainShown(const Hierarchy& hierarchy,
           const Dataset& dataset,
           const TrainSettings& settings,
           bool quiet,
           const std::function<bool()>& interrupted)
{
    const Progress progress(!quiet);
    const std::vector<std::string> exits = ExitNames(hierarchy);
    return Train(hierarchy, dataset, settings, [&](const EpochReport& report) {
        progress.Show(static_cast<double>(report.epoch) / settings.epochs,
                      EpochText(report, settings.epochs, exits));
        return !interrupted || !interrupted();
    });
}

Network
TrainOrReuse(const Hierarchy& hierarchy,
             const Dataset& dataset,
             const TrainSettings& settings,
             bool quiet)
{
    std::ostream note(quiet ? nullptr : std::cerr.rdbuf());
    const std::filesystem::path file = CacheFile(hierarchy, dataset, settings);
    if (std::optional<Network> cached = ReadCached(file, hierarchy))
    {
        note << "Using the model trained before with these settings, " << file.string() << "\n";
        return *cached;
    }
    note << "Training the model: " << settings.epochs << " epochs (only the first time)\n";
    Network network = TrainShown(hierarchy, dataset, settings, quiet);
    try
    {
        std::filesystem::create_directories(file.parent_path());
        SaveCheckpoint(network, file);
    }
    catch (const std::exception& e)
    {
        note << "The model cannot be kept for the next time: " << e.what() << "\n";
    }
    return network;
}

} // namespace ddnn::examples
