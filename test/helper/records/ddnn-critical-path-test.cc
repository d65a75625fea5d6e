// SPDX-License-Identifier: GPL-2.0-only
// The latency breakdown of each sample is what the moments that other trace sources tell of say:
// from the end of the sample back over the message, or the deadline, that closed each exit.
#include "critical-path.h"
#include "test/support/simulate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

using namespace ns3;
using namespace ddnn::test;

namespace
{

const char* const CLOUD_SPEED = "40000000"; ///< operations per second: about 30 ms a sample

/// A run on point-to-point links, and how its latencies are explained.
class CriticalPathTest : public testing::Test
{
  protected:
    CriticalPathTest()
    {
        settings.SetAccess("p2p").SetThreshold(0.7);
    }

    void Run(const World& world)
    {
        const auto before = settings.attach;
        settings.attach = [this, before](const DdnnScenarioParts& parts) -> std::shared_ptr<void> {
            for (const DdnnSiteApplications& site : parts.sites)
            {
                paths.push_back(std::make_unique<CriticalPath>(site, parts.topology->GetNodes()));
            }
            return before ? before(parts) : nullptr;
        };
        result = Simulate(world, settings);
        ASSERT_EQ(result.records.size(), paths.size() * world.samples.size());
        for (const DdnnSampleRecord& record : result.records)
        {
            SCOPED_TRACE("site " + std::to_string(record.site) + ", sample " +
                         std::to_string(record.number));
            const DdnnLatency expected = paths[record.site]->Explain(record.number);
            EXPECT_EQ(record.latency.captured, expected.captured);
            EXPECT_EQ(record.latency.end, expected.end);
            EXPECT_EQ(record.latency.compute, expected.compute);
            EXPECT_EQ(record.latency.queueing, expected.queueing);
            EXPECT_EQ(record.latency.waiting, expected.waiting);
            EXPECT_EQ(record.latency.network, expected.network);
        }
    }

    const CriticalPath::Counts& GetCounts() const
    {
        return paths[0]->counts;
    }

    /// \return how many samples ended at a tier's exit
    int CountAt(int exit) const
    {
        return static_cast<int>(std::count_if(result.records.begin(),
                                              result.records.end(),
                                              [exit](const DdnnSampleRecord& record) {
                                                  return record.exit == exit;
                                              }));
    }

    static void SetDeadline(Ptr<DdnnCollector> collector, Time deadline)
    {
        collector->SetAttribute("Deadline", TimeValue(deadline));
    }

    Settings settings;
    std::vector<std::unique_ptr<CriticalPath>> paths; ///< `[site]`
    DdnnRunResult result;
};

/// The same with both transport protocols.
class CriticalPathOver
    : public CriticalPathTest
    , public testing::WithParamInterface<std::string>
{
  protected:
    CriticalPathOver()
    {
        settings.Set("Site::Transport", GetParam());
    }
};

std::string
GetName(const testing::TestParamInfo<std::string>& info)
{
    return info.param;
}

} // namespace

INSTANTIATE_TEST_SUITE_P(Transport, CriticalPathOver, testing::Values("udp", "tcp"), GetName);

TEST_P(CriticalPathOver, FollowsTheMessageThatArrivesLast)
{
    settings.Set("EndDevice::SendJitter", "3ms");
    Run(MakeWorld('c', 6, 40));
    EXPECT_EQ(result.exited, 40U);
    EXPECT_EQ(GetCounts().byDeadline, 0);
    EXPECT_GT(GetCounts().byMessage, 100); // local, of which many go on to the cloud
}

TEST_P(CriticalPathOver, WaitsForTheDeadlineWhereAMessageIsMissing)
{
    settings.faults = ParseFaults("0s link:device:2 loss 1");
    Run(MakeWorld('c', 6, 40));
    EXPECT_EQ(result.exited, 40U);
    EXPECT_EQ(GetCounts().byMessage, 40 - CountAt(0)); // the cloud's own class scores
    EXPECT_EQ(GetCounts().byDeadline, 80 - CountAt(0));
}

TEST_P(CriticalPathOver, FollowsFeaturesThatAreRequestedBeforeTheyAreComputed)
{
    settings.SetThreshold(0);
    settings.attach = [](const DdnnScenarioParts& parts) -> std::shared_ptr<void> {
        const DdnnSiteApplications& site = parts.sites[0];
        site.devices[3]->GetNode()->GetObject<DdnnProcessor>()->SetSlowdown(15);
        SetDeadline(site.exits[0]->GetCollector(), MilliSeconds(10)); // it is asked meanwhile
        SetDeadline(site.servers[0][0]->GetCollector(), MilliSeconds(300));
        return nullptr;
    };
    Run(MakeWorld('c', 6, 40));
    EXPECT_EQ(result.exited, 40U);
    EXPECT_EQ(GetCounts().computedLate, 40);
    EXPECT_EQ(GetCounts().byDeadline, 0); // nobody waits for the local exit's
    for (const DdnnSampleRecord& record : result.records)
    {
        EXPECT_EQ(record.scores[0], "111011");
        EXPECT_EQ(record.features[1], "111111");
    }
}

TEST_P(CriticalPathOver, CountsLostTriesAsNetwork)
{
    const bool isTcp = GetParam() == "tcp";
    settings.SetThreshold(0.5);
    settings.faults = ParseFaults(isTcp ? "0s link:* loss 0.1" : "0s link:* loss 0.3");
    if (isTcp)
    {
        WaitLong(settings);
    }
    else
    {
        settings.SetInterval(1).Set("Site::FeatureTries", "4");
    }
    Run(MakeWorld('c', 4, 60));
    EXPECT_GT(GetCounts().repeated, 10);
    EXPECT_TRUE(isTcp || GetCounts().byDeadline > 0); // UDP does not repeat class scores
}

TEST_P(CriticalPathOver, TellsQueueingFromComputing)
{
    settings.Set("Site::Interval", "ns3::ExponentialRandomVariable[Mean=0.05]")
        .Set("Site::SampleDeadline", "60s")
        .Set("Processor::Jitter", "ns3::UniformRandomVariable[Min=-0.5|Max=0.5]")
        .Set("EndDevice::Offset", "ns3::UniformRandomVariable[Min=0|Max=0.004]")
        .Set("Collector::Deadline", "30s")
        .Set("Scenario::Sites", "2")
        .Set("Scenario::CloudSpeed", CLOUD_SPEED);
    Run(MakeWorld('c', 6, 100));
    EXPECT_EQ(result.exited, 200U);
    Time queueing;
    for (const DdnnSampleRecord& record : result.records)
    {
        queueing += record.exit == 1 ? record.latency.queueing : Time(0);
    }
    EXPECT_GT(queueing, Seconds(1));
    EXPECT_GT(GetCounts().queued, 50);
    EXPECT_EQ(GetCounts().byDeadline, 0);
}

TEST_P(CriticalPathOver, CrossesEdges)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 6;
    for (const char config : {'e', 'f'})
    {
        paths.clear();
        settings.faults = ParseFaults("1s link:device:0,4 loss 1; 2s edge:0 slow 1000");
        World world = MakeWorld('c', 6, 40);
        world.model = std::make_shared<TableModel>(ddnn::MakePreset(config, preset));
        Run(world);
        EXPECT_GT(GetCounts().byMessage, 40);
        EXPECT_GT(GetCounts().byDeadline, 20);
        for (const int tier : {0, 1, 2})
        {
            EXPECT_GT(CountAt(tier), 0) << tier;
        }
        settings.attach = nullptr;
    }
}

TEST_P(CriticalPathOver, KnowsRawViewsAndFeaturesThatNobodyAskedFor)
{
    Run(MakeWorld('a', 6, 20));
    EXPECT_EQ(GetCounts().byMessage, 40);
    paths.clear();
    settings.attach = nullptr;
    settings.SetThreshold(0).Set("Site::Offload", "push");
    Run(MakeWorld('c', 6, 20));
    EXPECT_EQ(GetCounts().byMessage, 40); // none of the local exit is waited for
    EXPECT_EQ(GetCounts().computedLate, 0);
}

TEST_F(CriticalPathTest, EndsWithTheDeadlineOfTheSample)
{
    settings.SetThreshold(0.7).Set("Backhaul::Delay", "270ms");
    settings.faults = ParseFaults("2s link:device loss 1");
    Run(MakeWorld('c', 6, 40));
    EXPECT_GT(result.exited, 0U);
    EXPECT_GT(result.fallback, 0U);
    EXPECT_EQ(result.lost, 20U);
}

TEST_F(CriticalPathTest, KnowsWhatWaitsForALink)
{
    settings.SetThreshold(0);
    Run(MakeWorld('c', 6, 10));
    EXPECT_EQ(GetCounts().queuedOnLink, 0);
    paths.clear();
    settings.attach = nullptr;
    settings.Set("Site::Offload", "push")
        .Set("EndDevice::SendJitter", "0s")
        .Set("PointToPointAccess::DataRate", "100kbps");
    Run(MakeWorld('c', 6, 10)); // features wait until the class scores have left
    EXPECT_EQ(GetCounts().queuedOnLink, 10);
}
