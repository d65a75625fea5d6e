// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ACCESS_H
#define DDNN_ACCESS_H

#include "ddnn-stations.h"
#include "ddnn-subnet.h"

#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/position-allocator.h"
#include "ns3/queue-size.h"
#include "ns3/random-variable-stream.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/// Of wired links: all messages of a sample may meet there, some in several fragments. Only what is
/// waiting takes memory.
inline const QueueSize DDNN_QUEUE_SIZE("100000p");

/// Where the devices of a wireless network stand.
enum class DdnnPlacement
{
    CIRCLE, ///< evenly on a circle around the gateway
    DISC    ///< at random, uniformly on the disc within it
};

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

    /**
     * Told of each packet that SetLoss has lost.
     *
     * \param device number of the device that it came from or was for
     * \param packet with its IP header
     */
    using LossCallback = std::function<void(uint32_t device, Ptr<const Packet> packet)>;

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

    /// Switch the gateway's radio, or its ends of all links, off, from now on. Devices stay joined.
    virtual void SwitchOffGateway() = 0;

    /// Switch the gateway's radio, or its ends of all links, on again.
    virtual void SwitchOnGateway() = 0;

    /**
     * From now on, lose a part of the IP packets (fragments) that the link delivers to a device and
     * from it, before IP sees them: what remains after the repetitions of the technology. It means
     * the same whatever the technology, and knows nothing of signal strengths.
     *
     * Call it after AssignAddresses.
     *
     * \param device number of the device
     * \param packetErrorRate 0 to 1, in both directions
     * \throws std::runtime_error if there is no such device or rate
     */
    void SetLoss(uint32_t device, double packetErrorRate);

    /// \return how many packets SetLoss has lost, of all devices and both directions
    uint64_t GetLost() const;

    /// \return bytes of application data that the background stations have brought to the gateway
    uint64_t GetStationsReceived() const;

    /// Observe what SetLoss loses.
    void TraceLosses(LossCallback callback);

    /**
     * From now on, send at another rate.
     *
     * \param device number of the device
     * \param value a rate of the technology as text: what its class says
     * \throws std::runtime_error if the technology cannot, or there is no such device or rate
     */
    virtual void SetRate(uint32_t device, const std::string& value);

    /**
     * From now on, propagate so long.
     *
     * \param device number of the device
     * \param delay of its link, one way
     * \throws std::runtime_error if the technology cannot, or there is no such device or delay
     */
    virtual void SetDelay(uint32_t device, Time delay);

    /// \return whether SetDelay of one device is that of all
    virtual bool SharesDelay() const;

    /// Check what SetRate would be given, also before Install.
    /// \throws std::runtime_error if the technology cannot, or there is no such rate
    virtual void CheckRate(const std::string& value) const;

    /// Check what SetDelay would be given, also before Install.
    /// \throws std::runtime_error if the technology cannot, or there is no such delay
    virtual void CheckDelay(Time delay) const;

    /// Observe all frames of the devices and the gateway.
    virtual void TraceFrames(FrameCallback callback) = 0;

    /// \param prefix of the names of the files that are written
    virtual void EnablePcap(const std::string& prefix) = 0;

    /// \return how many random streams were used, from `stream` on
    virtual int64_t AssignStreams(int64_t stream) = 0;

    /// Fix the random streams of SetLoss. These are apart from the others so that the others'
    /// numbers depend on nothing that is new. Call it after AssignAddresses.
    /// \return how many random streams were used, from `stream` on
    int64_t AssignLossStreams(int64_t stream);

    /// \return the net devices with the IP addresses: one per device node, in order, then the
    ///         gateway's, which is one (with point-to-point links one per device)
    const NetDeviceContainer& GetNetDevices() const;

  protected:
    static constexpr uint32_t GATEWAY_HOST = 1;      ///< number in the subnet
    static constexpr uint32_t FIRST_DEVICE_HOST = 2; ///< number in the subnet

    /// \throws std::runtime_error if AssignAddresses has not been called
    const DdnnSubnet& GetSubnet() const;

    /// \throws std::runtime_error if there is no such device
    void CheckDevice(uint32_t device) const;

    /// Stand between the links and IP. Call it when all net devices have addresses.
    void InstallLossGates();

    /// Check an AssignAddresses call, and remember it.
    void SetSubnet(const DdnnSubnet& subnet);

    /// Give nodes positions around the origin.
    void Place(const NodeContainer& nodes, DdnnPlacement placement, double radiusMetres);

    /// Give a node the position of the origin.
    static void PlaceInMiddle(Ptr<Node> node);

    /// Choose random positions anew, with a stream of their own.
    /// \return how many random streams were used, from `stream` on
    int64_t AssignPlacementStreams(int64_t stream);

    /// Create the nodes of background stations.
    void CreateStations(const DdnnStationsSettings& settings);

    /// \return the background stations, none by default
    DdnnStations& GetStations();
    const DdnnStations& GetStations() const;

    /// Make the gateway known to the devices, and these to it.
    void AddNeighbours() const;

    uint32_t m_numDevices{0};        ///< filled by Install
    NetDeviceContainer m_netDevices; ///< filled by Install

  private:
    /// What SetLoss has set for a device.
    struct Loss
    {
        double packetErrorRate{0};
        Ptr<UniformRandomVariable> random;
    };

    void ChoosePositions() const;
    bool IsLost(uint32_t device, Ptr<const Packet> packet);
    bool IsLostAtGateway(Ptr<const Packet> packet, uint16_t protocol);

    std::optional<DdnnSubnet> m_subnet;
    DdnnStations m_stations;
    Ptr<UniformDiscPositionAllocator> m_disc; ///< if positions are random
    NodeContainer m_onDisc;                   ///< nodes with such positions
    std::vector<Loss> m_losses;               ///< `[device]`
    std::map<Address, uint32_t> m_deviceOf;   ///< by IP address
    uint64_t m_lost{0};
    LossCallback m_lossCallback;
};

} // namespace ns3

#endif // DDNN_ACCESS_H
