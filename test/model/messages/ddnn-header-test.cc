// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-header.h"

#include "ns3/packet.h"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

using namespace ns3;

namespace
{

const std::vector<uint8_t> FEATURES_OF_NODE_258 = {0xdd, 1, 3, 0, 1, 2, 0x0a, 0x0b, 0x0c, 0x0d};

Ptr<Packet>
MakePacket(const std::vector<uint8_t>& bytes)
{
    return Create<Packet>(bytes.data(), bytes.size());
}

} // namespace

TEST(DdnnHeader, HasTheDocumentedBytes)
{
    DdnnHeader header;
    header.kind = DdnnKind::FEATURES;
    header.node = 258;
    header.sample = 0x0a0b0c0d;
    auto packet = Create<Packet>();
    packet->AddHeader(header);
    ASSERT_EQ(packet->GetSize(), DdnnHeader::SIZE);
    std::vector<uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), bytes.size());
    EXPECT_EQ(bytes, FEATURES_OF_NODE_258);
}

TEST(DdnnHeader, ReadsWhatItWrote)
{
    for (const DdnnKind kind : {DdnnKind::SCORES,
                                DdnnKind::REQUEST,
                                DdnnKind::FEATURES,
                                DdnnKind::RAW,
                                DdnnKind::PREDICTION,
                                DdnnKind::ACKNOWLEDGEMENT})
    {
        DdnnHeader written;
        written.kind = kind;
        written.tier = 7;
        written.node = 65535;
        written.sample = 4294967295;
        auto packet = Create<Packet>(5);
        packet->AddHeader(written);
        DdnnHeader read;
        ASSERT_TRUE(DdnnHeader::Read(packet, read));
        EXPECT_EQ(read.kind, kind);
        EXPECT_EQ(read.tier, 7);
        EXPECT_EQ(read.node, 65535);
        EXPECT_EQ(read.sample, 4294967295);
        EXPECT_EQ(packet->GetSize(), 5U);
    }
}

TEST(DdnnHeader, RefusesEveryTruncation)
{
    for (std::size_t size = 0; size < FEATURES_OF_NODE_258.size(); ++size)
    {
        auto packet = Create<Packet>(FEATURES_OF_NODE_258.data(), size);
        DdnnHeader header;
        EXPECT_FALSE(DdnnHeader::Read(packet, header)) << size;
        EXPECT_EQ(packet->GetSize(), size);
    }
}

TEST(DdnnHeader, RefusesWhatItDoesNotKnow)
{
    struct Case
    {
        std::size_t position;
        uint8_t value;
    };

    for (const Case& wrong :
         {Case{0, 0xdc}, Case{1, 0}, Case{1, 2}, Case{2, 0}, Case{2, 7}, Case{2, 255}, Case{3, 8}})
    {
        std::vector<uint8_t> bytes = FEATURES_OF_NODE_258;
        bytes[wrong.position] = wrong.value;
        auto packet = MakePacket(bytes);
        DdnnHeader header;
        EXPECT_FALSE(DdnnHeader::Read(packet, header)) << wrong.position << " " << +wrong.value;
        EXPECT_EQ(packet->GetSize(), bytes.size());
    }
}

TEST(DdnnHeader, PrintsItsFields)
{
    DdnnHeader header;
    ASSERT_TRUE(DdnnHeader::Read(MakePacket(FEATURES_OF_NODE_258), header));
    std::ostringstream text;
    header.Print(text);
    EXPECT_EQ(text.str(), "features of sample 168496141, node 258 of tier 0");
}
