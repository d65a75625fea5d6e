// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ENGINE_EXIT_CRITERION_H
#define DDNN_ENGINE_EXIT_CRITERION_H

#include <string>
#include <vector>

namespace ddnn
{

/// Says how undecided an exit is, which it compares with its threshold.
struct ExitCriterion
{
    std::string name; ///< of a hierarchy file's `confidence`

    /// \param probabilities `[class]`, of at least two classes
    /// \return 0 where one class is certain, 1 where all are equally probable
    double (*uncertainty)(const std::vector<double>& probabilities);
};

/// All exit criteria; the first is the default.
const std::vector<ExitCriterion>& ExitCriteria();

/// \return an exit criterion; nullptr if there is none of that name
const ExitCriterion* FindExitCriterion(const std::string& name);

} // namespace ddnn

#endif // DDNN_ENGINE_EXIT_CRITERION_H
