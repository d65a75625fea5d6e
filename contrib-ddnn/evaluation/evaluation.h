// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EVALUATION_H
#define DDNN_EVALUATION_H

#include "contrib-ddnn/data/dataset.h"
#include "contrib-ddnn/inference/model.h"

#include <cstddef>
#include <vector>

namespace ddnn
{

/// What a model says of one sample.
struct SampleResult
{
    std::size_t sample{0}; ///< index in the data set
    int label{0};
    std::vector<Verdict> exits;    ///< `[exit]`, from local to cloud
    std::vector<int> deviceLabels; ///< `[device]`, by each device's own scores; -1: absent
};

/// Class counts that an accuracy is made of.
struct Recall
{
    std::size_t correct{0};
    std::size_t total{0};
};

/// Accuracies of a model over some samples, all fractions between 0 and 1.
struct Evaluation
{
    std::size_t samples{0};
    std::vector<double> exitAccuracy;   ///< `[exit]`, if all samples exited there
    std::vector<double> exitFraction;   ///< `[exit]`, of the samples that exit there
    double overall{0};                  ///< with the thresholds
    std::vector<double> deviceAccuracy; ///< `[device]`, by its own scores, blank views included
    std::vector<Recall> recall;         ///< `[class]`, with the thresholds
};

/// \throws std::runtime_error if the model does not fit the data set (the message says which sizes
/// differ)
void CheckFit(const Hierarchy& hierarchy, const Dataset& dataset);

/**
 * Run a model on samples.
 * \param failed devices that are absent, from 0; at least one device must remain
 */
std::vector<SampleResult> Classify(const Model& model,
                                   const Dataset& dataset,
                                   const std::vector<std::size_t>& samples,
                                   const std::vector<int>& failed = {});

/// \param thresholds of every exit but the last
Evaluation Evaluate(const std::vector<SampleResult>& results,
                    int numClasses,
                    const std::vector<double>& thresholds);

/// Accuracy on `samples` of always answering the training split's most frequent class.
double MajorityBaseline(const Dataset& dataset, const std::vector<std::size_t>& samples);

/// Accuracy on `samples` of looking up the most frequent label of the training samples in which the
/// same devices see the object: what the presence mask alone gives away.
double PresenceBaseline(const Dataset& dataset, const std::vector<std::size_t>& samples);

/// Two-sided Clopper-Pearson confidence interval of a fraction, by Boost.Math.
struct Interval
{
    double low{0};
    double high{1};
};

Interval ConfidenceInterval(std::size_t successes, std::size_t trials, double confidence = 0.95);

} // namespace ddnn

#endif // DDNN_EVALUATION_H
