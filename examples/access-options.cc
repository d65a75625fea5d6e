// SPDX-License-Identifier: GPL-2.0-only
#include "access-options.h"

#include "option-values.h"

#include <stdexcept>
#include <string>

namespace ddnn::examples
{

namespace
{

constexpr double MAX_RADIUS = 1e6;  // metres
constexpr double MAX_EXPONENT = 10; // of the path loss
constexpr int MAX_STATIONS = 1000;

void
AddDistanceOptions(Options& options, ns3::DdnnAccessSettings& access)
{
    using ns3::DdnnFading;
    using ns3::DdnnPathLoss;
    using ns3::DdnnPlacement;
    options.AddDouble("radius",
                      "of the placement, in metres; 0: 5, with LTE 50",
                      access.radiusMetres,
                      0,
                      MAX_RADIUS);
    options.AddChoice<DdnnPlacement>(
        "placement",
        "of wireless devices: on a circle, or at random on its disc",
        access.placement,
        {{"circle", DdnnPlacement::CIRCLE}, {"disc", DdnnPlacement::DISC}});
    options.AddChoice<DdnnPathLoss>(
        "pathLoss",
        "of Wi-Fi signals",
        access.wifi.pathLoss,
        {{"log-distance", DdnnPathLoss::LOG_DISTANCE}, {"friis", DdnnPathLoss::FRIIS}});
    options.AddDouble("pathLossExponent",
                      "of the log-distance path loss",
                      access.wifi.pathLossExponent,
                      0,
                      MAX_EXPONENT);
    options.AddChoice<DdnnFading>("fading",
                                  "of Wi-Fi signals",
                                  access.wifi.fading,
                                  {{"none", DdnnFading::NONE}, {"nakagami", DdnnFading::NAKAGAMI}});
    options.AddFlag("allowUnconnected",
                    "a Wi-Fi device out of reach is no error, nothing comes from it",
                    access.wifi.allowUnconnected);
}

} // namespace

void
AddAccessOptions(Options& options, ns3::DdnnScenarioSettings& scenario)
{
    ns3::DdnnAccessSettings& access = scenario.access;
    options.AddDouble("accessLoss",
                      "part of the packets that access links deliver and that are lost",
                      access.packetErrorRate,
                      0,
                      1);
    AddDistanceOptions(options, access);
    options.Add("stations",
                "that share the first cell, Wi-Fi or CSMA, with the devices",
                "a whole number from 0 to " + std::to_string(MAX_STATIONS),
                "0",
                [&access](const std::string& text) {
                    int stations = 0;
                    if (!ParseNumber(text, 0, MAX_STATIONS, stations))
                    {
                        return false;
                    }
                    access.background.stations = stations;
                    return true;
                });
    options.AddRate("stationLoad", "of each of them, to the gateway", access.background.load);
}

void
CheckAccessOptions(const Options& options, const ns3::DdnnAccessSettings& access)
{
    if (options.IsSet("stationLoad") && access.background.stations == 0)
    {
        throw std::runtime_error("--stationLoad has no effect without --stations");
    }
}

} // namespace ddnn::examples
