// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-site.h"

#include "ns3/pointer.h"
#include "ns3/string.h"

#include <gtest/gtest.h>

#include <string>

using namespace ns3;

class SiteInterval : public testing::TestWithParam<std::string>
{
};

TEST_P(SiteInterval, HasTheMeanOfWhatItDraws)
{
    constexpr int DRAWS = 100000;
    const auto site = CreateObject<DdnnSite>();
    site->SetAttribute("Interval", StringValue("ns3::" + GetParam()));
    PointerValue value;
    site->GetAttribute("Interval", value);
    const auto variable = value.Get<RandomVariableStream>();
    variable->SetStream(1);
    double sum = 0;
    for (int i = 0; i < DRAWS; ++i)
    {
        sum += variable->GetValue();
    }
    ASSERT_TRUE(site->GetMeanInterval());
    EXPECT_NEAR(site->GetMeanInterval()->GetSeconds(), sum / DRAWS, 0.02 * sum / DRAWS);
}

INSTANTIATE_TEST_SUITE_P(Variables,
                         SiteInterval,
                         testing::Values("ConstantRandomVariable[Constant=0.3]",
                                         "ErlangRandomVariable[K=3|Lambda=0.1]",
                                         "ExponentialRandomVariable[Mean=0.3]",
                                         "GammaRandomVariable[Alpha=2|Beta=0.15]",
                                         "LogNormalRandomVariable[Mu=-1.5|Sigma=0.7]",
                                         "NormalRandomVariable[Mean=0.3|Variance=0.01]",
                                         "TriangularRandomVariable[Mean=0.3|Min=0.1|Max=0.6]",
                                         "UniformRandomVariable[Min=0.1|Max=0.5]",
                                         "WeibullRandomVariable[Scale=0.3|Shape=1.5]"));

TEST(Site, DoesNotGuessAMean)
{
    const auto site = CreateObject<DdnnSite>();
    site->SetAttribute("Interval", StringValue("ns3::ParetoRandomVariable[Shape=1.1]"));
    EXPECT_FALSE(site->GetMeanInterval());
    EXPECT_EQ(site->GetIntervalUntilNow(), NanoSeconds(1));
}
