// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-estimates.h"

#include "ns3/ddnn-attributes.h"
#include "ns3/ddnn-site-applications.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// With TCP, after the last node has opened its connections, for handshakes and repetitions.
const Time HANDSHAKE = Seconds(10);

/// From the end of the start-up to the first capture.
const Time SETTLING = MilliSeconds(10);

/// Of the time between two tries of features, beyond the way there and back.
const Time FEATURE_MARGIN = MilliSeconds(20);

/// IP, UDP and PPP, of each fragment at most.
constexpr uint32_t LOWER_HEADERS = 60;

/// Payload of a fragment, at least.
constexpr uint32_t FRAGMENT = 1200;

/// On a point-to-point link, with all headers.
int64_t
GetLinkBytes(int payload)
{
    const int64_t message = DdnnHeader::SIZE + payload;
    return message + (message / FRAGMENT + 1) * LOWER_HEADERS;
}

Time
GetTime(const Object& object, const std::string& attribute)
{
    TimeValue value;
    object.GetAttribute(attribute, value);
    return value.Get();
}

/// Lengthen a time that is an attribute, unless somebody has set its default.
void
Extend(Object& object, const std::string& attribute, Time extension)
{
    SetComputed(object, attribute, TimeValue(GetTime(object, attribute) + extension));
}

/// \return how long it takes until all connections are open; zero with UDP
Time
GetConnectionTime(const DdnnSiteApplications& site)
{
    if (site.site->GetTransport() != DdnnSite::TCP)
    {
        return Time(0);
    }
    Time latest;
    for (const auto& application : site.all)
    {
        latest = Max(latest, GetTime(*application, "ConnectDelay"));
    }
    return latest + HANDSHAKE;
}

Time
GetDuration(const DdnnSection& section)
{
    return section.GetNode()->GetObject<DdnnProcessor>()->GetDuration(section.GetOperations());
}

/**
 * How far apart messages arrive on the built-in networks that belong together, when nothing is
 * lost: what deadlines must allow for. Generous estimates, from the hierarchy's sizes and the
 * links' rates, so that a slow link alone makes nothing late.
 */
class DdnnEstimates
{
  public:
    /// Both must outlive this.
    DdnnEstimates(const DdnnTopologyHelper& helper, const DdnnTopology& topology);

    /// Set what is computed for a site.
    void Apply(const DdnnSiteApplications& site) const;

    /// \return from the first to the last device's class scores at the local exit, if all leave at
    ///         the same moment
    Time GetScoreSpread(const ddnn::Hierarchy& hierarchy) const;

    /// \return from the first to the last features that a node of this tier takes, or raw views
    Time GetFeatureSpread(const ddnn::Hierarchy& hierarchy, int tier) const;

    /// \return from the sending of features by a node of this tier, or of raw views, to their
    ///         acknowledgement, if all nodes send at the same moment
    Time GetFeatureRoundTrip(const ddnn::Hierarchy& hierarchy, int tier) const;

  private:
    void ApplyToDevices(const DdnnSiteApplications& site) const;
    void ApplyToCollectors(const DdnnSiteApplications& site) const;
    DdnnLinkSettings GetUplink(int tier) const;
    Time GetSlots(int payload) const;

    const DdnnTopologyHelper& m_helper;
    const DdnnTopology& m_topology;
};

DdnnEstimates::DdnnEstimates(const DdnnTopologyHelper& helper, const DdnnTopology& topology)
    : m_helper(helper)
    , m_topology(topology)
{
}

void
DdnnEstimates::Apply(const DdnnSiteApplications& site) const
{
    ApplyToDevices(site);
    ApplyToCollectors(site);
    for (const DdnnTopology::Cell& cell : m_topology.cells)
    {
        if (cell.access->GetName() == "lrwpan")
        {
            // it cannot carry ten samples a second
            SetComputed(*site.site,
                        "Interval",
                        StringValue("ns3::ConstantRandomVariable[Constant=1]"));
        }
    }
}

void
DdnnEstimates::ApplyToDevices(const DdnnSiteApplications& site) const
{
    const ddnn::Hierarchy& hierarchy = site.site->GetHierarchy();
    const uint32_t scores = DdnnHeader::SIZE + ddnn::ScoreBytes(hierarchy);
    const uint32_t features = DdnnHeader::SIZE + ddnn::LargestPayload(hierarchy, 0);
    for (const DdnnTopology::Cell& cell : m_topology.cells)
    {
        for (std::size_t i = 0; i < cell.devices.size(); ++i)
        {
            DdnnEndDevice& device = *site.devices[cell.devices[i]];
            SetComputed(device, "Turn", UintegerValue(i));
            SetComputed(device, "ScoreSlot", TimeValue(cell.access->GetSlotSpacing(scores)));
            SetComputed(device, "FeatureSlot", TimeValue(cell.access->GetSlotSpacing(features)));
        }
    }
}

void
DdnnEstimates::ApplyToCollectors(const DdnnSiteApplications& site) const
{
    const ddnn::Hierarchy& hierarchy = site.site->GetHierarchy();
    Time longest;
    for (const auto& device : site.devices)
    {
        longest = Max(longest, hierarchy.rawOffload ? Time(0) : GetDuration(*device));
        SetComputed(*device,
                    "FeatureTimeout",
                    TimeValue(FEATURE_MARGIN + GetFeatureRoundTrip(hierarchy, 0)));
    }
    Extend(*site.exits[0]->GetCollector(), "Deadline", longest + GetScoreSpread(hierarchy));
    for (int tier = 1; tier < site.site->GetNumTiers(); ++tier)
    {
        const Ptr<DdnnSection> child = site.GetSection(hierarchy.rawOffload ? 0 : tier - 1, 0);
        const Time repetition =
            GetTime(*child, "FeatureTimeout") * (site.site->GetFeatureTries() - 1);
        Time spread; // a node may wait until its deadline while another has long closed
        for (const auto& server : site.servers[tier - 1])
        {
            SetComputed(*server,
                        "FeatureTimeout",
                        TimeValue(FEATURE_MARGIN + GetFeatureRoundTrip(hierarchy, tier)));
            DdnnCollector& collector = *server->GetCollector();
            Extend(collector, "Deadline", GetFeatureSpread(hierarchy, tier) + repetition);
            spread = Max(spread, GetTime(collector, "Deadline") + GetDuration(*server));
        }
        Extend(*site.exits[tier]->GetCollector(), "Deadline", spread);
    }
}

DdnnLinkSettings
DdnnEstimates::GetUplink(int tier) const
{
    const bool last = tier + 1 == static_cast<int>(m_topology.tiers.size());
    return last ? m_topology.backhaul->GetLink() : m_helper.GetEdgeLink();
}

/// From the first to the last device's message of that size at the gateway.
Time
DdnnEstimates::GetSlots(int payload) const
{
    const uint32_t message = DdnnHeader::SIZE + payload;
    Time longest;
    for (const DdnnTopology::Cell& cell : m_topology.cells)
    {
        const Time slots =
            cell.access->GetSlotSpacing(message) * static_cast<int64_t>(cell.devices.size());
        longest = Max(longest, slots + cell.access->GetTransmissionTime(message));
    }
    return longest;
}

Time
DdnnEstimates::GetScoreSpread(const ddnn::Hierarchy& hierarchy) const
{
    const int payload = ddnn::ScoreBytes(hierarchy);
    const int64_t all = GetLinkBytes(payload) * hierarchy.tiers[0].numNodes;
    return GetSlots(payload) + m_helper.GetCellLink().rate.CalculateBytesTxTime(all);
}

Time
DdnnEstimates::GetFeatureSpread(const ddnn::Hierarchy& hierarchy, int tier) const
{
    const bool raw = hierarchy.rawOffload;
    const int below = raw ? 0 : tier - 1;
    int64_t all = 0;
    for (int node = 0; node < hierarchy.tiers[below].numNodes; ++node)
    {
        all += GetLinkBytes(raw ? ddnn::RawBytes(hierarchy, node)
                                : ddnn::FeatureBytes(hierarchy, below, node));
    }
    Time spread = GetUplink(tier).rate.CalculateBytesTxTime(all) +
                  m_helper.GetExitLink().rate.CalculateBytesTxTime(all);
    if (below == 0)
    {
        spread += GetSlots(ddnn::LargestPayload(hierarchy, 0)) +
                  m_helper.GetCellLink().rate.CalculateBytesTxTime(all);
    }
    return spread;
}

Time
DdnnEstimates::GetFeatureRoundTrip(const ddnn::Hierarchy& hierarchy, int tier) const
{
    const int last = static_cast<int>(hierarchy.tiers.size()) - 1;
    const int above = hierarchy.rawOffload ? last : tier + 1;
    if (above > last)
    {
        return Time(0);
    }
    Time delay = m_helper.GetCellLink().delay + m_helper.GetExitLink().delay * 2;
    for (int up = tier + 1; up <= above; ++up)
    {
        delay += GetUplink(up).delay;
    }
    return GetFeatureSpread(hierarchy, above) + delay * 2;
}

/// Set what follows from the links of one site.
/// \param phase part of the interval by which its first capture is delayed
void
Configure(const DdnnTopologyHelper& helper,
          const DdnnTopology& topology,
          const DdnnSiteApplications& site,
          double phase)
{
    DdnnEstimates(helper, topology).Apply(site);
    for (const DdnnTopology::Cell& cell : topology.cells)
    {
        if (cell.access->HasBroadcast())
        {
            site.exits[0]->AddGroup(cell.devices, cell.access->GetBroadcastAddress(), nullptr);
        }
    }
    const Ptr<DdnnBackhaul> backhaul = topology.backhaul;
    const Time warmUp = backhaul ? backhaul->GetWarmUp() : Time(0);
    const Time interval = site.site->GetMeanInterval().value_or(Time(0));
    SetComputed(*site.site,
                "CaptureDelay",
                TimeValue(GetConnectionTime(site) + SETTLING + warmUp +
                          Seconds(phase * interval.GetSeconds())));
    if (backhaul)
    {
        site.exits[topology.tiers.size() - 2]->SetBacklog([backhaul] {
            return backhaul->GetBacklog();
        });
        backhaul->StartPauses(helper.GetStartUpTime() + GetTime(*site.site, "CaptureDelay"));
    }
}

} // namespace

void
ConfigureForTopology(const DdnnTopologyHelper& helper,
                     const ApplicationContainer& applications,
                     double sitePhase)
{
    const std::vector<DdnnSiteApplications> sites = FindDdnnSites(applications);
    for (std::size_t i = 0; i < sites.size(); ++i)
    {
        Configure(helper,
                  helper.GetSites().at(i),
                  sites[i],
                  sitePhase * static_cast<double>(i) / static_cast<double>(sites.size()));
    }
}

} // namespace ns3
