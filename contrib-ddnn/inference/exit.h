// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ENGINE_EXIT_H
#define DDNN_ENGINE_EXIT_H

#include "contrib-ddnn/network/network.h"
#include "model.h"

#include <vector>

namespace ddnn
{

/// softmax(scores) `[class]`.
std::vector<double> Softmax(const Scores& scores);

/// The verdict that follows from an exit's scores.
/// \param criterion an ExitCriterion's name
Verdict MakeVerdict(const Scores& scores, const std::string& criterion = Hierarchy().confidence);

/**
 * Join the scores of a tier's nodes at its exit (paper III-B): MP and AP over those that are
 * present; CC through a fully connected layer, absent ones as zeros.
 *
 * \param scores `[node]`, empty where a node is absent
 * \throws std::invalid_argument if no node is present or a size is wrong
 */
Scores JoinScores(const Network& network, int tier, const std::vector<Scores>& scores);

} // namespace ddnn

#endif // DDNN_ENGINE_EXIT_H
