// SPDX-License-Identifier: GPL-2.0-only
// Random fault scripts on networks that ns-3's own helpers built: each sample ends exactly once, so
// does each message, and a script always does the same.
#include "fault-network.h"
#include "test/support/random-network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

using namespace ns3;
using namespace ddnn::test;

namespace
{

const std::set<std::string> RADIOS{"adhoc", "aodv", "mesh", "olsr"};

/// Networks that tell of every message that they lose, once they had time to give it up.
const std::set<std::string> TELLING{"aodv", "csma-dhcp", "csma-radvd", "nix-vector", "olsr"};

/// \return whether ns-3 does the same again, and takes little time for it
bool
IsSimple(const std::string& kind)
{
    const auto foreign = GetForeignNetworks();
    return std::find(foreign.begin(), foreign.end(), kind) == foreign.end();
}

/// Writes scripts of all actions.
class RandomScript
{
  public:
    RandomScript(const std::string& kind, uint64_t seed)
        : m_kind(kind)
        , m_generator(seed)
    {
    }

    std::string Make()
    {
        std::string script;
        for (int i = RandomInt(m_generator, 1, 8); i > 0; --i)
        {
            script += std::to_string(RandomInt(m_generator, 0, 1000)) + "ms " +
                      (OneIn(m_generator, 2) ? MakeNodeEvent() : MakeLinkEvent()) + "\n";
        }
        return script;
    }

  private:
    std::string Pick(const std::vector<std::string>& values)
    {
        return RandomOf(m_generator, values);
    }

    std::string MakeRandomFault()
    {
        const auto clock = [this] {
            const std::string time = std::to_string(RandomInt(m_generator, 1, 300)) + "ms";
            return Pick({"exponential:" + time, "constant:" + time, "weibull:" + time + ":0.7"});
        };
        const std::string up = clock();
        return Pick({"fails ", "fails-together "}) + up + " " + clock();
    }

    std::string MakeNodeEvent()
    {
        const std::string device = Pick({"device", "device:1", "device:0-1", "device:0,2"});
        switch (RandomInt(m_generator, 0, 4))
        {
        case 0:
            return device + Pick({" stuck", " random"});
        case 1:
            return Pick({device, "cloud", "gateway"}) +
                   Pick({" slow 1000", " slow 0.1", " slow 5"});
        case 2:
            return Pick({"cloud", "exit", "gateway"}) + Pick({" ber 0.01", " ber 1", " ber 0"});
        default:
            return Pick({device, "cloud", "gateway", "exit:local", "*"}) + " " +
                   Pick({"down", "up", "crash", "restart", "normal", MakeRandomFault()});
        }
    }

    std::string MakeLinkEvent()
    {
        const std::string device = Pick({"link:device:0", "link:device:1-2", "link:device"});
        switch (RandomInt(m_generator, IsSimple(m_kind) ? 0 : 2, 4))
        {
        case 0:
            return (m_kind == "star" ? Pick({device, "link:uplink"}) : "link:uplink") + " rate " +
                   Pick({"1bps", "64kbps", "10Mbps", "1Gbps"});
        case 1:
            return Pick({m_kind == "star"   ? device
                         : m_kind == "csma" ? "link:device" // which share a channel
                                            : "link:uplink",
                         "link:uplink"}) +
                   " delay " + Pick({"0s", "3ms", "0.3s"});
        default:
            return Pick({device, "link:uplink", "link:*"}) + " " +
                   Pick(
                       {"link-down", "link-up", "loss 0", "loss 0.3", "loss 1", MakeRandomFault()});
        }
    }

    std::string m_kind;
    std::mt19937_64 m_generator;
};

/// What the applications themselves tell of messages, by kind.
struct Told
{
    std::map<std::string, int64_t> sent;  ///< messages
    std::map<std::string, int64_t> bytes; ///< of those
    std::map<std::string, int64_t> received;
    std::map<std::string, int64_t> rejected;

    void Listen(Ptr<DdnnApplication> application)
    {
        application->TraceConnectWithoutContext(
            "Sending",
            Callback<void, const DdnnMessageName&, uint32_t, const DdnnDestination&>(
                [this](const DdnnMessageName& name, uint32_t payload, const DdnnDestination&) {
                    m_last = DdnnHeader::SIZE + payload;
                    ++sent[ToString(name.header.kind)];
                    bytes[ToString(name.header.kind)] += m_last;
                }));
        const auto connect = [&application](const std::string& source, auto function) {
            application->TraceConnectWithoutContext(
                source,
                Callback<void, const DdnnMessageName&>(function));
        };
        connect("NotSent", [this](const DdnnMessageName& name) {
            --sent[ToString(name.header.kind)];
            bytes[ToString(name.header.kind)] -= m_last;
        });
        connect("Rx", [this](const DdnnMessageName& name) {
            ++received[ToString(name.header.kind)];
        });
        application->TraceConnectWithoutContext(
            "Rejected",
            Callback<void, const DdnnMessageName&, DdnnReject>(
                [this](const DdnnMessageName& name, DdnnReject) {
                    ++rejected[ToString(name.header.kind)];
                }));
    }

  private:
    int64_t m_last{0}; ///< bytes of the message sent last
};

/// Every message that was sent has exactly one fate.
/// \param isTwice whether the link layer may deliver what it has delivered before
void
ExpectConserved(const FaultRun& run, const Told& told, bool isTwice)
{
    std::map<std::string, int64_t> sent;
    std::map<std::string, int64_t> bytes;
    std::map<std::string, int64_t> ended;
    std::map<std::string, int64_t> endedBytes;
    std::map<std::string, int64_t> received;
    std::map<std::string, int64_t> rejected;
    for (const DdnnMessageCount& count : run.messages)
    {
        const bool isSum = count.disposition == "sent";
        (isSum ? sent : ended)[count.kind] += count.messages;
        (isSum ? bytes : endedBytes)[count.kind] += count.bytes;
        const bool isRejected = count.disposition.find("rejected-") == 0;
        rejected[count.kind] += isRejected ? count.messages : 0;
        received[count.kind] += isRejected || count.disposition == "accepted" ? count.messages : 0;
    }
    EXPECT_EQ(sent, ended);
    EXPECT_EQ(bytes, endedBytes);
    for (const auto& [kind, messages] : told.sent)
    {
        const auto get = [kind = kind](const std::map<std::string, int64_t>& counts) {
            const auto found = counts.find(kind);
            return found == counts.end() ? 0 : found->second;
        };
        EXPECT_EQ(get(sent), messages) << kind;
        EXPECT_EQ(get(bytes), get(told.bytes)) << kind;
        EXPECT_LE(get(received), get(told.received)) << kind;
        EXPECT_LE(get(rejected), get(told.rejected)) << kind;
        EXPECT_TRUE(isTwice || get(received) == get(told.received)) << kind;
        EXPECT_TRUE(isTwice || get(rejected) == get(told.rejected)) << kind;
    }
}

class ForeignFaults : public testing::TestWithParam<std::string>
{
};

} // namespace

TEST_P(ForeignFaults, EverySampleAndEveryMessageEndsOnce)
{
    const uint64_t scripts = IsSimple(GetParam()) ? 60 : 8;
    for (uint64_t seed = 0; seed < scripts; ++seed)
    {
        FaultCase test;
        test.kind = GetParam();
        test.faults = RandomScript(test.kind, seed).Make();
        test.numSamples = 8;
        test.threshold = seed % 3 * 0.45;
        test.tcp = seed % 4 == 3;
        test.run = seed + 1;
        test.rest = TELLING.count(test.kind) > 0 ? Seconds(40) : Seconds(1); // AODV waits for 30
        Told told;
        test.prepare = [&told](FaultSetup& setup) {
            const DdnnSiteApplications site = FindDdnnSites(setup.apps)[0];
            for (const auto& application : site.all)
            {
                told.Listen(application);
            }
        };
        SCOPED_TRACE("seed " + std::to_string(seed) + ", script:\n" + test.faults);
        const FaultRun run = Simulate(test);
        EXPECT_EQ(run.ended.size(), 8U);
        for (const auto& [sample, times] : run.ended)
        {
            EXPECT_EQ(times, 1) << sample;
            EXPECT_EQ(run.outcomes[sample] == DdnnOutcome::LOST, run.predictions[sample].label < 0);
            EXPECT_LE(run.latencies[sample].GetTotal(), MilliSeconds(500)) << sample;
        }
        ExpectConserved(run, told, RADIOS.count(test.kind) > 0);
        for (const DdnnMessageCount& count : run.messages)
        {
            const bool isOpen = count.disposition == "unknown" || count.disposition == "in-flight";
            EXPECT_FALSE(isOpen && !test.tcp && TELLING.count(test.kind) > 0)
                << count.messages << " " << count.kind << " " << count.disposition;
        }
        if (seed % 8 == 0 && IsSimple(test.kind))
        {
            const FaultRun again = Simulate(test);
            EXPECT_EQ(again.GetText(), run.GetText());
            EXPECT_EQ(again.GetFaults(), run.GetFaults());
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Simple, ForeignFaults, testing::Values("star", "csma", "adhoc"));

INSTANTIATE_TEST_SUITE_P(All, ForeignFaults, testing::ValuesIn(GetForeignNetworks()));
