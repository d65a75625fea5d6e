// SPDX-License-Identifier: GPL-2.0-only
// Prints a hierarchy: as a file to start from, as a table, or as what --draw draws.
// ./ddnn hierarchy --config=e --describe
#include "cli/input.h"
#include "cli/output.h"

#include "contrib-ddnn/hierarchy/hierarchy-json.h"
#include "contrib-ddnn/network/network.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace ddnn;
using namespace ddnn::examples;

namespace
{

using Row = std::vector<std::string>;

std::vector<std::string>
BlockTexts(const Tier& tier, int node)
{
    std::vector<std::string> texts;
    for (const BlockSpec& block : NodeBlocks(tier, node))
    {
        const bool isFc = block.kind == BlockKind::FC;
        texts.push_back((isFc ? "FC " : "ConvP ") + std::to_string(block.filters) +
                        (!isFc && block.poolStride == 1 ? " stride 1" : "") +
                        (block.precision == Precision::FLOAT ? " float" : ""));
    }
    return texts;
}

/// Nodes that are alone in their tier, above the devices, are their own exit.
bool
SendsScores(const Hierarchy& hierarchy, int tier)
{
    return !hierarchy.rawOffload && (tier == 0 || hierarchy.tiers[tier].numNodes > 1);
}

bool
SendsFeatures(const Hierarchy& hierarchy, int tier)
{
    return !hierarchy.rawOffload && tier + 1 < static_cast<int>(hierarchy.tiers.size());
}

/// All of a node's row but the number of nodes.
Row
MakeRow(const Hierarchy& hierarchy, int tier, int node)
{
    const auto text = [](bool shown, int64_t number) {
        return shown ? std::to_string(number) : "-";
    };
    const Tier& t = hierarchy.tiers[tier];
    return {t.name,
            "",
            ToString(InputShape(hierarchy, tier, node)),
            CLI::detail::join(BlockTexts(t, node), ", "),
            ToString(FeatureShape(hierarchy, tier, node)),
            text(SendsScores(hierarchy, tier), ScoreBytes(hierarchy)),
            text(SendsFeatures(hierarchy, tier), FeatureBytes(hierarchy, tier, node)),
            text(tier == 0, RawBytes(hierarchy, tier == 0 ? node : 0)),
            std::to_string(Operations(hierarchy, tier, node)),
            std::to_string(MemoryBytes(hierarchy, tier, node))};
}

/// One row for all nodes of a tier that are alike.
void
AddRows(const Hierarchy& hierarchy, int tier, std::vector<Row>& rows)
{
    std::vector<std::pair<Row, int>> groups;
    for (int node = 0; node < hierarchy.tiers[tier].numNodes; ++node)
    {
        const Row row = MakeRow(hierarchy, tier, node);
        auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& other) {
            return other.first == row;
        });
        group = group == groups.end() ? groups.insert(group, {row, 0}) : group;
        ++group->second;
    }
    for (auto& [row, count] : groups)
    {
        row[1] = std::to_string(count);
        rows.push_back(row);
    }
}

/// What each tier sends per sample, by the fractions of the samples that reach the tiers.
std::string
CommunicationCostText(const Hierarchy& hierarchy)
{
    const std::vector<double> noExits(hierarchy.tiers.size(), 0);
    const auto bytes = PayloadBytes(hierarchy, noExits); // all reach every tier
    std::string text;
    for (std::size_t t = 0; t + 1 < hierarchy.tiers.size() || t == 0; ++t)
    {
        const Tier& tier = hierarchy.tiers[t];
        text += "  " + tier.name + ": ";
        if (bytes[t].scores > 0)
        {
            text += Fixed(bytes[t].scores, 0) + (t == 0 ? "" : " r(" + tier.name + ")");
        }
        if (bytes[t].features > 0)
        {
            text += (bytes[t].scores > 0 ? " + " : "") + Fixed(bytes[t].features, 0) +
                    (hierarchy.rawOffload ? "" : " r(" + hierarchy.tiers[t + 1].name + ")");
        }
        text += "\n";
    }
    return text;
}

/// What the nodes compute and send, one line for all nodes of a tier that are alike: shapes,
/// blocks, bytes per message, operations and memory; then the terms of Eq. (1).
std::string
Description(const Hierarchy& hierarchy)
{
    std::vector<Row> rows{{"tier",
                           "nodes",
                           "input",
                           "blocks",
                           "output",
                           "scores",
                           "features",
                           "raw",
                           "operations",
                           "memory"}};
    for (int tier = 0; tier < static_cast<int>(hierarchy.tiers.size()); ++tier)
    {
        AddRows(hierarchy, tier, rows);
    }
    return Table(rows, {0, 2, 3, 4}) +
           "\nOf each node: shapes as [channels, rows, columns], bytes of its messages, arithmetic "
           "operations per\nsample, bytes of memory for its section.\n\n"
           "Bytes that a tier sends per sample (Eq. 1), r(tier) being the fraction that no exit "
           "below it classified:\n" +
           CommunicationCostText(hierarchy);
}

/// What results/draw-hierarchy.py reads.
nlohmann::json
Drawing(const Hierarchy& hierarchy)
{
    nlohmann::json tiers;
    for (int tier = 0; tier < static_cast<int>(hierarchy.tiers.size()); ++tier)
    {
        const Tier& t = hierarchy.tiers[tier];
        nlohmann::json nodes;
        for (int node = 0; node < t.numNodes; ++node)
        {
            const Shape input = InputShape(hierarchy, tier, node);
            const int sent = SendsFeatures(hierarchy, tier) ? FeatureBytes(hierarchy, tier, node)
                             : hierarchy.rawOffload && tier == 0 ? RawBytes(hierarchy, node)
                                                                 : 0;
            nodes.push_back({{"input", {input.channels, input.rows, input.columns}},
                             {"blocks", BlockTexts(t, node)},
                             {"parent", t.parents.empty() ? -1 : t.parents[node]},
                             {"sentBytes", sent}});
        }
        tiers.push_back({{"name", t.name},
                         {"exit", ExitName(hierarchy, tier)},
                         {"scores", ToString(t.scores)},
                         {"features", ToString(t.features)},
                         {"scoreBytes", SendsScores(hierarchy, tier) ? ScoreBytes(hierarchy) : 0},
                         {"threshold", t.threshold},
                         {"nodes", nodes}});
    }
    return {{"rawOffload", hierarchy.rawOffload},
            {"numClasses", hierarchy.numClasses},
            {"numCells", hierarchy.cells.size()},
            {"tiers", tiers}};
}

/// Of the checkpoint, of the file, or the preset of a data set's sizes.
Hierarchy
GetHierarchy(const InputOptions& input, const std::string& model)
{
    if (model.empty() && input.hierarchy.empty())
    {
        return MakeHierarchy(input, LoadInput(input));
    }
    Hierarchy hierarchy =
        model.empty() ? ReadHierarchy(input.hierarchy) : LoadCheckpoint(model).hierarchy;
    Divide(input, hierarchy);
    return hierarchy;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunMain(
        "ddnn-hierarchy",
        "Prints a hierarchy as JSON, a file for --hierarchy to start from.",
        [&](CLI::App& app) {
            InputOptions input;
            std::string model;
            input.trainSamples = 1; // of the data set, only the sizes are needed
            input.testSamples = 0;
            AddInputOptions(app, input);
            AddNetworkOptions(app, input);
            app.add_option("--model", model, "checkpoint whose hierarchy is printed");
            CLI::Option* describe =
                app.add_flag("--describe",
                             "print a table of shapes, bytes, operations and memory instead");
            CLI::Option* drawing =
                app.add_flag("--drawing", "print what results/draw-hierarchy.py reads instead")
                    ->excludes(describe);
            app.parse(argc, argv);
            CheckInputOptions(app, input);
            if (!model.empty())
            {
                Refuse(app,
                       {NETWORK_GROUP,
                        "--config",
                        "--hierarchy",
                        "--dataset",
                        "--devices",
                        "--device"},
                       model + " has a hierarchy");
            }
            const Hierarchy hierarchy = GetHierarchy(input, model);
            for (const std::string& warning : Warnings(hierarchy))
            {
                std::cerr << "ddnn-hierarchy: warning: " << warning << "\n";
            }
            std::cout << (describe->as<bool>()  ? Description(hierarchy)
                          : drawing->as<bool>() ? Drawing(hierarchy).dump() + "\n"
                                                : ToJson(hierarchy) + "\n");
            return 0;
        });
}
