// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_POLICY_H
#define DDNN_POLICY_H

#include "ns3/data-rate.h"
#include "ns3/ddnn-aggregator.h"
#include "ns3/ddnn-collector.h"
#include "ns3/ddnn-section.h"
#include "ns3/nstime.h"

#include <optional>

namespace ns3
{

/// When the features of a sample travel up.
enum class DdnnOffload
{
    PULL,      ///< on request (the paper); all devices answer at once
    STAGGERED, ///< on request; each device answers in a slot of its own
    PUSH       ///< with the summary, whether the sample exits or not
};

/// How nodes decide with what arrives in time, and what devices send. The same for all nodes; the
/// attributes of DdnnCollector, DdnnAggregator and DdnnSection set single ones, and hold where a
/// setting has its default.
struct DdnnPolicySettings
{
    /// From the first contribution. Unset: DdnnCollector's, and on top of it what slots,
    /// computation and transmission take when nothing is lost.
    std::optional<Time> aggregationDeadline;
    int quorum{0};                ///< close a sample when so many have contributed; 0: all
    double adaptivePercentile{0}; ///< of recent arrivals, as deadline; 0: none
    DdnnCollector::Absent absent{DdnnCollector::MASKED};
    int silentAfter{0}; ///< samples in a row, then a node is not waited for; 0: never
    DdnnOffload offload{DdnnOffload::STAGGERED};
    int tries{1}; ///< of features and views, until they are acknowledged
    DdnnAggregator::ExitPolicy exitPolicy{DdnnAggregator::FIXED};
    Time backlogLimit{MilliSeconds(100)}; ///< at which all samples exit, with that policy
    DataRate byteBudget{0};               ///< of each device; zero: no limit
};

/// Set the attributes that the settings stand for.
void ApplyPolicies(const DdnnPolicySettings& policies, Ptr<DdnnCollector> collector);
void ApplyPolicies(const DdnnPolicySettings& policies, Ptr<DdnnSection> section);
void ApplyPolicies(const DdnnPolicySettings& policies, Ptr<DdnnAggregator> aggregator);

/// \param tcp whether messages travel over TCP
/// \throws std::runtime_error naming the option if a setting is out of range
void CheckPolicies(const DdnnPolicySettings& policies, const ddnn::Hierarchy& hierarchy, bool tcp);

} // namespace ns3

#endif // DDNN_POLICY_H
