// SPDX-License-Identifier: GPL-2.0-only
#include "simulate.h"
#include "wire-world.h"

#include "ns3/ddnn-transit.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

using namespace ns3;
using namespace ddnn::test;

namespace
{

using Fates = std::map<std::pair<std::string, std::string>, uint64_t>;

/// Messages by kind and fate.
Fates
CountMessages(const DdnnRunResult& result)
{
    Fates fates;
    for (const DdnnMessageCount& count : result.messages)
    {
        fates[{count.kind, count.fate}] = count.messages;
    }
    return fates;
}

/// Point-to-point links, enough time to drain.
DdnnScenarioSettings
MakeSettings(double threshold)
{
    DdnnScenarioSettings settings = MakeWireSettings(threshold);
    settings.drain = Seconds(100);
    return settings;
}

uint64_t
GetBytes(const DdnnRunResult& result, const std::string& kind, const std::string& fate)
{
    for (const DdnnMessageCount& count : result.messages)
    {
        if (count.kind == kind && count.fate == fate)
        {
            return count.bytes;
        }
    }
    return 0;
}

} // namespace

TEST(DdnnTransit, CountsWhatAFaultlessRunSends)
{
    const World world = MakeWorld('c', 3, 4);
    const DdnnRunResult result = Simulate(world, MakeSettings(0));
    // 3 devices, 4 samples, none exits locally; the cloud's section tells its own exit
    Fates fates = CountMessages(result);
    EXPECT_EQ((fates[{"summary", "sent"}]), 12U + 4);
    EXPECT_EQ((fates[{"summary", "accepted"}]), 12U + 4);
    EXPECT_EQ((fates[{"offload-request", "accepted"}]), 12U);
    EXPECT_EQ((fates[{"features", "accepted"}]), 12U);
    EXPECT_EQ(GetBytes(result, "features", "sent"), 12U * (128 + DdnnHeader::SIZE));
    for (const DdnnMessageCount& count : result.messages)
    {
        EXPECT_TRUE(count.fate == "sent" || count.fate == "accepted") << count.fate;
    }
}

TEST(DdnnTransit, CountsEachReceiverOfABroadcast)
{
    const World world = MakeWorld('c', 3, 4);
    DdnnScenarioSettings settings = MakeSettings(0);
    settings.access.name = "csma";
    settings.faults = ParseFaults("0s link:device:1 link-down");
    Fates fates = CountMessages(Simulate(world, settings));
    EXPECT_EQ((fates[{"offload-request", "sent"}]), 12U);
    EXPECT_EQ((fates[{"offload-request", "accepted"}]), 8U);
    EXPECT_EQ((fates[{"offload-request", "lost-unheard"}]), 4U);
    EXPECT_EQ((fates[{"summary", "lost-off"}]), 4U);
    EXPECT_EQ((fates[{"summary", "accepted"}]), 8U + 4);
}

TEST(DdnnTransit, NamesTheLinkThatIsDown)
{
    const World world = MakeWorld('c', 3, 4);
    DdnnScenarioSettings settings = MakeSettings(0);
    settings.faults = ParseFaults("0s link:backhaul link-down");
    Fates fates = CountMessages(Simulate(world, settings));
    EXPECT_EQ((fates[{"features", "sent"}]), 12U);
    EXPECT_EQ((fates[{"features", "lost-link"}]), 12U);
    EXPECT_EQ((fates[{"features", "accepted"}]), 0U);
}

TEST(DdnnTransit, AgreesWithTheCountersOfQueuesAndLosses)
{
    const World world = MakeWorld('c', 6, 10);
    DdnnScenarioSettings settings = MakeSettings(0);
    settings.links.cloud.rate = DataRate("64kbps");
    settings.links.cloud.queue = QueueSize("2p");
    settings.access.packetErrorRate = 0.3;
    uint64_t queueDrops = 0;
    uint64_t losses = 0;
    settings.attach = [&](DdnnHelper& helper) {
        return std::shared_ptr<void>(nullptr, [&](void*) {
            queueDrops = helper.GetTopology().GetWires().front().GetQueueDrops();
            losses = helper.GetTopology().GetCells().front().access->GetLost();
        });
    };
    const DdnnRunResult result = Simulate(world, settings);
    std::map<std::string, uint64_t> fates; // each message is one packet
    for (const DdnnMessageCount& count : result.messages)
    {
        fates[count.fate] += count.messages;
    }
    EXPECT_GT(queueDrops, 0U);
    EXPECT_EQ(fates["lost-queue"], queueDrops);
    EXPECT_GT(losses, 0U);
    EXPECT_EQ(fates["lost-loss"], losses);
}

TEST(DdnnTransit, ListsRejectedMessagesByReason)
{
    const World world = MakeWorld('c', 3, 4);
    DdnnScenarioSettings settings = MakeSettings(0);
    settings.faults = ParseFaults("0s cloud crash");
    const DdnnRunResult result = Simulate(world, settings);
    Fates fates = CountMessages(result);
    EXPECT_EQ((fates[{"features", "rejected-node-down"}]), 12U);
    EXPECT_EQ(result.rejected.at(DdnnReject::NODE_DOWN), 12U);
}

TEST(DdnnTransit, FindsWhatTcpStillKeeps)
{
    const World world = MakeWorld('c', 3, 4);
    DdnnScenarioSettings settings = MakeSettings(0);
    settings.transport = DdnnTransport::TCP;
    settings.drain = Time(0);
    settings.faults = ParseFaults("0s link:backhaul link-down");
    Fates fates = CountMessages(Simulate(world, settings));
    EXPECT_EQ((fates[{"features", "sent"}]), 12U);
    EXPECT_EQ((fates[{"features", "in-flight"}]), 12U);
    settings.drain = Seconds(1000); // TCP gives up
    fates = CountMessages(Simulate(world, settings));
    EXPECT_EQ((fates[{"features", "lost-connection"}]), 12U);
}

TEST(DdnnTransit, FindsWhatIsOnTheWayAtTheEnd)
{
    const World world = MakeWorld('c', 3, 1);
    DdnnScenarioSettings settings = MakeSettings(0);
    settings.links.cloud.delay = Seconds(10);
    settings.drain = Time(0);
    Fates fates = CountMessages(Simulate(world, settings));
    EXPECT_EQ((fates[{"features", "in-flight"}]), 3U);
}
