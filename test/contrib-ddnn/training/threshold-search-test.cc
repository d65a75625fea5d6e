// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/training/threshold-search.h"

#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "test/support/random-network.h"
#include "test/support/sample-result.h"

#include <cmath>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

namespace ddnn
{
namespace
{

/// Local exit right in 2 of 4, cloud in 3 of 4; the local exit's errors have high entropy.
std::vector<SampleResult>
FourResults()
{
    return {Result(0, Says(0, 0.10), Says(0, 0.1)),
            Result(1, Says(1, 0.35), Says(0, 0.1)),
            Result(2, Says(0, 0.62), Says(2, 0.1)),
            Result(2, Says(1, 0.90), Says(2, 0.1))};
}

/// Results of random labels and uncertainties, which are multiples of 1 / `levels`.
std::vector<SampleResult>
RandomResults(std::mt19937_64& generator, int samples, int exits, int levels)
{
    std::vector<SampleResult> results(samples);
    for (SampleResult& result : results)
    {
        result.label = test::RandomInt(generator, 0, 2);
        for (int exit = 0; exit < exits; ++exit)
        {
            result.exits.push_back(
                Says(test::RandomInt(generator, 0, 2),
                     test::RandomInt(generator, 0, levels) / static_cast<double>(levels)));
        }
    }
    return results;
}

/// A hierarchy of devices, edges below each other, and a cloud.
Hierarchy
Chain(int exits)
{
    Hierarchy hierarchy = MakePreset('c', {});
    Tier edge;
    edge.parents = {0};
    edge.blocks = {{1, 1}};
    for (int i = 0; i + 2 < exits; ++i)
    {
        edge.name = "edge-" + std::to_string(i);
        hierarchy.tiers.insert(hierarchy.tiers.end() - 1, edge);
    }
    Validate(hierarchy);
    return hierarchy;
}

/// What happens to the results with some thresholds, counted one by one.
struct Outcome
{
    int correct{0};
    double local{0};
    double bytes{0};
};

Outcome
Count(const std::vector<SampleResult>& results, const std::vector<double>& thresholds)
{
    Outcome outcome;
    for (const SampleResult& result : results)
    {
        std::size_t exit = 0;
        while (exit < thresholds.size() && result.exits[exit].uncertainty > thresholds[exit])
        {
            ++exit;
        }
        outcome.correct += result.exits[exit].label == result.label;
        outcome.local += exit == 0 ? 1.0 / results.size() : 0;
        outcome.bytes += (exit == 0 ? 12.0 : 140.0) / results.size(); // the paper's section IV-E
    }
    return outcome;
}

bool
Meets(const Outcome& outcome, const ThresholdGoal& goal)
{
    return outcome.local > goal.minLocalExit - 1e-6 && outcome.bytes < goal.maxBytes + 1e-6;
}

/// The best of all pairs, the largest first.
std::vector<double>
BestPair(const std::vector<SampleResult>& results, const ThresholdGoal& goal)
{
    std::vector<double> best;
    int correct = -1;
    for (int first = 100; first >= 0; --first)
    {
        for (int second = 100; second >= 0; --second)
        {
            const std::vector<double> thresholds{first / 100.0, second / 100.0};
            const Outcome outcome = Count(results, thresholds);
            if (outcome.correct > correct && Meets(outcome, goal))
            {
                best = thresholds;
                correct = outcome.correct;
            }
        }
    }
    return best;
}

std::string
ErrorOf(const Hierarchy& hierarchy, const ThresholdGoal& goal)
{
    try
    {
        SearchThresholds(FourResults(), hierarchy, goal);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "";
}

constexpr double ANY = std::numeric_limits<double>::infinity();

TEST(SearchThresholds, TakesTheLargestAmongTheBest)
{
    // any T from 0.35 to below 0.62 makes all four right
    EXPECT_EQ(SearchThresholds(FourResults()), std::vector<double>{0.61});
}

TEST(SearchThresholds, PrefersTheLocalExitWhenBothAreEquallyGood)
{
    const std::vector<SampleResult> results{Result(0, Says(0, 0.3), Says(0, 0)),
                                            Result(1, Says(0, 0.9), Says(0, 0))};
    EXPECT_EQ(SearchThresholds(results), std::vector<double>{1.0});
}

TEST(SearchThresholds, SearchesTwoThresholdsJointly)
{
    std::vector<SampleResult> results(3);
    results[0].exits = {Says(0, 0.2), Says(1, 0.2), Says(1, 0)};
    results[1].exits = {Says(1, 0.4), Says(0, 0.3), Says(1, 0)};
    results[2].exits = {Says(1, 0.7), Says(1, 0.8), Says(0, 0)};
    EXPECT_EQ(SearchThresholds(results), (std::vector<double>{0.39, 0.79}));
}

TEST(SearchThresholds, OneExitNeedsNone)
{
    std::vector<SampleResult> results(1);
    results[0].exits = {Says(0, 0.5)};
    EXPECT_TRUE(SearchThresholds(results).empty());
}

TEST(SearchThresholds, MeetsAGoalAtTheBestAccuracy)
{
    const Hierarchy hierarchy = MakePreset('c', {});
    EXPECT_EQ(SearchThresholds(FourResults(), hierarchy, {}), std::vector<double>{0.61});
    EXPECT_EQ(SearchThresholds(FourResults(), hierarchy, {0.5, ANY}), std::vector<double>{0.61});
    // three of four exit locally: any T from 0.62 to below 0.9
    EXPECT_EQ(SearchThresholds(FourResults(), hierarchy, {0.75, ANY}), std::vector<double>{0.89});
    EXPECT_EQ(SearchThresholds(FourResults(), hierarchy, {0.76, ANY}), std::vector<double>{1.0});
    // Eq. (1): 12 + 128 / 2 = 76 bytes at one half, 44 at three of four
    EXPECT_EQ(SearchThresholds(FourResults(), hierarchy, {0, 76}), std::vector<double>{0.61});
    EXPECT_EQ(SearchThresholds(FourResults(), hierarchy, {0, 75.9}), std::vector<double>{0.89});
    EXPECT_EQ(SearchThresholds(FourResults(), hierarchy, {0, 12}), std::vector<double>{1.0});
}

TEST(SearchThresholds, EqualsBruteForceOnTwoThresholds)
{
    std::mt19937_64 generator(11);
    for (int round = 0; round < 40; ++round)
    {
        const auto results = RandomResults(generator, test::RandomInt(generator, 1, 12), 3, 50);
        EXPECT_EQ(SearchThresholds(results), BestPair(results, {}));
        const ThresholdGoal goals[] = {{test::RandomInt(generator, 0, 10) / 10.0, ANY},
                                       {0, 12.0 + test::RandomInt(generator, 0, 128)}};
        for (const ThresholdGoal& goal : goals)
        {
            EXPECT_EQ(SearchThresholds(results, Chain(3), goal), BestPair(results, goal));
        }
    }
}

/// Where all uncertainties lie on the first grid, it holds the best point already.
TEST(SearchThresholds, FindsTheBestOfSevenThresholdsOnACoarseGrid)
{
    std::mt19937_64 generator(12);
    for (int round = 0; round < 5; ++round)
    {
        const auto results = RandomResults(generator, 20, 8, 2);
        const ThresholdGoal goal{0.5, ANY};
        int best = 0;
        for (int point = 0; point < 2187; ++point) // 3^7
        {
            std::vector<double> thresholds;
            for (int rest = point, i = 0; i < 7; ++i, rest /= 3)
            {
                thresholds.push_back(rest % 3 / 2.0);
            }
            const Outcome outcome = Count(results, thresholds);
            best = std::max(best, Meets(outcome, goal) ? outcome.correct : 0);
        }
        const Outcome found = Count(results, SearchThresholds(results, Chain(8), goal));
        EXPECT_TRUE(Meets(found, goal));
        EXPECT_EQ(found.correct, best);
    }
}

TEST(SearchThresholds, RefinesMoreThanTwoThresholds)
{
    // each exit but the last is right up to an uncertainty of 0.33, and wrong from 0.37 on
    std::vector<SampleResult> results;
    for (int exit = 0; exit < 3; ++exit)
    {
        for (double uncertainty : {0.33, 0.37})
        {
            SampleResult result;
            result.exits.assign(4, Says(1, 1));
            result.exits[exit] = Says(uncertainty < 0.35 ? 0 : 1, uncertainty);
            result.exits[3] = Says(uncertainty < 0.35 ? 1 : 0, 0);
            results.push_back(result);
        }
    }
    EXPECT_EQ(SearchThresholds(results), (std::vector<double>{0.36, 0.36, 0.36}));
}

TEST(SearchThresholds, GivesOneToAnExitThatNobodyReaches)
{
    std::vector<SampleResult> results(2);
    results[0].exits = {Says(0, 0.2), Says(1, 0.5), Says(1, 0)};
    results[1].exits = {Says(0, 0.9), Says(1, 0.1), Says(1, 0)};
    EXPECT_EQ(SearchThresholds(results), (std::vector<double>{1, 1}));
}

TEST(SearchThresholds, RefusesAGoalThatCannotBeMet)
{
    const std::string few = ErrorOf(MakePreset('c', {}), {0, 11});
    EXPECT_EQ(
        few,
        "thresholds: 11 bytes per sample and device are not enough, as a device sends 12 even "
        "if all samples exit locally; allow as many");
    const std::string raw = ErrorOf(MakePreset('a', {}), {0, 3000});
    EXPECT_NE(raw.find("sends 3072 whatever exits"), std::string::npos) << raw;
    for (double fraction : {-0.1, 1.1, std::nan("")})
    {
        EXPECT_NE(ErrorOf(MakePreset('c', {}), {fraction, ANY}).find("must be 0 to 1"),
                  std::string::npos);
    }
    EXPECT_THROW(SearchThresholds({}), std::runtime_error);
}

} // namespace
} // namespace ddnn
