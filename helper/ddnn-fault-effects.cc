// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-fault-effects.h"

#include "ddnn-quantity.h"

namespace ns3
{

namespace
{

using Kind = DdnnFaultUnit::Kind;
using Action = DdnnFaultAction;

} // namespace

DdnnFaultEffects::DdnnFaultEffects(DdnnHelper& helper)
    : m_helper(helper)
{
    for (const auto& application : helper.GetApplications())
    {
        m_applications[application->GetNode()].push_back(application);
    }
    const auto& wires = helper.GetTopology().GetWires();
    for (std::size_t wire = 0; wire < wires.size(); ++wire)
    {
        m_wires[wires[wire].devices.Get(0)->GetNode()].push_back(wire);
        m_wires[wires[wire].devices.Get(1)->GetNode()].push_back(wire);
    }
}

void
DdnnFaultEffects::Apply(const DdnnFault& fault, const DdnnFaultUnit& unit, Action action)
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

void
DdnnFaultEffects::ApplyToNode(const DdnnFault& fault, const DdnnFaultUnit& unit, Action action)
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
DdnnFaultEffects::ApplyToAccess(const DdnnFault& fault, const DdnnFaultUnit& unit, Action action)
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
DdnnFaultEffects::ApplyToWire(const DdnnFault& fault, const DdnnFaultUnit& unit, Action action)
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
DdnnFaultEffects::SetDown(const DdnnFaultUnit& unit, bool down)
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
    for (const std::size_t wire : m_wires[node])
    {
        UpdateWire(wire);
    }
    if (unit.kind == Kind::GATEWAY)
    {
        DdnnAccess& access = *m_helper.GetTopology().GetCells()[unit.index].access;
        if (down)
        {
            access.SwitchOffGateway();
        }
        else
        {
            access.SwitchOnGateway();
        }
    }
}

void
DdnnFaultEffects::SetCrashed(const DdnnFaultUnit& unit, bool crashed)
{
    for (const auto& application : m_applications[GetNode(unit)])
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
DdnnFaultEffects::SetSlowdown(const DdnnFaultUnit& unit, double factor)
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
DdnnFaultEffects::SetBehaviour(const DdnnFaultUnit& unit, DdnnBehaviour behaviour)
{
    if (unit.kind == Kind::DEVICE)
    {
        m_helper.GetDevice(unit.index)->SetBehaviour(behaviour);
    }
}

void
DdnnFaultEffects::SetBitErrorRate(const DdnnFaultUnit& unit, double rate)
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
DdnnFaultEffects::UpdateNode(const DdnnFaultUnit& unit)
{
    const NodeState& state = m_nodes[unit];
    for (const auto& application : m_applications[GetNode(unit)])
    {
        application->SetFailed(state.down || state.crashed);
    }
}

void
DdnnFaultEffects::UpdateWire(std::size_t wire)
{
    DdnnTopology& topology = m_helper.GetTopology();
    const NetDeviceContainer& ends = topology.GetWires()[wire].devices;
    topology.SetWireUp(wire,
                       m_downWires.count(wire) == 0 &&
                           m_downNodes.count(ends.Get(0)->GetNode()) == 0 &&
                           m_downNodes.count(ends.Get(1)->GetNode()) == 0);
}

Ptr<Node>
DdnnFaultEffects::GetNode(const DdnnFaultUnit& unit) const
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
DdnnFaultEffects::GetWire(const DdnnFaultUnit& unit) const
{
    const DdnnTopology& topology = m_helper.GetTopology();
    switch (unit.kind)
    {
    case Kind::CELL:
        return topology.GetCellWire(unit.index);
    case Kind::TRUNK:
        return topology.GetTrunk(unit.tier);
    default:
        return topology.GetSite(unit.tier, unit.index);
    }
}

} // namespace ns3
