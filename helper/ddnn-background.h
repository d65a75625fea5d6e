// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_BACKGROUND_H
#define DDNN_BACKGROUND_H

#include "ns3/nstime.h"
#include "ns3/ptr.h"

#include <cstdint>

namespace ns3
{

class DdnnTopology;
class OnOffApplication;
struct DdnnLink;

/// Traffic of others on the link to the last tier, upward.
struct DdnnBackgroundSettings
{
    static constexpr double MAX_LOAD = 2;
    static constexpr uint32_t MAX_PACKET = 1400; ///< fits into one frame

    double load{0};            ///< share of the link's rate, all headers included; 0: none
    uint32_t packetBytes{512}; ///< payload of each packet
};

/**
 * Background traffic: packets of one size that arrive as a Poisson process, so that the link is an
 * M/D/1 queue as long as nothing else is sent. They go from the aggregator below the last tier to
 * the last tier's, and load no other link.
 *
 * It is ns-3's OnOffApplication. Its on phase lasts no time at all, in which at its rate just one
 * packet leaves, its off phase is exponentially distributed.
 */
class DdnnBackground
{
  public:
    /**
     * \param link at whose configured rate the load is meant
     * \param duration of the run, about
     * \throws std::runtime_error naming the option that is out of range or makes too many packets
     */
    static void Check(const DdnnBackgroundSettings& settings, const DdnnLink& link, Time duration);

    /**
     * \param link at whose configured rate the load is meant
     * \return how long the queue of an empty link takes to its steady state: five times its
     *         relaxation time, at most as long as the transmission of 10,000 packets takes
     */
    static Time GetWarmUp(const DdnnBackgroundSettings& settings, const DdnnLink& link);

    /// Install the applications; they start with the simulation.
    /// \param end when the traffic ends
    /// \return the application that sends; nullptr if there is no load
    static Ptr<OnOffApplication> Install(const DdnnTopology& topology, Time end);
};

} // namespace ns3

#endif // DDNN_BACKGROUND_H
