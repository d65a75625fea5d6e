// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-wifi-access.h"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace ns3;

namespace
{

std::string
Refusal(const std::string& standard, const std::string& rate)
{
    DdnnWifiSettings settings;
    settings.standard = standard;
    settings.rate = rate;
    try
    {
        DdnnWifiAccess access(settings);
    }
    catch (const std::runtime_error& e)
    {
        return e.what();
    }
    return "accepted";
}

} // namespace

TEST(WifiAccess, RefusesAnUnknownStandard)
{
    EXPECT_EQ(Refusal("80211zz", ""),
              "Wi-Fi standard '80211zz' is not known, use one of: 80211a 80211g 80211n 80211ac "
              "80211ax");
}

TEST(WifiAccess, RefusesARateOfAnotherStandard)
{
    EXPECT_EQ(Refusal("80211n", "VhtMcs3"),
              "Wi-Fi rate 'VhtMcs3' is none of 80211n's, use one of: HtMcs0 HtMcs1 HtMcs2 HtMcs3 "
              "HtMcs4 HtMcs5 HtMcs6 HtMcs7");
    EXPECT_EQ(Refusal("80211n", "HtMcs3"), "accepted");
}
