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
    EXPECT_TRUE(tag.IsPayload());
    EXPECT_EQ(tag.name.site, 513);
    EXPECT_EQ(tag.name.header.kind, DdnnKind::RAW);
    EXPECT_EQ(tag.name.header.tier, 3);
    EXPECT_EQ(tag.name.header.node, 300);
    EXPECT_EQ(tag.name.header.sample, 70000U);
    EXPECT_EQ(tag.name.attempt, 259);
}

TEST(DdnnMessageTag, OfAHeaderCarriesTheLatencyUpToItsLastPart)
{
    constexpr uint32_t NAME = 13; // bytes, with the count
    DdnnLatency latency;
    std::vector<Time*> parts{&latency.captured,
                             &latency.end,
                             &latency.compute,
                             &latency.waiting,
                             &latency.queueing};
    for (Time& part : latency.network)
    {
        parts.push_back(&part);
    }
    EXPECT_EQ(DdnnMessageTag(MakeName()).GetSerializedSize(), NAME);
    EXPECT_EQ(DdnnMessageTag(MakeName(), latency).GetSerializedSize(), NAME + 8);
    DdnnMessageTag tag;                     // the same for all: nothing may be left of a longer one
    for (const bool others : {true, false}) // are zero
    {
        for (std::size_t last = parts.size(); last-- > 0;)
        {
            for (std::size_t i = 0; i < parts.size(); ++i)
            {
                const bool zero = i > last || (others && i < last);
                *parts[i] = NanoSeconds(zero ? 0 : 1234567890123 + i);
            }
            const DdnnMessageTag sent(MakeName(), latency);
            EXPECT_EQ(sent.GetSerializedSize(), NAME + 8 * (last + 1));
            auto packet = Create<Packet>(10);
            packet->AddByteTag(sent);
            ASSERT_TRUE(packet->FindFirstMatchingByteTag(tag));
            EXPECT_FALSE(tag.IsPayload());
            EXPECT_EQ(tag.name, MakeName());
            const DdnnLatency received = tag.GetLatency();
            EXPECT_EQ(received.captured, latency.captured);
            EXPECT_EQ(received.end, latency.end);
            EXPECT_EQ(received.compute, latency.compute);
            EXPECT_EQ(received.queueing, latency.queueing);
            EXPECT_EQ(received.waiting, latency.waiting);
            EXPECT_EQ(received.network, latency.network);
        }
    }
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
    DdnnLatency latency(Seconds(1));
    latency.Advance(latency.compute, Seconds(3));
    latency.Advance(latency.network[1], Seconds(7));
    latency.Advance(latency.compute, Seconds(8));
    EXPECT_EQ(latency.compute, Seconds(3));
    EXPECT_EQ(latency.network[1], Seconds(4));
    EXPECT_EQ(latency.GetTotal(), Seconds(7));
}
