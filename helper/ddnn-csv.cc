// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-csv.h"

#include "contrib-ddnn/atomic-file.h"

#include <cmath>
#include <cstdio>

namespace ns3
{

namespace
{

std::string
Fixed(double value, int decimals)
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
    return Fixed(time.GetNanoSeconds() / 1e6, 6);
}

std::string
Join(const std::vector<std::string>& fields)
{
    std::string line;
    for (const std::string& field : fields)
    {
        line += line.empty() ? "" : ",";
        line += field;
    }
    return line + "\n";
}

std::vector<std::string>
Columns(const DdnnBytes& bytes)
{
    return {std::to_string(bytes.payload),
            std::to_string(bytes.header),
            std::to_string(bytes.onAir)};
}

void
Append(std::vector<std::string>& fields, const std::vector<std::string>& more)
{
    fields.insert(fields.end(), more.begin(), more.end());
}

} // namespace

DdnnCsv::DdnnCsv(const ddnn::Hierarchy& hierarchy, bool energy, bool faults)
    : m_hierarchy(hierarchy)
    , m_energy(energy)
    , m_withFaults(faults)
{
    std::vector<std::string> samples{"threshold", "sample", "label", "verdict", "outcome"};
    Append(samples, {"exit", "uncertainty"});
    std::vector<std::string> summary{"threshold", "accuracy_percent"};
    Append(summary, {"equation1_bytes", "payload_bytes", "header_bytes", "on_air_bytes"});
    Append(summary, {"raw_ratio"});
    for (std::size_t exit = 0; exit < hierarchy.tiers.size(); ++exit)
    {
        const std::string name = ddnn::ExitName(hierarchy, exit);
        if (exit > 0)
        {
            samples.push_back(name + "_features");
        }
        samples.push_back(name + "_summaries");
        Append(summary,
               {name + "_exit_percent", name + "_latency_mean_ms", name + "_latency_p95_ms"});
        Append(summary, {name + "_tier_summary_bytes", name + "_tier_feature_bytes"});
    }
    Append(samples, {"latency_ms", "compute_ms", "access_ms", "waiting_ms", "backhaul_ms"});
    Append(samples, {"payload_bytes", "header_bytes", "on_air_bytes"});
    Append(summary, {"samples", "exited", "fallback", "lost", "events"});
    Append(summary, {"latency_p50_ms", "latency_p95_ms", "latency_p99_ms", "goodput_kbps"});
    if (energy)
    {
        Append(summary, {"joules_per_sample", "joules_per_correct_verdict", "first_death_s"});
    }
    m_samples = Join(samples);
    m_summary = Join(summary);
    m_traffic = "threshold,hop,kind,payload_bytes,header_bytes,on_air_bytes\n";
    m_messages = "threshold,kind,fate,messages,bytes\n";
    m_deaths = "threshold,device,time_s\n";
    m_faults = "threshold,time_s,target,action,value\n";
}

void
DdnnCsv::Add(const DdnnRunResult& result, const DdnnSummary& summary)
{
    for (const DdnnSampleRecord& record : result.records)
    {
        AddSample(summary.threshold, record);
    }
    AddSummary(summary);
    for (const DdnnTraffic& traffic : result.traffic)
    {
        std::vector<std::string> fields{Fixed(summary.threshold, 6)};
        Append(fields, {traffic.hop, traffic.kind});
        Append(fields, Columns(traffic.bytes));
        m_traffic += Join(fields);
    }
    AddMessages(summary.threshold, result);
    for (const DdnnFaultRecord& fault : result.faults)
    {
        m_faults += Join({Fixed(summary.threshold, 6),
                          Fixed(fault.time.GetNanoSeconds() / 1e9, 9),
                          fault.target,
                          fault.action,
                          fault.value});
    }
    if (result.energy)
    {
        AddDeaths(summary.threshold, result.energy->deaths);
    }
}

void
DdnnCsv::AddMessages(double threshold, const DdnnRunResult& result)
{
    const std::string text = Fixed(threshold, 6);
    for (const DdnnMessageCount& count : result.messages)
    {
        m_messages += Join({text,
                            count.kind,
                            count.fate,
                            std::to_string(count.messages),
                            std::to_string(count.bytes)});
    }
    // of these only the number is known
    m_messages += Join({text, "all", "withheld", std::to_string(result.withheld), ""});
    m_messages += Join({text, "all", "given-up", std::to_string(result.givenUp), ""});
}

void
DdnnCsv::AddDeaths(double threshold, const std::vector<DdnnDeath>& deaths)
{
    for (const DdnnDeath& death : deaths)
    {
        m_deaths += Join(
            {Fixed(threshold, 6), std::to_string(death.device), Fixed(death.time.GetSeconds(), 6)});
    }
}

void
DdnnCsv::AddSample(double threshold, const DdnnSampleRecord& record)
{
    std::vector<std::string> fields{Fixed(threshold, 6),
                                    std::to_string(record.sample),
                                    std::to_string(record.label),
                                    std::to_string(record.verdict),
                                    ToString(record.outcome)};
    const bool lost = record.exit < 0;
    fields.push_back(lost ? "" : ddnn::ExitName(m_hierarchy, record.exit));
    fields.push_back(lost ? "" : Fixed(record.uncertainty, 6));
    for (std::size_t tier = 0; tier < record.summaries.size(); ++tier)
    {
        if (tier > 0)
        {
            fields.push_back(record.features[tier]);
        }
        fields.push_back(record.summaries[tier]);
    }
    const DdnnLatency& latency = record.latency;
    for (Time part :
         {latency.total, latency.compute, latency.access, latency.waiting, latency.backhaul})
    {
        fields.push_back(Milliseconds(part));
    }
    Append(fields, Columns(record.bytes));
    m_samples += Join(fields);
}

void
DdnnCsv::AddSummary(const DdnnSummary& summary)
{
    std::vector<std::string> fields;
    for (double value : {summary.threshold,
                         summary.accuracyPercent,
                         summary.equation1,
                         summary.payload,
                         summary.header,
                         summary.onAir,
                         summary.rawRatio})
    {
        fields.push_back(Fixed(value, 6));
    }
    for (std::size_t exit = 0; exit < summary.latency.size(); ++exit)
    {
        for (double value : {summary.exitPercent[exit],
                             summary.latency[exit].mean,
                             summary.latency[exit].percentile95,
                             summary.tierBytes[exit].summaries,
                             summary.tierBytes[exit].features})
        {
            fields.push_back(Fixed(value, 6));
        }
    }
    for (std::size_t count : {summary.samples, summary.exited, summary.fallback, summary.lost})
    {
        fields.push_back(std::to_string(count));
    }
    fields.push_back(std::to_string(summary.events));
    const DdnnPercentiles& percentiles = summary.percentiles;
    for (double value : {percentiles.p50, percentiles.p95, percentiles.p99, summary.goodput})
    {
        fields.push_back(Fixed(value, 6));
    }
    if (m_energy)
    {
        // a section may take a few microjoules
        Append(fields, {Fixed(summary.joulesPerSample, 9)});
        Append(fields, {Fixed(summary.joulesPerCorrectVerdict, 9)});
        Append(fields, {Fixed(summary.firstDeathSeconds, 6)});
    }
    m_summary += Join(fields);
}

const std::string&
DdnnCsv::GetSamples() const
{
    return m_samples;
}

const std::string&
DdnnCsv::GetSummary() const
{
    return m_summary;
}

const std::string&
DdnnCsv::GetTraffic() const
{
    return m_traffic;
}

const std::string&
DdnnCsv::GetMessages() const
{
    return m_messages;
}

const std::string&
DdnnCsv::GetDeaths() const
{
    return m_deaths;
}

const std::string&
DdnnCsv::GetFaults() const
{
    return m_faults;
}

void
DdnnCsv::Write(const std::string& folder) const
{
    ddnn::WriteFileAtomically(folder + "/samples.csv", m_samples);
    ddnn::WriteFileAtomically(folder + "/summary.csv", m_summary);
    ddnn::WriteFileAtomically(folder + "/traffic.csv", m_traffic);
    ddnn::WriteFileAtomically(folder + "/messages.csv", m_messages);
    if (m_energy)
    {
        ddnn::WriteFileAtomically(folder + "/deaths.csv", m_deaths);
    }
    if (m_withFaults)
    {
        ddnn::WriteFileAtomically(folder + "/faults.csv", m_faults);
    }
}

} // namespace ns3
