// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAULT_ACTIONS_H
#define DDNN_FAULT_ACTIONS_H

#include "ns3/net-device-container.h"
#include "ns3/node.h"
#include "ns3/random-variable-stream.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{

/// A node or a link to which a fault happens.
struct DdnnFaultUnit
{
    std::string name;           ///< as a script may call it: "device:2", "link:uplink:0"
    Ptr<Node> node;             ///< nullptr: it is a link
    NetDeviceContainer devices; ///< of the link
};

/// One row of the table of fault actions.
struct DdnnFaultAction
{
    using Values = std::vector<std::string>;
    using Reader = std::function<void(const std::string& word)>;
    using Effect = std::function<void()>;

    /// To what it can happen.
    enum Targets
    {
        NODES,
        LINKS,
        CHANNELS,       ///< links, those that share a channel together
        RANDOM,         ///< nodes or links, which go down and up at random, each for itself
        RANDOM_TOGETHER ///< the same, all at the same moments
    };

    std::string name;
    std::vector<Reader> values; ///< of each value: throws std::runtime_error if it is none
    Targets targets;

    /// Checks that it can happen to a target, and returns what it does then. Not of random ones.
    /// \throws std::runtime_error naming the target, and why it cannot
    Effect (*prepare)(const Values& values, const DdnnFaultUnit& unit);
};

/// \throws std::runtime_error if there is none of the name
const DdnnFaultAction& FindFaultAction(const std::string& name);

/// \return what draws seconds
/// \throws std::runtime_error unless a word is `constant:TIME`, `exponential:MEAN` or
///         `weibull:SCALE:SHAPE`
Ptr<RandomVariableStream> ReadFaultClock(const std::string& word);

} // namespace ns3

#endif // DDNN_FAULT_ACTIONS_H
