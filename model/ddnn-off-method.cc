// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-off-method.h"

#include "ddnn-switch.h"

#include "ns3/boolean.h"
#include "ns3/component-carrier-enb.h"
#include "ns3/component-carrier-ue.h"
#include "ns3/csma-channel.h"
#include "ns3/csma-net-device.h"
#include "ns3/ddnn-compat.h"
#include "ns3/double.h"
#include "ns3/drop-tail-queue.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-interface.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/lr-wpan-net-device.h"
#include "ns3/lr-wpan-phy.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-enb-phy.h"
#include "ns3/lte-enb-rrc.h"
#include "ns3/lte-ue-net-device.h"
#include "ns3/lte-ue-phy.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/single-model-spectrum-channel.h"
#include "ns3/sixlowpan-net-device.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-net-device.h"

#include <array>

namespace ns3
{

namespace
{

constexpr double NO_POWER_DBM = -200; ///< nobody hears that

/// Loses all, while it is enabled.
class LossOfAll : public ErrorModel
{
    bool DoCorrupt(Ptr<Packet>) override
    {
        return IsEnabled();
    }

    void DoReset() override
    {
    }
};

class NoRoom : public DropTailQueue<Packet>
{
    bool Enqueue(Ptr<Packet> packet) override
    {
        DropBeforeEnqueue(packet);
        return false;
    }
};

/// \return nullptr: the device has none
Ptr<Queue<Packet>>
GetQueue(const NetDevice& device)
{
    PointerValue queue;
    device.GetAttributeFailSafe("TxQueue", queue);
    return queue.Get<Queue<Packet>>();
}

bool
HasQueueAndErrorModel(const NetDevice& device)
{
    PointerValue model;
    return GetQueue(device) && device.GetAttributeFailSafe("ReceiveErrorModel", model);
}

/// Nothing fits into the queue of the device, and all that comes is lost.
DdnnOffMethod
MakeQueueOff(Ptr<NetDevice> device)
{
    return [device, held = DdnnHeldAttributes()](bool off) mutable {
        if (!off)
        {
            held.Release();
            return;
        }
        const auto queue = GetQueue(*device);
        held.Hold(device, "TxQueue", PointerValue(CreateObject<NoRoom>()));
        held.HoldLoss(device, "ReceiveErrorModel");
        queue->Flush(); // last: a queueing discipline sends more as soon as there is room
    };
}

/// A packet that backs off would still go out: the plug is pulled as well. ns-3's own switch,
/// SetSendEnable, would stop a device that backs off for good.
DdnnOffMethod
MakeCsmaOff(Ptr<NetDevice> device)
{
    const auto csma = DynamicCast<CsmaNetDevice>(device);
    return [csma, setQueueOff = MakeQueueOff(device), plugged = false](bool off) mutable {
        const auto channel = DynamicCast<CsmaChannel>(csma->GetChannel());
        setQueueOff(off);
        if (off)
        {
            plugged = channel->Detach(csma);
        }
        else if (plugged)
        {
            channel->Reattach(csma);
        }
    };
}

/// \return nullptr: there is none, or it is down
template <typename Protocol>
auto
FindInterface(Ptr<NetDevice> device)
{
    const auto protocol = device->GetNode()->GetObject<Protocol>();
    const int32_t index = protocol ? protocol->GetInterfaceForDevice(device) : -1;
    const bool isUp = index >= 0 && protocol->IsUp(index);
    return isUp ? protocol->GetInterface(index) : nullptr;
}

/// Take an interface down that keeps its addresses: ns-3 forgets them, and what ICMPv6 still wanted
/// to send from one of them ends the simulation.
void
TakeDown(Ptr<Ipv6Interface> interface)
{
    std::vector<Ipv6InterfaceAddress> addresses;
    for (uint32_t i = 0; i < interface->GetNAddresses(); ++i)
    {
        addresses.push_back(interface->GetAddress(i));
    }
    interface->SetDown();
    for (const Ipv6InterfaceAddress& address : addresses)
    {
        interface->AddAddress(address);
        interface->SetState(address.GetAddress(), address.GetState()); // not tentative once more
    }
}

/// The IP interfaces are down, without a word to the routing protocols: they would forget static
/// routes.
DdnnOffMethod
MakeIpOff(Ptr<NetDevice> device)
{
    return [device, ipv4 = Ptr<Ipv4Interface>(), ipv6 = Ptr<Ipv6Interface>()](bool off) mutable {
        if (off && (ipv4 = FindInterface<Ipv4L3Protocol>(device)))
        {
            ipv4->SetDown();
        }
        else if (ipv4)
        {
            ipv4->SetUp();
        }
        if (off && (ipv6 = FindInterface<Ipv6L3Protocol>(device)))
        {
            TakeDown(ipv6);
        }
        else if (ipv6)
        {
            ipv6->SetUp();
        }
    };
}

/// \return the device through which a IEEE 802.15.4 device carries IP
Ptr<NetDevice>
FindSixLowPan(Ptr<NetDevice> radio)
{
    const Ptr<Node> node = radio->GetNode();
    for (uint32_t i = 0; i < node->GetNDevices(); ++i)
    {
        const auto device = DynamicCast<SixLowPanNetDevice>(node->GetDevice(i));
        if (device && device->GetNetDevice() == radio)
        {
            return device;
        }
    }
    return radio;
}

/// The MAC goes on, on an empty channel: what it cannot deliver there it drops. As its queue has no
/// limit, IP hands it nothing more.
DdnnOffMethod
MakeLrWpanOff(Ptr<NetDevice> device)
{
    const auto phy = DynamicCast<lrwpan::LrWpanNetDevice>(device)->GetPhy();
    return [phy,
            setIpOff = MakeIpOff(FindSixLowPan(device)),
            channel = Ptr<SpectrumChannel>(),
            held = DdnnHeldAttributes()](bool off) mutable {
        setIpOff(off);
        if (!off)
        {
            held.Release();
            phy->SetChannel(channel);
            return;
        }
        held.HoldLoss(phy, "PostReceptionErrorModel");
        channel = phy->GetChannel();
        phy->SetChannel(CreateObject<SingleModelSpectrumChannel>());
    };
}

/// Nobody hears its signalling and what waits in its bearers, and IP hands it nothing more. It
/// still hears its cell.
DdnnOffMethod
MakeUeOff(Ptr<NetDevice> device)
{
    const auto ue = DynamicCast<LteUeNetDevice>(device);
    return [ue, setIpOff = MakeIpOff(device), held = DdnnHeldAttributes()](bool off) mutable {
        held.Release();
        for (const auto& [index, carrier] : ue->GetCcMap())
        {
            if (off)
            {
                held.Hold(carrier->GetPhy(), "EnableUplinkPowerControl", BooleanValue(false));
                held.Hold(carrier->GetPhy(), "TxPower", DoubleValue(NO_POWER_DBM));
            }
        }
        setIpOff(off);
    };
}

void
Discard(Ptr<Packet>)
{
}

/// Its devices lose their cell after a while, and find it again.
DdnnOffMethod
MakeEnbOff(Ptr<NetDevice> device)
{
    const auto enb = DynamicCast<LteEnbNetDevice>(device);
    return [enb, held = DdnnHeldAttributes()](bool off) mutable {
        enb->GetRrc()->SetForwardUpCallback(off ? MakeCallback(&Discard)
                                                : MakeCallback(&LteEnbNetDevice::Receive, enb));
        held.Release();
        for (const auto& [index, carrier] : enb->GetCcMap())
        {
            if (off)
            {
                held.Hold(DynamicCast<ComponentCarrierEnb>(carrier)->GetPhy(),
                          "TxPower",
                          DoubleValue(NO_POWER_DBM));
            }
        }
    };
}

/// \param parts net devices of the same node that carry all that the device sends and receives
DdnnOffMethod
MakePartsOff(const std::vector<Ptr<NetDevice>>& parts)
{
    return [parts](bool off) {
        for (const auto& part : parts)
        {
            DdnnNetDeviceSwitch::Get(part)->SetOff(DdnnOffCause::WHOLE, off);
        }
    };
}

DdnnOffMethod
MakeSixLowPanOff(Ptr<NetDevice> device)
{
    return MakePartsOff({DynamicCast<SixLowPanNetDevice>(device)->GetNetDevice()});
}

DdnnOffMethod
MakeMeshOff(Ptr<NetDevice> device)
{
    std::vector<Ptr<NetDevice>> interfaces;
    for (uint32_t i = 0; i < device->GetNode()->GetNDevices(); ++i)
    {
        const auto wifi = DynamicCast<WifiNetDevice>(device->GetNode()->GetDevice(i));
        if (wifi && wifi->GetMac()->GetInstanceTypeId().GetName() == "ns3::MeshWifiInterfaceMac")
        {
            interfaces.push_back(wifi);
        }
    }
    return [setIpOff = MakeIpOff(device), setPartsOff = MakePartsOff(interfaces)](bool off) {
        setIpOff(off); // as packets that wait for a path would survive
        setPartsOff(off);
    };
}

TypeId
GetMeshPointType()
{
    TypeId type; // where the mesh module is not linked, no device has this one
    TypeId::LookupByNameFailSafe("ns3::MeshPointDevice", &type);
    return type;
}

/// The method for a type of net device.
struct TypeMethod
{
    TypeId (*type)();
    DdnnOffMethod (*make)(Ptr<NetDevice> device);
};

const std::array<TypeMethod, 7> TYPE_METHODS{{
    {&WifiNetDevice::GetTypeId, &MakeDdnnWifiOff},
    {&CsmaNetDevice::GetTypeId, &MakeCsmaOff},
    {&lrwpan::LrWpanNetDevice::GetTypeId, &MakeLrWpanOff},
    {&SixLowPanNetDevice::GetTypeId, &MakeSixLowPanOff},
    {&LteUeNetDevice::GetTypeId, &MakeUeOff},
    {&LteEnbNetDevice::GetTypeId, &MakeEnbOff},
    {&GetMeshPointType, &MakeMeshOff},
}};

} // namespace

DdnnOffMethod
MakeDdnnOffMethod(Ptr<NetDevice> device)
{
    const TypeId type = device->GetInstanceTypeId();
    for (const TypeMethod& method : TYPE_METHODS)
    {
        if (type == method.type() || type.IsChildOf(method.type()))
        {
            return method.make(device);
        }
    }
    return HasQueueAndErrorModel(*device) ? MakeQueueOff(device) : MakeIpOff(device);
}

void
DdnnHeldAttributes::Hold(Ptr<Object> object, const std::string& name, const AttributeValue& value)
{
    TypeId::AttributeInformation info;
    object->GetInstanceTypeId().LookupAttributeByName(name, &info);
    m_held.push_back({object, name, info.checker->Create()});
    object->GetAttribute(name, *m_held.back().before);
    object->SetAttribute(name, value);
}

void
DdnnHeldAttributes::HoldLoss(Ptr<Object> object, const std::string& name)
{
    m_losses.push_back(CreateObject<LossOfAll>());
    Hold(object, name, PointerValue(m_losses.back()));
}

void
DdnnHeldAttributes::Release()
{
    for (auto held = m_held.rbegin(); held != m_held.rend(); ++held)
    {
        held->object->SetAttributeFailSafe(held->name, *held->before);
    }
    for (const auto& loss : m_losses)
    {
        loss->Disable();
    }
    m_held.clear();
    m_losses.clear();
}

} // namespace ns3
