// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-access-factory.h"

#include "ddnn-require.h"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace ns3
{

namespace
{

/// What all wireless networks have.
template <typename Settings>
Settings
MakeWireless(Settings technology, const DdnnAccessSettings& settings)
{
    technology.placement = settings.placement;
    if (settings.radiusMetres > 0)
    {
        technology.radiusMetres = settings.radiusMetres;
    }
    return technology;
}

} // namespace

std::vector<std::string>
GetAccessNames()
{
    return {"wifi", "csma", "p2p", "lrwpan", "lte"};
}

void
CheckAccess(const DdnnAccessSettings& settings, const ddnn::Hierarchy& hierarchy, Time duration)
{
    std::vector<std::string> used; // by cell
    for (const ddnn::Cell& cell : hierarchy.cells)
    {
        used.push_back(cell.access.empty() ? settings.name : cell.access);
    }
    if (used.empty())
    {
        used.push_back(settings.name);
    }
    const auto requireUse =
        [&used](bool isSet, const std::string& option, const std::set<std::string>& technologies) {
            const bool has = std::any_of(used.begin(), used.end(), [&](const std::string& name) {
                return technologies.count(name) > 0;
            });
            Require(!isSet || has, option + " has no effect on access network " + used.front());
        };
    Require(settings.packetErrorRate >= 0 && settings.packetErrorRate <= 1,
            "--accessLoss has " + std::to_string(settings.packetErrorRate) + ", must be 0 to 1");
    Require(settings.radiusMetres >= 0, "--radius must not be less than zero");
    const std::set<std::string> wireless{"wifi", "lrwpan", "lte"};
    requireUse(settings.placement != DdnnPlacement::CIRCLE, "--placement", wireless);
    requireUse(settings.radiusMetres > 0, "--radius", wireless);
    const DdnnWifiSettings& wifi = settings.wifi;
    const DdnnWifiSettings byDefault;
    const bool setsExponent = wifi.pathLossExponent != byDefault.pathLossExponent;
    requireUse(wifi.standard != byDefault.standard, "--wifiStandard", {"wifi"});
    requireUse(wifi.rate != byDefault.rate, "--wifiRate", {"wifi"});
    requireUse(wifi.pathLoss != byDefault.pathLoss, "--pathLoss", {"wifi"});
    requireUse(setsExponent, "--pathLossExponent", {"wifi"});
    requireUse(wifi.fading != byDefault.fading, "--fading", {"wifi"});
    requireUse(wifi.allowUnconnected, "--allowUnconnected", {"wifi"});
    Require(!setsExponent || wifi.pathLoss == DdnnPathLoss::LOG_DISTANCE,
            "--pathLossExponent belongs to --pathLoss=log-distance");
    Require(settings.background.stations == 0 || used.front() == "wifi" || used.front() == "csma",
            "--stations: access network " + used.front() +
                " of the first cell has no background stations, use wifi or csma");
    const double datagrams = DdnnStations::CountDatagrams(settings.background, duration);
    Require(datagrams <= DDNN_MAX_EVENTS,
            "--stationLoad makes more than ten million datagrams in this run; use less, fewer "
            "--stations or fewer --samples");
}

std::unique_ptr<DdnnAccess>
MakeAccess(const DdnnAccessSettings& settings)
{
    if (settings.name == "wifi")
    {
        DdnnWifiSettings wifi = MakeWireless(settings.wifi, settings);
        wifi.cell = settings.cell;
        wifi.background = settings.background;
        return std::make_unique<DdnnWifiAccess>(wifi);
    }
    if (settings.name == "csma")
    {
        DdnnCsmaSettings csma = settings.csma;
        csma.background = settings.background;
        return std::make_unique<DdnnCsmaAccess>(csma);
    }
    if (settings.name == "p2p")
    {
        return std::make_unique<DdnnPointToPointAccess>(settings.pointToPoint);
    }
    if (settings.name == "lrwpan")
    {
        DdnnLrWpanSettings lrWpan = MakeWireless(settings.lrWpan, settings);
        lrWpan.cell = settings.cell;
        return std::make_unique<DdnnLrWpanAccess>(lrWpan);
    }
    if (settings.name == "lte")
    {
        return std::make_unique<DdnnLteAccess>(MakeWireless(settings.lte, settings));
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
    if (cell > 0)
    {
        settings.background.stations = 0;
    }
    return MakeAccess(settings);
}

} // namespace ns3
