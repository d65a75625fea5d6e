// SPDX-License-Identifier: GPL-2.0-only
#include "trainer.h"

#include "adam.h"
#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/inference/packed-model.h"
#include "failout.h"
#include "joint-network.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <stdexcept>

namespace ddnn
{

namespace
{

/// Samples that batch norm's statistics are re-estimated on at a time.
constexpr std::size_t STATISTICS_BATCH = 256;

/// Fewer of them where their views would have more values than this.
constexpr std::size_t STATISTICS_VALUES = 1U << 25;

using Samples = std::vector<std::size_t>;

/// A number in [0, n). Not std::uniform_int_distribution, which depends on the standard library.
std::size_t
Draw(std::mt19937_64& generator, std::size_t n)
{
    return generator() % n;
}

void
Shuffle(Samples& samples, std::mt19937_64& generator)
{
    for (std::size_t i = samples.size(); i > 1; --i)
    {
        std::swap(samples[i - 1], samples[Draw(generator, i)]);
    }
}

void
Check(const TrainSettings& settings)
{
    auto require = [](bool condition, const std::string& what) {
        if (!condition)
        {
            throw std::runtime_error("training: " + what);
        }
    };
    require(settings.epochs >= 1, "epochs must be at least 1");
    require(settings.batch >= 2, "batch must be at least 2: batch norm needs a variance");
    require(settings.learningRate > 0 && settings.learningRate <= 1,
            "the learning rate must be above 0 and at most 1");
    require(settings.deviceExitWeight >= 0 && settings.deviceExitWeight <= 1e6,
            "the device exits' weight must be 0 to 1e6");
    require(settings.failout >= 0 && settings.failout <= 0.99, "failout must be 0 to 0.99");
    require(settings.edgeFailout >= 0 && settings.edgeFailout <= 0.99,
            "edgeFailout must be 0 to 0.99");
    require(settings.validation >= 0 && settings.validation <= 0.5,
            "the validation part must be 0 to 0.5");
}

/// Moves a fraction of each class from `samples` to the result.
Samples
TakeValidation(const Dataset& dataset,
               Samples& samples,
               double fraction,
               std::mt19937_64& generator)
{
    std::vector<Samples> byClass(dataset.numClasses);
    for (std::size_t sample : samples)
    {
        byClass[dataset.labels[sample]].push_back(sample);
    }
    Samples validation;
    samples.clear();
    for (Samples& members : byClass)
    {
        Shuffle(members, generator);
        const auto kept = members.begin() + static_cast<std::ptrdiff_t>(fraction * members.size());
        validation.insert(validation.end(), members.begin(), kept);
        samples.insert(samples.end(), kept, members.end());
    }
    std::sort(validation.begin(), validation.end());
    std::sort(samples.begin(), samples.end());
    return validation;
}

/// Everything present.
JointInput
Gather(const Dataset& dataset, const std::size_t* begin, const std::size_t* end)
{
    const int samples = static_cast<int>(end - begin);
    JointInput input;
    for (const Shape& shape : dataset.shapes)
    {
        input.views.emplace_back(samples, shape.Size());
    }
    for (int i = 0; i < samples; ++i)
    {
        input.labels.push_back(dataset.labels[begin[i]]);
        for (int device = 0; device < dataset.numDevices; ++device)
        {
            Batch& views = input.views[device];
            std::copy_n(dataset.View(begin[i], device), views.width, views.Sample(i));
            input.inView.push_back(dataset.inView[begin[i] * dataset.numDevices + device]);
        }
    }
    return input;
}

/// One pass over the samples in batches of nearly equal size.
EpochReport
RunEpoch(JointNetwork& joint,
         Adam& adam,
         Network& network,
         const Dataset& dataset,
         const Samples& order,
         const TrainSettings& settings,
         int epoch,
         std::mt19937_64& generator)
{
    const std::size_t batches =
        std::max<std::size_t>((order.size() + settings.batch / 2) / settings.batch, 1);
    EpochReport report;
    report.epoch = epoch;
    report.accuracy.assign(network.sections.size(), 0);
    const auto parameters = Parameters(network);
    const auto gradients = Parameters(joint.Gradients());
    for (std::size_t b = 0; b < batches; ++b)
    {
        JointInput input = Gather(dataset,
                                  order.data() + order.size() * b / batches,
                                  order.data() + order.size() * (b + 1) / batches);
        DropNodes(network.hierarchy, settings.failout, settings.edgeFailout, generator, input);
        joint.Forward(input, BatchNorm::DECAY);
        const JointLoss loss = joint.Backward(input, settings.deviceExitWeight);
        const double progress = (epoch - 1 + static_cast<double>(b) / batches) / settings.epochs;
        const bool linear = settings.decay == LearningRateDecay::LINEAR;
        adam.Step(parameters, gradients, settings.learningRate * (linear ? 1 - progress : 1));
        report.loss += loss.loss * input.labels.size() / order.size();
        for (std::size_t exit = 0; exit < report.accuracy.size(); ++exit)
        {
            report.accuracy[exit] += static_cast<double>(loss.correct[exit]) / order.size();
        }
    }
    return report;
}

/// Accuracy of every exit on samples, with the samples' own statistics, as the running ones are
/// stale during training.
std::vector<double>
Accuracies(JointNetwork& joint, const JointInput& input)
{
    constexpr float KEEP = 1;
    joint.Forward(input, KEEP);
    std::vector<double> accuracies;
    for (std::size_t correct : joint.Loss(input, 0).correct)
    {
        accuracies.push_back(static_cast<double>(correct) / input.labels.size());
    }
    return accuracies;
}

/// Replaces the running statistics by the mean of those of large batches: with binary weights they
/// go stale when signs flip.
void
ReestimateStatistics(Network& network, const Dataset& dataset, const Samples& samples)
{
    JointNetwork joint(network);
    const std::size_t fitting = STATISTICS_VALUES / dataset.SampleSize();
    const std::size_t batch = std::clamp<std::size_t>(fitting, 2, STATISTICS_BATCH);
    const std::size_t batches = std::max<std::size_t>(samples.size() / batch, 1);
    for (std::size_t b = 0; b < batches; ++b)
    {
        const auto decay = static_cast<float>(static_cast<double>(b) / (b + 1));
        joint.Forward(Gather(dataset,
                             samples.data() + samples.size() * b / batches,
                             samples.data() + samples.size() * (b + 1) / batches),
                      decay);
    }
}

void
SetThresholds(Network& network,
              const Dataset& dataset,
              const Samples& validation,
              const ThresholdGoal& goal)
{
    if (validation.empty())
    {
        return;
    }
    const auto thresholds = SearchThresholds(Classify(PackedModel(network), dataset, validation),
                                             network.hierarchy,
                                             goal);
    for (std::size_t exit = 0; exit < thresholds.size(); ++exit)
    {
        network.hierarchy.tiers[exit].threshold = thresholds[exit];
    }
}

} // namespace

Network
Train(const Hierarchy& hierarchy,
      const Dataset& dataset,
      const TrainSettings& settings,
      const EpochCallback& callback)
{
    Check(settings);
    CheckFit(hierarchy, dataset);
    CheckGoal(hierarchy, settings.goal);
    std::mt19937_64 generator(settings.seed);
    Network network(hierarchy);
    Initialise(network, generator);
    Samples samples = Indices(dataset, Split::TRAIN);
    const Samples all = samples;
    const Samples validation = TakeValidation(dataset, samples, settings.validation, generator);
    if (samples.size() < 2)
    {
        throw std::runtime_error("training: the data set has no more than one training sample");
    }
    if (validation.empty() &&
        (settings.goal.minLocalExit > 0 || std::isfinite(settings.goal.maxBytes)))
    {
        throw std::runtime_error("training: a goal for the thresholds needs a validation part, "
                                 "make it larger");
    }
    const JointInput validationInput =
        Gather(dataset, validation.data(), validation.data() + validation.size());
    JointNetwork joint(network);
    Adam adam;
    std::optional<Network> best;
    double bestAccuracy = -1;
    bool finished = true;
    for (int epoch = 1; finished && epoch <= settings.epochs; ++epoch)
    {
        Shuffle(samples, generator);
        EpochReport report =
            RunEpoch(joint, adam, network, dataset, samples, settings, epoch, generator);
        if (!validation.empty())
        {
            report.validation = Accuracies(joint, validationInput);
        }
        const auto& judged = validation.empty() ? report.accuracy : report.validation;
        const double accuracy = std::accumulate(judged.begin(), judged.end(), 0.0);
        if (accuracy >= bestAccuracy)
        {
            best = network;
            bestAccuracy = accuracy;
        }
        finished = !callback || callback(report);
    }
    Network& result = finished ? network : *best;
    ReestimateStatistics(result, dataset, all);
    SetThresholds(result, dataset, validation, settings.goal);
    return result;
}

} // namespace ddnn
