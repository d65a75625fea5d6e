// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-site-account.h"

#include "ns3/abort.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

namespace
{

template <typename Callback>
void
Connect(Ptr<Object> object, const std::string& source, Callback callback)
{
    NS_ABORT_MSG_IF(!object->TraceConnectWithoutContext(source, callback),
                    object->GetInstanceTypeId().GetName() << " has no trace source " << source);
}

} // namespace

DdnnSiteAccount::DdnnSiteAccount(const DdnnSiteApplications& site)
    : applications(site)
{
    const DdnnSiteApplications& apps = applications;
    const auto& hierarchy = GetHierarchy();
    const int numTiers = static_cast<int>(hierarchy.tiers.size());
    samples.resize(apps.site->GetNumSamples());
    for (std::size_t i = 0; i < samples.size(); ++i)
    {
        DdnnSampleRecord& record = samples[i].record;
        record.site = apps.site->GetNumber();
        record.number = i;
        record.sample = apps.site->GetDatasetIndex(i);
        record.label = apps.site->GetDataset().labels[record.sample];
        record.scores.resize(numTiers);
        record.features.resize(numTiers);
    }
    sent.resize(2 * numTiers);
    carried.resize(2 * numTiers);
    Connect(apps.site, "Captured", MakeCallback(&DdnnSiteAccount::HandleCaptured, this));
    Connect(apps.tracker, "Ended", MakeCallback(&DdnnSiteAccount::HandleEnded, this));
    const auto connectTx = [this](Ptr<DdnnApplication> application, std::size_t place) {
        Connect(application, "Tx", MakeCallback(&DdnnSiteAccount::HandleTx, this, place));
        if (places.emplace(application->GetNode(), place).second)
        {
            processors.push_back(application->GetNode()->GetObject<DdnnProcessor>());
        }
    };
    for (int tier = 0; tier < numTiers; ++tier)
    {
        for (int node = 0; node < hierarchy.tiers[tier].numNodes; ++node)
        {
            connectTx(apps.GetSection(tier, node), tier);
            if (tier == 0)
            {
                devices.insert(apps.devices[node]->GetNode());
                continue;
            }
            const Ptr<DdnnServer> server = apps.servers[tier - 1][node];
            Connect(server,
                    "FeaturesReceived",
                    MakeCallback(&DdnnSiteAccount::HandleFeatures, this, tier));
            Connect(server,
                    "Closed",
                    MakeCallback(&DdnnSiteAccount::HandleFeaturesClosed, this, tier, node));
        }
    }
    for (int tier = 0; tier < numTiers; ++tier)
    {
        const Ptr<DdnnExit> exit = apps.exits[tier];
        connectTx(exit, numTiers + tier);
        Connect(exit, "ScoresReceived", MakeCallback(&DdnnSiteAccount::HandleScores, this, tier));
        Connect(exit, "Closed", MakeCallback(&DdnnSiteAccount::HandleScoresClosed, this, tier));
    }
}

const ddnn::Hierarchy&
DdnnSiteAccount::GetHierarchy() const
{
    return applications.site->GetHierarchy();
}

bool
DdnnSiteAccount::IsDevices(const DdnnHeader& header)
{
    return header.tier == 0 && (header.kind == DdnnKind::SCORES ||
                                header.kind == DdnnKind::FEATURES || header.kind == DdnnKind::RAW);
}

std::size_t
DdnnSiteAccount::GetPart(DdnnKind kind)
{
    return kind == DdnnKind::SCORES ? 0 : 1;
}

uint64_t
DdnnSiteAccount::Sample::GetRepeated(std::size_t part) const
{
    return carried[part] - std::min(carried[part], payload[part]);
}

/// Of end devices it is known sample by sample: one may be repeated while another is never sent.
uint64_t
DdnnSiteAccount::GetRepeated(std::size_t place, std::size_t kind) const
{
    DdnnHeader header;
    header.kind = static_cast<DdnnKind>(kind);
    const uint64_t bytes = carried[place][kind].payload;
    if (place > 0 || !IsDevices(header) || bytes == 0)
    {
        return bytes - std::min(bytes, sent[place][kind].payload);
    }
    uint64_t repeated = 0;
    for (const Sample& sample : samples)
    {
        repeated += sample.GetRepeated(GetPart(header.kind));
    }
    return repeated;
}

std::size_t
DdnnSiteAccount::GetPlace(const DdnnHeader& header, Ptr<Node> node) const
{
    switch (header.kind)
    {
    case DdnnKind::REQUEST:
    case DdnnKind::PREDICTION:
        return applications.exits.size() + header.tier;
    case DdnnKind::ACKNOWLEDGEMENT: // which has the header of what it answers
        return places.at(node);
    default:
        return header.tier;
    }
}

std::string
DdnnSiteAccount::GetPlaceName(std::size_t place) const
{
    const std::size_t numTiers = applications.exits.size();
    return place < numTiers
               ? GetHierarchy().tiers[place].name
               : ddnn::ExitName(GetHierarchy(), static_cast<int>(place - numTiers)) + "-exit";
}

DdnnSiteAccount::Sample&
DdnnSiteAccount::GetLatest()
{
    return samples[std::max<std::size_t>(applications.site->GetNumCaptured(), 1) - 1];
}

std::vector<DdnnSampleRecord>
DdnnSiteAccount::GetRecords() const
{
    std::vector<DdnnSampleRecord> records;
    for (const Sample& sample : samples)
    {
        if (sample.ended)
        {
            records.push_back(sample.record);
            DdnnBytes& bytes = records.back().bytes;
            bytes.payload = sample.payload[0] + sample.payload[1];
            bytes.header += sample.GetRepeated(0) + sample.GetRepeated(1);
        }
    }
    return records;
}

std::set<uint32_t>
DdnnSiteAccount::GetOverloadedNodes() const
{
    std::set<uint32_t> nodes;
    for (std::size_t i = 0; i < std::min(workAtStart.size(), workAtEnd.size()); ++i)
    {
        const Time elapsed = applications.site->GetCaptureTime(samples.size() - 1) -
                             applications.site->GetCaptureTime(0);
        const Time work = workAtEnd[i] - workAtStart[i];
        if (work > elapsed * static_cast<int64_t>(processors[i]->GetCores()))
        {
            nodes.insert(processors[i]->GetObject<Node>()->GetId());
        }
    }
    return nodes;
}

void
DdnnSiteAccount::HandleCaptured(uint32_t sample)
{
    const bool first = sample == 0;
    if (first || sample + 1 == samples.size())
    {
        std::vector<Time>& work = first ? workAtStart : workAtEnd;
        for (const auto& processor : processors)
        {
            work.push_back(processor->GetWork());
        }
    }
}

void
DdnnSiteAccount::HandleScores(int tier, uint32_t sample, uint32_t node)
{
    const auto& hierarchy = GetHierarchy();
    const bool travels =
        applications.site->GetNode(tier, node) != applications.site->GetExitNode(tier);
    samples[sample].record.accepted += travels ? ddnn::ScoreBytes(hierarchy) : 0;
}

void
DdnnSiteAccount::HandleScoresClosed(int tier, uint32_t sample, const std::string& presence)
{
    samples[sample].record.scores[tier] = presence;
}

void
DdnnSiteAccount::HandleFeatures(int tier, uint32_t sample, uint32_t child)
{
    const auto& hierarchy = GetHierarchy();
    const int node = static_cast<int>(child);
    samples[sample].record.accepted += hierarchy.rawOffload
                                           ? ddnn::RawBytes(hierarchy, node)
                                           : ddnn::FeatureBytes(hierarchy, tier - 1, node);
}

void
DdnnSiteAccount::HandleFeaturesClosed(int tier,
                                      int node,
                                      uint32_t sample,
                                      const std::string& presence)
{
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    std::string& features = samples[sample].record.features[tier];
    if (hierarchy.rawOffload)
    {
        features = presence;
        return;
    }
    features.resize(hierarchy.tiers[tier - 1].numNodes, '0');
    const std::vector<int> children = ddnn::Children(hierarchy, tier, node);
    for (std::size_t i = 0; i < children.size(); ++i)
    {
        features[children[i]] = presence[i];
    }
}

void
DdnnSiteAccount::HandleEnded(uint32_t sample,
                             DdnnOutcome outcome,
                             const DdnnPrediction& prediction,
                             const DdnnLatency& latency)
{
    samples[sample].ended = true;
    DdnnSampleRecord& record = samples[sample].record;
    record.outcome = outcome;
    record.prediction = prediction.label;
    record.exit = outcome == DdnnOutcome::LOST ? -1 : prediction.exit;
    record.uncertainty = prediction.uncertainty;
    record.latency = latency;
}

void
DdnnSiteAccount::HandleTx(std::size_t place, const DdnnMessageName& name, uint32_t payloadBytes)
{
    const DdnnHeader& header = name.header;
    sent[place][static_cast<std::size_t>(header.kind)].payload += payloadBytes;
    if (IsDevices(header))
    {
        samples[header.sample].payload[GetPart(header.kind)] += payloadBytes;
    }
}

} // namespace ns3
