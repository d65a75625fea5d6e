// SPDX-License-Identifier: GPL-2.0-only
// Whatever a fault script holds, it is refused in one line, or each of its events is prepared for a
// target, or is refused there in one line.
#include "helper/faults/ddnn-fault-targets.h"
#include "helper/faults/ddnn-fault.h"
#include "test/support/table-model.h"

#include "ns3/ddnn-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/point-to-point-helper.h"

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

/// A site of four end devices, two edges and a cloud, cells and a link.
ns3::DdnnFaultTargets
MakeTargets()
{
    ddnn::PresetSettings preset;
    preset.numDevices = 4;
    auto world = ddnn::test::MakeWorld('c', 4, 1);
    world.model = std::make_shared<ddnn::test::TableModel>(ddnn::MakePreset('f', preset));
    const ns3::NodeContainer devices(4);
    const ns3::NodeContainer edges(2);
    const ns3::NodeContainer cloud(1);
    const ns3::NodeContainer exits(2);
    ns3::InternetStackHelper().InstallAll();
    const auto link = ns3::PointToPointHelper().Install(exits);
    ns3::Ipv4AddressHelper("10.0.0.0", "255.255.255.0").Assign(link);
    ns3::DdnnHelper ddnn(world.model, world.dataset, world.samples);
    ns3::DdnnFaultTargets targets(ns3::FindDdnnSites(ddnn.Install({devices, edges, cloud}, exits)));
    targets.AddGroup("cell", devices);
    targets.AddGroup("cell", edges);
    targets.AddLink("edge", link);
    targets.AddLink("edge:", link.Get(0));
    targets.AddLink("backhaul", link);
    return targets;
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    static const ns3::DdnnFaultTargets TARGETS = MakeTargets();
    try
    {
        for (const ns3::DdnnFault& fault : ns3::ParseFaults(std::string(data, data + size)))
        {
            Require(!fault.time.IsStrictlyNegative());
            const auto units = TARGETS.FindTargets(fault.target);
            Require(!units.empty());
            for (const ns3::DdnnFaultUnit& unit : units)
            {
                const auto targets =
                    unit.node ? ns3::DdnnFaultAction::NODES : ns3::DdnnFaultAction::LINKS;
                if (fault.action->targets == targets)
                {
                    Require(bool(fault.action->prepare(fault.values, unit)));
                }
            }
        }
    }
    catch (const std::runtime_error& error)
    {
        const std::string message = error.what();
        Require(message.size() < 1000 && message.find('\n') == std::string::npos);
    }
    return 0;
}
