// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_BACKHAUL_H
#define DDNN_BACKHAUL_H

#include "ddnn-link.h"

#include "ns3/ddnn-fault.h"
#include "ns3/object.h"
#include "ns3/packet.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{

class OnOffApplication;

/**
 * The point-to-point link to the last tier, and what happens on it: it may pause again and again,
 * and carry cross traffic.
 *
 * The cross traffic goes upward: packets of one size that arrive as a Poisson process, so that the
 * link is an M/D/1 queue as long as nothing else is sent. It is ns-3's OnOffApplication. Its on
 * phase lasts no time at all, in which at its rate just one packet leaves, its off phase is
 * exponentially distributed.
 */
class DdnnBackhaul : public Object
{
  public:
    /// ns-3's queueing disciplines.
    enum Discipline
    {
        NONE, ///< the net device's own queue, first in, first out
        FIFO,
        PFIFO_FAST,
        CODEL,
        FQ_CODEL,
        RED
    };

    static TypeId GetTypeId();

    DdnnBackhaul();
    ~DdnnBackhaul() override;

    /// \return what the link is like
    DdnnLinkSettings GetLink() const;

    /// Create the link.
    /// \throws std::runtime_error if attributes contradict each other
    void Install(Ptr<Node> lower, Ptr<Node> upper);

    /// \return the lower node's net device, the upper node's
    const NetDeviceContainer& GetDevices() const;

    /// Install the cross traffic, which starts with the simulation.
    /// \param sink IP address of the upper node
    void InstallCrossTraffic(const Address& sink);

    /// \return how long the queue of an empty link takes to its steady state under the cross
    ///         traffic: five times its relaxation time, at most as long as the transmission of
    ///         10,000 packets takes
    Time GetWarmUp() const;

    /// The link transmits for OnTime and pauses for OffTime, again and again, from this time on.
    void StartPauses(Time begin);

    /// \return how long it takes at the present rate to transmit what waits to go up, with the rest
    ///         of a pause; Time::Max() if the link is down
    Time GetBacklog() const;

    /// \return probability that the link loses a packet, in each direction; it is not applied here
    double GetLoss() const;

    /// \param target what a fault script calls the link
    /// \return how the rate changes, as the file of Trace says; empty: it does not
    /// \throws std::runtime_error naming the file, or the line of it that is bad
    std::vector<DdnnFault> GetTrace(const std::string& target) const;

    /// \return how many random streams were used, from `stream` on
    int64_t AssignStreams(int64_t stream);

  private:
    void DoDispose() override;
    void CheckAttributes() const;
    Time GetServiceTime() const;
    void Pause();
    void HoldBack(uint32_t end, Ptr<const Packet> packet);
    void RestoreDelay();

    DataRate m_rate;
    Time m_delay;
    QueueSize m_queue;
    Discipline m_discipline;
    double m_loss;
    std::string m_trace;
    Time m_onTime;
    Time m_offTime;
    double m_load;
    uint32_t m_packetSize;
    NetDeviceContainer m_devices;
    Ptr<OnOffApplication> m_crossTraffic;
    Time m_pauseEnd;
    std::optional<Time> m_usualDelay; ///< of the channel, while HoldBack has added to it
};

} // namespace ns3

#endif // DDNN_BACKHAUL_H
