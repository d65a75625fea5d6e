// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_EXAMPLES_SCENARIO_OPTIONS_H
#define DDNN_EXAMPLES_SCENARIO_OPTIONS_H

#include "attribute-options.h"
#include "input.h"

#include "ns3/ddnn-fault.h"

#include <string>
#include <vector>

namespace ddnn::examples
{

/// What the command line of ddnn-scenario says beside attributes.
struct ScenarioOptions
{
    InputOptions input;
    PresetSettings network;
    TrainSettings training;
    std::string model;
    std::vector<double> thresholds{0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0}; ///< Table II's
    std::vector<double> upperThresholds; ///< of the exits above the local one; empty: the model's
    Split split{Split::TEST};
    int samples{0};                     ///< the first of them; 0: all
    std::vector<int> failed;            ///< devices that are off
    std::vector<ns3::DdnnFault> faults; ///< that happen while it runs
    std::string output{"ddnn-output"};
    bool pcap{false};
    bool animation{false};
    bool cost{false};
    bool quiet{false};
};

/// The options of ddnn-scenario.
void AddScenarioOptions(CLI::App& app, AttributeOptions& attributes, ScenarioOptions& settings);

} // namespace ddnn::examples

#endif // DDNN_EXAMPLES_SCENARIO_OPTIONS_H
