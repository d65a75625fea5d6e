// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_MODELS_H
#define DDNN_EXAMPLES_MODELS_H

#include "input.h"

#include "contrib-ddnn/network/network.h"

#include <functional>
#include <string>
#include <vector>

namespace ddnn::examples
{

/// The name of each exit: `local` for the devices', else its tier's.
std::vector<std::string> ExitNames(const Hierarchy& hierarchy);

/// The thresholds of every exit but the last.
std::vector<double> Thresholds(const Hierarchy& hierarchy);

/// Like "thresholds 0.80, 0.65".
std::string ThresholdText(const std::vector<double>& thresholds);

/**
 * Read a checkpoint that must fit the data set. If the option aggregation was given, the file may
 * have no key `hierarchy`: the network is then what the options describe.
 *
 * \throws std::runtime_error if the file is bad, or does not fit
 */
Network LoadModel(const std::string& path,
                  const CLI::App& app,
                  const InputOptions& input,
                  const Dataset& dataset);

/// Train with a bar that shows epoch, loss and accuracies.
/// \param interrupted asked after each epoch: true ends the training
Network TrainShown(const Hierarchy& hierarchy,
                   const Dataset& dataset,
                   const TrainSettings& settings,
                   bool quiet,
                   const std::function<bool()>& interrupted = {});

/**
 * The network that the settings give: read from the cache, or trained and kept there. The cache is
 * the folder $DDNN_CACHE, else $XDG_CACHE_HOME/ns3-ddnn, else ~/.cache/ns3-ddnn; a file in it is an
 * ordinary checkpoint, named by a hash of the settings and the data. One line on the standard error
 * says which it was, unless quiet.
 */
Network TrainOrReuse(const Hierarchy& hierarchy,
                     const Dataset& dataset,
                     const TrainSettings& settings,
                     bool quiet);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_MODELS_H
