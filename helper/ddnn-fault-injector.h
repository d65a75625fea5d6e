// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAULT_INJECTOR_H
#define DDNN_FAULT_INJECTOR_H

#include "ddnn-fault-effects.h"
#include "ddnn-helper.h"
#include "ddnn-record.h"

#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <exception>
#include <string>
#include <vector>

namespace ns3
{

/**
 * Lets nodes and links fail while a simulation runs.
 *
 * Times count from the first capture. What happens at the moment of a capture happens before it,
 * and faults of the same moment in the order in which they were added. Of the faults that take
 * the same thing down and up, such as random ones and those of a script, the last one counts.
 *
 * A node that is down forwards nothing, and all its links are down. It comes up with what it had
 * buffered. A link is up when neither it nor one of its ends is down. A node whose applications
 * have crashed still forwards, and starts again with nothing buffered. A node that is down and has
 * crashed needs both an up and a restart.
 */
class DdnnFaultInjector : public Object
{
  public:
    static TypeId GetTypeId();

    /// \param helper after Install; must live until the simulation has ended
    explicit DdnnFaultInjector(DdnnHelper& helper);

    ~DdnnFaultInjector() override;

    /**
     * Add the events of a script, see ParseFaults, before or while the simulation runs.
     * \throws std::runtime_error naming the event that is no such, or cannot happen
     */
    void Add(const std::string& script);

    /// Add one event.
    /// \throws std::runtime_error if it cannot happen
    void Add(const DdnnFault& fault);

    /**
     * Check what of a fault depends on the technology of an access network, installed or not.
     *
     * \param whole all devices of the network are among the fault's targets
     * \throws std::runtime_error naming the event that cannot happen there
     */
    static void CheckAccess(const DdnnFault& fault, const DdnnAccess& access, bool whole);

    /// Fix the random streams of the random faults that were added, before the simulation runs.
    /// \return how many streams were used
    int64_t AssignStreams(int64_t stream);

    /// Check that no fault turned out to be impossible, which ends the simulation.
    /// \throws std::runtime_error naming the event
    void CheckHappened() const;

    /// Signature of the trace source Fault.
    typedef void (*FaultTracedCallback)(const DdnnFaultRecord& fault);

  private:
    /// Draws how long something works, and how long it does not, in seconds.
    struct Clock
    {
        Ptr<RandomVariableStream> up;
        Ptr<RandomVariableStream> down;
    };

    /// A fault and what it happens to.
    struct Plan
    {
        DdnnFault fault;
        std::vector<DdnnFaultUnit> units;
        std::vector<Clock> clocks; ///< of random faults: one per unit, or one for all
    };

    void Start();
    void ScheduleAll(std::size_t plan);
    void ScheduleRandom(std::size_t plan,
                        const Clock& clock,
                        const std::vector<DdnnFaultUnit>& units);
    void ScheduleOne(Time time, std::size_t plan, DdnnFaultUnit unit, DdnnFaultAction action);
    void Happen(std::size_t plan, DdnnFaultUnit unit, DdnnFaultAction action);

    DdnnHelper& m_helper;
    DdnnFaultEffects m_effects;
    std::vector<Plan> m_plans;
    bool m_started{false};
    std::exception_ptr m_error;
    TracedCallback<const DdnnFaultRecord&> m_faultTrace;
};

} // namespace ns3

#endif // DDNN_FAULT_INJECTOR_H
