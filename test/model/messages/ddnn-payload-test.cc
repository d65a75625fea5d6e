// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-payload.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

using namespace ns3;

TEST(DdnnPayload, ScoresAreLittleEndianSinglePrecision)
{
    // 1 is 0x3f800000, -2.5 is 0xc0200000.
    EXPECT_EQ(EncodeScores({1.0F, -2.5F}), (DdnnPayload{0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0}));
}

TEST(DdnnPayload, ScoresKeepEveryBit)
{
    const ddnn::Scores written{0.1F, -0.0F, std::numeric_limits<float>::denorm_min(), 3.4e38F};
    ddnn::Scores read;
    ASSERT_TRUE(DecodeScores(EncodeScores(written), 4, read));
    EXPECT_EQ(read, written);
    EXPECT_TRUE(std::signbit(read[1]));
}

TEST(DdnnPayload, RefusesScoresOfAnotherSize)
{
    ddnn::Scores scores;
    EXPECT_FALSE(DecodeScores(DdnnPayload(11), 3, scores));
    EXPECT_FALSE(DecodeScores(DdnnPayload(13), 3, scores));
    EXPECT_FALSE(DecodeScores(DdnnPayload(), 3, scores));
    EXPECT_FALSE(DecodeScores(DdnnPayload(), 0, scores));
}

TEST(DdnnPayload, RefusesScoresThatAreNotFinite)
{
    for (const float value : {std::numeric_limits<float>::quiet_NaN(),
                              std::numeric_limits<float>::infinity(),
                              -std::numeric_limits<float>::infinity()})
    {
        ddnn::Scores scores;
        EXPECT_FALSE(DecodeScores(EncodeScores({0, value}), 2, scores)) << value;
    }
}

TEST(DdnnPayload, PredictionKeepsEveryBit)
{
    const double entropy = std::nextafter(0.8, 0.0);
    DdnnPrediction read;
    ASSERT_TRUE(DecodePrediction(EncodePrediction({1, 299, entropy}), 2, 300, read));
    EXPECT_EQ(read.exit, 1);
    EXPECT_EQ(read.label, 299);
    EXPECT_EQ(read.uncertainty, entropy);
}

TEST(DdnnPayload, RefusesPredictionsOutOfRange)
{
    DdnnPrediction prediction;
    EXPECT_FALSE(DecodePrediction(EncodePrediction({2, 0, 0.5}), 2, 3, prediction));
    EXPECT_FALSE(DecodePrediction(EncodePrediction({1, 3, 0.5}), 2, 3, prediction));
    EXPECT_FALSE(DecodePrediction(EncodePrediction({1, -1, 0.5}), 2, 3, prediction));
    EXPECT_FALSE(DecodePrediction(EncodePrediction({1, 0, -0.1}), 2, 3, prediction));
    EXPECT_FALSE(DecodePrediction(EncodePrediction({1, 0, 1.1}), 2, 3, prediction));
    EXPECT_FALSE(DecodePrediction(EncodePrediction({1, 0, std::nan("")}), 2, 3, prediction));
    EXPECT_TRUE(DecodePrediction(EncodePrediction({1, 2, 1.0}), 2, 3, prediction));
}

TEST(DdnnPayload, RefusesTruncatedPredictions)
{
    DdnnPayload payload = EncodePrediction({1, 2, 1.0});
    DdnnPrediction prediction;
    payload.push_back(0);
    EXPECT_FALSE(DecodePrediction(payload, 2, 3, prediction));
    payload.pop_back();
    while (!payload.empty())
    {
        payload.pop_back();
        EXPECT_FALSE(DecodePrediction(payload, 2, 3, prediction)) << payload.size();
    }
}
