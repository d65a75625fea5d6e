// SPDX-License-Identifier: GPL-2.0-only
#include "evaluation.h"

#include "contrib-ddnn/inference/exit.h"

#include <boost/math/distributions/binomial.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

namespace ddnn
{

namespace
{

void
CheckEqual(const std::string& what, const std::string& model, const std::string& dataset)
{
    if (model != dataset)
    {
        throw std::runtime_error("the model does not fit the data set: " + what + " is " + model +
                                 " in the model and " + dataset +
                                 " in the data set; use a model or a hierarchy made for such data");
    }
}

std::vector<const uint8_t*>
PresentViews(const Dataset& dataset, std::size_t sample, const std::vector<int>& failed)
{
    std::vector<const uint8_t*> views(dataset.numDevices);
    for (int device = 0; device < dataset.numDevices; ++device)
    {
        views[device] = dataset.View(sample, device);
    }
    for (int device : failed)
    {
        views[device] = nullptr;
    }
    return views;
}

void
CheckFailed(const std::vector<int>& failed, int numDevices)
{
    std::vector<bool> absent(numDevices, false);
    for (int device : failed)
    {
        if (device < 0 || device >= numDevices)
        {
            throw std::runtime_error("failed device " + std::to_string(device) +
                                     " does not exist: devices are numbered from 0 to " +
                                     std::to_string(numDevices - 1));
        }
        absent[device] = true;
    }
    if (std::all_of(absent.begin(), absent.end(), [](bool a) {
            return a;
        }))
    {
        throw std::runtime_error("all " + std::to_string(numDevices) +
                                 " devices failed: at least one must remain");
    }
}

void
CheckNotEmpty(std::size_t samples)
{
    if (samples == 0)
    {
        throw std::runtime_error("no samples to evaluate: choose a split that has some");
    }
}

/// The exits' shares and the recalls of Evaluate.
void
CountExits(const std::vector<SampleResult>& results,
           const std::vector<double>& thresholds,
           Evaluation& evaluation)
{
    for (const SampleResult& result : results)
    {
        const int exit = ChooseExit(result.exits, thresholds);
        const bool correct = result.exits[exit].label == result.label;
        evaluation.exitFraction[exit] += 1;
        evaluation.overall += correct;
        Recall& recall = evaluation.recall.at(result.label);
        recall.total += 1;
        recall.correct += correct;
    }
}

void
Divide(std::vector<double>& counts, double total)
{
    for (double& count : counts)
    {
        count /= total;
    }
}

using ClassCounts = std::vector<std::size_t>;

int
MostFrequent(const ClassCounts& counts)
{
    return static_cast<int>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

ClassCounts
CountLabels(const Dataset& dataset, const std::vector<std::size_t>& samples)
{
    ClassCounts counts(dataset.numClasses, 0);
    for (std::size_t sample : samples)
    {
        counts[dataset.labels[sample]] += 1;
    }
    return counts;
}

/// Which devices see the object of a sample.
std::vector<uint8_t>
PresenceMask(const Dataset& dataset, std::size_t sample)
{
    const auto first = dataset.inView.begin() + sample * dataset.numDevices;
    return {first, first + dataset.numDevices};
}

std::vector<std::size_t>
TrainingSamples(const Dataset& dataset)
{
    std::vector<std::size_t> training = Indices(dataset, Split::TRAIN);
    if (training.empty())
    {
        throw std::runtime_error("the data set has no training samples: the baselines need them");
    }
    return training;
}

/// Accuracy on `samples` of a function from a sample to a class.
template <typename Answer>
double
FractionCorrect(const Dataset& dataset,
                const std::vector<std::size_t>& samples,
                const Answer& answer)
{
    CheckNotEmpty(samples.size());
    const auto correct = std::count_if(samples.begin(), samples.end(), [&](std::size_t sample) {
        return answer(sample) == dataset.labels[sample];
    });
    return static_cast<double>(correct) / static_cast<double>(samples.size());
}

} // namespace

void
CheckFit(const Hierarchy& hierarchy, const Dataset& dataset)
{
    CheckEqual("the number of devices",
               std::to_string(hierarchy.tiers.at(0).numNodes),
               std::to_string(dataset.numDevices));
    CheckEqual("the number of classes",
               std::to_string(hierarchy.numClasses),
               std::to_string(dataset.numClasses));
    for (int device = 0; device < dataset.numDevices; ++device)
    {
        CheckEqual("the shape of a view of device " + std::to_string(device),
                   ToString(ViewShape(hierarchy, device)),
                   ToString(dataset.shapes[device]));
    }
}

std::vector<SampleResult>
Classify(const Model& model,
         const Dataset& dataset,
         const std::vector<std::size_t>& samples,
         const std::vector<int>& failed)
{
    CheckFit(model.GetHierarchy(), dataset);
    CheckFailed(failed, dataset.numDevices);
    std::vector<SampleResult> results;
    results.reserve(samples.size());
    for (std::size_t sample : samples)
    {
        const auto views = PresentViews(dataset, sample, failed);
        SampleResult result;
        result.sample = sample;
        result.label = dataset.labels[sample];
        result.exits = model.Infer(views);
        result.deviceLabels.assign(dataset.numDevices, -1);
        for (int device = 0; device < dataset.numDevices; ++device)
        {
            if (views[device])
            {
                result.deviceLabels[device] =
                    MakeVerdict(model.RunDevice(device, views[device]).scores).label;
            }
        }
        results.push_back(std::move(result));
    }
    return results;
}

Evaluation
Evaluate(const std::vector<SampleResult>& results,
         int numClasses,
         const std::vector<double>& thresholds)
{
    CheckNotEmpty(results.size());
    Evaluation evaluation;
    evaluation.samples = results.size();
    evaluation.exitAccuracy.assign(results[0].exits.size(), 0);
    evaluation.exitFraction.assign(results[0].exits.size(), 0);
    evaluation.deviceAccuracy.assign(results[0].deviceLabels.size(), 0);
    evaluation.recall.resize(numClasses);
    for (const SampleResult& result : results)
    {
        for (std::size_t exit = 0; exit < result.exits.size(); ++exit)
        {
            evaluation.exitAccuracy[exit] += result.exits[exit].label == result.label;
        }
        for (std::size_t device = 0; device < result.deviceLabels.size(); ++device)
        {
            evaluation.deviceAccuracy[device] += result.deviceLabels[device] == result.label;
        }
    }
    CountExits(results, thresholds, evaluation);
    const auto total = static_cast<double>(results.size());
    Divide(evaluation.exitAccuracy, total);
    Divide(evaluation.exitFraction, total);
    Divide(evaluation.deviceAccuracy, total);
    evaluation.overall /= total;
    return evaluation;
}

double
MajorityBaseline(const Dataset& dataset, const std::vector<std::size_t>& samples)
{
    const int majority = MostFrequent(CountLabels(dataset, TrainingSamples(dataset)));
    return FractionCorrect(dataset, samples, [&](std::size_t) {
        return majority;
    });
}

double
PresenceBaseline(const Dataset& dataset, const std::vector<std::size_t>& samples)
{
    const std::vector<std::size_t> training = TrainingSamples(dataset);
    const int majority = MostFrequent(CountLabels(dataset, training));
    std::map<std::vector<uint8_t>, ClassCounts> table;
    for (std::size_t sample : training)
    {
        ClassCounts& counts = table[PresenceMask(dataset, sample)];
        counts.resize(dataset.numClasses, 0);
        counts[dataset.labels[sample]] += 1;
    }
    return FractionCorrect(dataset, samples, [&](std::size_t sample) {
        // a mask that training never saw says nothing
        const auto entry = table.find(PresenceMask(dataset, sample));
        return entry == table.end() ? majority : MostFrequent(entry->second);
    });
}

Interval
ConfidenceInterval(std::size_t successes, std::size_t trials, double confidence)
{
    if (successes > trials)
    {
        throw std::invalid_argument("ConfidenceInterval: more successes than trials");
    }
    if (trials == 0)
    {
        return {};
    }
    using Binomial = boost::math::binomial_distribution<double>;
    const auto n = static_cast<double>(trials);
    const auto k = static_cast<double>(successes);
    const double tail = (1 - confidence) / 2;
    return {Binomial::find_lower_bound_on_p(n, k, tail),
            Binomial::find_upper_bound_on_p(n, k, tail)};
}

} // namespace ddnn
