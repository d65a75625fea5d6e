// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ESTIMATES_H
#define DDNN_ESTIMATES_H

#include "ddnn-topology-helper.h"

#include "ns3/application-container.h"

namespace ns3
{

/**
 * Set what follows from a built-in network, for each site: the end devices' slots, the collectors'
 * deadlines, the time between two tries of features, the interval where a channel is slow, the
 * first capture (after connections are open and the backhaul's cross traffic is in its steady
 * state), requests by broadcast, the backlog and the pauses of the backhaul. An attribute stays as
 * it is if somebody has set its default, or DdnnHelper::SetSiteAttribute and its like have set it.
 * What is set on objects is set after this.
 *
 * \param helper that has built the network; it must outlive the simulation
 * \param applications of all its sites, which start when its links are up
 * \param sitePhase part of the interval over which the sites' first captures are spread
 */
void ConfigureForTopology(const DdnnTopologyHelper& helper,
                          const ApplicationContainer& applications,
                          double sitePhase = 0);

} // namespace ns3

#endif // DDNN_ESTIMATES_H
