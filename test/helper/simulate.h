// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SIMULATE_H
#define DDNN_SIMULATE_H

#include "test/table-model.h"

#include "ns3/ddnn-csv.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

// What the tests of simulations share.
namespace ddnn::test
{

using namespace ns3;

inline DdnnRunResult
Simulate(const World& world, DdnnScenarioSettings settings)
{
    settings.samples = world.samples;
    return RunScenario(settings, world.model, world.dataset);
}

inline DdnnRunResult
Simulate(const World& world, double threshold)
{
    DdnnScenarioSettings settings;
    settings.threshold = threshold;
    return Simulate(world, settings);
}

/// All CSV text of a run.
inline std::string
Csv(const ddnn::Hierarchy& hierarchy, double threshold, const DdnnRunResult& result)
{
    DdnnCsv csv(hierarchy);
    csv.Add(result, Summarise(result, hierarchy, threshold));
    return csv.GetSamples() + csv.GetSummary() + csv.GetTraffic();
}

inline std::string
Csv(const World& world, const DdnnScenarioSettings& settings)
{
    const auto& hierarchy = world.model->GetHierarchy();
    return Csv(hierarchy, settings.threshold, Simulate(world, settings));
}

/// What the whole network in one place says of a sample.
inline std::vector<ddnn::Verdict>
Infer(const World& world, std::size_t sample, const std::vector<int>& failed = {})
{
    std::vector<const uint8_t*> views;
    for (int device = 0; device < world.dataset->numDevices; ++device)
    {
        const bool absent = std::count(failed.begin(), failed.end(), device) > 0;
        views.push_back(absent ? nullptr : world.dataset->View(sample, device));
    }
    return world.model->Infer(views);
}

/// Of every exit but the last: the local one's, and what the hierarchy says of the others.
inline std::vector<double>
Thresholds(const ddnn::Hierarchy& hierarchy, double local)
{
    std::vector<double> thresholds{local};
    for (std::size_t tier = 1; tier + 1 < hierarchy.tiers.size(); ++tier)
    {
        thresholds.push_back(hierarchy.tiers[tier].threshold);
    }
    return thresholds;
}

/// Every sample ended as it does without a network.
inline void
ExpectAsInferred(const World& world,
                 const DdnnRunResult& result,
                 double threshold,
                 const std::vector<int>& failed = {})
{
    ASSERT_EQ(result.records.size(), world.samples.size());
    for (const DdnnSampleRecord& record : result.records)
    {
        const auto verdicts = Infer(world, record.sample, failed);
        const int exit =
            world.model->GetHierarchy().rawOffload
                ? static_cast<int>(verdicts.size()) - 1
                : ddnn::ChooseExit(verdicts, Thresholds(world.model->GetHierarchy(), threshold));
        EXPECT_EQ(record.outcome, DdnnOutcome::EXITED) << record.sample;
        EXPECT_EQ(record.exit, exit) << record.sample;
        EXPECT_EQ(record.verdict, verdicts[exit].label) << record.sample;
        EXPECT_EQ(record.uncertainty, verdicts[exit].uncertainty) << record.sample;
        EXPECT_EQ(record.label, world.dataset->labels[record.sample]);
    }
}

inline void
ExpectPartsAddUp(const DdnnRunResult& result)
{
    for (const DdnnSampleRecord& record : result.records)
    {
        const DdnnLatency& latency = record.latency;
        EXPECT_EQ(latency.compute + latency.access + latency.waiting + latency.backhaul,
                  latency.total)
            << record.sample;
        for (const Time& part :
             {latency.compute, latency.access, latency.waiting, latency.backhaul})
        {
            EXPECT_FALSE(part.IsStrictlyNegative()) << record.sample;
        }
    }
}

/// Measured payload by hop and kind.
inline std::map<std::string, uint64_t>
PayloadByHop(const DdnnRunResult& result)
{
    std::map<std::string, uint64_t> payload;
    for (const DdnnTraffic& traffic : result.traffic)
    {
        if (traffic.kind == "summary" || traffic.kind == "features" || traffic.kind == "raw")
        {
            payload[traffic.hop] += traffic.bytes.payload;
        }
    }
    return payload;
}

/// What Eq. (1) says of every hop, in bytes over the whole run.
inline std::map<std::string, double>
ExpectedByHop(const ddnn::Hierarchy& hierarchy, const DdnnRunResult& result)
{
    const auto samples = static_cast<double>(result.records.size());
    std::vector<double> fractions(hierarchy.tiers.size(), 0);
    for (const DdnnSampleRecord& record : result.records)
    {
        if (record.exit >= 0)
        {
            fractions.at(record.exit) += 1 / samples;
        }
    }
    const auto tiers = ddnn::PayloadBytes(hierarchy, fractions);
    std::map<std::string, double> expected;
    expected["access-up"] = samples * (tiers[0].summaries + tiers[0].features);
    if (hierarchy.cells.size() > 1)
    {
        expected["cell-up"] = expected["access-up"];
    }
    for (std::size_t tier = 1; tier < tiers.size(); ++tier)
    {
        const std::string& name = hierarchy.tiers[tier].name;
        const double carried = hierarchy.rawOffload ? tiers[0].features : tiers[tier - 1].features;
        expected[name + "-up"] = samples * carried;
        if (hierarchy.tiers[tier].numNodes > 1)
        {
            expected[name + "-in"] = hierarchy.rawOffload ? 0 : samples * carried;
            expected[name + "-out"] = samples * (tiers[tier].summaries + tiers[tier].features);
        }
    }
    return expected;
}

inline void
ExpectBytesOfEquation1(const ddnn::Hierarchy& hierarchy, const DdnnRunResult& result)
{
    auto measured = PayloadByHop(result);
    for (const auto& [hop, bytes] : ExpectedByHop(hierarchy, result))
    {
        EXPECT_NEAR(static_cast<double>(measured[hop]), bytes, 1e-3) << hop;
        measured.erase(hop);
    }
    for (const auto& [hop, bytes] : measured)
    {
        EXPECT_EQ(bytes, 0U) << hop;
    }
}

/// Conservation: the three columns of the records are those of the access network's ledger.
inline void
ExpectColumnsAddUp(const DdnnRunResult& result)
{
    DdnnBytes records;
    for (const DdnnSampleRecord& record : result.records)
    {
        records += record.bytes;
    }
    DdnnBytes hops;
    for (const DdnnTraffic& traffic : result.traffic)
    {
        if (traffic.hop == "access-up")
        {
            hops += traffic.bytes;
        }
    }
    EXPECT_EQ(records.payload, hops.payload);
    EXPECT_EQ(records.header, hops.header);
    EXPECT_EQ(records.onAir, hops.onAir);
}

/// Deadlines long enough for TCP to repair losses, and for nodes to wait for others that wait.
inline void
WaitLong(DdnnScenarioSettings& settings)
{
    settings.interval = Seconds(70);
    settings.sampleDeadline = Seconds(69);
    settings.attach = [](DdnnHelper& helper) -> std::shared_ptr<void> {
        const auto& tiers = helper.GetHierarchy().tiers;
        for (int tier = 0; tier < static_cast<int>(tiers.size()); ++tier)
        {
            helper.GetAggregator(tier)->GetCollector()->SetAttribute("Deadline",
                                                                     TimeValue(Seconds(7)));
            for (int node = 0; tier > 0 && node < tiers[tier].numNodes; ++node)
            {
                helper.GetServer(tier, node)
                    ->GetCollector()
                    ->SetAttribute("Deadline", TimeValue(Seconds(6)));
            }
        }
        return nullptr;
    };
}

} // namespace ddnn::test

#endif // DDNN_SIMULATE_H
