// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_STATIONS_H
#define DDNN_STATIONS_H

#include "ddnn-subnet.h"

#include "ns3/application.h"
#include "ns3/data-rate.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>

namespace ns3
{

/**
 * Cross traffic of an access network: stations that share it and are no devices of a DDNN. Each
 * sends datagrams of 1000 bytes at a constant rate to a sink on the gateway. They start one after
 * another within the first datagram's time, so that their datagrams do not meet. The access network
 * creates the net devices.
 */
class DdnnStations : public Object
{
  public:
    static TypeId GetTypeId();

    DdnnStations();
    ~DdnnStations() override;

    /// \return how many there are
    uint32_t GetNumber() const;

    /// Create the stations' nodes.
    void CreateNodes();

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
    void Start(const DdnnSubnet& subnet, uint32_t firstHost, uint32_t gatewayHost, Time start);

    /// Make gateway and stations known to each other. Stations that join a network forget it.
    void AddNeighbours() const;

    /// \return the application on the gateway that the stations send to
    Ptr<Application> GetSink() const;

    /// \return how many random streams were used, from `stream` on
    int64_t AssignStreams(int64_t stream) const;

  private:
    void DoDispose() override;

    uint32_t m_stations;
    DataRate m_load;
    NodeContainer m_nodes;
    NetDeviceContainer m_netDevices;
    Ptr<NetDevice> m_gateway;
    Ptr<Application> m_sink;
};

} // namespace ns3

#endif // DDNN_STATIONS_H
