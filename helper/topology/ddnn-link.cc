// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-link.h"

#include "ns3/double.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/red-queue-disc.h"
#include "ns3/traffic-control-helper.h"

namespace ns3
{

namespace
{

/// Of the net device where a discipline holds the packets, so that these wait there.
const QueueSize SHORT_QUEUE("1p");

/// RED's thresholds as parts of the queue; ns-3's defaults, 5 and 15 of 25 packets.
constexpr double RED_MIN = 0.2;
constexpr double RED_MAX = 0.6;

void
InstallDiscipline(const NetDeviceContainer& devices, const DdnnLinkSettings& settings)
{
    TrafficControlHelper helper;
    helper.SetRootQueueDisc(settings.queueDisc);
    const QueueDiscContainer disciplines = helper.Install(devices);
    for (uint32_t end = 0; end < disciplines.GetN(); ++end)
    {
        const Ptr<QueueDisc> disc = disciplines.Get(end);
        disc->SetMaxSize(settings.queue);
        if (DynamicCast<RedQueueDisc>(disc))
        {
            disc->SetAttribute("MinTh", DoubleValue(RED_MIN * settings.queue.GetValue()));
            disc->SetAttribute("MaxTh", DoubleValue(RED_MAX * settings.queue.GetValue()));
            disc->SetAttribute("LinkBandwidth", DataRateValue(settings.rate));
            disc->SetAttribute("LinkDelay", TimeValue(settings.delay));
        }
    }
}

} // namespace

NetDeviceContainer
CreateDdnnLink(Ptr<Node> first, Ptr<Node> second, const DdnnLinkSettings& settings)
{
    const bool alone = settings.queueDisc.empty();
    PointToPointHelper helper;
    helper.SetDeviceAttribute("DataRate", DataRateValue(settings.rate));
    helper.SetChannelAttribute("Delay", TimeValue(settings.delay));
    helper.SetQueue("ns3::DropTailQueue",
                    "MaxSize",
                    QueueSizeValue(alone ? settings.queue : SHORT_QUEUE));
    if (alone)
    {
        helper.DisableFlowControl(); // there is nothing to hold back
    }
    const NetDeviceContainer devices = helper.Install(first, second);
    if (!alone)
    {
        InstallDiscipline(devices, settings);
    }
    return devices;
}

} // namespace ns3
