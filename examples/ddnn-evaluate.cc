// SPDX-License-Identifier: GPL-2.0-only
// What a trained DDNN says of a data set, without a network of nodes:
// ./ddnn evaluate --model=model.npz --dataset=synthetic
#include "common.h"
#include "evaluation-csv.h"
#include "models.h"
#include "output.h"

#include "contrib-ddnn/data/atomic-file.h"
#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/inference/packed-model.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <stdexcept>

using namespace ddnn;
using namespace ddnn::examples;

namespace
{

/// All that the command line says.
struct Settings
{
    InputOptions input;
    PresetSettings foreign;
    std::string model;
    Split split{Split::TEST};
    std::vector<double> thresholds{0.8};
    std::vector<int> failed;
    std::string csv;
    std::string allFailures;
};

void
Register(Options& options, Settings& settings)
{
    options.AddString("model", "checkpoint", settings.model);
    AddInputOptions(options, settings.input, "abcdef");
    options.AddChoice<Split>("split",
                             "samples",
                             settings.split,
                             {{"train", Split::TRAIN}, {"test", Split::TEST}, {"all", Split::ALL}});
    options.AddDoubles("threshold",
                       "of the local exit, and of those above; by default the checkpoint's",
                       settings.thresholds,
                       0,
                       1);
    options.AddInts("failed",
                    "devices that are absent, from 0",
                    settings.failed,
                    0,
                    MAX_DEVICES - 1);
    options.AddString("csv", "file for one row per sample", settings.csv);
    options.AddString("allFailures",
                      "file for one row per set of failed devices, all sets that leave one",
                      settings.allFailures);
    AddNetworkOptions(options, settings.foreign);
}

std::vector<std::size_t>
Samples(const Dataset& dataset, Split split)
{
    std::vector<std::size_t> samples = Indices(dataset, split);
    if (samples.empty())
    {
        throw std::runtime_error("--split: the data set has no such samples, choose another");
    }
    return samples;
}

void
PrintAccuracy(const std::string& name, double accuracy, std::size_t samples)
{
    const auto correct = static_cast<std::size_t>(std::llround(accuracy * samples));
    const Interval interval = ConfidenceInterval(correct, samples);
    std::cout << Left(name, 17) << Right(Percent(accuracy), 8) << "   "
              << Right(Percent(interval.low), 7) << " .. " << Right(Percent(interval.high), 7);
}

void
PrintExits(const Evaluation& evaluation, const std::vector<std::string>& exits)
{
    std::cout << "\nexit             accuracy   95% interval         exits here\n";
    for (std::size_t exit = 0; exit < exits.size(); ++exit)
    {
        PrintAccuracy(exits[exit], evaluation.exitAccuracy[exit], evaluation.samples);
        std::cout << Right(Percent(evaluation.exitFraction[exit]), 12) << "\n";
    }
    PrintAccuracy("overall", evaluation.overall, evaluation.samples);
    std::cout << "\n";
}

void
PrintDevices(const Evaluation& evaluation, const std::vector<int>& failed)
{
    std::cout << "\nindividual       accuracy   95% interval\n";
    for (std::size_t device = 0; device < evaluation.deviceAccuracy.size(); ++device)
    {
        const std::string name = "device " + std::to_string(device);
        if (std::count(failed.begin(), failed.end(), static_cast<int>(device)) > 0)
        {
            std::cout << Left(name, 17) << Right("failed", 8);
        }
        else
        {
            PrintAccuracy(name, evaluation.deviceAccuracy[device], evaluation.samples);
        }
        std::cout << "\n";
    }
}

void
PrintClasses(const Evaluation& evaluation)
{
    std::cout << "\nclass              recall   samples\n";
    for (std::size_t c = 0; c < evaluation.recall.size(); ++c)
    {
        const Recall& recall = evaluation.recall[c];
        const std::string fraction =
            recall.total == 0 ? "-" : Percent(static_cast<double>(recall.correct) / recall.total);
        std::cout << Left("class " + std::to_string(c), 17) << Right(fraction, 8)
                  << Right(std::to_string(recall.total), 10) << "\n";
    }
}

void
PrintBaselines(const Dataset& dataset, const std::vector<std::size_t>& samples)
{
    const bool known = !Indices(dataset, Split::TRAIN).empty();
    const auto text = [&](double (*baseline)(const Dataset&, const std::vector<std::size_t>&)) {
        return Right(known ? Percent(baseline(dataset, samples)) : "-", 8);
    };
    std::cout << "\nbaseline         accuracy\n"
              << "majority class   " << text(MajorityBaseline) << "\n"
              << "presence lookup  " << text(PresenceBaseline) << "\n";
}

/// The checkpoint's thresholds, the first ones replaced by those that were given.
std::vector<double>
ChosenThresholds(const Hierarchy& hierarchy, bool given, const std::vector<double>& first)
{
    std::vector<double> thresholds = Thresholds(hierarchy);
    if (given && first.size() > thresholds.size())
    {
        throw std::runtime_error("--threshold: the model takes " +
                                 Plural(thresholds.size(), "threshold") +
                                 ", as its last exit has none; give no more");
    }
    if (given)
    {
        std::copy(first.begin(), first.end(), thresholds.begin());
    }
    return thresholds;
}

std::string
ThresholdText(const std::vector<double>& thresholds)
{
    std::string text = thresholds.empty()       ? "no threshold"
                       : thresholds.size() == 1 ? "threshold "
                                                : "thresholds ";
    for (std::size_t exit = 0; exit < thresholds.size(); ++exit)
    {
        text += (exit > 0 ? ", " : "") + Fixed(thresholds[exit], 2);
    }
    return text;
}

int
EvaluateModel(const Settings& settings, const Options& options)
{
    if (settings.model.empty())
    {
        throw std::runtime_error("--model is missing: give a checkpoint, see ./ddnn train");
    }
    const Dataset dataset = LoadInput(settings.input);
    const std::vector<std::size_t> samples = Samples(dataset, settings.split);
    const Network network =
        LoadModel(settings.model, options, settings.input, settings.foreign, dataset);
    const Hierarchy& hierarchy = network.hierarchy;
    const std::vector<double> thresholds =
        ChosenThresholds(hierarchy, options.IsSet("threshold"), settings.thresholds);
    const PackedModel model(network);
    if (!settings.allFailures.empty())
    {
        WriteFileAtomically(settings.allFailures, FailuresCsv(model, dataset, samples, thresholds));
    }
    const auto results = Classify(model, dataset, samples, settings.failed);
    const Evaluation evaluation = Evaluate(results, dataset.numClasses, thresholds);
    if (!settings.csv.empty())
    {
        WriteFileAtomically(settings.csv, SamplesCsv(results, ExitNames(hierarchy), thresholds));
    }
    std::cout << settings.model << " on " << settings.input.dataset << ": "
              << Plural(samples.size(), "sample") << ", " << Plural(dataset.numDevices, "device")
              << ", " << dataset.numClasses << " classes, " << ThresholdText(thresholds) << "\n";
    PrintExits(evaluation, ExitNames(hierarchy));
    PrintDevices(evaluation, settings.failed);
    PrintClasses(evaluation);
    PrintBaselines(dataset, samples);
    std::cout << "\n"
              << Percent(evaluation.exitFraction[0]) << " exit locally, so that a device sends "
              << Fixed(CommunicationCost(hierarchy, evaluation.exitFraction[0]), 2)
              << " bytes per sample (Eq. 1); raw offload " << RawBytes(hierarchy, 0) << "\n";
    return 0;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunMain("ddnn-evaluate", [&] {
        Settings settings;
        Options options("ddnn-evaluate",
                        "Prints what a trained DDNN says of a data set. A checkpoint written "
                        "elsewhere, without a description\nof its network, is described by "
                        "--aggregation, --filters and the like.");
        Register(options, settings);
        options.Parse(argc, argv);
        CheckInputOptions(options, settings.input);
        return EvaluateModel(settings, options);
    });
}
