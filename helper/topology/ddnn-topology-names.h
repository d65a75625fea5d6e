// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TOPOLOGY_NAMES_H
#define DDNN_TOPOLOGY_NAMES_H

#include "ddnn-topology-helper.h"

#include "ns3/ddnn-fault-injector.h"
#include "ns3/ddnn-recorder.h"

#include <vector>

namespace ns3
{

/// Name what can fail in built-in networks beside the nodes of tiers and exits: gateways, cells,
/// the end devices' radios, links and the backhaul.
void AddDdnnTargets(const std::vector<DdnnTopology>& sites, DdnnFaultInjector& injector);

/// Count what is on air on each hop of built-in networks, both ways.
void AddDdnnHops(const std::vector<DdnnTopology>& sites, DdnnRecorder& recorder);

} // namespace ns3

#endif // DDNN_TOPOLOGY_NAMES_H
