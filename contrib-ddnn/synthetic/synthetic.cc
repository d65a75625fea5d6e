// SPDX-License-Identifier: GPL-2.0-only
#include "synthetic.h"

#include "synthetic-renderer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace ddnn
{

namespace
{

constexpr std::array<double, 3> CLASS_SHARES{0.42, 0.23, 0.35}; // car, bus, person

constexpr uint64_t LABELS = ~uint64_t{0}; // the group of random streams that no sample has

template <class Number>
void
CheckRange(const std::string& name, Number value, Number low, Number high)
{
    if (!(value >= low && value <= high)) // also true for not-a-number
    {
        throw std::runtime_error("synthetic: " + name + " is " + std::to_string(value) +
                                 ", give a value of " + std::to_string(low) + " to " +
                                 std::to_string(high));
    }
}

void
Check(const SyntheticSettings& settings)
{
    constexpr int MANY = 1000000;
    CheckRange("numDevices", settings.numDevices, 1, 10000);
    CheckRange("numTrain", settings.numTrain, 0, MANY);
    CheckRange("numTest", settings.numTest, 0, MANY);
    CheckRange("minViews", settings.minViews, 1, 3);
    CheckRange("traffic", settings.traffic, 0.0, 20.0);
    CheckRange("obstacles", settings.obstacles, 0.0, 20.0);
    CheckRange("mistrack", settings.mistrack, 0.0, 1.0);
    CheckRange("cropError", settings.cropError, 0.0, 1.0);
    CheckRange("cropMargin", settings.cropMargin, 0.0, 4.0);
    CheckRange("darkness", settings.darkness, 0.0, 0.95);
    CheckRange("noise", settings.noise, 0.0, 100.0);
}

/// The labels of one split in random order, each class with its share.
std::vector<int>
ShuffledLabels(int count, RandomStream& random)
{
    std::vector<int> labels(count, 0);
    const auto numBuses = std::lround(CLASS_SHARES[1] * count);
    const auto numPeople = std::lround(CLASS_SHARES[2] * count);
    std::fill_n(labels.begin(), numBuses, 1);
    std::fill_n(labels.begin() + numBuses, numPeople, 2);
    for (int i = count - 1; i > 0; --i)
    {
        std::swap(labels[i], labels[random.Below(i + 1)]);
    }
    return labels;
}

/// All of the data set but the views, which are blank.
Dataset
MakeBlank(const SyntheticSettings& settings)
{
    Dataset dataset;
    dataset.numClasses = static_cast<int>(CLASS_SHARES.size());
    dataset.SetShapes(std::vector<Shape>(settings.numDevices));
    for (const int isTest : {0, 1})
    {
        const int count = isTest ? settings.numTest : settings.numTrain;
        RandomStream random(settings.seed, LABELS, isTest);
        const std::vector<int> labels = ShuffledLabels(count, random);
        dataset.labels.insert(dataset.labels.end(), labels.begin(), labels.end());
        dataset.inTest.insert(dataset.inTest.end(), count, static_cast<uint8_t>(isTest));
    }
    dataset.inView.resize(dataset.Size() * dataset.numDevices);
    dataset.views.resize(dataset.Size() * dataset.SampleSize());
    return dataset;
}

} // namespace

Dataset
RenderSynthetic(const SyntheticSettings& settings)
{
    Check(settings);
    constexpr int NUM_GUARDS = 6; // at least one of these sees each body
    std::vector<StreetCamera> cameras;
    for (int i = 0; i < std::max(settings.numDevices, NUM_GUARDS); ++i)
    {
        cameras.push_back(MakeStreetCamera(i));
    }
    const std::vector<StreetCamera> guards(cameras.begin(), cameras.begin() + NUM_GUARDS);

    Dataset dataset = MakeBlank(settings);
    for (std::size_t sample = 0; sample < dataset.Size(); ++sample)
    {
        RandomStream sceneRandom(settings.seed, sample, 0);
        const Scene scene = MakeScene(dataset.labels[sample], guards, settings, sceneRandom);
        for (int device = 0; device < settings.numDevices; ++device)
        {
            const std::size_t index = sample * settings.numDevices + device;
            if (cameras[device].Sees(scene.x, scene.y))
            {
                RandomStream viewRandom(settings.seed, sample, 1 + device);
                RenderView(scene,
                           cameras[device],
                           settings,
                           viewRandom,
                           dataset.View(sample, device));
                dataset.inView[index] = 1;
            }
        }
    }
    return dataset;
}

} // namespace ddnn
