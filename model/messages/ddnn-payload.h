// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_PAYLOAD_H
#define DDNN_PAYLOAD_H

#include "contrib-ddnn/inference/model.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/// What follows a DdnnHeader. All numbers are little-endian.
using DdnnPayload = std::vector<uint8_t>;

/// What an exit says of a sample.
struct DdnnPrediction
{
    int exit{0};           ///< tier of the exit
    int label{-1};         ///< class; -1: none
    double uncertainty{1}; ///< 0 to 1, by the exit criterion, see ddnn::Verdict
    bool final{true};      ///< the sample exits; false: a higher exit will say more, if it can
};

/// Class scores as IEEE 754 single precision: 4 |C| bytes, Eq. (1).
DdnnPayload EncodeScores(const ddnn::Scores& scores);

/// \return false if the size is not that of numClasses scores, or one is not finite
bool DecodeScores(const DdnnPayload& payload, int numClasses, ddnn::Scores& scores);

/// Exit (1 byte), class (2), uncertainty in double precision (8), so that nothing is lost to
/// rounding, and whether it is final (1).
DdnnPayload EncodePrediction(const DdnnPrediction& prediction);

/// \return false if the size is wrong or a value is out of its range
bool DecodePrediction(const DdnnPayload& payload,
                      int numTiers,
                      int numClasses,
                      DdnnPrediction& prediction);

} // namespace ns3

#endif // DDNN_PAYLOAD_H
