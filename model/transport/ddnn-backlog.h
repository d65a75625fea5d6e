// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_BACKLOG_H
#define DDNN_BACKLOG_H

#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/nstime.h"

namespace ns3
{

/**
 * \param device that has a queue, and a data rate of its own (point-to-point) or of its channel
 *        (CSMA); the program is aborted if it has not
 * \return how long the transmission of what waits at the device takes at the present rate: in its
 *         queue and its queueing discipline, without the packet that is being transmitted;
 *         Time::Max() if the device is off
 */
Time GetDdnnBacklog(Ptr<NetDevice> device);

/// \return that of the net device by which a node reaches another one now; zero if it is the node
///         itself, Time::Max() if there is no route
Time GetDdnnBacklog(Ptr<Node> node, Ptr<Node> other);

} // namespace ns3

#endif // DDNN_BACKLOG_H
