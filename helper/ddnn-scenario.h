// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SCENARIO_H
#define DDNN_SCENARIO_H

#include "ddnn-access-factory.h"
#include "ddnn-energy.h"
#include "ddnn-fault-script.h"
#include "ddnn-policy.h"
#include "ddnn-record.h"
#include "ddnn-topology.h"

#include "contrib-ddnn/dataset.h"
#include "contrib-ddnn/model.h"

#include "ns3/nstime.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

class DdnnHelper;

/// Transport protocol of all messages.
enum class DdnnTransport
{
    UDP,
    TCP
};

/// One simulation, as plain data.
struct DdnnScenarioSettings
{
    std::vector<std::size_t> samples;       ///< index in the data set of each, in order of capture
    double threshold{0.8};                  ///< T of the local exit, 0 to 1
    std::vector<double> upperThresholds;    ///< of the exits above it; empty: the hierarchy's
    Time interval{MilliSeconds(100)};       ///< between two captures
    Time sampleDeadline{MilliSeconds(500)}; ///< from a capture to the last moment for a verdict
    DdnnAccessSettings access;              ///< devices to gateways
    DdnnTopologySettings links;             ///< between gateways, aggregators, edges and cloud
    DdnnTransport transport{DdnnTransport::UDP};
    DdnnPolicySettings policies;    ///< how nodes decide, and what devices send
    std::vector<int> failedDevices; ///< silent, radio switched off; numbered from 0
    std::vector<DdnnFault> faults;  ///< that happen while it runs
    DdnnEnergySettings energy;      ///< of the devices
    Time drain;                     ///< the simulation goes on so long after the last deadline
    std::optional<uint64_t> rngRun; ///< ns-3's run number; unset: as --RngRun left it
    std::string pcapPrefix;         ///< of pcap files' names; empty: none are written

    /// Called when everything is installed, to attach what observes the run, such as NetAnim. What
    /// it returns is destroyed when the run has ended.
    std::function<std::shared_ptr<void>(DdnnHelper&)> attach;
};

/// What came out of one simulation.
struct DdnnRunResult
{
    std::vector<DdnnSampleRecord> records;   ///< one per sample, in the order of capture
    std::vector<DdnnTraffic> traffic;        ///< per hop and kind
    std::map<DdnnReject, uint64_t> rejected; ///< ignored messages on all nodes, by reason
    std::vector<DdnnMessageCount> messages;  ///< by kind and fate, in alphabetical order
    std::vector<DdnnFaultRecord> faults;     ///< all that happened, in order
    std::size_t exited{0};
    std::size_t fallback{0};
    std::size_t lost{0};
    std::optional<DdnnEnergyResult> energy; ///< unset: not accounted
    uint64_t withheld{0};  ///< messages for which a device's byte budget was too small
    uint64_t givenUp{0};   ///< features and views whose last try was not acknowledged
    Time duration;         ///< of capturing: the interval of all samples
    uint64_t events{0};    ///< that ns-3 executed
    double wallSeconds{0}; ///< of simulating, which took so long on this machine
};

/**
 * Check all that RunScenario refuses, before there is a model.
 * \throws std::runtime_error naming the option if a setting is out of range
 */
void CheckScenario(const DdnnScenarioSettings& settings, const ddnn::Hierarchy& hierarchy);

/**
 * Build, run and tear down one simulation. It depends on the arguments and on ns-3's seed and
 * run number alone, not on what ran before in the same process.
 *
 * \throws std::runtime_error naming the option if a setting is out of range or a device does not
 * connect
 */
DdnnRunResult RunScenario(const DdnnScenarioSettings& settings,
                          std::shared_ptr<const ddnn::Model> model,
                          std::shared_ptr<const ddnn::Dataset> dataset);

} // namespace ns3

#endif // DDNN_SCENARIO_H
