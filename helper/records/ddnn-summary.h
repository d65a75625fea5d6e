// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SUMMARY_H
#define DDNN_SUMMARY_H

#include "ddnn-run-result.h"

#include "contrib-ddnn/hierarchy/hierarchy.h"

#include <string>
#include <vector>

namespace ns3
{

/// Latency of the samples that exited at one exit, in milliseconds; NaN if there are none.
struct DdnnLatencySummary
{
    double mean{0};
    double percentile95{0}; ///< the smallest latency that at least 95% of the samples do not exceed
};

/// Nearest-rank percentiles of a latency, in milliseconds; NaN if there is none.
struct DdnnPercentiles
{
    double p50{0};
    double p95{0};
    double p99{0};
};

/// One simulation in one row of the paper's Table II, all sites together. Bytes are per device and
/// sample.
struct DdnnSummary
{
    double threshold{0};
    std::vector<double> exitPercent;        ///< `[exit]`, of all samples
    double accuracyPercent{0};              ///< overall; a lost sample is wrong
    double communicationCost{0};            ///< with the fraction that exited locally
    std::vector<ddnn::TierBytes> tierBytes; ///< `[tier]`, Eq. (1) generalised: of all its nodes
    double payload{0};
    double header{0};
    double onAir{0};
    double rawRatio{0};                      ///< bytes of a raw view over payload; NaN without any
    std::vector<DdnnLatencySummary> latency; ///< `[exit]`
    DdnnPercentiles percentiles;             ///< of all samples that have a prediction
    double goodput{0};                       ///< payload that nodes accepted in time, in kbit/s
    std::size_t samples{0};
    std::size_t exited{0};
    std::size_t fallback{0};
    std::size_t lost{0};
    uint64_t rateLimited{0};              ///< messages for which a byte budget was too small
    uint64_t retriesExhausted{0};         ///< features whose last try was not acknowledged
    double joulesPerSample{0};            ///< of all devices; NaN: not accounted
    double joulesPerCorrectPrediction{0}; ///< the same; NaN also if no prediction is correct
    double firstDeathSeconds{0};          ///< since the first capture; NaN: no battery is empty
    uint64_t events{0};                   ///< that ns-3 executed
    double wallSeconds{0};                ///< of simulating
};

/// \param threshold that the simulation was run with
DdnnSummary Summarise(const DdnnRunResult& result,
                      const ddnn::Hierarchy& hierarchy,
                      double threshold);

} // namespace ns3

#endif // DDNN_SUMMARY_H
