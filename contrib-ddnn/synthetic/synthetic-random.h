// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SYNTHETIC_RANDOM_H
#define DDNN_SYNTHETIC_RANDOM_H

#include <cstdint>
#include <random>

namespace ddnn
{

/// Random numbers that are the same on every platform: the standard fixes std::mt19937_64 bit for
/// bit, but not the distributions on top of it.
class RandomStream
{
  public:
    /// Streams of different (seed, group, member) are independent of each other.
    RandomStream(uint64_t seed, uint64_t group, uint64_t member)
        : m_engine(Mix(Mix(Mix(seed) ^ group) ^ member))
    {
    }

    /// Uniform in [0, 1), a multiple of 2^-53.
    double Uniform()
    {
        return static_cast<double>(m_engine() >> 11) * 0x1p-53;
    }

    /// Uniform in [low, high).
    double Uniform(double low, double high)
    {
        return low + (high - low) * Uniform();
    }

    /// True with the given probability.
    bool Happens(double probability)
    {
        return Uniform() < probability;
    }

    /// Uniform in 0 to bound - 1; the bias of at most bound / 2^53 does not matter here.
    int Below(int bound)
    {
        return static_cast<int>(Uniform() * bound);
    }

    /// Nearly normal, mean 0 and variance 1: the sum of the eight bytes of one draw, scaled.
    double Normal()
    {
        const uint64_t bits = m_engine();
        int sum = 0;
        for (int shift = 0; shift < 64; shift += 8)
        {
            sum += static_cast<int>((bits >> shift) & 0xff);
        }
        constexpr double MEAN = 8 * 127.5;
        constexpr double DEVIATION = 209.0179418; // sqrt(8 (256^2 - 1) / 12)
        return (sum - MEAN) / DEVIATION;
    }

  private:
    /// The finaliser of SplitMix64: neighbouring values become unrelated ones.
    static uint64_t Mix(uint64_t value)
    {
        value += 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    std::mt19937_64 m_engine;
};

} // namespace ddnn

#endif // DDNN_SYNTHETIC_RANDOM_H
