// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-csma-access.h"

#include "ns3/csma-channel.h"
#include "ns3/csma-net-device.h"
#include "ns3/queue.h"

#include <stdexcept>

namespace ns3
{

namespace
{

/// Ethernet, IPv6 with a fragment header, and UDP, of each frame at most.
constexpr uint32_t LOWER_HEADERS = 74;

/// Payload of a fragment, at least.
constexpr uint32_t FRAGMENT = 1400;

Ptr<CsmaNetDevice>
GetCsma(const NetDeviceContainer& devices, uint32_t node)
{
    return DynamicCast<CsmaNetDevice>(devices.Get(node));
}

} // namespace

DdnnCsmaAccess::DdnnCsmaAccess(const DdnnCsmaSettings& settings)
    : m_settings(settings)
{
    m_csma.SetChannelAttribute("DataRate", DataRateValue(settings.rate));
    m_csma.SetChannelAttribute("Delay", TimeValue(settings.delay));
    m_csma.DisableFlowControl(); // there is no queueing discipline to hold back
    m_csma.SetQueue("ns3::DropTailQueue", "MaxSize", QueueSizeValue(DDNN_QUEUE_SIZE));
}

std::string
DdnnCsmaAccess::GetName() const
{
    return "csma";
}

void
DdnnCsmaAccess::Install(const NodeContainer& devices, Ptr<Node> gateway)
{
    m_numDevices = devices.GetN();
    m_netDevices = m_csma.Install(NodeContainer(devices, NodeContainer(gateway)));
    m_isOff.resize(m_numDevices + 1);
    CreateStations(m_settings.background);
    const Ptr<NetDevice> ours = m_netDevices.Get(m_numDevices);
    GetStations().SetNetDevices(
        m_csma.Install(GetStations().GetNodes(), DynamicCast<CsmaChannel>(ours->GetChannel())),
        ours);
}

Time
DdnnCsmaAccess::GetStartUpTime() const
{
    return Time();
}

void
DdnnCsmaAccess::FinishStartUp()
{
}

bool
DdnnCsmaAccess::HasBroadcast() const
{
    return true;
}

Time
DdnnCsmaAccess::GetSlotSpacing(uint32_t messageBytes) const
{
    return GetTransmissionTime(messageBytes);
}

Time
DdnnCsmaAccess::GetTransmissionTime(uint32_t messageBytes) const
{
    const uint32_t frames = messageBytes / FRAGMENT + 1;
    return m_settings.rate.CalculateBytesTxTime(messageBytes + frames * LOWER_HEADERS) +
           m_settings.delay * frames;
}

void
DdnnCsmaAccess::SwitchOff(uint32_t device)
{
    CheckDevice(device);
    SetOn(device, false);
}

void
DdnnCsmaAccess::SwitchOn(uint32_t device)
{
    CheckDevice(device);
    SetOn(device, true);
}

void
DdnnCsmaAccess::SwitchOffGateway()
{
    SetOn(m_numDevices, false);
}

void
DdnnCsmaAccess::SwitchOnGateway()
{
    SetOn(m_numDevices, true);
}

void
DdnnCsmaAccess::SetOn(uint32_t node, bool on)
{
    // ns-3's own switch, SetSendEnable, stops a device that is backing off for good: so pull its
    // plug, and let nothing fit into its queue.
    const Ptr<CsmaNetDevice> device = GetCsma(m_netDevices, node);
    const Ptr<CsmaChannel> channel = DynamicCast<CsmaChannel>(device->GetChannel());
    m_isOff[node] = !on;
    if (on)
    {
        channel->Reattach(device);
        device->GetQueue()->SetMaxSize(DDNN_QUEUE_SIZE);
        return;
    }
    channel->Detach(device);
    device->GetQueue()->Flush();
    device->GetQueue()->SetMaxSize(QueueSize("1B"));
}

void
DdnnCsmaAccess::SetDelay(uint32_t device, Time delay)
{
    CheckDevice(device);
    CheckDelay(delay);
    m_netDevices.Get(device)->GetChannel()->SetAttribute("Delay", TimeValue(delay));
}

bool
DdnnCsmaAccess::SharesDelay() const
{
    return true;
}

void
DdnnCsmaAccess::CheckDelay(Time delay) const
{
    if (delay.IsStrictlyNegative())
    {
        throw std::runtime_error("delay of the CSMA segment must not be less than zero");
    }
}

void
DdnnCsmaAccess::TraceFrames(FrameCallback callback)
{
    for (uint32_t i = 0; i < m_netDevices.GetN(); ++i)
    {
        m_netDevices.Get(i)->TraceConnectWithoutContext(
            "PhyTxBegin",
            Callback<void, Ptr<const Packet>>([this, callback, i](Ptr<const Packet> frame) {
                if (!m_isOff[i])
                {
                    callback(i, frame, frame->GetSize());
                }
            }));
    }
}

void
DdnnCsmaAccess::EnablePcap(const std::string& prefix)
{
    m_csma.EnablePcap(prefix, m_netDevices);
}

int64_t
DdnnCsmaAccess::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    for (uint32_t i = 0; i < m_netDevices.GetN(); ++i)
    {
        next += GetCsma(m_netDevices, i)->AssignStreams(next);
    }
    const NetDeviceContainer& background = GetStations().GetNetDevices();
    for (uint32_t i = 0; i < background.GetN(); ++i)
    {
        next += GetCsma(background, i)->AssignStreams(next);
    }
    next += GetStations().AssignStreams(next);
    return next - stream;
}

} // namespace ns3
