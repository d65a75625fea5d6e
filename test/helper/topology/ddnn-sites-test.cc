// SPDX-License-Identifier: GPL-2.0-only
// Sites that share a cloud disturb each other in time alone: each predicts and sends what it would
// without the others, and the records of each add up.
#include "test/support/simulate.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr double THRESHOLD = 0.6; ///< at which some samples exit locally
constexpr int SAMPLES = 12;

/// What one site has of a result.
DdnnRunResult
GetSite(const DdnnRunResult& result, uint16_t site)
{
    DdnnRunResult part;
    for (const DdnnSampleRecord& record : result.records)
    {
        if (record.site == site)
        {
            part.records.push_back(record);
        }
    }
    for (const DdnnTraffic& traffic : result.traffic)
    {
        if (traffic.site == std::to_string(site))
        {
            part.traffic.push_back(traffic);
        }
    }
    for (const DdnnMessageCount& count : result.messages)
    {
        if (count.site == site)
        {
            part.messages.push_back(count);
        }
    }
    return part;
}

/// Every message was accepted.
void
ExpectAccepted(const DdnnRunResult& site)
{
    std::map<std::string, uint64_t> sent;
    std::map<std::string, uint64_t> accepted;
    for (const DdnnMessageCount& count : site.messages)
    {
        ASSERT_TRUE(count.disposition == "sent" || count.disposition == "accepted")
            << count.kind << " " << count.disposition;
        (count.disposition == "sent" ? sent : accepted)[count.kind] += count.messages;
    }
    EXPECT_EQ(sent, accepted);
    EXPECT_EQ(sent.at("scores"), SAMPLES * 3U + accepted.at("features") / 3);
}

Time
GetQueueing(const DdnnRunResult& result)
{
    Time sum;
    for (const DdnnSampleRecord& record : result.records)
    {
        sum += record.latency.queueing;
    }
    return sum;
}

class Sites : public testing::TestWithParam<std::string>
{
};

} // namespace

TEST_P(Sites, LeaveEachOthersPredictionsAsTheyAre)
{
    const World world = MakeWorld('c', 3, SAMPLES);
    Settings settings;
    settings.SetThreshold(THRESHOLD).SetAccess(GetParam());
    settings.Set("Scenario::CloudSpeed", "5e7"); // 20 ms a sample
    const DdnnRunResult alone = Simulate(world, settings);
    EXPECT_EQ(GetQueueing(alone), Time(0));
    settings.Set("Scenario::Sites", "2").Set("Scenario::SitePhase", "0");
    const DdnnRunResult both = Simulate(world, settings);
    EXPECT_GT(GetQueueing(both), MilliSeconds(10)) << "nobody was in the other's way";
    ASSERT_EQ(both.records.size(), 2 * alone.records.size());
    std::map<std::size_t, DdnnSampleRecord> expected; // by index in the data set
    for (const DdnnSampleRecord& record : alone.records)
    {
        expected[record.sample] = record;
    }
    for (const DdnnSampleRecord& record : both.records)
    {
        const DdnnSampleRecord& other = expected.at(record.sample);
        EXPECT_EQ(record.prediction, other.prediction);
        EXPECT_EQ(record.outcome, other.outcome);
        EXPECT_EQ(record.exit, other.exit);
        EXPECT_EQ(record.uncertainty, other.uncertainty);
        EXPECT_EQ(record.scores, other.scores);
        EXPECT_EQ(record.features, other.features);
        EXPECT_EQ(record.bytes.payload, other.bytes.payload);
        EXPECT_EQ(record.bytes.header, other.bytes.header);
    }
}

TEST_P(Sites, RecordsOfEachAddUp)
{
    const World world = MakeWorld('c', 3, SAMPLES);
    Settings settings;
    settings.SetThreshold(THRESHOLD).SetAccess(GetParam()).Set("Scenario::Sites", "3");
    settings.Set("Scenario::Drain", "1s");
    const DdnnRunResult result = Simulate(world, settings);
    ExpectColumnsAddUp(result);
    std::size_t records = 0;
    std::size_t traffic = 0;
    for (const uint16_t number : {0, 1, 2})
    {
        SCOPED_TRACE("site " + std::to_string(number));
        const DdnnRunResult site = GetSite(result, number);
        ExpectAsInferred(world, site, THRESHOLD);
        ExpectCommunicationCost(world.model->GetHierarchy(), site);
        ExpectColumnsAddUp(site);
        ExpectAccepted(site);
        records += site.records.size();
        traffic += site.traffic.size();
        std::set<std::size_t> samples;
        for (const DdnnSampleRecord& record : site.records)
        {
            samples.insert(record.sample);
        }
        EXPECT_EQ(samples.size(), SAMPLES);
    }
    EXPECT_EQ(records, result.records.size());
    for (const DdnnTraffic& entry : result.traffic)
    {
        traffic += entry.site.empty() ? 1 : 0; // link control is nobody's
    }
    EXPECT_EQ(traffic, result.traffic.size());
}

INSTANTIATE_TEST_SUITE_P(Access,
                         Sites,
                         testing::Values("p2p", "csma", "wifi", "lrwpan"),
                         [](const auto& info) {
                             return info.param;
                         });

namespace
{

/// A capture: when, and of what.
struct Capture
{
    Time time;
    uint16_t site;
    std::size_t sample; ///< index in the data set
};

std::vector<Capture>
GetCaptures(int sites, int samples, const std::string& phase)
{
    std::vector<Capture> captures;
    Settings settings;
    settings.SetAccess("p2p").Set("Scenario::Sites", std::to_string(sites));
    settings.Set("Scenario::SitePhase", phase);
    settings.attach = [&captures](const DdnnScenarioParts& parts) -> std::shared_ptr<void> {
        for (const DdnnSiteApplications& site : parts.sites)
        {
            site.site->TraceConnectWithoutContext(
                "Captured",
                Callback<void, uint32_t>([&captures, site = PeekPointer(site.site)](uint32_t i) {
                    captures.push_back(
                        {Simulator::Now(), site->GetNumber(), site->GetDatasetIndex(i)});
                }));
        }
        return nullptr;
    };
    Simulate(MakeWorld('c', 2, samples), settings);
    return captures;
}

} // namespace

class SiteCaptures : public testing::TestWithParam<std::pair<int, int>>
{
};

TEST_P(SiteCaptures, AreOfDifferentSamplesAtAnyMoment)
{
    const auto [sites, samples] = GetParam();
    for (const char* phase : {"0", "0.3", "1"})
    {
        const std::vector<Capture> captures = GetCaptures(sites, samples, phase);
        EXPECT_EQ(captures.size(), sites * samples);
        std::map<uint16_t, std::size_t> latest; // sample that each site sees
        for (std::size_t i = 0; i < captures.size(); ++i)
        {
            latest[captures[i].site] = captures[i].sample;
            if (i + 1 < captures.size() && captures[i + 1].time == captures[i].time)
            {
                continue; // more happens at this moment
            }
            std::set<std::size_t> seen;
            for (const auto& [site, sample] : latest)
            {
                EXPECT_TRUE(seen.insert(sample).second)
                    << sample << " at " << captures[i].time.GetMilliSeconds() << " ms";
            }
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Numbers,
                         SiteCaptures,
                         testing::Values(std::pair(2, 12),
                                         std::pair(2, 3),
                                         std::pair(3, 12),
                                         std::pair(4, 7),
                                         std::pair(7, 12)));

TEST(SitePhase, SpreadsCapturesOverThatPartOfTheInterval)
{
    constexpr int SITES = 4;
    const Time interval = MilliSeconds(100);
    for (const auto& [phase, part] :
         {std::pair("0", 0.0), std::pair("0.4", 0.4), std::pair("1", 1.0)})
    {
        std::map<uint16_t, std::vector<Time>> times;
        const std::vector<Capture> captures = GetCaptures(SITES, 8, phase);
        for (const Capture& capture : captures)
        {
            times[capture.site].push_back(capture.time - captures[0].time);
        }
        for (uint16_t site = 0; site < SITES; ++site)
        {
            for (int i = 0; i < 8; ++i)
            {
                EXPECT_EQ(times[site].at(i), interval * i + interval * part * site / SITES);
            }
        }
    }
}

TEST(MoreSitesThanSamples, StillStartWithDifferentOnes)
{
    std::map<std::size_t, int> first; // how many sites begin with a sample
    std::set<uint16_t> begun;
    for (const Capture& capture : GetCaptures(6, 3, "1"))
    {
        first[capture.sample] += begun.insert(capture.site).second ? 1 : 0;
    }
    EXPECT_EQ(first, (std::map<std::size_t, int>{{0, 2}, {1, 2}, {2, 2}}));
}
