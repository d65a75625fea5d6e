// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAULT_INJECTOR_H
#define DDNN_FAULT_INJECTOR_H

#include "ddnn-fault-targets.h"
#include "ddnn-fault.h"

#include "ns3/application-container.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <deque>
#include <set>
#include <string>
#include <vector>

namespace ns3
{

/**
 * Lets nodes and links fail while a simulation runs, on any network.
 *
 * Times count from the first capture of the earliest site. What happens at the moment of a capture
 * happens before it, and faults of the same moment in the order in which they were added. Of the
 * faults that take the same thing down and up, such as random ones and those of a script, the last
 * one counts. Random faults end when all samples of all sites have ended.
 *
 * An action on a node is for all that runs there, of all sites.
 *
 * A node that is down is silent and forwards nothing; it comes up with what it had buffered. A node
 * whose applications have crashed still forwards, and starts again with nothing buffered. A node
 * that is down and has crashed needs both an up and a restart. A link carries something when
 * neither it nor one of its ends is down.
 */
class DdnnFaultInjector
    : public Object
    , public DdnnFaultTargets
{
  public:
    static TypeId GetTypeId();

    /// \param applications all that DdnnHelper::Install has returned, of one site or several
    explicit DdnnFaultInjector(const ApplicationContainer& applications);

    ~DdnnFaultInjector() override;

    /**
     * Add the events of a script, see ParseFaults, before or while the simulation runs.
     * \throws std::runtime_error naming the event that is no such, or cannot happen
     */
    void Add(const std::string& script);

    /// Add events that were read before, all or none.
    /// \throws std::runtime_error naming the event that cannot happen
    void Add(const std::vector<DdnnFault>& faults);

    /// Fix the random streams of the random faults that were added, and those of the links' losses
    /// that have none.
    /// \return how many streams were used
    int64_t AssignStreams(int64_t stream);

    /// Signature of the trace source Fault.
    typedef void (*FaultTracedCallback)(const DdnnFaultRecord& fault);

  private:
    /// What happens to targets at one moment.
    struct Step
    {
        const DdnnFaultAction* action;
        std::string value;
        std::vector<DdnnFaultAction::Effect> effects; ///< `[target]`
        Ptr<RandomVariableStream> wait; ///< seconds that pass before it; nullptr: not random
    };

    /// A fault, or the random ones of a clock, whose two steps follow each other again and again.
    struct Plan
    {
        Time start;
        std::vector<std::string> targets;
        std::vector<Step> steps;
        std::size_t next{0}; ///< step
    };

    void Start();
    bool HaveAllEnded() const;
    std::vector<Plan> MakePlans(const DdnnFault& fault) const;
    void CheckChannels(const std::vector<DdnnFaultUnit>& units) const;
    static std::vector<Step> MakeSteps(const DdnnFault& fault, bool link);
    void Wait(std::size_t index, Time time);
    void HappenNow();

    std::vector<DdnnSiteApplications> m_sites;
    bool m_started{false};
    Time m_firstCapture;
    std::deque<Plan> m_plans;                         ///< in the order in which they were added
    std::set<std::pair<Time, std::size_t>> m_waiting; ///< when a plan's next step happens
    TracedCallback<const DdnnFaultRecord&> m_faultTrace;
};

} // namespace ns3

#endif // DDNN_FAULT_INJECTOR_H
