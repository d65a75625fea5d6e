// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/hierarchy-json.h"
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/training/trainer.h"

#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/inference/packed-model.h"
#include "test/support/random-network.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>

namespace ddnn
{
namespace
{

/// Views of 8x8: a bright bar, upright for class 0 and level for class 1, in noise; device 1 sees
/// only every other sample.
Dataset
Bars(int samples)
{
    Dataset dataset;
    dataset.numClasses = 2;
    dataset.SetShapes(std::vector<Shape>(2, Shape{1, 8, 8}));
    std::mt19937_64 generator(5);
    for (int i = 0; i < samples; ++i)
    {
        const int label = test::RandomInt(generator, 0, 1);
        dataset.labels.push_back(label);
        dataset.inTest.push_back(i % 4 == 3);
        const int at = test::RandomInt(generator, 1, 6);
        for (int device = 0; device < 2; ++device)
        {
            const bool blank = device == 1 && i % 2 == 0;
            dataset.inView.push_back(!blank);
            for (int p = 0; p < 64; ++p)
            {
                const bool bar = (label == 0 ? p % 8 : p / 8) == at;
                const int noise = test::RandomInt(generator, 1, 60);
                dataset.views.push_back(blank ? 0 : static_cast<uint8_t>(noise + (bar ? 190 : 0)));
            }
        }
    }
    return dataset;
}

Hierarchy
Small(char config = 'c', Aggregation local = Aggregation::MP, Aggregation cloud = Aggregation::CC)
{
    PresetSettings settings;
    settings.views[0] = {1, 8, 8};
    settings.numClasses = 2;
    settings.numDevices = 2;
    settings.cloudBlocks = 1;
    settings.local = local;
    settings.cloud = cloud;
    return MakePreset(config, settings);
}

TrainSettings
Quick()
{
    TrainSettings settings;
    settings.epochs = 12;
    settings.batch = 16;
    settings.learningRate = 1e-2;
    return settings;
}

bool
Same(Network a, Network b)
{
    const auto x = Parameters(a);
    const auto y = Parameters(b);
    for (std::size_t i = 0; i < x.size(); ++i)
    {
        if (*x[i].values != *y[i].values)
        {
            return false;
        }
    }
    return ToJson(a.hierarchy) == ToJson(b.hierarchy);
}

TEST(Trainer, LearnsToTellBarsApart)
{
    const Dataset dataset = Bars(400);
    for (Aggregation local : {Aggregation::MP, Aggregation::AP, Aggregation::CC})
    {
        for (Aggregation cloud : {Aggregation::MP, Aggregation::AP, Aggregation::CC})
        {
            const Network network = Train(Small('c', local, cloud), dataset, Quick());
            const auto results =
                Classify(PackedModel(network), dataset, Indices(dataset, Split::TEST));
            const Evaluation evaluation = Evaluate(results, 2, {0.5});
            EXPECT_GT(evaluation.exitAccuracy[0], 0.85) << ToString(local) << ToString(cloud);
            EXPECT_GT(evaluation.exitAccuracy[1], 0.85) << ToString(local) << ToString(cloud);
        }
    }
}

TEST(Trainer, ResultDependsOnTheSeedAndNotOnThreads)
{
    const Dataset dataset = Bars(200);
    TrainSettings settings = Quick();
    settings.epochs = 3;
    settings.failout = 0.3;
    settings.deviceExitWeight = 0.5;
    const int threads = omp_get_max_threads();
    omp_set_num_threads(1);
    const Network one = Train(Small(), dataset, settings);
    omp_set_num_threads(3);
    const Network three = Train(Small(), dataset, settings);
    omp_set_num_threads(threads);
    settings.seed = 2;
    EXPECT_TRUE(Same(one, three));
    EXPECT_FALSE(Same(one, Train(Small(), dataset, settings)));
}

/// Small(), with edges of one device each and a float FC block in the cloud.
Hierarchy
Mixed()
{
    Hierarchy hierarchy = Small('f');
    hierarchy.tiers[1].blocks[0].precision = Precision::FLOAT;
    hierarchy.tiers[1].blocks[0].filters = 4;
    hierarchy.tiers[1].coding = FeatureCoding::INT8;
    hierarchy.tiers[2].blocks = {{8, 1, BlockKind::FC, Precision::FLOAT}};
    hierarchy.tiers[2].exitPrecision = Precision::FLOAT;
    Validate(hierarchy);
    return hierarchy;
}

/// All blocks and exits float, the devices of different kinds.
Hierarchy
AllFloat()
{
    Hierarchy hierarchy = Mixed();
    for (Tier& tier : hierarchy.tiers)
    {
        tier.blocks[0].precision = Precision::FLOAT;
        tier.exitPrecision = Precision::FLOAT;
        tier.coding = FeatureCoding::FLOAT16;
    }
    hierarchy.tiers[0].nodeBlocks = {
        {{4, 2, BlockKind::CONVP, Precision::FLOAT}},
        {{4, 1, BlockKind::CONVP, Precision::FLOAT}, {12, 1, BlockKind::FC, Precision::FLOAT}}};
    hierarchy.tiers[0].blocks.clear();
    hierarchy.tiers[1].scores = Aggregation::AP;
    Validate(hierarchy);
    return hierarchy;
}

TEST(Trainer, LearnsWithFloatAndMixedBlocks)
{
    const Dataset dataset = Bars(400);
    for (const Hierarchy& hierarchy : {Mixed(), AllFloat()})
    {
        const Network network = Train(hierarchy, dataset, Quick());
        const auto results = Classify(PackedModel(network), dataset, Indices(dataset, Split::TEST));
        const Evaluation evaluation = Evaluate(results, 2, {0.5, 0.5});
        for (double accuracy : evaluation.exitAccuracy)
        {
            EXPECT_GT(accuracy, 0.9) << ToJson(hierarchy);
        }
    }
}

TEST(Trainer, FloatHierarchyWithFailoutDoesNotDependOnThreads)
{
    const Dataset dataset = Bars(200);
    TrainSettings settings = Quick();
    settings.epochs = 3;
    settings.failout = 0.3;
    settings.edgeFailout = 0.3;
    settings.deviceExitWeight = 0.5;
    const int threads = omp_get_max_threads();
    for (const Hierarchy& hierarchy : {Mixed(), AllFloat()})
    {
        omp_set_num_threads(1);
        const Network one = Train(hierarchy, dataset, settings);
        omp_set_num_threads(2);
        const Network two = Train(hierarchy, dataset, settings);
        omp_set_num_threads(threads);
        EXPECT_TRUE(Same(one, two));
        TrainSettings without = settings;
        without.edgeFailout = 0;
        EXPECT_FALSE(Same(one, Train(hierarchy, dataset, without)));
    }
}

TEST(Trainer, LeavesTheTestSplitAlone)
{
    Dataset dataset = Bars(200);
    const Network before = Train(Small(), dataset, Quick());
    for (std::size_t sample : Indices(dataset, Split::TEST))
    {
        dataset.labels[sample] = 1 - dataset.labels[sample];
        std::fill_n(dataset.views.begin() + sample * 128, 128, uint8_t{77});
    }
    EXPECT_TRUE(Same(before, Train(Small(), dataset, Quick())));
}

TEST(Trainer, ParametersStayClippedAndStatisticsAreThoseOfTheTrainingSplit)
{
    const Dataset dataset = Bars(200);
    TrainSettings settings = Quick();
    settings.validation = 0;
    Network network = Train(Small(), dataset, settings);
    for (const Parameter& parameter : Parameters(network))
    {
        for (float value : *parameter.values)
        {
            ASSERT_TRUE(parameter.kind == ParameterKind::STATISTICS || std::abs(value) <= 1);
        }
    }
    // the scores of a device's exit over all training samples: mean beta, deviation |gamma|
    const PackedModel model(network);
    const BatchNorm& bn = network.sections[0][0].exit.bn;
    double sum = 0;
    double squares = 0;
    const auto samples = Indices(dataset, Split::TRAIN);
    for (std::size_t sample : samples)
    {
        const double score = model.RunDevice(0, dataset.View(sample, 0)).scores[0];
        sum += score;
        squares += score * score;
    }
    const double mean = sum / samples.size();
    EXPECT_NEAR(mean, bn.beta[0], 1e-3);
    EXPECT_NEAR(std::sqrt(squares / samples.size() - mean * mean), std::abs(bn.gamma[0]), 1e-3);
}

TEST(Trainer, StopsWhenTheCallbackSaysSo)
{
    int epochs = 0;
    const Network network = Train(Small(), Bars(100), Quick(), [&](const EpochReport& report) {
        EXPECT_EQ(report.epoch, ++epochs);
        EXPECT_GT(report.loss, 0);
        EXPECT_EQ(report.accuracy.size(), 2U);
        EXPECT_EQ(report.validation.size(), 2U);
        return report.epoch < 3;
    });
    EXPECT_EQ(epochs, 3);
    EXPECT_EQ(network.sections.size(), 2U);
}

TEST(Trainer, FailoutHelpsWhenADeviceIsGone)
{
    const Dataset dataset = Bars(400);
    TrainSettings settings = Quick();
    settings.epochs = 20;
    auto accuracyWithoutDevice0 = [&](double failout) {
        settings.failout = failout;
        const Network network = Train(Small(), dataset, settings);
        std::vector<std::size_t> samples;
        for (std::size_t i = 1; i < dataset.Size(); i += 2)
        {
            samples.push_back(i); // those that device 1 sees
        }
        const auto results = Classify(PackedModel(network), dataset, samples, {0});
        return Evaluate(results, 2, {0}).exitAccuracy[1];
    };
    EXPECT_GT(accuracyWithoutDevice0(0.4), accuracyWithoutDevice0(0) + 0.1);
}

TEST(Trainer, RefusesSettingsOutOfRange)
{
    const Dataset dataset = Bars(40);
    const std::vector<std::function<void(TrainSettings&)>> wrongs = {[](TrainSettings& s) {
                                                                         s.epochs = 0;
                                                                     },
                                                                     [](TrainSettings& s) {
                                                                         s.batch = 1;
                                                                     },
                                                                     [](TrainSettings& s) {
                                                                         s.learningRate = 0;
                                                                     },
                                                                     [](TrainSettings& s) {
                                                                         s.failout = 1;
                                                                     },
                                                                     [](TrainSettings& s) {
                                                                         s.edgeFailout = 1;
                                                                     },
                                                                     [](TrainSettings& s) {
                                                                         s.validation = 0.9;
                                                                     },
                                                                     [](TrainSettings& s) {
                                                                         s.deviceExitWeight = -1;
                                                                     }};
    for (const auto& wrong : wrongs)
    {
        TrainSettings settings = Quick();
        wrong(settings);
        EXPECT_THROW(Train(Small(), dataset, settings), std::runtime_error);
    }
    EXPECT_THROW(Train(MakePreset('c', {}), dataset, Quick()), std::runtime_error);
}

TEST(Trainer, MeetsTheGoalOfTheThresholds)
{
    const Dataset dataset = Bars(80);
    PresetSettings preset;
    preset.views = {{1, 8, 8}};
    preset.numDevices = 2;
    preset.numClasses = 2;
    const Hierarchy hierarchy = MakePreset('c', preset);
    TrainSettings settings;
    settings.epochs = 1;
    settings.validation = 0.3;
    settings.goal.maxBytes = ScoreBytes(hierarchy); // nothing but scores: all exit locally
    const Network network = Train(hierarchy, dataset, settings);
    const auto results = Classify(PackedModel(network), dataset, Indices(dataset, Split::TRAIN));
    EXPECT_GT(Evaluate(results, 2, {network.hierarchy.tiers[0].threshold}).exitFraction[0], 0.5);
    settings.goal.maxBytes -= 1;
    EXPECT_THROW(Train(hierarchy, dataset, settings), std::runtime_error);
    settings.goal.maxBytes += 1;
    settings.validation = 0.01; // less than one sample
    EXPECT_THROW(Train(hierarchy, dataset, settings), std::runtime_error);
}

} // namespace
} // namespace ddnn
