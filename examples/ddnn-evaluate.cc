// SPDX-License-Identifier: GPL-2.0-only
// What a trained DDNN says of a data set, without a network of nodes:
// ./ddnn evaluate --model=model.npz --dataset=synthetic
#include "cli/input.h"
#include "cli/models.h"
#include "cli/output.h"

#include "contrib-ddnn/data/atomic-file.h"
#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/inference/packed-model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>
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
    std::vector<double> thresholds;
    std::vector<int> failed;
    std::string csv;
    std::string allFailures;
};

void
AddOptions(CLI::App& app, Settings& settings)
{
    app.add_option("--model", settings.model, "checkpoint")->required();
    AddInputOptions(app, settings.input);
    AddSplit(app, settings.split);
    AddList(app, "--threshold", settings.thresholds, 1, "of the exits; else the checkpoint's");
    AddList(app, "--failed", settings.failed, MAX_DEVICES - 1, "devices that are absent, from 0");
    app.add_option("--csv", settings.csv, "file for one row per sample");
    app.add_option("--allFailures",
                   settings.allFailures,
                   "file for one row per set of failed devices, all sets that leave one");
    AddNetworkOptions(app, settings.foreign);
}

/// One row per sample, as the manual describes it.
std::string
SamplesCsv(const std::vector<SampleResult>& results,
           const std::vector<std::string>& exits,
           const std::vector<double>& thresholds)
{
    std::ostringstream csv;
    csv << "sample,label";
    for (const std::string& name : exits)
    {
        csv << "," << name << "_label," << name << "_entropy";
    }
    csv << ",exit,prediction\n";
    for (const SampleResult& result : results)
    {
        const int exit = ChooseExit(result.exits, thresholds);
        csv << result.sample << "," << result.label;
        for (const Verdict& verdict : result.exits)
        {
            csv << "," << verdict.label << "," << Fixed(verdict.uncertainty, 6);
        }
        csv << "," << exits[exit] << "," << result.exits[exit].label << "\n";
    }
    return csv.str();
}

/**
 * One row per set of failed devices that leaves at least one: the set, like 0-3, how many they are,
 * and the accuracy in percent of each exit and overall. The first row is that of the empty set.
 *
 * \throws std::runtime_error if there are more than 16 devices
 */
std::string
FailuresCsv(const Model& model,
            const Dataset& dataset,
            const std::vector<std::size_t>& samples,
            const std::vector<double>& thresholds)
{
    if (dataset.numDevices > 16)
    {
        throw std::runtime_error("--allFailures: there are too many sets of " +
                                 Plural(dataset.numDevices, "device") + ", more than 16");
    }
    std::ostringstream csv;
    csv << "failed,count," << CLI::detail::join(ExitNames(model.GetHierarchy()), ",")
        << ",overall\n";
    for (unsigned set = 0; set + 1 < 1U << dataset.numDevices; ++set)
    {
        std::vector<int> failed;
        for (int device = 0; device < dataset.numDevices; ++device)
        {
            if ((set >> device & 1) != 0)
            {
                failed.push_back(device);
            }
        }
        const Evaluation evaluation =
            Evaluate(Classify(model, dataset, samples, failed), dataset.numClasses, thresholds);
        csv << CLI::detail::join(failed, "-") << "," << failed.size();
        for (double accuracy : evaluation.exitAccuracy)
        {
            csv << "," << Fixed(100 * accuracy, 6);
        }
        csv << "," << Fixed(100 * evaluation.overall, 6) << "\n";
    }
    return csv.str();
}

/// \param more at the end of the line
void
PrintAccuracy(const std::string& name,
              double accuracy,
              std::size_t samples,
              const std::string& more)
{
    const auto correct = static_cast<std::size_t>(std::llround(accuracy * samples));
    const Interval interval = ConfidenceInterval(correct, samples);
    std::printf("%-17s%7.2f%%   %6.2f%% .. %6.2f%%%s\n",
                name.c_str(),
                100 * accuracy,
                100 * interval.low,
                100 * interval.high,
                more.c_str());
}

void
PrintAccuracies(const Evaluation& evaluation,
                const std::vector<std::string>& exits,
                const std::vector<int>& failed)
{
    std::printf("\nexit             accuracy   95%% interval         exits here\n");
    for (std::size_t exit = 0; exit < exits.size(); ++exit)
    {
        PrintAccuracy(exits[exit],
                      evaluation.exitAccuracy[exit],
                      evaluation.samples,
                      "     " + Percent(evaluation.exitFraction[exit]));
    }
    PrintAccuracy("overall", evaluation.overall, evaluation.samples, "");
    std::printf("\nindividual       accuracy   95%% interval\n");
    for (std::size_t device = 0; device < evaluation.deviceAccuracy.size(); ++device)
    {
        if (std::count(failed.begin(), failed.end(), static_cast<int>(device)) > 0)
        {
            std::printf("device %-10zu%8s\n", device, "failed");
        }
        else
        {
            PrintAccuracy("device " + std::to_string(device),
                          evaluation.deviceAccuracy[device],
                          evaluation.samples,
                          "");
        }
    }
    std::printf("\nclass              recall   samples\n");
    for (std::size_t c = 0; c < evaluation.recall.size(); ++c)
    {
        const auto [correct, total] = evaluation.recall[c];
        std::printf("class %-11zu%8s%10zu\n",
                    c,
                    total == 0 ? "-" : Percent(static_cast<double>(correct) / total).c_str(),
                    total);
    }
}

void
PrintBaselines(const Dataset& dataset, const std::vector<std::size_t>& samples)
{
    const bool known = !Indices(dataset, Split::TRAIN).empty();
    std::printf("\nbaseline         accuracy\nmajority class   %8s\npresence lookup  %8s\n",
                known ? Percent(MajorityBaseline(dataset, samples)).c_str() : "-",
                known ? Percent(PresenceBaseline(dataset, samples)).c_str() : "-");
}

int
EvaluateModel(const Settings& settings, const CLI::App& app)
{
    const Dataset dataset = LoadInput(settings.input);
    const std::vector<std::size_t> samples = Indices(dataset, settings.split);
    if (samples.empty())
    {
        throw std::runtime_error("--split: " + settings.input.dataset + " has no such samples");
    }
    const Network network =
        LoadModel(settings.model, app, settings.input, settings.foreign, dataset);
    const Hierarchy& hierarchy = network.hierarchy;
    std::vector<double> thresholds = Thresholds(hierarchy);
    if (settings.thresholds.size() > thresholds.size())
    {
        throw std::runtime_error("--threshold: the model takes " +
                                 Plural(thresholds.size(), "threshold") +
                                 ", as its last exit has none");
    }
    std::copy(settings.thresholds.begin(), settings.thresholds.end(), thresholds.begin());
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
    std::printf("%s on %s: %s, %s, %d classes, %s\n",
                settings.model.c_str(),
                settings.input.dataset.c_str(),
                Plural(samples.size(), "sample").c_str(),
                Plural(dataset.numDevices, "device").c_str(),
                dataset.numClasses,
                ThresholdText(thresholds).c_str());
    PrintAccuracies(evaluation, ExitNames(hierarchy), settings.failed);
    PrintBaselines(dataset, samples);
    std::printf("\n%.2f%% exit locally, so that a device sends %.2f bytes per sample (Eq. 1); raw "
                "offload %d\n",
                100 * evaluation.exitFraction[0],
                Equation1(hierarchy, evaluation.exitFraction[0]),
                RawBytes(hierarchy, 0));
    return 0;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunMain("ddnn-evaluate",
                   "Prints what a trained DDNN says of a data set. A checkpoint written elsewhere, "
                   "without a description\nof its network, is described by --aggregation, "
                   "--filters and the like.",
                   [&](CLI::App& app) {
                       Settings settings;
                       AddOptions(app, settings);
                       app.parse(argc, argv);
                       CheckInputOptions(app, settings.input);
                       return EvaluateModel(settings, app);
                   });
}
