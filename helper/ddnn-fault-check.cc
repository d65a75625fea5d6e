// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-fault-check.h"

#include "ddnn-fault-target.h"
#include "ddnn-quantity.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace ns3
{

namespace
{

using Kind = DdnnFaultUnit::Kind;

/// Random faults of one run, about.
constexpr double MAX_FAULTS = 1e6;

/// \return why an action cannot happen, empty: it can
std::string
FindObstacle(DdnnFaultAction action, const DdnnFaultUnit& unit, const ddnn::Hierarchy& hierarchy)
{
    switch (action)
    {
    case DdnnFaultAction::FAILS:
    case DdnnFaultAction::FAILS_TOGETHER:
        return "";
    case DdnnFaultAction::LINK_DOWN:
    case DdnnFaultAction::LINK_UP:
    case DdnnFaultAction::RATE:
    case DdnnFaultAction::DELAY:
    case DdnnFaultAction::LOSS:
        return unit.IsLink() ? "" : "is a node; a link is called link:NAME";
    case DdnnFaultAction::SLOW:
        return unit.kind == Kind::DEVICE || unit.kind == Kind::SERVER ? "" : "runs no section";
    case DdnnFaultAction::STUCK:
    case DdnnFaultAction::BABBLE:
        return unit.kind == Kind::DEVICE ? "" : "is no device";
    case DdnnFaultAction::BER:
        if (unit.kind == Kind::DEVICE)
        {
            return "receives neither features nor scores";
        }
        return unit.kind == Kind::GATEWAY && hierarchy.cells.size() > 1
                   ? "passes on without reading; use aggregator:local"
                   : "";
    default:
        return unit.IsLink() ? "is a link" : "";
    }
}

/// A time that at least half of a clock's times are not shorter than, or their mean.
double
TypicalSeconds(const DdnnFaultClock& clock)
{
    const double scale = clock.scale.GetSeconds();
    switch (clock.law)
    {
    case DdnnFaultClock::Law::EXPONENTIAL:
        return scale * std::log(2);
    case DdnnFaultClock::Law::WEIBULL:
        return scale * std::pow(std::log(2), 1 / clock.shape);
    default:
        return scale;
    }
}

/// \return about how many faults there will be
double
EstimateFaults(const DdnnFault& fault, std::size_t numUnits, Time duration)
{
    const double rest = std::max(0.0, duration.GetSeconds() - fault.time.GetSeconds());
    return 2.0 * numUnits * rest / (TypicalSeconds(fault.up) + TypicalSeconds(fault.down));
}

/// \throws std::runtime_error if the fault cannot happen to one of these
void
CheckUnits(const DdnnFault& fault,
           const std::vector<DdnnFaultUnit>& units,
           const ddnn::Hierarchy& hierarchy)
{
    for (const DdnnFaultUnit& unit : units)
    {
        const std::string obstacle = FindObstacle(fault.action, unit, hierarchy);
        if (!obstacle.empty())
        {
            RefuseFault(fault,
                        ToString(fault.action) + " cannot happen to " + ToString(unit, hierarchy) +
                            ", which " + obstacle);
        }
        DataRate rate;
        const bool isWire = unit.IsLink() && unit.kind != Kind::ACCESS;
        if (fault.action == DdnnFaultAction::RATE && isWire &&
            !DdnnQuantity::ParseRate(fault.value, rate))
        {
            RefuseFault(fault,
                        "rate has '" + fault.value +
                            "', must be a rate with its unit, like 10Mbps, from 1bps to 1000Gbps");
        }
    }
}

} // namespace

void
CheckFaults(const std::vector<DdnnFault>& faults, const ddnn::Hierarchy& hierarchy, Time duration)
{
    double numFaults = 0;
    for (const DdnnFault& fault : faults)
    {
        CheckFaultValues(fault);
        const std::vector<DdnnFaultUnit> units = ResolveFault(fault, hierarchy);
        CheckUnits(fault, units, hierarchy);
        numFaults += IsRandom(fault) ? EstimateFaults(fault, units.size(), duration) : units.size();
        if (numFaults > MAX_FAULTS)
        {
            RefuseFault(fault,
                        ToString(fault.action) +
                            " makes more than a million faults in this run; use longer times or "
                            "fewer targets");
        }
    }
}

void
CheckFaultTimes(const std::vector<DdnnFault>& faults, Time end)
{
    for (const DdnnFault& fault : faults)
    {
        if (fault.time >= end)
        {
            std::ostringstream message;
            message << ToString(fault.action) << " is not before the end of the run, "
                    << end.GetSeconds() << " s after the first capture";
            RefuseFault(fault, message.str());
        }
    }
}

} // namespace ns3
