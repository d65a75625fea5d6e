// SPDX-License-Identifier: GPL-2.0-only
#include "synthetic.h"

#include "synthetic-scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

namespace ddnn
{

namespace
{

constexpr std::array<double, 3> CLASS_SHARES{0.42, 0.23, 0.35}; // car, bus, person

constexpr int NUM_GUARDS = 6; // the cameras of which minViews see each body

constexpr uint64_t LABELS = ~uint64_t{0}; // the group of random streams that no sample has

void
Check(const SyntheticSettings& settings)
{
    const auto check = [](const std::string& name, double value, double low, double high) {
        if (!(value >= low && value <= high)) // also true for not-a-number
        {
            std::ostringstream text;
            text << "synthetic: " << name << " is " << value << ", must be " << low << " to "
                 << high;
            throw std::runtime_error(text.str());
        }
    };
    check("numDevices", settings.numDevices, 1, 10000);
    check("numTrain", settings.numTrain, 0, 1e6);
    check("numTest", settings.numTest, 0, 1e6);
    check("minViews", settings.minViews, 1, 3);
    check("traffic", settings.traffic, 0, 20);
    check("obstacles", settings.obstacles, 0, 20);
    check("mistrack", settings.mistrack, 0, 1);
    check("cropError", settings.cropError, 0, 1);
    check("cropMargin", settings.cropMargin, 0, 4);
    check("darkness", settings.darkness, 0, 0.95);
    check("noise", settings.noise, 0, 100);
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

} // namespace

Dataset
RenderSynthetic(const SyntheticSettings& settings)
{
    Check(settings);
    Dataset dataset;
    dataset.numClasses = static_cast<int>(CLASS_SHARES.size());
    dataset.SetShapes(std::vector<Shape>(settings.numDevices));
    for (const int isTest : {0, 1})
    {
        RandomStream random(settings.seed, LABELS, isTest);
        const auto labels = ShuffledLabels(isTest ? settings.numTest : settings.numTrain, random);
        dataset.labels.insert(dataset.labels.end(), labels.begin(), labels.end());
        dataset.inTest.resize(dataset.Size(), static_cast<uint8_t>(isTest));
    }
    dataset.inView.resize(dataset.Size() * dataset.numDevices);
    dataset.views.resize(dataset.Size() * dataset.SampleSize());

    std::vector<StreetCamera> cameras;
    for (int i = 0; i < std::max(settings.numDevices, NUM_GUARDS); ++i)
    {
        cameras.push_back(MakeStreetCamera(i));
    }
    const std::vector<StreetCamera> guards(cameras.begin(), cameras.begin() + NUM_GUARDS);
    for (std::size_t sample = 0; sample < dataset.Size(); ++sample)
    {
        RandomStream sceneRandom(settings.seed, sample, 0);
        const Scene scene = MakeScene(dataset.labels[sample], guards, settings, sceneRandom);
        for (int device = 0; device < settings.numDevices; ++device)
        {
            if (cameras[device].Sees(scene.x, scene.y))
            {
                RandomStream random(settings.seed, sample, 1 + device);
                uint8_t* view = dataset.View(sample, device);
                RenderView(scene, cameras[device], settings, random, view);
                dataset.inView[sample * settings.numDevices + device] = 1;
            }
        }
    }
    return dataset;
}

} // namespace ddnn
