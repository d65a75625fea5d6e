// SPDX-License-Identifier: GPL-2.0-only
// Whatever a fault script holds, it is refused in one line, or each of its events has a target in
// a hierarchy with cells, edges and a cloud, or is refused there in one line.
#include "helper/ddnn-fault-check.h"
#include "helper/ddnn-fault-script.h"
#include "helper/ddnn-fault-target.h"

#include <cstdlib>
#include <stdexcept>

namespace
{

void
Require(bool condition)
{
    if (!condition)
    {
        std::abort();
    }
}

ddnn::Hierarchy
MakeHierarchy()
{
    ddnn::Hierarchy hierarchy;
    hierarchy.tiers.resize(3);
    hierarchy.tiers[0].name = "device";
    hierarchy.tiers[0].numNodes = 4;
    hierarchy.tiers[1].name = "edge";
    hierarchy.tiers[1].numNodes = 2;
    hierarchy.tiers[2].name = "cloud";
    hierarchy.cells = {{"", {0, 1}}, {"p2p", {2, 3}}};
    return hierarchy;
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    static const ddnn::Hierarchy HIERARCHY = MakeHierarchy();
    try
    {
        const auto faults = ns3::ParseFaults(std::string(data, data + size));
        for (const ns3::DdnnFault& fault : faults)
        {
            ns3::CheckFaultValues(fault);
            Require(!fault.time.IsStrictlyNegative());
            Require(!ns3::ResolveFault(fault, HIERARCHY).empty());
        }
        ns3::CheckFaults(faults, HIERARCHY, ns3::Seconds(100));
    }
    catch (const std::runtime_error& error)
    {
        const std::string message = error.what();
        Require(message.size() < 1000 && message.find('\n') == std::string::npos);
    }
    return 0;
}
