// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_LOSS_GATE_H
#define DDNN_LOSS_GATE_H

#include "ns3/net-device-container.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/traffic-control-layer.h"

#include <cstdint>
#include <functional>
#include <map>

namespace ns3
{

/**
 * Stands between the net devices of a node and its IP stack, and loses packets that the links have
 * delivered. Other protocols, ARP among them, pass. There is one per node, aggregated to it.
 */
class DdnnLossGate : public Object
{
  public:
    /**
     * Told each packet that a link has delivered, with its IP header.
     * \param protocol its Ethertype
     * \return whether it is lost
     */
    using Judge = std::function<bool(Ptr<const Packet> packet, uint16_t protocol)>;

    static TypeId GetTypeId();

    /**
     * Let a judge decide on what the links of these net devices deliver.
     * \param devices all of one node, with IP interfaces
     * \throws std::runtime_error if the node has no IP stack
     */
    static void Install(const NetDeviceContainer& devices, const Judge& judge);

  protected:
    void DoDispose() override;

  private:
    void Register(Ptr<Node> node);
    void Register(Ptr<NetDevice> device, uint16_t protocol);
    void Receive(Ptr<NetDevice> device,
                 Ptr<const Packet> packet,
                 uint16_t protocol,
                 const Address& from,
                 const Address& to,
                 NetDevice::PacketType type);

    Ptr<TrafficControlLayer> m_stack;   ///< what ns-3 registers for all that is IP's
    std::map<uint32_t, Judge> m_judges; ///< by index of the net device
};

} // namespace ns3

#endif // DDNN_LOSS_GATE_H
