// SPDX-License-Identifier: GPL-2.0-only
#include "hierarchy-table.h"

#include "output.h"

#include <algorithm>
#include <array>
#include <vector>

namespace ddnn::examples
{

namespace
{

constexpr std::size_t COLUMNS = 10;

using Row = std::array<std::string, COLUMNS>;

const Row HEAD{"tier",
               "nodes",
               "input",
               "blocks",
               "output",
               "scores",
               "features",
               "raw",
               "operations",
               "memory"};

/// The first column of numbers, which are set to the right.
constexpr std::size_t FIRST_NUMBER = 5;

std::string
BlockText(const BlockSpec& block)
{
    return ToString(block.kind) + " " + std::to_string(block.filters) +
           (block.kind == BlockKind::CONVP && block.poolStride == 1 ? " stride 1" : "") +
           (block.precision == Precision::FLOAT ? " " + ToString(block.precision) : "");
}

std::string
BlocksText(const std::vector<BlockSpec>& blocks)
{
    std::string text;
    for (const BlockSpec& block : blocks)
    {
        text += (text.empty() ? "" : ", ") + BlockText(block);
    }
    return text;
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

/// All but the number of nodes.
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
            BlocksText(NodeBlocks(t, node)),
            ToString(FeatureShape(hierarchy, tier, node)),
            text(SendsScores(hierarchy, tier), ScoreBytes(hierarchy)),
            text(SendsFeatures(hierarchy, tier), FeatureBytes(hierarchy, tier, node)),
            tier == 0 ? std::to_string(RawBytes(hierarchy, node)) : "-",
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
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
            return group.first == row;
        });
        if (same == groups.end())
        {
            groups.emplace_back(row, 1);
        }
        else
        {
            ++same->second;
        }
    }
    for (auto& [row, count] : groups)
    {
        row[1] = std::to_string(count);
        rows.push_back(row);
    }
}

std::string
Layout(const std::vector<Row>& rows)
{
    std::array<std::size_t, COLUMNS> widths{};
    for (const Row& row : rows)
    {
        for (std::size_t i = 0; i < COLUMNS; ++i)
        {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string text;
    for (const Row& row : rows)
    {
        for (std::size_t i = 0; i < COLUMNS; ++i)
        {
            const bool right = i == 1 || i >= FIRST_NUMBER;
            text +=
                (i > 0 ? "  " : "") + (right ? Right(row[i], widths[i]) : Left(row[i], widths[i]));
        }
        text += "\n";
    }
    return text;
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
            const std::string reached = t == 0 ? "" : " r(" + tier.name + ")";
            text += Fixed(bytes[t].scores, 0) + reached;
        }
        if (bytes[t].features > 0)
        {
            text += bytes[t].scores > 0 ? " + " : "";
            text += Fixed(bytes[t].features, 0);
            text += hierarchy.rawOffload ? "" : " r(" + hierarchy.tiers[t + 1].name + ")";
        }
        text += "\n";
    }
    return text;
}

std::string
Quoted(const std::string& text)
{
    return "\"" + text + "\""; // names and numbers: nothing to escape
}

std::string
NodeDrawing(const Hierarchy& hierarchy, int tier, int node)
{
    const Tier& t = hierarchy.tiers[tier];
    std::string blocks;
    for (const BlockSpec& block : NodeBlocks(t, node))
    {
        blocks += (blocks.empty() ? "" : ", ") + Quoted(BlockText(block));
    }
    const int sent = tier + 1 == static_cast<int>(hierarchy.tiers.size()) ? 0
                     : hierarchy.rawOffload ? (tier == 0 ? RawBytes(hierarchy, node) : 0)
                                            : FeatureBytes(hierarchy, tier, node);
    return "{\"input\": " + ToString(InputShape(hierarchy, tier, node)) + ", \"blocks\": [" +
           blocks + "], \"parent\": " + std::to_string(t.parents.empty() ? -1 : t.parents[node]) +
           ", \"sentBytes\": " + std::to_string(sent) + "}";
}

std::string
TierDrawing(const Hierarchy& hierarchy, int tier)
{
    const Tier& t = hierarchy.tiers[tier];
    std::string text = "{\"name\": " + Quoted(t.name) +
                       ", \"exit\": " + Quoted(ExitName(hierarchy, tier)) +
                       ", \"scores\": " + Quoted(ToString(t.scores)) +
                       ", \"features\": " + Quoted(ToString(t.features)) + ", \"scoreBytes\": " +
                       std::to_string(SendsScores(hierarchy, tier) ? ScoreBytes(hierarchy) : 0) +
                       ", \"threshold\": " + Fixed(t.threshold, 2) + ", \"nodes\": [";
    for (int node = 0; node < t.numNodes; ++node)
    {
        text += (node > 0 ? ", " : "") + NodeDrawing(hierarchy, tier, node);
    }
    return text + "]}";
}

} // namespace

std::string
HierarchyTable(const Hierarchy& hierarchy)
{
    std::vector<Row> rows{HEAD};
    for (int tier = 0; tier < static_cast<int>(hierarchy.tiers.size()); ++tier)
    {
        AddRows(hierarchy, tier, rows);
    }
    return Layout(rows) +
           "\nOf each node: shapes as [channels, rows, columns], bytes of its messages, arithmetic "
           "operations per\nsample, bytes of memory for its section.\n\n"
           "Bytes that a tier sends per sample (Eq. 1), r(tier) being the fraction that no exit "
           "below it classified:\n" +
           CommunicationCostText(hierarchy);
}

std::string
HierarchyDrawing(const Hierarchy& hierarchy)
{
    std::string text = "{\"rawOffload\": " + std::string(hierarchy.rawOffload ? "true" : "false") +
                       ", \"numClasses\": " + std::to_string(hierarchy.numClasses) +
                       ", \"numCells\": " + std::to_string(hierarchy.cells.size()) +
                       ", \"tiers\": [";
    for (int tier = 0; tier < static_cast<int>(hierarchy.tiers.size()); ++tier)
    {
        text += (tier > 0 ? ",\n" : "") + TierDrawing(hierarchy, tier);
    }
    return text + "]}";
}

} // namespace ddnn::examples
