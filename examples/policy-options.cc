// SPDX-License-Identifier: GPL-2.0-only
#include "policy-options.h"

#include "common.h"
#include "option-values.h"

#include <stdexcept>
#include <string>
#include <tuple>

namespace ddnn::examples
{

namespace
{

using ns3::DdnnAggregator;
using ns3::DdnnCollector;
using ns3::DdnnOffload;

/// What decides when a sample is closed.
void
AddClosingOptions(Options& options, ns3::DdnnPolicySettings& policies)
{
    options.Add("aggregationDeadline",
                "from a sample's first summary or features, how long it waits for the others; by "
                "default what they need when nothing is lost, and 50 ms",
                "a time with its unit, like 20ms",
                "",
                [&policies](const std::string& text) {
                    return ParseTime(text, false, policies.aggregationDeadline.emplace());
                });
    options.AddInt("quorum",
                   "close a sample when so many nodes have contributed; 0: all",
                   policies.quorum,
                   0,
                   MAX_DEVICES);
    options.AddDouble("adaptive",
                      "deadline: this percentile of recent arrivals; 0: off",
                      policies.adaptivePercentile,
                      0,
                      100);
    options.AddChoice<DdnnCollector::Absent>("absent",
                                             "what stands in for what did not arrive",
                                             policies.absent,
                                             {{"masked", DdnnCollector::MASKED},
                                              {"zero", DdnnCollector::ZERO},
                                              {"last-known", DdnnCollector::LAST_KNOWN}});
    options.AddInt("silentAfter",
                   "after so many samples without it, a node is not waited for; 0: always",
                   policies.silentAfter,
                   0,
                   1000000);
}

/// Attributes that matter with others, or without an option.
void
RefuseUselessAttributes(const Options& options, const ns3::DdnnPolicySettings& policies)
{
    const bool adaptive =
        policies.adaptivePercentile > 0 || options.IsSet("ns3::DdnnCollector::AdaptivePercentile");
    const bool budget =
        policies.byteBudget.GetBitRate() > 0 || options.IsSet("ns3::DdnnEndDevice::ByteBudget");
    for (const auto& [name, isUsed, why] :
         {std::tuple{"DdnnCollector::Deadline",
                     !policies.aggregationDeadline.has_value(),
                     "with --aggregationDeadline"},
          std::tuple{"DdnnCollector::AdaptiveWindow", adaptive, "without --adaptive"},
          std::tuple{"DdnnSection::FeatureTimeout", policies.tries > 1, "without --tries"},
          std::tuple{"DdnnEndDevice::BucketSize", budget, "without --byteBudget"}})
    {
        const std::string attribute = std::string("ns3::") + name;
        if (options.IsSet(attribute) && !isUsed)
        {
            throw std::runtime_error("--" + attribute + " has no effect " + why);
        }
    }
}

} // namespace

void
AddPolicyOptions(Options& options, ns3::DdnnScenarioSettings& settings)
{
    ns3::DdnnPolicySettings& policies = settings.policies;
    AddClosingOptions(options, policies);
    options.AddChoice<DdnnOffload>("offload",
                                   "features on request, all at once or one after the other, or "
                                   "with every summary",
                                   policies.offload,
                                   {{"pull", DdnnOffload::PULL},
                                    {"staggered", DdnnOffload::STAGGERED},
                                    {"push", DdnnOffload::PUSH}});
    options.AddInt("tries",
                   "how often features are sent until they are acknowledged (UDP)",
                   policies.tries,
                   1,
                   100);
    options.AddChoice<DdnnAggregator::ExitPolicy>(
        "exitPolicy",
        "let the threshold rise with the backlog of the way up, against --backlogLimit or what "
        "remains until the sample's deadline",
        policies.exitPolicy,
        {{"fixed", DdnnAggregator::FIXED},
         {"backlog", DdnnAggregator::BACKLOG},
         {"deadline", DdnnAggregator::DEADLINE}});
    options.AddTime("backlogLimit",
                    "backlog at which all samples exit",
                    policies.backlogLimit,
                    true);
    options.Add("byteBudget",
                "rate of the token bucket that limits what a device sends; by default none does",
                "a rate with its unit, like 8kbps",
                "",
                [&policies](const std::string& text) {
                    return ParseRate(text, policies.byteBudget);
                });
}

void
CheckPolicyOptions(const Options& options, const ns3::DdnnPolicySettings& policies)
{
    if (options.IsSet("backlogLimit") && policies.exitPolicy != DdnnAggregator::BACKLOG)
    {
        throw std::runtime_error("--backlogLimit has no effect without --exitPolicy=backlog");
    }
    RefuseUselessAttributes(options, policies);
}

} // namespace ddnn::examples
