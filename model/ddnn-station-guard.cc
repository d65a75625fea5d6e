// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-station-guard.h"

#include "ddnn-off-method.h"

#include "ns3/block-ack-manager.h"
#include "ns3/ddnn-compat.h"
#include "ns3/nstime.h"
#include "ns3/qos-txop.h"
#include "ns3/simulator.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"

namespace ns3
{

std::vector<Ptr<WifiMacQueue>>
GetDdnnQueues(const WifiMac& mac)
{
    std::vector<Ptr<WifiMacQueue>> queues;
    for (const AcIndex category : {AC_BE, AC_BK, AC_VI, AC_VO, AC_BE_NQOS, AC_BEACON})
    {
        if (const Ptr<WifiMacQueue> queue = mac.GetTxopQueue(category))
        {
            queues.push_back(queue);
        }
    }
    return queues;
}

#if DDNN_STATION_CAN_LEAVE_WHILE_OFF

bool
IsDdnnStationBound(Ptr<WifiMac>)
{
    return false;
}

void
GuardDdnnStations(Ptr<Channel>, bool)
{
}

#else

namespace
{

/// A station that waits for so many beacons never leaves its cell.
constexpr uint64_t NEVER = 10000;

const Time FOREVER = Days(1000);

/// A frame whose reception ns-3.37 has broken off would count as a stronger one for ever.
void
HandleDeparture(WifiMac* mac, Mac48Address)
{
    Simulator::ScheduleNow(&WifiPhy::ResumeFromSleep, mac->GetWifiPhy()); // forgets it
}

/// What ns-3.37 has dropped from the queues would be waited for for ever: let agreements on block
/// acknowledgement go on behind it.
void
HandleReturn(WifiMac* mac, Mac48Address accessPoint)
{
    for (uint8_t tid = 0; mac->GetQosSupported() && tid < 8; ++tid)
    {
        WifiMacHeader last(WIFI_MAC_QOSDATA);
        last.SetAddr1(accessPoint);
        last.SetQosTid(tid);
        last.SetRetry();
        const uint16_t next = mac->GetQosTxop(tid)->PeekNextSequenceNumberFor(&last);
        last.SetSequenceNumber((next - 1) % SEQNO_SPACE_SIZE);
        mac->GetQosTxop(tid)->GetBaManager()->NotifyDiscardedMpdu(
            Create<WifiMpdu>(Create<Packet>(), last));
    }
}

/**
 * While a device of its channel is off, stations may leave their cells. In ns-3.37 that ends the
 * simulation if frames in a queue have expired, or when a station that waited for an association
 * response asks again. So frames do not expire then, and stations do not ask before they have found
 * a cell.
 */
class StationGuard : public Object
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid =
            TypeId("ns3::DdnnStationGuard").SetParent<Object>().SetGroupName("Ddnn");
        return tid;
    }

    void SetOff(bool off)
    {
        m_numOff += off ? 1 : -1;
        if (off && m_numOff == 1)
        {
            Hold();
        }
        else if (m_numOff == 0)
        {
            m_held.Release();
            for (const auto& [queue, delay] : m_delays)
            {
                queue->SetMaxDelay(delay);
            }
            m_delays.clear();
        }
    }

  private:
    void Hold()
    {
        const auto channel = GetObject<Channel>();
        for (std::size_t i = 0; i < channel->GetNDevices(); ++i)
        {
            const auto wifi = DynamicCast<WifiNetDevice>(channel->GetDevice(i));
            if (wifi && IsDdnnStationBound(wifi->GetMac()))
            {
                Hold(wifi->GetMac());
            }
        }
    }

    void Hold(Ptr<WifiMac> mac)
    {
        m_held.Hold(mac, "AssocRequestTimeout", TimeValue(FOREVER));
        for (const auto& queue : GetDdnnQueues(*mac))
        {
            m_delays.emplace_back(queue, queue->GetMaxDelay());
            queue->SetMaxDelay(FOREVER);
            Simulator::Schedule(m_delays.back().second + TimeStep(1),
                                &WifiMacQueue::WipeAllExpiredMpdus,
                                queue);
        }
        const auto departure = MakeBoundCallback(&HandleDeparture, PeekPointer(mac));
        const auto comeback = MakeBoundCallback(&HandleReturn, PeekPointer(mac));
        mac->TraceDisconnectWithoutContext("DeAssoc", departure); // from an earlier outage
        mac->TraceDisconnectWithoutContext("Assoc", comeback);
        mac->TraceConnectWithoutContext("DeAssoc", departure);
        mac->TraceConnectWithoutContext("Assoc", comeback);
    }

    uint32_t m_numOff{0}; ///< devices of the channel
    DdnnHeldAttributes m_held;
    std::vector<std::pair<Ptr<WifiMacQueue>, Time>> m_delays; ///< as they were
};

} // namespace

bool
IsDdnnStationBound(Ptr<WifiMac> mac)
{
    UintegerValue beacons;
    return DynamicCast<StaWifiMac>(mac) && mac->GetAttributeFailSafe("MaxMissedBeacons", beacons) &&
           beacons.Get() < NEVER;
}

void
GuardDdnnStations(Ptr<Channel> channel, bool off)
{
    auto guard = channel->GetObject<StationGuard>();
    if (!guard)
    {
        guard = CreateObject<StationGuard>();
        channel->AggregateObject(guard);
    }
    guard->SetOff(off);
}

#endif

} // namespace ns3
