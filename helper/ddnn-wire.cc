// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-wire.h"

#include "ns3/channel.h"
#include "ns3/double.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/queue.h"
#include "ns3/red-queue-disc.h"
#include "ns3/simulator.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/traffic-control-layer.h"

#include <stdexcept>

namespace ns3
{

namespace
{

/// Of the net device where a discipline holds the packets, so that these wait there.
const QueueSize SHORT_QUEUE("1p");

/// What the net device adds to a packet of the discipline.
constexpr uint32_t PPP_HEADER = 2;

/// RED's thresholds as parts of the queue; ns-3's defaults, 5 and 15 of 25 packets.
constexpr double RED_MIN = 0.2;
constexpr double RED_MAX = 0.6;

/// \return nullptr: there is none
Ptr<QueueDisc>
GetDiscipline(Ptr<NetDevice> device)
{
    return device->GetNode()->GetObject<TrafficControlLayer>()->GetRootQueueDiscOnDevice(device);
}

std::string
GetTypeName(DdnnDiscipline discipline)
{
    switch (discipline)
    {
    case DdnnDiscipline::FIFO:
        return "ns3::FifoQueueDisc";
    case DdnnDiscipline::PFIFO_FAST:
        return "ns3::PfifoFastQueueDisc";
    case DdnnDiscipline::CODEL:
        return "ns3::CoDelQueueDisc";
    case DdnnDiscipline::FQ_CODEL:
        return "ns3::FqCoDelQueueDisc";
    case DdnnDiscipline::RED:
        return "ns3::RedQueueDisc";
    case DdnnDiscipline::NONE:
        break;
    }
    throw std::runtime_error("no such queueing discipline");
}

} // namespace

DdnnWire::DdnnWire(const std::string& wireName,
                   std::size_t wireIndex,
                   Ptr<Node> lower,
                   Ptr<Node> upper,
                   const DdnnLink& wireLink)
    : name(wireName)
    , index(wireIndex)
    , link(wireLink)
{
    const bool alone = link.discipline == DdnnDiscipline::NONE;
    PointToPointHelper helper;
    helper.SetDeviceAttribute("DataRate", DataRateValue(link.rate));
    helper.SetChannelAttribute("Delay", TimeValue(link.delay));
    helper.SetQueue("ns3::DropTailQueue",
                    "MaxSize",
                    QueueSizeValue(alone ? link.queue : SHORT_QUEUE));
    if (alone)
    {
        helper.DisableFlowControl(); // there is nothing to hold back
    }
    devices = helper.Install(lower, upper);
    if (!alone)
    {
        InstallDiscipline();
    }
    for (auto& loss : m_losses)
    {
        loss = CreateObject<RateErrorModel>();
        loss->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    }
}

void
DdnnWire::InstallDiscipline()
{
    TrafficControlHelper helper;
    helper.SetRootQueueDisc(GetTypeName(link.discipline));
    const QueueDiscContainer disciplines = helper.Install(devices);
    for (uint32_t end = 0; end < disciplines.GetN(); ++end)
    {
        const Ptr<QueueDisc> disc = disciplines.Get(end);
        disc->SetMaxSize(link.queue);
        if (link.discipline == DdnnDiscipline::RED)
        {
            disc->SetAttribute("MinTh", DoubleValue(RED_MIN * link.queue.GetValue()));
            disc->SetAttribute("MaxTh", DoubleValue(RED_MAX * link.queue.GetValue()));
            disc->SetAttribute("LinkBandwidth", DataRateValue(link.rate));
            disc->SetAttribute("LinkDelay", TimeValue(link.delay));
        }
    }
}

void
DdnnWire::Check(const std::string& name, const DdnnLink& link)
{
    auto require = [&name](bool condition, const std::string& message) {
        if (!condition)
        {
            throw std::runtime_error("--" + name + message);
        }
    };
    require(link.rate.GetBitRate() > 0, "Rate must be more than zero");
    require(!link.delay.IsStrictlyNegative(), "Delay must not be less than zero");
    require(link.queue.GetValue() > 0, "Queue must have room for at least one packet");
    require(link.discipline != DdnnDiscipline::PFIFO_FAST ||
                link.queue.GetUnit() == QueueSizeUnit::PACKETS,
            "Queue must count packets with pfifo-fast, such as 100p");
}

Ptr<PointToPointNetDevice>
DdnnWire::GetDevice(uint32_t end) const
{
    return DynamicCast<PointToPointNetDevice>(devices.Get(end));
}

void
DdnnWire::ApplyLoss()
{
    const double rate = m_up ? m_loss : 1;
    for (uint32_t end = 0; end < devices.GetN(); ++end)
    {
        m_losses[end]->SetRate(rate);
        GetDevice(end)->SetReceiveErrorModel(rate > 0 ? m_losses[end] : nullptr);
    }
}

void
DdnnWire::SetUp(bool up)
{
    m_up = up;
    ApplyLoss();
}

bool
DdnnWire::IsUp() const
{
    return m_up;
}

void
DdnnWire::SetLoss(double packetErrorRate)
{
    m_loss = packetErrorRate;
    ApplyLoss();
}

void
DdnnWire::SetRate(DataRate rate)
{
    link.rate = rate;
    for (uint32_t end = 0; end < devices.GetN(); ++end)
    {
        GetDevice(end)->SetDataRate(rate);
    }
}

void
DdnnWire::SetDelay(Time delay)
{
    link.delay = delay;
    devices.Get(0)->GetChannel()->SetAttribute("Delay", TimeValue(delay));
}

void
DdnnWire::PauseUntil(Time end)
{
    m_pauseEnd = end;
    for (uint32_t i = 0; !m_canPause && i < devices.GetN(); ++i)
    {
        devices.Get(i)->TraceConnectWithoutContext("PhyTxBegin",
                                                   MakeCallback(&DdnnWire::HoldBack, this).Bind(i));
    }
    m_canPause = true;
}

/// A net device cannot be paused. But when it is about to transmit, the packet can be given a
/// longer way, and the device a longer gap behind it: by what is left of the pause. So the packet
/// arrives, and the next one begins, as if this one had begun at the end of the pause.
void
DdnnWire::HoldBack(uint32_t end, Ptr<const Packet>)
{
    const Time rest = Max(m_pauseEnd - Simulator::Now(), Time(0));
    GetDevice(end)->SetInterframeGap(rest);
    devices.Get(end)->GetChannel()->SetAttribute("Delay", TimeValue(link.delay + rest));
}

Time
DdnnWire::GetBacklog(uint32_t end) const
{
    if (!m_up)
    {
        return Time::Max();
    }
    const Ptr<PointToPointNetDevice> device = GetDevice(end);
    uint64_t bytes = device->GetQueue()->GetNBytes();
    if (const Ptr<QueueDisc> disc = GetDiscipline(device))
    {
        bytes += disc->GetNBytes() + uint64_t{PPP_HEADER} * disc->GetNPackets();
    }
    const double bits = 8.0 * static_cast<double>(bytes);
    return Seconds(bits / static_cast<double>(link.rate.GetBitRate())) +
           Max(m_pauseEnd - Simulator::Now(), Time(0));
}

uint64_t
DdnnWire::GetQueueDrops() const
{
    uint64_t drops = 0;
    for (uint32_t end = 0; end < devices.GetN(); ++end)
    {
        drops += GetDevice(end)->GetQueue()->GetTotalDroppedPackets();
        if (const Ptr<QueueDisc> disc = GetDiscipline(devices.Get(end)))
        {
            drops += disc->GetStats().nTotalDroppedPackets;
        }
    }
    return drops;
}

int64_t
DdnnWire::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    for (uint32_t end = 0; end < devices.GetN(); ++end)
    {
        next += m_losses[end]->AssignStreams(next);
        if (const auto red = DynamicCast<RedQueueDisc>(GetDiscipline(devices.Get(end))))
        {
            next += red->AssignStreams(next);
        }
    }
    return next - stream;
}

} // namespace ns3
