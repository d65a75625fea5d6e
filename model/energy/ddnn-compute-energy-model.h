// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_COMPUTE_ENERGY_MODEL_H
#define DDNN_COMPUTE_ENERGY_MODEL_H

#include "ns3/ddnn-compat.h"
#include "ns3/ddnn-processor.h"
#include "ns3/ddnn-switch.h"

#include "ns3/device-energy-model.h"
#include "ns3/energy-source.h"
#include "ns3/nstime.h"
#include "ns3/traced-value.h"

#include <cstdint>
#include <map>

namespace ns3
{

/**
 * The energy that a node's processor takes for its sections and exits of DDNNs: so many joules per
 * operation. It is drawn as a constant power while a job runs; a slower job takes the same energy.
 * Jobs may overlap. What else the processor does, idling included, is not counted.
 *
 * A run that has begun is drawn to its end, unless the source becomes empty or the node goes off.
 */
class DdnnComputeEnergyModel : public energy::DeviceEnergyModel
{
  public:
    /**
     * Default joules of an operation: the default of DdnnProcessor, a Cortex-M7 at 216 MHz, does
     * 249e6 operations a second at 102 mA and 3.3 V. The current is the typical one of an
     * STM32F746's run mode at 216 MHz, from ITCM RAM with all peripherals disabled (data sheet of
     * STM32F745xx and STM32F746xx, DocID027590).
     */
    static constexpr double JOULES_PER_OPERATION = 1.35e-9;

    static TypeId GetTypeId();

    DdnnComputeEnergyModel();
    ~DdnnComputeEnergyModel() override;

    /// Follow the jobs of a node's processor.
    void Attach(Ptr<DdnnProcessor> processor);

    /// Draw the energy of a run that begins now.
    void Run(int64_t operations, Time duration);

    void SetEnergySource(Ptr<energy::EnergySource> source) override;

    /// \return joules until now
    double GetTotalEnergyConsumption() const override;

    /// Of no meaning here: runs change the state.
    void ChangeState(int newState) override;

    void HandleEnergyDepletion() override;
    void HandleEnergyRecharged() override;
    void HandleEnergyChanged() override;

  private:
    /// A section at work.
    struct Section
    {
        Time begin;
        Time duration;
        double joules;
    };

    void DoDispose() override;
    double DoGetCurrentA() const override;
    void HandleJob(const DdnnJob& job);
    void HandleOff(bool off);
    void Finish(uint64_t run);
    void Stop();

    /// \return joules that a run has taken until now
    static double GetDrawn(const Section& section);

    double m_joulesPerOperation;
    Ptr<energy::EnergySource> m_source;
    Ptr<DdnnNodeSwitch> m_switch;
    TracedValue<bool> m_depleted{false};
    double m_finishedJoules{0}; ///< of runs that have ended
    uint64_t m_numRuns{0};
    std::map<uint64_t, Section> m_runs; ///< at work, by number
};

} // namespace ns3

#endif // DDNN_COMPUTE_ENERGY_MODEL_H
