// SPDX-License-Identifier: GPL-2.0-only
#include "feature-coding.h"

#include "simd.h"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>

namespace ddnn
{

namespace
{

constexpr float INT8_ONE = 127; // the code of 1

/// To [-1, 1]; 0 if it is not a number.
float
Clip(float x)
{
    if (std::isnan(x))
    {
        return 0;
    }
    return std::min(std::max(x, -1.0F), 1.0F);
}

/// The bits of a float feature, in the lowest bytes, and back.
struct Coder
{
    int bytes;
    uint32_t (*encode)(float);
    float (*decode)(uint32_t);
};

/// In the order of FeatureCoding.
const Coder CODERS[] = {{4, // FLOAT32
                         [](float x) {
                             return Eigen::numext::bit_cast<uint32_t>(x);
                         },
                         [](uint32_t bits) {
                             return Eigen::numext::bit_cast<float>(bits);
                         }},
                        {2, // FLOAT16
                         [](float x) -> uint32_t {
                             return Eigen::numext::bit_cast<uint16_t>(Eigen::half(x));
                         },
                         [](uint32_t bits) {
                             const auto half = static_cast<uint16_t>(bits);
                             return static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(half));
                         }},
                        {1, // INT8
                         [](float x) -> uint32_t {
                             return static_cast<uint8_t>(
                                 static_cast<int8_t>(std::round(INT8_ONE * x)));
                         },
                         [](uint32_t bits) {
                             return static_cast<float>(static_cast<int8_t>(bits)) / INT8_ONE;
                         }}};

const Coder&
CoderOf(FeatureCoding coding)
{
    return CODERS[static_cast<std::size_t>(coding)];
}

template <typename T>
[[gnu::always_inline]] inline Features
EncodeSignsOf(const std::vector<T>& activations)
{
    Features features((activations.size() + 7) / 8, 0);
    for (std::size_t i = 0; i < activations.size() / 8 * 8; i += 8)
    {
        int16_t bits = 0;
#pragma GCC unroll 1 // as a vector
        for (int bit = 0; bit < 8; ++bit)
        {
            bits = static_cast<int16_t>(bits + (activations[i + bit] >= 0 ? 1 << bit : 0));
        }
        features[i / 8] = static_cast<uint8_t>(bits);
    }
    for (std::size_t i = activations.size() / 8 * 8; i < activations.size(); ++i)
    {
        features[i / 8] |= (activations[i] >= 0 ? 1 : 0) << (i % 8);
    }
    return features;
}

} // namespace

FeatureFormat
FormatOf(const Hierarchy& hierarchy, int tier, int node)
{
    return {FeaturePrecision(hierarchy, tier, node), hierarchy.tiers[tier].coding};
}

template <typename T>
void
Activate(Precision precision, const std::vector<float>& x, std::vector<T>& activations)
{
    activations.resize(x.size());
    if (precision == Precision::FLOAT)
    {
        std::transform(x.begin(), x.end(), activations.begin(), Clip);
        return;
    }
    std::transform(x.begin(), x.end(), activations.begin(), [](float value) {
        return static_cast<T>(value >= 0 ? 1 : -1);
    });
}

float
RoundFeature(FeatureCoding coding, float x)
{
    return Clip(CoderOf(coding).decode(CoderOf(coding).encode(Clip(x))));
}

Features
EncodeFeatures(const std::vector<float>& activations, const FeatureFormat& format)
{
    if (format.precision == Precision::BINARY)
    {
        return EncodeSigns(activations);
    }
    const Coder& coder = CoderOf(format.coding);
    Features features;
    features.reserve(activations.size() * coder.bytes);
    for (float x : activations)
    {
        const uint32_t bits = coder.encode(Clip(x));
        for (int byte = 0; byte < coder.bytes; ++byte)
        {
            features.push_back(static_cast<uint8_t>(bits >> (8 * byte)));
        }
    }
    return features;
}

std::vector<float>
DecodeFeatures(const Features& features, int size, const FeatureFormat& format)
{
    if (format.precision == Precision::BINARY)
    {
        return DecodeSigns<float>(features, size);
    }
    std::vector<float> activations(size);
    const Coder& coder = CoderOf(format.coding);
    for (int i = 0; i < size; ++i)
    {
        uint32_t bits = 0;
        for (int byte = 0; byte < coder.bytes; ++byte)
        {
            bits |= static_cast<uint32_t>(features[i * coder.bytes + byte]) << (8 * byte);
        }
        activations[i] = Clip(coder.decode(bits));
    }
    return activations;
}

DDNN_SIMD_CLONES Features
EncodeSigns(const std::vector<float>& activations)
{
    return EncodeSignsOf(activations);
}

DDNN_SIMD_CLONES Features
EncodeSigns(const std::vector<int16_t>& activations)
{
    return EncodeSignsOf(activations);
}

template <typename T>
std::vector<T>
DecodeSigns(const Features& features, int size)
{
    std::vector<T> activations(features.size() * 8);
    for (std::size_t i = 0; i < features.size(); ++i)
    {
        for (int bit = 0; bit < 8; ++bit)
        {
            activations[i * 8 + bit] = static_cast<T>((features[i] >> bit & 1) * 2 - 1);
        }
    }
    activations.resize(size);
    return activations;
}

template void Activate(Precision, const std::vector<float>&, std::vector<float>&);
template void Activate(Precision, const std::vector<float>&, std::vector<int16_t>&);
template std::vector<float> DecodeSigns(const Features&, int);
template std::vector<int16_t> DecodeSigns(const Features&, int);

} // namespace ddnn
