// SPDX-License-Identifier: GPL-2.0-only
#include "energy-options.h"

#include "option-values.h"
#include "output.h"

#include <cmath>

namespace ddnn::examples
{

namespace
{

/// The limits of ns3::CheckEnergy.
constexpr double MAX_BATTERY_JOULES = 1e6;
constexpr double MAX_JOULES_PER_OPERATION = 1;

/// A number whose option switches the account on.
void
AddNumber(Options& options,
          const std::string& name,
          const std::string& help,
          double high,
          double& target,
          bool& enabled)
{
    options.Add(name,
                help,
                "a number from 0 to " + ToText(high),
                ToText(target),
                [high, &target, &enabled](const std::string& text) {
                    enabled = true;
                    return ParseNumber(text, 0.0, high, target);
                });
}

std::string
Millijoules(double joules)
{
    return std::isnan(joules) ? "-" : Fixed(1000 * joules, 3) + " mJ";
}

} // namespace

void
AddEnergyOptions(Options& options, ns3::DdnnScenarioSettings& settings)
{
    ns3::DdnnEnergySettings& energy = settings.energy;
    options.AddFlag("energy", "account the joules of the devices", energy.enabled);
    AddNumber(options,
              "battery",
              "joules of each device's battery, which is down when it is empty; 0: never empty; "
              "implies --energy",
              MAX_BATTERY_JOULES,
              energy.batteryJoules,
              energy.enabled);
    AddNumber(options,
              "joulesPerOperation",
              "of the devices' processors; implies --energy",
              MAX_JOULES_PER_OPERATION,
              energy.joulesPerOperation,
              energy.enabled);
}

std::string
EnergyWarning(const std::set<std::string>& technologies)
{
    std::string names;
    for (const std::string& name : technologies)
    {
        if (name != "wifi")
        {
            names += (names.empty() ? "" : " and ") + name;
        }
    }
    return names.empty()
               ? ""
               : "--energy counts computing only on " + names + ": ns-3 has no energy model of it";
}

std::string
EnergyText(const ns3::DdnnSummary& summary, const std::vector<ns3::DdnnDeath>& deaths)
{
    const std::string death = deaths.empty()
                                  ? "none"
                                  : "device " + std::to_string(deaths[0].device) + " at " +
                                        Fixed(deaths[0].time.GetSeconds(), 3) + " s";
    return "Energy at T = " + ToText(summary.threshold) + ": " +
           Millijoules(summary.joulesPerSample) + " per sample, " +
           Millijoules(summary.joulesPerCorrectVerdict) +
           " per correct verdict; first death: " + death;
}

} // namespace ddnn::examples
