// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_WIRE_H
#define DDNN_WIRE_H

#include "ddnn-access.h"

#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/net-device-container.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/queue-size.h"

#include <array>
#include <cstdint>
#include <string>

namespace ns3
{

/// What decides which packets wait at a link, and which are dropped: ns-3's queueing disciplines.
enum class DdnnDiscipline
{
    NONE, ///< the net device's own queue, first in, first out
    FIFO,
    PFIFO_FAST,
    CODEL,
    FQ_CODEL,
    RED
};

/// A point-to-point link.
struct DdnnLink
{
    DataRate rate{"10Mbps"};
    Time delay{MilliSeconds(20)};     ///< one way
    QueueSize queue{DDNN_QUEUE_SIZE}; ///< at each end
    DdnnDiscipline discipline{DdnnDiscipline::NONE};
};

/**
 * A point-to-point link between two nodes, whose properties can change while the simulation runs.
 *
 * A loss, and a link that is down, act at the receiver: whatever arrives then is lost, whenever it
 * was sent. The sender does not notice, goes on sending, and its queue does not grow. A new rate or
 * delay is that of packets whose transmission begins afterwards; after a shorter delay a packet can
 * overtake those before it.
 */
class DdnnWire
{
  public:
    /**
     * Create the net devices, on nodes that have an IP stack.
     *
     * \param name by which users find it, with the index
     * \param index among those of the same name
     */
    DdnnWire(const std::string& name,
             std::size_t index,
             Ptr<Node> lower,
             Ptr<Node> upper,
             const DdnnLink& link);

    /**
     * \param link to check
     * \param name of the link, begins its options
     * \throws std::runtime_error naming the option that is out of range
     */
    static void Check(const std::string& name, const DdnnLink& link);

    /// What is lost, in both directions, when the link is down: everything.
    void SetUp(bool up);

    bool IsUp() const;

    void SetRate(DataRate rate);

    /// \param delay one way
    void SetDelay(Time delay);

    /// \param packetErrorRate probability that a packet is lost, in each direction, 0 to 1
    void SetLoss(double packetErrorRate);

    /// From now until then, in both directions, no transmission begins. What is in transmission
    /// goes on, all else waits in the queues.
    void PauseUntil(Time end);

    /**
     * \param end 0: the lower node's, 1: the upper node's
     * \return how long the transmission of what waits there takes at the present rate, in the net
     *         device's queue and in the discipline, not of the packet that is being transmitted,
     *         and what is left of a pause; Time::Max() if the link is down
     */
    Time GetBacklog(uint32_t end) const;

    /// \return how many packets were dropped because the queues at both ends were full, or by the
    ///         disciplines
    uint64_t GetQueueDrops() const;

    /// \return how many random streams were used, from `stream` on
    int64_t AssignStreams(int64_t stream);

    std::string name;           ///< the wires of one name are numbered from 0
    std::size_t index{0};       ///< among those of the same name
    std::string upName;         ///< hop of what the lower node transmits
    std::string downName;       ///< hop of what the upper node transmits
    NetDeviceContainer devices; ///< the lower node's, the upper node's
    DdnnLink link;              ///< as it is at present

  private:
    Ptr<PointToPointNetDevice> GetDevice(uint32_t end) const;
    void InstallDiscipline();
    void ApplyLoss();
    void HoldBack(uint32_t end, Ptr<const Packet> packet);

    double m_loss{0};
    bool m_up{true};
    std::array<Ptr<RateErrorModel>, 2> m_losses; ///< of the receivers
    bool m_canPause{false};                      ///< HoldBack is told of transmissions
    Time m_pauseEnd;
};

} // namespace ns3

#endif // DDNN_WIRE_H
