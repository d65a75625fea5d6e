// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-background.h"

#include "ddnn-require.h"
#include "ddnn-topology.h"

#include "ns3/double.h"
#include "ns3/onoff-application.h"
#include "ns3/packet-sink.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ns3
{

namespace
{

constexpr uint16_t DISCARD_PORT = 9;
constexpr uint32_t PPP_AND_UDP = 2 + 8;
constexpr uint32_t IPV4_HEADER = 20;
constexpr uint32_t IPV6_HEADER = 40;

/// So high that a packet takes less than a nanosecond, ns-3's unit of time.
const DataRate AT_ONCE(1000000000000000000);

Time
GetServiceTime(const DdnnBackgroundSettings& settings, const DdnnLink& link, bool ipv6)
{
    const uint32_t bytes = settings.packetBytes + PPP_AND_UDP + (ipv6 ? IPV6_HEADER : IPV4_HEADER);
    return link.rate.CalculateBytesTxTime(bytes);
}

} // namespace

void
DdnnBackground::Check(const DdnnBackgroundSettings& settings, const DdnnLink& link, Time duration)
{
    // written so that NaN is refused
    if (!(settings.load >= 0 && settings.load <= DdnnBackgroundSettings::MAX_LOAD))
    {
        throw std::runtime_error("--backhaulLoad must be 0 to 2 times the link's rate");
    }
    if (settings.packetBytes < 1 || settings.packetBytes > DdnnBackgroundSettings::MAX_PACKET)
    {
        throw std::runtime_error("background packets must have 1 to 1400 bytes");
    }
    const double service = GetServiceTime(settings, link, true).GetSeconds();
    Require(duration.GetSeconds() * settings.load <= DDNN_MAX_EVENTS * service,
            "--backhaulLoad makes more than ten million packets in this run; use less, a lower "
            "--backhaulRate or fewer --samples");
}

Time
DdnnBackground::GetWarmUp(const DdnnBackgroundSettings& settings, const DdnnLink& link)
{
    if (settings.load == 0)
    {
        return Time(0);
    }
    // of an M/M/1 queue, in service times; an M/D/1 queue's is shorter
    const double relaxation = 1 / std::pow(1 - std::sqrt(settings.load), 2);
    constexpr double LONGEST = 10000;
    const double services = settings.load < 1 ? std::min(5 * relaxation, LONGEST) : LONGEST;
    return Seconds(services * GetServiceTime(settings, link, true).GetSeconds());
}

Ptr<OnOffApplication>
DdnnBackground::Install(const DdnnTopology& topology, Time end)
{
    const DdnnBackgroundSettings& settings = topology.GetSettings().backhaul.background;
    if (settings.load == 0)
    {
        return nullptr;
    }
    const bool ipv6 = topology.IsIpv6();
    const Time service = GetServiceTime(settings, topology.GetSettings().cloud, ipv6);
    const int last = topology.GetLastTier();
    auto on = CreateObject<ConstantRandomVariable>();
    on->SetAttribute("Constant", DoubleValue(0));
    auto off = CreateObject<ExponentialRandomVariable>();
    off->SetAttribute("Mean", DoubleValue(service.GetSeconds() / settings.load));

    auto source = CreateObject<OnOffApplication>();
    source->SetAttribute("Protocol", TypeIdValue(UdpSocketFactory::GetTypeId()));
    source->SetAttribute(
        "Remote",
        AddressValue(DdnnSubnet::MakeEndpoint(topology.GetAggregatorAddress(last), DISCARD_PORT)));
    source->SetAttribute("PacketSize", UintegerValue(settings.packetBytes));
    source->SetAttribute("DataRate", DataRateValue(AT_ONCE));
    source->SetAttribute("OnTime", PointerValue(on));
    source->SetAttribute("OffTime", PointerValue(off));
    source->SetStopTime(end);
    topology.GetAggregator(last - 1)->AddApplication(source);

    auto sink = CreateObject<PacketSink>();
    sink->SetAttribute("Protocol", TypeIdValue(UdpSocketFactory::GetTypeId()));
    sink->SetAttribute("Local", AddressValue(DdnnSubnet::MakeAnyEndpoint(ipv6, DISCARD_PORT)));
    topology.GetAggregator(last)->AddApplication(sink);
    return source;
}

} // namespace ns3
