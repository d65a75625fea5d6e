// SPDX-License-Identifier: GPL-2.0-only
#include "examples/cli/attribute-options.h"
#include "examples/cli/program.h"

#include "ns3/config.h"
#include "ns3/random-variable-stream.h"
#include "ns3/rng-seed-manager.h"

#include <gtest/gtest.h>

#include <limits>
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
    char choice{'c'};
    std::vector<double> numbers{0.1, 1};
    CLI::App app{"Does nothing.", "program"};
    AttributeOptions attributes{app};

    Program()
    {
        app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
        AddNumber(app, "--count", count, 1, 100, "help")->group("group");
        AddNumber(app, "--seed", seed, 0, std::numeric_limits<uint64_t>::max(), "help");
        AddNumber(app, "--fraction", fraction, 0, 1, "help");
        AddChoice<char>(app, "--choice", choice, "help", {{"bee", 'b'}, {"sea", 'c'}});
        AddList(app, "--numbers", numbers, 1, "help");
        attributes.Add("--most", "ns3::UniformRandomVariable::Max");
        attributes.Add("--mirror", "ns3::UniformRandomVariable::Antithetic");
    }

    /// \param arguments in reversed order
    void Parse(std::vector<std::string> arguments)
    {
        app.parse(arguments);
        attributes.ParseExtras();
    }
};

/// The message with which an argument is refused.
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

class OptionsTest : public testing::Test
{
  protected:
    void TearDown() override
    {
        ns3::Config::Reset();
    }
};

TEST_F(OptionsTest, SetTheirTargets)
{
    Program program;
    program.Parse({"--seed=18446744073709551615",
                   "--count=010",
                   "--count=7",
                   "--fraction=.25",
                   "--choice=bee",
                   "--numbers=0,0.5,1"});
    EXPECT_EQ(program.count, 10); // the last of two, and decimal
    EXPECT_EQ(program.seed, 18446744073709551615U);
    EXPECT_EQ(program.fraction, 0.25);
    EXPECT_EQ(program.choice, 'b');
    EXPECT_EQ(program.numbers, (std::vector<double>{0, 0.5, 1}));
}

TEST_F(OptionsTest, AreNamedWhereAValueIsBad)
{
    for (const std::string argument : {"--count=0",
                                       "--count=101",
                                       "--count=5x",
                                       "--count= 5",
                                       "--count=0x10",
                                       "--count=",
                                       "--count",
                                       "--count=99999999999",
                                       "--seed=-1",
                                       "--seed=18446744073709551616",
                                       "--fraction=nan",
                                       "--fraction=-0.1",
                                       "--choice=tea",
                                       "--numbers=0.1,2",
                                       "--numbers=0.1;2",
                                       "--most=7x",
                                       "--most=",
                                       "--mirror=maybe",
                                       "--RngRun=x",
                                       "--RngRun",
                                       "--RngSeed=0",
                                       "--cuont=1",
                                       "--PrintHelp",
                                       "--PrintAttributes=ns3::Nothing",
                                       "--ns3::Nothing::X=1"})
    {
        const std::string option = argument.substr(0, argument.find('='));
        EXPECT_NE(Refusal(argument).find(option), std::string::npos) << Refusal(argument);
    }
    EXPECT_NE(Refusal("count=5").find("count=5"), std::string::npos);
}

TEST_F(OptionsTest, SetAttributesByShortNamesAndLongOnes)
{
    const auto get = [] {
        return ns3::CreateObject<ns3::UniformRandomVariable>();
    };
    Program program;
    program.Parse({"--mirror", "--most=7"});
    EXPECT_EQ(get()->GetMax(), 7);
    EXPECT_TRUE(get()->IsAntithetic());
    EXPECT_EQ(Refusal("--ns3::UniformRandomVariable::Max=1"), "accepted");
    EXPECT_EQ(get()->GetMax(), 1);
    EXPECT_EQ(Refusal("--mirror=false"), "accepted");
    EXPECT_FALSE(get()->IsAntithetic());
}

TEST_F(OptionsTest, SetGlobalValues)
{
    const uint64_t run = ns3::RngSeedManager::GetRun();
    EXPECT_EQ(Refusal("--RngRun=77"), "accepted");
    EXPECT_EQ(ns3::RngSeedManager::GetRun(), 77U);
    ns3::RngSeedManager::SetRun(run);
}

TEST_F(OptionsTest, AreBlamedIfAnErrorNamesTheirAttributeOrValue)
{
    Program program;
    program.Parse({"--most=1", "--count=5", "--ns3::UniformRandomVariable::Min=0"});
    const auto blamed = [&program](const std::string& error) {
        const std::string message = program.attributes.Blame(error);
        return message.substr(0, message.size() - error.size());
    };
    EXPECT_EQ(blamed("ns3::UniformRandomVariable::Max is large"), "--most=1: ");
    EXPECT_EQ(blamed("there is no '0'"), "--ns3::UniformRandomVariable::Min=0: ");
    EXPECT_EQ(blamed("ns3::UniformRandomVariable::Maximum"), "");
    EXPECT_EQ(blamed("'5'"), ""); // an option that is no attribute reports its own errors
}

TEST_F(OptionsTest, AreRefusedByNameOrGroupIfTheyWereGiven)
{
    Program program;
    program.Parse({"--count=5"});
    EXPECT_NO_THROW(Refuse(program.app, {"--seed", "other group"}, "reason"));
    for (const std::string which : {"--count", "group"})
    {
        EXPECT_THROW(Refuse(program.app, {which}, "reason"), CLI::ValidationError);
    }
}

TEST(RunMain, TurnsAnExceptionIntoOneLine)
{
    testing::internal::CaptureStderr();
    const int status = RunMain("program", "", [](CLI::App&) -> int {
        throw std::runtime_error("two\nlines");
    });
    EXPECT_EQ(status, 1);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "program: two lines\n");
}

} // namespace
} // namespace ddnn::examples
