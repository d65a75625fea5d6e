// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-point-to-point-access.h"

#include "ns3/point-to-point-net-device.h"
#include "ns3/pointer.h"
#include "ns3/queue.h"

namespace ns3
{

namespace
{

/// PPP, IPv6 with a fragment header, and UDP, of each frame at most.
constexpr uint32_t LOWER_HEADERS = 58;

/// Payload of a fragment, at least.
constexpr uint32_t FRAGMENT = 1400;

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
        auto cut = CreateObject<RateErrorModel>();
        cut->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
        cut->SetRate(1);
        cut->Disable();
        ends.Get(0)->SetAttribute("ReceiveErrorModel", PointerValue(cut));
        m_cuts.push_back(cut);
    }
    m_netDevices.Add(gatewayEnds);
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
    // This net device has no switch: nothing fits into its queue, and all that comes is lost.
    auto queue = DynamicCast<PointToPointNetDevice>(m_netDevices.Get(device))->GetQueue();
    queue->Flush();
    queue->SetMaxSize(QueueSize("1B"));
    m_cuts.at(device)->Enable();
}

void
DdnnPointToPointAccess::SwitchOn(uint32_t device)
{
    DynamicCast<PointToPointNetDevice>(m_netDevices.Get(device))
        ->GetQueue()
        ->SetMaxSize(DDNN_QUEUE_SIZE);
    m_cuts.at(device)->Disable();
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
    for (const auto& cut : m_cuts)
    {
        next += cut->AssignStreams(next);
    }
    return next - stream;
}

} // namespace ns3
