// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/topology/link-world.h"
#include "test/support/test-support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3;
using namespace ddnn::test;

namespace
{

/// When a transmission begins that is ready at a time, on a link that transmits for `on` and then
/// pauses for `off`; times count from the first capture.
Time
AfterPause(Time ready, Time on, Time off)
{
    Time begin;
    while (begin + on + off <= ready)
    {
        begin += on + off;
    }
    return ready < begin + on ? ready : begin + on + off;
}

/// Writes files of Backhaul::Trace.
class BackhaulTrace : public testing::Test
{
  protected:
    std::string Write(const std::string& text) const
    {
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }

    /// \return the message with which a file is refused, after its path
    std::string Refusal(const std::string& text) const
    {
        const auto backhaul = CreateObject<DdnnBackhaul>();
        backhaul->SetAttribute("Trace", StringValue(Write(text)));
        try
        {
            backhaul->GetTrace("link:backhaul");
        }
        catch (const std::runtime_error& error)
        {
            const std::string start = "ns3::DdnnBackhaul::Trace: " + path;
            const std::string message = error.what();
            EXPECT_EQ(message.substr(0, start.size()), start);
            EXPECT_EQ(message.find('\n'), std::string::npos);
            return message.substr(start.size());
        }
        return "accepted";
    }

    ddnn::test::TempDir folder;
    std::string path{folder.Path("rates.txt")};
};

} // namespace

TEST_F(BackhaulTrace, HasTimesAndRates)
{
    const auto backhaul = CreateObject<DdnnBackhaul>();
    EXPECT_TRUE(backhaul->GetTrace("link:cloud").empty());
    backhaul->SetAttribute("Trace",
                           StringValue(Write("# a comment\n"
                                             "0 1bps\n"
                                             "\n"
                                             "  \t 0.5s\t2Mbps   # to the end\r\n"
                                             "700ms 1.5kbps\n"
                                             "1 3Gbps\n"
                                             "1.000000001 1Mbps\n"
                                             "2min 1000000bps")));
    const auto trace = backhaul->GetTrace("link:cloud");
    ASSERT_EQ(trace.size(), 6U);
    const std::vector<int64_t> times{0, 500000000, 700000000, 1000000000, 1000000001, 120000000000};
    const std::vector<std::string> rates{"1bps",
                                         "2Mbps",
                                         "1.5kbps",
                                         "3Gbps",
                                         "1Mbps",
                                         "1000000bps"};
    for (std::size_t i = 0; i < trace.size(); ++i)
    {
        EXPECT_EQ(trace[i].time.GetNanoSeconds(), times[i]);
        EXPECT_EQ(trace[i].target, "link:cloud");
        EXPECT_EQ(trace[i].values, std::vector<std::string>{rates[i]});
    }
    EXPECT_EQ(trace[1].where, path + ":4");
}

TEST_F(BackhaulTrace, ErrorsNameFileAndLine)
{
    EXPECT_EQ(Refusal("0 1Mbps\n1s"), ":2: a line must be TIME RATE, such as 0.5s 2Mbps");
    EXPECT_EQ(Refusal("-1s 1Mbps").rfind(":1: '-1s' must be a time", 0), 0U);
    EXPECT_EQ(Refusal("\n\n1s 5").rfind(":3: '5' must be a rate", 0), 0U);
    EXPECT_EQ(Refusal("1s \x01\xff\n").rfind(":1: '?\?' must be a rate", 0), 0U);
    for (const char* line :
         {"1s 2Mbps 3", "s 1Mbps",   "1s Mbps",     "nan 1Mbps",   "inf 1Mbps",    "1e400 1Mbps",
          "2e6s 1Mbps", "1x 1Mbps",  "1ss 1Mbps",   "+1s 1Mbps",   "0x10 1Mbps",   "1,5s 1Mbps",
          "1s 0bps",    "1s -1Mbps", "1s 1e400bps", "1s 2000Gbps", "1s 1mbps",     "1s 1MBps",
          "1s nanMbps", "1s 1 Mbps", "1s,1Mbps",    "1s 1.2.3bps", ". 1bps",       "1s .bps",
          "1s 0.4bps",  "1s 1Mbps;", "\xff\xfe 1",  "1s \xc3\xa4", "0 link:* down"})
    {
        EXPECT_EQ(Refusal(std::string("0s 1Mbps\n") + line + "\n9s 1Mbps\n").rfind(":2: ", 0), 0U)
            << line;
    }
    EXPECT_EQ(Refusal(std::string("1s\0 1Mbps", 9)).rfind(":1: ", 0), 0U);
    EXPECT_EQ(Refusal(std::string(1000000, '1') + " 1bps").rfind(":1: ", 0), 0U);
}

TEST_F(BackhaulTrace, FilesWithoutALineAreRefused)
{
    const auto refusal = [](const std::string& path) {
        return GetRefusal(MakeWorld('c', 1, 1), MakeLinkSettings(0).Set("Backhaul::Trace", path));
    };
    for (const std::string& bad :
         {Write("# nothing\n\n"), folder.Path("none.txt"), folder.Path("")})
    {
        EXPECT_EQ(refusal(bad),
                  "ns3::DdnnBackhaul::Trace: the file '" + bad +
                      "' has no line TIME RATE, such as 0.5s 2Mbps, or cannot be read");
    }
}

TEST_F(BackhaulTrace, LatenciesFollowIt)
{
    const World world = MakeWorld('c', 1, 5);
    const Settings settings =
        MakeLinkSettings(0).Set("Backhaul::Trace", Write("0s 4Mbps\n0.2 1Mbps\n300ms 8Gbps\n"));
    const auto latencies = GetLatencies(Simulate(world, settings));
    const std::vector<int> nanosecondsPerByte{2000, 2000, 8000, 1, 1};
    for (std::size_t i = 0; i < nanosecondsPerByte.size(); ++i)
    {
        EXPECT_EQ(latencies[i],
                  TimeToBackhaul(world) + Compute(world, 1) + 2 * MilliSeconds(5) +
                      nanosecondsPerByte[i] * NanoSeconds(FEATURES_FRAME + PREDICTION_FRAME));
    }
}

TEST(Backhaul, PausesAgainAndAgain)
{
    const Time on = MilliSeconds(70);
    const Time off = MilliSeconds(41);
    const World world = MakeWorld('c', 1, 60);
    const Settings settings =
        MakeLinkSettings(0).Set("Backhaul::OnTime", "70ms").Set("Backhaul::OffTime", "41ms");
    const auto latencies = GetLatencies(Simulate(world, settings));
    int held = 0;
    for (std::size_t i = 0; i < latencies.size(); ++i)
    {
        const Time captured = i * MilliSeconds(100);
        const Time up = AfterPause(captured + TimeToBackhaul(world), on, off) +
                        MicroSeconds(FEATURES_FRAME) + MilliSeconds(5) + Compute(world, 1);
        const Time down =
            AfterPause(up, on, off) + MicroSeconds(PREDICTION_FRAME) + MilliSeconds(5);
        EXPECT_EQ(latencies[i], down - captured) << i;
        held += down - captured > MilliSeconds(30) ? 1 : 0;
    }
    EXPECT_GT(held, 10);
    EXPECT_LT(held, 50);
}

class BackhaulPause : public testing::TestWithParam<const char*>
{
};

TEST_P(BackhaulPause, HoldsWhatHasNotBegun)
{
    const World world = MakeWorld('c', 3, 2);
    // of the second sample's three frames one is in transmission, two wait for the end
    const Time begin = MilliSeconds(100) + TimeToBackhaul(world) + MicroSeconds(FEATURES_FRAME / 2);
    const Time pause = MilliSeconds(30);
    const Settings settings =
        MakeLinkSettings(0)
            .Set("Backhaul::QueueDisc", GetParam())
            .Set("Backhaul::OnTime", std::to_string(begin.GetNanoSeconds()) + "ns")
            .Set("Backhaul::OffTime", "30ms");
    const auto latencies = GetLatencies(Simulate(world, settings));
    EXPECT_EQ(latencies[0], CloudLatency(world, 3));
    EXPECT_EQ(latencies[1],
              begin - MilliSeconds(100) + pause + 2 * MicroSeconds(FEATURES_FRAME) +
                  2 * MilliSeconds(5) + Compute(world, 1) + MicroSeconds(PREDICTION_FRAME));
}

INSTANTIATE_TEST_SUITE_P(Disciplines,
                         BackhaulPause,
                         testing::Values("none", "fifo", "codel", "fq-codel"));

TEST(Backhaul, LosesAsManyPacketsAsItsLossSays)
{
    constexpr double LOSS = 0.3;
    constexpr int SAMPLES = 2000;
    const World world = MakeWorld('c', 1, SAMPLES);
    const DdnnRunResult result =
        Simulate(world, MakeLinkSettings(0).Set("Backhaul::Loss", std::to_string(LOSS)));
    // features up and prediction down both arrive
    const double expected = SAMPLES * (1 - LOSS) * (1 - LOSS);
    EXPECT_NEAR(result.exited, expected, 4 * std::sqrt(expected * (1 - (1 - LOSS) * (1 - LOSS))));
    int features = 0;
    for (const DdnnSampleRecord& record : result.records)
    {
        features += record.features[1] == "1" ? 1 : 0;
    }
    EXPECT_NEAR(features, SAMPLES * (1 - LOSS), 4 * std::sqrt(SAMPLES * LOSS * (1 - LOSS)));
}

TEST(Backhaul, LosesFromTheFirstCaptureOn)
{
    const World world = MakeWorld('c', 2, 5);
    const Settings settings = MakeLinkSettings(0)
                                  .Set("Site::Transport", "tcp") // its connections come up before
                                  .Set("Backhaul::Loss", "1");
    EXPECT_EQ(Simulate(world, settings).fallback, 5U);
}

TEST(Backhaul, RefusesWhatNs3WouldAbortAt)
{
    const World world = MakeWorld('c', 1, 1);
    const auto refusal = [&world](const AttributeGuard::Attributes& attributes) {
        Settings settings = MakeLinkSettings(0);
        for (const auto& [name, value] : attributes)
        {
            settings.Set("Backhaul::" + name, value);
        }
        return GetRefusal(world, settings);
    };
    EXPECT_EQ(refusal({{"Rate", "0bps"}}), "ns3::DdnnBackhaul::Rate must be more than zero");
    EXPECT_EQ(refusal({{"Queue", "0p"}}),
              "ns3::DdnnBackhaul::Queue must have room for at least one packet");
    EXPECT_EQ(refusal({{"Queue", "5000B"}, {"QueueDisc", "pfifo-fast"}}),
              "ns3::DdnnBackhaul::Queue must count packets with the QueueDisc pfifo-fast, such as "
              "100p");
    for (const char* time : {"OnTime", "OffTime"})
    {
        EXPECT_EQ(refusal({{time, "1s"}}),
                  "ns3::DdnnBackhaul::OnTime and OffTime must both be zero, or both more than "
                  "zero");
    }
    EXPECT_EQ(refusal({{"OnTime", "1us"}, {"OffTime", "1us"}}),
              "ns3::DdnnBackhaul::OnTime and OffTime must be at least 10 us together");
}

TEST(Backhaul, IsAbsentWithOneTier)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 3;
    for (const int cells : {1, 3})
    {
        ddnn::Hierarchy hierarchy = ddnn::MakeLocalOnly(preset);
        ddnn::SplitIntoCells(hierarchy, cells);
        World world = MakeWorld('c', 3, 5);
        world.model = std::make_shared<TableModel>(hierarchy);
        for (const char* offload : {"pull", "push"})
        {
            // the only exit classifies all the same
            const DdnnRunResult result =
                Simulate(world, Settings().SetThreshold(0).Set("Site::Offload", offload));
            EXPECT_EQ(result.exited, 5U);
            for (const DdnnSampleRecord& record : result.records)
            {
                EXPECT_EQ(record.exit, 0);
                EXPECT_EQ(record.prediction, Infer(world, record.sample)[0].label);
            }
            ExpectLatencies(result);
            ExpectCommunicationCost(hierarchy, result);
        }
    }
}

TEST(Backhaul, ItsAttributesAreRefusedWithOneTier)
{
    ddnn::PresetSettings preset;
    preset.numDevices = 1;
    World world = MakeWorld('c', 1, 1);
    world.model = std::make_shared<TableModel>(ddnn::MakeLocalOnly(preset));
    for (const auto& [name, value] : AttributeGuard::Attributes{{"Rate", "1kbps"},
                                                                {"Delay", "1s"},
                                                                {"Queue", "7p"},
                                                                {"QueueDisc", "red"},
                                                                {"Loss", "0.1"},
                                                                {"Trace", "rates.txt"},
                                                                {"OnTime", "1s"},
                                                                {"Load", "0.1"}})
    {
        EXPECT_EQ(GetRefusal(world, Settings().Set("Backhaul::" + name, value)),
                  "ns3::DdnnBackhaul::" + name +
                      " has no effect: the hierarchy has one tier, and no link to another");
    }
}
