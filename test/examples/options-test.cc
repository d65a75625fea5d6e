// SPDX-License-Identifier: GPL-2.0-only
#include "examples/options.h"

#include "ns3/random-variable-stream.h"
#include "ns3/rng-seed-manager.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace ddnn::examples
{
namespace
{

/// A program with one option of every kind.
struct Program
{
    int count{10};
    uint64_t seed{1};
    double fraction{0.5};
    std::string text;
    bool flag{false};
    char choice{'c'};
    std::vector<double> numbers{0.1, 1};
    std::vector<int> indices;
    Options options{"program", "Does nothing."};

    Program()
    {
        options.AddInt("count", "help", count, 1, 100);
        options.AddSeed("seed", "help", seed);
        options.AddDouble("fraction", "help", fraction, 0, 1);
        options.AddString("text", "help", text);
        options.AddFlag("flag", "help", flag);
        options.AddChoice<char>("choice", "help", choice, {{"bee", 'b'}, {"sea", 'c'}});
        options.AddDoubles("numbers", "help", numbers, 0, 1);
        options.AddInts("indices", "help", indices, 0, 5);
        options.AddAttribute("most", "ns3::UniformRandomVariable::Max");
    }

    void Parse(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(), "program");
        std::vector<char*> argv;
        for (std::string& argument : arguments)
        {
            argv.push_back(argument.data());
        }
        options.Parse(static_cast<int>(argv.size()), argv.data());
    }
};

/// The message with which a command line is refused.
std::string
Refusal(const std::string& argument)
{
    Program program;
    try
    {
        program.Parse({argument});
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "accepted";
}

TEST(Options, SetsTargets)
{
    Program program;
    program.Parse({"--count=7",
                   "--seed=18446744073709551615",
                   "--fraction=.25",
                   "--text=a=b",
                   "--flag",
                   "--choice=bee",
                   "--numbers=0,0.5,1",
                   "--indices=1,4"});
    EXPECT_EQ(program.count, 7);
    EXPECT_EQ(program.seed, 18446744073709551615U);
    EXPECT_EQ(program.fraction, 0.25);
    EXPECT_EQ(program.text, "a=b");
    EXPECT_TRUE(program.flag);
    EXPECT_EQ(program.choice, 'b');
    EXPECT_EQ(program.numbers, (std::vector<double>{0, 0.5, 1}));
    EXPECT_EQ(program.indices, (std::vector<int>{1, 4}));
    EXPECT_TRUE(program.options.IsSet("count"));
}

TEST(Options, LeavesDefaultsAndTakesTheLastOfTwo)
{
    Program program;
    program.Parse({"--count=7", "--count=8", "--flag=true", "--flag=false"});
    EXPECT_EQ(program.count, 8);
    EXPECT_FALSE(program.flag);
    EXPECT_EQ(program.fraction, 0.5);
    EXPECT_FALSE(program.options.IsSet("fraction"));
}

TEST(Options, RefusesBadValuesNamingOptionValueAndWhatIsAccepted)
{
    EXPECT_EQ(Refusal("--count=0"), "--count=0: must be a whole number from 1 to 100");
    EXPECT_EQ(Refusal("--fraction=1.01"), "--fraction=1.01: must be a number from 0 to 1");
    EXPECT_EQ(Refusal("--choice=tea"), "--choice=tea: must be bee or sea");
    EXPECT_EQ(Refusal("--count"), "--count: needs a value, a whole number from 1 to 100");
    for (const std::string argument : {"--count=101",
                                       "--count=5x",
                                       "--count= 5",
                                       "--count=",
                                       "--count=99999999999",
                                       "--seed=-1",
                                       "--seed=18446744073709551616",
                                       "--fraction=nan",
                                       "--fraction=-0.1",
                                       "--text=",
                                       "--flag=maybe",
                                       "--numbers=0.1,,0.2",
                                       "--numbers=0.1,",
                                       "--numbers=0.1,2",
                                       "--indices=6",
                                       "--indices=1.5"})
    {
        EXPECT_NE(Refusal(argument).find(argument + ": must be "), std::string::npos) << argument;
    }
}

TEST(Options, RefusesWhatItDoesNotKnow)
{
    EXPECT_EQ(Refusal("--cuont=1"), "--cuont=1: unknown option, see --PrintHelp");
    EXPECT_EQ(Refusal("--zzzzzzzz"), "--zzzzzzzz: unknown option, see --PrintHelp");
    EXPECT_NE(Refusal("count=5").find("unexpected argument 'count=5'"), std::string::npos);
    EXPECT_NE(Refusal("-count=5").find("unexpected argument"), std::string::npos);
}

TEST(Options, ShortNameOfAnAttributeSetsItsDefault)
{
    const auto getMax = [] {
        return ns3::CreateObject<ns3::UniformRandomVariable>()->GetMax();
    };
    Program program;
    program.Parse({"--most=7"});
    EXPECT_EQ(getMax(), 7);
    EXPECT_TRUE(program.options.IsSet("most"));
    EXPECT_TRUE(program.options.IsSet("ns3::UniformRandomVariable::Max"));
    EXPECT_EQ(Refusal("--ns3::UniformRandomVariable::Max=1"), "accepted");
    EXPECT_EQ(getMax(), 1);
    EXPECT_EQ(Refusal("--most=7x").rfind("--most=7x: must be a number", 0), 0u);
}

TEST(Options, BlamesTheOptionWhoseAttributeOrValueAnErrorNames)
{
    Program program;
    program.Parse({"--most=1", "--count=5", "--ns3::UniformRandomVariable::Min=0"});
    const auto blamed = [&program](const std::string& error) {
        const std::string message = program.options.Blame(error);
        return message.substr(0, message.size() - error.size());
    };
    EXPECT_EQ(blamed("ns3::UniformRandomVariable::Max is large"), "--most=1: ");
    EXPECT_EQ(blamed("there is no '0'"), "--ns3::UniformRandomVariable::Min=0: ");
    EXPECT_EQ(blamed("ns3::UniformRandomVariable::Maximum"), "");
    EXPECT_EQ(blamed("'5'"), ""); // an option that is no attribute reports its own errors
}

TEST(Options, SetsNs3GlobalsAndAttributes)
{
    const uint64_t run = ns3::RngSeedManager::GetRun();
    EXPECT_EQ(Refusal("--RngRun=77"), "accepted");
    EXPECT_EQ(ns3::RngSeedManager::GetRun(), 77U);
    ns3::RngSeedManager::SetRun(run);
    EXPECT_EQ(Refusal("--ns3::UniformRandomVariable::Min=0"), "accepted");
}

TEST(Options, RefusesBadNs3Values)
{
    EXPECT_EQ(Refusal("--RngRun=x").find("--RngRun=x: must be a whole number"), 0);
    EXPECT_EQ(Refusal("--ns3::Nothing::X=1").find("--ns3::Nothing::X=1: ns-3 has no class"), 0);
    EXPECT_NE(Refusal("--PrintAttributes=ns3::Nothing").find("no such class"), std::string::npos);
}

TEST(RunMain, TurnsAnExceptionIntoOneLine)
{
    testing::internal::CaptureStderr();
    const int status = RunMain("program", []() -> int {
        throw std::runtime_error("two\nlines");
    });
    EXPECT_EQ(status, 1);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "program: two lines\n");
}

TEST(RunMain, PassesTheStatusOn)
{
    EXPECT_EQ(RunMain("program",
                      [] {
                          return 0;
                      }),
              0);
    EXPECT_EQ(RunMain("program",
                      [] {
                          return 3;
                      }),
              3);
}

} // namespace
} // namespace ddnn::examples
