// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-fault-check.h"
#include "ns3/ddnn-fault-target.h"

#include "contrib-ddnn/hierarchy-presets.h"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace ns3;

namespace
{

/// \param cells 0: the hierarchy names none
ddnn::Hierarchy
MakeHierarchy(char config, int numDevices, int cells = 0)
{
    ddnn::PresetSettings settings;
    settings.numDevices = numDevices;
    ddnn::Hierarchy hierarchy = ddnn::MakePreset(config, settings);
    if (cells > 0)
    {
        ddnn::SplitIntoCells(hierarchy, cells);
    }
    return hierarchy;
}

/// The names of what a target means.
std::string
Names(const ddnn::Hierarchy& hierarchy, const std::string& target, const std::string& action)
{
    std::string names;
    for (const DdnnFaultUnit& unit :
         ResolveFault(ParseFaults("1s " + target + " " + action).at(0), hierarchy))
    {
        names += (names.empty() ? "" : " ") + ToString(unit, hierarchy);
    }
    return names;
}

std::string
Nodes(const ddnn::Hierarchy& hierarchy, const std::string& target)
{
    return Names(hierarchy, target, "down");
}

std::string
Links(const ddnn::Hierarchy& hierarchy, const std::string& target)
{
    return Names(hierarchy, target, "link-down");
}

std::string
Refusal(const ddnn::Hierarchy& hierarchy, const std::string& event, Time duration = Seconds(100))
{
    try
    {
        CheckFaults(ParseFaults(event), hierarchy, duration);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "accepted";
}

} // namespace

TEST(FaultTarget, FindsNodes)
{
    const auto hierarchy = MakeHierarchy('c', 6);
    EXPECT_EQ(Nodes(hierarchy, "device:2"), "device:2");
    EXPECT_EQ(Nodes(hierarchy, "device:1-3,5,2"), "device:1 device:2 device:3 device:5");
    EXPECT_EQ(Nodes(hierarchy, "device:*"), Nodes(hierarchy, "device"));
    EXPECT_EQ(Nodes(hierarchy, "cell:0"), Nodes(hierarchy, "device:0-5"));
    EXPECT_EQ(Nodes(hierarchy, "gateway"), "gateway:0");
    EXPECT_EQ(Nodes(hierarchy, "aggregator:local"), "gateway:0");
    EXPECT_EQ(Nodes(hierarchy, "aggregator:cloud"), "cloud");
    EXPECT_EQ(Nodes(hierarchy, "cloud"), "cloud");
    EXPECT_EQ(Nodes(hierarchy, "cloud:0"), "cloud");
    EXPECT_EQ(Nodes(hierarchy, "*"),
              "device:0 device:1 device:2 device:3 device:4 device:5 gateway:0 cloud");
}

TEST(FaultTarget, FindsNodesOfCellsAndTiers)
{
    // (f): several edges
    const auto hierarchy = MakeHierarchy('f', 4, 2);
    ASSERT_EQ(hierarchy.tiers[1].numNodes, 2);
    EXPECT_EQ(Nodes(hierarchy, "cell:1"), "device:2 device:3");
    EXPECT_EQ(Nodes(hierarchy, "gateway:*"), "gateway:0 gateway:1");
    EXPECT_EQ(Nodes(hierarchy, "gateway:1"), "gateway:1");
    EXPECT_EQ(Nodes(hierarchy, "aggregator:*"), "cloud aggregator:local aggregator:edge");
    EXPECT_EQ(Nodes(hierarchy, "edge"), "edge:0 edge:1");
    EXPECT_EQ(Nodes(hierarchy, "edge:1"), "edge:1");
    EXPECT_EQ(Nodes(hierarchy, "*"),
              "device:0 device:1 device:2 device:3 gateway:0 gateway:1 edge:0 edge:1 cloud "
              "aggregator:local aggregator:edge");
}

TEST(FaultTarget, FindsLinks)
{
    const auto one = MakeHierarchy('e', 2);
    EXPECT_EQ(Links(one, "link:device:1"), "link:device:1");
    EXPECT_EQ(Links(one, "link:backhaul"), "link:cloud");
    EXPECT_EQ(Links(one, "link:edge"), "link:edge");
    const auto hierarchy = MakeHierarchy('f', 4, 2);
    EXPECT_EQ(Links(hierarchy, "link:cell:1"), "link:cell:1");
    EXPECT_EQ(Links(hierarchy, "link:edge:0-1"), "link:edge:0 link:edge:1");
    EXPECT_EQ(Links(hierarchy, "link:edge:*"), "link:edge:0 link:edge:1");
    EXPECT_EQ(Links(hierarchy, "link:*"),
              "link:device:0 link:device:1 link:device:2 link:device:3 link:cell:0 link:cell:1 "
              "link:edge link:cloud link:edge:0 link:edge:1");
}

TEST(FaultTarget, RefusesWhatThereIsNot)
{
    const auto hierarchy = MakeHierarchy('c', 6);
    const std::string event = "--fault, event 1: ";
    EXPECT_EQ(Refusal(hierarchy, "1s device:6 down"),
              event + "target device:6 does not exist, there are 6, numbered from 0");
    EXPECT_EQ(Refusal(hierarchy, "1s device:0-999999999 down"),
              event + "target device:999999999 does not exist, there are 6, numbered from 0");
    EXPECT_EQ(Refusal(hierarchy, "1s gateway:1 down"),
              event + "target gateway:1 does not exist, there is one, numbered from 0");
    EXPECT_EQ(Refusal(hierarchy, "1s edge down"),
              event + "target 'edge' is not known, use one of device, cell, gateway, aggregator, "
                      "cloud, *, or link: and a link");
    EXPECT_EQ(Refusal(hierarchy, "1s local down"),
              event + "target 'local' is not known, use one of device, cell, gateway, aggregator, "
                      "cloud, *, or link: and a link");
    EXPECT_EQ(Refusal(hierarchy, "1s link:edge link-down"),
              event +
                  "target 'link:edge' is not known, use one of device, cell, backhaul, cloud or "
                  "* after link:");
    ddnn::PresetSettings one;
    EXPECT_EQ(Refusal(ddnn::MakeLocalOnly(one), "1s link:backhaul link-down"),
              event + "target 'link:backhaul' is not known, use one of device, cell or * after "
                      "link:");
    EXPECT_EQ(Refusal(hierarchy, "1s aggregator:edge down"),
              event + "target aggregator:edge does not exist, use one of local, cloud");
    EXPECT_EQ(Refusal(hierarchy, "1s link:cell:0 link-down"),
              event +
                  "target link:cell does not exist with one cell, whose gateway is the devices' "
                  "aggregator");
    EXPECT_EQ(Refusal(hierarchy, "1s link:cloud:0 link-down"),
              event + "target link:cloud takes no index: the tier has one node, and link:cloud "
                      "leads to it");
    EXPECT_EQ(Refusal(hierarchy, "1s link:backhaul:0 link-down"),
              event + "target link:backhaul takes no index");
    EXPECT_EQ(Refusal(hierarchy, "1s device:0 down; 2s cell:1 down"),
              "--fault, event 2: target cell:1 does not exist, there is one, numbered from 0");
}

TEST(FaultTarget, RefusesWhatCannotHappen)
{
    const auto one = MakeHierarchy('c', 6);
    const auto cells = MakeHierarchy('c', 6, 2);
    const std::string event = "--fault, event 1: ";
    EXPECT_EQ(Refusal(one, "1s device:0 link-down"),
              event + "link-down cannot happen to device:0, which is a node; a link is called "
                      "link:NAME");
    EXPECT_EQ(Refusal(one, "1s link:cloud down"),
              event + "down cannot happen to link:cloud, which is a link");
    EXPECT_EQ(Refusal(one, "1s cloud stuck"),
              event + "stuck cannot happen to cloud, which is no device");
    EXPECT_EQ(Refusal(one, "1s gateway babble"),
              event + "babble cannot happen to gateway:0, which is no device");
    EXPECT_EQ(Refusal(one, "1s gateway slow 2"),
              event + "slow cannot happen to gateway:0, which runs no section");
    EXPECT_EQ(Refusal(one, "1s device:1 ber 0.1"),
              event + "ber cannot happen to device:1, which receives neither features nor scores");
    EXPECT_EQ(Refusal(one, "1s gateway ber 0.1"), "accepted");
    EXPECT_EQ(Refusal(cells, "1s gateway:1 ber 0.1"),
              event + "ber cannot happen to gateway:1, which passes on without reading; use "
                      "aggregator:local");
    EXPECT_EQ(Refusal(cells, "1s aggregator:local ber 0.1"), "accepted");
    EXPECT_EQ(Refusal(one, "1s link:cloud rate HtMcs3"),
              event + "rate has 'HtMcs3', must be a rate with its unit, like 10Mbps, from 1bps to "
                      "1000Gbps");
    EXPECT_EQ(Refusal(one, "1s link:cloud rate 10Mbps"), "accepted");
    EXPECT_EQ(Refusal(one, "1s link:device:1 rate HtMcs3"), "accepted");
}

TEST(FaultTarget, RefusesNamesThatMeanTwoThings)
{
    auto hierarchy = MakeHierarchy('e', 2);
    hierarchy.tiers[1].name = "gateway";
    EXPECT_EQ(Refusal(hierarchy, "1s gateway down"),
              "--fault, event 1: target gateway is the name of a tier as well; call the tier "
              "otherwise in the hierarchy");
    EXPECT_EQ(Refusal(hierarchy, "1s device:0 down"), "accepted");
    hierarchy.tiers[1].name = "fog";
    EXPECT_EQ(Refusal(hierarchy, "1s fog:0 down; 2s link:fog link-down; 3s aggregator:fog ber 0.1"),
              "accepted");
}

TEST(FaultTarget, RefusesTooManyRandomFaults)
{
    const auto hierarchy = MakeHierarchy('c', 6);
    const std::string refused =
        "--fault, event 2: fails makes more than a million faults in this run; use longer times or "
        "fewer targets";
    EXPECT_EQ(Refusal(hierarchy, "0s * down; 0s cloud fails constant:90us constant:90us"), refused);
    EXPECT_EQ(Refusal(hierarchy, "0s * down; 0s cloud fails constant:110us constant:110us"),
              "accepted");
    EXPECT_EQ(Refusal(hierarchy, "0s * down; 0s device:* fails constant:110us constant:110us"),
              refused);
    EXPECT_EQ(Refusal(hierarchy, "0s * down; 99s cloud fails constant:90us constant:90us"),
              "accepted");
    EXPECT_EQ(Refusal(hierarchy, "0s * down; 0s cloud fails exponential:1ns exponential:1ns"),
              refused);
    EXPECT_EQ(Refusal(hierarchy, "0s * down; 0s cloud fails weibull:1us:0.1 weibull:1us:0.1"),
              refused);
    EXPECT_EQ(Refusal(hierarchy, "0s * down; 200s * fails constant:1ns constant:1ns"), "accepted");
}
