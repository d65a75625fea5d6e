// SPDX-License-Identifier: GPL-2.0-only
#include "examples/energy-options.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ddnn::examples
{
namespace
{

ns3::DdnnEnergySettings
Parse(std::string argument)
{
    ns3::DdnnScenarioSettings settings;
    Options options("program", "Does nothing.");
    AddEnergyOptions(options, settings);
    std::string program = "program";
    char* argv[] = {program.data(), argument.data()};
    options.Parse(2, argv);
    return settings.energy;
}

} // namespace

TEST(EnergyOptions, EachHasEnergyAccounted)
{
    EXPECT_TRUE(Parse("--energy").enabled);
    EXPECT_FALSE(Parse("--energy=false").enabled);
    EXPECT_TRUE(Parse("--battery=2.5").enabled);
    EXPECT_EQ(Parse("--battery=2.5").batteryJoules, 2.5);
    EXPECT_TRUE(Parse("--joulesPerOperation=1e-9").enabled);
    EXPECT_EQ(Parse("--joulesPerOperation=1e-9").joulesPerOperation, 1e-9);
    EXPECT_THROW(Parse("--battery=-1"), std::runtime_error);
}

TEST(EnergyOptions, WarnOfWhatIsNotAccounted)
{
    EXPECT_EQ(EnergyWarning({"wifi"}), "");
    EXPECT_EQ(EnergyWarning({"lte", "p2p", "wifi"}),
              "--energy counts computing only on lte and p2p: ns-3 has no energy model of it");
}

TEST(EnergyOptions, TextSaysWhatHappened)
{
    ns3::DdnnSummary summary;
    summary.threshold = 0.8;
    summary.joulesPerSample = 0.5;
    summary.joulesPerCorrectVerdict = std::nan("");
    EXPECT_EQ(EnergyText(summary, {}),
              "Energy at T = 0.8: 500.000 mJ per sample, - per correct verdict; first death: none");
    EXPECT_EQ(EnergyText(summary, {{3, ns3::MilliSeconds(12300)}, {1, ns3::Seconds(20)}}),
              "Energy at T = 0.8: 500.000 mJ per sample, - per correct verdict; first death: "
              "device 3 at 12.300 s");
}

} // namespace ddnn::examples
