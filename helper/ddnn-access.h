// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ACCESS_H
#define DDNN_ACCESS_H

#include "ddnn-subnet.h"

#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/queue-size.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace ns3
{

/// Of wired links: all messages of a sample may meet there, some in several fragments. Only what is
/// waiting takes memory.
inline const QueueSize DDNN_QUEUE_SIZE("100000p");

/**
 * The network between the end devices and their gateway, whatever its link technology.
 *
 * The order of calls: Install, DdnnSubnet::InstallStack on all nodes (or before Install, but then
 * the loopback device is each node's first, and names of pcap files are other ones),
 * AssignAddresses, and FinishStartUp when the simulation has run for GetStartUpTime. The object
 * must live until the simulation has ended.
 */
class DdnnAccess
{
  public:
    /**
     * Told of each frame that a node starts to transmit.
     *
     * \param node number of the device, or the number of devices for the gateway
     * \param payload what the frame carries, with its byte tags; empty in acknowledgements, and
     *        where the technology's model does not show it (LTE)
     * \param bytes all bytes of the frame
     */
    using FrameCallback =
        std::function<void(uint32_t node, Ptr<const Packet> payload, uint32_t bytes)>;

    virtual ~DdnnAccess() = default;

    /// \return what MakeAccess calls the technology
    virtual std::string GetName() const = 0;

    /// \return true if the technology carries IPv6 and not IPv4
    virtual bool IsIpv6Only() const;

    /// \return false if a simulation can have one network of the technology only
    virtual bool CanRepeat() const;

    /// \return how many devices one network of the technology can have
    virtual uint32_t GetMaxDevices() const;

    /// Create the links and the net devices.
    /// \throws std::runtime_error if the technology cannot have so many devices
    virtual void Install(const NodeContainer& devices, Ptr<Node> gateway) = 0;

    /**
     * Give the gateway the subnet's host number 1, device i number 2 + i, and the devices a default
     * route to the gateway. The gateway can reach every device.
     *
     * \throws std::runtime_error if the technology does not carry the subnet's IP version, or the
     *         subnet is too small
     */
    virtual void AssignAddresses(const DdnnSubnet& subnet);

    /// \return an Ipv4Address or Ipv6Address
    virtual Address GetDeviceAddress(uint32_t device) const;

    /// \return an Ipv4Address or Ipv6Address
    Address GetGatewayAddress() const;

    /// \return true if one frame reaches all devices
    virtual bool HasBroadcast() const = 0;

    /// \return an Ipv4Address or Ipv6Address that reaches all devices, if HasBroadcast
    Address GetBroadcastAddress() const;

    /// On the node of `via`, lead the addresses of gateway and devices to `nextHop`, through that
    /// device.
    virtual void AddRoutes(Ptr<NetDevice> via, const Address& nextHop) const;

    /// \return how long the links take until they carry data
    virtual Time GetStartUpTime() const = 0;

    /// Check that the links are up and make what else is needed known to the nodes.
    /// \throws std::runtime_error if a device is not connected
    virtual void FinishStartUp() = 0;

    /**
     * \param messageBytes application data of one message
     * \return by how much the sending times of neighbouring devices must differ so that they do not
     *         hinder each other
     */
    virtual Time GetSlotSpacing(uint32_t messageBytes) const = 0;

    /**
     * \param messageBytes application data of one message
     * \return a generous estimate of how long it takes, while no other device sends
     */
    virtual Time GetTransmissionTime(uint32_t messageBytes) const = 0;

    /// \param device number of the device whose radio or link is switched off, from now on
    virtual void SwitchOff(uint32_t device) = 0;

    /// \param device number of the device whose radio or link is switched on again
    virtual void SwitchOn(uint32_t device) = 0;

    /// Observe all frames of the devices and the gateway.
    virtual void TraceFrames(FrameCallback callback) = 0;

    /// \param prefix of the names of the files that are written
    virtual void EnablePcap(const std::string& prefix) = 0;

    /// \return how many random streams were used, from `stream` on
    virtual int64_t AssignStreams(int64_t stream) = 0;

    /// \return the net devices with the IP addresses: one per device node, in order, then the
    ///         gateway's, which is one (with point-to-point links one per device)
    const NetDeviceContainer& GetNetDevices() const;

  protected:
    static constexpr uint32_t GATEWAY_HOST = 1;      ///< number in the subnet
    static constexpr uint32_t FIRST_DEVICE_HOST = 2; ///< number in the subnet

    /// \throws std::runtime_error if AssignAddresses has not been called
    const DdnnSubnet& GetSubnet() const;

    /// Check an AssignAddresses call, and remember it.
    void SetSubnet(const DdnnSubnet& subnet);

    /// Give nodes positions: the devices on a circle, a node in its middle.
    static void PlaceOnCircle(const NodeContainer& devices, Ptr<Node> middle, double radiusMetres);

    /// Make the gateway known to the devices, and these to it.
    void AddNeighbours() const;

    uint32_t m_numDevices{0};        ///< filled by Install
    NetDeviceContainer m_netDevices; ///< filled by Install

  private:
    std::optional<DdnnSubnet> m_subnet;
};

} // namespace ns3

#endif // DDNN_ACCESS_H
