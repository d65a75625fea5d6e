// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-policy.h"

#include <stdexcept>
#include <string>

namespace ns3
{

namespace
{

void
Require(bool condition, const std::string& message)
{
    if (!condition)
    {
        throw std::runtime_error(message);
    }
}

} // namespace

void
CheckPolicies(const DdnnPolicySettings& policies, bool tcp)
{
    Require(policies.quorum >= 0, "--quorum must not be less than zero");
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
