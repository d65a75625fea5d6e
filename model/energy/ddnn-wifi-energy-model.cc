// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-wifi-energy-model.h"

#include "ns3/simulator.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnWifiEnergyModel);

TypeId
DdnnWifiEnergyModel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnWifiEnergyModel")
                            .SetParent<WifiRadioEnergyModel>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnWifiEnergyModel>();
    return tid;
}

DdnnWifiEnergyModel::DdnnWifiEnergyModel() = default;

DdnnWifiEnergyModel::~DdnnWifiEnergyModel() = default;

void
DdnnWifiEnergyModel::Attach(Ptr<WifiNetDevice> device,
                            Ptr<energy::EnergySource> source,
                            Ptr<WifiRadioEnergyModel> other)
{
    const auto deviceSwitch = DdnnNetDeviceSwitch::Get(device);
    m_phy = device->GetPhy();
    m_source = source;
    m_other = other;
    ChangeState(static_cast<int>(WifiPhyState::IDLE));
    HandleOff(deviceSwitch->IsOff());
    source->AppendDeviceEnergyModel(this);
    m_phy->RegisterListener(GetPhyListener());
    deviceSwitch->TraceConnectWithoutContext("Off",
                                             MakeCallback(&DdnnWifiEnergyModel::HandleOff, this));
}

/// The radio of a net device that is off may be on, when others must not notice.
void
DdnnWifiEnergyModel::HandleOff(bool off)
{
    m_source->UpdateEnergySource(); // until now the current was another one
    Count();
    m_off = off;
    if (off && m_other)
    {
        m_other->ChangeState(static_cast<int>(WifiPhyState::OFF)); // for good
    }
}

void
DdnnWifiEnergyModel::SetEnergySource(Ptr<energy::EnergySource> source)
{
    m_source = source;
}

double
DdnnWifiEnergyModel::GetTotalEnergyConsumption() const
{
    const Time since = Simulator::Now() - m_counted;
    return m_joules + since.GetSeconds() * DoGetCurrentA() * m_source->GetSupplyVoltage();
}

double
DdnnWifiEnergyModel::DoGetCurrentA() const
{
    if (m_off || (m_other && m_other->GetCurrentState() != WifiPhyState::OFF))
    {
        return 0;
    }
    const WifiRadioEnergyModel& own = *this;
    const WifiRadioEnergyModel& currents = m_other ? *m_other : own;
    switch (m_state)
    {
    case WifiPhyState::IDLE:
        return currents.GetIdleCurrentA();
    case WifiPhyState::CCA_BUSY:
        return currents.GetCcaBusyCurrentA();
    case WifiPhyState::TX:
        return currents.GetTxCurrentA();
    case WifiPhyState::RX:
        return currents.GetRxCurrentA();
    case WifiPhyState::SWITCHING:
        return currents.GetSwitchingCurrentA();
    case WifiPhyState::SLEEP:
        return currents.GetSleepCurrentA();
    default:
        return 0;
    }
}

void
DdnnWifiEnergyModel::Count()
{
    m_joules = GetTotalEnergyConsumption();
    m_counted = Simulator::Now();
}

void
DdnnWifiEnergyModel::ChangeState(int newState)
{
    m_source->UpdateEnergySource(); // until now the current was another one
    Count();
    // a radio that is off still tells of frames on the air
    m_state = m_phy->IsStateOff() ? WifiPhyState::OFF : static_cast<WifiPhyState>(newState);
}

void
DdnnWifiEnergyModel::HandleEnergyDepletion()
{
    Count(); // the other model may be about to go off, and this one to draw
}

void
DdnnWifiEnergyModel::HandleEnergyChanged()
{
    Count(); // likewise
}

void
DdnnWifiEnergyModel::DoDispose()
{
    m_phy = nullptr;
    m_source = nullptr;
    m_other = nullptr;
    Object::DoDispose();
}

} // namespace ns3
