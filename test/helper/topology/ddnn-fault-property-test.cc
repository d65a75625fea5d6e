// SPDX-License-Identifier: GPL-2.0-only
// Conservation under anything: a thousand random fault scripts, each on a random configuration,
// network and policy. Each sample ends exactly once, the books add up, and every message is
// accepted, rejected for a reason, lost for a cause, or, with TCP, still in a send buffer.
//
// DDNN_FAULT_SEED=123 in the environment runs that seed alone, in each slice.
#include "random-faults.h"
#include "random-world.h"
#include "test/support/simulate.h"

#include "contrib-ddnn/hierarchy/hierarchy-presets.h"

#include "ns3/nstime.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int SCRIPTS_PER_SLICE = 50;
constexpr int SLICES = 20;

const std::vector<std::string> RATES{"64kbps", "1Mbps", "10Mbps", "1Gbps"};

/// A run, and what the checks need to know of it.
struct Case
{
    World world;
    Settings settings;
    std::set<std::string> technologies;
    Time deadline;
    bool isTcp;
    bool hasBattery;
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

void
ChoosePolicies(std::mt19937_64& generator, Case& run, int devices)
{
    Settings& settings = run.settings;
    const auto choose = [&](const char* name, const std::vector<std::string>& values) {
        settings.Set(name, RandomOf(generator, values));
    };
    if (OneIn(generator, 3))
    {
        choose("Collector::Deadline", {"0ms", "2ms", "30ms", "300ms"});
    }
    if (OneIn(generator, 3))
    {
        settings.Set("Collector::Quorum", std::to_string(RandomInt(generator, 1, devices)));
    }
    choose("Collector::AdaptivePercentile", {"0", "0", "50", "95"});
    choose("Collector::Absent", {"masked", "zero", "last-known"});
    choose("Collector::SilentAfter", {"0", "0", "1", "3"});
    choose("Site::Offload", {"pull", "staggered", "push"});
    choose("Site::FeatureTries", {"1", "1", run.isTcp ? "1" : "2", run.isTcp ? "1" : "5"});
    choose("Exit::ExitPolicy", {"fixed", "backlog", "deadline"});
    choose("EndDevice::ByteBudget", {"0bps", "0bps", "0bps", "2kbps", "50kbps"});
}

/// \param link the beginning of the names of its attributes
void
ChooseLink(std::mt19937_64& generator, Settings& settings, const std::string& link)
{
    settings.Set(link + "Rate", RandomOf(generator, RATES));
    settings.Set(link + "Delay", RandomOf<std::string>(generator, {"0us", "10us", "3ms", "60ms"}));
}

void
ChooseBackhaul(std::mt19937_64& generator, Settings& settings)
{
    const auto choose = [&](const std::string& name, const std::vector<std::string>& values) {
        settings.Set("Backhaul::" + name, RandomOf(generator, values));
    };
    ChooseLink(generator, settings, "Backhaul::");
    choose("QueueDisc", {"none", "fifo", "pfifo-fast", "codel", "fq-codel", "red"});
    choose("Queue", {"5p", "20p", "100p", "1p", "100000p"});
    choose("Loss", {"0", "0", "0.1", "0.5"});
    if (OneIn(generator, 4))
    {
        choose("OnTime", {"1ms", "20ms", "100ms"});
        choose("OffTime", {"1ms", "50ms", "300ms"});
    }
    if (OneIn(generator, 6))
    {
        settings.Set("Backhaul::Queue", "20p"); // else it does not drain
        settings.Set("Backhaul::Rate", "1Mbps");
        settings.Set("Backhaul::Load", std::to_string(RandomFloat(generator, 0.1F, 1.2F)));
    }
}

/// Most on what is cheap to simulate.
std::string
RandomAccess(std::mt19937_64& generator)
{
    const int number = RandomInt(generator, 1, 120);
    const std::string cheap = OneIn(generator, 2) ? "p2p" : "csma";
    return number == 1 ? "lte" : number <= 6 ? "wifi" : number <= 11 ? "lrwpan" : cheap;
}

void
ChooseNetwork(std::mt19937_64& generator, Case& run)
{
    Settings& settings = run.settings;
    const bool isPointToPoint = run.technologies == std::set<std::string>{"p2p"};
    if (isPointToPoint)
    {
        settings.Set("PointToPointAccess::DataRate", RandomOf(generator, RATES));
        settings.Set("PointToPointAccess::Delay", "3ms");
    }
    settings.Set("Scenario::AccessLoss",
                 RandomOf<std::string>(generator, {"0", "0", "0", "0.05", "0.4"}));
    // until nothing is in flight: the slowest link empties its queue, and reassembly gives up
    std::string drain = run.technologies.count("lte") > 0    ? "2s"
                        : run.technologies.count("wifi") > 0 ? "20s"
                                                             : "300s";
    if (run.technologies == std::set<std::string>{"csma"} && OneIn(generator, 6))
    {
        settings.Set("Stations::Stations", std::to_string(RandomInt(generator, 1, 3)));
        drain = "20s"; // they go on
    }
    settings.Set("Scenario::Drain", drain);
    const bool v6 = run.technologies.count("lrwpan") > 0 || OneIn(generator, 3);
    settings.Set("TopologyHelper::IpVersion", v6 ? "6" : "4");
    for (const char* link : {"Cell", "Edge", "Exit"})
    {
        ChooseLink(generator, settings, std::string("TopologyHelper::") + link);
    }
    ChooseBackhaul(generator, settings);
    run.hasBattery = OneIn(generator, 8);
    if (run.hasBattery)
    {
        const auto joules = RandomOf<std::string>(generator, {"0.001", "0.01", "0.3"});
        settings.Set("Energy::Battery", "ns3::ConstantRandomVariable[Constant=" + joules + "]");
    }
}

std::string
RandomScript(std::mt19937_64& generator, const Case& run, int milliseconds)
{
    std::string script = RandomFaults(run.world.model->GetHierarchy(),
                                      run.technologies,
                                      RATES,
                                      milliseconds,
                                      generator)
                             .MakeScript();
    if (run.technologies.count("wifi") > 0)
    {
        // what waits in the queue of a radio that is off would stay there
        const std::string later = std::to_string(milliseconds + 1000) + "ms ";
        script += later + "* up;" + later + "* restart;" + later + "link:* link-up";
    }
    return script;
}

Case
RandomCase(uint64_t seed)
{
    std::mt19937_64 generator(seed);
    Case run;
    Settings& settings = run.settings;
    std::string access = RandomAccess(generator);
    run.world = RandomWorld(generator, access);
    const ddnn::Hierarchy& hierarchy = run.world.model->GetHierarchy();
    for (const ddnn::Cell& cell : hierarchy.cells)
    {
        run.technologies.insert(cell.access.empty() ? access : cell.access);
    }
    if (run.technologies.empty())
    {
        run.technologies.insert(access);
    }
    settings.SetAccess(access);
    settings.SetThreshold(RandomFloat(generator, 0, 1));
    run.isTcp = OneIn(generator, 3);
    settings.Set("Site::Transport", run.isTcp ? "tcp" : "udp");
    const int interval = RandomOf<int>(generator, {1, 20, 100, 300});
    settings.SetInterval(interval / 1000.0);
    run.deadline = MilliSeconds(RandomOf<int>(generator, {5, 100, 500}));
    settings.Set("Site::SampleDeadline", std::to_string(run.deadline.GetMilliSeconds()) + "ms");
    ChooseNetwork(generator, run);
    const int devices = hierarchy.tiers[0].numNodes;
    ChoosePolicies(generator, run, devices);
    if (OneIn(generator, 6))
    {
        settings.failedDevices = {RandomInt(generator, 0, devices - 1)};
    }
    settings.rngRun = seed + 1;
    const int end =
        static_cast<int>(interval * run.world.samples.size() + run.deadline.GetMilliSeconds());
    run.script = RandomScript(generator, run, end);
    settings.faults = ParseFaults(run.script);
    return run;
}

DdnnRunResult
Run(const Case& run, Observed& observed)
{
    Settings settings = run.settings;
    settings.attach = [&observed](const DdnnScenarioParts& parts) -> std::shared_ptr<void> {
        using Ended =
            Callback<void, uint32_t, DdnnOutcome, const DdnnPrediction&, const DdnnLatency&>;
        using Sent = Callback<void, const DdnnMessageName&, uint32_t>;
        const DdnnSiteApplications& site = parts.sites.at(0);
        site.tracker->TraceConnectWithoutContext("Ended",
                                                 Ended([&observed](uint32_t sample,
                                                                   DdnnOutcome,
                                                                   const DdnnPrediction&,
                                                                   const DdnnLatency&) {
                                                     ++observed.ended[sample];
                                                 }));
        for (const auto& application : site.all)
        {
            application->TraceConnectWithoutContext(
                "Tx",
                Sent([&observed](const DdnnMessageName& name, uint32_t payloadBytes) {
                    observed.sent[ToString(name.header.kind)] += DdnnHeader::SIZE + payloadBytes;
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
        EXPECT_EQ(record.outcome == DdnnOutcome::LOST, record.prediction < 0) << record.sample;
        EXPECT_LE(record.latency.GetTotal(), run.deadline) << record.sample;
    }
    EXPECT_EQ(outcomes[DdnnOutcome::EXITED], result.exited);
    EXPECT_EQ(outcomes[DdnnOutcome::FALLBACK], result.fallback);
    EXPECT_EQ(outcomes[DdnnOutcome::LOST], result.lost);
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
    return run.hasBattery || !run.settings.failedDevices.empty();
}

/// Whether a message can stay somewhere for ever without being dropped: in the bearers of LTE or
/// the queue of Wi-Fi, or in a socket.
bool
CanKeep(const Case& run)
{
    return run.isTcp || (run.hasBattery && run.technologies.count("wifi") > 0) ||
           (TakesAway(run) && run.technologies.count("lte") > 0);
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
        const std::string& disposition = count.disposition;
        const int sign = disposition == "sent" ? 1 : -1;
        messages[count.kind] += sign * static_cast<int64_t>(count.messages);
        bytes[count.kind] += sign * static_cast<int64_t>(count.bytes);
        sent[count.kind] += disposition == "sent" ? count.bytes : 0;
        rejected[disposition] += count.messages;
        EXPECT_NE(disposition, "unknown") << count.kind << ", " << count.messages;
        EXPECT_TRUE(disposition != "in-flight" || CanKeep(run))
            << count.kind << ", " << count.messages;
        if (run.technologies == std::set<std::string>{"csma"} && !TakesAway(run))
        {
            EXPECT_NE(disposition, "lost-unheard") << count.kind; // all are plugged into one cable
        }
    }
    for (const auto& [kind, rest] : messages)
    {
        EXPECT_EQ(rest, 0) << kind;
        EXPECT_EQ(bytes[kind], 0) << kind;
    }
    for (const auto& [kind, count] : observed.sent)
    {
        // a request can be for several, and scores and predictions for the node itself
        const bool isOne = kind == "features" || kind == "raw";
        EXPECT_TRUE(sent[kind] == count || (!isOne && sent[kind] > count))
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
        table += count.kind + " " + count.disposition + " " + std::to_string(count.messages) + "\n";
    }
    return table;
}

void
CheckSeed(uint64_t seed)
{
    const Case run = RandomCase(seed);
    SCOPED_TRACE("DDNN_FAULT_SEED=" + std::to_string(seed) + ", " + *run.technologies.begin() +
                 ", " + (run.isTcp ? "TCP" : "UDP") + ", script:\n" + run.script);
    Observed observed;
    const DdnnRunResult result = Run(run, observed);
    SCOPED_TRACE(MessageTable(result));
    ExpectEnded(run, observed, result);
    ExpectLatencies(result);
    ExpectColumnsAddUp(result);
    ExpectConserved(run, observed, result);
    if (seed % 8 == 0)
    {
        const auto& hierarchy = run.world.model->GetHierarchy();
        EXPECT_EQ(Csv(hierarchy, 0, result), Csv(hierarchy, 0, Run(run, observed)));
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
