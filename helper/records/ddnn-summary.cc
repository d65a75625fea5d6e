// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace ns3
{

namespace
{

double
Milliseconds(Time time)
{
    return time.GetNanoSeconds() / 1e6;
}

double
NearestRank(const std::vector<double>& sorted, std::size_t percent)
{
    return sorted[(sorted.size() * percent + 99) / 100 - 1];
}

DdnnLatencySummary
SummariseLatency(std::vector<double> latencies)
{
    if (latencies.empty())
    {
        const double none = std::numeric_limits<double>::quiet_NaN();
        return {none, none};
    }
    std::sort(latencies.begin(), latencies.end());
    const double sum = std::accumulate(latencies.begin(), latencies.end(), 0.0);
    return {sum / latencies.size(), NearestRank(latencies, 95)};
}

/// Of all samples that have a prediction.
DdnnPercentiles
SummarisePercentiles(const DdnnRunResult& result)
{
    std::vector<double> latencies;
    for (const DdnnSampleRecord& record : result.records)
    {
        if (record.outcome != DdnnOutcome::LOST)
        {
            latencies.push_back(Milliseconds(record.latency.GetTotal()));
        }
    }
    if (latencies.empty())
    {
        const double none = std::numeric_limits<double>::quiet_NaN();
        return {none, none, none};
    }
    std::sort(latencies.begin(), latencies.end());
    return {NearestRank(latencies, 50), NearestRank(latencies, 95), NearestRank(latencies, 99)};
}

/// In milliseconds, `[exit]`, of the samples that exited there.
std::vector<std::vector<double>>
LatenciesByExit(const DdnnRunResult& result, std::size_t numExits)
{
    std::vector<std::vector<double>> latencies(numExits);
    for (const DdnnSampleRecord& record : result.records)
    {
        if (record.outcome == DdnnOutcome::EXITED)
        {
            latencies.at(record.exit).push_back(Milliseconds(record.latency.GetTotal()));
        }
    }
    return latencies;
}

/// All NaN if energy was not accounted.
void
SummariseEnergy(const DdnnRunResult& result, std::size_t correct, DdnnSummary& summary)
{
    const double none = std::numeric_limits<double>::quiet_NaN();
    const double joules = result.energy ? result.energy->GetTotal() : none;
    summary.joulesPerSample = joules / result.records.size();
    summary.joulesPerCorrectPrediction = correct > 0 ? joules / correct : none;
    const bool death = result.energy && !result.energy->deaths.empty();
    summary.firstDeathSeconds = death ? result.energy->deaths[0].time.GetSeconds() : none;
}

} // namespace

DdnnSummary
Summarise(const DdnnRunResult& result, const ddnn::Hierarchy& hierarchy, double threshold)
{
    DdnnSummary summary;
    summary.threshold = threshold;
    summary.samples = result.records.size();
    summary.exited = result.exited;
    summary.fallback = result.fallback;
    summary.lost = result.lost;
    DdnnBytes bytes;
    std::size_t correct = 0;
    uint64_t accepted = 0;
    for (const DdnnSampleRecord& record : result.records)
    {
        bytes += record.bytes;
        correct += record.prediction == record.label;
        accepted += record.accepted;
    }
    const double samples = summary.samples;
    std::vector<double> fractions;
    for (const auto& exit : LatenciesByExit(result, hierarchy.tiers.size()))
    {
        summary.latency.push_back(SummariseLatency(exit));
        fractions.push_back(exit.size() / samples);
        summary.exitPercent.push_back(100 * fractions.back());
    }
    const double views = samples * hierarchy.tiers[0].numNodes;
    summary.accuracyPercent = 100 * correct / samples;
    summary.communicationCost = ddnn::CommunicationCost(hierarchy, fractions[0]);
    summary.tierBytes = ddnn::PayloadBytes(hierarchy, fractions);
    summary.payload = bytes.payload / views;
    summary.header = bytes.header / views;
    summary.onAir = bytes.onAir / views;
    double raw = 0;
    for (int device = 0; device < hierarchy.tiers[0].numNodes; ++device)
    {
        raw += ddnn::RawBytes(hierarchy, device);
    }
    raw /= hierarchy.tiers[0].numNodes;
    summary.rawRatio =
        summary.payload > 0 ? raw / summary.payload : std::numeric_limits<double>::quiet_NaN();
    summary.percentiles = SummarisePercentiles(result);
    summary.goodput = 8 * accepted / 1e3 / result.duration.GetSeconds();
    summary.rateLimited = result.rateLimited;
    summary.retriesExhausted = result.retriesExhausted;
    SummariseEnergy(result, correct, summary);
    summary.events = result.events;
    summary.wallSeconds = result.wallSeconds;
    return summary;
}

} // namespace ns3
