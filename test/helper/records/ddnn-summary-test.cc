// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"

#include "ns3/ddnn-summary.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace ns3;

namespace
{

DdnnSampleRecord
MakeRecord(DdnnOutcome outcome, int exit, int prediction, int latencyMs)
{
    DdnnSampleRecord record;
    record.outcome = outcome;
    record.exit = exit;
    record.prediction = prediction;
    record.label = 1;
    record.latency.Advance(record.latency.network[1], MilliSeconds(latencyMs));
    return record;
}

ddnn::Hierarchy
MakeHierarchy()
{
    return ddnn::MakePreset('c', {});
}

} // namespace

TEST(Summary, CountsByHand)
{
    DdnnRunResult result;
    result.exited = 2;
    result.fallback = 1;
    result.lost = 1;
    result.records = {MakeRecord(DdnnOutcome::EXITED, 0, 1, 2),
                      MakeRecord(DdnnOutcome::EXITED, 1, 2, 50),
                      MakeRecord(DdnnOutcome::FALLBACK, 0, 1, 500),
                      MakeRecord(DdnnOutcome::LOST, -1, -1, 500)};
    result.records[0].bytes = {240, 24, 48};
    result.records[1].bytes = {480, 48, 96};
    const DdnnSummary summary = Summarise(result, MakeHierarchy(), 0.8);
    EXPECT_EQ(summary.samples, 4U);
    EXPECT_EQ(summary.exited + summary.fallback + summary.lost, 4U);
    EXPECT_DOUBLE_EQ(summary.exitPercent[0], 25);
    EXPECT_DOUBLE_EQ(summary.accuracyPercent, 50);
    EXPECT_DOUBLE_EQ(summary.communicationCost, 12 + 0.75 * 128);
    // Six devices, four samples.
    EXPECT_DOUBLE_EQ(summary.payload, 30);
    EXPECT_DOUBLE_EQ(summary.header, 3);
    EXPECT_DOUBLE_EQ(summary.onAir, 6);
    EXPECT_DOUBLE_EQ(summary.rawRatio, 102.4);
    EXPECT_DOUBLE_EQ(summary.latency[0].mean, 2);
    EXPECT_DOUBLE_EQ(summary.latency[1].mean, 50);
}

TEST(Summary, PercentileIsANearestRank)
{
    DdnnRunResult result;
    for (int i = 1; i <= 20; ++i)
    {
        result.records.push_back(MakeRecord(DdnnOutcome::EXITED, 1, 1, 21 - i));
    }
    DdnnSummary summary = Summarise(result, MakeHierarchy(), 0);
    EXPECT_DOUBLE_EQ(summary.latency[1].percentile95, 19);
    EXPECT_DOUBLE_EQ(summary.latency[1].mean, 10.5);
    EXPECT_TRUE(std::isnan(summary.latency[0].mean));
    EXPECT_TRUE(std::isnan(summary.latency[0].percentile95));
    result.records.push_back(MakeRecord(DdnnOutcome::EXITED, 1, 1, 21));
    summary = Summarise(result, MakeHierarchy(), 0);
    EXPECT_DOUBLE_EQ(summary.latency[1].percentile95, 20);
}

TEST(Summary, NamesExits)
{
    EXPECT_EQ(ddnn::ExitName(MakeHierarchy(), 0), "local");
    EXPECT_EQ(ddnn::ExitName(MakeHierarchy(), 1), "cloud");
}
