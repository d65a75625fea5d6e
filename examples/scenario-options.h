// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_SCENARIO_OPTIONS_H
#define DDNN_EXAMPLES_SCENARIO_OPTIONS_H

#include "common.h"

#include "ns3/ddnn-scenario.h"

#include <string>
#include <vector>

namespace ddnn::examples
{

/// All that the command line of ddnn-scenario says.
struct ScenarioOptions
{
    InputOptions input;
    PresetSettings network;
    TrainSettings training;
    ns3::DdnnScenarioSettings scenario;
    std::string model;
    std::vector<double> thresholds{0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0}; ///< Table II's
    Split split{Split::TEST};
    int samples{0};
    std::string output{"ddnn-output"};
    bool pcap{false};
    bool animation{false};
    bool cost{false};
    bool quiet{false};
};

/// Register all options, and read them from the command line.
/// \throws std::runtime_error naming the first bad option
void ParseScenarioOptions(Options& options, ScenarioOptions& settings, int argc, char* argv[]);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_SCENARIO_OPTIONS_H
