// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TEST_SAMPLE_RESULT_H
#define DDNN_TEST_SAMPLE_RESULT_H

#include "contrib-ddnn/evaluation/evaluation.h"

namespace ddnn
{

/// One verdict without scores.
inline Verdict
Says(int label, double entropy)
{
    Verdict verdict;
    verdict.label = label;
    verdict.uncertainty = entropy;
    return verdict;
}

/// What two exits, the local one and the cloud's, say of a sample.
inline SampleResult
Result(int label, const Verdict& local, const Verdict& cloud)
{
    SampleResult result;
    result.label = label;
    result.exits = {local, cloud};
    result.deviceLabels = {local.label, -1};
    return result;
}

} // namespace ddnn

#endif // DDNN_TEST_SAMPLE_RESULT_H
