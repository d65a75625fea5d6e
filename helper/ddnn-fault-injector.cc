// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-fault-injector.h"

#include "ddnn-quantity.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
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
    for (const DdnnFaultUnit& unit : plan.units)
    {
        if (unit.kind == Kind::ACCESS)
        {
            CheckAccess(fault, *m_helper.GetTopology().GetCell(unit.index).access);
        }
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
DdnnFaultInjector::CheckAccess(const DdnnFault& fault, const DdnnAccess& access)
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
        if (unit.kind == Kind::ACCESS)
        {
            ApplyToAccess(fault, unit, action);
        }
        else if (unit.IsLink())
        {
            ApplyToWire(fault, unit, action);
        }
        else
        {
            ApplyToNode(fault, unit, action);
        }
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

void
DdnnFaultInjector::ApplyToNode(const DdnnFault& fault, const DdnnFaultUnit& unit, Action action)
{
    switch (action)
    {
    case Action::DOWN:
    case Action::UP:
        return SetDown(unit, action == Action::DOWN);
    case Action::CRASH:
    case Action::RESTART:
        return SetCrashed(unit, action == Action::CRASH);
    case Action::SLOW:
        return SetSlowdown(unit, fault.number);
    case Action::STUCK:
        return SetBehaviour(unit, DdnnBehaviour::STUCK);
    case Action::BABBLE:
        return SetBehaviour(unit, DdnnBehaviour::BABBLE);
    case Action::BER:
        return SetBitErrorRate(unit, fault.number);
    default: // NORMAL
        SetSlowdown(unit, 1);
        SetBehaviour(unit, DdnnBehaviour::NORMAL);
        SetBitErrorRate(unit, 0);
    }
}

void
DdnnFaultInjector::ApplyToAccess(const DdnnFault& fault, const DdnnFaultUnit& unit, Action action)
{
    const DdnnTopology& topology = m_helper.GetTopology();
    DdnnAccess& access = *topology.GetCell(unit.index).access;
    const uint32_t position = topology.GetPosition(unit.index);
    switch (action)
    {
    case Action::RATE:
        return access.SetRate(position, fault.value);
    case Action::DELAY:
        return access.SetDelay(position, fault.delay);
    case Action::LOSS:
        return access.SetLoss(position, fault.number);
    default:
        m_helper.SetDown(unit.index, DdnnDownReason::LINK, action == Action::LINK_DOWN);
    }
}

void
DdnnFaultInjector::ApplyToWire(const DdnnFault& fault, const DdnnFaultUnit& unit, Action action)
{
    DdnnTopology& topology = m_helper.GetTopology();
    const std::size_t wire = GetWire(unit);
    DataRate rate;
    switch (action)
    {
    case Action::RATE:
        DdnnQuantity::ParseRate(fault.value, rate);
        return topology.SetWireRate(wire, rate);
    case Action::DELAY:
        return topology.SetWireDelay(wire, fault.delay);
    case Action::LOSS:
        return topology.SetWireLoss(wire, fault.number);
    case Action::LINK_DOWN:
        m_downWires.insert(wire);
        return UpdateWire(wire);
    default: // LINK_UP
        m_downWires.erase(wire);
        UpdateWire(wire);
    }
}

void
DdnnFaultInjector::SetDown(const DdnnFaultUnit& unit, bool down)
{
    if (unit.kind == Kind::DEVICE)
    {
        return m_helper.SetDown(unit.index, DdnnDownReason::FAULT, down);
    }
    if (m_nodes[unit].down == down)
    {
        return;
    }
    m_nodes[unit].down = down;
    UpdateNode(unit);
    const Ptr<Node> node = GetNode(unit);
    if (down)
    {
        m_downNodes.insert(node);
    }
    else
    {
        m_downNodes.erase(node);
    }
    for (std::size_t wire = 0; wire < m_helper.GetTopology().GetWires().size(); ++wire)
    {
        UpdateWire(wire);
    }
    if (unit.kind == Kind::GATEWAY)
    {
        DdnnAccess& access = *m_helper.GetTopology().GetCells()[unit.index].access;
        down ? access.SwitchOffGateway() : access.SwitchOnGateway();
    }
}

void
DdnnFaultInjector::SetCrashed(const DdnnFaultUnit& unit, bool crashed)
{
    for (const auto& application : GetApplications(unit))
    {
        if (crashed)
        {
            application->Crash();
        }
    }
    if (unit.kind == Kind::DEVICE)
    {
        return m_helper.SetDown(unit.index, DdnnDownReason::CRASH, crashed);
    }
    m_nodes[unit].crashed = crashed;
    UpdateNode(unit);
}

void
DdnnFaultInjector::SetSlowdown(const DdnnFaultUnit& unit, double factor)
{
    if (unit.kind == Kind::DEVICE)
    {
        m_helper.GetDevice(unit.index)->SetSlowdown(factor);
    }
    else if (unit.kind == Kind::SERVER)
    {
        m_helper.GetServer(unit.tier, unit.index)->SetSlowdown(factor);
    }
}

void
DdnnFaultInjector::SetBehaviour(const DdnnFaultUnit& unit, DdnnBehaviour behaviour)
{
    if (unit.kind == Kind::DEVICE)
    {
        m_helper.GetDevice(unit.index)->SetBehaviour(behaviour);
    }
}

void
DdnnFaultInjector::SetBitErrorRate(const DdnnFaultUnit& unit, double rate)
{
    const bool aggregates =
        unit.kind == Kind::AGGREGATOR ||
        (unit.kind == Kind::GATEWAY && m_helper.GetTopology().GetCells().size() == 1);
    if (unit.kind == Kind::SERVER)
    {
        // not its own aggregator: what it tells itself crosses no link
        m_helper.GetServer(unit.tier, unit.index)->SetBitErrorRate(rate);
    }
    else if (aggregates)
    {
        m_helper.GetAggregator(unit.tier)->SetBitErrorRate(rate);
    }
}

void
DdnnFaultInjector::UpdateNode(const DdnnFaultUnit& unit)
{
    const NodeState& state = m_nodes[unit];
    for (const auto& application : GetApplications(unit))
    {
        application->SetFailed(state.down || state.crashed);
    }
}

void
DdnnFaultInjector::UpdateWire(std::size_t wire)
{
    DdnnTopology& topology = m_helper.GetTopology();
    const NetDeviceContainer& ends = topology.GetWires()[wire].devices;
    topology.SetWireUp(wire,
                       m_downWires.count(wire) == 0 &&
                           m_downNodes.count(ends.Get(0)->GetNode()) == 0 &&
                           m_downNodes.count(ends.Get(1)->GetNode()) == 0);
}

Ptr<Node>
DdnnFaultInjector::GetNode(const DdnnFaultUnit& unit) const
{
    const DdnnTopology& topology = m_helper.GetTopology();
    switch (unit.kind)
    {
    case Kind::GATEWAY:
        return topology.GetCells().at(unit.index).gateway;
    case Kind::AGGREGATOR:
        return topology.GetAggregator(unit.tier);
    default:
        return topology.GetNode(unit.tier, unit.index);
    }
}

std::size_t
DdnnFaultInjector::GetWire(const DdnnFaultUnit& unit) const
{
    const DdnnTopology& topology = m_helper.GetTopology();
    switch (unit.kind)
    {
    case Kind::CELL:
        return topology.FindWire("cell", unit.index);
    case Kind::TRUNK:
        return topology.GetTrunk(unit.tier);
    default:
        return topology.FindWire(m_helper.GetHierarchy().tiers[unit.tier].name + "-site",
                                 unit.index);
    }
}

std::vector<Ptr<DdnnApplication>>
DdnnFaultInjector::GetApplications(const DdnnFaultUnit& unit) const
{
    const Ptr<Node> node = GetNode(unit);
    std::vector<Ptr<DdnnApplication>> applications;
    for (const auto& application : m_helper.GetApplications())
    {
        if (application->GetNode() == node)
        {
            applications.push_back(application);
        }
    }
    return applications;
}

} // namespace ns3
