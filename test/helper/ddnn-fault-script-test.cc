// SPDX-License-Identifier: GPL-2.0-only
#include "test/test-support.h"

#include "ns3/ddnn-fault-script.h"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

using namespace ns3;

namespace
{

/// The one event of a text.
DdnnFault
One(const std::string& text)
{
    const auto faults = ParseFaults(text);
    EXPECT_EQ(faults.size(), 1U) << text;
    return faults.at(0);
}

/// The message with which a text is refused.
std::string
Refusal(const std::string& text)
{
    try
    {
        ParseFaults(text);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "accepted";
}

std::string
WriteFile(const ddnn::test::TempDir& folder, const std::string& text)
{
    const std::string path = folder.Path("outage.faults");
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

std::string
FileRefusal(const std::string& path)
{
    try
    {
        ReadFaultScript(path);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "accepted";
}

} // namespace

TEST(FaultScript, ReadsTimesWithUnits)
{
    EXPECT_EQ(One("0s * down").time, Time(0));
    EXPECT_EQ(One("250ms * down").time, MilliSeconds(250));
    EXPECT_EQ(One("1.5us * down").time, NanoSeconds(1500));
    EXPECT_EQ(One("2min * down").time, Seconds(120));
    EXPECT_EQ(One("1e3ns * down").time, MicroSeconds(1));
}

TEST(FaultScript, ReadsTargets)
{
    DdnnFaultTarget target = One("1s device:2 down").target;
    EXPECT_FALSE(target.link);
    EXPECT_EQ(target.name, "device");
    EXPECT_TRUE(target.indexed);
    EXPECT_FALSE(target.all);
    using Ranges = std::vector<std::pair<uint32_t, uint32_t>>;
    EXPECT_EQ(target.ranges, (Ranges{{2, 2}}));
    EXPECT_EQ(One("1s device:1-3,5 down").target.ranges, (Ranges{{1, 3}, {5, 5}}));
    EXPECT_TRUE(One("1s device:* down").target.all);
    EXPECT_FALSE(One("1s gateway down").target.indexed);
    EXPECT_EQ(One("1s * down").target.name, "*");
    target = One("1s link:device:0 loss 0.5").target;
    EXPECT_TRUE(target.link);
    EXPECT_EQ(target.name, "device");
    EXPECT_EQ(target.ranges, (Ranges{{0, 0}}));
    EXPECT_EQ(One("1s link:* link-down").target.name, "*");
    EXPECT_EQ(One("1s aggregator:local,edge down").target.exits,
              (std::vector<std::string>{"local", "edge"}));
}

TEST(FaultScript, ReadsActionsAndTheirValues)
{
    for (const char* word :
         {"down", "up", "crash", "restart", "stuck", "babble", "normal", "link-down", "link-up"})
    {
        const DdnnFault fault = One(std::string("1s x ") + word);
        EXPECT_EQ(ToString(fault.action), word);
        EXPECT_EQ(fault.value, "");
    }
    EXPECT_EQ(One("1s x slow 2.5").number, 2.5);
    EXPECT_EQ(One("1s x slow 2.5").value, "2.5");
    EXPECT_EQ(One("1s x ber 1e-4").number, 1e-4);
    EXPECT_EQ(One("1s x loss 1").number, 1);
    EXPECT_EQ(One("1s x delay 20ms").delay, MilliSeconds(20));
    EXPECT_EQ(One("1s x rate HtMcs3").value, "HtMcs3");
    const DdnnFault fails = One("1s x fails exponential:30s weibull:2min:1.5");
    EXPECT_EQ(fails.action, DdnnFaultAction::FAILS);
    EXPECT_EQ(fails.up.law, DdnnFaultClock::Law::EXPONENTIAL);
    EXPECT_EQ(fails.up.scale, Seconds(30));
    EXPECT_EQ(fails.down.law, DdnnFaultClock::Law::WEIBULL);
    EXPECT_EQ(fails.down.scale, Seconds(120));
    EXPECT_EQ(fails.down.shape, 1.5);
    EXPECT_EQ(fails.value, "exponential:30s weibull:2min:1.5");
    const DdnnFault flapping = One("1s x fails-together constant:500ms constant:200ms");
    EXPECT_EQ(flapping.action, DdnnFaultAction::FAILS_TOGETHER);
    EXPECT_EQ(flapping.up.law, DdnnFaultClock::Law::CONSTANT);
    EXPECT_EQ(flapping.down.scale, MilliSeconds(200));
}

TEST(FaultScript, SeparatesEventsByLinesAndSemicolons)
{
    for (const char* text : {"3s device:2 down; 5s device:2 up",
                             "3s device:2 down\n5s device:2 up\n",
                             ";;3s device:2 down;\n\n; 5s device:2 up;",
                             "# all; of this\r\n\t3s  device:2\tdown # why; 9s x y\r\n"
                             "\r\n5s device:2 up\r\n# end"})
    {
        const auto faults = ParseFaults(text);
        ASSERT_EQ(faults.size(), 2U) << text;
        EXPECT_EQ(faults[0].time, Seconds(3));
        EXPECT_EQ(faults[0].action, DdnnFaultAction::DOWN);
        EXPECT_EQ(faults[1].time, Seconds(5));
        EXPECT_EQ(faults[1].action, DdnnFaultAction::UP);
        EXPECT_EQ(faults[1].target.ranges[0].first, 2U);
        EXPECT_EQ(faults[0].where, "--fault, event 1");
        EXPECT_EQ(faults[1].where, "--fault, event 2");
    }
    EXPECT_TRUE(ParseFaults("").empty());
    EXPECT_TRUE(ParseFaults(" \n;\r\n# nothing").empty());
}

TEST(FaultScript, RefusesBadTimes)
{
    const std::string hint = " must be a time with its unit, like 3s or 250ms, at most 1000000s";
    for (const char* word :
         {"3", "-1s", "inf", "infs", "nans", "1e7s", "1e400s", "s", "3 s", "+3s", "0x3s", "3ss"})
    {
        const std::string text = std::string(word) + " * down";
        const std::string quoted =
            std::string("'") + (word == std::string("3 s") ? "3" : word) + "'";
        EXPECT_EQ(Refusal(text), "--fault, event 1: time " + quoted + hint);
    }
}

TEST(FaultScript, RefusesBadTargets)
{
    const std::string form = " must be a name, NAME:INDEX, link:NAME, link:NAME:INDEX, * or link:*";
    for (const char* word :
         {":", "a:b:c", "*:1", "link:", "link:*:1", "link:a:1:2", "dev/ice", "\x01"})
    {
        const std::string shown = word == std::string("\x01") ? "?" : word;
        EXPECT_EQ(Refusal(std::string("1s ") + word + " down"),
                  "--fault, event 1: target '" + shown + "'" + form);
    }
    for (const char* index : {"",
                              "x",
                              "-1",
                              "1-",
                              "3-1",
                              "1,,2",
                              "1,",
                              "1-2-3",
                              "+1",
                              "1.5",
                              "4294967296",
                              "99999999999"})
    {
        const std::string message = Refusal(std::string("1s device:") + index + " down");
        EXPECT_NE(message.find("must be an index, a range like 1-3, or *"), std::string::npos)
            << message;
    }
    EXPECT_EQ(
        Refusal("1s aggregator:local,/ down"),
        "--fault, event 1: target 'aggregator:local,/': '/' must be an exit, like local, or *");
}

TEST(FaultScript, RefusesBadActionsAndValues)
{
    EXPECT_EQ(Refusal("1s * down; 2s * fall"),
              "--fault, event 2: action 'fall' is not known, use one of down, up, crash, restart, "
              "slow, stuck, babble, normal, ber, link-down, link-up, rate, delay, loss, fails, "
              "fails-together");
    EXPECT_EQ(Refusal("1s *"),
              "--fault, event 1: an event is TIME TARGET ACTION [VALUE...], like 3s device:2 down");
    EXPECT_EQ(Refusal("1s * down now"), "--fault, event 1: down takes no value, 1 word follows it");
    EXPECT_EQ(Refusal("1s * slow"), "--fault, event 1: slow takes a factor, 0 words follow it");
    EXPECT_EQ(Refusal("1s * fails constant:1s"),
              "--fault, event 1: fails takes the time that works and the time that does not, 1 "
              "word follows it");
    for (const char* value : {"0", "-1", "1e7"})
    {
        EXPECT_EQ(Refusal(std::string("1s * slow ") + value),
                  "--fault, event 1: slow has '" + std::string(value) +
                      "', must be a factor above 0, at most 1000000; 1 is normal");
    }
    for (const char* value : {"nan", "inf", "1e999", "two", "2x", "0x1"})
    {
        EXPECT_EQ(Refusal(std::string("1s * slow ") + value),
                  "--fault, event 1: slow has '" + std::string(value) + "', must be a number");
    }
    for (const char* action : {"ber", "loss"})
    {
        for (const char* value : {"-0.1", "1.1"})
        {
            EXPECT_EQ(Refusal(std::string("1s * ") + action + " " + value),
                      std::string("--fault, event 1: ") + action + " has '" + value +
                          "', must be a probability from 0 to 1");
        }
    }
    EXPECT_EQ(Refusal("1s * delay 5"),
              "--fault, event 1: delay has '5', must be a time with its unit, like 3s or 250ms, at "
              "most 1000000s");
    EXPECT_EQ(Refusal("1s * rate 1,5Mbps"),
              "--fault, event 1: rate has '1,5Mbps', must be a rate, like 1Mbps");
}

TEST(FaultScript, RefusesBadClocks)
{
    for (const char* word : {"constant",
                             "constant:0s",
                             "constant:-1s",
                             "constant:5",
                             "constant:1s:2",
                             "exponential:inf",
                             "exponential:0.1ns",
                             "weibull:1s",
                             "weibull:1s:0",
                             "weibull:1s:0.05",
                             "weibull:1s:101",
                             "weibull:1s:nan",
                             "weibull:1s:1:1",
                             "normal:1s",
                             ":1s",
                             ""})
    {
        const std::string good = "constant:1s";
        const std::string bad = *word ? word : ":";
        const std::string message = "--fault, event 1: fails has '" + bad +
                                    "', must be constant:TIME, exponential:MEAN or "
                                    "weibull:SCALE:SHAPE, with times above zero, like 30s, and a "
                                    "shape from 0.1 to 100";
        EXPECT_EQ(Refusal("1s * fails " + bad + " " + good), message);
        EXPECT_EQ(Refusal("1s * fails " + good + " " + bad), message);
    }
}

TEST(FaultScript, MessagesAreOneShortLine)
{
    std::string text(10000, '\x80');
    text += '\0';
    for (const std::string& bad : {text, "1s " + text, "1s * " + text, "1s * slow " + text})
    {
        const std::string message = Refusal(bad);
        EXPECT_LT(message.size(), 400U);
        EXPECT_EQ(message.find_first_of("\n\r\x80"), std::string::npos);
        EXPECT_NE(message, "accepted");
    }
}

TEST(FaultScript, ReadsAFileAsItReadsText)
{
    const ddnn::test::TempDir folder;
    const std::string path =
        WriteFile(folder, "\xEF\xBB\xBF# storm\r\n3s device:2 down\r\n\r\n5s device:2 up");
    const auto faults = ReadFaultScript(path);
    ASSERT_EQ(faults.size(), 2U);
    EXPECT_EQ(faults[0].time, Seconds(3));
    EXPECT_EQ(faults[0].where, path + ":2");
    EXPECT_EQ(faults[1].where, path + ":4");
}

TEST(FaultScript, NamesFileAndLine)
{
    const ddnn::test::TempDir folder;
    const std::string path = WriteFile(folder, "1s * down\n\n# fine\n2s * down; 3s * slow 0\n");
    EXPECT_EQ(FileRefusal(path),
              path + ":4: slow has '0', must be a factor above 0, at most 1000000; 1 is normal");
    EXPECT_EQ(FileRefusal("/nonexistent/file"),
              "--faultScript: cannot read the file '/nonexistent/file'");
    EXPECT_NE(FileRefusal("/").find("cannot read the file '/'"), std::string::npos);
}

TEST(FaultScript, RefusesAFileWithoutEvents)
{
    const ddnn::test::TempDir folder;
    for (const char* text : {"", "\n\n", "# 1s device:0 down\n ;; \n", "\xEF\xBB\xBF"})
    {
        try
        {
            ReadFaultScript(WriteFile(folder, text));
            ADD_FAILURE() << text;
        }
        catch (const std::runtime_error& e)
        {
            EXPECT_NE(std::string(e.what()).find(" has no event, like 3s device:2 down"),
                      std::string::npos)
                << e.what();
        }
    }
}

TEST(FaultScript, ChecksFaultsThatNoScriptMade)
{
    DdnnFault fault;
    fault.action = DdnnFaultAction::LOSS;
    fault.number = 2;
    EXPECT_THROW(CheckFaultValues(fault), std::runtime_error);
    fault.number = 0.5;
    EXPECT_NO_THROW(CheckFaultValues(fault));
    fault.time = Seconds(-1);
    EXPECT_THROW(CheckFaultValues(fault), std::runtime_error);
    fault.time = Seconds(1);
    fault.action = DdnnFaultAction::FAILS;
    EXPECT_THROW(CheckFaultValues(fault), std::runtime_error);
    fault.up.scale = fault.down.scale = Seconds(1);
    EXPECT_NO_THROW(CheckFaultValues(fault));
}
