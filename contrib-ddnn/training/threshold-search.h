// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_THRESHOLD_SEARCH_H
#define DDNN_THRESHOLD_SEARCH_H

#include "contrib-ddnn/evaluation/evaluation.h"

#include <limits>
#include <vector>

namespace ddnn
{

/// What the thresholds must achieve, besides accuracy.
struct ThresholdGoal
{
    double minLocalExit{0}; ///< fraction of the samples that exit locally at least, 0 to 1
    double maxBytes{std::numeric_limits<double>::infinity()}; ///< per sample and device at most, by
                                                              ///< CommunicationCost
};

/// \throws std::runtime_error if no thresholds can meet the goal, saying what is possible
void CheckGoal(const Hierarchy& hierarchy, const ThresholdGoal& goal);

/**
 * Choose every threshold but the last exit's on held-out results (paper III-D): the values with the
 * best overall accuracy; among equals the largest, that is the fewest bytes, the first exit's
 * before the second's. So the threshold of an exit that no sample reaches is 1.
 *
 * One or two thresholds are searched on a grid of steps of 0.01, and the result is the best of all.
 * Of more thresholds (0.05 for three, 0.1 for four, 0.2, 0.25, 0.5 for five, six, seven) the best
 * point of a coarser grid is improved by steps of 0.01 in one threshold at a time until none helps.
 *
 * \throws std::runtime_error if there are no results
 */
std::vector<double> SearchThresholds(const std::vector<SampleResult>& results);

/**
 * The same among those thresholds alone that meet a goal on these results.
 * \throws std::runtime_error if there are none, saying what is possible
 */
std::vector<double> SearchThresholds(const std::vector<SampleResult>& results,
                                     const Hierarchy& hierarchy,
                                     const ThresholdGoal& goal);

} // namespace ddnn

#endif // DDNN_THRESHOLD_SEARCH_H
