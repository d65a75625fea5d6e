// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RECORD_H
#define DDNN_RECORD_H

#include "ns3/ddnn-ledger.h"

#include "ns3/nstime.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{

/// Bytes in the three columns that are never mixed.
struct DdnnBytes
{
    uint64_t payload{0}; ///< what Eq. (1) counts
    uint64_t header{0};  ///< of DDNN, UDP or TCP, and IP, fragments and acknowledgements included
    uint64_t onAir{0};   ///< of all frames, with link layer, acknowledgements and repetitions

    DdnnBytes& operator+=(const DdnnBytes& o)
    {
        payload += o.payload;
        header += o.header;
        onAir += o.onAir;
        return *this;
    }
};

/// Capture to verdict, or to the deadline. The parts add up to the total exactly.
struct DdnnLatency
{
    Time total;
    Time compute;  ///< sections on device and servers
    Time access;   ///< devices' slots, access network, offload request included
    Time waiting;  ///< for the other nodes' contributions, or for a deadline
    Time backhaul; ///< links above the gateways, and back with the verdict
};

/// All about one sample that was simulated.
struct DdnnSampleRecord
{
    std::size_t sample{0}; ///< index in the data set
    int label{0};
    int verdict{-1}; ///< class; -1: lost
    DdnnOutcome outcome{DdnnOutcome::LOST};
    int exit{-1}; ///< tier whose verdict it is; -1: lost
    double uncertainty{1};
    /// `[tier]`, such as "111011": of which of its nodes the exit had the scores; empty: not
    /// reached
    std::vector<std::string> summaries;
    /// `[tier]`, of which nodes of the tier below the tier's nodes had the features; empty: not
    /// reached. The devices' is always empty.
    std::vector<std::string> features;
    DdnnLatency latency;
    DdnnBytes bytes; ///< sent by all devices together
    uint64_t accepted{
        0}; ///< bytes of summaries, features and views that were in time, on all tiers
};

/**
 * Bytes of one kind of message on one hop, over the whole simulation.
 *
 * Hops are `access-up` (devices to gateways) and `access-down`; `cell-up` (gateways to the devices'
 * aggregator, where there are several) and `cell-down`; and for each tier above the devices, by its
 * name, `edge-up` (from the aggregator below) and `edge-down`, and where it has several nodes
 * `edge-in` (from its aggregator to its nodes) and `edge-out`.
 */
struct DdnnTraffic
{
    std::string hop;
    std::string kind; ///< as ToString(DdnnKind); "other": acknowledgements and management
    DdnnBytes bytes;
};

/**
 * How many messages of one kind had one fate, over the whole simulation. A message that is for all
 * devices of a cell counts once for each. Of each kind, `sent` is the sum of all other fates.
 *
 * Fates are `sent`; `accepted`; `rejected-` and the reason, as ToString(DdnnReject); `lost-` and
 * the cause, as ToString(DdnnDrop); `in-flight`, on the way when the simulation ended; and
 * `unaccounted`, which never happens.
 */
struct DdnnMessageCount
{
    std::string kind; ///< as ToString(DdnnKind)
    std::string fate;
    uint64_t messages{0};
    uint64_t bytes{0}; ///< of their DDNN headers and payload
};

/// A fault that happened to one node or link.
struct DdnnFaultRecord
{
    Time time;          ///< counts from the first capture
    std::string target; ///< as a fault script calls it, "device:2"
    std::string action; ///< as a fault script calls it, "down"; of random faults too
    std::string value;  ///< as the script says it; empty: the action has none
};

} // namespace ns3

#endif // DDNN_RECORD_H
