// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_WIFI_ENERGY_MODEL_H
#define DDNN_WIFI_ENERGY_MODEL_H

#include "ns3/ddnn-compat.h"
#include "ns3/ddnn-switch.h"

#include "ns3/energy-source.h"
#include "ns3/nstime.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-radio-energy-model.h"

namespace ns3
{

/**
 * A WifiRadioEnergyModel of a radio that goes off and comes back. ns-3's own stays off for good
 * once its radio was; it also goes off by itself, by timers that stay behind, where its source
 * lasts longer than the power of one state lets expect: with a harvester, or if sending takes much
 * more than listening.
 */
class DdnnWifiEnergyModel : public WifiRadioEnergyModel
{
  public:
    static TypeId GetTypeId();

    DdnnWifiEnergyModel();
    ~DdnnWifiEnergyModel() override;

    /**
     * Draw the energy of a radio from now on, while neither the radio nor the switch of its net
     * device is off.
     *
     * \param device whose radio it is
     * \param source where it is drawn from
     * \param other ns-3's model of the same radio: this one draws only while the other is off, and
     *        with its currents; null: there is none
     */
    void Attach(Ptr<WifiNetDevice> device,
                Ptr<energy::EnergySource> source,
                Ptr<WifiRadioEnergyModel> other = nullptr);

    void SetEnergySource(Ptr<energy::EnergySource> source) override;
    double GetTotalEnergyConsumption() const override;
    void ChangeState(int newState) override;
    void HandleEnergyDepletion() override;
    void HandleEnergyChanged() override;

  private:
    void DoDispose() override;
    double DoGetCurrentA() const override;

    void HandleOff(bool off);

    /// Add up what was drawn in the state that ends now.
    void Count();

    Ptr<WifiPhy> m_phy;
    Ptr<energy::EnergySource> m_source;
    Ptr<WifiRadioEnergyModel> m_other;
    WifiPhyState m_state{WifiPhyState::OFF};
    bool m_off{false}; ///< the net device's switch
    Time m_counted;    ///< until then
    double m_joules{0};
};

} // namespace ns3

#endif // DDNN_WIFI_ENERGY_MODEL_H
