// SPDX-License-Identifier: GPL-2.0-only
#include "feature-coding.h"

#include "simd.h"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

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

int
BytesOf(FeatureCoding coding)
{
    switch (coding)
    {
    case FeatureCoding::FLOAT32:
        return 4;
    case FeatureCoding::FLOAT16:
        return 2;
    case FeatureCoding::INT8:
        return 1;
    }
    throw std::logic_error("coding out of range");
}

/// The bits of a float feature, in the lowest bytes.
uint32_t
Encode(FeatureCoding coding, float x)
{
    uint32_t bits = 0;
    switch (coding)
    {
    case FeatureCoding::FLOAT32:
        std::memcpy(&bits, &x, sizeof bits);
        return bits;
    case FeatureCoding::FLOAT16:
        return Eigen::numext::bit_cast<uint16_t>(Eigen::half(x));
    case FeatureCoding::INT8:
        return static_cast<uint8_t>(static_cast<int8_t>(std::round(INT8_ONE * x)));
    }
    throw std::logic_error("coding out of range");
}

float
Decode(FeatureCoding coding, uint32_t bits)
{
    float x = 0;
    switch (coding)
    {
    case FeatureCoding::FLOAT32:
        std::memcpy(&x, &bits, sizeof x);
        return Clip(x);
    case FeatureCoding::FLOAT16:
        return Clip(
            static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(static_cast<uint16_t>(bits))));
    case FeatureCoding::INT8:
        return Clip(static_cast<float>(static_cast<int8_t>(bits)) / INT8_ONE);
    }
    throw std::logic_error("coding out of range");
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
    return coding == FeatureCoding::FLOAT32 ? Clip(x) : Decode(coding, Encode(coding, Clip(x)));
}

Features
EncodeFeatures(const std::vector<float>& activations, const FeatureFormat& format)
{
    if (format.precision == Precision::BINARY)
    {
        return EncodeSigns(activations);
    }
    Features features;
    features.reserve(activations.size() * BytesOf(format.coding));
    for (float x : activations)
    {
        const uint32_t bits = Encode(format.coding, Clip(x));
        for (int byte = 0; byte < BytesOf(format.coding); ++byte)
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
    const int width = BytesOf(format.coding);
    for (int i = 0; i < size; ++i)
    {
        uint32_t bits = 0;
        for (int byte = 0; byte < width; ++byte)
        {
            bits |= static_cast<uint32_t>(features[i * width + byte]) << (8 * byte);
        }
        activations[i] = Decode(format.coding, bits);
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
