// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-off-method.h"
#include "ddnn-station-guard.h"

#include "ns3/channel.h"
#include "ns3/ddnn-compat.h"
#include "ns3/double.h"
#include "ns3/nstime.h"
#include "ns3/pointer.h"
#include "ns3/qos-txop.h"
#include "ns3/simulator.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"

#include <algorithm>
#include <memory>

namespace ns3
{

namespace
{

/// Before it is seen whether a frame exchange is over. It is not longer than the gap between two.
const Time SHORTEST_WAIT = MicroSeconds(20);
const Time LONGEST_WAIT = MilliSeconds(1);

/// Nobody hears what is sent with that.
constexpr double MUTE_DB = -1000;

/// \return whether a MAC transmits, waits for an answer, or is about to answer
bool
IsExchanging(Ptr<WifiMac> mac)
{
    for (const auto& queue : GetDdnnQueues(*mac))
    {
        const AcIndex category = queue->GetAc();
        const Ptr<Txop> txop =
            category == AC_BE_NQOS ? mac->GetTxop() : StaticCast<Txop>(mac->GetQosTxop(category));
        for (const uint8_t link : DDNN_WIFI_LINK_IDS(mac))
        {
            if (txop && txop->GetAccessStatus(link) == Txop::GRANTED)
            {
                return true;
            }
        }
    }
    const auto& phys = mac->GetDevice()->GetPhys();
    return std::any_of(phys.begin(), phys.end(), [](const Ptr<WifiPhy>& phy) {
        return !phy->IsStateOff() &&
               (phy->IsStateTx() || phy->GetLastRxEndTime() + phy->GetSifs() >= Simulator::Now());
    });
}

/**
 * Deaf and mute at once. The radio goes off when no frame exchange is under way any more: the
 * MAC's state machines do not survive that. Likewise, it comes on after the exchange, if one is.
 *
 * In ns-3.37 a radio stays on, deaf and mute, if its station may miss beacons and leave the cell:
 * that would end the simulation if the radio were off.
 */
class WifiOff
{
  public:
    explicit WifiOff(Ptr<NetDevice> device)
        : m_device(DynamicCast<WifiNetDevice>(device))
        , m_mac(m_device->GetMac())
    {
    }

    ~WifiOff()
    {
        m_update.Cancel();
    }

    void SetOff(bool off)
    {
        m_off = off;
        for (const auto& phy : m_device->GetPhys())
        {
            GuardDdnnStations(phy->GetChannel(), off);
            if (off)
            {
                m_held.Hold(phy, "TxGain", DoubleValue(MUTE_DB));
                m_held.HoldLoss(phy, "PostReceptionErrorModel");
            }
        }
        Update();
    }

  private:
    void Update()
    {
        m_update.Cancel();
        if (IsExchanging(m_mac) || (m_off && !CanSwitchRadiosOff()))
        {
            m_update = Simulator::Schedule(m_wait, &WifiOff::Update, this);
            m_wait = Min(m_wait * 2, LONGEST_WAIT);
            return;
        }
        m_wait = SHORTEST_WAIT;
        DropQueued();
        if (m_off)
        {
            SwitchRadiosOff();
            return;
        }
        ResumeAgreements();
        for (const auto& phy : m_phys)
        {
            phy->ResumeFromOff();
            phy->ResumeFromSleep(); // in ns-3.37 this forgets a reception that was broken off
        }
        m_phys.clear();
        m_held.Release();
    }

    /// Those that receive must not be, nor those that sleep or change their channel.
    bool CanSwitchRadiosOff() const
    {
        const auto& phys = m_device->GetPhys();
        return std::all_of(phys.begin(), phys.end(), [](const Ptr<WifiPhy>& phy) {
            return phy->IsStateIdle() || phy->IsStateOff();
        });
    }

    void SwitchRadiosOff()
    {
        for (const auto& phy : m_device->GetPhys())
        {
            if (!IsDdnnStationBound(m_mac) && !phy->IsStateOff())
            {
                phy->SetOffMode();
                m_phys.push_back(phy);
            }
        }
    }

    /// \return what the other side of an agreement may wait for
    static bool IsAwaited(const WifiMpdu& mpdu)
    {
        return mpdu.GetHeader().IsBlockAckReq() ||
               (mpdu.GetHeader().IsQosData() && (mpdu.GetHeader().IsRetry() || mpdu.IsInFlight()));
    }

    void DropQueued()
    {
        for (const auto& queue : GetDdnnQueues(*m_mac))
        {
            queue->WipeAllExpiredMpdus(); // which Flush stumbles over before ns-3.38
            while (const auto mpdu = DDNN_PEEK_FIRST(queue))
            {
                if (IsAwaited(*mpdu))
                {
                    m_awaited.emplace_back(queue->GetAc(),
                                           Create<WifiMpdu>(mpdu->GetPacket(), mpdu->GetHeader()));
                }
                queue->Remove(mpdu);
            }
            queue->Flush(); // of what the scheduler holds back
        }
    }

    /// Let agreements on block acknowledgement go on behind what was dropped: the other side would
    /// wait for it for ever.
    void ResumeAgreements()
    {
        for (const auto& [category, mpdu] : m_awaited)
        {
            if (mpdu->GetHeader().IsBlockAckReq())
            {
                m_mac->GetTxopQueue(category)->Enqueue(mpdu);
                continue;
            }
            mpdu->GetHeader().SetRetry();
            m_mac->GetQosTxop(category)->GetBaManager()->NotifyDiscardedMpdu(mpdu);
        }
        m_awaited.clear();
    }

    Ptr<WifiNetDevice> m_device;
    Ptr<WifiMac> m_mac;
    bool m_off{false};
    EventId m_update;
    Time m_wait{SHORTEST_WAIT};
    DdnnHeldAttributes m_held;
    std::vector<Ptr<WifiPhy>> m_phys; ///< which were switched off
    std::vector<std::pair<AcIndex, Ptr<WifiMpdu>>> m_awaited;
};

} // namespace

DdnnOffMethod
MakeDdnnWifiOff(Ptr<NetDevice> device)
{
    return [wifi = std::make_shared<WifiOff>(device)](bool off) {
        wifi->SetOff(off);
    };
}

} // namespace ns3
