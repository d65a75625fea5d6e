// SPDX-License-Identifier: GPL-2.0-only
#include "examples/fault-options.h"
#include "test/test-support.h"

#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

namespace ddnn::examples
{
namespace
{

/// The actions of the faults that a command line asks for.
std::string
Actions(std::vector<std::string> arguments)
{
    ns3::DdnnScenarioSettings settings;
    Options options("program", "Does nothing.");
    AddFaultOptions(options, settings);
    arguments.insert(arguments.begin(), "program");
    std::vector<char*> argv;
    for (std::string& argument : arguments)
    {
        argv.push_back(argument.data());
    }
    options.Parse(static_cast<int>(argv.size()), argv.data());
    std::string actions;
    for (const ns3::DdnnFault& fault : settings.faults)
    {
        actions += ToString(fault.action) + " ";
    }
    return actions;
}

std::string
Refusal(const std::string& argument)
{
    try
    {
        Actions({argument});
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "accepted";
}

} // namespace

TEST(FaultOptions, TakesScriptAndText)
{
    const ddnn::test::TempDir folder;
    const std::string path = folder.Path("x.faults");
    std::ofstream(path) << "1s device:0 crash\n2s device:0 restart\n";
    const std::string script = "--faultScript=" + path;
    EXPECT_EQ(Actions({}), "");
    EXPECT_EQ(Actions({script}), "crash restart ");
    EXPECT_EQ(Actions({"--fault=1s * down; 2s * up"}), "down up ");
    EXPECT_EQ(Actions({script, "--fault=0s * down"}), "crash restart down ");
    EXPECT_EQ(Actions({"--fault=0s * down", script}), "crash restart down ");
    EXPECT_EQ(Actions({"--fault=0s * down", "--fault=1s * up"}), "down up ");
    EXPECT_EQ(Actions({script, script}), "crash restart crash restart ");
}

TEST(FaultOptions, RefusesBadOnes)
{
    EXPECT_EQ(Refusal("--fault=3 * down"),
              "--fault, event 1: time '3' must be a time with its unit, like 3s or 250ms, at most "
              "1000000s");
    EXPECT_NE(Refusal("--fault=# nothing").find("must be events TIME TARGET ACTION"),
              std::string::npos);
    EXPECT_EQ(Refusal("--faultScript=/nonexistent/x"),
              "--faultScript: cannot read the file '/nonexistent/x'");
}

} // namespace ddnn::examples
