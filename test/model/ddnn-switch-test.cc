// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/switch-world.h"

#include "ns3/error-model.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"
#include "ns3/sixlowpan-net-device.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace ns3;
using namespace ddnn::test;

namespace
{

/// Each type of net device, with traffic in both directions.
class SwitchTypes : public testing::TestWithParam<std::string>
{
  protected:
    SwitchTypes()
    {
        SWITCH_WORLDS.at(GetParam())(world);
    }

    void SetOff(Time time, bool off)
    {
        Simulator::Schedule(time - Simulator::Now(),
                            &DdnnNetDeviceSwitch::SetOff,
                            DdnnNetDeviceSwitch::Get(world.device),
                            DdnnOffCause::LINK,
                            off);
    }

    void ExpectAllReceived(Time begin, Time end) const
    {
        for (uint32_t from : {0, 1})
        {
            EXPECT_GT(world.CountSent(from, begin, end), 0U);
            EXPECT_EQ(world.CountReceived(from, begin, end), world.CountSent(from, begin, end))
                << "from node " << from;
        }
    }

    /// After ARP, which repeats a request that has collided after a second.
    void ExpectAllReceivedFrom(Time begin)
    {
        world.Exchange(begin, begin + Seconds(4), world.period);
        world.Run(begin + Seconds(5));
        ExpectAllReceived(begin + Seconds(3), begin + Seconds(4));
    }

    SwitchWorld world;
};

std::vector<std::string>
GetNames()
{
    std::vector<std::string> names;
    for (const auto& [name, build] : SWITCH_WORLDS)
    {
        names.push_back(name);
    }
    return names;
}

} // namespace

INSTANTIATE_TEST_SUITE_P(Devices,
                         SwitchTypes,
                         testing::ValuesIn(GetNames()),
                         [](const testing::TestParamInfo<std::string>& info) {
                             return info.param;
                         });

TEST_P(SwitchTypes, NothingPassesWhileOffAndAllPassesAfterwards)
{
    for (const Time& outage : {MilliSeconds(300), Seconds(5)})
    {
        const Time begin = Simulator::Now() + world.up;
        const Time off = begin + Seconds(4);
        const Time on = off + outage;
        const Time after = on + Seconds(3);
        SetOff(off, true);
        SetOff(on, false);
        world.Exchange(begin, after + Seconds(1), world.period);
        world.Run(after + Seconds(2));
        ExpectAllReceived(begin + Seconds(3), off - 2 * world.period);
        EXPECT_EQ(world.CountArrivals(off + MilliSeconds(1), on), 0U);
        if (world.device->GetNode() == world.nodes.Get(0)) // else there is a queue before it
        {
            EXPECT_EQ(world.CountReceived(0, off, on), 0U);
        }
        ExpectAllReceived(after, after + Seconds(1));
    }
}

TEST_P(SwitchTypes, CanBeOffFromTheBeginning)
{
    DdnnNetDeviceSwitch::Get(world.device)->SetOff(DdnnOffCause::LINK, true);
    const Time on = MilliSeconds(1500);
    SetOff(on, false);
    world.Run(on - NanoSeconds(1));
    EXPECT_TRUE(DdnnNetDeviceSwitch::Get(world.device)->IsOff());
    ExpectAllReceivedFrom(on + world.up + Seconds(2));
}

/// Outages from nanoseconds to seconds, some at the very moment at which they end, of the device
/// and of both nodes, that overlap, with more traffic than the networks can carry.
TEST_P(SwitchTypes, SurvivesOutagesAtAnyMoment)
{
    const NodeContainer nodes(world.device->GetNode(), world.nodes.Get(1));
    const auto draw = CreateObject<UniformRandomVariable>();
    draw->SetStream(100);
    const auto drawTime = [&draw](double from, double to) {
        return Seconds(std::pow(10, draw->GetValue(from, to)));
    };
    Time time;
    for (int outage = 0; outage < 80; ++outage)
    {
        const Time off = time + drawTime(-6, -0.3);
        const Time on = outage % 8 == 0 ? off : off + drawTime(-9, 0.3);
        const uint32_t what = draw->GetInteger(0, 5);
        const auto cause = what > 3 ? DdnnOffCause::BATTERY : DdnnOffCause::FAULT;
        for (const auto& [when, isOff] : {std::pair{off, true}, std::pair{on, false}})
        {
            if (what < 2)
            {
                SetOff(when, isOff);
                continue;
            }
            const auto node = DdnnNodeSwitch::Get(nodes.Get(what % 2));
            Simulator::Schedule(when, &DdnnNodeSwitch::SetOff, node, cause, isOff);
        }
        time = off + drawTime(-6, 0);
    }
    world.Exchange(world.up, time, world.period * 10, 40, 700);
    ExpectAllReceivedFrom(time + Seconds(30)); // queues without a limit are empty then
}

TEST(Switch, ANodeIsOffWhileAnyCauseHolds)
{
    SwitchWorld world;
    SWITCH_WORLDS.at("LrWpan")(world);
    const auto node = DdnnNodeSwitch::Get(world.nodes.Get(0));
    const auto device = DdnnNetDeviceSwitch::Get(world.device);
    const auto sixLowPan = DynamicCast<SixLowPanNetDevice>(world.device);
    const auto radio = DdnnNetDeviceSwitch::Get(sixLowPan->GetNetDevice());
    std::string changes;
    for (const auto& [name, which] : {std::pair<char, Ptr<DdnnSwitch>>{'n', node},
                                      std::pair<char, Ptr<DdnnSwitch>>{'d', device},
                                      std::pair<char, Ptr<DdnnSwitch>>{'r', radio}})
    {
        which->TraceConnectWithoutContext("Off",
                                          Callback<void, bool>([&changes, name = name](bool off) {
                                              changes += std::string(1, name) + (off ? "- " : "+ ");
                                          }));
    }
    const auto expect = [&changes](const std::string& expected) {
        EXPECT_EQ(changes, expected);
        changes.clear();
    };
    node->SetOff(DdnnOffCause::CRASH, true);
    expect("n- ");
    node->SetOff(DdnnOffCause::FAULT, true);
    expect("r- d- ");
    node->SetOff(DdnnOffCause::FAULT, true);
    node->SetOff(DdnnOffCause::BATTERY, true);
    node->SetOff(DdnnOffCause::FAULT, false);
    node->SetOff(DdnnOffCause::CRASH, false);
    device->SetOff(DdnnOffCause::LINK, true);
    expect("");
    node->SetOff(DdnnOffCause::BATTERY, false);
    expect("n+ ");
    EXPECT_TRUE(device->IsOff());
    EXPECT_TRUE(radio->IsOff());
    device->SetOff(DdnnOffCause::LINK, false);
    expect("r+ d+ ");
}

TEST(Switch, LeavesQueuesAndErrorModelsAsTheyWere)
{
    for (const char* name : {"PointToPoint", "Csma", "Simple", "AdHoc"})
    {
        SwitchWorld world;
        SWITCH_WORLDS.at(name)(world);
        Ptr<Object> object = world.device;
        std::string model = "ReceiveErrorModel";
        if (const auto wifi = DynamicCast<WifiNetDevice>(object))
        {
            object = wifi->GetPhy();
            model = "PostReceptionErrorModel";
        }
        const auto mine = CreateObject<ListErrorModel>();
        object->SetAttribute(model, PointerValue(mine));
        const auto get = [&object](const std::string& attribute) {
            PointerValue value;
            object->GetAttributeFailSafe(attribute, value);
            return value.GetObject();
        };
        const auto queue = get("TxQueue");
        const auto device = DdnnNetDeviceSwitch::Get(world.device);
        for (int i = 0; i < 2; ++i)
        {
            device->SetOff(DdnnOffCause::LINK, true);
            EXPECT_NE(get(model), mine) << name;
            device->SetOff(DdnnOffCause::LINK, false);
            world.Run(Simulator::Now() + MilliSeconds(1));
            EXPECT_EQ(get(model), mine) << name;
            EXPECT_EQ(get("TxQueue"), queue) << name;
        }
    }
}

TEST(Switch, WorksWithoutIp)
{
    constexpr uint16_t PROTOCOL = 0x0800; // point-to-point devices carry IP alone
    SwitchWorld world;
    world.nodes.Create(2);
    PlaceInARow(world.nodes);
    const std::vector<std::string> macs(2, "ns3::AdhocWifiMac");
    BridgeHelper().Install(world.nodes.Get(0), CsmaHelper().Install(world.nodes.Get(0)));
    uint32_t received = 0;
    world.nodes.Get(1)->RegisterProtocolHandler(
        [&received](auto&&...) {
            ++received;
        },
        PROTOCOL,
        nullptr);
    for (const auto& devices : {PointToPointHelper().Install(world.nodes),
                                CsmaHelper().Install(world.nodes),
                                SimpleNetDeviceHelper().Install(world.nodes),
                                InstallWifi(world.nodes, macs, WIFI_STANDARD_80211a)})
    {
        const auto send = [&world, devices] {
            devices.Get(0)->Send(Create<Packet>(100), devices.Get(1)->GetAddress(), PROTOCOL);
            world.Run(Simulator::Now() + Seconds(1));
        };
        received = 0;
        send();
        EXPECT_EQ(received, 1U);
        DdnnNodeSwitch::Get(world.nodes.Get(0))->SetOff(DdnnOffCause::FAULT, true);
        send();
        EXPECT_EQ(received, 1U);
        DdnnNodeSwitch::Get(world.nodes.Get(0))->SetOff(DdnnOffCause::FAULT, false);
        send();
        EXPECT_EQ(received, 2U);
    }
}
