// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_MODEL_CACHE_H
#define DDNN_EXAMPLES_MODEL_CACHE_H

#include "contrib-ddnn/data/dataset.h"
#include "contrib-ddnn/network/network.h"
#include "contrib-ddnn/training/trainer.h"

namespace ddnn::examples
{

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

#endif // DDNN_EXAMPLES_MODEL_CACHE_H
