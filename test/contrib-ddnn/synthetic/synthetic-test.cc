// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/synthetic/synthetic.h"

#include "contrib-ddnn/synthetic/synthetic-random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ddnn
{

namespace
{

constexpr int CAR = 0;
constexpr int BUS = 1;
constexpr int PERSON = 2;

SyntheticSettings
SmallSettings()
{
    SyntheticSettings settings;
    settings.numTrain = 24;
    settings.numTest = 12;
    return settings;
}

/// Bodies alone, well lit, in tight crops: what distinguishes the classes is their shape.
SyntheticSettings
PlainSettings()
{
    SyntheticSettings settings;
    settings.traffic = 0;
    settings.obstacles = 0;
    settings.mistrack = 0;
    settings.cropError = 0;
    settings.cropMargin = 0;
    settings.darkness = 0;
    settings.noise = 0;
    return settings;
}

const Dataset&
DefaultDataset()
{
    static const Dataset DATASET = RenderSynthetic(SyntheticSettings());
    return DATASET;
}

bool
IsBlank(const Dataset& dataset, std::size_t sample, int device)
{
    const uint8_t* view = dataset.View(sample, device);
    return std::all_of(view, view + dataset.shapes[0].Size(), [](uint8_t v) {
        return v == 0;
    });
}

/// Share of the samples that fulfil a condition which are in view of a device.
double
ShareInView(const Dataset& dataset, int device, const std::function<bool(int)>& isCounted)
{
    int seen = 0;
    int all = 0;
    for (std::size_t i = 0; i < dataset.Size(); ++i)
    {
        if (isCounted(dataset.labels[i]))
        {
            ++all;
            seen += dataset.inView[i * dataset.numDevices + device];
        }
    }
    return static_cast<double>(seen) / all;
}

double
MeanLevel(const Dataset& dataset)
{
    const double sum = std::accumulate(dataset.views.begin(), dataset.views.end(), 0.0);
    const double seen = std::accumulate(dataset.inView.begin(), dataset.inView.end(), 0.0);
    return sum / (seen * dataset.shapes[0].Size());
}

/// FNV-1a.
uint64_t
Checksum(const std::vector<uint8_t>& bytes)
{
    uint64_t hash = 0xcbf29ce484222325;
    for (const uint8_t byte : bytes)
    {
        hash = (hash ^ byte) * 0x100000001b3;
    }
    return hash;
}

/// Visit the views of a split in which a body of a class is seen.
void
ForEachView(const Dataset& dataset,
            int label,
            bool isTest,
            const std::function<void(const uint8_t*)>& visit)
{
    for (std::size_t i = 0; i < dataset.Size(); ++i)
    {
        for (int device = 0; device < dataset.numDevices; ++device)
        {
            if (dataset.labels[i] == label && (dataset.inTest[i] != 0) == isTest &&
                dataset.inView[i * dataset.numDevices + device])
            {
                visit(dataset.View(i, device));
            }
        }
    }
}

/// Mean training view of a class.
std::vector<double>
MeanView(const Dataset& dataset, int label)
{
    std::vector<double> mean(dataset.shapes[0].Size());
    int count = 0;
    ForEachView(dataset, label, false, [&](const uint8_t* view) {
        ++count;
        std::transform(mean.begin(), mean.end(), view, mean.begin(), std::plus<>());
    });
    for (double& value : mean)
    {
        value /= count;
    }
    return mean;
}

/// How often a test view resembles its own class's mean view more than the other's; both classes
/// count the same, so chance is 0.5.
double
NearestMeanAccuracy(const Dataset& dataset, int first, int second)
{
    const std::vector<double> firstMean = MeanView(dataset, first);
    const std::vector<double> secondMean = MeanView(dataset, second);
    double accuracy = 0;
    for (const int label : {first, second})
    {
        int correct = 0;
        int count = 0;
        ForEachView(dataset, label, true, [&](const uint8_t* view) {
            double preference = 0; // for the first: difference of the squared distances
            for (int i = 0; i < dataset.shapes[0].Size(); ++i)
            {
                preference +=
                    std::pow(view[i] - secondMean[i], 2) - std::pow(view[i] - firstMean[i], 2);
            }
            ++count;
            correct += (preference > 0) == (label == first);
        });
        accuracy += 0.5 * correct / count;
    }
    return accuracy;
}

/// Variance of each pixel over the views of a class: paints vary, the ground hardly does, so this
/// is large where the bodies are.
std::vector<double>
PixelVariance(const Dataset& dataset, int label)
{
    const int numPixels = dataset.shapes[0].rows * dataset.shapes[0].columns;
    std::vector<double> sum(numPixels);
    std::vector<double> sumOfSquares(numPixels);
    int count = 0;
    ForEachView(dataset, label, false, [&](const uint8_t* view) {
        ++count;
        for (int i = 0; i < numPixels; ++i)
        {
            // Red minus blue: how bright the ground is does not show in it.
            const double tint = view[i] - view[i + 2 * numPixels];
            sum[i] += tint;
            sumOfSquares[i] += tint * tint;
        }
    });
    std::vector<double> variance(numPixels);
    for (int i = 0; i < numPixels; ++i)
    {
        variance[i] = sumOfSquares[i] / count - sum[i] / count * sum[i] / count;
    }
    return variance;
}

/// Width of a class's bodies divided by their height, as the spread of the pixel variance.
double
AspectRatio(const Dataset& dataset, int label)
{
    const std::vector<double> weight = PixelVariance(dataset, label);
    const int columns = dataset.shapes[0].columns;
    const double middle = (columns - 1) / 2.0;
    double width = 0;
    double height = 0;
    for (std::size_t i = 0; i < weight.size(); ++i)
    {
        width += weight[i] * std::abs(static_cast<int>(i) % columns - middle);
        height += weight[i] * std::abs(static_cast<int>(i) / columns - middle);
    }
    return width / height;
}

} // namespace

TEST(Synthetic, HasTheShapeOfThePapersDataSet)
{
    const Dataset& dataset = DefaultDataset();
    EXPECT_EQ(dataset.numClasses, 3);
    EXPECT_EQ(dataset.numDevices, 6);
    EXPECT_EQ(dataset.shapes, std::vector<Shape>(dataset.numDevices, Shape{3, 32, 32}));
    ASSERT_EQ(dataset.Size(), 680u + 171u);
    EXPECT_EQ(dataset.views.size(), 851u * 6 * 3072);
    EXPECT_EQ(dataset.inView.size(), 851u * 6);
    ASSERT_EQ(dataset.inTest.size(), 851u);
    for (std::size_t i = 0; i < dataset.Size(); ++i)
    {
        ASSERT_EQ(dataset.inTest[i], i < 680 ? 0 : 1) << "sample " << i;
    }
}

TEST(Synthetic, SplitsHoldTheSameSharesOfClasses)
{
    const Dataset& dataset = DefaultDataset();
    std::array<std::array<double, 3>, 2> shares{};
    for (std::size_t i = 0; i < dataset.Size(); ++i)
    {
        const int count = dataset.inTest[i] ? 171 : 680;
        shares[dataset.inTest[i]].at(dataset.labels[i]) += 1.0 / count;
    }
    for (const int label : {CAR, BUS, PERSON})
    {
        EXPECT_GT(shares[0][label], 0.15) << "class " << label;
        EXPECT_NEAR(shares[0][label], shares[1][label], 1.0 / 171) << "class " << label;
    }
    EXPECT_GT(shares[0][CAR], shares[0][PERSON]);
    EXPECT_GT(shares[0][PERSON], shares[0][BUS]);
}

TEST(Synthetic, SameSeedGivesSameBytes)
{
    const Dataset first = RenderSynthetic(SmallSettings());
    const Dataset second = RenderSynthetic(SmallSettings());
    EXPECT_EQ(first.views, second.views);
    EXPECT_EQ(first.labels, second.labels);
    EXPECT_EQ(first.inView, second.inView);
}

TEST(Synthetic, AnotherSeedGivesOtherSamples)
{
    SyntheticSettings settings = SmallSettings();
    const Dataset first = RenderSynthetic(settings);
    settings.seed = 2;
    const Dataset second = RenderSynthetic(settings);
    EXPECT_NE(first.views, second.views);
    EXPECT_NE(first.labels, second.labels);
    EXPECT_NE(first.inView, second.inView);
}

TEST(Synthetic, BytesAreTheSameOnEveryPlatform)
{
    SyntheticSettings settings; // all given, as the defaults may be tuned
    settings.numTrain = 40;
    settings.numTest = 10;
    settings.seed = 7;
    settings.minViews = 2;
    settings.traffic = 2;
    settings.obstacles = 1;
    settings.mistrack = 0.1;
    settings.cropError = 0.1;
    settings.cropMargin = 0.4;
    settings.darkness = 0.5;
    settings.noise = 6;
    const Dataset dataset = RenderSynthetic(settings);
    EXPECT_EQ(Checksum(dataset.inView), 12947750483120237501u);
    EXPECT_EQ(Checksum(dataset.views), 6099802180458406355u);
}

TEST(Synthetic, ViewIsBlankExactlyWhereTheBodyIsOutOfView)
{
    const Dataset& dataset = DefaultDataset();
    for (std::size_t i = 0; i < dataset.Size(); ++i)
    {
        for (int device = 0; device < dataset.numDevices; ++device)
        {
            const bool isInView = dataset.inView[i * dataset.numDevices + device] != 0;
            ASSERT_NE(IsBlank(dataset, i, device), isInView) << i << ", device " << device;
        }
    }
}

TEST(Synthetic, DarkestViewIsNotBlank)
{
    SyntheticSettings settings = SmallSettings();
    settings.darkness = 0.95;
    settings.noise = 100;
    const Dataset dataset = RenderSynthetic(settings);
    for (std::size_t i = 0; i < dataset.inView.size(); ++i)
    {
        const uint8_t* view = dataset.views.data() + i * dataset.shapes[0].Size();
        const uint8_t lowest = *std::min_element(view, view + dataset.shapes[0].Size());
        ASSERT_EQ(lowest > 0, dataset.inView[i] != 0);
    }
}

TEST(Synthetic, EnoughOfTheFirstSixCamerasSeeEachBody)
{
    SyntheticSettings settings = PlainSettings();
    settings.numDevices = 7;
    settings.numTrain = 100;
    settings.numTest = 0;
    for (const int minViews : {2, 3}) // two see each point of the corner anyhow
    {
        settings.minViews = minViews;
        const Dataset dataset = RenderSynthetic(settings);
        int fewest = 7;
        for (std::size_t i = 0; i < dataset.Size(); ++i)
        {
            const auto first = dataset.inView.begin() + i * dataset.numDevices;
            fewest = std::min(fewest, std::accumulate(first, first + 6, 0));
        }
        EXPECT_EQ(fewest, minViews);
    }
}

TEST(Synthetic, CamerasSeeUnevenSharesWhateverTheClass)
{
    const Dataset& dataset = DefaultDataset();
    std::vector<double> shares;
    for (int device = 0; device < dataset.numDevices; ++device)
    {
        const double share = ShareInView(dataset, device, [](int) {
            return true;
        });
        shares.push_back(share);
        for (const int label : {CAR, BUS, PERSON})
        {
            const double ofClass = ShareInView(dataset, device, [label](int l) {
                return l == label;
            });
            EXPECT_NEAR(ofClass, share, 0.12) << "device " << device << ", class " << label;
        }
    }
    const auto [least, most] = std::minmax_element(shares.begin(), shares.end());
    EXPECT_GT(*least, 0.15);
    EXPECT_LT(*least, 0.30);
    EXPECT_GT(*most, 0.85);
    EXPECT_LT(*most, 0.97);
}

TEST(Synthetic, FurtherCamerasChangeNothingForTheOthers)
{
    SyntheticSettings settings = SmallSettings();
    settings.numDevices = 12;
    const Dataset twelve = RenderSynthetic(settings);
    for (const int numDevices : {1, 6})
    {
        settings.numDevices = numDevices;
        const Dataset fewer = RenderSynthetic(settings);
        EXPECT_EQ(fewer.labels, twelve.labels);
        for (std::size_t i = 0; i < fewer.Size(); ++i)
        {
            for (int device = 0; device < numDevices; ++device)
            {
                const uint8_t* view = fewer.View(i, device);
                ASSERT_TRUE(std::equal(view, view + 3072, twelve.View(i, device)));
                ASSERT_EQ(fewer.inView[i * numDevices + device], twelve.inView[i * 12 + device]);
            }
        }
    }
}

TEST(Synthetic, RendersAThousandDifferentCameras)
{
    SyntheticSettings settings;
    settings.numDevices = 1000;
    settings.numTrain = 1;
    settings.numTest = 0;
    const Dataset dataset = RenderSynthetic(settings);
    const int seen = std::accumulate(dataset.inView.begin(), dataset.inView.end(), 0);
    EXPECT_GT(seen, 200);
    EXPECT_LT(seen, 900);
    for (int device = 1; device < 1000; ++device)
    {
        const uint8_t* view = dataset.View(0, device);
        const bool isSame = std::equal(view, view + 3072, dataset.View(0, device - 1));
        ASSERT_EQ(isSame, !dataset.inView[device] && !dataset.inView[device - 1]) << device;
    }
}

TEST(Synthetic, VehiclesAreWideAndPeopleTall)
{
    const Dataset dataset = RenderSynthetic(PlainSettings());
    EXPECT_LT(AspectRatio(dataset, PERSON), 0.7);
    EXPECT_GT(AspectRatio(dataset, CAR), 1.1);
    EXPECT_GT(AspectRatio(dataset, BUS), 1.0);
}

TEST(Synthetic, NearestMeanViewTellsAllClassesApart)
{
    const Dataset dataset = RenderSynthetic(PlainSettings());
    for (const auto& [first, second] : {std::pair(CAR, BUS), {BUS, PERSON}, {PERSON, CAR}})
    {
        EXPECT_GT(NearestMeanAccuracy(dataset, first, second), 0.75) << first << " or " << second;
    }
}

TEST(Synthetic, KnobsDoWhatTheySay)
{
    SyntheticSettings settings = PlainSettings();
    settings.numTrain = 60;
    settings.numTest = 0;
    const Dataset plain = RenderSynthetic(settings);

    settings.mistrack = 1;
    EXPECT_EQ(RenderSynthetic(settings).views, plain.views) << "there is nothing else to follow";
    settings.traffic = 3;
    const Dataset mistaken = RenderSynthetic(settings);
    settings.mistrack = 0;
    const Dataset busy = RenderSynthetic(settings);
    EXPECT_NE(busy.views, plain.views);
    EXPECT_NE(busy.views, mistaken.views);

    settings = PlainSettings();
    settings.numTrain = 60;
    settings.numTest = 0;
    settings.darkness = 0.8; // on average 0.4
    EXPECT_NEAR(MeanLevel(RenderSynthetic(settings)) / MeanLevel(plain), 0.6, 0.1);
}

TEST(Synthetic, NoiseHasTheGivenDeviation)
{
    SyntheticSettings settings = PlainSettings();
    settings.numTrain = 60;
    settings.numTest = 0;
    const Dataset clean = RenderSynthetic(settings);
    settings.noise = 5;
    const Dataset noisy = RenderSynthetic(settings);
    double sumOfSquares = 0;
    int count = 0;
    for (std::size_t i = 0; i < clean.views.size(); ++i)
    {
        if (clean.views[i] > 30 && clean.views[i] < 225) // where no noise is cut off
        {
            const double difference = noisy.views[i] - clean.views[i];
            sumOfSquares += difference * difference;
            ++count;
        }
    }
    EXPECT_NEAR(std::sqrt(sumOfSquares / count), 5, 0.1);
}

TEST(Synthetic, RefusesSettingsOutOfRangeByName)
{
    constexpr double NOT_A_NUMBER = std::numeric_limits<double>::quiet_NaN();
    using Change = std::function<void(SyntheticSettings&)>;
    const std::vector<std::pair<std::string, Change>> cases{
        {"numDevices",
         [](auto& s) {
             s.numDevices = 0;
         }},
        {"numDevices",
         [](auto& s) {
             s.numDevices = 10001;
         }},
        {"numTrain",
         [](auto& s) {
             s.numTrain = -1;
         }},
        {"numTest",
         [](auto& s) {
             s.numTest = -1;
         }},
        {"minViews",
         [](auto& s) {
             s.minViews = 0;
         }},
        {"minViews",
         [](auto& s) {
             s.minViews = 4;
         }},
        {"traffic",
         [](auto& s) {
             s.traffic = -0.1;
         }},
        {"obstacles",
         [](auto& s) {
             s.obstacles = 21;
         }},
        {"mistrack",
         [](auto& s) {
             s.mistrack = 1.1;
         }},
        {"cropError",
         [](auto& s) {
             s.cropError = NOT_A_NUMBER;
         }},
        {"cropMargin",
         [](auto& s) {
             s.cropMargin = -1;
         }},
        {"darkness",
         [](auto& s) {
             s.darkness = 1;
         }},
        {"noise",
         [](auto& s) {
             s.noise = -1;
         }},
    };
    for (const auto& [name, change] : cases)
    {
        SyntheticSettings settings = SmallSettings();
        change(settings);
        try
        {
            RenderSynthetic(settings);
            FAIL() << name;
        }
        catch (const std::runtime_error& error)
        {
            EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
        }
    }
}

TEST(Synthetic, RendersNoSamplesWhenNoneAreAskedFor)
{
    SyntheticSettings settings;
    settings.numTrain = 0;
    settings.numTest = 0;
    EXPECT_EQ(RenderSynthetic(settings).Size(), 0u);
}

TEST(RandomStream, HasTheMomentsOfItsDistributions)
{
    RandomStream random(1, 2, 3);
    constexpr int COUNT = 100000;
    double uniform = 0;
    double normal = 0;
    double normalSquared = 0;
    std::array<int, 5> below{};
    for (int i = 0; i < COUNT; ++i)
    {
        const double u = random.Uniform(-1, 3);
        ASSERT_TRUE(u >= -1 && u < 3);
        uniform += u / COUNT;
        const double n = random.Normal();
        normal += n / COUNT;
        normalSquared += n * n / COUNT;
        ++below.at(random.Below(5));
    }
    EXPECT_NEAR(uniform, 1, 0.02); // four standard errors and more, as below
    EXPECT_NEAR(normal, 0, 0.02);
    EXPECT_NEAR(normalSquared, 1, 0.02);
    EXPECT_NEAR(*std::min_element(below.begin(), below.end()), COUNT / 5, 600);
}

TEST(RandomStream, StreamsDiffer)
{
    const double first = RandomStream(1, 0, 0).Uniform();
    EXPECT_NE(RandomStream(2, 0, 0).Uniform(), first);
    EXPECT_NE(RandomStream(1, 1, 0).Uniform(), first);
    EXPECT_NE(RandomStream(1, 0, 1).Uniform(), first);
    EXPECT_NE(RandomStream(0, 1, 0).Uniform(), RandomStream(0, 0, 1).Uniform());
}

} // namespace ddnn
