// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TRAINER_H
#define DDNN_TRAINER_H

#include "contrib-ddnn/data/dataset.h"
#include "contrib-ddnn/network/network.h"
#include "threshold-search.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace ddnn
{

/// How the learning rate falls over the epochs.
enum class LearningRateDecay
{
    NONE,
    LINEAR ///< to zero at the end of the last epoch
};

/// Options of joint training (paper III-C, IV-B).
struct TrainSettings
{
    int epochs{100};
    int batch{32}; ///< samples of a step, about: all steps of an epoch are of nearly equal size
    double learningRate{1e-3};
    LearningRateDecay decay{LearningRateDecay::LINEAR};
    double deviceExitWeight{
        0};                ///< of each device's own exit in the loss, views labelled absent ignored
    double failout{0};     ///< probability that a device is dropped from a sample
    double edgeFailout{0}; ///< the same for a node of a tier between devices and cloud
    double validation{0.1}; ///< fraction of the training split, by class, kept for the thresholds
    ThresholdGoal goal; ///< of the thresholds; one that asks for something needs a validation part
    uint64_t seed{1};
};

/// The state of training after an epoch.
struct EpochReport
{
    int epoch{0};                   ///< from 1
    double loss{0};                 ///< mean over the epoch's batches
    std::vector<double> accuracy;   ///< `[exit]` on the epoch's batches, 0 to 1
    std::vector<double> validation; ///< `[exit]` on the validation part; empty without one
};

/// Called after each epoch; false ends the training, which then returns the best network so far.
using EpochCallback = std::function<bool(const EpochReport&)>;

/**
 * Train all sections of a hierarchy jointly on the training split of a data set. The thresholds of
 * the result are those that SearchThresholds finds on the validation part.
 *
 * The result depends on the settings alone, not on the number of threads.
 *
 * \throws std::runtime_error if the hierarchy does not fit the data set or a setting is out of
 * range
 */
Network Train(const Hierarchy& hierarchy,
              const Dataset& dataset,
              const TrainSettings& settings,
              const EpochCallback& callback = {});

} // namespace ddnn

#endif // DDNN_TRAINER_H
