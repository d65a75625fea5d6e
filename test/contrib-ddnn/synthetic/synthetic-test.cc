// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/synthetic/synthetic.h"

#include "contrib-ddnn/synthetic/synthetic-scene.h"

#include <Eigen/Geometry>
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
PlainSettings(int numTrain = 680, int numTest = 171)
{
    SyntheticSettings settings;
    settings.numTrain = numTrain;
    settings.numTest = numTest;
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

/// Share of the samples of some classes that are in view of a device.
double
ShareInView(const Dataset& dataset, int device, const std::vector<int>& classes)
{
    int seen = 0;
    int all = 0;
    for (std::size_t i = 0; i < dataset.Size(); ++i)
    {
        if (std::count(classes.begin(), classes.end(), dataset.labels[i]) > 0)
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

/// The views of a split in which a body of a class is seen, one per column.
Eigen::MatrixXd
Views(const Dataset& dataset, int label, bool isTest)
{
    std::vector<double> values;
    const int size = dataset.shapes[0].Size();
    for (std::size_t i = 0; i < dataset.Size(); ++i)
    {
        for (int device = 0; device < dataset.numDevices; ++device)
        {
            if (dataset.labels[i] == label && (dataset.inTest[i] != 0) == isTest &&
                !dataset.IsBlank(i, device))
            {
                const uint8_t* view = dataset.View(i, device);
                values.insert(values.end(), view, view + size);
            }
        }
    }
    return Eigen::Map<Eigen::MatrixXd>(values.data(), size, values.size() / size);
}

Eigen::AlignedBox3d
Box(const Body& body)
{
    Eigen::AlignedBox3d box;
    for (const Quad& quad : body.quads)
    {
        for (const Vec3& corner : quad.corners)
        {
            box.extend(corner);
        }
    }
    return box;
}

/// Where a ray meets the front of a facet, as a multiple of its direction; infinite if it does not.
double
Hit(const Vec3& eye, const Vec3& ray, const Quad& quad)
{
    const auto& c = quad.corners;
    const Vec3 normal = (c[2] - c[0]).cross(c[3] - c[1]);
    const double distance = normal.dot(c[0] - eye) / normal.dot(ray);
    bool isInside = normal.dot(ray) < 0 && distance > 0;
    for (int i = 0; i < 4 && isInside; ++i)
    {
        const Vec3 edge = c[(i + 1) % 4] - c[i];
        isInside = normal.dot(edge.cross(eye + distance * ray - c[i])) >= 0;
    }
    return isInside ? distance : std::numeric_limits<double>::infinity();
}

/// The nearest facet that a ray meets, null if there is none.
const Quad*
Nearest(const Scene& scene, const Vec3& eye, const Vec3& ray)
{
    const Quad* nearest = nullptr;
    double distance = std::numeric_limits<double>::infinity();
    for (const Body& body : scene.bodies)
    {
        for (const Quad& quad : body.quads)
        {
            const double hit = Hit(eye, ray, quad);
            nearest = hit < distance ? &quad : nearest;
            distance = std::min(distance, hit);
        }
    }
    return nearest;
}

/// The view of the labelled body that RenderView renders if there is neither an error nor noise: a
/// ray for each of four points per pixel.
std::vector<double>
TraceView(const Scene& scene, const StreetCamera& camera)
{
    const Vec3& eye = camera.position;
    const Vec3 forward = (Box(scene.bodies[0]).center() - eye).normalized();
    const Vec3 right = forward.cross(Vec3::UnitZ()).normalized();
    const Vec3 up = right.cross(forward);
    Eigen::AlignedBox2d box;
    for (const Quad& quad : scene.bodies[0].quads)
    {
        for (const Vec3& corner : quad.corners)
        {
            const Vec3 d = corner - eye;
            box.extend(Eigen::Vector2d(d.dot(right), d.dot(up)) / d.dot(forward));
        }
    }
    const double extent = 1.05 * box.sizes().maxCoeff();
    std::vector<double> view(3 * 32 * 32);
    for (int i = 0; i < 64 * 64; ++i)
    {
        const double u = box.center().x() + extent * ((i % 64 + 0.5) / 64 - 0.5);
        const double v = box.center().y() - extent * ((i / 64 + 0.5) / 64 - 0.5);
        const Vec3 ray = forward + u * right + v * up;
        const Quad* quad = Nearest(scene, eye, ray);
        const Vec3 ground = eye - eye.z() / ray.z() * ray;
        const bool isShadow =
            !quad && ray.z() < 0 && Nearest(scene, ground + 99 * scene.sun, -scene.sun);
        const Vec3 colour = quad ? quad->colour : BackgroundColour(eye, ray, isShadow);
        for (int channel = 0; channel < 3; ++channel)
        {
            const double level = 255 * scene.daylight * camera.gain[channel] * colour[channel];
            view[(channel * 32 + i / 128) * 32 + i % 64 / 2] += level / 4;
        }
    }
    for (double& level : view)
    {
        level = std::clamp(level, 1.0, 255.0);
    }
    return view;
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

TEST(Synthetic, ViewsAreThoseOfARayTracer)
{
    const SyntheticSettings settings = PlainSettings();
    SyntheticSettings busy = settings;
    busy.minViews = 1;
    busy.traffic = 2;
    busy.obstacles = 1;
    std::vector<StreetCamera> cameras;
    for (int i = 0; i < 2; ++i)
    {
        cameras.push_back(MakeStreetCamera(i));
    }
    int same = 0;
    int all = 0;
    for (int sample = 0; sample < 6; ++sample)
    {
        RandomStream random(1, sample, 0);
        const Scene scene = MakeScene(sample % 3, cameras, busy, random);
        for (const StreetCamera& camera : cameras)
        {
            std::vector<uint8_t> view(Shape().Size());
            RenderView(scene, camera, settings, random, view.data());
            const std::vector<double> expected = TraceView(scene, camera);
            for (std::size_t i = 0; i < view.size(); ++i)
            {
                same += std::abs(view[i] - expected[i]) < 0.51;
                ++all;
            }
        }
    }
    EXPECT_GT(same, 0.999 * all) << "edges may fall on either side of a point";
}

TEST(Synthetic, ViewIsBlankExactlyWhereTheBodyIsOutOfView)
{
    const Dataset& dataset = DefaultDataset();
    for (std::size_t i = 0; i < dataset.Size(); ++i)
    {
        for (int device = 0; device < dataset.numDevices; ++device)
        {
            const bool isInView = dataset.inView[i * dataset.numDevices + device] != 0;
            ASSERT_NE(dataset.IsBlank(i, device), isInView) << i << ", device " << device;
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
        const double share = ShareInView(dataset, device, {CAR, BUS, PERSON});
        shares.push_back(share);
        for (const int label : {CAR, BUS, PERSON})
        {
            EXPECT_NEAR(ShareInView(dataset, device, {label}), share, 0.12)
                << "device " << device << ", class " << label;
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
    settings.numTest = 0; // a split may be empty
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

TEST(Synthetic, VehiclesAreLongAndPeopleTall)
{
    RandomStream random(1, 0, 0);
    for (int i = 0; i < 100; ++i)
    {
        const Vec3 car = Box(MakeCar(random)).sizes();
        const Vec3 bus = Box(MakeBus(random)).sizes();
        const Vec3 person = Box(MakePerson(random)).sizes();
        EXPECT_TRUE(car.x() > 2 * car.z() && bus.x() > 2 * bus.z() && bus.x() > car.x());
        EXPECT_GT(person.z(), 1.5 * person.head(2).maxCoeff());
        for (const Vec3& size : {car, bus, person})
        {
            EXPECT_TRUE(size.minCoeff() > 0.3 && size.maxCoeff() < 13);
        }
    }
}

TEST(Synthetic, NearestMeanViewTellsAllClassesApart)
{
    const Dataset dataset = RenderSynthetic(PlainSettings());
    for (const auto& [first, second] : {std::pair(CAR, BUS), {BUS, PERSON}, {PERSON, CAR}})
    {
        const Eigen::VectorXd mean = Views(dataset, first, false).rowwise().mean();
        const Eigen::VectorXd other = Views(dataset, second, false).rowwise().mean();
        const double middle = (mean + other).dot(mean - other) / 2;
        double accuracy = 0;
        for (const int label : {first, second})
        {
            const Eigen::ArrayXd nearer = Views(dataset, label, true).transpose() * (mean - other);
            const double ofFirst = (nearer > middle).cast<double>().mean();
            accuracy += 0.5 * (label == first ? ofFirst : 1 - ofFirst);
        }
        EXPECT_GT(accuracy, 0.75) << first << " or " << second;
    }
}

TEST(Synthetic, KnobsDoWhatTheySay)
{
    SyntheticSettings settings = PlainSettings(60, 0);
    const Dataset plain = RenderSynthetic(settings);

    settings.mistrack = 1;
    EXPECT_EQ(RenderSynthetic(settings).views, plain.views) << "there is nothing else to follow";
    settings.traffic = 3;
    const Dataset mistaken = RenderSynthetic(settings);
    settings.mistrack = 0;
    const Dataset busy = RenderSynthetic(settings);
    EXPECT_NE(busy.views, plain.views);
    EXPECT_NE(busy.views, mistaken.views);

    settings = PlainSettings(60, 0);
    settings.darkness = 0.8; // on average 0.4
    EXPECT_NEAR(MeanLevel(RenderSynthetic(settings)) / MeanLevel(plain), 0.6, 0.1);
}

TEST(Synthetic, NoiseHasTheGivenDeviation)
{
    SyntheticSettings settings = PlainSettings(60, 0);
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
    using Settings = SyntheticSettings;
    using Change = std::function<void(Settings&)>;
    const auto set = [](auto member, auto value) {
        return [member, value](Settings& settings) {
            settings.*member = value;
        };
    };
    const std::pair<std::string, Change> cases[] = {
        {"numDevices", set(&Settings::numDevices, 0)},
        {"numDevices", set(&Settings::numDevices, 10001)},
        {"numTrain", set(&Settings::numTrain, -1)},
        {"numTest", set(&Settings::numTest, -1)},
        {"minViews", set(&Settings::minViews, 0)},
        {"minViews", set(&Settings::minViews, 4)},
        {"traffic", set(&Settings::traffic, -0.1)},
        {"obstacles", set(&Settings::obstacles, 21)},
        {"mistrack", set(&Settings::mistrack, 1.1)},
        {"cropError", set(&Settings::cropError, NOT_A_NUMBER)},
        {"cropMargin", set(&Settings::cropMargin, -1)},
        {"darkness", set(&Settings::darkness, 1)},
        {"noise", set(&Settings::noise, -1)}};
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
