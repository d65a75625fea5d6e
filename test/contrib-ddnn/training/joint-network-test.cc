// SPDX-License-Identifier: GPL-2.0-only
// Training of any hierarchy: its forward pass against inference, its gradient against finite
// differences. parity-test.cc has the binary network against another implementation.
#include "contrib-ddnn/training/joint-network.h"

#include "contrib-ddnn/inference/reference-model.h"
#include "contrib-ddnn/training/failout.h"
#include "test/support/random-network.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace ddnn
{
namespace
{

constexpr int SAMPLES = 10;

test::RandomSpace
SmallFloatSpace()
{
    test::RandomSpace space;
    space.kinds = {BlockKind::CONVP, BlockKind::FC};
    space.precisions = {Precision::FLOAT};
    space.sameNodes = false;
    space.maxFilters = 3;
    space.maxExtent = 5;
    space.maxOtherBlocks = 1;
    return space;
}

/// Weights and batch norms such that some activations, not most, are clipped.
Network
FloatNetwork(const Hierarchy& hierarchy, std::mt19937_64& generator)
{
    Network network(hierarchy);
    Initialise(network, generator);
    for (const Parameter& parameter : Parameters(network))
    {
        const bool gamma = parameter.name.find("gamma") != std::string::npos;
        const bool beta = parameter.name.find("beta") != std::string::npos;
        for (float& value : *parameter.values)
        {
            if (gamma || beta)
            {
                value = test::RandomFloat(generator, gamma ? 0.3F : -0.3F, gamma ? 0.9F : 0.3F);
                value *= gamma && test::OneIn(generator, 3) ? -1.0F : 1.0F;
            }
        }
    }
    return network;
}

JointInput
RandomInput(const Hierarchy& hierarchy, std::mt19937_64& generator)
{
    JointInput input;
    for (int device = 0; device < hierarchy.tiers[0].numNodes; ++device)
    {
        input.views.emplace_back(SAMPLES, ViewShape(hierarchy, device).Size());
        for (float& value : input.views.back().values)
        {
            value = static_cast<float>(test::RandomInt(generator, 0, 255));
        }
    }
    for (int i = 0; i < SAMPLES; ++i)
    {
        input.labels.push_back(test::RandomInt(generator, 0, hierarchy.numClasses - 1));
        for (int device = 0; device < hierarchy.tiers[0].numNodes; ++device)
        {
            input.inView.push_back(test::OneIn(generator, 4) ? 0 : 1);
        }
    }
    DropNodes(hierarchy, 0.3, 0.3, generator, input);
    return input;
}

/// The verdicts of one sample, with the nodes missing that are dropped in it.
std::vector<Verdict>
InferWithDropped(const Model& model, const JointInput& input, int sample)
{
    const Hierarchy& hierarchy = model.GetHierarchy();
    std::vector<Verdict> verdicts;
    std::vector<Features> features;
    for (int tier = 0; tier < static_cast<int>(hierarchy.tiers.size()); ++tier)
    {
        const int nodes = hierarchy.tiers[tier].numNodes;
        std::vector<NodeOutput> outputs(nodes);
        for (int node = 0; node < nodes; ++node)
        {
            std::vector<Features> children;
            for (int child : Children(hierarchy, tier, node))
            {
                children.push_back(features[child]);
            }
            const bool any =
                tier == 0 || std::any_of(children.begin(), children.end(), [](const Features& f) {
                    return !f.empty();
                });
            const auto& mask = input.present[tier];
            if (!any || (!mask.empty() && !mask[sample * nodes + node]))
            {
                continue;
            }
            const float* view = tier == 0 ? input.views[node].Sample(sample) : nullptr;
            outputs[node] =
                tier == 0 ? model.RunDevice(
                                node,
                                std::vector<uint8_t>(view, view + input.views[node].width).data())
                          : model.RunNode(tier, node, children);
        }
        std::vector<Scores> scores;
        features.clear();
        for (NodeOutput& output : outputs)
        {
            scores.push_back(output.scores);
            features.push_back(output.features);
        }
        verdicts.push_back(model.CloseExit(tier, scores));
    }
    return verdicts;
}

/// With the batch's own statistics, training and inference compute the same.
TEST(JointNetwork, ForwardMatchesInferenceOfAnyFloatHierarchy)
{
    for (uint64_t seed = 0; seed < 100; ++seed)
    {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 generator(seed);
        const Hierarchy hierarchy = test::RandomHierarchy(generator, SmallFloatSpace());
        Network network = FloatNetwork(hierarchy, generator);
        const JointInput input = RandomInput(hierarchy, generator);
        JointNetwork joint(network);
        constexpr float REPLACE = 0;
        joint.Forward(input, REPLACE);
        const ReferenceModel model(network);
        for (int i = 0; i < SAMPLES; ++i)
        {
            const auto verdicts = InferWithDropped(model, input, i);
            for (std::size_t tier = 0; tier < verdicts.size(); ++tier)
            {
                for (int c = 0; c < hierarchy.numClasses; ++c)
                {
                    ASSERT_NEAR(joint.ExitScores(tier).Sample(i)[c], verdicts[tier].scores[c], 2e-3)
                        << "sample " << i << " tier " << tier;
                }
            }
        }
    }
}

/// The slopes of the joint loss in a value, below it and above it.
struct Slopes
{
    double below;
    double above;
};

Slopes
SlopesIn(float& value, const std::function<double()>& loss)
{
    constexpr float STEP = 3e-4F;
    const float before = value;
    const double here = loss();
    value = before + STEP;
    const double above = loss();
    value = before - STEP;
    const double below = loss();
    value = before;
    return {(here - below) / STEP, (above - here) / STEP};
}

/// How many of the values that were looked at have a gradient that is not between their slopes.
struct Comparison
{
    int values{0};
    int wrong{0};
    int apart{0}; ///< slopes that differ from each other
};

void
CompareGradient(uint64_t seed, Comparison& comparison)
{
    constexpr float KEEP = 1;
    constexpr std::size_t VALUES_OF_EACH = 6;
    std::mt19937_64 generator(seed);
    const Hierarchy hierarchy = test::RandomHierarchy(generator, SmallFloatSpace());
    Network network = FloatNetwork(hierarchy, generator);
    const JointInput input = RandomInput(hierarchy, generator);
    const double deviceExitWeight = test::OneIn(generator, 2) ? 0.7 : 0;
    JointNetwork joint(network);
    joint.Forward(input, KEEP);
    joint.Backward(input, deviceExitWeight);
    const auto parameters = Parameters(network);
    const auto gradients = Parameters(joint.Gradients());
    for (std::size_t p = 0; p < parameters.size(); ++p)
    {
        const std::size_t size =
            parameters[p].kind == ParameterKind::TRAINED ? parameters[p].values->size() : 0;
        for (std::size_t i = 0; i < size; i += 1 + size / VALUES_OF_EACH)
        {
            const Slopes slopes = SlopesIn((*parameters[p].values)[i], [&] {
                joint.Forward(input, KEEP);
                return joint.Loss(input, deviceExitWeight).loss;
            });
            const double gradient = (*gradients[p].values)[i];
            const double tolerance = 3e-3 + 0.01 * std::abs(gradient);
            const auto [low, high] = std::minmax(slopes.below, slopes.above);
            ++comparison.values;
            comparison.wrong += gradient < low - tolerance || gradient > high + tolerance;
            comparison.apart += high - low > 2 * tolerance;
        }
    }
}

/// The two slopes are the same but where a kink is near: another value may win a maximum, or be
/// clipped. The gradient lies between them unless there are kinks on both sides, which is rare.
TEST(JointNetwork, GradientMatchesFiniteDifferences)
{
    const int threads = omp_get_max_threads();
    omp_set_num_threads(1); // for networks as small as these, threads cost more than they save
    Comparison comparison;
    for (uint64_t seed = 0; seed < 60; ++seed)
    {
        CompareGradient(seed, comparison);
    }
    omp_set_num_threads(threads);
    EXPECT_GT(comparison.values, 3000);
    EXPECT_LE(comparison.wrong, comparison.values / 1000);
    EXPECT_LT(comparison.apart, comparison.values / 20);
}

} // namespace
} // namespace ddnn
