// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-sample-tag.h"

#include "ns3/packet.h"

#include <gtest/gtest.h>

using namespace ns3;

TEST(DdnnSampleTag, PassesThroughFragmentation)
{
    DdnnHeader header;
    header.kind = DdnnKind::RAW;
    header.sender = 300;
    header.sample = 70000;
    auto packet = Create<Packet>(3000);
    packet->AddByteTag(DdnnSampleTag(header, true, 0x123456789ABC));
    const auto fragment = packet->CreateFragment(1480, 1480);
    DdnnSampleTag tag;
    ASSERT_TRUE(fragment->FindFirstMatchingByteTag(tag));
    EXPECT_EQ(tag.kind, DdnnKind::RAW);
    EXPECT_EQ(tag.sender, 300);
    EXPECT_EQ(tag.sample, 70000U);
    EXPECT_TRUE(tag.isPayload);
    EXPECT_EQ(tag.message, 0x123456789ABCU);
}
