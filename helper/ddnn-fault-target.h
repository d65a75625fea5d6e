// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_FAULT_TARGET_H
#define DDNN_FAULT_TARGET_H

#include "ddnn-fault-script.h"

#include "contrib-ddnn/hierarchy.h"

#include <string>
#include <tuple>
#include <vector>

namespace ns3
{

/// One node or link that a fault happens to. A node that is several things has one name: the
/// gateway of the only cell is the devices' aggregator, and an edge that is alone is its tier's.
struct DdnnFaultUnit
{
    /// What it is, in the order of a group.
    enum class Kind
    {
        DEVICE,
        GATEWAY,    ///< of cell `index`
        SERVER,     ///< an edge or the cloud
        AGGREGATOR, ///< of a tier, where no other node is it
        ACCESS,     ///< link of a device to its gateway
        CELL,       ///< link of the gateway of cell `index` to the devices' aggregator
        TRUNK,      ///< link up to a tier
        SITE        ///< link of a tier's aggregator to one of its nodes
    };

    Kind kind{Kind::DEVICE};
    int tier{0};
    int index{0};

    bool operator<(const DdnnFaultUnit& o) const
    {
        return std::tie(kind, tier, index) < std::tie(o.kind, o.tier, o.index);
    }

    bool IsLink() const
    {
        return kind >= Kind::ACCESS;
    }
};

/// The name of a node or link, as a script may call it: "device:2", "link:edge".
std::string ToString(const DdnnFaultUnit& unit, const ddnn::Hierarchy& hierarchy);

/**
 * The nodes or links of a fault's target, each once.
 * \throws std::runtime_error naming the event if there is none
 */
std::vector<DdnnFaultUnit> ResolveFault(const DdnnFault& fault, const ddnn::Hierarchy& hierarchy);

} // namespace ns3

#endif // DDNN_FAULT_TARGET_H
