// SPDX-License-Identifier: GPL-2.0-only
// When a fault is over, a DDNN predicts as before it, whatever has made the routes: static ones of
// IPv4, router advertisements of IPv6, DHCP, NIX vectors, OLSR, AODV or a mesh.
#include "fault-network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr uint32_t DEVICES = 4;
constexpr int SAMPLES = 60;
constexpr int FAULT_BEGINS = 10; ///< in intervals
constexpr int FAULT_ENDS = 20;
constexpr int RECOVERED = 40; ///< the first sample that is as before

/// What happens, and what ends it.
const std::map<std::string, std::pair<std::string, std::string>> FAULTS{
    {"access", {"link:device link-down", "link:device link-up"}},
    {"crash", {"device:1 crash", "device:1 restart"}},
    {"devices", {"device down", "device up"}},
    {"gateway", {"gateway down", "gateway up"}},
    {"uplink", {"link:uplink link-down", "link:uplink link-up"}},
};

/// Devices that share channels over several hops do not send all at once, and are waited for.
void
WaitForHops(FaultSetup& setup)
{
    const DdnnSiteApplications site = FindDdnnSites(setup.apps)[0];
    site.site->SetAttribute("SampleDeadline", TimeValue(MilliSeconds(1900)));
    for (const auto& device : site.devices)
    {
        device->SetAttribute("ScoreSlot", TimeValue(MilliSeconds(50)));
        device->SetAttribute("FeatureSlot", TimeValue(MilliSeconds(50)));
    }
    site.exits[0]->GetCollector()->SetAttribute("Deadline", TimeValue(MilliSeconds(500)));
    site.servers[0][0]->GetCollector()->SetAttribute("Deadline", TimeValue(MilliSeconds(500)));
}

class FaultRecovery : public testing::TestWithParam<std::tuple<std::string, std::string>>
{
};

} // namespace

TEST_P(FaultRecovery, PredictionsAreThoseOfBefore)
{
    const auto& [kind, name] = GetParam();
    const auto& [begin, end] = FAULTS.at(name);
    const bool isRadio = kind == "olsr" || kind == "aodv" || kind == "mesh";
    FaultCase test;
    test.kind = kind;
    test.numDevices = DEVICES;
    test.numSamples = SAMPLES;
    test.threshold = 0.7;
    test.interval = isRadio ? Seconds(2) : MilliSeconds(200);
    const auto at = [&test](int samples, const std::string& action) {
        // between two captures
        const Time time = test.interval * samples - test.interval * int64x64_t(0.03);
        return std::to_string(time.GetNanoSeconds()) + "ns " + action + "\n";
    };
    test.faults = at(FAULT_BEGINS, begin) + at(FAULT_ENDS, end);
    if (isRadio)
    {
        test.prepare = WaitForHops;
    }
    const FaultRun run = Simulate(test);

    const World world = MakeWorld('c', DEVICES, SAMPLES);
    int damaged = 0;
    for (int i = 0; i < SAMPLES; ++i)
    {
        std::vector<const uint8_t*> views;
        for (uint32_t device = 0; device < DEVICES; ++device)
        {
            views.push_back(world.dataset->View(i, static_cast<int>(device)));
        }
        const auto expected = world.model->Infer(views);
        const int exit = expected[0].uncertainty <= test.threshold ? 0 : 1;
        const bool isRight = run.outcomes[i] == DdnnOutcome::EXITED &&
                             run.predictions[i].exit == exit &&
                             run.predictions[i].label == expected[exit].label &&
                             run.predictions[i].uncertainty == expected[exit].uncertainty &&
                             run.scores[i] == std::string(DEVICES, '1');
        if (i < FAULT_BEGINS || i >= RECOVERED)
        {
            EXPECT_TRUE(isRight) << i << ": " << ToString(run.outcomes[i]) << " " << run.scores[i]
                                 << " " << run.features[i];
        }
        damaged += i >= FAULT_BEGINS && i < FAULT_ENDS && !isRight ? 1 : 0;
    }
    EXPECT_GE(damaged, 3) << "of " << FAULT_ENDS - FAULT_BEGINS;
}

INSTANTIATE_TEST_SUITE_P(
    Networks,
    FaultRecovery,
    testing::Combine(
        testing::Values("star", "csma-radvd", "csma-dhcp", "nix-vector", "olsr", "aodv", "mesh"),
        testing::Values("access", "crash", "devices", "gateway", "uplink")),
    [](const auto& info) {
        std::string name = std::get<0>(info.param) + "_" + std::get<1>(info.param);
        std::replace(name.begin(), name.end(), '-', '_');
        return name;
    });
