// SPDX-License-Identifier: GPL-2.0-only
#include "threshold-search.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>

namespace ddnn
{

namespace
{

/// Steps of the finest grid, between 0 and 1.
constexpr int GRID_STEPS = 100;

/// Steps between two points of the first grid, by the number of thresholds: 15,625 points at most.
constexpr int COARSE[] = {1, 1, 1, 5, 10, 20, 25, 50};

/// Thresholds as multiples of 1 / GRID_STEPS.
using Steps = std::vector<int>;

/// Whether the first threshold meets the goal.
using Allowed = std::function<bool(double)>;

std::vector<double>
Thresholds(const Steps& steps)
{
    std::vector<double> thresholds;
    for (int step : steps)
    {
        thresholds.push_back(static_cast<double>(step) / GRID_STEPS);
    }
    return thresholds;
}

/// Step down to the next point of a grid, the last threshold fastest.
/// \return false after the last point
bool
Next(Steps& steps, int stride)
{
    for (std::size_t i = steps.size(); i-- > 0;)
    {
        if (steps[i] > 0)
        {
            steps[i] -= stride;
            return true;
        }
        steps[i] = GRID_STEPS;
    }
    return false;
}

std::size_t
CountCorrect(const std::vector<SampleResult>& results, const Steps& steps)
{
    const std::vector<double> thresholds = Thresholds(steps);
    return std::count_if(results.begin(), results.end(), [&](const SampleResult& result) {
        return result.exits[ChooseExit(result.exits, thresholds)].label == result.label;
    });
}

/// The smallest step of the first threshold that meets the goal: the fraction that exits locally,
/// and with it the goal, is monotone in that threshold.
int
LowestAllowed(const Allowed& allowed)
{
    int lowest = GRID_STEPS;
    while (lowest > 0 && allowed(static_cast<double>(lowest - 1) / GRID_STEPS))
    {
        --lowest;
    }
    return lowest;
}

/// The best point of a grid, and the number of results that are correct there.
struct Best
{
    Steps steps;
    std::size_t correct{0};

    /// \return whether the point took the place of the old one
    bool Offer(const std::vector<SampleResult>& results, const Steps& point)
    {
        const std::size_t count = CountCorrect(results, point);
        const bool better = steps.empty() || count > correct || (count == correct && point > steps);
        if (better)
        {
            steps = point;
            correct = count;
        }
        return better;
    }
};

/// One pass over all thresholds, each on the finest grid.
/// \return whether that helped
bool
Improve(const std::vector<SampleResult>& results, int lowestFirst, Best& best)
{
    bool improved = false;
    for (std::size_t exit = 0; exit < best.steps.size(); ++exit)
    {
        Steps point = best.steps;
        for (int step = GRID_STEPS; step >= (exit == 0 ? lowestFirst : 0); --step)
        {
            point[exit] = step;
            improved = best.Offer(results, point) || improved;
        }
    }
    return improved;
}

std::vector<double>
Search(const std::vector<SampleResult>& results, const Allowed& allowed)
{
    const std::size_t count = results.at(0).exits.size() - 1;
    if (count == 0)
    {
        return {};
    }
    const int lowestFirst = LowestAllowed(allowed);
    const int stride = COARSE[std::min(count, std::size(COARSE) - 1)];
    Steps point(count, GRID_STEPS);
    Best best;
    do
    {
        if (point[0] >= lowestFirst)
        {
            best.Offer(results, point);
        }
    } while (Next(point, stride));
    while (stride > 1 && Improve(results, lowestFirst, best))
    {
    }
    return Thresholds(best.steps);
}

void
CheckNotEmpty(const std::vector<SampleResult>& results)
{
    if (results.empty())
    {
        throw std::runtime_error(
            "no samples to search thresholds on: choose a split that has some");
    }
}

double
LocalExitFraction(const std::vector<SampleResult>& results, double threshold)
{
    const auto local =
        std::count_if(results.begin(), results.end(), [&](const SampleResult& result) {
            return result.exits[0].uncertainty <= threshold;
        });
    return static_cast<double>(local) / static_cast<double>(results.size());
}

std::string
Text(double value)
{
    std::ostringstream text;
    text << value;
    return text.str();
}

} // namespace

void
CheckGoal(const Hierarchy& hierarchy, const ThresholdGoal& goal)
{
    if (!(goal.minLocalExit >= 0 && goal.minLocalExit <= 1))
    {
        throw std::runtime_error("thresholds: the local exit fraction that is asked for is " +
                                 Text(goal.minLocalExit) + ", must be 0 to 1");
    }
    const double least = CommunicationCost(hierarchy, 1);
    if (!(least <= goal.maxBytes))
    {
        throw std::runtime_error("thresholds: " + Text(goal.maxBytes) +
                                 " bytes per sample and device are not enough, as a device sends " +
                                 Text(least) +
                                 (hierarchy.rawOffload ? " whatever exits locally"
                                                       : " even if all samples exit locally") +
                                 "; allow as many");
    }
}

std::vector<double>
SearchThresholds(const std::vector<SampleResult>& results)
{
    CheckNotEmpty(results);
    return Search(results, [](double) {
        return true;
    });
}

std::vector<double>
SearchThresholds(const std::vector<SampleResult>& results,
                 const Hierarchy& hierarchy,
                 const ThresholdGoal& goal)
{
    CheckNotEmpty(results);
    CheckGoal(hierarchy, goal);
    constexpr double ROUNDING = 1e-9;
    return Search(results, [&](double threshold) {
        const double local = LocalExitFraction(results, threshold);
        return local >= goal.minLocalExit - ROUNDING &&
               CommunicationCost(hierarchy, local) <= goal.maxBytes * (1 + ROUNDING);
    });
}

} // namespace ddnn
