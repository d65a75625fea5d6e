// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-switch.h"

#include "ddnn-off-method.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/loopback-net-device.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnSwitch");

NS_OBJECT_ENSURE_REGISTERED(DdnnSwitch);
NS_OBJECT_ENSURE_REGISTERED(DdnnNetDeviceSwitch);
NS_OBJECT_ENSURE_REGISTERED(DdnnNodeSwitch);

namespace
{

template <typename Switch, typename Owner>
Ptr<Switch>
GetSwitch(Ptr<Owner> owner)
{
    auto found = owner->template GetObject<Switch>();
    if (!found)
    {
        found = CreateObject<Switch>();
        owner->AggregateObject(found);
    }
    return found;
}

} // namespace

TypeId
DdnnSwitch::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnSwitch")
                            .SetParent<Object>()
                            .SetGroupName("Ddnn")
                            .AddTraceSource("Off",
                                            "It has gone off (true) or come on again (false).",
                                            MakeTraceSourceAccessor(&DdnnSwitch::m_traceOff),
                                            "ns3::TracedValueCallback::Bool");
    return tid;
}

bool
DdnnSwitch::Has(DdnnOffCause cause) const
{
    return m_causes >> static_cast<int>(cause) & 1;
}

bool
DdnnSwitch::Update(DdnnOffCause cause, bool off)
{
    const bool changes = Has(cause) != off;
    m_causes ^= changes << static_cast<int>(cause);
    return changes;
}

TypeId
DdnnNetDeviceSwitch::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnNetDeviceSwitch")
                            .SetParent<DdnnSwitch>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnNetDeviceSwitch>();
    return tid;
}

Ptr<DdnnNetDeviceSwitch>
DdnnNetDeviceSwitch::Get(Ptr<NetDevice> device)
{
    return GetSwitch<DdnnNetDeviceSwitch>(device);
}

void
DdnnNetDeviceSwitch::SetOff(DdnnOffCause cause, bool off)
{
    const bool was = IsOff();
    Update(cause, off);
    if (IsOff() == was)
    {
        return;
    }
    NS_LOG_INFO("device " << GetObject<NetDevice>()->GetIfIndex() << " of node "
                          << GetObject<NetDevice>()->GetNode()->GetId() << (off ? " off" : " on"));
    if (!m_method)
    {
        m_method = MakeDdnnOffMethod(GetObject<NetDevice>());
    }
    m_method(off);
    m_traceOff(off);
}

void
DdnnNetDeviceSwitch::DoDispose()
{
    m_method = nullptr;
    DdnnSwitch::DoDispose();
}

TypeId
DdnnNodeSwitch::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnNodeSwitch")
                            .SetParent<DdnnSwitch>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnNodeSwitch>();
    return tid;
}

Ptr<DdnnNodeSwitch>
DdnnNodeSwitch::Get(Ptr<Node> node)
{
    return GetSwitch<DdnnNodeSwitch>(node);
}

void
DdnnNodeSwitch::SetOff(DdnnOffCause cause, bool off)
{
    NS_ABORT_MSG_IF(cause != DdnnOffCause::FAULT && cause != DdnnOffCause::BATTERY &&
                        cause != DdnnOffCause::CRASH,
                    "node " << GetObject<Node>()->GetId()
                            << ": a node is off for FAULT, BATTERY or CRASH alone; switch its "
                               "net devices for other causes");
    const bool was = IsOff();
    if (!Update(cause, off))
    {
        return;
    }
    const bool devicesOff = Has(DdnnOffCause::FAULT) || Has(DdnnOffCause::BATTERY);
    const Ptr<Node> node = GetObject<Node>();
    for (uint32_t i = 0; cause != DdnnOffCause::CRASH && i < node->GetNDevices(); ++i)
    {
        if (!DynamicCast<LoopbackNetDevice>(node->GetDevice(i)))
        {
            DdnnNetDeviceSwitch::Get(node->GetDevice(i))->SetOff(DdnnOffCause::NODE, devicesOff);
        }
    }
    if (IsOff() != was)
    {
        m_traceOff(off);
    }
}

} // namespace ns3
