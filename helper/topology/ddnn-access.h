// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ACCESS_H
#define DDNN_ACCESS_H

#include "ddnn-stations.h"
#include "ddnn-subnet.h"

#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/queue-size.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/// Of wired links: all messages of a sample may meet there, some in several fragments. Only what is
/// waiting takes memory.
inline const QueueSize DDNN_QUEUE_SIZE("100000p");

/**
 * The network of a cell, between its end devices and their gateway, whatever the link technology.
 * Its attributes are those of the technologies, each a class of its own.
 *
 * The order of calls: Install on nodes that have an IP stack, AssignAddresses, and FinishStartUp
 * when the simulation has run for GetStartUpTime.
 */
class DdnnAccess : public Object
{
  public:
    static TypeId GetTypeId();

    /// \return the names of the technologies: wifi, csma, p2p, lrwpan, lte
    static std::vector<std::string> GetNames();

    /// \param name one of GetNames()
    /// \throws std::runtime_error if there is none
    static Ptr<DdnnAccess> Make(const std::string& name);

    /**
     * Check that nobody has set an attribute of a technology that is not used.
     * \param used names of technologies
     * \throws std::runtime_error naming the attribute
     */
    static void CheckUnused(const std::vector<std::string>& used);

    const std::string& GetName() const;

    /// \param number of the cell, for a network name of its own
    void SetCell(uint32_t number);

    /// Add stations that share the network and are no devices of a DDNN, before Install.
    /// \throws std::runtime_error if the technology cannot have any
    void SetStations(Ptr<DdnnStations> stations);

    /// \return true if the technology carries IPv6 and not IPv4
    virtual bool IsIpv6Only() const;

    /// \return false if a simulation can have one network of the technology only
    virtual bool CanRepeat() const;

    /// \return how many devices one network of the technology can have
    virtual uint32_t GetMaxDevices() const;

    /// Create the links and the net devices.
    virtual void Install(const NodeContainer& devices, Ptr<Node> gateway) = 0;

    /**
     * Give the gateway the subnet's host number 1, device i number 2 + i, and the devices a default
     * route to the gateway. The gateway can reach every device.
     *
     * \throws std::runtime_error if the technology does not carry the subnet's IP version, or the
     *         subnet is too small
     */
    virtual void AssignAddresses(const DdnnSubnet& subnet);

    /// \return true if one frame reaches all devices
    virtual bool HasBroadcast() const = 0;

    /// \return an Ipv4Address or Ipv6Address that reaches all devices, if HasBroadcast
    Address GetBroadcastAddress() const;

    /// On the node of `via`, lead the addresses of gateway and devices to `nextHop`, through that
    /// device.
    virtual void AddRoutes(Ptr<NetDevice> via, const Address& nextHop) const;

    /// \return how long the links take until they carry data
    virtual Time GetStartUpTime() const;

    /// Check that the links are up and make what else is needed known to the nodes.
    /// \throws std::runtime_error if a device is not connected
    virtual void FinishStartUp();

    /**
     * \param messageBytes application data of one message
     * \return by how much the sending times of neighbouring devices must differ so that they do not
     *         hinder each other
     */
    virtual Time GetSlotSpacing(uint32_t messageBytes) const;

    /**
     * \param messageBytes application data of one message
     * \return a generous estimate of how long it takes, while no other device sends
     */
    virtual Time GetTransmissionTime(uint32_t messageBytes) const = 0;

    /// \param prefix of the names of the files that are written
    virtual void EnablePcap(const std::string& prefix) = 0;

    /// \return how many random streams were used, from `stream` on
    virtual int64_t AssignStreams(int64_t stream) = 0;

    /// \return the net devices with the IP addresses, one per device node, in order
    NetDeviceContainer GetDevices() const;

    /// \return the gateway's net devices with IP addresses: one, but with point-to-point links one
    ///         per device
    NetDeviceContainer GetGatewayDevices() const;

    /// \return what transmits toward the devices; the gateway's net devices, but with LTE those of
    ///         the base station
    virtual NetDeviceContainer GetDownlinkDevices() const;

  protected:
    static constexpr uint32_t GATEWAY_HOST = 1;      ///< number in the subnet
    static constexpr uint32_t FIRST_DEVICE_HOST = 2; ///< number in the subnet

    void DoDispose() override;

    /// \return whether stations can share the network
    virtual bool CanHaveStations() const;

    /// \return the stations; nullptr: none
    Ptr<DdnnStations> GetStations() const;

    uint32_t GetCell() const;

    /// \throws std::runtime_error if AssignAddresses has not been called
    const DdnnSubnet& GetSubnet() const;

    /// Check an AssignAddresses call, and remember it.
    void SetSubnet(const DdnnSubnet& subnet);

    /// Make the gateway known to the devices, and these to it.
    void AddNeighbours() const;

    uint32_t m_numDevices{0};        ///< filled by Install
    NetDeviceContainer m_netDevices; ///< filled by Install: the devices', then the gateway's

  private:
    std::string m_name;
    uint32_t m_cell{0};
    std::optional<DdnnSubnet> m_subnet;
    Ptr<DdnnStations> m_stations;
};

} // namespace ns3

#endif // DDNN_ACCESS_H
