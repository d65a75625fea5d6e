// SPDX-License-Identifier: GPL-2.0-only
// Trains the sections of a DDNN jointly and writes them to a file: ./ddnn train --output=model.npz
#include "cli/input.h"
#include "cli/models.h"
#include "cli/output.h"

#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/inference/packed-model.h"

#include <csignal>
#include <cstdio>
#include <iostream>
#include <omp.h>
#include <stdexcept>

using namespace ddnn;
using namespace ddnn::examples;

namespace
{

/// All that the command line says.
struct Settings
{
    InputOptions input;
    std::string output;
    int threads{0};
    bool individual{false};
    bool reuse{false};
    bool quiet{false};
};

volatile std::sig_atomic_t g_interrupted = 0;

/// The first Ctrl-C ends the training after the epoch, a second one the program.
void
StopAtInterrupt()
{
    struct sigaction action
    {
    };

    action.sa_handler = [](int) {
        g_interrupted = 1;
    };
    action.sa_flags = SA_RESETHAND;
    sigaction(SIGINT, &action, nullptr);
}

bool
IsInterrupted()
{
    return g_interrupted != 0;
}

void
AddOptions(CLI::App& app, Settings& settings)
{
    ThresholdGoal& goal = settings.input.training.goal;
    CLI::Option* output = app.add_option("--output", settings.output, "the trained network");
    AddInputOptions(app, settings.input);
    AddNetworkOptions(app, settings.input);
    AddTrainingOptions(app, settings.input);
    app.option_defaults()->group("Goals of the thresholds");
    AddNumber(app, "--targetLocalExit", goal.minLocalExit, 0, 1, "least fraction of local exits");
    AddNumber(app, "--byteBudget", goal.maxBytes, 1, 1e9, "most bytes per device and sample")
        ->excludes("--targetLocalExit");
    app.option_defaults()->group("Options");
    AddNumber(app, "--threads", settings.threads, 0, 1024, "threads; 0: one per processor");
    CLI::Option* individual =
        app.add_flag("--individual",
                     settings.individual,
                     "train each device's own network alone, and print its accuracy (Fig. 8)")
            ->excludes(output);
    app.add_flag("--reuse",
                 settings.reuse,
                 "take the network trained before with these settings, as ddnn-scenario does")
        ->excludes(individual);
    app.add_flag("--quiet", settings.quiet, "show no progress");
}

/// The accuracies that the trained network has on the test split.
void
PrintAccuracies(const Network& network, const Dataset& dataset)
{
    const std::vector<std::size_t> samples = Indices(dataset, Split::TEST);
    if (samples.empty())
    {
        std::cout << "No test samples in the data set\n";
        return;
    }
    const std::vector<double> thresholds = Thresholds(network.hierarchy);
    const Evaluation evaluation =
        Evaluate(Classify(PackedModel(network), dataset, samples), dataset.numClasses, thresholds);
    std::cout << "Accuracy on " << Plural(samples.size(), "test sample") << ":";
    const std::vector<std::string> exits = ExitNames(network.hierarchy);
    for (std::size_t exit = 0; exit < exits.size(); ++exit)
    {
        std::cout << " " << exits[exit] << " " << Percent(evaluation.exitAccuracy[exit]) << ",";
    }
    std::cout << " overall " << Percent(evaluation.overall) << "\n";
    std::cout << "With " << ThresholdText(thresholds) << ", " << Percent(evaluation.exitFraction[0])
              << " exit locally and a device sends "
              << Fixed(CommunicationCost(network.hierarchy, evaluation.exitFraction[0]), 2)
              << " bytes per sample (Eq. 1)\n";
}

int
TrainJointly(const Settings& settings, const Dataset& dataset)
{
    CheckWritable(settings.output);
    const Hierarchy hierarchy = MakeHierarchy(settings.input, dataset);
    if (!settings.reuse) // of a network that is kept for the next time, the best so far will not do
    {
        StopAtInterrupt();
    }
    const Network network =
        settings.reuse ? TrainOrReuse(hierarchy, dataset, settings.input.training, settings.quiet)
                       : TrainShown(hierarchy,
                                    dataset,
                                    settings.input.training,
                                    settings.quiet,
                                    IsInterrupted);
    SaveCheckpoint(network, settings.output);
    std::cout << (IsInterrupted() ? "Interrupted: the best network so far is in "
                                  : "The network is in ")
              << settings.output << "\n";
    PrintAccuracies(network, dataset);
    std::cout << "A device's section needs " << MemoryBytes(network.hierarchy, 0, 0)
              << " bytes of memory\n";
    return 0;
}

/// The paper's "individual" accuracy, Fig. 8: each device has a network of its own, which has
/// learnt from its views of the object alone.
int
TrainIndividually(Settings settings, const Dataset& dataset)
{
    settings.input.network.localWeight = 0;
    settings.input.training.deviceExitWeight = 1;
    const std::vector<std::size_t> samples = Indices(dataset, Split::TEST);
    StopAtInterrupt();
    std::cout << "device  accuracy\n";
    for (int device = 0; device < dataset.numDevices && !IsInterrupted(); ++device)
    {
        const Dataset own = SelectDevices(dataset, {device});
        PresetSettings preset = settings.input.network;
        preset.views = own.shapes;
        preset.numClasses = own.numClasses;
        preset.numDevices = 1;
        const Network network = TrainShown(MakeLocalOnly(preset),
                                           own,
                                           settings.input.training,
                                           settings.quiet,
                                           IsInterrupted);
        const Evaluation evaluation =
            Evaluate(Classify(PackedModel(network), own, samples), own.numClasses, {});
        std::printf("%6d  %7.2f%%\n", device, 100 * evaluation.exitAccuracy[0]);
        std::fflush(stdout);
    }
    return 0;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunMain("ddnn-train",
                   "Trains all sections of a DDNN jointly and writes them to a file.\nCtrl-C ends "
                   "the training and keeps the best network so far; a second one ends the program.",
                   [&](CLI::App& app) {
                       Settings settings;
                       AddOptions(app, settings);
                       app.parse(argc, argv);
                       CheckInputOptions(app, settings.input);
                       if (settings.output.empty() && !settings.individual)
                       {
                           throw CLI::RequiredError("--output");
                       }
                       if (settings.threads > 0)
                       {
                           omp_set_num_threads(settings.threads);
                       }
                       const Dataset dataset = LoadInput(settings.input);
                       return settings.individual ? TrainIndividually(settings, dataset)
                                                  : TrainJointly(settings, dataset);
                   });
}
