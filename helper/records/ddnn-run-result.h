// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RUN_RESULT_H
#define DDNN_RUN_RESULT_H

#include "ddnn-message-tracker.h"
#include "ddnn-record.h"

#include "ns3/ddnn-application.h"
#include "ns3/ddnn-energy.h"
#include "ns3/ddnn-fault.h"
#include "ns3/ddnn-site-applications.h"
#include "ns3/nstime.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/// What came out of one simulation, as plain data.
struct DdnnRunResult
{
    /// Add up what the applications of all sites have counted.
    void CountApplications(const std::vector<DdnnSiteApplications>& sites);

    std::vector<DdnnSampleRecord> records;   ///< one per site and sample, in the order of capture
    std::vector<DdnnTraffic> traffic;        ///< per site, place and kind
    std::vector<DdnnMessageCount> messages;  ///< per site, kind and disposition
    std::map<DdnnReject, uint64_t> rejected; ///< ignored messages on all nodes, by reason
    std::vector<DdnnFaultRecord> faults;     ///< all that happened, in order
    std::optional<DdnnEnergyResult> energy;  ///< unset: not accounted
    std::vector<std::string> warnings;
    std::size_t exited{0};
    std::size_t fallback{0};
    std::size_t lost{0};
    uint64_t rateLimited{0};      ///< messages for which a device's byte budget was too small
    uint64_t retriesExhausted{0}; ///< features and views whose last try was not acknowledged
    Time duration;                ///< of capturing: an interval for each sample
    uint64_t events{0};           ///< that ns-3 executed
    double wallSeconds{0};        ///< of simulating, which took so long on this machine
};

} // namespace ns3

#endif // DDNN_RUN_RESULT_H
