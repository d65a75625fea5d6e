// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LOSS_GATE_H
#define DDNN_LOSS_GATE_H

#include "ns3/address.h"
#include "ns3/net-device-container.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"
#include "ns3/traffic-control-layer.h"

#include <cstdint>
#include <set>

namespace ns3
{

/**
 * Loses IP packets of a link at random, on net devices of any type. A packet is the link's if its
 * receiver or its sender, by link-layer address, is one of the link's net devices; it is judged
 * when the link has delivered it, before IP gets it. Other protocols, such as ARP, pass.
 *
 * A net device that is on no channel, such as LTE's, tells of no sender: the packets of its node
 * are known by their IP source where they arrive at another that is on none, as in the packet
 * gateway.
 */
class DdnnLinkLoss : public Object
{
  public:
    using Devices = std::set<Ptr<NetDevice>>;

    static TypeId GetTypeId();

    /// \return that of the link that has exactly these net devices, made if need be
    static Ptr<DdnnLinkLoss> Get(const NetDeviceContainer& devices);

    explicit DdnnLinkLoss(const Devices& devices);

    /**
     * Lose packets from now on. Not to be called while one is being received.
     * \param probability with which each is lost, 0 to 1
     */
    void SetRate(double probability);

    /// \return whether a net device carries IP that the link leads to, or that is its own
    bool CarriesIp();

    /// Fix the random stream; the first call counts.
    /// \return how many were used
    int64_t AssignStreams(int64_t stream);

    /// \return whether a packet of the link is lost on its way to this net device
    bool Loses(Ptr<NetDevice> receiver);

  private:
    void FindReceivers();

    Devices m_devices;
    Devices m_receivers;           ///< with IP, those that the link leads to and its own
    std::set<Address> m_addresses; ///< of the link's net devices, link-layer and IP
    double m_rate{0};
    Ptr<UniformRandomVariable> m_random;
};

/**
 * Stands between the net devices of a node and its IP stack, and loses packets on behalf of links.
 * There is one per node, aggregated to it.
 */
class DdnnLossGate : public Object
{
  public:
    static TypeId GetTypeId();

    /// \return a node's gate, made if need be; it does nothing until a link loses packets
    static Ptr<DdnnLossGate> Get(Ptr<Node> node);

    /// Let all that a net device of the node receives pass here.
    void Guard(Ptr<NetDevice> device);

    /// Signature of the trace source Drop: a packet was lost, which begins with its IP header.
    typedef void (*DropTracedCallback)(Ptr<const Packet> packet, Ptr<NetDevice> receiver);

  private:
    void DoDispose() override;
    void Register();
    void Receive(Ptr<NetDevice> device,
                 Ptr<const Packet> packet,
                 uint16_t protocol,
                 const Address& from,
                 const Address& to,
                 NetDevice::PacketType type);

    Ptr<TrafficControlLayer> m_stack;   ///< what ns-3 registers for all that is IP's
    std::set<Ptr<NetDevice>> m_guarded; ///< those whose packets pass here
    TracedCallback<Ptr<const Packet>, Ptr<NetDevice>> m_dropTrace;
};

} // namespace ns3

#endif // DDNN_LOSS_GATE_H
