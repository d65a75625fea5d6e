// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_INPUT_H
#define DDNN_EXAMPLES_INPUT_H

#include "program.h"

#include "contrib-ddnn/data/dataset.h"
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/synthetic/synthetic.h"
#include "contrib-ddnn/training/trainer.h"

#include <string>
#include <vector>

namespace ddnn::examples
{

/// The most devices that the programs accept.
constexpr int MAX_DEVICES = 10000;

/// Groups of options, for the help text and for Refuse.
constexpr const char* NETWORK_GROUP = "Network of a configuration";
constexpr const char* WEIGHT_GROUP = "Weights of the exits' losses";
constexpr const char* TRAINING_GROUP = "Training";

/// Which data, which network and how it is trained.
struct InputOptions
{
    std::string dataset{"synthetic"}; ///< file, or `synthetic`, which needs none
    int devices{0};                   ///< the first of the data set; 0: all
    int device{0};                    ///< the only one, in configs b and d
    std::vector<int> onlyDevices;     ///< of the data set, in this order
    char config{'c'};
    std::string hierarchy; ///< file that describes the network in place of a config; empty: none
    int cells{0};          ///< to split the devices into; 0: as the hierarchy says
    int deviceMemory{0};   ///< bytes that a device's section may need; 0: any number
    int trainSamples{SyntheticSettings().numTrain}; ///< of `synthetic`
    int testSamples{SyntheticSettings().numTest};   ///< of `synthetic`
    PresetSettings network;                         ///< of a config; its sizes follow from the data
    TrainSettings training;
};

void AddInputOptions(CLI::App& app, InputOptions& input);

/// Options that describe the network of a configuration.
void AddNetworkOptions(CLI::App& app, InputOptions& input);

/// How a network is trained: epochs, batch, learningRate and the like.
void AddTrainingOptions(CLI::App& app, InputOptions& input);

/// The option --split.
void AddSplit(CLI::App& app, Split& split);

/**
 * Refuse options that mean nothing beside others: a config's beside --hierarchy, an edge's where
 * there is none. To be called when the options are parsed.
 *
 * \throws CLI::ValidationError naming the option
 */
void CheckInputOptions(const CLI::App& app, const InputOptions& input);

/**
 * The data set of the options: rendered or read, with as many devices as they say.
 *
 * \throws std::runtime_error if the file is bad or has fewer devices
 */
Dataset LoadInput(const InputOptions& input);

/**
 * The hierarchy of the options, a file's or a preset of the data set's sizes, divided.
 *
 * \throws std::runtime_error if the file is bad, does not fit the data set, or a device's section
 *         does not fit its memory
 */
Hierarchy MakeHierarchy(const InputOptions& input, const Dataset& dataset);

/// As CheckFit, but naming what the hierarchy is of, and the data set.
void CheckFit(const std::string& name,
              const Hierarchy& hierarchy,
              const InputOptions& input,
              const Dataset& dataset);

/// Split a hierarchy into the cells of the options.
/// \throws std::runtime_error if that cannot be, or a device's section needs more than
///         --deviceMemory
void Divide(const InputOptions& input, Hierarchy& hierarchy);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_INPUT_H
