// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-subnet.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace ns3;

TEST(Subnet, HasIpv4Addresses)
{
    EXPECT_EQ(DdnnSubnet(false, 0).GetAddress(1), Address(Ipv4Address("10.0.0.1")));
    EXPECT_EQ(DdnnSubnet(false, 1).GetAddress(300), Address(Ipv4Address("10.0.65.44")));
    EXPECT_EQ(DdnnSubnet(false, 4095).GetAddress(16381), Address(Ipv4Address("13.255.255.253")));
    EXPECT_EQ(DdnnSubnet(false, 17).GetBroadcast(), Address(Ipv4Address("10.4.127.255")));
}

TEST(Subnet, HasIpv6Addresses)
{
    EXPECT_EQ(DdnnSubnet(true, 0).GetAddress(1), Address(Ipv6Address("fd00:dd:0:0::1")));
    EXPECT_EQ(DdnnSubnet(true, 4095).GetAddress(16381),
              Address(Ipv6Address("fd00:dd:0:fff::3ffd")));
    EXPECT_EQ(DdnnSubnet(true, 17).GetBroadcast(), Address(Ipv6Address("ff05::dd:11")));
}

TEST(Subnet, MakesEndpoints)
{
    EXPECT_EQ(DdnnSubnet::MakeEndpoint(DdnnSubnet(false, 0).GetAddress(2), 80),
              Address(InetSocketAddress("10.0.0.2", 80)));
    EXPECT_EQ(DdnnSubnet::MakeEndpoint(DdnnSubnet(true, 1).GetAddress(2), 80),
              Address(Inet6SocketAddress("fd00:dd:0:1::2", 80)));
}

TEST(Subnet, RefusesNumbersThatDoNotExist)
{
    EXPECT_THROW(DdnnSubnet(false, 4096), std::runtime_error);
    EXPECT_THROW(DdnnSubnet(true, 0).GetAddress(0), std::runtime_error);
    EXPECT_THROW(DdnnSubnet(true, 0).GetAddress(16382), std::runtime_error);
}
