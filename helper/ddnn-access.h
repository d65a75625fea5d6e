// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ACCESS_H
#define DDNN_ACCESS_H

#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"

#include <cstdint>
#include <functional>
#include <string>

namespace ns3
{

/**
 * The network between the end devices and their gateway, whatever its link technology.
 *
 * A DdnnHelper calls Install, then gives the net devices addresses, and calls FinishStartUp when
 * the simulation has run for GetStartUpTime.
 */
class DdnnAccess
{
  public:
    /**
     * Told of each frame that a node starts to transmit.
     *
     * \param node number of the device, or the number of devices for the gateway
     * \param payload what the frame carries, empty in acknowledgements
     * \param bytes all bytes of the frame
     */
    using FrameCallback =
        std::function<void(uint32_t node, Ptr<const Packet> payload, uint32_t bytes)>;

    virtual ~DdnnAccess() = default;

    /// Create the links and the net devices.
    virtual void Install(const NodeContainer& devices, Ptr<Node> gateway) = 0;

    /// \return how long the links take until they carry data
    virtual Time GetStartUpTime() const = 0;

    /// Check that the links are up and make what else is needed known to the nodes.
    /// \throws std::runtime_error if a device is not connected
    virtual void FinishStartUp() = 0;

    /// \return true if one frame reaches all devices
    virtual bool HasBroadcast() const = 0;

    /// \param device number of the device whose radio or link is switched off, from now on
    virtual void SwitchOff(uint32_t device) = 0;

    /// Observe all frames of the devices and the gateway.
    virtual void TraceFrames(FrameCallback callback) = 0;

    /// \param prefix of the names of the files that are written
    virtual void EnablePcap(const std::string& prefix) = 0;

    /// \return how many random streams were used, from `stream` on
    virtual int64_t AssignStreams(int64_t stream) = 0;

    /// \return one net device per device node, in order, and the gateway's as the last
    const NetDeviceContainer& GetNetDevices() const
    {
        return m_netDevices;
    }

  protected:
    NetDeviceContainer m_netDevices; ///< filled by Install
};

} // namespace ns3

#endif // DDNN_ACCESS_H
