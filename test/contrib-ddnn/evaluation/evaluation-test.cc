// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "test/support/sample-result.h"

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

/// Two devices with views of one pixel; `mask` bit d: device d sees the object.
Dataset
TinyDataset(const std::vector<int>& labels, const std::vector<int>& masks)
{
    Dataset dataset;
    dataset.numClasses = 3;
    dataset.SetShapes(std::vector<Shape>(2, Shape{1, 1, 1}));
    dataset.labels = labels;
    for (int mask : masks)
    {
        for (int device = 0; device < 2; ++device)
        {
            const uint8_t sees = (mask >> device) & 1;
            dataset.inView.push_back(sees);
            dataset.views.push_back(sees ? 10 + device : 0);
        }
    }
    dataset.inTest.assign(labels.size(), 0);
    return dataset;
}

Hierarchy
TinyHierarchy()
{
    PresetSettings settings;
    settings.views[0] = {1, 1, 1};
    settings.numDevices = 2;
    settings.filters = 1;
    settings.cloudFilters = 1;
    settings.cloudBlocks = 1;
    return MakePreset('c', settings);
}

/// Its devices say the class (pixel - 10); its local exit says the number of devices present, its
/// cloud the number of children present.
class CannedModel : public Model
{
  public:
    CannedModel()
        : Model(TinyHierarchy())
    {
    }

    NodeOutput RunDevice(int, const uint8_t* view) const override
    {
        Scores scores(3, 0);
        scores[*view >= 10 ? *view - 10 : 2] = 1;
        return {{1}, scores};
    }

    NodeOutput RunNode(int, int, const std::vector<Features>& children) const override
    {
        Scores scores(3, 0);
        scores[!children[0].empty() + !children[1].empty()] = 1;
        return {{}, scores};
    }

    Verdict CloseExit(int tier, const std::vector<Scores>& scores) const override
    {
        if (tier == 1)
        {
            return Says(scores[0][2] > 0 ? 2 : 1, 0.25);
        }
        return Says(!scores[0].empty() + !scores[1].empty(), 0.5);
    }
};

/// The message that a call throws.
template <typename Call>
std::string
Message(const Call& call)
{
    try
    {
        call();
    }
    catch (const std::exception& e)
    {
        return e.what();
    }
    return "nothing thrown";
}

TEST(Evaluate, CountsExitsAndRecall)
{
    const Evaluation evaluation = Evaluate(FourResults(), 3, {0.5});
    EXPECT_EQ(evaluation.samples, 4U);
    EXPECT_EQ(evaluation.exitAccuracy, (std::vector<double>{0.5, 0.75}));
    EXPECT_EQ(evaluation.exitFraction, (std::vector<double>{0.5, 0.5}));
    EXPECT_EQ(evaluation.overall, 1.0); // the local exit's two right ones, the cloud's other two
    EXPECT_EQ(evaluation.deviceAccuracy, (std::vector<double>{0.5, 0}));
    ASSERT_EQ(evaluation.recall.size(), 3U);
    EXPECT_EQ(evaluation.recall[2].correct, 2U);
    EXPECT_EQ(evaluation.recall[2].total, 2U);
}

TEST(Evaluate, ThresholdsAtTheEnds)
{
    const Evaluation none = Evaluate(FourResults(), 3, {0});
    EXPECT_EQ(none.exitFraction, (std::vector<double>{0, 1}));
    EXPECT_EQ(none.overall, 0.75);
    EXPECT_EQ(none.recall[1].correct, 0U);
    const Evaluation all = Evaluate(FourResults(), 3, {1});
    EXPECT_EQ(all.exitFraction, (std::vector<double>{1, 0}));
    EXPECT_EQ(all.overall, 0.5);
    EXPECT_EQ(all.recall[2].correct, 0U);
}

TEST(Evaluate, RefusesNoSamples)
{
    EXPECT_THROW(Evaluate({}, 3, {0.5}), std::runtime_error);
}

TEST(Classify, LeavesFailedDevicesOut)
{
    const Dataset dataset = TinyDataset({2, 1}, {3, 3});
    const auto all = Classify(CannedModel(), dataset, {1, 0});
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].sample, 1U);
    EXPECT_EQ(all[0].label, 1);
    EXPECT_EQ(all[0].exits[0].label, 2);
    EXPECT_EQ(all[0].exits[1].label, 2);
    EXPECT_EQ(all[0].deviceLabels, (std::vector<int>{0, 1}));

    const auto failed = Classify(CannedModel(), dataset, {0}, {0});
    EXPECT_EQ(failed[0].exits[0].label, 1);
    EXPECT_EQ(failed[0].exits[1].label, 1);
    EXPECT_EQ(failed[0].deviceLabels, (std::vector<int>{-1, 1}));
}

TEST(Classify, RefusesFailuresThatDoNotExistOrLeaveNothing)
{
    const Dataset dataset = TinyDataset({0}, {3});
    const CannedModel model;
    EXPECT_NE(Message([&] {
                  Classify(model, dataset, {0}, {2});
              }).find("device 2 does not exist"),
              std::string::npos);
    EXPECT_THROW(Classify(model, dataset, {0}, {-1}), std::runtime_error);
    EXPECT_NE(Message([&] {
                  Classify(model, dataset, {0}, {1, 0});
              }).find("at least one"),
              std::string::npos);
    EXPECT_NO_THROW(Classify(model, dataset, {0}, {1, 1}));
}

TEST(CheckFit, NamesTheSizesThatDiffer)
{
    const Dataset dataset = TinyDataset({0}, {3});
    EXPECT_NO_THROW(CheckFit(TinyHierarchy(), dataset));

    Dataset other = dataset;
    other.numDevices = 5;
    const std::string devices = Message([&] {
        CheckFit(TinyHierarchy(), other);
    });
    EXPECT_NE(devices.find("devices is 2 in the model and 5"), std::string::npos) << devices;

    other = dataset;
    other.numClasses = 4;
    const std::string classes = Message([&] {
        CheckFit(TinyHierarchy(), other);
    });
    EXPECT_NE(classes.find("classes is 3 in the model and 4"), std::string::npos) << classes;

    other = dataset;
    other.SetShapes({{1, 1, 1}, {3, 1, 1}});
    const std::string view = Message([&] {
        CheckFit(TinyHierarchy(), other);
    });
    EXPECT_NE(view.find("device 1 is [1, 1, 1] in the model and [3, 1, 1]"), std::string::npos)
        << view;
}

TEST(Baselines, MajorityComesFromTheTrainingSplit)
{
    // training: 2 2 1; test: 1 1 2 0
    Dataset dataset = TinyDataset({2, 2, 1, 1, 1, 2, 0}, {1, 1, 1, 1, 1, 1, 1});
    dataset.inTest = {0, 0, 0, 1, 1, 1, 1};
    EXPECT_EQ(MajorityBaseline(dataset, {3, 4, 5, 6}), 0.25);
}

TEST(Baselines, PresenceLooksUpTheMask)
{
    // training: mask 1 says 0 (2 of 3), mask 2 says 1, the majority is 0; test by mask 1, 2, 3
    Dataset dataset = TinyDataset({0, 0, 1, 1, 0, 1, 0}, {1, 1, 1, 2, 1, 2, 3});
    dataset.inTest = {0, 0, 0, 0, 1, 1, 1};
    EXPECT_EQ(PresenceBaseline(dataset, {4, 5}), 1.0);
    EXPECT_EQ(PresenceBaseline(dataset, {5, 6}), 1.0) << "an unseen mask is the majority class";
    dataset.labels[6] = 2;
    EXPECT_EQ(PresenceBaseline(dataset, {5, 6}), 0.5);
}

TEST(Baselines, RefuseNoTrainingSamplesAndNoSamples)
{
    Dataset dataset = TinyDataset({0, 1}, {1, 2});
    EXPECT_THROW(MajorityBaseline(dataset, {}), std::runtime_error);
    dataset.inTest = {1, 1};
    EXPECT_THROW(MajorityBaseline(dataset, {0}), std::runtime_error);
    EXPECT_THROW(PresenceBaseline(dataset, {0}), std::runtime_error);
}

TEST(ConfidenceInterval, ClopperPearsonInClosedForm)
{
    // no success in n trials: the upper limit is 1 - (0.05 / 2)^(1 / n), here with n = 10
    const Interval none = ConfidenceInterval(0, 10);
    EXPECT_EQ(none.low, 0);
    EXPECT_NEAR(none.high, 0.30849710781876083, 1e-9);
    // the mirror image
    const Interval all = ConfidenceInterval(10, 10);
    EXPECT_NEAR(all.low, 1 - 0.30849710781876083, 1e-9);
    EXPECT_EQ(all.high, 1);
}

TEST(ConfidenceInterval, PublishedValues)
{
    // R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, Table I, method 5
    struct Row
    {
        std::size_t successes;
        std::size_t trials;
        double low;
        double high;
    };

    for (const Row& row : {Row{81, 263, 0.2527, 0.3676},
                           Row{15, 148, 0.0578, 0.1617},
                           Row{0, 20, 0.0000, 0.1684},
                           Row{1, 29, 0.0009, 0.1776}})
    {
        const Interval interval = ConfidenceInterval(row.successes, row.trials);
        EXPECT_NEAR(interval.low, row.low, 5e-5) << row.successes << " of " << row.trials;
        EXPECT_NEAR(interval.high, row.high, 5e-5) << row.successes << " of " << row.trials;
    }
    // the same construction by bisection on exact binomial tails, at another confidence
    const Interval ninety = ConfidenceInterval(4, 20, 0.9);
    EXPECT_NEAR(ninety.low, 0.07135388430861815, 1e-9);
    EXPECT_NEAR(ninety.high, 0.40102811733197463, 1e-9);
}

TEST(ConfidenceInterval, EdgeCases)
{
    const Interval nothing = ConfidenceInterval(0, 0);
    EXPECT_EQ(nothing.low, 0);
    EXPECT_EQ(nothing.high, 1);
    EXPECT_THROW(ConfidenceInterval(2, 1), std::invalid_argument);
}

} // namespace
} // namespace ddnn
