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
#include <iostream>
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
    AddNetworkOptions(app, settings.input);
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

using Rows = std::vector<std::vector<std::string>>;

/// An accuracy with its 95% confidence interval.
void
AddAccuracy(Rows& rows, const std::string& name, double accuracy, std::size_t samples)
{
    const auto correct = static_cast<std::size_t>(std::llround(accuracy * samples));
    const Interval interval = ConfidenceInterval(correct, samples);
    const std::string range = Percent(interval.low) + " .. " + Percent(interval.high);
    rows.push_back({name, Percent(accuracy), range});
}

void
PrintAccuracies(const Evaluation& evaluation,
                const std::vector<std::string>& exits,
                const std::vector<int>& failed)
{
    Rows rows{{"exit", "accuracy", "95% interval", "exits here"}};
    for (std::size_t exit = 0; exit < exits.size(); ++exit)
    {
        AddAccuracy(rows, exits[exit], evaluation.exitAccuracy[exit], evaluation.samples);
        rows.back().push_back(Percent(evaluation.exitFraction[exit]));
    }
    AddAccuracy(rows, "overall", evaluation.overall, evaluation.samples);
    rows.insert(rows.end(), {{}, {"individual", "accuracy", "95% interval"}});
    for (std::size_t device = 0; device < evaluation.deviceAccuracy.size(); ++device)
    {
        const std::string name = "device " + std::to_string(device);
        AddAccuracy(rows, name, evaluation.deviceAccuracy[device], evaluation.samples);
        if (std::count(failed.begin(), failed.end(), static_cast<int>(device)) > 0)
        {
            rows.back() = {name, "failed"};
        }
    }
    rows.insert(rows.end(), {{}, {"class", "recall", "samples"}});
    for (std::size_t c = 0; c < evaluation.recall.size(); ++c)
    {
        const auto [correct, total] = evaluation.recall[c];
        rows.push_back({"class " + std::to_string(c),
                        total == 0 ? "-" : Percent(static_cast<double>(correct) / total),
                        std::to_string(total)});
    }
    std::cout << "\n" << Table(rows, {0});
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
    const Network network = LoadModel(settings.model, app, settings.input, dataset);
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
    const bool known = !Indices(dataset, Split::TRAIN).empty(); // what the baselines learn from
    std::cout << settings.model << " on " << settings.input.dataset << ": "
              << Plural(samples.size(), "sample") << ", " << Plural(dataset.numDevices, "device")
              << ", " << dataset.numClasses << " classes, " << ThresholdText(thresholds) << "\n";
    PrintAccuracies(evaluation, ExitNames(hierarchy), settings.failed);
    std::cout
        << "\n"
        << Table({{"baseline", "accuracy"},
                  {"majority class", known ? Percent(MajorityBaseline(dataset, samples)) : "-"},
                  {"presence lookup", known ? Percent(PresenceBaseline(dataset, samples)) : "-"}},
                 {0})
        << "\n"
        << Percent(evaluation.exitFraction[0]) << " exit locally, so that a device sends "
        << Fixed(CommunicationCost(hierarchy, evaluation.exitFraction[0]), 2)
        << " bytes per sample (Eq. 1); raw offload " << RawBytes(hierarchy, 0) << "\n";
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
