// SPDX-License-Identifier: GPL-2.0-only
#include "test/support/simulate.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

using namespace ddnn::test;

namespace
{

Settings
OverPointToPoint(double threshold)
{
    return Settings().SetAccess("p2p").SetThreshold(threshold);
}

/// Payload of one kind of message that the end devices have sent.
uint64_t
GetPayload(const DdnnRunResult& result, const std::string& kind)
{
    for (const DdnnTraffic& traffic : result.traffic)
    {
        if (traffic.place == "device" && traffic.kind == kind)
        {
            return traffic.bytes.payload;
        }
    }
    return 0;
}

/// Call `attach` when everything is installed.
void
Attach(Settings& settings, std::function<void(const DdnnSiteApplications&)> attach)
{
    settings.attach = [attach](const DdnnScenarioParts& parts) -> std::shared_ptr<void> {
        attach(parts.sites[0]);
        return nullptr;
    };
}

} // namespace

TEST(Policy, OffloadPoliciesGiveTheSamePredictions)
{
    for (const char config : {'b', 'c', 'd', 'e', 'f'})
    {
        const World world = MakeWorld(config, config == 'b' || config == 'd' ? 1 : 6, 20);
        for (const char* offload : {"pull", "staggered", "push"})
        {
            const Settings settings = OverPointToPoint(0.7).Set("Site::Offload", offload);
            ExpectAsInferred(world, Simulate(world, settings), 0.7);
        }
    }
}

TEST(Policy, PushSendsTheFeaturesOfEverySampleAndNoRequest)
{
    const World world = MakeWorld('c', 6, 30);
    Settings settings = OverPointToPoint(0.7);
    const DdnnRunResult pull = Simulate(world, settings);
    settings.Set("Site::Offload", "push");
    const DdnnRunResult push = Simulate(world, settings);
    EXPECT_EQ(GetPayload(push, "features"), 30 * 6 * 128);
    EXPECT_EQ(GetPayload(push, "scores"), 30 * 6 * 12);
    std::size_t later = 0;
    for (std::size_t i = 0; i < 30; ++i)
    {
        EXPECT_EQ(push.records[i].bytes.payload, 6 * 140);
        later += pull.records[i].exit == 1 ? 1 : 0;
        if (pull.records[i].exit == 1)
        {
            EXPECT_LT(push.records[i].latency.GetTotal(), pull.records[i].latency.GetTotal());
        }
    }
    ASSERT_GT(later, 0);
    EXPECT_EQ(GetPayload(pull, "features"), later * 6 * 128);
    for (const DdnnTraffic& traffic : push.traffic)
    {
        EXPECT_NE(traffic.kind, "request");
    }
}

TEST(Policy, RepeatsFeaturesUntilTheyAreAcknowledged)
{
    const World world = MakeWorld('c', 6, 40);
    Settings settings = OverPointToPoint(0);
    settings.SetInterval(4).Set("Site::SampleDeadline", "3s").Set("Backhaul::Loss", "0.3");
    const DdnnRunResult once = Simulate(world, settings);
    settings.Set("Site::FeatureTries", "30");
    const DdnnRunResult repeated = Simulate(world, settings);
    std::size_t incomplete = 0;
    std::size_t late = 0;
    for (std::size_t i = 0; i < 40; ++i)
    {
        incomplete += once.records[i].features[1] == "111111" ? 0 : 1;
        // the request goes over the access links alone; the prediction may be lost on its way back
        EXPECT_EQ(repeated.records[i].features[1], "111111");
        late += repeated.records[i].outcome == DdnnOutcome::EXITED ? 0 : 1;
    }
    EXPECT_GT(incomplete, 20) << "1 - 0.7^6 of 40 are 35";
    EXPECT_LT(late, 25);
    EXPECT_EQ(repeated.retriesExhausted, 0);
    EXPECT_GT(repeated.rejected.at(DdnnReject::DUPLICATE), 0) << "acknowledgements are lost, too";
}

TEST(Policy, GivesUpAfterTheLastTry)
{
    const World world = MakeWorld('c', 2, 5);
    Settings settings = OverPointToPoint(0);
    settings.Set("Backhaul::Loss", "1").Set("Site::FeatureTries", "4");
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_EQ(result.retriesExhausted, 5 * 2);
    EXPECT_EQ(GetPayload(result, "features"), 5 * 2 * 4 * 128);
    EXPECT_EQ(result.fallback, 5) << "the local prediction stands";
}

TEST(Policy, TriesChangeNothingWhenNothingIsLost)
{
    const World world = MakeWorld('c', 6, 20);
    const DdnnRunResult result =
        Simulate(world, Settings().SetThreshold(0.5).Set("Site::FeatureTries", "3"));
    ExpectAsInferred(world, result, 0.5);
    EXPECT_EQ(result.rejected.at(DdnnReject::DUPLICATE), 0);
    EXPECT_EQ(result.retriesExhausted, 0);
}

TEST(Policy, ByteBudgetStopsWhatItCannotPay)
{
    // Scores are 12 + 10 bytes: at 176 bit/s a device can pay one a second, the bucket holds 90.
    const World world = MakeWorld('c', 1, 50);
    Settings settings = OverPointToPoint(1);
    settings.Set("EndDevice::ByteBudget", "176bps").Set("EndDevice::BucketSize", "90");
    const DdnnRunResult result = Simulate(world, settings);
    // tokens at capture i, 100 ms apart
    double tokens = 90;
    std::size_t sent = 0;
    for (std::size_t i = 0; i < 50; ++i)
    {
        tokens = std::min(90.0, tokens + (i > 0 ? 2.2 : 0));
        const bool pays = tokens >= 22;
        tokens -= pays ? 22 : 0;
        sent += pays ? 1 : 0;
        EXPECT_EQ(result.records[i].outcome, pays ? DdnnOutcome::EXITED : DdnnOutcome::LOST) << i;
    }
    EXPECT_EQ(result.rateLimited, 50 - sent);
}

TEST(Policy, DeadlineOfACollectorIsExact)
{
    const World world = MakeWorld('c', 3, 10);
    Settings settings = OverPointToPoint(1);
    settings.Set("Collector::Deadline", "7654us").Set("EndDevice::SendJitter", "0s");
    settings.failedDevices = {1};
    const DdnnRunResult late = Simulate(world, settings);
    settings.failedDevices = {};
    Attach(settings, [](const DdnnSiteApplications& site) {
        site.devices[2]->SetAttribute("ScoreSlot", TimeValue(MilliSeconds(10))); // times its turn
    });
    const DdnnRunResult slow = Simulate(world, settings);
    for (std::size_t i = 0; i < 10; ++i)
    {
        EXPECT_EQ(late.records[i].scores[0], "101");
        EXPECT_EQ(slow.records[i].scores[0], "110");
        EXPECT_EQ(slow.records[i].latency.waiting, MicroSeconds(7654));
    }
    EXPECT_EQ(slow.rejected.at(DdnnReject::LATE), 10);
}

TEST(Policy, BacklogMakesSamplesExit)
{
    // The features of a sample take a second on this link: from the second on, they queue.
    const World world = MakeWorld('c', 6, 30);
    Settings settings = OverPointToPoint(0);
    settings.Set("Backhaul::Rate", "8kbps").Set("Site::SampleDeadline", "60s");
    const DdnnRunResult fixed = Simulate(world, settings);
    settings.Set("Exit::ExitPolicy", "backlog");
    const DdnnRunResult backlog = Simulate(world, settings);
    settings.Set("Exit::ExitPolicy", "deadline").Set("Site::SampleDeadline", "1500ms");
    const DdnnRunResult deadline = Simulate(world, settings);
    const auto exitedLocally = [](const DdnnRunResult& result) {
        return std::count_if(result.records.begin(), result.records.end(), [](const auto& record) {
            return record.outcome == DdnnOutcome::EXITED && record.exit == 0;
        });
    };
    EXPECT_EQ(exitedLocally(fixed), 0);
    EXPECT_EQ(fixed.records[29].exit, 1);
    EXPECT_GT(fixed.records[29].latency.GetTotal(), Seconds(20)) << "30 s of features in 3 s";
    EXPECT_GE(exitedLocally(backlog), 25) << "a second of backlog is ten times the limit";
    EXPECT_EQ(backlog.records[0].exit, 1) << "nothing waits yet";
    EXPECT_GT(exitedLocally(deadline), 10);
    EXPECT_LT(exitedLocally(deadline), 30);
}

TEST(Policy, SamplesExitWhileTheBackhaulPausesOrIsDown)
{
    const World world = MakeWorld('c', 6, 40);
    Settings settings = OverPointToPoint(0);
    settings.Set("Exit::ExitPolicy", "backlog").Set("Exit::BacklogLimit", "1ms");
    const DdnnRunResult pauses =
        Simulate(world,
                 Settings(settings).Set("Backhaul::OnTime", "1s").Set("Backhaul::OffTime", "1s"));
    settings.faults = ParseFaults("1s link:cloud link-down; 2s link:cloud link-up; "
                                  "3s link:cloud link-down");
    const DdnnRunResult down = Simulate(world, settings);
    for (int i = 0; i < 40; ++i)
    {
        const bool open = i / 10 % 2 == 0; // ten samples a second
        EXPECT_EQ(pauses.records[i].exit, open ? 1 : 0) << i;
        EXPECT_EQ(down.records[i].exit, open ? 1 : 0) << i;
        EXPECT_EQ(pauses.records[i].outcome, DdnnOutcome::EXITED) << i;
        EXPECT_EQ(down.records[i].outcome, DdnnOutcome::EXITED) << i;
    }
}
