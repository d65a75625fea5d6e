// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-table.h"

#include "models.h"
#include "output.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>
#include <utility>

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
    const auto& names = ExitNames(hierarchy);
    Columns columns{{"", "T"}};
    for (std::size_t exit = 0; exit + 1 < names.size(); ++exit)
    {
        columns.push_back({names[exit], "exit %"});
    }
    for (const auto& [first, second] : {std::pair{"overall", "%"},
                                        std::pair{"Eq. (1)", "bytes"},
                                        std::pair{"payload", "bytes"},
                                        std::pair{"header", "bytes"},
                                        std::pair{"on air", "bytes"},
                                        std::pair{"raw to", "payload"}})
    {
        columns.push_back({first, second});
    }
    for (const std::string& name : names)
    {
        columns.push_back({name, "mean ms"});
        columns.push_back({name, "95% ms"});
    }
    return columns;
}

void
AddRow(const ns3::DdnnSummary& row, Columns& columns)
{
    std::vector<std::string> cells{Fixed(row.threshold, 2)};
    for (std::size_t exit = 0; exit + 1 < row.exitPercent.size(); ++exit)
    {
        cells.push_back(Fixed(row.exitPercent[exit], 2));
    }
    for (double value :
         {row.accuracyPercent, row.communicationCost, row.payload, row.header, row.onAir})
    {
        cells.push_back(Fixed(value, 2));
    }
    cells.push_back(std::isnan(row.rawRatio) ? "-" : Fixed(row.rawRatio, 1));
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

void
PrintEnergy(const std::vector<ns3::DdnnSummary>& rows)
{
    const auto millijoules = [](double joules) {
        return std::isnan(joules) ? "-" : Fixed(1000 * joules, 3) + " mJ";
    };
    for (const ns3::DdnnSummary& row : rows)
    {
        if (!std::isnan(row.joulesPerSample))
        {
            std::cout << "Energy at T = " << ToText(row.threshold) << ": "
                      << millijoules(row.joulesPerSample) << " per sample, "
                      << millijoules(row.joulesPerCorrectPrediction)
                      << " per correct prediction; first death: "
                      << (std::isnan(row.firstDeathSeconds)
                              ? "none"
                              : "after " + Fixed(row.firstDeathSeconds, 3) + " s")
                      << "\n";
        }
    }
}

void
PrintCost(const std::vector<ns3::DdnnSummary>& rows, const Hierarchy& hierarchy)
{
    double seconds = 0;
    double events = 0;
    double views = 0;
    for (const ns3::DdnnSummary& row : rows)
    {
        seconds += row.wallSeconds;
        events += static_cast<double>(row.events);
        views += static_cast<double>(row.samples) * hierarchy.tiers[0].numNodes;
    }
    std::cout << "Simulating took " << Fixed(seconds, 2)
              << " s: " << Fixed(1e6 * seconds / views, 1) << " us and " << Fixed(events / views, 1)
              << " events per device and sample\n";
}

} // namespace ddnn::examples
