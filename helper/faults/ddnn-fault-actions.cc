// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-fault-actions.h"

#include "ddnn-fault.h"
#include "ddnn-loss-gate.h"

#include "ns3/channel.h"
#include "ns3/constant-rate-wifi-manager.h"
#include "ns3/ddnn-end-device.h"
#include "ns3/ddnn-exit.h"
#include "ns3/ddnn-processor.h"
#include "ns3/ddnn-server.h"
#include "ns3/ddnn-switch.h"
#include "ns3/double.h"
#include "ns3/object-factory.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"

#include <stdexcept>

namespace ns3
{

namespace
{

using Values = DdnnFaultAction::Values;
using Effect = DdnnFaultAction::Effect;

/// \return the applications on a node that are of this class
template <typename T>
std::vector<Ptr<T>>
GetApplications(Ptr<Node> node)
{
    std::vector<Ptr<T>> found;
    for (uint32_t i = 0; i < node->GetNApplications(); ++i)
    {
        if (const auto application = DynamicCast<T>(node->GetApplication(i)))
        {
            found.push_back(application);
        }
    }
    return found;
}

/// \throws std::runtime_error naming the unit unless the condition holds
void
Require(bool condition, const DdnnFaultUnit& unit, const std::string& obstacle)
{
    if (!condition)
    {
        throw std::runtime_error(unit.name + " " + obstacle);
    }
}

template <DdnnOffCause CAUSE, bool OFF>
Effect
SwitchNode(const Values&, const DdnnFaultUnit& unit)
{
    return [node = unit.node] {
        if (CAUSE == DdnnOffCause::CRASH && OFF)
        {
            for (const auto& application : GetApplications<DdnnApplication>(node))
            {
                application->Crash();
            }
        }
        DdnnNodeSwitch::Get(node)->SetOff(CAUSE, OFF);
    };
}

double
ReadFactor(const std::string& word)
{
    return DdnnFaultWord::ReadNumber(word, 1e-6, 1e6);
}

double
ReadProbability(const std::string& word)
{
    return DdnnFaultWord::ReadNumber(word, 0, 1);
}

Effect
Slow(const Values& values, const DdnnFaultUnit& unit)
{
    const auto processor = unit.node->GetObject<DdnnProcessor>();
    Require(processor != nullptr, unit, "has no DdnnProcessor");
    return [processor, factor = ReadFactor(values[0])] {
        processor->SetSlowdown(factor);
    };
}

template <DdnnBehaviour BEHAVIOUR>
Effect
Behave(const Values&, const DdnnFaultUnit& unit)
{
    const auto devices = GetApplications<DdnnEndDevice>(unit.node);
    Require(!devices.empty(), unit, "is no end device");
    return [devices] {
        for (const auto& device : devices)
        {
            device->SetBehaviour(BEHAVIOUR);
        }
    };
}

Effect
FlipBits(const Values& values, const DdnnFaultUnit& unit)
{
    Require(!GetApplications<DdnnExit>(unit.node).empty() ||
                !GetApplications<DdnnServer>(unit.node).empty(),
            unit,
            "takes neither features nor class scores");
    return [node = unit.node, rate = ReadProbability(values[0])] {
        for (const auto& application : GetApplications<DdnnApplication>(node))
        {
            application->SetBitErrorRate(rate);
        }
    };
}

Effect
Normalise(const Values&, const DdnnFaultUnit& unit)
{
    return [node = unit.node] {
        if (const auto processor = node->GetObject<DdnnProcessor>())
        {
            processor->SetSlowdown(1);
        }
        for (const auto& application : GetApplications<DdnnApplication>(node))
        {
            application->SetBitErrorRate(0);
        }
        for (const auto& device : GetApplications<DdnnEndDevice>(node))
        {
            device->SetBehaviour(DdnnBehaviour::NORMAL);
        }
    };
}

/// \return an effect on all net devices of a link
Effect
ForEach(const DdnnFaultUnit& unit, const std::function<Effect(Ptr<NetDevice>)>& prepare)
{
    std::vector<Effect> effects;
    for (uint32_t i = 0; i < unit.devices.GetN(); ++i)
    {
        effects.push_back(prepare(unit.devices.Get(i)));
    }
    return [effects] {
        for (const Effect& effect : effects)
        {
            effect();
        }
    };
}

template <bool OFF>
Effect
SwitchLink(const Values&, const DdnnFaultUnit& unit)
{
    return ForEach(unit, [](Ptr<NetDevice> device) {
        return [device] {
            DdnnNetDeviceSwitch::Get(device)->SetOff(DdnnOffCause::LINK, OFF);
        };
    });
}

/// \return what sets an attribute of a part of a link
Effect
SetAttribute(const DdnnFaultUnit& unit,
             Ptr<Object> owner,
             const std::string& name,
             const AttributeValue& value)
{
    TypeId::AttributeInformation information;
    const TypeId type = owner ? owner->GetInstanceTypeId() : Object::GetTypeId();
    Require(type.LookupAttributeByName(name, &information),
            unit,
            "has no " + name + " that could be set: " + type.GetName());
    return [owner, name, copy = value.Copy()] {
        owner->SetAttribute(name, *copy);
    };
}

/// \return the mode of a Wi-Fi device that has this name
WifiMode
FindMode(Ptr<WifiPhy> phy, const std::string& name)
{
    for (const auto& modes : {phy->GetModeList(), phy->GetMcsList()})
    {
        for (const WifiMode& mode : modes)
        {
            if (mode.GetUniqueName() == name)
            {
                return mode;
            }
        }
    }
    DdnnFaultWord::Refuse(name, "the name of a WifiMode that the device has");
}

/// That of a CSMA channel cannot change: its devices have it from when they were attached.
Effect
ChangeRate(const Values& values, const DdnnFaultUnit& unit)
{
    return ForEach(unit, [&](Ptr<NetDevice> device) {
        if (const auto wifi = DynamicCast<WifiNetDevice>(device))
        {
            const WifiModeValue mode(FindMode(wifi->GetPhy(), values[0]));
            return SetAttribute(unit, wifi->GetRemoteStationManager(), "DataMode", mode);
        }
        const DataRateValue rate(DdnnFaultWord::ReadRate(values[0]));
        return SetAttribute(unit, device, "DataRate", rate);
    });
}

Effect
ChangeDelay(const Values& values, const DdnnFaultUnit& unit)
{
    return ForEach(unit, [&](Ptr<NetDevice> device) {
        const TimeValue delay(DdnnFaultWord::ReadTime(values[0]));
        return SetAttribute(unit, device->GetChannel(), "Delay", delay);
    });
}

Effect
LosePackets(const Values& values, const DdnnFaultUnit& unit)
{
    const auto loss = DdnnLinkLoss::Get(unit.devices);
    Require(loss->CarriesIp(), unit, "carries no IP");
    return [loss, rate = ReadProbability(values[0])] {
        loss->SetRate(rate);
    };
}

/// The link decides what its rates are.
void
ReadAnything(const std::string&)
{
}

/// All fault actions: name, values, targets, function.
const std::vector<DdnnFaultAction> ACTIONS{
    {"down", {}, DdnnFaultAction::NODES, SwitchNode<DdnnOffCause::FAULT, true>},
    {"up", {}, DdnnFaultAction::NODES, SwitchNode<DdnnOffCause::FAULT, false>},
    {"crash", {}, DdnnFaultAction::NODES, SwitchNode<DdnnOffCause::CRASH, true>},
    {"restart", {}, DdnnFaultAction::NODES, SwitchNode<DdnnOffCause::CRASH, false>},
    {"slow", {ReadFactor}, DdnnFaultAction::NODES, Slow},
    {"stuck", {}, DdnnFaultAction::NODES, Behave<DdnnBehaviour::STUCK>},
    {"random", {}, DdnnFaultAction::NODES, Behave<DdnnBehaviour::RANDOM>},
    {"ber", {ReadProbability}, DdnnFaultAction::NODES, FlipBits},
    {"normal", {}, DdnnFaultAction::NODES, Normalise},
    {"link-down", {}, DdnnFaultAction::LINKS, SwitchLink<true>},
    {"link-up", {}, DdnnFaultAction::LINKS, SwitchLink<false>},
    {"rate", {ReadAnything}, DdnnFaultAction::LINKS, ChangeRate},
    {"delay", {DdnnFaultWord::ReadTime}, DdnnFaultAction::CHANNELS, ChangeDelay},
    {"loss", {ReadProbability}, DdnnFaultAction::LINKS, LosePackets},
    {"fails", {ReadFaultClock, ReadFaultClock}, DdnnFaultAction::RANDOM, nullptr},
    {"fails-together", {ReadFaultClock, ReadFaultClock}, DdnnFaultAction::RANDOM_TOGETHER, nullptr},
};

} // namespace

const DdnnFaultAction&
FindFaultAction(const std::string& name)
{
    std::string names;
    for (const DdnnFaultAction& action : ACTIONS)
    {
        if (name == action.name)
        {
            return action;
        }
        names += (names.empty() ? "" : ", ") + action.name;
    }
    DdnnFaultWord::Refuse(name, "one of the actions " + names);
}

Ptr<RandomVariableStream>
ReadFaultClock(const std::string& word)
{
    const auto parts = DdnnFaultWord::Split(word, ':');
    const bool isWeibull = parts[0] == "weibull";
    if ((parts[0] != "constant" && parts[0] != "exponential" && !isWeibull) ||
        parts.size() != (isWeibull ? 3 : 2))
    {
        DdnnFaultWord::Refuse(word, "constant:TIME, exponential:MEAN or weibull:SCALE:SHAPE");
    }
    const Time scale = DdnnFaultWord::ReadTime(parts[1]);
    if (scale < MicroSeconds(100))
    {
        DdnnFaultWord::Refuse(parts[1], "100us or longer");
    }
    const DoubleValue seconds(scale.GetSeconds());
    if (isWeibull)
    {
        const DoubleValue shape(DdnnFaultWord::ReadNumber(parts[2], 0.1, 100));
        return CreateObjectWithAttributes<WeibullRandomVariable>("Scale", seconds, "Shape", shape);
    }
    if (parts[0] == "exponential")
    {
        return CreateObjectWithAttributes<ExponentialRandomVariable>("Mean", seconds);
    }
    return CreateObjectWithAttributes<ConstantRandomVariable>("Constant", seconds);
}

} // namespace ns3
