// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FOREIGN_NETWORKS_H
#define DDNN_FOREIGN_NETWORKS_H

#include "ns3/node-container.h"
#include "ns3/nstime.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

// Networks that none of the project's code builds, as a user's scenario would with ns-3's helpers.
namespace ddnn::test
{

/// Devices, a gateway for the local exit, and a cloud.
struct ForeignNetwork
{
    ns3::NodeContainer devices;
    ns3::NodeContainer gateway;
    ns3::NodeContainer cloud;
    ns3::Time start;              ///< when addresses and routes are there
    std::shared_ptr<void> helper; ///< what must live as long as the simulation
};

/// \return the names of all networks
std::vector<std::string> GetForeignNetworks();

/// Build one of them, with all random streams fixed.
ForeignNetwork MakeForeignNetwork(const std::string& name, uint32_t numDevices);

} // namespace ddnn::test

#endif // DDNN_FOREIGN_NETWORKS_H
