// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-topology-names.h"

#include <map>
#include <string>

namespace ns3
{

void
AddDdnnTargets(const std::vector<DdnnTopology>& sites, DdnnFaultInjector& injector)
{
    for (std::size_t number = 0; number < sites.size(); ++number)
    {
        const DdnnTopology& site = sites[number];
        const std::string prefix = sites.size() > 1 ? std::to_string(number) + "/" : "";
        std::map<uint32_t, NetDeviceContainer> access; // by device
        for (const DdnnTopology::Cell& cell : site.cells)
        {
            injector.AddNodes(prefix + "gateway", NodeContainer(cell.gateway));
            NodeContainer nodes;
            for (std::size_t i = 0; i < cell.devices.size(); ++i)
            {
                nodes.Add(site.tiers[0].Get(cell.devices[i]));
                access[cell.devices[i]].Add(cell.access->GetDevices().Get(i));
            }
            injector.AddGroup(prefix + "cell", nodes);
        }
        for (const auto& [device, netDevices] : access)
        {
            injector.AddLink(prefix + "device", netDevices);
        }
        for (const DdnnTopology::Link& link : site.links)
        {
            injector.AddLink(prefix + link.target, link.devices);
        }
        if (site.backhaul)
        {
            injector.AddLink(prefix + "backhaul", site.backhaul->GetDevices());
        }
    }
}

void
AddDdnnHops(const std::vector<DdnnTopology>& sites, DdnnRecorder& recorder)
{
    for (const DdnnTopology& site : sites)
    {
        for (const DdnnTopology::Cell& cell : site.cells)
        {
            recorder.AddHop("access-up", cell.access->GetDevices());
            recorder.AddHop("access-down", cell.access->GetDownlinkDevices());
        }
        for (const DdnnTopology::Link& link : site.links)
        {
            recorder.AddHop(link.upName, NetDeviceContainer(link.devices.Get(0)));
            recorder.AddHop(link.downName, NetDeviceContainer(link.devices.Get(1)));
        }
    }
}

} // namespace ns3
