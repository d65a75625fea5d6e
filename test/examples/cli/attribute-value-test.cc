// SPDX-License-Identifier: GPL-2.0-only
#include "examples/cli/attribute-value.h"

#include "ns3/config.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"
#include "ns3/nstime.h"
#include "ns3/object-factory.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/vector.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ddnn::examples
{
namespace
{

using ns3::StringValue;
using ns3::TypeId;

/// Attributes of the kinds that ns-3's classes lack.
class Knobs : public ns3::Object
{
  public:
    static TypeId GetTypeId();

    ns3::Time m_time;
    std::string m_text;
    std::string m_old;
    ns3::Ipv4Address m_ipv4;
    ns3::Ipv6Address m_ipv6;
    ns3::Vector3D m_vector;
    ns3::ObjectFactory m_factory;
    ns3::Ptr<ns3::RandomVariableStream> m_random;
};

NS_OBJECT_ENSURE_REGISTERED(Knobs);

TypeId
Knobs::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Knobs")
                            .SetParent<ns3::Object>()
                            .AddConstructor<Knobs>()
                            .AddAttribute("Time",
                                          "A time above zero.",
                                          ns3::TimeValue(ns3::Seconds(1)),
                                          ns3::MakeTimeAccessor(&Knobs::m_time),
                                          ns3::MakeTimeChecker(ns3::NanoSeconds(1)))
                            .AddAttribute("Text",
                                          "A text.",
                                          StringValue("a"),
                                          ns3::MakeStringAccessor(&Knobs::m_text),
                                          ns3::MakeStringChecker())
                            .AddAttribute("Ipv4",
                                          "An address.",
                                          ns3::Ipv4AddressValue("10.0.0.1"),
                                          ns3::MakeIpv4AddressAccessor(&Knobs::m_ipv4),
                                          ns3::MakeIpv4AddressChecker())
                            .AddAttribute("Ipv6",
                                          "An address.",
                                          ns3::Ipv6AddressValue("2001:db8::1"),
                                          ns3::MakeIpv6AddressAccessor(&Knobs::m_ipv6),
                                          ns3::MakeIpv6AddressChecker())
                            .AddAttribute("Vector",
                                          "A vector.",
                                          ns3::Vector3DValue(),
                                          ns3::MakeVector3DAccessor(&Knobs::m_vector),
                                          ns3::MakeVector3DChecker())
                            .AddAttribute("Factory",
                                          "A factory.",
                                          StringValue("ns3::Object"),
                                          ns3::MakeObjectFactoryAccessor(&Knobs::m_factory),
                                          ns3::MakeObjectFactoryChecker())
                            .AddAttribute("Random",
                                          "A random variable.",
                                          StringValue("ns3::ConstantRandomVariable[Constant=1]"),
                                          ns3::MakePointerAccessor(&Knobs::m_random),
                                          ns3::MakePointerChecker<ns3::RandomVariableStream>())
                            .AddAttribute("Old",
                                          "Is deprecated.",
                                          StringValue(""),
                                          ns3::MakeStringAccessor(&Knobs::m_old),
                                          ns3::MakeStringChecker(),
                                          TypeId::SupportLevel::DEPRECATED,
                                          "use Text");
    return tid;
}

/// Attributes, texts, and what an object says that is made with them.
const std::vector<std::array<std::string, 3>> GOOD{
    {"ns3::Knobs::Time", "20ms", "+2e+07ns"},
    {"ns3::Knobs::Time", "+1e+06ns", "+1e+06ns"},
    {"ns3::Knobs::Time", ".5", "+5e+08ns"},
    {"ns3::Knobs::Time", "1000000s", "+1e+15ns"},
    {"ns3::UdpClient::StartTime", "-5s", "-5e+09ns"},
    {"ns3::UdpClient::MaxPackets", "7", "7"},
    {"ns3::SequentialRandomVariable::Consecutive", "3", "3"},
    {"ns3::RandomWalk2dMobilityModel::Distance", "1.5e-3", "0.0015"},
    {"ns3::UniformRandomVariable::Max", "-1.7e308", "-1.7e+308"},
    {"ns3::UniformRandomVariable::Antithetic", "true", "true"},
    {"ns3::Knobs::Text", "two words", "two words"},
    {"ns3::Knobs::Text", "", ""},
    {"ns3::OnOffApplication::DataRate", "1.5Mbps", "1500000bps"},
    {"ns3::OnOffApplication::DataRate", "2KiB/s", "16384bps"},
    {"ns3::OnOffApplication::DataRate", "999Gbps", "999000000000bps"},
    {"ns3::FifoQueueDisc::MaxSize", "64kB", "64000B"},
    {"ns3::FifoQueueDisc::MaxSize", "999Mip", "1047527424p"},
    {"ns3::RateErrorModel::ErrorUnit", "ERROR_UNIT_PACKET", "ERROR_UNIT_PACKET"},
    {"ns3::BulkSendApplication::Protocol", "ns3::UdpSocketFactory", "ns3::UdpSocketFactory"},
    {"ns3::Knobs::Ipv4", "10.1.2.3", "10.1.2.3"},
    {"ns3::Knobs::Ipv6", "fe80::1:2", "fe80::1:2"},
    {"ns3::CsmaNetDevice::Address", "00:00:00:00:0A:0b", "00:00:00:00:0a:0b"},
    {"ns3::ConstantRateWifiManager::DataMode", "HtMcs31", "HtMcs31"},
    {"ns3::Knobs::Vector", "-1:2.5:3e2", "-1:2.5:300"},
    {"ns3::RandomWalk2dMobilityModel::Bounds", "-1|1|-2|2", "-1|1|-2|2"},
    {"ns3::GaussMarkovMobilityModel::Bounds", "0|1|0|1|0|1", "0|1|0|1|0|1"},
    {"ns3::VhtConfiguration::SecondaryCcaSensitivityThresholds",
     "{-70, -71,-60}",
     "{-70, -71, -60}"},
    {"ns3::Knobs::Factory", "ns3::Knobs[Time=5s|Text=b]", "ns3::Knobs[Time=+5e+09ns|Text=b|]"},
};

/// Attributes and texts that they refuse, each of which a '~' ends.
const std::map<std::string, std::string> BAD{
    {"ns3::Knobs::Time", "12abc~0s~-5s~0.1ns~s~5 s~5S~1e7s~1e999s~nans~--5s~1.2.3s~1e~~"},
    {"ns3::UdpClient::StartTime", "1y~-1e99s~9e18ns~"},
    {"ns3::UdpClient::MaxPackets", "-1~4294967296~99999999999999999999~1e3~1.0~+1~0x1~x~~"},
    {"ns3::SequentialRandomVariable::Consecutive", "-1~1e3~99999999999999999999~-~~"},
    {"ns3::RateErrorModel::ErrorRate", "nan~inf~-inf~1e999~0x1p3~1,5~1 ~e5~.~~"},
    {"ns3::UniformRandomVariable::Antithetic", "yes~True~2~~"},
    {"ns3::OnOffApplication::DataRate",
     "10Mbs~10MB~-1Mbps~1e6bps~1.2.3Mbps~Mbps~nanbps~1000Gbps~99999999999999999999GBps~"
     "1ib/s~1 Mbps~~"},
    {"ns3::FifoQueueDisc::MaxSize", "64~p~-1p~1.5kB~9999999999p~10Gp~10 p~~"},
    {"ns3::RateErrorModel::ErrorUnit", "packet~ERROR_UNIT_~ERROR_UNIT_BIT|ERROR_UNIT_BYTE~0~~"},
    {"ns3::BulkSendApplication::Protocol", "ns3::Nothing~ns3::Node~ns3::UdpSocketFactory ~~"},
    {"ns3::BulkSendApplication::Remote", "10.1.1.1~00-00-00~01-0z~~"},
    {"ns3::Knobs::Ipv4", "10.1.2~10.1.2.256~a.b.c.d~10.1.2.3.4~010.1.2.3~host~~"},
    {"ns3::Knobs::Ipv6", "1:2~::ffff:1.2.3.4~1::2::3~g::~::1 ~~"},
    {"ns3::CsmaNetDevice::Address", "00:00:00:00:00~00:00:00:00:00:0g~0:0:0:0:0:1~::::::~~"},
    {"ns3::ConstantRateWifiManager::DataMode", "HtMcs32~OfdmRate7Mbps~htmcs3~VhtMcs10~~"},
    {"ns3::Knobs::Vector", "1:2~1:2:3:4~1:2:x~1e999:0:0~1;2;3~1:2:3 ~~"},
    {"ns3::RandomWalk2dMobilityModel::Bounds", "-1|1|-2~1:1:1:1~1|1|1|inf~~"},
    {"ns3::GaussMarkovMobilityModel::Bounds", "0|1|0|1~~"},
    {"ns3::VhtConfiguration::SecondaryCcaSensitivityThresholds",
     "-70~{-70, -70}~{1,2,3,4}~{,,}~{a,b,c}~{~{-70,-70,-60}}~~"},
    {"ns3::Knobs::Factory",
     "ns3::Nothing~ns3::Knobs[~ns3::Knobs]~ns3::Knobs[Text]~ns3::Knobs[X=1]~"
     "ns3::Knobs[Time=0s]~~"},
    {"ns3::UdpSocketImpl::IcmpCallback", "0~~"},
    {"ns3::Knobs::Random",
     "12abc~1e400~2e6s~ns3::ExponentialRandomVariable[Mean=~"
     "ns3::ExponentialRandomVariable]Mean=1[~ns3::ExponentialRandomVariable[Mean=1~"
     "ns3::ExponentialRandomVariable[Mean=1]]~ns3::ExponentialRandomVariable[Mean]~"
     "ns3::ExponentialRandomVariable[=1]~ns3::ExponentialRandomVariable[Mean=x]~"
     "ns3::ExponentialRandomVariable[Mean=1e999]~"
     "ns3::ExponentialRandomVariable[Nothing=1]~"
     "ns3::ExponentialRandomVariable[Mean=1|]x~ns3::NoSuchVariable~"
     "ns3::RandomVariableStream~ns3::Node~ns3::Knobs[Time=5s]~[Mean=1]~"
     "ns3::ExponentialRandomVariable [Mean=1]~"
     "ns3::SequentialRandomVariable[Increment=ns3::ConstantRandomVariable[Constant=1]]~"
     "ns3::SequentialRandomVariable[Increment=5]~"
     "ns3::SequentialRandomVariable[Increment=ns3::Node]~ns3::EmpiricalRandomVariable~"
     "ns3::DeterministicRandomVariable~ns3::ExponentialRandomVariable[Mean=]~~"},
    {"ns3::TcpL4Protocol::SocketType", "ns3::TcpCongestionOps~ns3::Node~"},
};

/// Why an attribute refuses a text.
std::string
Refusal(const std::string& path, const std::string& text)
{
    try
    {
        FindAttribute(path).SetDefault(text);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "accepted";
}

ns3::Ptr<ns3::Object>
Create(const std::string& path)
{
    return ns3::ObjectFactory(path.substr(0, path.rfind("::"))).Create();
}

/// What a new object says of one of its attributes.
std::string
ReadNew(const std::string& path)
{
    StringValue value;
    Create(path)->GetAttribute(path.substr(path.rfind("::") + 2), value);
    return value.Get();
}

/// The random variable of a new object.
ns3::Ptr<ns3::RandomVariableStream>
ReadNewRandom()
{
    return ns3::DynamicCast<Knobs>(Create("ns3::Knobs::Random"))->m_random;
}

class AttributeValueTest : public testing::Test
{
  protected:
    void TearDown() override
    {
        ns3::Config::Reset();
        ns3::Simulator::Destroy(); // some objects schedule events when they are created
    }
};

TEST_F(AttributeValueTest, BecomesTheDefaultOfNewObjects)
{
    for (const auto& [path, text, value] : GOOD)
    {
        EXPECT_EQ(Refusal(path, text), "accepted") << path << "=" << text;
        EXPECT_EQ(ReadNew(path), value) << path << "=" << text;
    }
}

TEST_F(AttributeValueTest, IsRefusedIfBad)
{
    for (const auto& [path, texts] : BAD)
    {
        const std::string before = FindAttribute(path).GetDefault();
        std::istringstream stream(texts);
        for (std::string text; std::getline(stream, text, '~');)
        {
            EXPECT_NE(Refusal(path, text), "accepted") << path << "=" << text;
        }
        EXPECT_EQ(FindAttribute(path).GetDefault(), before);
    }
}

TEST_F(AttributeValueTest, IsRefusedIfItHasNoEffect)
{
    for (const std::string path : {"ns3::Node::DeviceList", "ns3::Knobs::Old"})
    {
        EXPECT_NE(Refusal(path, "0").find(path), std::string::npos);
    }
}

TEST_F(AttributeValueTest, IsAConstantRandomVariableIfANumberOrATime)
{
    for (const auto& [text, value] : {std::pair{"100ms", 0.1},
                                      {"2.5", 2.5},
                                      {"-7us", -7e-6},
                                      {"1e9", 1e9},
                                      {"2min", 120.0},
                                      {"ns3::UniformRandomVariable[Min=3|Max=3]", 3.0}})
    {
        EXPECT_EQ(Refusal("ns3::Knobs::Random", text), "accepted");
        EXPECT_EQ(ReadNewRandom()->GetValue(), value) << text;
    }
}

TEST_F(AttributeValueTest, GivesEachObjectARandomVariableOfItsOwn)
{
    FindAttribute("ns3::Knobs::Random").SetDefault("ns3::ExponentialRandomVariable[Mean=2]");
    const auto first = ReadNewRandom();
    const auto second = ReadNewRandom();
    EXPECT_NE(first, second);
    EXPECT_EQ(first->GetInstanceTypeId().GetName(), "ns3::ExponentialRandomVariable");
}

/// Change a text at a few places.
std::string
Mutate(std::string text, std::mt19937& random)
{
    static const std::string LETTERS = "0123456789.+-eEnaixskMGBp:|[]={},;/ \t\n\xff";
    for (unsigned i = random() % 4; i < 4; ++i)
    {
        const std::size_t place = random() % (text.size() + 1);
        const std::size_t length = random() % 4;
        switch (random() % 4)
        {
        case 0:
            text.erase(place, length);
            break;
        case 1:
            text.insert(place, 1 + length * length, LETTERS[random() % LETTERS.size()]);
            break;
        case 2:
            text.replace(place, length, 1, LETTERS[random() % LETTERS.size()]);
            break;
        default:
            text.insert(place, text.substr(random() % (text.size() + 1), 8 * length));
        }
    }
    return text;
}

TEST_F(AttributeValueTest, DoesNoHarmIfMutated)
{
    auto seeds = GOOD;
    for (const std::string text :
         {"1.5", "100ms", "ns3::UniformRandomVariable[Min=3|Max=3]", "ns3::NormalRandomVariable"})
    {
        seeds.push_back({"ns3::Knobs::Random", text});
    }
    std::mt19937 random(1);
    for (const auto& [path, text, value] : seeds)
    {
        unsigned accepted = 0;
        for (int i = 0; i < 2000; ++i)
        {
            if (Refusal(path, Mutate(text, random)) == "accepted")
            {
                Create(path);
                ++accepted;
            }
        }
        EXPECT_GT(accepted, 0U) << path; // or the mutations go too far to test anything
    }
}

} // namespace
} // namespace ddnn::examples
