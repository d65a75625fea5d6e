// SPDX-License-Identifier: GPL-2.0-only
// What DdnnHelper installs, on one node that all of a site's applications share.
#include "test/support/simulate.h"

#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-sample-tracker.h"
#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ns3;
using namespace ddnn::test;

namespace
{

constexpr int DEVICES = 2;
constexpr int SAMPLES = 4;

class Install : public testing::Test
{
  protected:
    Install()
        : m_world(MakeWorld('c', DEVICES, SAMPLES))
        , m_ddnn(m_world.model, m_world.dataset, m_world.samples)
        , m_node(1)
    {
    }

    ~Install() override
    {
        Simulator::Destroy();
    }

    ApplicationContainer InstallSite()
    {
        return m_ddnn.Install({NodeContainer(m_node, m_node), m_node}, m_node);
    }

    /// Set the time between captures to seconds of which ns-3 does not know the mean.
    void SetIntervals(std::vector<double> seconds)
    {
        const auto interval = CreateObject<DeterministicRandomVariable>();
        interval->SetValueArray(seconds.data(), seconds.size());
        m_ddnn.SetSiteAttribute("Interval", PointerValue(interval));
    }

    static ApplicationContainer Join(ApplicationContainer a, const ApplicationContainer& b)
    {
        a.Add(b);
        return a;
    }

    /// \return how many samples of a site have ended
    static uint64_t CountEnded(const ApplicationContainer& applications)
    {
        const auto tracker = DynamicCast<DdnnSampleTracker>(applications.Get(0));
        return tracker->GetCount(DdnnOutcome::EXITED) + tracker->GetCount(DdnnOutcome::FALLBACK) +
               tracker->GetCount(DdnnOutcome::LOST);
    }

    /// Run until the simulation is stopped, or for an hour.
    /// \return when it ended
    static Time Run()
    {
        Simulator::Schedule(Hours(1), [] {
        });
        Simulator::Run();
        return Simulator::Now();
    }

    /// \return what a call has thrown
    static std::string Refusal(const std::function<void()>& call)
    {
        try
        {
            call();
        }
        catch (const std::runtime_error& e)
        {
            return e.what();
        }
        return "accepted";
    }

    World m_world;
    DdnnHelper m_ddnn;
    NodeContainer m_node;
};

} // namespace

TEST_F(Install, TheLastSampleEndsWhereTheMeanIntervalIsNotKnown)
{
    SetIntervals({0.1, 0.3, 0.2});
    DdnnHelper::InstallProcessor(m_node, 1); // too slow for any sample
    const ApplicationContainer site = InstallSite();
    DdnnHelper::StopAfterLastSample(site, MilliSeconds(7));
    EXPECT_EQ(Run(), MilliSeconds(600 + 500 + 200 + 7));
    EXPECT_EQ(DynamicCast<DdnnSampleTracker>(site.Get(0))->GetCount(DdnnOutcome::LOST), SAMPLES);
}

TEST_F(Install, ASingleSampleEndsWhereTheMeanIntervalIsNotKnown)
{
    SetIntervals({0.1});
    m_ddnn.SetSamples({0});
    DdnnHelper::InstallProcessor(m_node, 1);
    const ApplicationContainer site = InstallSite();
    DdnnHelper::StopAfterLastSample(site);
    EXPECT_EQ(Run(), NanoSeconds(500'000'001));
    EXPECT_EQ(CountEnded(site), 1U);
}

TEST_F(Install, SitesThatAreAwaitedOneByOneAllEnd)
{
    ApplicationContainer early = InstallSite();
    ApplicationContainer late = InstallSite();
    early.Start(Seconds(1));
    late.Start(Seconds(3));
    DdnnHelper::StopAfterLastSample(early);
    DdnnHelper::StopAfterLastSample(late);
    EXPECT_EQ(Run(), MilliSeconds(3000 + 3 * 100 + 500 + 100));
    EXPECT_EQ(CountEnded(early), SAMPLES);
    EXPECT_EQ(CountEnded(late), SAMPLES);
}

TEST_F(Install, TheSiteWithTheLongestDeadlineNeedNotCaptureLast)
{
    DdnnHelper::InstallProcessor(m_node, 1);
    const ApplicationContainer brief = InstallSite();
    m_ddnn.SetSiteAttribute("SampleDeadline", StringValue("5s"));
    m_ddnn.SetSiteAttribute("Interval", StringValue("ns3::ConstantRandomVariable[Constant=0.05]"));
    const ApplicationContainer patient = InstallSite();
    DdnnHelper::StopAfterLastSample(Join(brief, patient));
    EXPECT_EQ(Run(), MilliSeconds(3 * 50 + 5000 + 50));
    EXPECT_EQ(CountEnded(brief), SAMPLES);
    EXPECT_EQ(CountEnded(patient), SAMPLES);
}

TEST_F(Install, TheSimulationStopsWhenTheApplicationsStopBeforeTheLastCapture)
{
    ApplicationContainer site = InstallSite();
    site.Stop(MilliSeconds(150));
    DdnnHelper::StopAfterLastSample(site);
    EXPECT_EQ(Run(), MilliSeconds(150 + 500 + 100));
    EXPECT_EQ(CountEnded(site), 2U);
}

TEST_F(Install, ASiteHasASample)
{
    EXPECT_EQ(Refusal([this] {
                  m_ddnn.SetSamples({});
                  InstallSite();
              }),
              "there is no sample to capture: give at least one");
}

TEST_F(Install, ATextThatDescribesNoObjectIsRefused)
{
    const auto refusal = [this](const std::string& text) {
        return Refusal([&] {
            m_ddnn.SetSiteAttribute("Interval", StringValue(text));
        });
    };
    const std::string form = ": must be an object of ns3::RandomVariableStream, like "
                             "ns3::Class[Attribute=value|Attribute=value], and cannot be nested";
    for (const std::string text : {"",
                                   " ",
                                   "[",
                                   "]",
                                   "[Mean=1]",
                                   "ns3::ExponentialRandomVariable[Mean=",
                                   "ns3::ExponentialRandomVariable]",
                                   "ns3::ExponentialRandomVariable[Mean=1]]",
                                   "ns3::ExponentialRandomVariable [Mean=1]",
                                   "ns3::ExponentialRandomVariable[Mean=1] "})
    {
        EXPECT_EQ(refusal(text), "ns3::DdnnSite::Interval=" + text + form);
    }
    const std::string unknown =
        "' derived from ns3::RandomVariableStream that can be created, see --PrintTypeIds";
    for (const std::string name :
         {"0.1", "ns3::Exponential", "ns3::Node", "ns3::RandomVariableStream"})
    {
        EXPECT_EQ(refusal(name),
                  "ns3::DdnnSite::Interval=" + name + ": there is no class '" + name + unknown);
    }
    const std::string constant = "ns3::ConstantRandomVariable";
    for (const auto& [values, reason] : std::map<std::string, std::string>{
             {"Constant", "'Constant' is not written Attribute=value"},
             {"Constant=", "'Constant=' is not written Attribute=value"},
             {"Constant=1||", "'' is not written Attribute=value"},
             {"Mean=1", constant + " has no attribute 'Mean', see --PrintAttributes=" + constant}})
    {
        const std::string text = constant + "[" + values + "]";
        EXPECT_EQ(refusal(text), "ns3::DdnnSite::Interval=" + text + ": " + reason);
    }
    for (const std::string text : {"ns3::ConstantRandomVariable",
                                   "ns3::ConstantRandomVariable[]",
                                   "ns3::SequentialRandomVariable[Min=1|Max=2|Increment="
                                   "ns3::ConstantRandomVariable|Stream=-1|]"})
    {
        EXPECT_EQ(refusal(text), "accepted");
    }
    EXPECT_NE(refusal("ns3::SequentialRandomVariable[Increment=1]"), "accepted");
}

TEST_F(Install, AnAttributeOfATierThatHasNoneIsRefused)
{
    const TimeValue deadline(Seconds(1));
    const auto server = [&](int tier) {
        return Refusal([&] {
            m_ddnn.SetServerAttribute("Deadline", deadline, tier);
        });
    };
    const auto exit = [&](int tier) {
        return Refusal([&] {
            m_ddnn.SetExitAttribute("Deadline", deadline, tier);
        });
    };
    EXPECT_EQ(server(0), "tier 0 has no ns3::DdnnServer, the tiers that have are 1 to 1");
    EXPECT_EQ(exit(7), "tier 7 has no ns3::DdnnExit, the tiers that have are 0 to 1");
    for (const int tier : {-2, 2})
    {
        EXPECT_NE(server(tier), "accepted");
        EXPECT_NE(exit(tier), "accepted");
    }
    EXPECT_EQ(server(1), "accepted");
    EXPECT_EQ(exit(0), "accepted");
    EXPECT_EQ(exit(1), "accepted");
    EXPECT_EQ(server(DdnnHelper::ALL_TIERS), "accepted");
}

TEST_F(Install, EachProcessorHasARandomVariableOfItsOwn)
{
    const AttributeGuard guard(AttributeGuard::Attributes{
        {"ns3::DdnnProcessor::Jitter", "ns3::ExponentialRandomVariable"}});
    const NodeContainer nodes(3);
    DdnnHelper::InstallProcessor(nodes, 1e6);
    std::set<Ptr<Object>> variables;
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        PointerValue jitter;
        nodes.Get(i)->GetObject<DdnnProcessor>()->GetAttribute("Jitter", jitter);
        variables.insert(jitter.GetObject());
    }
    EXPECT_EQ(variables.size(), 3U);
}

TEST_F(Install, ASiteIsReachedByAConfigPath)
{
    const ApplicationContainer site = InstallSite();
    const std::string path =
        "/NodeList/" + std::to_string(m_node.Get(0)->GetId()) + "/ApplicationList/*/$ns3::Ddnn";
    Config::Set(path + "Application/Site/SampleDeadline", TimeValue(Seconds(7)));
    Config::Set(path + "SampleTracker/Site/Interval",
                StringValue("ns3::ConstantRandomVariable[Constant=3]"));
    uint32_t captured = 0;
    Config::ConnectWithoutContext(path + "SampleTracker/Site/Captured",
                                  Callback<void, uint32_t>([&captured](uint32_t) {
                                      ++captured;
                                  }));
    DdnnHelper::StopAfterLastSample(site);
    EXPECT_EQ(Run(), Seconds(3 * 3 + 7 + 3));
    EXPECT_EQ(captured, SAMPLES);
}
