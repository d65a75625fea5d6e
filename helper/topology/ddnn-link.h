// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LINK_H
#define DDNN_LINK_H

#include "ddnn-access.h"

#include "ns3/data-rate.h"
#include "ns3/net-device-container.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/queue-size.h"

#include <string>

namespace ns3
{

/// What a point-to-point link is like.
struct DdnnLinkSettings
{
    DataRate rate;
    Time delay;                       ///< one way
    QueueSize queue{DDNN_QUEUE_SIZE}; ///< at each end
    std::string queueDisc{};          ///< TypeId of ns-3's queueing discipline; empty: none
};

/// \return the net devices of a new link, on nodes that have an IP stack: the first node's, the
///         second's
NetDeviceContainer CreateDdnnLink(Ptr<Node> first,
                                  Ptr<Node> second,
                                  const DdnnLinkSettings& settings);

} // namespace ns3

#endif // DDNN_LINK_H
