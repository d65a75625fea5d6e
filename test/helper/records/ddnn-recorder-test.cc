// SPDX-License-Identifier: GPL-2.0-only
#include "test/support/simulate.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ddnn::test;

class RecorderThreshold : public testing::TestWithParam<double>
{
};

TEST_P(RecorderThreshold, EqualsInferenceInOnePlace)
{
    const World world = MakeWorld('c', 6, 25);
    const DdnnRunResult result = Simulate(world, GetParam());
    ExpectAsInferred(world, result, GetParam());
    ExpectLatencies(result);
    ExpectColumnsAddUp(result);
    EXPECT_EQ(result.exited, 25U);
    for (const auto& [reason, count] : result.rejected)
    {
        EXPECT_EQ(count, 0U) << ToString(reason);
    }
}

TEST_P(RecorderThreshold, PayloadIsEquation1)
{
    const World world = MakeWorld('c', 6, 25);
    const DdnnRunResult result = Simulate(world, GetParam());
    uint64_t payload = 0;
    std::size_t local = 0;
    for (const DdnnSampleRecord& record : result.records)
    {
        payload += record.bytes.payload;
        local += record.exit == 0;
        EXPECT_EQ(record.bytes.payload, 6U * (record.exit == 0 ? 12 : 140));
        // IPv4 20, UDP 8, DDNN 10 bytes.
        EXPECT_EQ(record.bytes.header, 6U * (record.exit == 0 ? 38 : 76));
        EXPECT_GT(record.bytes.onAir, record.bytes.payload + record.bytes.header);
    }
    EXPECT_DOUBLE_EQ(payload / (6 * 25.0),
                     ddnn::Equation1(world.model->GetHierarchy(), local / 25.0));
}

INSTANTIATE_TEST_SUITE_P(Thresholds,
                         RecorderThreshold,
                         testing::Values(0.0, 0.3, 0.6, 0.7, 0.8, 0.9, 1.0));
