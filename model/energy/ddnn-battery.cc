// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-battery.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnBattery);

TypeId
DdnnBattery::GetTypeId()
{
    static TypeId tid = TypeId("ns3::DdnnBattery")
                            .SetParent<energy::BasicEnergySource>()
                            .SetGroupName("Ddnn")
                            .AddConstructor<DdnnBattery>();
    return tid;
}

DdnnBattery::DdnnBattery() = default;

DdnnBattery::~DdnnBattery() = default;

void
DdnnBattery::UpdateEnergySource()
{
    BasicEnergySource::UpdateEnergySource();
    if (m_predictEvent.IsExpired())
    {
        // not at once: the change of a model that made this necessary is under way
        m_predictEvent = Simulator::ScheduleNow(&DdnnBattery::Predict, this);
    }
}

void
DdnnBattery::Predict()
{
    constexpr double SMALLEST_JOULES = 2e-9; // ns-3 rounds what is drawn to 1e-9, each time
    constexpr double LONGEST_WAIT = 1e9;     // seconds; ns-3 counts nanoseconds in 64 bits

    DoubleValue threshold;
    GetAttribute("BasicEnergyLowBatteryThreshold", threshold);
    const double left = GetRemainingEnergy() - threshold.Get() * GetInitialEnergy();
    const double watts = CalculateTotalCurrent() * GetSupplyVoltage(); // less what is harvested
    m_predictEvent.Cancel();                                           // that of GetRemainingEnergy
    m_emptyEvent.Cancel();
    if (left > 0 && left < LONGEST_WAIT * watts)
    {
        m_emptyEvent = Simulator::Schedule(Seconds(std::max(left, SMALLEST_JOULES) / watts),
                                           &DdnnBattery::UpdateEnergySource,
                                           this);
    }
}

} // namespace ns3
