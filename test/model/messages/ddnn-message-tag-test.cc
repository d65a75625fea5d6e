// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-message-tag.h"

#include "ns3/packet.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

DdnnMessageName
MakeName()
{
    DdnnMessageName name;
    name.site = 513;
    name.header.kind = DdnnKind::RAW;
    name.header.tier = 3;
    name.header.node = 300;
    name.header.sample = 70000;
    name.attempt = 259;
    return name;
}

} // namespace

TEST(DdnnMessageTag, PassesThroughFragmentation)
{
    auto packet = Create<Packet>(3000);
    packet->AddByteTag(DdnnMessageTag(MakeName()));
    const auto fragment = packet->CreateFragment(1480, 1480);
    DdnnMessageTag tag;
    ASSERT_TRUE(fragment->FindFirstMatchingByteTag(tag));
    EXPECT_TRUE(tag.isPayload);
    EXPECT_EQ(tag.name.site, 513);
    EXPECT_EQ(tag.name.header.kind, DdnnKind::RAW);
    EXPECT_EQ(tag.name.header.tier, 3);
    EXPECT_EQ(tag.name.header.node, 300);
    EXPECT_EQ(tag.name.header.sample, 70000U);
    EXPECT_EQ(tag.name.attempt, 259);
}

TEST(DdnnMessageTag, OfAHeaderCarriesTheLatency)
{
    DdnnLatency latency;
    latency.captured = NanoSeconds(1234567890123);
    latency.compute = NanoSeconds(1);
    latency.queueing = NanoSeconds(20);
    latency.waiting = NanoSeconds(300);
    for (std::size_t tier = 0; tier < latency.network.size(); ++tier)
    {
        latency.network[tier] = MicroSeconds(tier);
    }
    auto packet = Create<Packet>(10);
    packet->AddByteTag(DdnnMessageTag(MakeName(), latency));
    DdnnMessageTag tag;
    ASSERT_TRUE(packet->FindFirstMatchingByteTag(tag));
    EXPECT_FALSE(tag.isPayload);
    EXPECT_EQ(tag.name, MakeName());
    EXPECT_EQ(tag.latency.captured, latency.captured);
    EXPECT_EQ(tag.latency.compute, latency.compute);
    EXPECT_EQ(tag.latency.queueing, latency.queueing);
    EXPECT_EQ(tag.latency.waiting, latency.waiting);
    EXPECT_EQ(tag.latency.network, latency.network);
    EXPECT_EQ(tag.latency.GetTotal(), NanoSeconds(321) + MicroSeconds(28));
}

TEST(DdnnMessageName, DiffersWithEachOfItsParts)
{
    std::vector<DdnnMessageName> names(6, MakeName());
    names[0].site = 0;
    names[1].header.kind = DdnnKind::FEATURES;
    names[2].header.tier = 0;
    names[3].header.node = 0;
    names[4].header.sample = 0;
    names[5].attempt = 0;
    for (const DdnnMessageName& name : names)
    {
        EXPECT_FALSE(name == MakeName()) << name;
    }
}

TEST(DdnnLatency, AdvancesOnePartByTheTimeThatHasPassed)
{
    DdnnLatency latency;
    latency.captured = Seconds(1);
    latency.Advance(latency.compute, Seconds(3));
    latency.Advance(latency.network[1], Seconds(7));
    latency.Advance(latency.compute, Seconds(8));
    EXPECT_EQ(latency.compute, Seconds(3));
    EXPECT_EQ(latency.network[1], Seconds(4));
    EXPECT_EQ(latency.GetTotal(), Seconds(7));
}
