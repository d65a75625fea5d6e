// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_EVALUATION_CSV_H
#define DDNN_EXAMPLES_EVALUATION_CSV_H

#include "contrib-ddnn/evaluation/evaluation.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ddnn::examples
{

/// One row per sample, as the manual describes it.
/// \param exits names, from local to cloud
/// \param thresholds of every exit but the last
std::string SamplesCsv(const std::vector<SampleResult>& results,
                       const std::vector<std::string>& exits,
                       const std::vector<double>& thresholds);

/**
 * One row per set of failed devices that leaves at least one: the set, like 0-3, how many they are,
 * and the accuracy in percent of each exit and overall. The first row is that of the empty set.
 *
 * \throws std::runtime_error if there are more than 16 devices
 */
std::string FailuresCsv(const Model& model,
                        const Dataset& dataset,
                        const std::vector<std::size_t>& samples,
                        const std::vector<double>& thresholds);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_EVALUATION_CSV_H
