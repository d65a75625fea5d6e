// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-fault-injector.h"

#include "ddnn-loss-gate.h"

#include "ns3/channel.h"
#include "ns3/nstime.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnFaultInjector);

namespace
{

/// \return at least 1 ns, so that time goes on, and no more than ns-3 can count
Time
Draw(Ptr<RandomVariableStream> variable)
{
    const double seconds = std::min(variable->GetValue(), DdnnFaultWord::MAX_SECONDS);
    return Max(NanoSeconds(1), NanoSeconds(std::llround(seconds * 1e9)));
}

} // namespace

TypeId
DdnnFaultInjector::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnFaultInjector")
            .SetParent<Object>()
            .SetGroupName("Ddnn")
            .AddTraceSource("Fault",
                            "A fault has happened to a node or a link.",
                            MakeTraceSourceAccessor(&DdnnFaultInjector::m_faultTrace),
                            "ns3::DdnnFaultInjector::FaultTracedCallback");
    return tid;
}

DdnnFaultInjector::DdnnFaultInjector(const ApplicationContainer& applications)
    : DdnnFaultTargets(FindDdnnSites(applications))
    , m_sites(FindDdnnSites(applications))
{
    // when sites capture is known once their applications are initialised, which happens before
    Simulator::ScheduleNow(&DdnnFaultInjector::Start, Ptr<DdnnFaultInjector>(this));
}

DdnnFaultInjector::~DdnnFaultInjector() = default;

void
DdnnFaultInjector::Add(const std::string& script)
{
    Add(ParseFaults(script));
}

void
DdnnFaultInjector::Add(const std::vector<DdnnFault>& faults)
{
    std::vector<Plan> plans;
    for (const DdnnFault& fault : faults)
    {
        try
        {
            const std::vector<Plan> made = MakePlans(fault);
            plans.insert(plans.end(), made.begin(), made.end());
        }
        catch (const std::runtime_error& e)
        {
            throw std::runtime_error(fault.where + ": " + fault.action->name + ": " + e.what());
        }
    }
    for (const Plan& plan : plans)
    {
        m_plans.push_back(plan);
        if (m_started)
        {
            Wait(m_plans.size() - 1, plan.start);
        }
    }
}

int64_t
DdnnFaultInjector::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    for (const Plan& plan : m_plans)
    {
        for (const Step& step : plan.steps)
        {
            if (step.wait)
            {
                step.wait->SetStream(next++);
            }
        }
    }
    for (const NetDeviceContainer& link : GetLinks())
    {
        next += DdnnLinkLoss::Get(link)->AssignStreams(next);
    }
    return next - stream;
}

/// \throws std::runtime_error if the fault cannot happen
std::vector<DdnnFaultInjector::Plan>
DdnnFaultInjector::MakePlans(const DdnnFault& fault) const
{
    if (m_started && m_firstCapture + fault.time < Simulator::Now())
    {
        throw std::runtime_error("the time has passed");
    }
    std::vector<Plan> plans;
    const std::vector<DdnnFaultUnit> units = FindTargets(fault.target);
    for (const DdnnFaultUnit& unit : units)
    {
        if (plans.empty() || fault.action->targets == DdnnFaultAction::RANDOM)
        {
            plans.push_back({fault.time, {}, MakeSteps(fault, !unit.node)});
        }
        plans.back().targets.push_back(unit.name);
        for (Step& step : plans.back().steps)
        {
            if ((step.action->targets == DdnnFaultAction::NODES) != (unit.node != nullptr))
            {
                throw std::runtime_error(unit.name + (unit.node ? " is a node; links are called "
                                                                  "link:NAME"
                                                                : " is a link"));
            }
            step.effects.push_back(step.action->prepare(fault.values, unit));
        }
    }
    if (fault.action->targets == DdnnFaultAction::CHANNELS)
    {
        CheckChannels(units);
    }
    return plans;
}

/// \throws std::runtime_error if another link has the channel of one of these
void
DdnnFaultInjector::CheckChannels(const std::vector<DdnnFaultUnit>& units) const
{
    std::set<Ptr<NetDevice>> devices;
    std::map<Ptr<Channel>, std::string> channels; // names of the links
    for (const DdnnFaultUnit& unit : units)
    {
        for (uint32_t i = 0; i < unit.devices.GetN(); ++i)
        {
            devices.insert(unit.devices.Get(i));
            channels.emplace(unit.devices.Get(i)->GetChannel(), unit.name);
        }
    }
    for (const NetDeviceContainer& link : GetLinks())
    {
        for (uint32_t i = 0; i < link.GetN(); ++i)
        {
            const auto shared = channels.find(link.Get(i)->GetChannel());
            if (shared != channels.end() && shared->first && devices.count(link.Get(i)) == 0)
            {
                throw std::runtime_error(shared->second +
                                         " shares its channel with other links; name them all");
            }
        }
    }
}

/// \return the steps of a fault, without what they do
std::vector<DdnnFaultInjector::Step>
DdnnFaultInjector::MakeSteps(const DdnnFault& fault, bool link)
{
    const auto& values = fault.values;
    if (fault.action->prepare)
    {
        return {{fault.action, values.empty() ? "" : values[0], {}, nullptr}};
    }
    return {{&FindFaultAction(link ? "link-down" : "down"), "", {}, ReadFaultClock(values[0])},
            {&FindFaultAction(link ? "link-up" : "up"), "", {}, ReadFaultClock(values[1])}};
}

void
DdnnFaultInjector::Start()
{
    m_started = true;
    m_firstCapture = Time::Max();
    for (const DdnnSiteApplications& site : m_sites)
    {
        m_firstCapture = Min(m_firstCapture, site.site->GetFirstCapture());
    }
    for (std::size_t plan = 0; plan < m_plans.size(); ++plan)
    {
        Wait(plan, m_plans[plan].start);
    }
}

bool
DdnnFaultInjector::HaveAllEnded() const
{
    return std::all_of(m_sites.begin(), m_sites.end(), [](const DdnnSiteApplications& site) {
        uint64_t ended = 0;
        for (std::size_t outcome = 0; outcome < DDNN_NUM_OUTCOMES; ++outcome)
        {
            ended += site.tracker->GetCount(static_cast<DdnnOutcome>(outcome));
        }
        return ended ==
               (site.site->HasStopped() ? site.site->GetNumCaptured() : site.site->GetNumSamples());
    });
}

/// Let a plan's next step happen at a time or, if it is random, after it.
void
DdnnFaultInjector::Wait(std::size_t index, Time time)
{
    const Plan& plan = m_plans[index];
    if (const auto wait = plan.steps[plan.next].wait)
    {
        time += Draw(wait);
    }
    m_waiting.emplace(time, index);
    Simulator::Schedule(Max(Time(0), m_firstCapture + time - Simulator::Now()),
                        &DdnnFaultInjector::HappenNow,
                        Ptr<DdnnFaultInjector>(this));
}

/// Let happen what waits for this moment, in the order of the plans.
void
DdnnFaultInjector::HappenNow()
{
    const Time now = Simulator::Now() - m_firstCapture;
    while (!m_waiting.empty() && m_waiting.begin()->first <= now)
    {
        const std::size_t index = m_waiting.begin()->second;
        m_waiting.erase(m_waiting.begin());
        Plan& plan = m_plans[index];
        const Step& step = plan.steps[plan.next];
        if (step.wait && HaveAllEnded())
        {
            continue;
        }
        for (std::size_t i = 0; i < plan.targets.size(); ++i)
        {
            step.effects[i]();
            m_faultTrace({now, plan.targets[i], step.action->name, step.value});
        }
        if (step.wait)
        {
            plan.next = (plan.next + 1) % plan.steps.size();
            Wait(index, now);
        }
    }
}

} // namespace ns3
