// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-estimates.h"

#include "test/support/simulate.h"

#include "ns3/ddnn-helper.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>

using namespace ns3;
using namespace ddnn::test;

namespace
{

Time
GetTime(Ptr<Object> object, const std::string& attribute)
{
    TimeValue time;
    object->GetAttribute(attribute, time);
    return time.Get();
}

} // namespace

TEST(Estimates, ComeAfterWhatTheUserHasSet)
{
    const World world = MakeWorld('c', 3, 2);
    const auto network = CreateObject<DdnnTopologyHelper>();
    const DdnnTopology& nodes = network->Build(world.model->GetHierarchy()).front();
    DdnnHelper ddnn(world.model, world.dataset, world.samples);
    const TimeValue mine(MilliSeconds(7));
    const TimeValue byDefault(GetTime(CreateObject<DdnnCollector>(), "Deadline"));
    ddnn.SetSiteAttribute("CaptureDelay", mine);
    ddnn.SetEndDeviceAttribute("ScoreSlot", mine);
    ddnn.SetEndDeviceAttribute("FeatureTimeout", mine);
    ddnn.SetServerAttribute("Deadline", mine);
    ddnn.SetExitAttribute("Deadline", byDefault, 0);
    const ApplicationContainer applications = ddnn.Install(nodes.tiers, nodes.exits);
    ConfigureForTopology(*network, applications);
    const DdnnSiteApplications site = FindDdnnSites(applications).at(0);
    EXPECT_EQ(GetTime(site.site, "CaptureDelay"), mine.Get());
    EXPECT_EQ(GetTime(site.devices[2], "ScoreSlot"), mine.Get());
    EXPECT_EQ(GetTime(site.devices[2], "FeatureTimeout"), mine.Get());
    EXPECT_EQ(GetTime(site.servers[0][0]->GetCollector(), "Deadline"), mine.Get());
    EXPECT_EQ(GetTime(site.exits[0]->GetCollector(), "Deadline"), byDefault.Get());
    // nobody has set these
    EXPECT_GT(GetTime(site.devices[2], "FeatureSlot"), Time(0));
    EXPECT_GT(GetTime(site.exits[1]->GetCollector(), "Deadline"), byDefault.Get());
    Simulator::Destroy();
}
