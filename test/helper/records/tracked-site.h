// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TRACKED_SITE_H
#define DDNN_TRACKED_SITE_H

#include "test/support/table-model.h"

#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-message-tracker.h"
#include "ns3/ddnn-site-applications.h"
#include "ns3/double.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/node-container.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace ddnn::test
{

/// Messages and bytes.
using Total = std::pair<uint64_t, uint64_t>;

/// What a site's applications themselves tell, for comparison.
struct Heard
{
    std::map<std::string, Total> sent; ///< by kind, without messages to groups
    uint64_t arrivals{0};              ///< of messages, with those that are rejected
};

/// Sites on nodes that a test has built, their message tracker, and what became of the messages.
class Tracked
{
  public:
    explicit Tracked(uint32_t run = 1)
    {
        ns3::RngSeedManager::SetSeed(1);
        ns3::RngSeedManager::SetRun(run);
    }

    ~Tracked()
    {
        ns3::Simulator::Destroy();
    }

    /// Install a site: end devices, a gateway that has the local exit, and a cloud. No sample exits
    /// locally; 0.2 s pass between two.
    void Install(const ns3::NodeContainer& devices,
                 const ns3::NodeContainer& gateway,
                 const ns3::NodeContainer& cloud,
                 int numSamples,
                 const std::string& transport = "udp",
                 double start = 1)
    {
        const World world = MakeWorld('c', static_cast<int>(devices.GetN()), numSamples);
        ns3::DdnnHelper ddnn(world.model, world.dataset, world.samples);
        ddnn.SetSiteNumber(m_numSites++);
        ddnn.SetExitAttribute("Threshold", ns3::DoubleValue(0), 0);
        ddnn.SetExitAttribute("Deadline", ns3::StringValue("5s"));
        ddnn.SetServerAttribute("Deadline", ns3::StringValue("5s"));
        ddnn.SetSiteAttribute("Interval",
                              ns3::StringValue("ns3::ConstantRandomVariable[Constant=0.2]"));
        ddnn.SetSiteAttribute("SampleDeadline", ns3::StringValue("10s"));
        ddnn.SetSiteAttribute("Offload", ns3::StringValue("pull")); // all devices at once
        ddnn.SetSiteAttribute("Transport", ns3::StringValue(transport));
        ns3::ApplicationContainer installed = ddnn.Install({devices, cloud}, gateway);
        ddnn.AssignStreams(1000);
        installed.Start(ns3::Seconds(start));
        applications.Add(installed);
    }

    /// \param until in s
    /// \param drain in s, see DdnnMessageTracker
    void Run(double until, double drain = 1)
    {
        m_tracker = std::make_unique<ns3::DdnnMessageTracker>(applications, ns3::Seconds(drain));
        for (const auto& site : ns3::FindDdnnSites(applications))
        {
            for (const auto& application : site.all)
            {
                Listen(application, site.site->GetNumber());
            }
        }
        ns3::Simulator::Stop(ns3::Seconds(until));
        ns3::Simulator::Run();
        counts = m_tracker->GetCounts();
        ExpectConservation();
    }

    /// \return how many messages of all sites and kinds had a disposition
    uint64_t Count(const std::string& disposition, const std::string& kind = "") const
    {
        uint64_t messages = 0;
        for (const ns3::DdnnMessageCount& count : counts)
        {
            const bool matches =
                count.disposition == disposition && (kind.empty() || count.kind == kind);
            messages += matches ? count.messages : 0;
        }
        return messages;
    }

    /// \return the dispositions that occurred, in order, "accepted lost-queue" for example
    std::string GetDispositions(const std::string& kind = "") const
    {
        std::set<std::string> names;
        for (const ns3::DdnnMessageCount& count : counts)
        {
            if (count.disposition != "sent" && (kind.empty() || count.kind == kind))
            {
                names.insert(count.disposition);
            }
        }
        std::string text;
        for (const std::string& name : names)
        {
            text += (text.empty() ? "" : " ") + name;
        }
        return text;
    }

    ns3::ApplicationContainer applications;
    std::vector<ns3::DdnnMessageCount> counts;
    std::map<uint16_t, Heard> heard; ///< by site

  private:
    void Listen(ns3::Ptr<ns3::DdnnApplication> application, uint16_t site)
    {
        using ns3::DdnnMessageName;
        application->TraceConnectWithoutContext(
            "Sending",
            ns3::Callback<void, const DdnnMessageName&, uint32_t, const ns3::DdnnDestination&>(
                [this, site](const DdnnMessageName& name,
                             uint32_t payload,
                             const ns3::DdnnDestination& to) {
                    if (to.node)
                    {
                        Total& total = heard[site].sent[ToString(name.header.kind)];
                        ++total.first;
                        total.second += payload + ns3::DdnnHeader::SIZE;
                    }
                }));
        application->TraceConnectWithoutContext(
            "Rx",
            ns3::Callback<void, const DdnnMessageName&>([this, site](const DdnnMessageName&) {
                ++heard[site].arrivals;
            }));
    }

    /// What is sent is what the applications tell of, and the sum of all other dispositions.
    void ExpectConservation() const
    {
        std::map<std::pair<uint16_t, std::string>, Total> sent;
        std::map<std::pair<uint16_t, std::string>, Total> ended;
        for (const ns3::DdnnMessageCount& count : counts)
        {
            auto& sum = count.disposition == "sent" ? sent : ended;
            sum[{count.site, count.kind}].first += count.messages;
            sum[{count.site, count.kind}].second += count.bytes;
        }
        EXPECT_EQ(sent, ended);
        for (const auto& [site, told] : heard)
        {
            for (const auto& [kind, total] : told.sent)
            {
                EXPECT_EQ((sent[{site, kind}]), total) << "site " << site << ", " << kind;
            }
        }
    }

    std::unique_ptr<ns3::DdnnMessageTracker> m_tracker; ///< outlives the simulation
    uint16_t m_numSites{0};
};

} // namespace ddnn::test

#endif // DDNN_TRACKED_SITE_H
