// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SIMULATE_H
#define DDNN_SIMULATE_H

#include "test/support/table-model.h"

#include "ns3/config.h"
#include "ns3/ddnn-csv.h"
#include "ns3/ddnn-scenario.h"
#include "ns3/string.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// What the tests of simulations share.
namespace ddnn::test
{

using namespace ns3;

/// Sets defaults of attributes, and those of before at the end of the scope.
class AttributeGuard
{
  public:
    using Attributes = std::vector<std::pair<std::string, std::string>>;

    /// \param attributes full names, such as ns3::DdnnSite::Interval, and values
    explicit AttributeGuard(const Attributes& attributes)
    {
        for (const auto& [name, value] : attributes)
        {
            const std::size_t colons = name.rfind("::");
            const TypeId type = TypeId::LookupByName(name.substr(0, colons));
            std::size_t index = 0;
            while (index < type.GetAttributeN() &&
                   type.GetAttribute(index).name != name.substr(colons + 2))
            {
                ++index;
            }
            if (index == type.GetAttributeN())
            {
                throw std::logic_error(name + " is no attribute of that type itself");
            }
            m_saved.push_back({type, index, type.GetAttribute(index).initialValue});
            Config::SetDefault(name, StringValue(value));
        }
    }

    ~AttributeGuard()
    {
        for (auto saved = m_saved.rbegin(); saved != m_saved.rend(); ++saved)
        {
            saved->type.SetAttributeInitialValue(saved->index, saved->value);
        }
    }

    AttributeGuard(const AttributeGuard&) = delete;
    AttributeGuard& operator=(const AttributeGuard&) = delete;

  private:
    struct Saved
    {
        TypeId type;
        std::size_t index;
        Ptr<const AttributeValue> value;
    };

    std::vector<Saved> m_saved;
};

/// A run, and what is set for it.
struct Settings : DdnnRunSettings
{
    AttributeGuard::Attributes attributes;

    /// Set the default of an attribute for this run.
    Settings& Set(const std::string& name, const std::string& value)
    {
        attributes.emplace_back("ns3::Ddnn" + name, value);
        return *this;
    }

    Settings& SetAccess(const std::string& name)
    {
        return Set("TopologyHelper::Access", name);
    }

    Settings& SetThreshold(double threshold)
    {
        thresholds[0] = threshold;
        return *this;
    }

    Settings& SetInterval(double seconds)
    {
        return Set("Site::Interval",
                   "ns3::ConstantRandomVariable[Constant=" + std::to_string(seconds) + "]");
    }
};

inline DdnnRunResult
Simulate(const World& world, Settings run)
{
    const AttributeGuard guard(run.attributes);
    run.samples = world.samples;
    return CreateObject<DdnnScenario>()->Run(run, world.model, world.dataset);
}

inline DdnnRunResult
Simulate(const World& world, double threshold)
{
    return Simulate(world, Settings().SetThreshold(threshold));
}

/// All CSV text of a run.
inline std::string
Csv(const ddnn::Hierarchy& hierarchy, double threshold, const DdnnRunResult& result)
{
    DdnnCsv csv(hierarchy);
    csv.Add(result, Summarise(result, hierarchy, threshold));
    std::string text;
    for (const auto& [name, content] : csv.GetFiles())
    {
        text += name + "\n" + content;
    }
    return text;
}

inline std::string
Csv(const World& world, const Settings& run)
{
    return Csv(world.model->GetHierarchy(), 0, Simulate(world, run));
}

/// What the whole network in one place says of a sample.
inline std::vector<ddnn::Verdict>
Infer(const World& world, std::size_t sample, const std::vector<int>& failed = {})
{
    std::vector<const uint8_t*> views;
    for (int device = 0; device < world.dataset->numDevices; ++device)
    {
        const bool absent = std::count(failed.begin(), failed.end(), device) > 0;
        views.push_back(absent ? nullptr : world.dataset->View(sample, device));
    }
    return world.model->Infer(views);
}

/// Of every exit but the last: the local one's, and what the hierarchy says of the others.
inline std::vector<double>
Thresholds(const ddnn::Hierarchy& hierarchy, double local)
{
    std::vector<double> thresholds{local};
    for (std::size_t tier = 1; tier + 1 < hierarchy.tiers.size(); ++tier)
    {
        thresholds.push_back(hierarchy.tiers[tier].threshold);
    }
    return thresholds;
}

/// Every sample ended as it does without a network.
inline void
ExpectAsInferred(const World& world,
                 const DdnnRunResult& result,
                 double threshold,
                 const std::vector<int>& failed = {})
{
    ASSERT_EQ(result.records.size(), world.samples.size());
    for (const DdnnSampleRecord& record : result.records)
    {
        const auto verdicts = Infer(world, record.sample, failed);
        const int exit =
            world.model->GetHierarchy().rawOffload
                ? static_cast<int>(verdicts.size()) - 1
                : ddnn::ChooseExit(verdicts, Thresholds(world.model->GetHierarchy(), threshold));
        EXPECT_EQ(record.outcome, DdnnOutcome::EXITED) << record.sample;
        EXPECT_EQ(record.exit, exit) << record.sample;
        EXPECT_EQ(record.prediction, verdicts[exit].label) << record.sample;
        EXPECT_EQ(record.uncertainty, verdicts[exit].uncertainty) << record.sample;
        EXPECT_EQ(record.label, world.dataset->labels[record.sample]);
    }
}

/// The parts of a latency add up to it, and none can be negative.
inline void
ExpectLatencies(const DdnnRunResult& result)
{
    for (const DdnnSampleRecord& record : result.records)
    {
        const DdnnLatency& latency = record.latency;
        std::vector<Time> parts(latency.network.begin(), latency.network.end());
        parts.insert(parts.end(), {latency.compute, latency.queueing, latency.waiting});
        Time sum;
        for (const Time& part : parts)
        {
            EXPECT_FALSE(part.IsStrictlyNegative()) << record.number;
            sum += part;
        }
        EXPECT_EQ(sum, latency.GetTotal()) << record.number;
    }
}

/// Payload that the nodes of each tier handed over, with Eq. (1) for any hierarchy.
inline void
ExpectCommunicationCost(const ddnn::Hierarchy& hierarchy, const DdnnRunResult& result)
{
    const auto samples = static_cast<double>(result.records.size());
    std::vector<double> fractions(hierarchy.tiers.size(), 0);
    uint64_t recorded = 0;
    for (const DdnnSampleRecord& record : result.records)
    {
        recorded += record.bytes.payload;
        if (record.exit >= 0)
        {
            fractions.at(record.exit) += 1 / samples;
        }
    }
    const auto expected = ddnn::PayloadBytes(hierarchy, fractions);
    for (std::size_t tier = 0; tier < expected.size(); ++tier)
    {
        uint64_t payload = 0;
        for (const DdnnTraffic& traffic : result.traffic)
        {
            const bool counts =
                traffic.kind == "scores" || traffic.kind == "features" || traffic.kind == "raw";
            payload +=
                counts && traffic.place == hierarchy.tiers[tier].name ? traffic.bytes.payload : 0;
        }
        EXPECT_NEAR(static_cast<double>(payload),
                    samples * (expected[tier].scores + expected[tier].features),
                    1e-3)
            << hierarchy.tiers[tier].name;
        EXPECT_TRUE(tier > 0 || payload == recorded) << payload << ", " << recorded;
    }
}

/// The three columns of the samples add up to what the end devices have sent.
inline void
ExpectColumnsAddUp(const DdnnRunResult& result)
{
    DdnnBytes records;
    for (const DdnnSampleRecord& record : result.records)
    {
        records += record.bytes;
    }
    DdnnBytes sent;
    for (const DdnnTraffic& traffic : result.traffic)
    {
        const bool counts = traffic.place == "device" ||
                            (traffic.place == "access-up" && traffic.kind != "control");
        sent += counts ? traffic.bytes : DdnnBytes();
    }
    EXPECT_EQ(records.payload, sent.payload);
    EXPECT_EQ(records.header, sent.header);
    EXPECT_EQ(records.onAir, sent.onAir);
}

/// Deadlines long enough for TCP to repair losses, and for nodes to wait for others that wait.
inline void
WaitLong(Settings& run)
{
    run.SetInterval(70);
    run.Set("Site::SampleDeadline", "69s");
    run.attach = [](const DdnnScenarioParts& parts) -> std::shared_ptr<void> {
        for (const DdnnSiteApplications& site : parts.sites)
        {
            for (const auto& exit : site.exits)
            {
                exit->GetCollector()->SetAttribute("Deadline", TimeValue(Seconds(7)));
            }
            for (const auto& tier : site.servers)
            {
                for (const auto& server : tier)
                {
                    server->GetCollector()->SetAttribute("Deadline", TimeValue(Seconds(6)));
                }
            }
        }
        return nullptr;
    };
}

} // namespace ddnn::test

#endif // DDNN_SIMULATE_H
