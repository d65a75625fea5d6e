// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-backhaul.h"

#include "ddnn-subnet.h"

#include "ns3/channel.h"
#include "ns3/ddnn-backlog.h"
#include "ns3/ddnn-compat.h"
#include "ns3/ddnn-fault-actions.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/onoff-application.h"
#include "ns3/packet-sink.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"
#include "ns3/red-queue-disc.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnBackhaul);

namespace
{

constexpr uint16_t DISCARD_PORT = 9;
constexpr uint32_t HEADERS = 2 + 40 + 8; ///< PPP, IPv6 and UDP, in bytes

/// So high that a packet takes less than a nanosecond, ns-3's unit of time.
const DataRate AT_ONCE(1000000000000000000);

std::string
GetTypeName(DdnnBackhaul::Discipline discipline)
{
    switch (discipline)
    {
    case DdnnBackhaul::FIFO:
        return "ns3::FifoQueueDisc";
    case DdnnBackhaul::PFIFO_FAST:
        return "ns3::PfifoFastQueueDisc";
    case DdnnBackhaul::CODEL:
        return "ns3::CoDelQueueDisc";
    case DdnnBackhaul::FQ_CODEL:
        return "ns3::FqCoDelQueueDisc";
    case DdnnBackhaul::RED:
        return "ns3::RedQueueDisc";
    case DdnnBackhaul::NONE:
        break;
    }
    return "";
}

/// \return a change of the rate, from words TIME RATE
DdnnFault
ReadPoint(const std::vector<std::string>& words,
          const std::string& target,
          const std::string& where)
{
    if (words.size() != 2)
    {
        throw std::runtime_error("a line must be TIME RATE, such as 0.5s 2Mbps");
    }
    const bool isNumber = words[0].find_first_not_of("0123456789.") == std::string::npos;
    const Time time = DdnnFaultWord::ReadTime(words[0] + (isNumber ? "s" : ""));
    DdnnFaultWord::ReadRate(words[1]);
    return {time, target, &FindFaultAction("rate"), {words[1]}, where};
}

} // namespace

TypeId
DdnnBackhaul::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnBackhaul")
            .SetParent<Object>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnBackhaul>()
            .AddAttribute("Rate",
                          "Data rate of the link to the last tier.",
                          DataRateValue(DataRate("10Mbps")),
                          MakeDataRateAccessor(&DdnnBackhaul::m_rate),
                          MakeDataRateChecker())
            .AddAttribute("Delay",
                          "Propagation delay of the link, one way.",
                          TimeValue(MilliSeconds(20)),
                          MakeTimeAccessor(&DdnnBackhaul::m_delay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Queue",
                          "Room for packets at each end of the link, in packets or bytes.",
                          QueueSizeValue(DDNN_QUEUE_SIZE),
                          MakeQueueSizeAccessor(&DdnnBackhaul::m_queue),
                          MakeQueueSizeChecker())
            .AddAttribute("QueueDisc",
                          "Queueing discipline of ns-3 at each end; none: the net device's own "
                          "queue.",
                          EnumValue(NONE),
                          DDNN_MAKE_ENUM_ACCESSOR(Discipline, &DdnnBackhaul::m_discipline),
                          MakeEnumChecker(NONE,
                                          "none",
                                          FIFO,
                                          "fifo",
                                          PFIFO_FAST,
                                          "pfifo-fast",
                                          CODEL,
                                          "codel",
                                          FQ_CODEL,
                                          "fq-codel",
                                          RED,
                                          "red"))
            .AddAttribute("Loss",
                          "Probability that the link loses a packet, in each direction, from the "
                          "first capture on.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&DdnnBackhaul::m_loss),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Trace",
                          "File that tells how the rate changes from the first capture on, with "
                          "lines TIME RATE such as 0.5s 2Mbps; empty: it does not.",
                          StringValue(""),
                          MakeStringAccessor(&DdnnBackhaul::m_trace),
                          MakeStringChecker())
            .AddAttribute("OnTime",
                          "From the first capture on, the link transmits for so long before each "
                          "pause.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&DdnnBackhaul::m_onTime),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("OffTime",
                          "Length of each pause, in which the link begins to transmit nothing; 0: "
                          "there are none.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&DdnnBackhaul::m_offTime),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Load",
                          "Cross traffic upward on the link, as a part of its rate, all headers "
                          "included.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&DdnnBackhaul::m_load),
                          MakeDoubleChecker<double>(0, 2))
            .AddAttribute("PacketSize",
                          "Payload of each packet of the cross traffic, in bytes.",
                          UintegerValue(512),
                          MakeUintegerAccessor(&DdnnBackhaul::m_packetSize),
                          MakeUintegerChecker<uint32_t>(1, 1400));
    return tid;
}

DdnnBackhaul::DdnnBackhaul() = default;

DdnnBackhaul::~DdnnBackhaul() = default;

void
DdnnBackhaul::DoDispose()
{
    m_devices = NetDeviceContainer();
    m_crossTraffic = nullptr;
    Object::DoDispose();
}

void
DdnnBackhaul::CheckAttributes() const
{
    const auto require = [](bool condition, const std::string& message) {
        if (!condition)
        {
            throw std::runtime_error("ns3::DdnnBackhaul::" + message);
        }
    };
    require(m_rate.GetBitRate() > 0, "Rate must be more than zero");
    require(m_queue.GetValue() > 0, "Queue must have room for at least one packet");
    require(m_discipline != PFIFO_FAST || m_queue.GetUnit() == QueueSizeUnit::PACKETS,
            "Queue must count packets with the QueueDisc pfifo-fast, such as 100p");
    require(m_onTime.IsZero() == m_offTime.IsZero(),
            "OnTime and OffTime must both be zero, or both more than zero");
    require(m_offTime.IsZero() || m_onTime + m_offTime >= MicroSeconds(10),
            "OnTime and OffTime must be at least 10 us together");
}

DdnnLinkSettings
DdnnBackhaul::GetLink() const
{
    return {m_rate, m_delay, m_queue, GetTypeName(m_discipline)};
}

void
DdnnBackhaul::Install(Ptr<Node> lower, Ptr<Node> upper)
{
    CheckAttributes();
    m_devices = CreateDdnnLink(lower, upper, GetLink());
}

const NetDeviceContainer&
DdnnBackhaul::GetDevices() const
{
    return m_devices;
}

Time
DdnnBackhaul::GetServiceTime() const
{
    return m_rate.CalculateBytesTxTime(m_packetSize + HEADERS);
}

Time
DdnnBackhaul::GetWarmUp() const
{
    if (m_load == 0)
    {
        return Time(0);
    }
    // of an M/M/1 queue, in service times; an M/D/1 queue's is shorter
    const double relaxation = 1 / std::pow(1 - std::sqrt(m_load), 2);
    constexpr double LONGEST = 10000;
    const double services = m_load < 1 ? std::min(5 * relaxation, LONGEST) : LONGEST;
    return Seconds(services * GetServiceTime().GetSeconds());
}

void
DdnnBackhaul::InstallCrossTraffic(const Address& sinkAddress)
{
    if (m_load == 0)
    {
        return;
    }
    const bool ipv6 = Ipv6Address::IsMatchingType(sinkAddress);
    const uint32_t headers = HEADERS - (ipv6 ? 0 : 20);
    const Time service = m_rate.CalculateBytesTxTime(m_packetSize + headers);
    auto on = CreateObject<ConstantRandomVariable>();
    on->SetAttribute("Constant", DoubleValue(0));
    auto off = CreateObject<ExponentialRandomVariable>();
    constexpr double LONGEST_PAUSE = 1e7; // in s: ten times that is still a Time of ns-3
    off->SetAttribute("Mean", DoubleValue(std::min(service.GetSeconds() / m_load, LONGEST_PAUSE)));

    m_crossTraffic = CreateObject<OnOffApplication>();
    m_crossTraffic->SetAttribute("Protocol", TypeIdValue(UdpSocketFactory::GetTypeId()));
    m_crossTraffic->SetAttribute("Remote",
                                 AddressValue(DdnnSubnet::MakeEndpoint(sinkAddress, DISCARD_PORT)));
    m_crossTraffic->SetAttribute("PacketSize", UintegerValue(m_packetSize));
    m_crossTraffic->SetAttribute("DataRate", DataRateValue(AT_ONCE));
    m_crossTraffic->SetAttribute("OnTime", PointerValue(on));
    m_crossTraffic->SetAttribute("OffTime", PointerValue(off));
    m_devices.Get(0)->GetNode()->AddApplication(m_crossTraffic);

    const Ptr<Node> upper = m_devices.Get(1)->GetNode();
    for (uint32_t i = 0; i < upper->GetNApplications(); ++i)
    {
        if (DynamicCast<PacketSink>(upper->GetApplication(i)))
        {
            return; // that of another site's backhaul
        }
    }
    auto sink = CreateObject<PacketSink>();
    sink->SetAttribute("Protocol", TypeIdValue(UdpSocketFactory::GetTypeId()));
    sink->SetAttribute("Local", AddressValue(DdnnSubnet::MakeAnyEndpoint(ipv6, DISCARD_PORT)));
    upper->AddApplication(sink);
}

void
DdnnBackhaul::StartPauses(Time begin)
{
    if (m_offTime.IsZero())
    {
        return;
    }
    Simulator::Schedule(begin + m_onTime - Simulator::Now(),
                        &DdnnBackhaul::Pause,
                        Ptr<DdnnBackhaul>(this));
    for (uint32_t end = 0; end < m_devices.GetN(); ++end)
    {
        m_devices.Get(end)->TraceConnectWithoutContext(
            "PhyTxBegin",
            MakeCallback(&DdnnBackhaul::HoldBack, this, end));
    }
}

void
DdnnBackhaul::Pause()
{
    m_pauseEnd = Simulator::Now() + m_offTime;
    Simulator::Schedule(m_onTime + m_offTime, &DdnnBackhaul::Pause, Ptr<DdnnBackhaul>(this));
}

/// A net device cannot be paused. But when it is about to transmit, the packet can be given a
/// longer way, and the device a longer gap behind it: by what is left of the pause. So the packet
/// arrives, and the next one begins, as if this one had begun at the end of the pause.
void
DdnnBackhaul::HoldBack(uint32_t end, Ptr<const Packet>)
{
    const Time rest = Max(m_pauseEnd - Simulator::Now(), Time(0));
    const auto device = DynamicCast<PointToPointNetDevice>(m_devices.Get(end));
    device->SetInterframeGap(rest);
    if (rest.IsZero())
    {
        return;
    }
    const Ptr<Channel> channel = device->GetChannel();
    if (!m_usualDelay)
    {
        TimeValue delay; // which a fault may have changed
        channel->GetAttribute("Delay", delay);
        m_usualDelay = delay.Get();
        Simulator::ScheduleNow(&DdnnBackhaul::RestoreDelay, Ptr<DdnnBackhaul>(this));
    }
    channel->SetAttribute("Delay", TimeValue(*m_usualDelay + rest));
}

void
DdnnBackhaul::RestoreDelay()
{
    m_devices.Get(0)->GetChannel()->SetAttribute("Delay", TimeValue(*m_usualDelay));
    m_usualDelay.reset();
}

Time
DdnnBackhaul::GetBacklog() const
{
    const Time backlog = GetDdnnBacklog(m_devices.Get(0));
    const bool isDown = backlog == Time::Max();
    return isDown ? backlog : backlog + Max(m_pauseEnd - Simulator::Now(), Time(0));
}

double
DdnnBackhaul::GetLoss() const
{
    return m_loss;
}

std::vector<DdnnFault>
DdnnBackhaul::GetTrace(const std::string& target) const
{
    std::vector<DdnnFault> faults;
    std::ifstream file(m_trace);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number)
    {
        std::istringstream text(line.substr(0, line.find('#')));
        const std::vector<std::string> words{std::istream_iterator<std::string>(text), {}};
        const std::string where = m_trace + ":" + std::to_string(number);
        try
        {
            if (!words.empty())
            {
                faults.push_back(ReadPoint(words, target, where));
            }
        }
        catch (const std::runtime_error& e)
        {
            throw std::runtime_error("ns3::DdnnBackhaul::Trace: " + where + ": " + e.what());
        }
    }
    if (faults.empty() && !m_trace.empty())
    {
        throw std::runtime_error("ns3::DdnnBackhaul::Trace: the file '" + m_trace +
                                 "' has no line TIME RATE, such as 0.5s 2Mbps, or cannot be read");
    }
    return faults;
}

int64_t
DdnnBackhaul::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    next += m_crossTraffic ? m_crossTraffic->AssignStreams(next) : 0;
    for (uint32_t end = 0; end < m_devices.GetN(); ++end)
    {
        const auto layer = m_devices.Get(end)->GetNode()->GetObject<TrafficControlLayer>();
        const auto disc = layer->GetRootQueueDiscOnDevice(m_devices.Get(end));
        if (const auto red = DynamicCast<RedQueueDisc>(disc))
        {
            next += red->AssignStreams(next);
        }
    }
    return next - stream;
}

} // namespace ns3
