// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-table.h"

#include "output.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>

namespace ddnn::examples
{

namespace
{

using Columns = std::vector<std::vector<std::string>>;

std::string
LatencyText(double milliseconds)
{
    return std::isnan(milliseconds) ? "-" : Fixed(milliseconds, 2);
}

/// Two lines of heading; bytes are per device and sample.
Columns
Heading(const Hierarchy& hierarchy)
{
    Columns columns{{"", "T"},
                    {"local", "exit %"},
                    {"overall", "%"},
                    {"Eq. (1)", "bytes"},
                    {"payload", "bytes"},
                    {"header", "bytes"},
                    {"on air", "bytes"},
                    {"raw to", "payload"}};
    for (std::size_t exit = 0; exit < hierarchy.tiers.size(); ++exit)
    {
        const std::string name = ExitName(hierarchy, static_cast<int>(exit));
        columns.push_back({name, "mean ms"});
        columns.push_back({name, "95% ms"});
    }
    return columns;
}

void
AddRow(const ns3::DdnnSummary& row, Columns& columns)
{
    std::vector<std::string> cells{Fixed(row.threshold, 2),
                                   Fixed(row.exitPercent[0], 2),
                                   Fixed(row.accuracyPercent, 2),
                                   Fixed(row.equation1, 2),
                                   Fixed(row.payload, 2),
                                   Fixed(row.header, 2),
                                   Fixed(row.onAir, 2),
                                   std::isnan(row.rawRatio) ? "-" : Fixed(row.rawRatio, 1)};
    for (const ns3::DdnnLatencySummary& latency : row.latency)
    {
        cells.push_back(LatencyText(latency.mean));
        cells.push_back(LatencyText(latency.percentile95));
    }
    for (std::size_t column = 0; column < columns.size(); ++column)
    {
        columns[column].push_back(cells[column]);
    }
}

void
Print(const Columns& columns)
{
    for (std::size_t line = 0; line < columns[0].size(); ++line)
    {
        std::string text;
        for (const std::vector<std::string>& column : columns)
        {
            std::size_t width = 0;
            for (const std::string& cell : column)
            {
                width = std::max(width, cell.size());
            }
            text += Right(column[line], width + (text.empty() ? 0 : 2));
        }
        std::cout << text << "\n";
    }
}

} // namespace

void
PrintTable(const std::vector<ns3::DdnnSummary>& rows, const Hierarchy& hierarchy)
{
    Columns columns = Heading(hierarchy);
    ns3::DdnnSummary total;
    for (const ns3::DdnnSummary& row : rows)
    {
        AddRow(row, columns);
        total.samples += row.samples;
        total.exited += row.exited;
        total.fallback += row.fallback;
        total.lost += row.lost;
    }
    Print(columns);
    std::cout << Plural(total.samples, "sample") << ": " << total.exited << " exited, "
              << total.fallback << " fallback, " << total.lost << " lost\n";
}

} // namespace ddnn::examples
