// SPDX-License-Identifier: GPL-2.0-only
#include "scenario-table.h"

#include "models.h"
#include "output.h"

#include <cmath>
#include <iostream>
#include <string>

namespace ddnn::examples
{

namespace
{

using Row = std::vector<std::string>;

/// Two lines of heading; bytes are per device and sample.
std::vector<Row>
Heading(const std::vector<std::string>& exits)
{
    Row first{""};
    Row second{"T"};
    for (std::size_t exit = 0; exit + 1 < exits.size(); ++exit)
    {
        first.push_back(exits[exit]);
        second.emplace_back("exit %");
    }
    first.insert(first.end(), {"overall", "Eq. (1)", "payload", "header", "on air", "raw to"});
    second.insert(second.end(), {"%", "bytes", "bytes", "bytes", "bytes", "payload"});
    for (const std::string& name : exits)
    {
        first.insert(first.end(), {name, name});
        second.insert(second.end(), {"mean ms", "95% ms"});
    }
    return {first, second};
}

/// "-" for what is not a number.
std::string
Text(double value, int decimals)
{
    return std::isnan(value) ? "-" : Fixed(value, decimals);
}

Row
MakeRow(const ns3::DdnnSummary& summary)
{
    Row row{Fixed(summary.threshold, 2)};
    for (std::size_t exit = 0; exit + 1 < summary.exitPercent.size(); ++exit)
    {
        row.push_back(Fixed(summary.exitPercent[exit], 2));
    }
    for (double value : {summary.accuracyPercent,
                         summary.communicationCost,
                         summary.payload,
                         summary.header,
                         summary.onAir})
    {
        row.push_back(Fixed(value, 2));
    }
    row.push_back(Text(summary.rawRatio, 1));
    for (const ns3::DdnnLatencySummary& latency : summary.latency)
    {
        row.push_back(Text(latency.mean, 2));
        row.push_back(Text(latency.percentile95, 2));
    }
    return row;
}

} // namespace

void
PrintTable(const std::vector<ns3::DdnnSummary>& rows, const Hierarchy& hierarchy)
{
    std::vector<Row> lines = Heading(ExitNames(hierarchy));
    ns3::DdnnSummary total;
    for (const ns3::DdnnSummary& row : rows)
    {
        lines.push_back(MakeRow(row));
        total.samples += row.samples;
        total.exited += row.exited;
        total.fallback += row.fallback;
        total.lost += row.lost;
    }
    std::cout << Table(lines) << Plural(total.samples, "sample") << ": " << total.exited
              << " exited, " << total.fallback << " fallback, " << total.lost << " lost\n";
}

void
PrintEnergy(const std::vector<ns3::DdnnSummary>& rows)
{
    for (const ns3::DdnnSummary& row : rows)
    {
        if (!std::isnan(row.joulesPerSample))
        {
            const bool dies = !std::isnan(row.firstDeathSeconds);
            std::cout << "Energy at T = " << Short(row.threshold) << ": "
                      << Text(1000 * row.joulesPerSample, 3) << " mJ per sample, "
                      << Text(1000 * row.joulesPerCorrectPrediction, 3)
                      << " mJ per correct prediction; first death: "
                      << (dies ? "after " + Fixed(row.firstDeathSeconds, 3) + " s" : "none")
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
