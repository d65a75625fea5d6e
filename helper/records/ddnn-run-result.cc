// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-run-result.h"

#include "ns3/ddnn-end-device.h"
#include "ns3/ddnn-sample-tracker.h"

namespace ns3
{

void
DdnnRunResult::CountApplications(const std::vector<DdnnSiteApplications>& sites)
{
    for (const DdnnSiteApplications& site : sites)
    {
        exited += site.tracker->GetCount(DdnnOutcome::EXITED);
        fallback += site.tracker->GetCount(DdnnOutcome::FALLBACK);
        lost += site.tracker->GetCount(DdnnOutcome::LOST);
        for (const auto& application : site.all)
        {
            for (std::size_t i = 0; i < DDNN_NUM_REJECTS; ++i)
            {
                const auto reason = static_cast<DdnnReject>(i);
                rejected[reason] += application->GetRejected(reason);
            }
            if (const auto section = DynamicCast<DdnnSection>(application))
            {
                retriesExhausted += section->GetRetriesExhausted();
            }
            if (const auto device = DynamicCast<DdnnEndDevice>(application))
            {
                rateLimited += device->GetRateLimited();
            }
        }
    }
}

} // namespace ns3
