// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/inference/feature-coding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ddnn
{
namespace
{

constexpr FeatureFormat BITS{Precision::BINARY, FeatureCoding::FLOAT32};
constexpr FeatureFormat SINGLE{Precision::FLOAT, FeatureCoding::FLOAT32};
constexpr FeatureFormat HALF{Precision::FLOAT, FeatureCoding::FLOAT16};
constexpr FeatureFormat CODES{Precision::FLOAT, FeatureCoding::INT8};

/// What IEEE 754 says that a half means: sign, 5 bits of exponent, 10 of fraction.
double
HalfValue(int bits)
{
    const double sign = (bits & 0x8000) != 0 ? -1 : 1;
    const int exponent = bits >> 10 & 31;
    const int fraction = bits & 1023;
    if (exponent == 31)
    {
        return fraction != 0 ? std::nan("") : sign * std::numeric_limits<double>::infinity();
    }
    return exponent == 0 ? sign * std::ldexp(fraction, -24)
                         : sign * std::ldexp(1024 + fraction, exponent - 25);
}

Features
Bytes(int half)
{
    return {static_cast<uint8_t>(half & 255), static_cast<uint8_t>(half >> 8)};
}

TEST(FeatureCoding, DecodesEveryHalf)
{
    for (int bits = 0; bits < 65536; ++bits)
    {
        const float decoded = DecodeFeatures(Bytes(bits), 1, HALF)[0];
        const double value = HalfValue(bits);
        if (std::isnan(value))
        {
            ASSERT_EQ(decoded, 0) << bits;
            continue;
        }
        ASSERT_EQ(decoded, std::clamp(value, -1.0, 1.0)) << bits;
        if (std::abs(value) <= 1)
        {
            ASSERT_EQ(std::signbit(decoded), std::signbit(value)) << bits;
            ASSERT_EQ(EncodeFeatures({decoded}, HALF), Bytes(bits));
        }
    }
}

/// The point half-way between two neighbours goes to the even one, what is beside it to the nearer.
TEST(FeatureCoding, RoundsToTheNearestHalf)
{
    for (int bits = 0; HalfValue(bits) < 1; ++bits)
    {
        const auto middle = static_cast<float>((HalfValue(bits) + HalfValue(bits + 1)) / 2);
        const int even = bits % 2 == 0 ? bits : bits + 1;
        ASSERT_EQ(EncodeFeatures({middle}, HALF), Bytes(even)) << bits;
        ASSERT_EQ(EncodeFeatures({-middle}, HALF), Bytes(even | 0x8000)) << bits;
        ASSERT_EQ(EncodeFeatures({std::nextafter(middle, 0.0F)}, HALF), Bytes(bits));
        ASSERT_EQ(EncodeFeatures({std::nextafter(middle, 2.0F)}, HALF), Bytes(bits + 1));
    }
}

TEST(FeatureCoding, DecodesEveryEightBitCode)
{
    for (int code = -128; code < 128; ++code)
    {
        const auto byte = static_cast<uint8_t>(code & 255);
        const float decoded = DecodeFeatures({byte}, 1, CODES)[0];
        EXPECT_NEAR(decoded, std::max(code, -127) / 127.0, 1e-7);
        EXPECT_LE(std::abs(decoded), 1);
        EXPECT_EQ(EncodeFeatures({decoded}, CODES)[0], code == -128 ? 129 : byte);
    }
}

TEST(FeatureCoding, RoundsToTheNearestEightBitCode)
{
    for (double x = -1; x <= 1; x += 0.0007)
    {
        const auto code = static_cast<int8_t>(EncodeFeatures({static_cast<float>(x)}, CODES)[0]);
        EXPECT_LE(std::abs(127 * x - code), 0.5 + 1e-5) << x;
    }
    EXPECT_EQ(EncodeFeatures({1, -1, 0}, CODES), (Features{127, 129, 0}));
    EXPECT_EQ(EncodeFeatures({3, -3, std::nanf("")}, CODES), (Features{127, 129, 0}));
}

TEST(FeatureCoding, SinglesTravelAsLittleEndian)
{
    EXPECT_EQ(EncodeFeatures({1, -0.5F}, SINGLE), (Features{0, 0, 0x80, 0x3F, 0, 0, 0, 0xBF}));
    const Features odd = {0,
                          0,
                          0xC0,
                          0x7F, // not a number
                          0,
                          0,
                          0x80,
                          0xFF, // -infinity
                          0,
                          0,
                          0x80,
                          0x40, // 4
                          0,
                          0,
                          0x80,
                          0x3E}; // 0.25
    EXPECT_EQ(DecodeFeatures(odd, 4, SINGLE), (std::vector<float>{0, -1, 1, 0.25F}));
}

TEST(FeatureCoding, SignsTravelAsBits)
{
    const std::vector<float> signs = {1, -1, -1, 1, 1, 1, 1, 1, -1, 1};
    EXPECT_EQ(EncodeFeatures(signs, BITS), (Features{0xF9, 0x02}));
    EXPECT_EQ(DecodeFeatures({0xF9, 0x02}, 10, BITS), signs);
}

TEST(FeatureCoding, RoundingIsWhatArrives)
{
    for (float x = -1.2F; x < 1.2F; x += 0.013F)
    {
        for (const FeatureFormat& format : {SINGLE, HALF, CODES})
        {
            const float arrives = DecodeFeatures(EncodeFeatures({x}, format), 1, format)[0];
            EXPECT_EQ(arrives, RoundFeature(format.coding, x));
            EXPECT_EQ(arrives, RoundFeature(format.coding, arrives));
        }
    }
}

TEST(FeatureCoding, ActivationsAreSignsOrClipped)
{
    const std::vector<float> x = {0, -0.1F, 0.3F, -1.5F, 7, std::nanf("")};
    std::vector<float> activations;
    Activate(Precision::BINARY, x, activations);
    EXPECT_EQ(activations, (std::vector<float>{1, -1, 1, -1, 1, -1}));
    Activate(Precision::FLOAT, x, activations);
    EXPECT_EQ(activations, (std::vector<float>{0, -0.1F, 0.3F, -1, 1, 0}));
}

} // namespace
} // namespace ddnn
