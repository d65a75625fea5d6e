// SPDX-License-Identifier: GPL-2.0-only
#include "test/test-support.h"

#include "ns3/ddnn-rate-trace.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>

using namespace ns3;

namespace
{

DdnnRateTrace
Parse(const std::string& text)
{
    std::istringstream input(text);
    return ParseRateTrace(input, "trace.txt");
}

/// \return the message, empty: there is no error
std::string
ErrorOf(const std::string& text)
{
    try
    {
        Parse(text);
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "";
}

void
ExpectErrorAt(int line, const std::string& text)
{
    const std::string error = ErrorOf(text);
    EXPECT_EQ(error.rfind("trace.txt:" + std::to_string(line) + ": ", 0), 0U)
        << text << " gives " << error;
    EXPECT_EQ(error.find('\n'), std::string::npos);
}

} // namespace

TEST(RateTrace, ReadsTimesAndRates)
{
    const auto trace = Parse("# a comment\n"
                             "0 1bps\n"
                             "\n"
                             "  \t 0.5s\t2Mbps   # to the end\r\n"
                             "700ms 1.5kbps\n"
                             "1 3Gbps\n"
                             "1.000000001 1Mbps\n"
                             "2min 1000000bps");
    ASSERT_EQ(trace.size(), 6U);
    const std::vector<int64_t> times{0, 500000000, 700000000, 1000000000, 1000000001, 120000000000};
    const std::vector<uint64_t> rates{1, 2000000, 1500, 3000000000, 1000000, 1000000};
    for (std::size_t i = 0; i < trace.size(); ++i)
    {
        EXPECT_EQ(trace[i].time.GetNanoSeconds(), times[i]);
        EXPECT_EQ(trace[i].rate.GetBitRate(), rates[i]);
    }
}

TEST(RateTrace, SaysWhatIsWrongAndWhere)
{
    EXPECT_EQ(ErrorOf("0 1Mbps\n1s"), "trace.txt:2: a line must be TIME RATE, such as 0.5s 2Mbps");
    EXPECT_EQ(ErrorOf("-1s 1Mbps"),
              "trace.txt:1: time '-1s' must be a number up to 1e6 s, in seconds or with a unit: "
              "ns, us, ms, s, min or h");
    EXPECT_EQ(ErrorOf("\n\n1s 5"),
              "trace.txt:3: rate '5' must be a number with a unit, bps, kbps, Mbps or Gbps, from "
              "1bps to 1000Gbps");
    EXPECT_EQ(ErrorOf("1s 1Mbps\n1s 2Mbps"),
              "trace.txt:2: time '1s' must be later than that of the line before");
    EXPECT_EQ(
        ErrorOf("1s \x01\xff\n"),
        "trace.txt:1: rate '\?\?' must be a number with a unit, bps, kbps, Mbps or Gbps, from "
        "1bps to 1000Gbps");
    EXPECT_EQ(ErrorOf(""), "trace.txt has no line TIME RATE, such as 0.5s 2Mbps");
    EXPECT_EQ(ErrorOf("# nothing\n\n"), "trace.txt has no line TIME RATE, such as 0.5s 2Mbps");
}

TEST(RateTrace, RefusesEveryBadLine)
{
    for (const char* line :
         {"1s 2Mbps 3", "s 1Mbps",   "1s Mbps",     "nan 1Mbps",   "inf 1Mbps",  "1e400 1Mbps",
          "2e6s 1Mbps", "1x 1Mbps",  "1ss 1Mbps",   "+1s 1Mbps",   "0x10 1Mbps", "1,5s 1Mbps",
          "1s 0bps",    "1s -1Mbps", "1s 1e400bps", "1s 2000Gbps", "1s 1mbps",   "1s 1MBps",
          "1s nanMbps", "1s 1 Mbps", "1s,1Mbps",    "1s 1.2.3bps", ". 1bps",     "1s .bps",
          "1s 0.4bps",  "1s 1Mbps;", "\xff\xfe 1",  "1s \xc3\xa4"})
    {
        ExpectErrorAt(2, std::string("0s 1Mbps\n") + line + "\n9s 1Mbps\n");
    }
    ExpectErrorAt(1, std::string("1s\0 1Mbps", 9));
    ExpectErrorAt(2, "0 1bps\n0.0000000001 1bps"); // the same nanosecond
    ExpectErrorAt(1, std::string(1000000, '1') + " 1bps");
}

TEST(RateTrace, EitherReadsOrRefusesAnyText)
{
    std::mt19937_64 generator(5);
    const std::string alphabet = "0123456789.eE+-# \t\n\rsmunhkMGbp\xff";
    int good = 0;
    for (int i = 0; i < 20000; ++i)
    {
        std::string text = generator() % 2 ? "0 1Mbps\n" : "";
        for (uint64_t rest = generator() % 24; rest > 0; --rest)
        {
            text += alphabet[generator() % alphabet.size()];
        }
        try
        {
            const DdnnRateTrace trace = Parse(text);
            ASSERT_FALSE(trace.empty());
            for (std::size_t point = 0; point < trace.size(); ++point)
            {
                ASSERT_GT(trace[point].rate.GetBitRate(), 0U) << text;
                ASSERT_FALSE(trace[point].time.IsStrictlyNegative()) << text;
                ASSERT_TRUE(point == 0 || trace[point - 1].time < trace[point].time) << text;
            }
            ++good;
        }
        catch (const std::runtime_error& error)
        {
            ASSERT_EQ(std::string(error.what()).rfind("trace.txt", 0), 0U);
        }
    }
    EXPECT_GT(good, 100);
    EXPECT_LT(good, 19900);
}

TEST(RateTrace, ReadsAFile)
{
    const ddnn::test::TempDir folder;
    const std::string path = folder.Path("rates.txt");
    std::ofstream(path) << "0s 1Mbps\n2 3Mbps\n";
    EXPECT_EQ(ReadRateTrace(path).size(), 2U);
    try
    {
        ReadRateTrace(folder.Path("none.txt"));
        ADD_FAILURE();
    }
    catch (const std::runtime_error& error)
    {
        EXPECT_EQ(std::string(error.what()).rfind("--backhaulTrace: cannot read the file '", 0),
                  0U);
    }
    EXPECT_THROW(ReadRateTrace(folder.Path("")), std::runtime_error);
}
