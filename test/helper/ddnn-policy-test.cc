// SPDX-License-Identifier: GPL-2.0-only
#include "simulate.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

using namespace ddnn::test;

namespace
{

DdnnScenarioSettings
OverPointToPoint(double threshold)
{
    DdnnScenarioSettings settings;
    settings.threshold = threshold;
    settings.access.name = "p2p";
    return settings;
}

/// Payload of one kind of message on one hop.
uint64_t
Payload(const DdnnRunResult& result, const std::string& hop, const std::string& kind)
{
    for (const DdnnTraffic& traffic : result.traffic)
    {
        if (traffic.hop == hop && traffic.kind == kind)
        {
            return traffic.bytes.payload;
        }
    }
    return 0;
}

/// Call `attach` when everything is installed.
void
Attach(DdnnScenarioSettings& settings, std::function<void(DdnnHelper&)> attach)
{
    settings.attach = [attach](DdnnHelper& helper) -> std::shared_ptr<void> {
        attach(helper);
        return nullptr;
    };
}

void
LoseOnBackhaul(DdnnScenarioSettings& settings, double packetErrorRate)
{
    Attach(settings, [packetErrorRate](DdnnHelper& helper) {
        DdnnTopology& topology = helper.GetTopology();
        topology.SetWireLoss(topology.GetTrunk(1), packetErrorRate);
    });
}

uint64_t
Rejected(const DdnnRunResult& result, DdnnReject reason)
{
    return result.rejected.at(reason);
}

} // namespace

TEST(Policy, OffloadPoliciesGiveTheSameVerdicts)
{
    for (const char config : {'b', 'c', 'd', 'e', 'f'})
    {
        const World world = MakeWorld(config, config == 'b' || config == 'd' ? 1 : 6, 20);
        for (const auto offload : {DdnnOffload::PULL, DdnnOffload::STAGGERED, DdnnOffload::PUSH})
        {
            DdnnScenarioSettings settings = OverPointToPoint(0.7);
            settings.policies.offload = offload;
            ExpectAsInferred(world, Simulate(world, settings), 0.7);
        }
    }
}

TEST(Policy, PushSendsTheFeaturesOfEverySampleAndNoRequest)
{
    const World world = MakeWorld('c', 6, 30);
    DdnnScenarioSettings settings = OverPointToPoint(0.7);
    const DdnnRunResult pull = Simulate(world, settings);
    settings.policies.offload = DdnnOffload::PUSH;
    const DdnnRunResult push = Simulate(world, settings);
    EXPECT_EQ(Payload(push, "access-up", "features"), 30 * 6 * 128);
    EXPECT_EQ(Payload(push, "access-up", "summary"), 30 * 6 * 12);
    std::size_t later = 0;
    for (std::size_t i = 0; i < 30; ++i)
    {
        EXPECT_EQ(push.records[i].bytes.payload, 6 * 140);
        later += pull.records[i].exit == 1 ? 1 : 0;
        if (pull.records[i].exit == 1)
        {
            EXPECT_LT(push.records[i].latency.total, pull.records[i].latency.total);
        }
    }
    ASSERT_GT(later, 0);
    EXPECT_EQ(Payload(pull, "access-up", "features"), later * 6 * 128);
    for (const DdnnTraffic& traffic : push.traffic)
    {
        EXPECT_NE(traffic.kind, "offload-request");
    }
}

TEST(Policy, RepeatsFeaturesUntilTheyAreAcknowledged)
{
    const World world = MakeWorld('c', 6, 40);
    DdnnScenarioSettings settings = OverPointToPoint(0);
    LoseOnBackhaul(settings, 0.3);
    settings.sampleDeadline = Seconds(3);
    settings.interval = Seconds(4);
    const DdnnRunResult once = Simulate(world, settings);
    settings.policies.tries = 30;
    const DdnnRunResult repeated = Simulate(world, settings);
    std::size_t incomplete = 0;
    std::size_t late = 0;
    for (std::size_t i = 0; i < 40; ++i)
    {
        incomplete += once.records[i].features[1] == "111111" ? 0 : 1;
        // the request goes over the access links alone; the verdict may be lost on its way back
        EXPECT_EQ(repeated.records[i].features[1], "111111");
        late += repeated.records[i].outcome == DdnnOutcome::EXITED ? 0 : 1;
    }
    EXPECT_GT(incomplete, 20) << "1 - 0.7^6 of 40 are 35";
    EXPECT_LT(late, 25);
    EXPECT_EQ(repeated.givenUp, 0);
    EXPECT_GT(Rejected(repeated, DdnnReject::DUPLICATE), 0) << "acknowledgements are lost, too";
}

TEST(Policy, GivesUpAfterTheLastTry)
{
    const World world = MakeWorld('c', 2, 5);
    DdnnScenarioSettings settings = OverPointToPoint(0);
    LoseOnBackhaul(settings, 1);
    settings.policies.tries = 4;
    const DdnnRunResult result = Simulate(world, settings);
    EXPECT_EQ(result.givenUp, 5 * 2);
    EXPECT_EQ(Payload(result, "access-up", "features"), 5 * 2 * 4 * 128);
    EXPECT_EQ(result.fallback, 5) << "the local verdict stands";
}

TEST(Policy, TriesChangeNothingWhenNothingIsLost)
{
    const World world = MakeWorld('c', 6, 20);
    DdnnScenarioSettings settings;
    settings.threshold = 0.5;
    settings.policies.tries = 3;
    const DdnnRunResult result = Simulate(world, settings);
    ExpectAsInferred(world, result, 0.5);
    EXPECT_EQ(Rejected(result, DdnnReject::DUPLICATE), 0);
    EXPECT_EQ(result.givenUp, 0);
}

TEST(Policy, ByteBudgetWithholdsWhatItCannotPay)
{
    // A summary is 12 + 10 bytes: at 176 bit/s a device can pay one a second, the bucket holds 90.
    const World world = MakeWorld('c', 1, 50);
    DdnnScenarioSettings settings = OverPointToPoint(1);
    settings.policies.byteBudget = DataRate("176bps");
    Attach(settings, [](DdnnHelper& helper) {
        helper.GetDevice(0)->SetAttribute("BucketSize", UintegerValue(90));
    });
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
    EXPECT_EQ(result.withheld, 50 - sent);
}

TEST(Policy, AggregationDeadlineIsExact)
{
    const World world = MakeWorld('c', 3, 10);
    DdnnScenarioSettings settings = OverPointToPoint(1);
    settings.policies.aggregationDeadline = MicroSeconds(7654);
    settings.failedDevices = {1};
    const DdnnRunResult late = Simulate(world, settings);
    settings.failedDevices = {};
    Attach(settings, [](DdnnHelper& helper) {
        helper.GetDevice(2)->SetAttribute("Slot", TimeValue(MilliSeconds(20)));
    });
    const DdnnRunResult slow = Simulate(world, settings);
    for (std::size_t i = 0; i < 10; ++i)
    {
        EXPECT_EQ(late.records[i].summaries[0], "101");
        EXPECT_EQ(slow.records[i].summaries[0], "110");
        EXPECT_EQ(slow.records[i].latency.waiting, MicroSeconds(7654));
    }
    EXPECT_EQ(Rejected(slow, DdnnReject::LATE), 10);
}

TEST(Policy, BacklogMakesSamplesExit)
{
    // The features of a sample take a second on this link: from the second on, they queue.
    const World world = MakeWorld('c', 6, 30);
    DdnnScenarioSettings settings = OverPointToPoint(0);
    settings.links.cloud.rate = DataRate("8kbps");
    settings.sampleDeadline = Seconds(60);
    const DdnnRunResult fixed = Simulate(world, settings);
    settings.policies.exitPolicy = DdnnAggregator::BACKLOG;
    const DdnnRunResult backlog = Simulate(world, settings);
    settings.policies.exitPolicy = DdnnAggregator::DEADLINE;
    settings.sampleDeadline = MilliSeconds(1500);
    const DdnnRunResult deadline = Simulate(world, settings);
    const auto exitedLocally = [](const DdnnRunResult& result) {
        return std::count_if(result.records.begin(), result.records.end(), [](const auto& record) {
            return record.outcome == DdnnOutcome::EXITED && record.exit == 0;
        });
    };
    EXPECT_EQ(exitedLocally(fixed), 0);
    EXPECT_EQ(fixed.records[29].exit, 1);
    EXPECT_GT(fixed.records[29].latency.total, Seconds(20)) << "30 s of features in 3 s";
    EXPECT_GE(exitedLocally(backlog), 25) << "a second of backlog is ten times the limit";
    EXPECT_EQ(backlog.records[0].exit, 1) << "nothing waits yet";
    EXPECT_GT(exitedLocally(deadline), 10);
    EXPECT_LT(exitedLocally(deadline), 30);
}

TEST(Policy, SamplesExitWhileTheBackhaulPausesOrIsDown)
{
    const World world = MakeWorld('c', 6, 40);
    DdnnScenarioSettings settings = OverPointToPoint(0);
    settings.policies.exitPolicy = DdnnAggregator::BACKLOG;
    settings.policies.backlogLimit = MilliSeconds(1);
    settings.links.backhaul.on = MilliSeconds(1000);
    settings.links.backhaul.off = MilliSeconds(1000);
    const DdnnRunResult pauses = Simulate(world, settings);
    settings.links.backhaul = {};
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

TEST(Policy, BadSettingsNameTheirOption)
{
    const World world = MakeWorld('c', 2, 2);
    const auto expectRefused = [&](const DdnnScenarioSettings& settings, const char* option) {
        try
        {
            Simulate(world, settings);
            ADD_FAILURE() << option;
        }
        catch (const std::runtime_error& error)
        {
            EXPECT_NE(std::string(error.what()).find(option), std::string::npos) << error.what();
        }
    };
    DdnnScenarioSettings bad;
    bad.policies.tries = 2;
    bad.transport = DdnnTransport::TCP;
    expectRefused(bad, "--tries");
    bad = {};
    bad.policies.quorum = 3; // of two devices
    expectRefused(bad, "--quorum");
    bad = {};
    bad.policies.adaptivePercentile = 101;
    expectRefused(bad, "--adaptive");
    bad = {};
    bad.policies.aggregationDeadline = MilliSeconds(-1);
    expectRefused(bad, "--aggregationDeadline");
    bad = {};
    bad.policies.backlogLimit = Time(0);
    expectRefused(bad, "--backlogLimit");
}
