// SPDX-License-Identifier: GPL-2.0-only
#include "test/support/table-model.h"

#include "ns3/ddnn-fault-targets.h"
#include "ns3/ddnn-helper.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

using namespace ns3;
using namespace ddnn::test;

namespace
{

/// Sites of four end devices, two edges and a cloud, which the sites share.
class FaultTargets : public testing::Test
{
  protected:
    void Install(uint32_t numSites)
    {
        ddnn::PresetSettings preset;
        preset.numDevices = 4;
        World world = MakeWorld('c', 4, 1);
        world.model = std::make_shared<TableModel>(ddnn::MakePreset('f', preset));
        DdnnHelper ddnn(world.model, world.dataset, world.samples);
        m_cloud.Create(1);
        m_gateways.Create(2 * numSites); // exits of the end devices and of the edges
        NodeContainer others(6 * numSites);
        InternetStackHelper().InstallAll();
        ApplicationContainer applications;
        for (uint32_t site = 0; site < numSites; ++site)
        {
            NodeContainer devices;
            for (uint32_t i = 0; i < 4; ++i)
            {
                devices.Add(others.Get(6 * site + i));
            }
            applications.Add(ddnn.Install(
                {devices,
                 NodeContainer(others.Get(6 * site + 4), others.Get(6 * site + 5)),
                 m_cloud},
                NodeContainer(m_gateways.Get(2 * site), m_gateways.Get(2 * site + 1))));
        }
        m_targets = std::make_unique<DdnnFaultTargets>(FindDdnnSites(applications));
    }

    ~FaultTargets() override
    {
        m_targets.reset();
        Simulator::Destroy();
    }

    NetDeviceContainer MakeLink()
    {
        return PointToPointHelper().Install(NodeContainer(2));
    }

    /// The names of what a target means.
    std::string GetNames(const std::string& target) const
    {
        std::string names;
        for (const DdnnFaultUnit& unit : m_targets->FindTargets(target))
        {
            names += (names.empty() ? "" : " ") + unit.name;
        }
        return names;
    }

    std::string GetRefusal(const std::string& target) const
    {
        try
        {
            return GetNames(target);
        }
        catch (const std::runtime_error& e)
        {
            return e.what();
        }
    }

    NodeContainer m_gateways;
    NodeContainer m_cloud;
    std::unique_ptr<DdnnFaultTargets> m_targets;
};

} // namespace

TEST_F(FaultTargets, FindsNodesOfTiersAndExits)
{
    Install(1);
    EXPECT_EQ(GetNames("device:2"), "device:2");
    EXPECT_EQ(GetNames("device:1-2,3,2"), "device:1 device:2 device:3");
    EXPECT_EQ(GetNames("device:0,0-3"), "device:0 device:1 device:2 device:3");
    EXPECT_EQ(GetNames("device"), "device:0 device:1 device:2 device:3");
    EXPECT_EQ(GetNames("device:*"), GetNames("device"));
    EXPECT_EQ(GetNames("edge:1"), "edge:1");
    EXPECT_EQ(GetNames("edge"), "edge:0 edge:1");
    EXPECT_EQ(GetNames("cloud"), "cloud:0");
    EXPECT_EQ(GetNames("exit:local"), "exit:local");
    EXPECT_EQ(GetNames("exit:local,edge"), "exit:local exit:edge");
    EXPECT_EQ(GetNames("aggregator:edge"), "exit:edge");
    EXPECT_EQ(GetNames("exit:cloud"), "cloud:0"); // a node has one name
    EXPECT_EQ(GetNames("*"),
              "device:0 device:1 device:2 device:3 edge:0 edge:1 cloud:0 exit:local exit:edge");
    EXPECT_EQ(m_targets->FindTargets("exit:local")[0].node, m_gateways.Get(0));
}

TEST_F(FaultTargets, FindsWhatWasAdded)
{
    Install(1);
    m_targets->AddNodes("gateway", m_gateways);
    m_targets->AddNodes("router", NodeContainer(2));
    m_targets->AddNodes("router", NodeContainer(1));
    m_targets->AddGroup("cell", NodeContainer(m_gateways.Get(0), m_cloud));
    m_targets->AddGroup("cell", m_gateways);
    EXPECT_EQ(GetNames("gateway:1"), "exit:edge");
    EXPECT_EQ(GetNames("router"), "router:0 router:1 router:2");
    EXPECT_EQ(GetNames("router:1-2"), "router:1 router:2");
    EXPECT_EQ(GetNames("cell:0"), "exit:local cloud:0");
    EXPECT_EQ(GetNames("cell"), "exit:local cloud:0 exit:edge");
    EXPECT_EQ(GetNames("*").find("router:2"), GetNames("*").size() - 8);
    const NetDeviceContainer uplink = MakeLink();
    m_targets->AddLink("uplink", uplink);
    m_targets->AddLink("backhaul", uplink);
    m_targets->AddLink("uplink", MakeLink());
    m_targets->AddLink("edge:", MakeLink()); // links may be called as tiers are
    m_targets->AddLink("edge:", MakeLink());
    EXPECT_EQ(GetNames("link:edge"), "link:edge:0 link:edge:1");
    m_targets->AddLink("edge", MakeLink());
    EXPECT_EQ(GetNames("link:uplink"), "link:uplink:0 link:uplink:1");
    EXPECT_EQ(GetNames("link:backhaul"), "link:uplink:0");
    EXPECT_EQ(GetNames("link:edge:1"), "link:edge:1");
    EXPECT_EQ(m_targets->FindTargets("link:edge").size(), 1U);
    EXPECT_EQ(m_targets->FindTargets("link:edge:*").size(), 2U);
    EXPECT_EQ(m_targets->FindTargets("link:*").size(), 5U);
    EXPECT_EQ(m_targets->FindTargets("link:uplink:0")[0].devices.Get(1), uplink.Get(1));
}

TEST_F(FaultTargets, PrefixNamesASite)
{
    Install(2);
    m_targets->AddNodes("1/gateway", m_gateways);
    m_targets->AddLink("0/uplink", MakeLink());
    m_targets->AddLink("1/uplink", MakeLink());
    EXPECT_EQ(GetNames("device:2"), "0/device:2 1/device:2");
    EXPECT_EQ(GetNames("1/device:0-1"), "1/device:0 1/device:1");
    EXPECT_EQ(GetNames("cloud"), "0/cloud:0"); // which both share
    EXPECT_EQ(GetNames("1/cloud"), "0/cloud:0");
    EXPECT_EQ(GetNames("1/exit:local"), "1/exit:local");
    EXPECT_EQ(GetNames("1/gateway:0"), "0/exit:local");
    EXPECT_EQ(GetNames("link:uplink"), "0/link:uplink:0 1/link:uplink:0");
    EXPECT_EQ(GetNames("1/link:*"), "1/link:uplink:0");
    EXPECT_EQ(m_targets->FindTargets("*").size(), 2 * 8 + 1U);
    EXPECT_EQ(m_targets->FindTargets("0/*").size(), 8 + 1U);
    EXPECT_EQ(GetRefusal("2/device").find("'2/device' must be one of 0/"), 0U);
}

TEST_F(FaultTargets, RefusesTargetsThatDoNotExist)
{
    Install(1);
    m_targets->AddNodes("router", NodeContainer(1));
    m_targets->AddLink("uplink", MakeLink());
    EXPECT_THROW(m_targets->AddLink("nothing", {}), std::runtime_error);
    m_targets->AddLink("edge:", MakeLink());
    const std::string known = "' must be one of device (4) edge (2) cloud (1) exit (3) aggregator "
                              "(3) router (1) link:uplink (1) link:edge: (1)";
    for (const std::string target :
         {"fog",        "link:fog",          "exit:fog",   "link:edge:1",  "0/router",
          "1/device",   "device:4",          "device:0-4", "device:2,4",   "device:0-999999999",
          "device:3-1", "device:-1",         "device:1-",  "device:1-2-3", "device:01",
          "device:x",   "device:4294967296", ":",          "a:b:c",        "*:1",
          "link:",      "link:*:1",          "link:a:1:2", "dev/ice",      "-1/device",
          "1/",         "/device",           "device:",    "device:1,",    "device:1,,2",
          "device:+1",  "0/0/device",        "",           "exit:0"})
    {
        EXPECT_EQ(GetRefusal(target), "'" + target + known);
    }
    EXPECT_EQ(GetRefusal("\x01"), "'?" + known);
    EXPECT_LT(GetRefusal(std::string(100000, 'a')).size(), 600U);
}

TEST_F(FaultTargets, RefusesBadNames)
{
    Install(1);
    for (const char* name :
         {"device", "edge", "exit", "0/exit", "0/edge", "*", "link:a", "a b", "", "a:1", ":"})
    {
        EXPECT_THROW(m_targets->AddNodes(name, m_gateways), std::runtime_error) << name;
    }
    EXPECT_THROW(m_targets->AddLink("link:a", MakeLink()), std::runtime_error);
}
