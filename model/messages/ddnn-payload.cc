// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-payload.h"

#include <cmath>
#include <cstring>

namespace ns3
{

namespace
{

constexpr std::size_t PREDICTION_SIZE = 12;

template <typename Float, typename Bits>
void
Write(Float value, DdnnPayload& payload)
{
    static_assert(sizeof(Float) == sizeof(Bits), "the same bits");
    Bits bits;
    std::memcpy(&bits, &value, sizeof(bits));
    for (std::size_t i = 0; i < sizeof(bits); ++i)
    {
        payload.push_back(static_cast<uint8_t>(bits >> (8 * i)));
    }
}

template <typename Float, typename Bits>
Float
Read(const uint8_t* bytes)
{
    static_assert(sizeof(Float) == sizeof(Bits), "the same bits");
    Bits bits = 0;
    for (std::size_t i = 0; i < sizeof(bits); ++i)
    {
        bits |= static_cast<Bits>(bytes[i]) << (8 * i);
    }
    Float value;
    std::memcpy(&value, &bits, sizeof(value));
    return value;
}

} // namespace

DdnnPayload
EncodeScores(const ddnn::Scores& scores)
{
    DdnnPayload payload;
    payload.reserve(scores.size() * sizeof(float));
    for (float score : scores)
    {
        Write<float, uint32_t>(score, payload);
    }
    return payload;
}

bool
DecodeScores(const DdnnPayload& payload, int numClasses, ddnn::Scores& scores)
{
    if (numClasses < 1 || payload.size() != numClasses * sizeof(float))
    {
        return false;
    }
    scores.resize(numClasses);
    for (std::size_t i = 0; i < scores.size(); ++i)
    {
        scores[i] = Read<float, uint32_t>(payload.data() + i * sizeof(float));
        if (!std::isfinite(scores[i]))
        {
            return false;
        }
    }
    return true;
}

DdnnPayload
EncodePrediction(const DdnnPrediction& prediction)
{
    DdnnPayload payload;
    payload.reserve(PREDICTION_SIZE);
    payload.push_back(static_cast<uint8_t>(prediction.exit));
    Write<int16_t, uint16_t>(static_cast<int16_t>(prediction.label), payload);
    Write<double, uint64_t>(prediction.uncertainty, payload);
    payload.push_back(prediction.final ? 1 : 0);
    return payload;
}

bool
DecodePrediction(const DdnnPayload& payload,
                 int numTiers,
                 int numClasses,
                 DdnnPrediction& prediction)
{
    if (payload.size() != PREDICTION_SIZE)
    {
        return false;
    }
    prediction.exit = payload[0];
    prediction.label = Read<int16_t, uint16_t>(payload.data() + 1);
    prediction.uncertainty = Read<double, uint64_t>(payload.data() + 3);
    prediction.final = payload[11] == 1;
    return payload[11] <= 1 && prediction.exit < numTiers && prediction.label >= 0 &&
           prediction.label < numClasses && prediction.uncertainty >= 0 &&
           prediction.uncertainty <= 1;
}

} // namespace ns3
