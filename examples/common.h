// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_COMMON_H
#define DDNN_EXAMPLES_COMMON_H

#include "option-values.h"
#include "options.h"

#include "contrib-ddnn/data/dataset.h"
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/synthetic/synthetic.h"
#include "contrib-ddnn/training/trainer.h"

#include <string>
#include <vector>

namespace ddnn::examples
{

/// The data set that needs no file.
constexpr const char* SYNTHETIC = "synthetic";

/// The data set that the name `synthetic` stands for has this many devices unless told.
constexpr int DEFAULT_DEVICES = 6;

/// The most devices that the programs accept.
constexpr int MAX_DEVICES = 10000;

/// Which data, and which configuration of the paper's Fig. 2.
struct InputOptions
{
    std::string dataset{SYNTHETIC}; ///< file, or `synthetic`
    int devices{0};                 ///< the first of the data set; 0: all
    int device{0};                  ///< the only one, in configs b and d
    std::vector<int> onlyDevices;   ///< of the data set, in this order; empty: as the two above say
    char config{'c'};
    std::string hierarchy; ///< file that describes the network in place of a config; empty: none
    int cells{0};          ///< to split the devices into; 0: as the hierarchy says
    int deviceMemory{0};   ///< bytes that a device's section may need; 0: any number
    int trainSamples{SyntheticSettings().numTrain}; ///< of `synthetic`
    int testSamples{SyntheticSettings().numTest};   ///< of `synthetic`
};

/// Register dataset, trainSamples, testSamples, devices, device, onlyDevices, config, hierarchy,
/// cells, deviceMemory.
/// \param configs those of 'a' to 'f' that the program offers
void AddInputOptions(Options& options, InputOptions& input, const std::string& configs);

/// Register what describes a network: those of NetworkOptionNames.
void AddNetworkOptions(Options& options, PresetSettings& settings);

/// The options of AddNetworkOptions.
const std::vector<std::string>& NetworkOptionNames();

/**
 * Refuse options that mean nothing beside others: a config's beside --hierarchy, an edge's where
 * there is none. To be called when the options are parsed.
 *
 * \throws std::runtime_error naming the option
 */
void CheckInputOptions(const Options& options, const InputOptions& input);

/// Register how a network is trained: epochs, batch, learningRate and the like.
void AddTrainingOptions(Options& options, PresetSettings& network, TrainSettings& training);

/**
 * The data set of the options: rendered or read, with as many devices as they say.
 *
 * \throws std::runtime_error if the file is bad or has fewer devices
 */
Dataset LoadInput(const InputOptions& input);

/**
 * The hierarchy of the options, a file's or a preset of the data set's sizes, split into cells.
 *
 * \param settings of a preset; its sizes are overwritten
 * \throws std::runtime_error if the file is bad, does not fit the data set, or a device's section
 *         does not fit its memory
 */
Hierarchy MakeHierarchy(const InputOptions& input, PresetSettings settings, const Dataset& dataset);

/// \throws std::runtime_error if a device's section needs more than --deviceMemory
void CheckDeviceMemory(const InputOptions& input, const Hierarchy& hierarchy);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_COMMON_H
