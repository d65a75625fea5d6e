// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-access-factory.h"

#include <stdexcept>

namespace ns3
{

std::vector<std::string>
GetAccessNames()
{
    return {"wifi", "csma", "p2p", "lrwpan", "lte"};
}

std::unique_ptr<DdnnAccess>
MakeAccess(const DdnnAccessSettings& settings)
{
    if (settings.name == "wifi")
    {
        DdnnWifiSettings wifi = settings.wifi;
        wifi.cell = settings.cell;
        return std::make_unique<DdnnWifiAccess>(wifi);
    }
    if (settings.name == "csma")
    {
        return std::make_unique<DdnnCsmaAccess>(settings.csma);
    }
    if (settings.name == "p2p")
    {
        return std::make_unique<DdnnPointToPointAccess>(settings.pointToPoint);
    }
    if (settings.name == "lrwpan")
    {
        DdnnLrWpanSettings lrWpan = settings.lrWpan;
        lrWpan.cell = settings.cell;
        return std::make_unique<DdnnLrWpanAccess>(lrWpan);
    }
    if (settings.name == "lte")
    {
        return std::make_unique<DdnnLteAccess>(settings.lte);
    }
    std::string known;
    for (const std::string& name : GetAccessNames())
    {
        known += " " + name;
    }
    throw std::runtime_error("access network '" + settings.name +
                             "' is not known, use one of:" + known);
}

std::unique_ptr<DdnnAccess>
MakeCellAccess(DdnnAccessSettings settings, const std::string& technology, uint32_t cell)
{
    if (!technology.empty())
    {
        settings.name = technology;
    }
    settings.cell = cell;
    return MakeAccess(settings);
}

} // namespace ns3
