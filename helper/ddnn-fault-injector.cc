// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-fault-injector.h"

#include "ddnn-fault-check.h"
#include "ddnn-quantity.h"
#include "ddnn-require.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnFaultInjector);

namespace
{

using Kind = DdnnFaultUnit::Kind;
using Action = DdnnFaultAction;

Ptr<RandomVariableStream>
MakeVariable(const DdnnFaultClock& clock)
{
    const DoubleValue scale(clock.scale.GetSeconds());
    switch (clock.law)
    {
    case DdnnFaultClock::Law::EXPONENTIAL:
        return CreateObjectWithAttributes<ExponentialRandomVariable>("Mean", scale);
    case DdnnFaultClock::Law::WEIBULL:
        return CreateObjectWithAttributes<WeibullRandomVariable>("Scale",
                                                                 scale,
                                                                 "Shape",
                                                                 DoubleValue(clock.shape));
    default:
        return CreateObjectWithAttributes<ConstantRandomVariable>("Constant", scale);
    }
}

/// \return at least 1 ns, so that time goes on, and no more than ns-3 can count
Time
Draw(Ptr<RandomVariableStream> variable)
{
    const double seconds = std::min(variable->GetValue(), DdnnQuantity::MAX_SECONDS);
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

DdnnFaultInjector::DdnnFaultInjector(DdnnHelper& helper)
    : m_helper(helper)
    , m_effects(helper)
{
}

DdnnFaultInjector::~DdnnFaultInjector() = default;

void
DdnnFaultInjector::Add(const std::string& script)
{
    for (const DdnnFault& fault : ParseFaults(script))
    {
        Add(fault);
    }
}

void
DdnnFaultInjector::Add(const DdnnFault& fault)
{
    const ddnn::Hierarchy& hierarchy = m_helper.GetHierarchy();
    CheckFaults({fault}, hierarchy, m_helper.GetEnd() - m_helper.GetFirstCapture());
    if (m_helper.GetFirstCapture() + fault.time < Simulator::Now())
    {
        RefuseFault(fault, "the time of " + ToString(fault.action) + " has passed");
    }
    Plan plan{fault, ResolveFault(fault, hierarchy), {}};
    std::map<const DdnnTopology::Cell*, std::size_t> cells; // and how many devices are targets
    for (const DdnnFaultUnit& unit : plan.units)
    {
        if (unit.kind == Kind::ACCESS)
        {
            ++cells[&m_helper.GetTopology().GetCell(unit.index)];
        }
    }
    for (const auto& [cell, targets] : cells)
    {
        CheckAccess(fault, *cell->access, targets == cell->devices.size());
    }
    const bool together = fault.action == Action::FAILS_TOGETHER;
    const std::size_t numClocks = together ? 1 : plan.units.size();
    for (std::size_t i = 0; IsRandom(fault) && i < numClocks; ++i)
    {
        plan.clocks.push_back({MakeVariable(fault.up), MakeVariable(fault.down)});
    }
    m_plans.push_back(std::move(plan));
    if (m_started)
    {
        ScheduleAll(m_plans.size() - 1);
    }
    else if (m_plans.size() == 1)
    {
        // ns-3 runs events of the same time in the order in which they were scheduled. The streams
        // are known when the simulation runs, and the applications start after this.
        Simulator::ScheduleNow(&DdnnFaultInjector::Start, Ptr<DdnnFaultInjector>(this));
    }
}

void
DdnnFaultInjector::CheckAccess(const DdnnFault& fault, const DdnnAccess& access, bool whole)
{
    try
    {
        if (fault.action == Action::RATE)
        {
            access.CheckRate(fault.value);
        }
        if (fault.action == Action::DELAY)
        {
            access.CheckDelay(fault.delay);
            Require(whole || !access.SharesDelay(),
                    "access network " + access.GetName() +
                        " has one delay for all devices of a cell; name them all");
        }
    }
    catch (const std::runtime_error& e)
    {
        RefuseFault(fault, ToString(fault.action) + ": " + e.what());
    }
}

int64_t
DdnnFaultInjector::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    for (const Plan& plan : m_plans)
    {
        for (const Clock& clock : plan.clocks)
        {
            clock.up->SetStream(next++);
            clock.down->SetStream(next++);
        }
    }
    return next - stream;
}

void
DdnnFaultInjector::CheckHappened() const
{
    if (m_error)
    {
        std::rethrow_exception(m_error);
    }
}

void
DdnnFaultInjector::Start()
{
    m_started = true;
    for (std::size_t plan = 0; plan < m_plans.size(); ++plan)
    {
        ScheduleAll(plan);
    }
}

void
DdnnFaultInjector::ScheduleAll(std::size_t index)
{
    const Plan& plan = m_plans[index];
    for (std::size_t i = 0; i < plan.units.size() && !IsRandom(plan.fault); ++i)
    {
        ScheduleOne(plan.fault.time, index, plan.units[i], plan.fault.action);
    }
    for (std::size_t i = 0; i < plan.clocks.size(); ++i)
    {
        const bool together = plan.fault.action == Action::FAILS_TOGETHER;
        ScheduleRandom(index,
                       plan.clocks[i],
                       together ? plan.units : std::vector<DdnnFaultUnit>{plan.units[i]});
    }
}

void
DdnnFaultInjector::ScheduleRandom(std::size_t plan,
                                  const Clock& clock,
                                  const std::vector<DdnnFaultUnit>& units)
{
    const Time end = m_helper.GetEnd() - m_helper.GetFirstCapture();
    bool up = true;
    Time time = m_plans[plan].fault.time + Draw(clock.up);
    while (time < end)
    {
        up = !up;
        for (const DdnnFaultUnit& unit : units)
        {
            const Action action = unit.IsLink() ? (up ? Action::LINK_UP : Action::LINK_DOWN)
                                                : (up ? Action::UP : Action::DOWN);
            ScheduleOne(time, plan, unit, action);
        }
        time += Draw(up ? clock.up : clock.down);
    }
}

void
DdnnFaultInjector::ScheduleOne(Time time, std::size_t plan, DdnnFaultUnit unit, Action action)
{
    Simulator::Schedule(m_helper.GetFirstCapture() + time - Simulator::Now(),
                        &DdnnFaultInjector::Happen,
                        Ptr<DdnnFaultInjector>(this),
                        plan,
                        unit,
                        action);
}

void
DdnnFaultInjector::Happen(std::size_t plan, DdnnFaultUnit unit, Action action)
{
    const DdnnFault& fault = m_plans[plan].fault;
    try
    {
        m_effects.Apply(fault, unit, action);
    }
    catch (const std::runtime_error& e)
    {
        // not from within the event that this is: ns-3 would leak it
        m_error = std::make_exception_ptr(std::runtime_error(
            (fault.where.empty() ? "" : fault.where + ": ") + ToString(action) + ": " + e.what()));
        Simulator::Stop();
        return;
    }
    m_faultTrace({Simulator::Now() - m_helper.GetFirstCapture(),
                  ToString(unit, m_helper.GetHierarchy()),
                  ToString(action),
                  action == fault.action ? fault.value : ""});
}

} // namespace ns3
