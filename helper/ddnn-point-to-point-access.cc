// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-point-to-point-access.h"

#include "ddnn-quantity.h"

#include "ns3/channel.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/pointer.h"
#include "ns3/queue.h"

#include <stdexcept>

namespace ns3
{

namespace
{

/// PPP, IPv6 with a fragment header, and UDP, of each frame at most.
constexpr uint32_t LOWER_HEADERS = 58;

/// Payload of a fragment, at least.
constexpr uint32_t FRAGMENT = 1400;

/// Loses all that a net device would receive, once it is enabled.
Ptr<RateErrorModel>
MakeCut(Ptr<NetDevice> device)
{
    auto cut = CreateObject<RateErrorModel>();
    cut->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    cut->SetRate(1);
    cut->Disable();
    device->SetAttribute("ReceiveErrorModel", PointerValue(cut));
    return cut;
}

} // namespace

DdnnPointToPointAccess::DdnnPointToPointAccess(const DdnnPointToPointSettings& settings)
    : m_settings(settings)
{
    m_pointToPoint.SetDeviceAttribute("DataRate", DataRateValue(settings.rate));
    m_pointToPoint.SetChannelAttribute("Delay", TimeValue(settings.delay));
    m_pointToPoint.DisableFlowControl(); // there is no queueing discipline to hold back
    m_pointToPoint.SetQueue("ns3::DropTailQueue", "MaxSize", QueueSizeValue(DDNN_QUEUE_SIZE));
}

std::string
DdnnPointToPointAccess::GetName() const
{
    return "p2p";
}

void
DdnnPointToPointAccess::Install(const NodeContainer& devices, Ptr<Node> gateway)
{
    m_numDevices = devices.GetN();
    NetDeviceContainer gatewayEnds;
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        const auto ends = m_pointToPoint.Install(devices.Get(i), gateway);
        m_netDevices.Add(ends.Get(0));
        gatewayEnds.Add(ends.Get(1));
    }
    m_netDevices.Add(gatewayEnds);
    for (uint32_t i = 0; i < m_netDevices.GetN(); ++i)
    {
        m_cuts.push_back(MakeCut(m_netDevices.Get(i)));
    }
}

void
DdnnPointToPointAccess::AssignAddresses(const DdnnSubnet& subnet)
{
    SetSubnet(subnet);
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        const Ptr<NetDevice> device = m_netDevices.Get(i);
        const Ptr<NetDevice> gateway = m_netDevices.Get(m_numDevices + i);
        subnet.AddSingle(device, FIRST_DEVICE_HOST + i);
        subnet.AddSingle(gateway, GATEWAY_HOST);
        DdnnSubnet::AddDefaultRoute(device, GetGatewayAddress());
        DdnnSubnet::AddHostRoute(gateway, GetDeviceAddress(i));
    }
    InstallLossGates();
}

Time
DdnnPointToPointAccess::GetStartUpTime() const
{
    return Time();
}

void
DdnnPointToPointAccess::FinishStartUp()
{
}

bool
DdnnPointToPointAccess::HasBroadcast() const
{
    return false;
}

Time
DdnnPointToPointAccess::GetSlotSpacing(uint32_t) const
{
    return Time();
}

Time
DdnnPointToPointAccess::GetTransmissionTime(uint32_t messageBytes) const
{
    const uint32_t frames = messageBytes / FRAGMENT + 1;
    return m_settings.rate.CalculateBytesTxTime(messageBytes + frames * LOWER_HEADERS) +
           m_settings.delay;
}

void
DdnnPointToPointAccess::SwitchOff(uint32_t device)
{
    CheckDevice(device);
    SetOn(device, false);
}

void
DdnnPointToPointAccess::SwitchOn(uint32_t device)
{
    CheckDevice(device);
    SetOn(device, true);
}

void
DdnnPointToPointAccess::SwitchOffGateway()
{
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        SetOn(m_numDevices + i, false);
    }
}

void
DdnnPointToPointAccess::SwitchOnGateway()
{
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        SetOn(m_numDevices + i, true);
    }
}

void
DdnnPointToPointAccess::SetOn(uint32_t netDevice, bool on) const
{
    // This net device has no switch: nothing fits into its queue, and all that comes is lost.
    auto queue = DynamicCast<PointToPointNetDevice>(m_netDevices.Get(netDevice))->GetQueue();
    if (on)
    {
        queue->SetMaxSize(DDNN_QUEUE_SIZE);
        m_cuts[netDevice]->Disable();
        return;
    }
    queue->Flush();
    queue->SetMaxSize(QueueSize("1B"));
    m_cuts[netDevice]->Enable();
}

void
DdnnPointToPointAccess::SetRate(uint32_t device, const std::string& value)
{
    CheckDevice(device);
    CheckRate(value);
    DataRate rate;
    DdnnQuantity::ParseRate(value, rate);
    m_netDevices.Get(device)->SetAttribute("DataRate", DataRateValue(rate));
    m_netDevices.Get(m_numDevices + device)->SetAttribute("DataRate", DataRateValue(rate));
}

void
DdnnPointToPointAccess::SetDelay(uint32_t device, Time delay)
{
    CheckDevice(device);
    CheckDelay(delay);
    m_netDevices.Get(device)->GetChannel()->SetAttribute("Delay", TimeValue(delay));
}

void
DdnnPointToPointAccess::CheckRate(const std::string& value) const
{
    DataRate rate;
    if (!DdnnQuantity::ParseRate(value, rate))
    {
        throw std::runtime_error("rate '" + value + "' is none, use one such as 100kbps");
    }
}

void
DdnnPointToPointAccess::CheckDelay(Time delay) const
{
    if (delay.IsStrictlyNegative())
    {
        throw std::runtime_error("the delay of a link must not be less than zero");
    }
}

void
DdnnPointToPointAccess::TraceFrames(FrameCallback callback)
{
    for (uint32_t i = 0; i < m_netDevices.GetN(); ++i)
    {
        const uint32_t node = std::min(i, m_numDevices);
        m_netDevices.Get(i)->TraceConnectWithoutContext(
            "PhyTxBegin",
            Callback<void, Ptr<const Packet>>([callback, node](Ptr<const Packet> frame) {
                callback(node, frame, frame->GetSize());
            }));
    }
}

void
DdnnPointToPointAccess::EnablePcap(const std::string& prefix)
{
    m_pointToPoint.EnablePcap(prefix, m_netDevices);
}

int64_t
DdnnPointToPointAccess::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    for (uint32_t i = 0; i < m_numDevices; ++i)
    {
        next += m_cuts[i]->AssignStreams(next);
    }
    return next - stream;
}

} // namespace ns3
