// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_COMMON_H
#define DDNN_EXAMPLES_COMMON_H

#include "option-values.h"
#include "options.h"

#include "contrib-ddnn/dataset.h"
#include "contrib-ddnn/hierarchy-presets.h"
#include "contrib-ddnn/trainer.h"

#include <string>

namespace ddnn::examples
{

/// The data set that the name `synthetic` stands for has this many devices unless told.
constexpr int DEFAULT_DEVICES = 6;

/// The most devices that the programs accept.
constexpr int MAX_DEVICES = 64;

/// Which data, and which configuration of the paper's Fig. 2.
struct InputOptions
{
    std::string dataset{"synthetic"}; ///< file, or `synthetic`
    int devices{0};                   ///< the first of the data set; 0: all
    int device{0};                    ///< the only one, in config b
    char config{'c'};
};

/// Register dataset, devices, device, config.
/// \param configs those of 'a', 'b', 'c' that the program offers
void AddInputOptions(Options& options, InputOptions& input, const std::string& configs);

/// Register what describes a network: aggregation, filters, cloudFilters, cloudBlocks,
/// cloudPoolStride.
void AddNetworkOptions(Options& options, PresetSettings& settings);

/// Register how a network is trained: epochs, batch, learningRate and the like.
void AddTrainingOptions(Options& options, PresetSettings& network, TrainSettings& training);

/**
 * The data set of the options: rendered or read, with as many devices as they say.
 *
 * \throws std::runtime_error if the file is bad or has fewer devices
 */
Dataset LoadInput(const InputOptions& input);

/// The preset of the options, of the data set's sizes.
/// \param settings the rest; its sizes are overwritten
Hierarchy MakeHierarchy(char config, PresetSettings settings, const Dataset& dataset);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_COMMON_H
