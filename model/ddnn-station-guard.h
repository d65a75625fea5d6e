// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_STATION_GUARD_H
#define DDNN_STATION_GUARD_H

#include "ns3/channel.h"
#include "ns3/wifi-mac-queue.h"
#include "ns3/wifi-mac.h"

#include <vector>

// Wi-Fi stations miss beacons while they, or their access points, are off. Those of ns-3.37 do not
// survive that without help; with newer releases there is nothing to guard.
namespace ns3
{

/// \return all queues of a MAC
std::vector<Ptr<WifiMacQueue>> GetDdnnQueues(const WifiMac& mac);

/// \return whether the radio must not go off, as it is that of a station which may leave its cell
bool IsDdnnStationBound(Ptr<WifiMac> mac);

/// To be called when a Wi-Fi device of this channel goes off, and when it comes on.
void GuardDdnnStations(Ptr<Channel> channel, bool off);

} // namespace ns3

#endif // DDNN_STATION_GUARD_H
