// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FEATURE_CODING_H
#define DDNN_FEATURE_CODING_H

#include "model.h"

#include <vector>

namespace ddnn
{

/// How a node's features travel.
struct FeatureFormat
{
    Precision precision{Precision::BINARY};
    FeatureCoding coding{FeatureCoding::FLOAT32}; ///< if the precision is FLOAT
};

/// Of the features that a node sends.
FeatureFormat FormatOf(const Hierarchy& hierarchy, int tier, int node);

/**
 * The activations of a block. BINARY: +1 where x >= 0, else -1. FLOAT: x clipped to [-1, 1]. Not a
 * number gives -1 and 0.
 */
template <typename T>
void Activate(Precision precision, const std::vector<float>& x, std::vector<T>& activations);

/// What is left of a float feature after its way up. Of what is not in [-1, 1], the clipped value.
float RoundFeature(FeatureCoding coding, float x);

/**
 * Activations as bytes, see Features: BINARY one bit each, set where the activation is >= 0;
 * FLOAT32 and FLOAT16 IEEE 754, the lowest byte first; INT8 127 x rounded, in two's complement.
 * FLOAT16 rounds to the nearest, to even in a tie; INT8 away from zero in a tie.
 */
Features EncodeFeatures(const std::vector<float>& activations, const FeatureFormat& format);

/**
 * The first `size` features. Decoding what EncodeFeatures has made of x gives RoundFeature(x).
 *
 * Any bytes are safe: values beyond [-1, 1] (infinities too) are clipped, and what is not a number
 * is 0.
 */
std::vector<float> DecodeFeatures(const Features& features, int size, const FeatureFormat& format);

/// The BINARY part of both, for activations of -1 and +1 in floats or integers.
Features EncodeSigns(const std::vector<float>& activations);
Features EncodeSigns(const std::vector<int16_t>& activations);
template <typename T>
std::vector<T> DecodeSigns(const Features& features, int size);

} // namespace ddnn

#endif // DDNN_FEATURE_CODING_H
