// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RECORD_H
#define DDNN_RECORD_H

#include "ns3/ddnn-latency.h"
#include "ns3/ddnn-sample-tracker.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{

/// Bytes in the three columns that are never mixed.
struct DdnnBytes
{
    uint64_t payload{0}; ///< what the senders' applications handed over for Eq. (1)
    uint64_t header{0};  ///< all else of the IP packets: DDNN, UDP or TCP, IP, TCP's repetitions
    uint64_t onAir{0};   ///< of the frames that carry them, with link layer and repetitions

    DdnnBytes& operator+=(const DdnnBytes& o)
    {
        payload += o.payload;
        header += o.header;
        onAir += o.onAir;
        return *this;
    }
};

/// All about one sample that has ended.
struct DdnnSampleRecord
{
    uint16_t site{0};
    uint32_t number{0};    ///< in the site, in the order of capture
    std::size_t sample{0}; ///< index in the data set
    int label{0};
    int prediction{-1}; ///< class; -1: lost
    DdnnOutcome outcome{DdnnOutcome::LOST};
    int exit{-1}; ///< tier whose prediction it is; -1: lost
    double uncertainty{1};
    /// `[tier]`, such as "111011": of which of its nodes the exit had the class scores; empty: not
    /// reached
    std::vector<std::string> scores;
    /// `[tier]`, of which nodes of the tier below the tier's nodes had the features; empty: not
    /// reached. That of the end devices is always empty.
    std::vector<std::string> features;
    DdnnLatency latency;
    DdnnBytes bytes; ///< of what all end devices together send
    uint64_t accepted{
        0}; ///< bytes of class scores, features and views that were in time, all tiers
};

/**
 * Bytes of one kind of message over the whole simulation: payload and header by who sent it, or
 * bytes on air by the hop that it crossed.
 */
struct DdnnTraffic
{
    std::string site;  ///< its number; empty: of no site
    std::string place; ///< tier of the sending node, exit of the sending exit, or name of a hop
    std::string kind;  ///< as ToString(DdnnKind), `transport` (TCP's own segments) or `control`
    DdnnBytes bytes;
    bool isOnAir{true}; ///< of a hop: false if its devices do not tell of link-layer bytes
};

} // namespace ns3

#endif // DDNN_RECORD_H
