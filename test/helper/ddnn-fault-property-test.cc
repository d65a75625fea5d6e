// SPDX-License-Identifier: GPL-2.0-only
// Conservation under anything: a thousand random fault scripts, each on a random configuration,
// network and policy. Each sample ends exactly once, the books add up, and every message is
// accepted, rejected for a reason, lost for a cause, or, with TCP, still in a send buffer.
//
// DDNN_FAULT_SEED=123 in the environment runs that seed alone, in each slice.
#include "random-faults.h"
#include "random-world.h"
#include "simulate.h"

#include "contrib-ddnn/hierarchy-presets.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int SCRIPTS_PER_SLICE = 50;
constexpr int SLICES = 20;

/// A run, and what the checks need to know of it.
struct Case
{
    World world;
    DdnnScenarioSettings settings;
    std::set<std::string> technologies;
    std::string script;
};

/// What a run's own trace sources tell.
struct Observed
{
    std::map<uint32_t, int> ended;        ///< times, by sample
    std::map<std::string, uint64_t> sent; ///< bytes that were handed to a socket, by kind
};

World
RandomWorld(std::mt19937_64& generator, std::string& access)
{
    const char config = RandomOf<char>(generator, {'b', 'c', 'd', 'e', 'f'});
    const bool alone = config == 'b' || config == 'd';
    ddnn::PresetSettings preset;
    preset.numDevices = alone ? 1 : RandomInt(generator, 2, 5);
    preset.filters = OneIn(generator, 6) && access != "lrwpan" ? 64 : 4; // 64: fragments
    ddnn::Hierarchy hierarchy = ddnn::MakePreset(config, preset);
    if (!alone && OneIn(generator, 3))
    {
        SplitIntoCells(hierarchy,
                       RandomInt(generator, 2, preset.numDevices),
                       RandomOf<std::string>(generator, {"", "csma", "p2p"}));
        access = access == "lte" ? "p2p" : access; // of which a simulation can have one
    }
    World world;
    constexpr int SAMPLES = 12;
    world.model = std::make_shared<TableModel>(hierarchy);
    world.dataset = std::make_shared<ddnn::Dataset>(MakeRandomDataset(SAMPLES, preset.numDevices));
    world.samples.resize(RandomInt(generator, 8, SAMPLES));
    std::iota(world.samples.begin(), world.samples.end(), 0);
    return world;
}

DdnnPolicySettings
RandomPolicies(std::mt19937_64& generator, int devices, bool tcp)
{
    DdnnPolicySettings policies;
    if (OneIn(generator, 3))
    {
        policies.aggregationDeadline = MilliSeconds(RandomOf<int>(generator, {0, 2, 30, 300}));
    }
    policies.quorum = OneIn(generator, 3) ? RandomInt(generator, 1, devices) : 0;
    policies.adaptivePercentile = RandomOf<double>(generator, {0, 0, 50, 95});
    policies.absent = RandomOf<DdnnCollector::Absent>(
        generator,
        {DdnnCollector::MASKED, DdnnCollector::ZERO, DdnnCollector::LAST_KNOWN});
    policies.silentAfter = RandomOf<int>(generator, {0, 0, 1, 3});
    policies.offload =
        RandomOf<DdnnOffload>(generator,
                              {DdnnOffload::PULL, DdnnOffload::STAGGERED, DdnnOffload::PUSH});
    policies.tries = tcp ? 1 : RandomOf<int>(generator, {1, 1, 2, 5});
    policies.exitPolicy = RandomOf<DdnnAggregator::ExitPolicy>(
        generator,
        {DdnnAggregator::FIXED, DdnnAggregator::BACKLOG, DdnnAggregator::DEADLINE});
    policies.byteBudget = DataRate(RandomOf<uint64_t>(generator, {0, 0, 0, 2000, 50000}));
    return policies;
}

DdnnLink
RandomLink(std::mt19937_64& generator, const std::vector<std::string>& rates)
{
    DdnnLink link;
    link.rate = DataRate(RandomOf(generator, rates));
    link.delay = MicroSeconds(RandomOf<int>(generator, {0, 10, 3000, 60000}));
    link.discipline = static_cast<DdnnDiscipline>(RandomInt(generator, 0, 5));
    link.queue = QueueSize(RandomOf<std::string>(generator, {"5p", "20p", "100p"}));
    if (link.discipline == DdnnDiscipline::NONE && OneIn(generator, 2))
    {
        link.queue = QueueSize(RandomOf<std::string>(generator, {"1p", "2000B", "100000p"}));
    }
    return link;
}

DdnnBackhaulSettings
RandomBackhaul(std::mt19937_64& generator, const std::vector<std::string>& rates)
{
    DdnnBackhaulSettings backhaul;
    backhaul.loss = RandomOf<double>(generator, {0, 0, 0.1, 0.5});
    if (OneIn(generator, 4))
    {
        backhaul.trace = {{MilliSeconds(0), DataRate(RandomOf(generator, rates))},
                          {MilliSeconds(300), DataRate(RandomOf(generator, rates))}};
    }
    if (OneIn(generator, 4))
    {
        backhaul.on = MilliSeconds(RandomInt(generator, 1, 100));
        backhaul.off = MilliSeconds(RandomInt(generator, 1, 300));
    }
    return backhaul;
}

/// Most on what is cheap to simulate.
std::string
RandomAccess(std::mt19937_64& generator)
{
    switch (RandomInt(generator, 1, 120))
    {
    case 1:
        return "lte";
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
        return "wifi";
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
        return "lrwpan";
    default:
        return OneIn(generator, 2) ? "p2p" : "csma";
    }
}

void
ChooseEnergy(std::mt19937_64& generator, DdnnScenarioSettings& settings)
{
    settings.energy.enabled = OneIn(generator, 4);
    if (settings.energy.enabled && OneIn(generator, 2))
    {
        settings.energy.batteryJoules = RandomOf<double>(generator, {1e-3, 1e-2, 0.3});
    }
}

/// How long until nothing is in flight: the slowest link must empty its queue, and reassembly give
/// up.
Time
DrainTime(const std::set<std::string>& technologies)
{
    if (technologies.count("lte") > 0)
    {
        return Seconds(2);
    }
    return Seconds(technologies.count("wifi") > 0 ? 20 : 300);
}

void
ChooseNetwork(std::mt19937_64& generator, Case& run, const std::vector<std::string>& rates)
{
    DdnnScenarioSettings& settings = run.settings;
    settings.access.pointToPoint.rate = RandomLink(generator, rates).rate;
    settings.access.pointToPoint.delay = RandomLink(generator, rates).delay;
    settings.access.packetErrorRate = RandomOf<double>(generator, {0, 0, 0, 0.05, 0.4});
    if (run.technologies == std::set<std::string>{"csma"} && OneIn(generator, 6))
    {
        settings.access.background.stations = RandomInt(generator, 1, 3);
        settings.drain = Seconds(20); // they go on
    }
    const bool v6 = run.technologies.count("lrwpan") > 0 || OneIn(generator, 3);
    settings.links.ipVersion = v6 ? DdnnIpVersion::V6 : DdnnIpVersion::V4;
    for (DdnnLink* link :
         {&settings.links.cell, &settings.links.edge, &settings.links.cloud, &settings.links.site})
    {
        *link = RandomLink(generator, rates);
    }
    settings.links.backhaul = RandomBackhaul(generator, rates);
    if (OneIn(generator, 6))
    {
        settings.links.cloud.queue = QueueSize("20p"); // else it does not drain
        settings.links.cloud.rate = DataRate("1Mbps");
        settings.links.backhaul.background.load = RandomFloat(generator, 0.1F, 1.2F);
    }
}

Case
RandomCase(uint64_t seed)
{
    std::mt19937_64 generator(seed);
    Case run;
    DdnnScenarioSettings& settings = run.settings;
    settings.access.name = RandomAccess(generator);
    run.world = RandomWorld(generator, settings.access.name);
    const ddnn::Hierarchy& hierarchy = run.world.model->GetHierarchy();
    for (const ddnn::Cell& cell : hierarchy.cells)
    {
        run.technologies.insert(cell.access.empty() ? settings.access.name : cell.access);
    }
    if (run.technologies.empty())
    {
        run.technologies.insert(settings.access.name);
    }
    settings.samples = run.world.samples;
    settings.threshold = RandomFloat(generator, 0, 1);
    settings.transport = OneIn(generator, 3) ? DdnnTransport::TCP : DdnnTransport::UDP;
    settings.interval = MilliSeconds(RandomOf<int>(generator, {1, 20, 100, 300}));
    settings.sampleDeadline = MilliSeconds(RandomOf<int>(generator, {5, 100, 500}));
    settings.drain = DrainTime(run.technologies);
    const std::vector<std::string> rates{"64kbps", "1Mbps", "10Mbps", "1Gbps"};
    ChooseNetwork(generator, run, rates);
    const int devices = hierarchy.tiers[0].numNodes;
    settings.policies =
        RandomPolicies(generator, devices, settings.transport == DdnnTransport::TCP);
    ChooseEnergy(generator, settings);
    if (OneIn(generator, 6))
    {
        settings.failedDevices = {RandomInt(generator, 0, devices - 1)};
    }
    settings.rngRun = seed + 1;
    const Time end = settings.interval * settings.samples.size() + settings.sampleDeadline;
    const int milliseconds = static_cast<int>(end.GetMilliSeconds());
    run.script =
        RandomFaults(hierarchy, run.technologies, rates, milliseconds, generator).MakeScript();
    if (run.technologies.count("wifi") > 0)
    {
        // what waits in the queue of a radio that is off would stay there
        const std::string later = std::to_string(milliseconds + 1000) + "ms ";
        run.script += later + "* up;" + later + "* restart;" + later + "link:* link-up";
    }
    settings.faults = ParseFaults(run.script);
    return run;
}

DdnnRunResult
Run(const Case& run, Observed& observed)
{
    DdnnScenarioSettings settings = run.settings;
    settings.attach = [&observed](DdnnHelper& helper) -> std::shared_ptr<void> {
        using Ended = Callback<void, uint32_t, DdnnOutcome, const DdnnVerdict&>;
        using Sent = Callback<void, const DdnnHeader&, uint32_t>;
        helper.GetLedger()->TraceConnectWithoutContext(
            "Ended",
            Ended([&observed](uint32_t sample, DdnnOutcome, const DdnnVerdict&) {
                ++observed.ended[sample];
            }));
        for (const auto& application : helper.GetApplications())
        {
            application->TraceConnectWithoutContext(
                "Tx",
                Sent([&observed](const DdnnHeader& header, uint32_t payloadBytes) {
                    observed.sent[ToString(header.kind)] += DdnnHeader::SIZE + payloadBytes;
                }));
        }
        return nullptr;
    };
    return Simulate(run.world, settings);
}

void
ExpectEnded(const Case& run, const Observed& observed, const DdnnRunResult& result)
{
    ASSERT_EQ(result.records.size(), run.world.samples.size());
    EXPECT_EQ(observed.ended.size(), run.world.samples.size());
    for (const auto& [sample, times] : observed.ended)
    {
        EXPECT_EQ(times, 1) << sample;
    }
    std::map<DdnnOutcome, std::size_t> outcomes;
    for (const DdnnSampleRecord& record : result.records)
    {
        ++outcomes[record.outcome];
        EXPECT_EQ(record.outcome == DdnnOutcome::LOST, record.verdict < 0) << record.sample;
        EXPECT_LE(record.latency.total, run.settings.sampleDeadline) << record.sample;
    }
    EXPECT_EQ(outcomes[DdnnOutcome::EXITED], result.exited);
    EXPECT_EQ(outcomes[DdnnOutcome::FALLBACK], result.fallback);
    EXPECT_EQ(outcomes[DdnnOutcome::LOST], result.lost);
}

/// Whether a message can stay somewhere for ever without being dropped.
bool
CanKeep(const Case& run)
{
    const bool dead = run.settings.energy.batteryJoules > 0 && run.technologies.count("wifi") > 0;
    return run.settings.transport == DdnnTransport::TCP || dead;
}

/// Of the faults that take links away, or radios.
bool
TakesAway(const Case& run)
{
    for (const char* word : {"down", "fails"})
    {
        if (run.script.find(word) != std::string::npos)
        {
            return true;
        }
    }
    return run.settings.energy.batteryJoules > 0 || !run.settings.failedDevices.empty();
}

void
ExpectConserved(const Case& run, const Observed& observed, const DdnnRunResult& result)
{
    std::map<std::string, int64_t> messages; // sent and not yet found again
    std::map<std::string, int64_t> bytes;
    std::map<std::string, uint64_t> sent;
    std::map<std::string, uint64_t> rejected;
    for (const DdnnMessageCount& count : result.messages)
    {
        const std::string& fate = count.fate;
        const int sign = fate == "sent" ? 1 : -1;
        messages[count.kind] += sign * static_cast<int64_t>(count.messages);
        bytes[count.kind] += sign * static_cast<int64_t>(count.bytes);
        sent[count.kind] += fate == "sent" ? count.bytes : 0;
        rejected[fate] += count.messages;
        EXPECT_NE(fate, "unaccounted") << count.kind << ", " << count.messages;
        EXPECT_TRUE(fate != "in-flight" || CanKeep(run)) << count.kind << ", " << count.messages;
        if (run.technologies == std::set<std::string>{"csma"} && !TakesAway(run))
        {
            EXPECT_NE(fate, "lost-unheard") << count.kind; // a cable that all are plugged into
        }
        EXPECT_TRUE(fate != "lost-radio" || run.technologies.count("lte") > 0) << count.kind;
    }
    for (const auto& [kind, rest] : messages)
    {
        EXPECT_EQ(rest, 0) << kind;
        EXPECT_EQ(bytes[kind], 0) << kind;
    }
    for (const auto& [kind, count] : observed.sent)
    {
        // a request can be for several
        EXPECT_TRUE(sent[kind] == count || (kind == "offload-request" && sent[kind] > count))
            << kind << ": " << sent[kind] << " and " << count;
    }
    for (const auto& [reason, count] : result.rejected)
    {
        EXPECT_EQ(rejected["rejected-" + ToString(reason)], count) << ToString(reason);
    }
}

std::string
MessageTable(const DdnnRunResult& result)
{
    std::string table;
    for (const DdnnMessageCount& count : result.messages)
    {
        table += count.kind + " " + count.fate + " " + std::to_string(count.messages) + "\n";
    }
    return table;
}

std::string
AllCsv(const Case& run, const DdnnRunResult& result)
{
    const auto& hierarchy = run.world.model->GetHierarchy();
    DdnnCsv csv(hierarchy, run.settings.energy.enabled, true);
    csv.Add(result, Summarise(result, hierarchy, run.settings.threshold));
    return csv.GetSamples() + csv.GetSummary() + csv.GetTraffic() + csv.GetMessages() +
           csv.GetDeaths() + csv.GetFaults();
}

void
CheckSeed(uint64_t seed)
{
    const Case run = RandomCase(seed);
    SCOPED_TRACE("DDNN_FAULT_SEED=" + std::to_string(seed) + ", " + run.settings.access.name +
                 ", " + (run.settings.transport == DdnnTransport::TCP ? "TCP" : "UDP") +
                 ", script:\n" + run.script);
    Observed observed;
    const DdnnRunResult result = Run(run, observed);
    SCOPED_TRACE(MessageTable(result));
    ExpectEnded(run, observed, result);
    ExpectPartsAddUp(result);
    ExpectColumnsAddUp(result);
    ExpectConserved(run, observed, result);
    if (seed % 8 == 0)
    {
        EXPECT_EQ(AllCsv(run, result), AllCsv(run, Run(run, observed)));
    }
}

} // namespace

class FaultProperty : public testing::TestWithParam<int>
{
};

TEST_P(FaultProperty, EverySampleEndsOnceAndEveryMessageIsAccountedFor)
{
    if (const char* seed = std::getenv("DDNN_FAULT_SEED"))
    {
        return CheckSeed(std::stoull(seed));
    }
    for (int i = 0; i < SCRIPTS_PER_SLICE; ++i)
    {
        CheckSeed(GetParam() * SCRIPTS_PER_SLICE + i);
    }
}

INSTANTIATE_TEST_SUITE_P(Slices, FaultProperty, testing::Range(0, SLICES));
