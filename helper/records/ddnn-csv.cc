// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-csv.h"

#include "contrib-ddnn/data/atomic-file.h"

#include <cmath>
#include <cstdio>
#include <filesystem>

namespace ns3
{

namespace
{

std::string
Fixed(double value, int decimals = 6)
{
    if (std::isnan(value))
    {
        return "";
    }
    char text[64];
    std::snprintf(text, sizeof(text), "%.*f", decimals, value);
    return text;
}

std::string
Milliseconds(Time time)
{
    return Fixed(time.GetNanoSeconds() / 1e6);
}

std::string
Seconds(Time time)
{
    return Fixed(time.GetNanoSeconds() / 1e9, 9);
}

} // namespace

DdnnCsv::DdnnCsv(const ddnn::Hierarchy& hierarchy)
    : m_hierarchy(hierarchy)
{
}

void
DdnnCsv::Append(const std::string& file, const Row& row)
{
    std::string names;
    std::string fields;
    for (const auto& [name, field] : row)
    {
        names += (names.empty() ? "" : ",") + name;
        fields += (&field == &row.front().second ? "" : ",") + field;
    }
    std::string& text = m_files[file];
    text += (text.empty() ? names + "\n" : "") + fields + "\n";
}

void
DdnnCsv::Add(const DdnnRunResult& result, const DdnnSummary& summary)
{
    const std::string threshold = Fixed(summary.threshold);
    for (const DdnnSampleRecord& record : result.records)
    {
        AppendSample(threshold, record);
    }
    AppendSummary(summary, result.energy.has_value());
    for (const DdnnTraffic& traffic : result.traffic)
    {
        Append("traffic.csv",
               {{"threshold", threshold},
                {"site", traffic.site},
                {"place", traffic.place},
                {"kind", traffic.kind},
                {"payload_bytes", std::to_string(traffic.bytes.payload)},
                {"header_bytes", std::to_string(traffic.bytes.header)},
                {"on_air_bytes", std::to_string(traffic.bytes.onAir)},
                {"counted", traffic.isOnAir ? "on-air" : "at-device"}});
    }
    for (const DdnnMessageCount& count : result.messages)
    {
        Append("messages.csv",
               {{"threshold", threshold},
                {"site", std::to_string(count.site)},
                {"kind", count.kind},
                {"disposition", count.disposition},
                {"messages", std::to_string(count.messages)},
                {"bytes", std::to_string(count.bytes)}});
    }
    for (const DdnnFaultRecord& fault : result.faults)
    {
        Append("faults.csv",
               {{"threshold", threshold},
                {"time_s", Seconds(fault.time)},
                {"target", fault.target},
                {"action", fault.action},
                {"value", fault.value}});
    }
    for (std::size_t i = 0; result.energy && i < result.energy->deaths.size(); ++i)
    {
        const DdnnDeath& death = result.energy->deaths[i];
        Append("deaths.csv",
               {{"threshold", threshold},
                {"site", std::to_string(death.site)},
                {"device", std::to_string(death.device)},
                {"time_s", Fixed(death.time.GetSeconds())}});
    }
}

void
DdnnCsv::AppendSample(const std::string& threshold, const DdnnSampleRecord& record)
{
    const bool lost = record.exit < 0;
    const DdnnLatency& latency = record.latency;
    Row row{{"threshold", threshold},
            {"site", std::to_string(record.site)},
            {"number", std::to_string(record.number)},
            {"sample", std::to_string(record.sample)},
            {"captured_s", Seconds(latency.captured)},
            {"label", std::to_string(record.label)},
            {"prediction", std::to_string(record.prediction)},
            {"outcome", ToString(record.outcome)},
            {"exit", lost ? "" : ddnn::ExitName(m_hierarchy, record.exit)},
            {"uncertainty", lost ? "" : Fixed(record.uncertainty)}};
    for (std::size_t tier = 0; tier < record.scores.size(); ++tier)
    {
        const std::string exit = ddnn::ExitName(m_hierarchy, static_cast<int>(tier));
        if (tier > 0)
        {
            row.emplace_back(exit + "_features", record.features[tier]);
        }
        row.emplace_back(exit + "_scores", record.scores[tier]);
    }
    row.insert(row.end(),
               {{"latency_ms", Milliseconds(latency.GetTotal())},
                {"compute_ms", Milliseconds(latency.compute)},
                {"queueing_ms", Milliseconds(latency.queueing)},
                {"waiting_ms", Milliseconds(latency.waiting)}});
    for (std::size_t tier = 0; tier < record.scores.size(); ++tier)
    {
        row.emplace_back(ddnn::ExitName(m_hierarchy, static_cast<int>(tier)) + "_network_ms",
                         Milliseconds(latency.network[tier]));
    }
    row.insert(row.end(),
               {{"payload_bytes", std::to_string(record.bytes.payload)},
                {"header_bytes", std::to_string(record.bytes.header)},
                {"on_air_bytes", std::to_string(record.bytes.onAir)}});
    Append("samples.csv", row);
}

void
DdnnCsv::AppendSummary(const DdnnSummary& summary, bool energy)
{
    Row row{{"threshold", Fixed(summary.threshold)},
            {"accuracy_percent", Fixed(summary.accuracyPercent)},
            {"communication_cost_bytes", Fixed(summary.communicationCost)},
            {"payload_bytes", Fixed(summary.payload)},
            {"header_bytes", Fixed(summary.header)},
            {"on_air_bytes", Fixed(summary.onAir)},
            {"raw_ratio", Fixed(summary.rawRatio)}};
    for (std::size_t exit = 0; exit < summary.latency.size(); ++exit)
    {
        const std::string name = ddnn::ExitName(m_hierarchy, static_cast<int>(exit));
        row.insert(row.end(),
                   {{name + "_exit_percent", Fixed(summary.exitPercent[exit])},
                    {name + "_latency_mean_ms", Fixed(summary.latency[exit].mean)},
                    {name + "_latency_p95_ms", Fixed(summary.latency[exit].percentile95)},
                    {name + "_tier_scores_bytes", Fixed(summary.tierBytes[exit].scores)},
                    {name + "_tier_features_bytes", Fixed(summary.tierBytes[exit].features)}});
    }
    const DdnnPercentiles& percentiles = summary.percentiles;
    row.insert(row.end(),
               {{"samples", std::to_string(summary.samples)},
                {"exited", std::to_string(summary.exited)},
                {"fallback", std::to_string(summary.fallback)},
                {"lost", std::to_string(summary.lost)},
                {"events", std::to_string(summary.events)},
                {"latency_p50_ms", Fixed(percentiles.p50)},
                {"latency_p95_ms", Fixed(percentiles.p95)},
                {"latency_p99_ms", Fixed(percentiles.p99)},
                {"goodput_kbps", Fixed(summary.goodput)},
                {"rate_limited", std::to_string(summary.rateLimited)},
                {"retries_exhausted", std::to_string(summary.retriesExhausted)}});
    if (energy)
    {
        // a section may take a few microjoules
        row.insert(row.end(),
                   {{"joules_per_sample", Fixed(summary.joulesPerSample, 9)},
                    {"joules_per_correct_prediction", Fixed(summary.joulesPerCorrectPrediction, 9)},
                    {"first_death_s", Fixed(summary.firstDeathSeconds)}});
    }
    Append("summary.csv", row);
}

const std::map<std::string, std::string>&
DdnnCsv::GetFiles() const
{
    return m_files;
}

void
DdnnCsv::Write(const std::string& folder) const
{
    for (const char* optional : {"faults.csv", "deaths.csv"})
    {
        std::filesystem::remove(folder + "/" + optional); // an earlier run's
    }
    for (const auto& [name, text] : m_files)
    {
        ddnn::WriteFileAtomically(folder + "/" + name, text);
    }
}

} // namespace ns3
