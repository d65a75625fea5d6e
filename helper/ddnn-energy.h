// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ENERGY_H
#define DDNN_ENERGY_H

#include "ns3/ddnn-compute-energy-model.h"

#include "ns3/nstime.h"

#include <cstdint>
#include <vector>

namespace ns3
{

class DdnnHelper;

/// What the energy account of the devices knows.
struct DdnnEnergySettings
{
    bool enabled{false};     ///< false: nothing is accounted, and nothing in the run changes
    double batteryJoules{0}; ///< of each device, full at the first capture; 0: never empty
    double joulesPerOperation{DdnnComputeEnergyModel::JOULES_PER_OPERATION};
};

/// The energy that a device has used, in joules.
struct DdnnDeviceEnergy
{
    double radio{0};   ///< zero where ns-3 has no model of it: on all but Wi-Fi
    double compute{0}; ///< of the device's section
    double drawn{0};   ///< what its source has lost: radio and compute, but for rounding
};

/// A battery is empty.
struct DdnnDeath
{
    uint32_t device{0};
    Time time; ///< since the first capture
};

/// What came out of the account. Only what happened is told: no lifetime is extrapolated.
struct DdnnEnergyResult
{
    /// `[device]`, from the first capture until one interval after the last
    std::vector<DdnnDeviceEnergy> devices;
    std::vector<DdnnDeath> deaths; ///< in the whole run, in order of time

    /// \return joules of all devices
    double GetTotal() const;
};

/// \throws std::runtime_error naming the option if a setting is out of range
void CheckEnergy(const DdnnEnergySettings& settings);

/**
 * Energy sources on the end devices: a BasicEnergySource for each, with a DdnnComputeEnergyModel
 * and, on Wi-Fi, ns-3's WifiRadioEnergyModel. ns-3 has no energy model of the radios of LR-WPAN and
 * LTE, nor of CSMA and point-to-point links: there computing alone is accounted.
 *
 * The account opens at the first capture, with a full battery: what association took is not
 * counted. A device whose source is empty is down for the reason BATTERY, for good. The source has
 * twice the battery's energy and counts as empty at half: ns-3's radio model, which has a timer for
 * an entirely empty source, would else race with the account. A battery with less than 1/100 000
 * left is empty too, as ns-3 rounds what is drawn to nanojoules, each time.
 */
class DdnnEnergy
{
  public:
    /**
     * \param helper after Install and before the simulation runs
     * \param settings of which `enabled` is ignored
     *
     * The object must live until the simulator is destroyed.
     *
     * \throws std::runtime_error if a setting is out of range
     */
    DdnnEnergy(DdnnHelper& helper, const DdnnEnergySettings& settings);

    ~DdnnEnergy();

    DdnnEnergy(const DdnnEnergy&) = delete;
    DdnnEnergy& operator=(const DdnnEnergy&) = delete;

    /// \return true if ns-3 has an energy model of the device's radio
    bool HasRadio(uint32_t device) const;

    /// \return what happened, once the simulation has run
    /// \throws std::runtime_error if a source that is never empty was
    DdnnEnergyResult GetResult() const;

  private:
    /// The energy of one device.
    struct Meter;

    void InstallSource(uint32_t device);
    void Open();
    void Close();
    void AddRadio(Meter& meter);
    void HandleRadioOn(uint32_t device);
    void HandleChange(uint32_t device, double before, double after);
    void HandleComputed(uint32_t device, uint32_t sample, int64_t operations, Time duration);
    void CheckSoon(uint32_t device);
    void Check(uint32_t device);
    void HandleDepletion(uint32_t device);
    void Die(uint32_t device);

    DdnnHelper& m_helper;
    DdnnEnergySettings m_settings;
    double m_capacity; ///< joules of each battery
    std::vector<Meter> m_meters;
    DdnnEnergyResult m_result;
    bool m_exhausted{false}; ///< a source that is never empty was
};

} // namespace ns3

#endif // DDNN_ENERGY_H
