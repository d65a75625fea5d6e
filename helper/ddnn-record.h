// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RECORD_H
#define DDNN_RECORD_H

#include "ns3/ddnn-gateway.h"

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
    uint64_t header{0};  ///< of DDNN, UDP and IPv4, fragments included
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
    Time compute;  ///< sections on device and server
    Time access;   ///< devices' slots, access network, offload request included
    Time waiting;  ///< for the other nodes' contributions, or for a deadline
    Time backhaul; ///< to the server, and back with the verdict
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
    std::vector<std::string> presence; ///< `[exit]`, such as "111011"; empty: exit not reached
    DdnnLatency latency;
    DdnnBytes bytes; ///< sent by all devices together
};

/// The links that bytes are accounted on.
enum class DdnnHop
{
    ACCESS_UP,   ///< devices to gateway
    ACCESS_DOWN, ///< gateway to devices
    BACKHAUL_UP, ///< gateway to cloud
    BACKHAUL_DOWN
};

constexpr std::size_t DDNN_NUM_HOPS = 4; ///< values of DdnnHop

/// In lower case with a dash, as in tables: "access-up".
std::string ToString(DdnnHop hop);

/// Bytes of one kind of message on one hop, over the whole simulation.
struct DdnnTraffic
{
    DdnnHop hop;
    std::string kind; ///< as ToString(DdnnKind); "other": acknowledgements and management
    DdnnBytes bytes;
};

} // namespace ns3

#endif // DDNN_RECORD_H
