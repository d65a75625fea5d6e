// SPDX-License-Identifier: GPL-2.0-only
#include "test/support/test-support.h"

#include "ns3/ddnn-fault-actions.h"
#include "ns3/ddnn-fault.h"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

using namespace ns3;

namespace
{

using Words = std::vector<std::string>;

/// The one event of a text.
DdnnFault
ParseOne(const std::string& text)
{
    const auto faults = ParseFaults(text);
    EXPECT_EQ(faults.size(), 1U) << text;
    return faults.at(0);
}

/// The message with which a text is refused.
std::string
GetRefusal(const std::string& text)
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

void
ExpectRefusal(const std::string& text, const std::string& part)
{
    const std::string message = GetRefusal(text);
    EXPECT_EQ(message.find("event 1: "), 0U) << text << ": " << message;
    EXPECT_NE(message.find(part), std::string::npos) << text << ": " << message;
}

std::string
WriteFile(const ddnn::test::TempDir& folder, const std::string& text)
{
    const std::string path = folder.Path("outage.faults");
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

std::string
GetFileRefusal(const std::string& path)
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
    EXPECT_EQ(ParseOne("0s * down").time, Time(0));
    EXPECT_EQ(ParseOne("250ms * down").time, MilliSeconds(250));
    EXPECT_EQ(ParseOne("1.5us * down").time, NanoSeconds(1500));
    EXPECT_EQ(ParseOne("2min * down").time, Seconds(120));
    EXPECT_EQ(ParseOne("1e3ns * down").time, MicroSeconds(1));
    EXPECT_EQ(ParseOne("0.5h * down").time, Seconds(1800));
}

TEST(FaultScript, ReadsActionsAndTheirValues)
{
    for (const std::string word :
         {"down", "up", "crash", "restart", "stuck", "random", "normal", "link-down", "link-up"})
    {
        const DdnnFault fault = ParseOne("1s x " + word);
        EXPECT_EQ(fault.action->name, word);
        EXPECT_TRUE(fault.values.empty());
    }
    for (const std::string action : {"slow 2.5", "ber 1e-4", "loss 1", "delay 20ms", "rate HtMcs3"})
    {
        const DdnnFault fault = ParseOne("1s x " + action);
        EXPECT_EQ(fault.action->name + " " + fault.values.at(0), action);
    }
    const DdnnFault fails = ParseOne("1s x fails exponential:30s weibull:2min:1.5");
    EXPECT_EQ(fails.action->name, "fails");
    EXPECT_EQ(fails.values, (Words{"exponential:30s", "weibull:2min:1.5"}));
}

TEST(FaultScript, ReadsClocks)
{
    const auto exponential =
        DynamicCast<ExponentialRandomVariable>(ReadFaultClock("exponential:30s"));
    ASSERT_TRUE(exponential);
    EXPECT_EQ(exponential->GetMean(), 30);
    const auto weibull = DynamicCast<WeibullRandomVariable>(ReadFaultClock("weibull:2min:1.5"));
    ASSERT_TRUE(weibull);
    EXPECT_EQ(weibull->GetScale(), 120);
    EXPECT_EQ(weibull->GetShape(), 1.5);
    EXPECT_EQ(ReadFaultClock("constant:500ms")->GetValue(), 0.5);
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
        EXPECT_EQ(faults[0].action->name, "down");
        EXPECT_EQ(faults[1].time, Seconds(5));
        EXPECT_EQ(faults[1].action->name, "up");
        EXPECT_EQ(faults[1].target, "device:2");
        EXPECT_EQ(faults[0].where, "event 1");
        EXPECT_EQ(faults[1].where, "event 2");
    }
    EXPECT_TRUE(ParseFaults("").empty());
    EXPECT_TRUE(ParseFaults(" \n;\r\n# nothing").empty());
}

TEST(FaultScript, RefusesBadTimes)
{
    for (const std::string word :
         {"3", "-1s", "inf", "infs", "nans", "1e7s", "1e400s", "s", "+3s", "0x3s", "3ss", "3s3"})
    {
        ExpectRefusal(word + " * down", "'" + word + "' must be a time with its unit");
    }
}

TEST(FaultScript, RefusesBadActionsAndValues)
{
    EXPECT_EQ(GetRefusal("1s * down; 2s * fall"),
              "event 2: 'fall' must be one of the actions down, up, crash, restart, slow, stuck, "
              "random, ber, normal, link-down, link-up, rate, delay, loss, fails, "
              "fails-together");
    EXPECT_EQ(GetRefusal("1s *"),
              "event 1: an event is TIME TARGET ACTION [VALUE...], like 3s device:2 down");
    EXPECT_EQ(GetRefusal("1s * down now"), "event 1: down takes 0 values, not 1");
    EXPECT_EQ(GetRefusal("1s * fails constant:1s"), "event 1: fails takes 2 values, not 1");
    for (const std::string value : {"0", "-1", "1e7", "nan", "inf", "1e999", "two", "2x", "0x1"})
    {
        ExpectRefusal("1s * slow " + value, "'" + value + "' must be a number from 1e-06 to 1e+06");
    }
    for (const std::string value : {"-0.1", "1.1", "1%"})
    {
        ExpectRefusal("1s * ber " + value, "'" + value + "' must be a number from 0 to 1");
        ExpectRefusal("1s * loss " + value, "'" + value + "' must be a number from 0 to 1");
    }
    ExpectRefusal("1s * delay 5", "'5' must be a time with its unit");
}

TEST(FaultScript, RefusesBadClocks)
{
    for (const std::string word : {"constant",
                                   "constant:0s",
                                   "constant:99us",
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
                                   ":"})
    {
        ExpectRefusal("1s * fails " + word + " constant:1s", "must be");
        ExpectRefusal("1s * fails constant:1s " + word, "must be");
    }
}

TEST(FaultScript, MessagesAreOneShortLine)
{
    std::string text(10000, '\x80');
    text += '\0';
    for (const std::string& bad : {text, "1s * " + text, "1s * slow " + text})
    {
        const std::string message = GetRefusal(bad);
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
    EXPECT_EQ(GetFileRefusal(path), path + ":4: '0' must be a number from 1e-06 to 1e+06");
    EXPECT_EQ(GetFileRefusal("/nonexistent/file"), "cannot read the file /nonexistent/file");
    EXPECT_NE(GetFileRefusal("/"), "accepted");
}

TEST(FaultScript, RefusesAFileWithoutEvents)
{
    const ddnn::test::TempDir folder;
    for (const char* text : {"", "\n\n", "# 1s device:0 down\n ;; \n", "\xEF\xBB\xBF"})
    {
        EXPECT_NE(GetFileRefusal(WriteFile(folder, text)).find(" has no event"), std::string::npos)
            << text;
    }
}
