// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-policy.h"

#include "ddnn-require.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/uinteger.h"

#include <string>

namespace ns3
{

void
ApplyPolicies(const DdnnPolicySettings& policies, Ptr<DdnnCollector> collector)
{
    if (policies.aggregationDeadline)
    {
        collector->SetAttribute("Deadline", TimeValue(*policies.aggregationDeadline));
    }
    if (policies.quorum > 0)
    {
        collector->SetAttribute("Quorum", UintegerValue(policies.quorum));
    }
    if (policies.adaptivePercentile > 0)
    {
        collector->SetAttribute("AdaptivePercentile", DoubleValue(policies.adaptivePercentile));
    }
    if (policies.absent != DdnnCollector::MASKED)
    {
        collector->SetAttribute("Absent", EnumValue(policies.absent));
    }
    if (policies.silentAfter > 0)
    {
        collector->SetAttribute("SilentAfter", UintegerValue(policies.silentAfter));
    }
}

void
ApplyPolicies(const DdnnPolicySettings& policies, Ptr<DdnnSection> section)
{
    if (policies.offload == DdnnOffload::PUSH)
    {
        section->SetAttribute("PushFeatures", BooleanValue(true));
    }
    if (policies.tries > 1)
    {
        section->SetAttribute("FeatureTries", UintegerValue(policies.tries));
        // a device has no such attribute
        section->SetAttributeFailSafe("Acknowledge", BooleanValue(true));
    }
    if (policies.byteBudget.GetBitRate() > 0)
    {
        // devices alone have one
        section->SetAttributeFailSafe("ByteBudget", DataRateValue(policies.byteBudget));
    }
}

void
ApplyPolicies(const DdnnPolicySettings& policies, Ptr<DdnnAggregator> aggregator)
{
    if (policies.offload == DdnnOffload::PUSH)
    {
        aggregator->SetAttribute("RequestFeatures", BooleanValue(false));
    }
    if (policies.exitPolicy != DdnnAggregator::FIXED)
    {
        aggregator->SetAttribute("ExitPolicy", EnumValue(policies.exitPolicy));
        aggregator->SetAttribute("BacklogLimit", TimeValue(policies.backlogLimit));
    }
}

void
CheckPolicies(const DdnnPolicySettings& policies, const ddnn::Hierarchy& hierarchy, bool tcp)
{
    const int devices = hierarchy.tiers[0].numNodes;
    Require(policies.quorum >= 0 && policies.quorum <= devices,
            "--quorum must be 0 to " + std::to_string(devices) + ", the number of devices");
    Require(policies.offload == DdnnOffload::STAGGERED || !hierarchy.rawOffload,
            "--offload has no place with raw offload, where devices send views at once");
    Require(policies.exitPolicy == DdnnAggregator::FIXED || !hierarchy.rawOffload,
            "--exitPolicy has no place with raw offload, where the cloud alone classifies");
    Require(policies.silentAfter >= 0, "--silentAfter must not be less than zero");
    Require(policies.adaptivePercentile >= 0 && policies.adaptivePercentile <= 100,
            "--adaptive must be 0 to 100");
    Require(policies.tries >= 1 && policies.tries <= 100, "--tries must be 1 to 100");
    Require(policies.tries == 1 || !tcp,
            "--tries has no place with TCP, which repeats by itself: use --transport=udp");
    Require(policies.backlogLimit.IsStrictlyPositive(), "--backlogLimit must be more than zero");
    const Time deadline = policies.aggregationDeadline.value_or(Time(0));
    Require(!deadline.IsStrictlyNegative(), "--aggregationDeadline must not be less than zero");
}

} // namespace ns3
