// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_STATIONS_H
#define DDNN_STATIONS_H

#include "ddnn-subnet.h"

#include "ns3/application-container.h"
#include "ns3/data-rate.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"

#include <cstdint>

namespace ns3
{

/// Stations that share an access network and are no devices of a DDNN.
struct DdnnStationsSettings
{
    uint32_t stations{0};     ///< how many
    DataRate load{"500kbps"}; ///< application data of each, to the gateway
};

/**
 * The traffic of such stations: each sends datagrams of 1000 bytes at a constant rate to a sink on
 * the gateway. They start one after another within the first datagram's time, so that their
 * datagrams do not meet. An access network creates the net devices.
 */
class DdnnStations
{
  public:
    /// \param settings whose stations' nodes are created at once
    explicit DdnnStations(const DdnnStationsSettings& settings = {});

    /// \return about how many datagrams they send in so long
    static double CountDatagrams(const DdnnStationsSettings& settings, Time duration);

    const NodeContainer& GetNodes() const;

    /// \param netDevices one per station, in order
    /// \param gateway the gateway's on the same link, with an address
    void SetNetDevices(const NetDeviceContainer& netDevices, Ptr<NetDevice> gateway);

    const NetDeviceContainer& GetNetDevices() const;

    /**
     * Install IP and the traffic.
     *
     * \param subnet of the link
     * \param firstHost number of the first station's address
     * \param gatewayHost number of the gateway's address
     * \param start when the first station starts
     * \throws std::runtime_error if the subnet is too small
     */
    void Install(const DdnnSubnet& subnet, uint32_t firstHost, uint32_t gatewayHost, Time start);

    /// Make gateway and stations known to each other. Stations that join a network forget it.
    void AddNeighbours() const;

    /// \return whether a link address is a station's
    bool IsStation(const Address& address) const;

    /// \return bytes of application data that have arrived at the sink
    uint64_t GetReceived() const;

    /// \return how many random streams were used, from `stream` on
    int64_t AssignStreams(int64_t stream) const;

  private:
    DdnnStationsSettings m_settings;
    NodeContainer m_nodes;
    NetDeviceContainer m_netDevices;
    Ptr<NetDevice> m_gateway;
    ApplicationContainer m_sink; ///< one, if there are stations
};

} // namespace ns3

#endif // DDNN_STATIONS_H
