// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SWITCH_H
#define DDNN_SWITCH_H

#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <functional>

namespace ns3
{

/// Why a node or a net device is off. It is on when no cause holds.
enum class DdnnOffCause
{
    FAULT,   ///< the node has failed
    BATTERY, ///< the node's battery is empty
    CRASH,   ///< the node's applications have crashed
    LINK,    ///< the net device has failed
    NODE,    ///< the net device's node is off; set by DdnnNodeSwitch
    WHOLE,   ///< the net device that this one is a part of is off; set by its switch
};

/// What the switches of nodes and of net devices have in common.
class DdnnSwitch : public Object
{
  public:
    static TypeId GetTypeId();

    /// Whether any cause holds.
    bool IsOff() const
    {
        return m_causes != 0;
    }

  protected:
    bool Has(DdnnOffCause cause) const;

    /// \return whether the cause did not hold before, or held
    bool Update(DdnnOffCause cause, bool off);

    TracedCallback<bool> m_traceOff; ///< once all is done

  private:
    uint8_t m_causes{0}; ///< a bit each
};

/**
 * Switches a net device off and on. A net device that is off neither sends nor receives; what is
 * queued in it, or handed to it, is lost; a frame that is on its way to others may still arrive.
 * Once it is on again, addresses, routes, associations, block acknowledgement agreements, queues
 * and error models are as before. A Wi-Fi station that has missed too many beacons associates anew
 * by itself, and routing protocols notice an outage by what they miss, as in life.
 *
 * Wi-Fi, CSMA, IEEE 802.15.4 and LTE devices, those with the attributes TxQueue and
 * ReceiveErrorModel (point-to-point among them), and what stands on top of these (6LoWPAN, mesh
 * points) are switched themselves. Of all others, the IP interfaces are. The manual says what each
 * does. Attributes that the switch holds while a device is off must not be set meanwhile:
 * ReceiveErrorModel and TxQueue; PostReceptionErrorModel and TxGain; TxPower and
 * EnableUplinkPowerControl.
 */
class DdnnNetDeviceSwitch : public DdnnSwitch
{
  public:
    static TypeId GetTypeId();

    /// \return the only one of this net device, made and aggregated to it at the first call
    static Ptr<DdnnNetDeviceSwitch> Get(Ptr<NetDevice> device);

    /// Let a cause hold or hold no longer, at any moment, before the simulation begins as well.
    void SetOff(DdnnOffCause cause, bool off);

  protected:
    void DoDispose() override;

  private:
    std::function<void(bool)> m_method; ///< made when the device is switched off first
};

/**
 * Switches a node off and on: its net devices, but for the loopback device, and its applications,
 * which ask IsOff before they send, and when they receive. A crash is of the applications alone:
 * the node still forwards.
 */
class DdnnNodeSwitch : public DdnnSwitch
{
  public:
    static TypeId GetTypeId();

    /// \return the only one of this node, made and aggregated to it at the first call
    static Ptr<DdnnNodeSwitch> Get(Ptr<Node> node);

    /**
     * Let a cause hold or hold no longer, at any moment, before the simulation begins as well.
     * \param cause FAULT, BATTERY or CRASH
     * \param off whether it holds
     */
    void SetOff(DdnnOffCause cause, bool off);
};

} // namespace ns3

#endif // DDNN_SWITCH_H
