// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAULT_EFFECTS_H
#define DDNN_FAULT_EFFECTS_H

#include "ddnn-fault-target.h"
#include "ddnn-helper.h"

#include <map>
#include <set>
#include <vector>

namespace ns3
{

/// What faults do to the nodes and links of a simulation. Remembers what is down, and why.
class DdnnFaultEffects
{
  public:
    /// \param helper after Install; must live until the simulation has ended
    explicit DdnnFaultEffects(DdnnHelper& helper);

    /**
     * Let an action happen now.
     *
     * \param fault whose values the action has
     * \param unit to which it happens
     * \param action the fault's, or one that a random fault becomes
     * \throws std::runtime_error if it cannot happen there
     */
    void Apply(const DdnnFault& fault, const DdnnFaultUnit& unit, DdnnFaultAction action);

  private:
    /// Of a node that is no device.
    struct NodeState
    {
        bool down{false};
        bool crashed{false};
    };

    void ApplyToNode(const DdnnFault& fault, const DdnnFaultUnit& unit, DdnnFaultAction action);
    void ApplyToAccess(const DdnnFault& fault, const DdnnFaultUnit& unit, DdnnFaultAction action);
    void ApplyToWire(const DdnnFault& fault, const DdnnFaultUnit& unit, DdnnFaultAction action);
    void SetDown(const DdnnFaultUnit& unit, bool down);
    void SetCrashed(const DdnnFaultUnit& unit, bool crashed);
    void SetSlowdown(const DdnnFaultUnit& unit, double factor);
    void SetBehaviour(const DdnnFaultUnit& unit, DdnnBehaviour behaviour);
    void SetBitErrorRate(const DdnnFaultUnit& unit, double rate);
    void UpdateNode(const DdnnFaultUnit& unit);
    void UpdateWire(std::size_t wire);
    Ptr<Node> GetNode(const DdnnFaultUnit& unit) const;
    std::size_t GetWire(const DdnnFaultUnit& unit) const;

    DdnnHelper& m_helper;
    std::map<Ptr<Node>, std::vector<Ptr<DdnnApplication>>> m_applications;
    std::map<Ptr<Node>, std::vector<std::size_t>> m_wires; ///< that end there
    std::map<DdnnFaultUnit, NodeState> m_nodes;
    std::set<Ptr<Node>> m_downNodes;   ///< that are no devices
    std::set<std::size_t> m_downWires; ///< by a fault of their own
};

} // namespace ns3

#endif // DDNN_FAULT_EFFECTS_H
