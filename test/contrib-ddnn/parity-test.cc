// SPDX-License-Identifier: GPL-2.0-only
// The whole network against an independent PyTorch implementation: test/data/parity-*.npz.
#include "contrib-ddnn/data/npz.h"
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/inference/feature-coding.h"
#include "contrib-ddnn/inference/packed-model.h"
#include "contrib-ddnn/inference/reference-model.h"
#include "contrib-ddnn/training/joint-network.h"
#include "test/support/test-support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ddnn
{
namespace
{

struct Fixture
{
    const char* file;
    Aggregation local;
    Aggregation cloud;
    int filters;
};

class Parity : public testing::TestWithParam<Fixture>
{
  protected:
    void SetUp() override
    {
        PresetSettings settings;
        settings.local = GetParam().local;
        settings.cloud = GetParam().cloud;
        settings.filters = GetParam().filters;
        const Hierarchy hierarchy = MakePreset('c', settings);
        const std::string path = test::DataPath(GetParam().file);
        m_file = ReadNpz(path);
        m_network = std::make_unique<Network>(LoadCheckpoint(path, &hierarchy));
    }

    template <typename T>
    const std::vector<T>& Get(const std::string& name) const
    {
        return std::get<std::vector<T>>(m_file.at(name).data);
    }

    std::size_t Samples() const
    {
        return Get<int32_t>("input/label").size();
    }

    const uint8_t* View(std::size_t sample, int device) const
    {
        return Get<uint8_t>("input/x").data() +
               (sample * DEVICES + device) * ViewShape(m_network->hierarchy, 0).Size();
    }

    bool IsFailed(int device) const
    {
        const auto& failed = Get<int32_t>("input/failed");
        return std::count(failed.begin(), failed.end(), device) > 0;
    }

    void ExpectEvaluation(const Model& model) const;
    void ExpectExit(const std::vector<Verdict>& verdicts, std::size_t sample) const;
    JointInput Batch() const;

    static constexpr int DEVICES = 6;
    static constexpr int CLASSES = 3;
    Npz m_file;
    std::unique_ptr<Network> m_network;
};

void
Parity::ExpectExit(const std::vector<Verdict>& verdicts, std::size_t sample) const
{
    const std::string names[] = {"local", "cloud"};
    ASSERT_EQ(verdicts.size(), 2U);
    for (int exit = 0; exit < 2; ++exit)
    {
        EXPECT_NEAR(verdicts[exit].uncertainty,
                    Get<double>("expect/" + names[exit] + "_entropy")[sample],
                    1e-5);
        for (int c = 0; c < CLASSES; ++c)
        {
            EXPECT_NEAR(verdicts[exit].scores[c],
                        Get<double>("expect/" + names[exit] + "_logits")[sample * CLASSES + c],
                        1e-5);
        }
    }
}

void
Parity::ExpectEvaluation(const Model& model) const
{
    const auto& features = Get<int8_t>("expect/device_features");
    const auto& logits = Get<double>("expect/device_logits");
    const int size = FeatureShape(m_network->hierarchy, 0, 0).Size();
    for (std::size_t sample = 0; sample < Samples(); ++sample)
    {
        std::vector<const uint8_t*> views;
        for (int device = 0; device < DEVICES; ++device)
        {
            views.push_back(IsFailed(device) ? nullptr : View(sample, device));
            const NodeOutput output = model.RunDevice(device, View(sample, device));
            const std::size_t at = sample * DEVICES + device;
            const std::vector<float> actual = DecodeFeatures(output.features, size, {});
            EXPECT_TRUE(std::equal(actual.begin(), actual.end(), features.begin() + at * size))
                << "features of sample " << sample << ", device " << device;
            for (int c = 0; c < CLASSES; ++c)
            {
                EXPECT_NEAR(output.scores[c], logits[at * CLASSES + c], 1e-5);
            }
        }
        ExpectExit(model.Infer(views), sample);
    }
}

JointInput
Parity::Batch() const
{
    JointInput input;
    const int samples = static_cast<int>(Samples());
    const int width = ViewShape(m_network->hierarchy, 0).Size();
    input.labels = Get<int32_t>("input/label");
    input.inView.assign(samples * DEVICES, 1);
    for (int device = 0; device < DEVICES; ++device)
    {
        input.views.emplace_back(samples, width);
        for (int i = 0; i < samples; ++i)
        {
            std::copy_n(View(i, device), width, input.views[device].Sample(i));
        }
    }
    return input;
}

TEST_P(Parity, ReferenceModelMatchesEvaluation)
{
    ExpectEvaluation(ReferenceModel(*m_network));
}

TEST_P(Parity, PackedModelMatchesEvaluation)
{
    ExpectEvaluation(PackedModel(*m_network));
}

TEST_P(Parity, TrainingMatchesLossAndLogits)
{
    JointNetwork joint(*m_network);
    const JointInput input = Batch();
    joint.Forward(input, BatchNorm::DECAY);
    EXPECT_NEAR(joint.Loss(input, 0).loss, Get<double>("train/loss")[0], 1e-5);
    const std::string names[] = {"local", "cloud"};
    for (int exit = 0; exit < 2; ++exit)
    {
        const auto& expected = Get<double>("train/" + names[exit] + "_logits");
        const auto& actual = joint.ExitScores(exit).values;
        ASSERT_EQ(actual.size(), expected.size());
        for (std::size_t i = 0; i < actual.size(); ++i)
        {
            EXPECT_NEAR(actual[i], expected[i], 1e-5);
        }
    }
}

TEST_P(Parity, EveryGradientMatches)
{
    JointNetwork joint(*m_network);
    const JointInput input = Batch();
    joint.Forward(input, BatchNorm::DECAY);
    joint.Backward(input, 0);
    int compared = 0;
    for (const Parameter& gradient : Parameters(joint.Gradients()))
    {
        if (gradient.kind != ParameterKind::TRAINED)
        {
            continue;
        }
        const auto& expected = Get<float>("train/gradient/" + gradient.name);
        ASSERT_EQ(gradient.values->size(), expected.size());
        float largest = 0;
        for (float value : expected)
        {
            largest = std::max(largest, std::abs(value));
        }
        // relative to the largest of the array, as a sum that cancels to about zero has no digits
        const float tolerance = std::max(1e-4F * largest, 1e-7F);
        for (std::size_t i = 0; i < expected.size(); ++i)
        {
            EXPECT_NEAR((*gradient.values)[i], expected[i], tolerance) << gradient.name << " " << i;
        }
        ++compared;
    }
    EXPECT_GE(compared, 6 * 6 + 9);
}

INSTANTIATE_TEST_SUITE_P(
    Fixtures,
    Parity,
    testing::Values(Fixture{"parity-mp-cc.npz", Aggregation::MP, Aggregation::CC, 4},
                    Fixture{"parity-cc-ap-two-failed.npz", Aggregation::CC, Aggregation::AP, 2}));

} // namespace
} // namespace ddnn
