// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SYNTHETIC_H
#define DDNN_SYNTHETIC_H

#include "contrib-ddnn/data/dataset.h"

#include <cstdint>

namespace ddnn
{

/// What RenderSynthetic renders, and how hard it is to classify.
struct SyntheticSettings
{
    int numDevices{6}; ///< cameras, 1 to 10000
    int numTrain{680}; ///< training samples, which come first
    int numTest{171};  ///< test samples
    uint64_t seed{1};  ///< of the samples; the cameras stand where they stand

    int minViews{3};        ///< of the first six cameras, so many see each body at least, 1 to 3
    double traffic{1};      ///< mean number of other people and cars around the body
    double obstacles{0.2};  ///< mean number of trees and columns around it
    double mistrack{0.1};   ///< probability that a camera's crop follows other traffic instead
    double cropError{0.13}; ///< largest shift of the crop, as a fraction of its extent
    double cropMargin{0.6}; ///< largest margin around the body, as a fraction of its extent
    double darkness{0.3};   ///< largest loss of light, as a fraction: 0 is always noon
    double noise{3};        ///< standard deviation of the sensors' noise, in levels of 255
};

/**
 * A street corner seen by several cameras: the data set that needs no file.
 *
 * Each sample is one car (class 0), bus (1) or person (2) at a random place of the corner, in a
 * random pose, paint and light, with other things around it that hide it from some cameras. Every
 * camera that has the body in its field of view contributes a crop around it; the views of the
 * others are blank. The fields of view differ, so that the first six cameras see about 21 to 92% of
 * the samples each, whatever the class (uneven, as in the paper's Fig. 6), and each sample is seen
 * by minViews of these six at least, however many cameras there are.
 *
 * The same settings give the same bytes on every platform. Sample i depends on the seed and on the
 * numbers of samples only; camera i is the same, and sees the same, however many others there are.
 *
 * Both splits hold the classes in the shares 42, 23 and 35%, rounded.
 *
 * \throws std::runtime_error naming the setting that is out of range
 */
Dataset RenderSynthetic(const SyntheticSettings& settings);

} // namespace ddnn

#endif // DDNN_SYNTHETIC_H
