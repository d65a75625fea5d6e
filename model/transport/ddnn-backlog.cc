// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-backlog.h"

#include "ddnn-address-resolver.h"

#include "ns3/ddnn-switch.h"

#include "ns3/abort.h"
#include "ns3/channel.h"
#include "ns3/data-rate.h"
#include "ns3/pointer.h"
#include "ns3/queue-disc.h"
#include "ns3/queue.h"
#include "ns3/traffic-control-layer.h"

namespace ns3
{

namespace
{

DataRate
GetRate(Ptr<NetDevice> device)
{
    DataRateValue rate;
    const Ptr<Channel> channel = device->GetChannel(); // nullptr: LTE
    const bool known = device->GetAttributeFailSafe("DataRate", rate) ||
                       (channel && channel->GetAttributeFailSafe("DataRate", rate));
    NS_ABORT_MSG_IF(!known || rate.Get().GetBitRate() == 0,
                    "ns3::DdnnExit::ExitPolicy: the way up leaves node "
                        << device->GetNode()->GetId() << " by a "
                        << device->GetInstanceTypeId().GetName()
                        << ", which has no data rate; use the policy fixed");
    return rate.Get();
}

} // namespace

Time
GetDdnnBacklog(Ptr<NetDevice> device)
{
    if (DdnnNetDeviceSwitch::Get(device)->IsOff())
    {
        return Time::Max();
    }
    const DataRate rate = GetRate(device);
    uint64_t bytes = 0;
    PointerValue queue;
    if (device->GetAttributeFailSafe("TxQueue", queue))
    {
        bytes += queue.Get<Queue<Packet>>()->GetNBytes();
    }
    const auto layer = device->GetNode()->GetObject<TrafficControlLayer>();
    if (const auto disc = layer ? layer->GetRootQueueDiscOnDevice(device) : nullptr)
    {
        bytes += disc->GetNBytes();
    }
    const double bits = 8.0 * static_cast<double>(bytes);
    return Seconds(bits / static_cast<double>(rate.GetBitRate()));
}

Time
GetDdnnBacklog(Ptr<Node> node, Ptr<Node> other)
{
    if (node == other)
    {
        return Time(0);
    }
    const Ptr<NetDevice> device = DdnnAddressResolver(node).FindDevice(other);
    return device ? GetDdnnBacklog(device) : Time::Max();
}

} // namespace ns3
