// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_BATTERY_H
#define DDNN_BATTERY_H

#include "ns3/ddnn-compat.h"

#include "ns3/basic-energy-source.h"

namespace ns3
{

/**
 * A BasicEnergySource that tells at the right moment that it is empty. ns-3's own notices when a
 * model changes its state, and at PeriodicEnergyUpdateInterval.
 */
class DdnnBattery : public energy::BasicEnergySource
{
  public:
    static TypeId GetTypeId();

    DdnnBattery();
    ~DdnnBattery() override;

    void UpdateEnergySource() override;

  private:
    void Predict();

    EventId m_predictEvent; ///< at once
    EventId m_emptyEvent;   ///< when it will be empty
};

} // namespace ns3

#endif // DDNN_BATTERY_H
