// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-collector.h"

#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

/// How a sample was closed, and when.
struct Closed : DdnnCollector::Closed
{
    Closed(Time now, const DdnnCollector::Closed& sample)
        : DdnnCollector::Closed(sample)
        , when(now)
    {
    }

    Time when;
};

/// Three nodes that contribute two bytes each: their number and the sample's.
class CollectorTest : public testing::Test
{
  protected:
    static constexpr std::size_t NODES = 3;

    CollectorTest()
        : collector(CreateObject<DdnnCollector>())
    {
        collector->SetAttribute("Deadline", TimeValue(MilliSeconds(10)));
        collector->Start(20,
                         std::vector<std::size_t>(NODES, 2),
                         [this](const DdnnCollector::Closed& sample) {
                             EXPECT_EQ(closed.count(sample.sample), 0) << "closed twice";
                             EXPECT_EQ(sample.latency.GetTotal(), Simulator::Now());
                             closed.emplace(sample.sample, Closed(Simulator::Now(), sample));
                         });
    }

    ~CollectorTest() override
    {
        collector->Dispose();
        Simulator::Destroy();
    }

    static DdnnPayload Bytes(uint32_t sample, std::size_t node)
    {
        return {static_cast<uint8_t>(node + 1), static_cast<uint8_t>(sample + 1)};
    }

    /// A message of a sample that was captured at time 0, all of it on the way until now.
    static DdnnMessage MakeMessage(const DdnnPayload& payload)
    {
        DdnnMessage message;
        message.payload = payload;
        message.latency.Advance(message.latency.network[0], Simulator::Now());
        return message;
    }

    /// A contribution of a node at a moment.
    void Arrive(double milliseconds, uint32_t sample, std::size_t node)
    {
        Simulator::Schedule(
            MicroSeconds(static_cast<int64_t>(1000 * milliseconds)),
            [this, sample, node] {
                reasons.push_back(
                    collector->Accept(sample, node, MakeMessage(Bytes(sample, node))));
                collector->CloseIfComplete(sample);
            });
    }

    void ExpectClosed(uint32_t sample, double milliseconds, const std::string& presence)
    {
        ASSERT_EQ(closed.count(sample), 1) << sample;
        EXPECT_EQ(closed.at(sample).when.GetMicroSeconds(), 1000 * milliseconds) << sample;
        EXPECT_EQ(closed.at(sample).presence, presence) << sample;
    }

    Ptr<DdnnCollector> collector;
    std::map<uint32_t, Closed> closed;
    std::vector<std::optional<DdnnReject>> reasons;
};

using Reasons = std::vector<std::optional<DdnnReject>>;

} // namespace

TEST_F(CollectorTest, ClosesWithTheLastOrAtTheDeadline)
{
    Arrive(1, 0, 2);
    Arrive(3, 0, 0);
    Arrive(4, 0, 1);
    Arrive(2, 1, 0);
    Arrive(5, 1, 2);
    Simulator::Run();
    ExpectClosed(0, 4, "111");
    ExpectClosed(1, 12, "101"); // 10 ms after its first
    for (std::size_t node = 0; node < NODES; ++node)
    {
        EXPECT_EQ(closed.at(0).contributions[node], Bytes(0, node));
    }
    EXPECT_EQ(closed.at(1).contributions, (std::vector<DdnnPayload>{Bytes(1, 0), {}, Bytes(1, 2)}));
    EXPECT_EQ(reasons, Reasons(5));
}

TEST_F(CollectorTest, SaysWhyItIgnores)
{
    Arrive(1, 0, 0);
    Arrive(2, 0, 0);
    Arrive(20, 0, 0);
    Arrive(21, 0, 1);
    Arrive(22, 99, 1);
    Simulator::Run();
    EXPECT_EQ(reasons,
              (Reasons{std::nullopt,
                       DdnnReject::DUPLICATE,
                       DdnnReject::DUPLICATE,
                       DdnnReject::LATE,
                       DdnnReject::UNKNOWN_SAMPLE}));
    EXPECT_EQ(collector->Accept(1, 0, MakeMessage(DdnnPayload(3))), DdnnReject::BAD_PAYLOAD);
    EXPECT_EQ(closed.size(), 1);
}

TEST_F(CollectorTest, QuorumDoesNotWaitForMore)
{
    collector->SetAttribute("Quorum", UintegerValue(2));
    Arrive(1, 0, 2);
    Arrive(3, 0, 0);
    Arrive(4, 0, 1);
    Arrive(5, 1, 1);
    Simulator::Run();
    ExpectClosed(0, 3, "101");
    ExpectClosed(1, 15, "010");
    EXPECT_EQ(reasons[2], DdnnReject::LATE);
}

TEST_F(CollectorTest, ZeroStandsInForTheAbsent)
{
    collector->SetAttribute("Absent", EnumValue(DdnnCollector::ZERO));
    Arrive(1, 0, 1);
    Simulator::Run();
    ExpectClosed(0, 11, "010");
    EXPECT_EQ(closed.at(0).contributions, (std::vector<DdnnPayload>{{0, 0}, Bytes(0, 1), {0, 0}}));
}

TEST_F(CollectorTest, LastKnownStandsInForTheAbsent)
{
    collector->SetAttribute("Absent", EnumValue(DdnnCollector::LAST_KNOWN));
    Arrive(1, 0, 0);
    Arrive(2, 0, 1);
    Arrive(20, 1, 1);
    Arrive(35, 1, 2); // late, but known from then on
    Arrive(40, 2, 1);
    Simulator::Run();
    ExpectClosed(0, 11, "110");
    EXPECT_EQ(closed.at(0).contributions[2], DdnnPayload()) << "never heard";
    ExpectClosed(1, 30, "010");
    EXPECT_EQ(closed.at(1).contributions[0], Bytes(0, 0));
    EXPECT_EQ(closed.at(1).contributions[2], DdnnPayload());
    ExpectClosed(2, 50, "010");
    EXPECT_EQ(closed.at(2).contributions,
              (std::vector<DdnnPayload>{Bytes(0, 0), Bytes(2, 1), Bytes(1, 2)}));
}

TEST_F(CollectorTest, DoesNotWaitForASilentNodeUntilItSpeaks)
{
    collector->SetAttribute("SilentAfter", UintegerValue(2));
    for (uint32_t sample : {0, 1, 2, 3, 4})
    {
        Arrive(100 * sample + 1, sample, 0);
        Arrive(100 * sample + 2, sample, 1);
    }
    Arrive(350, 3, 2); // too late for its sample: but it speaks
    Simulator::Run();
    ExpectClosed(0, 11, "110");
    ExpectClosed(1, 111, "110");
    ExpectClosed(2, 202, "110"); // silent: not waited for
    ExpectClosed(3, 302, "110");
    ExpectClosed(4, 411, "110"); // waited for again
}

TEST_F(CollectorTest, AdaptiveDeadlineIsAPercentileOfArrivals)
{
    collector->SetAttribute("AdaptivePercentile", DoubleValue(50));
    collector->SetAttribute("AdaptiveWindow", UintegerValue(4));
    Arrive(0, 0, 0); // its others come 1 and 2 ms later
    Arrive(1, 0, 1);
    Arrive(2, 0, 2);
    Arrive(100, 1, 0); // 3 ms and, late, 40 ms
    Arrive(103, 1, 1);
    Arrive(140, 1, 2);
    Arrive(200, 2, 0); // the second of 1, 2, 3, 40
    Arrive(205, 2, 1); // late, 5 ms
    Arrive(300, 3, 0); // the second of 2, 3, 40, 5
    Simulator::Run();
    ExpectClosed(1, 110, "110");
    ExpectClosed(2, 202, "100");
    ExpectClosed(3, 303, "100");
}

TEST_F(CollectorTest, AdaptiveDeadlineIsNeverLongerThanDeadline)
{
    collector->SetAttribute("AdaptivePercentile", DoubleValue(100));
    collector->SetAttribute("AdaptiveWindow", UintegerValue(1));
    Arrive(0, 0, 0);
    Arrive(60, 0, 1);
    Arrive(100, 1, 0);
    Simulator::Run();
    ExpectClosed(1, 110, "100");
}

TEST_F(CollectorTest, ClearLosesWhatIsOpen)
{
    Arrive(1, 0, 0);
    Simulator::Schedule(MilliSeconds(2), &DdnnCollector::Clear, collector);
    Arrive(3, 0, 1);
    Simulator::Run();
    ExpectClosed(0, 13, "010");
}
