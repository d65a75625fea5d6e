// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SIMULATE_H
#define DDNN_SIMULATE_H

#include "test/table-model.h"

#include "ns3/ddnn-csv.h"
#include "ns3/ddnn-scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
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
Csv(const World& world, const DdnnScenarioSettings& settings)
{
    const auto& hierarchy = world.model->GetHierarchy();
    const DdnnRunResult result = Simulate(world, settings);
    DdnnCsv csv(hierarchy);
    csv.Add(result, Summarise(result, hierarchy, settings.threshold));
    return csv.GetSamples() + csv.GetSummary() + csv.GetTraffic();
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

} // namespace ddnn::test

#endif // DDNN_SIMULATE_H
