// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-helper.h"
#include "ddnn-site-applications.h"

#include "ns3/simulation-singleton.h"
#include "ns3/simulator.h"

#include <set>

namespace ns3
{

namespace
{

/// Stops the simulation when the samples of all sites that it awaits have ended.
class Stopper
{
  public:
    void Await(Ptr<DdnnSite> site, Time drain)
    {
        m_left.insert(PeekPointer(site));
        site->TraceConnectWithoutContext("Finished",
                                         Callback<void>([this, site = PeekPointer(site), drain] {
                                             Finish(site, drain);
                                         }));
    }

  private:
    void Finish(DdnnSite* site, Time drain)
    {
        m_end =
            Max(m_end,
                Simulator::Now() + site->GetSampleDeadline() + site->GetIntervalUntilNow() + drain);
        m_left.erase(site);
        if (m_left.empty())
        {
            Simulator::Stop(m_end - Simulator::Now());
        }
    }

    std::set<DdnnSite*> m_left; ///< sites that still capture
    Time m_end;                 ///< of those that do not
};

} // namespace

void
DdnnHelper::StopAfterLastSample(const ApplicationContainer& applications, Time drain)
{
    for (const DdnnSiteApplications& site : FindDdnnSites(applications))
    {
        SimulationSingleton<Stopper>::Get()->Await(site.site, drain);
    }
}

} // namespace ns3
