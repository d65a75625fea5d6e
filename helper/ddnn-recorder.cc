// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-recorder.h"

#include "ns3/abort.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-l3-protocol.h"
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
                    "cannot connect to the trace source " << source);
}

/// Sets the characters of `target` that a node's presence mask has, at the places of its children.
void
Merge(std::string& target, const std::string& presence, const std::vector<int>& children)
{
    for (std::size_t i = 0; i < children.size(); ++i)
    {
        target[children[i]] = presence[i];
    }
}

} // namespace

DdnnRecorder::DdnnRecorder(const DdnnHelper& helper)
    : m_helper(helper)
    , m_records(helper.GetSamples().size())
    , m_milestones(helper.GetSamples().size())
    , m_computing(helper.GetSamples().size())
{
    const std::size_t numTiers = helper.GetHierarchy().tiers.size();
    for (std::size_t i = 0; i < m_records.size(); ++i)
    {
        m_records[i].sample = helper.GetSamples()[i];
        m_records[i].label = helper.GetDataset().labels[m_records[i].sample];
        m_records[i].summaries.resize(numTiers);
        m_records[i].features.resize(numTiers);
    }
    ConnectApplications();
    ConnectBytes();
}

void
DdnnRecorder::ConnectApplications()
{
    Connect(m_helper.GetLedger(), "SampleOpened", MakeCallback(&DdnnRecorder::HandleOpened, this));
    Connect(m_helper.GetLedger(), "Ended", MakeCallback(&DdnnRecorder::HandleEnded, this));
    const auto& tiers = m_helper.GetHierarchy().tiers;
    for (uint32_t device = 0; device < NumDevices(); ++device)
    {
        Connect(m_helper.GetDevice(device),
                "Computed",
                MakeCallback(&DdnnRecorder::HandleComputed, this, device));
    }
    for (int tier = 0; tier < static_cast<int>(tiers.size()); ++tier)
    {
        const auto aggregator = m_helper.GetAggregator(tier);
        Connect(aggregator,
                "SummaryReceived",
                MakeCallback(&DdnnRecorder::HandleSummary, this, tier));
        Connect(aggregator, "Closed", MakeCallback(&DdnnRecorder::HandleExitClosed, this, tier));
        for (int node = 0; tier > 0 && node < tiers[tier].numNodes; ++node)
        {
            const auto server = m_helper.GetServer(tier, node);
            Connect(server,
                    "FeaturesReceived",
                    MakeCallback(&DdnnRecorder::HandleFeatures, this, tier));
            Connect(server,
                    "Closed",
                    MakeCallback(&DdnnRecorder::HandleServerClosed, this, tier, node));
        }
    }
}

int
DdnnRecorder::FindHop(const std::string& name)
{
    const auto found = std::find(m_hopNames.begin(), m_hopNames.end(), name);
    if (found != m_hopNames.end())
    {
        return static_cast<int>(found - m_hopNames.begin());
    }
    m_hopNames.push_back(name);
    m_traffic.emplace_back();
    return static_cast<int>(m_hopNames.size()) - 1;
}

void
DdnnRecorder::SetHop(Ptr<NetDevice> device, int hop)
{
    const Ptr<Node> node = device->GetNode();
    const NodeContainer& nodes = m_helper.GetTopology().GetNodes();
    const auto index = std::find(nodes.Begin(), nodes.End(), node) - nodes.Begin();
    const bool ipv6 = m_helper.GetTopology().IsIpv6();
    const int32_t interface = ipv6 ? node->GetObject<Ipv6>()->GetInterfaceForDevice(device)
                                   : node->GetObject<Ipv4>()->GetInterfaceForDevice(device);
    if (interface >= 0)
    {
        auto& hops = m_interfaceHops.at(index);
        hops.resize(std::max<std::size_t>(hops.size(), interface + 1), NO_HOP);
        hops[interface] = hop;
    }
}

void
DdnnRecorder::ConnectBytes()
{
    const DdnnTopology& topology = m_helper.GetTopology();
    const NodeContainer& nodes = topology.GetNodes();
    m_interfaceHops.resize(nodes.GetN());
    FindHop("access-up"); // the first two, see ACCESS_UP and ACCESS_DOWN
    FindHop("access-down");
    for (const DdnnTopology::Cell& cell : topology.GetCells())
    {
        ConnectCell(cell);
    }
    for (const DdnnTopology::Wire& wire : topology.GetWires())
    {
        for (uint32_t end = 0; end < 2; ++end)
        {
            const int hop = FindHop(end == 0 ? wire.upName : wire.downName);
            SetHop(wire.devices.Get(end), hop);
            Connect(wire.devices.Get(end),
                    "PhyTxBegin",
                    MakeCallback(&DdnnRecorder::HandleWireFrame, this, hop));
        }
    }
    if (!topology.GetWires().empty())
    {
        m_gatewayHop = FindHop(topology.GetWires().front().upName);
    }
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        if (topology.IsIpv6())
        {
            Connect(nodes.Get(i)->GetObject<Ipv6L3Protocol>(),
                    "Tx",
                    MakeCallback(&DdnnRecorder::HandleIpv6Tx, this, i));
        }
        else
        {
            Connect(nodes.Get(i)->GetObject<Ipv4L3Protocol>(),
                    "Tx",
                    MakeCallback(&DdnnRecorder::HandleIpv4Tx, this, i));
        }
    }
}

void
DdnnRecorder::ConnectCell(const DdnnTopology::Cell& cell)
{
    const NetDeviceContainer& netDevices = cell.access->GetNetDevices();
    const uint32_t numDevices = cell.devices.size();
    for (uint32_t i = 0; i < netDevices.GetN(); ++i)
    {
        SetHop(netDevices.Get(i), i < numDevices ? ACCESS_UP : ACCESS_DOWN);
    }
    cell.access->TraceFrames(
        [this, numDevices](uint32_t node, Ptr<const Packet> payload, uint32_t bytes) {
            CountOnAir(node < numDevices ? ACCESS_UP : ACCESS_DOWN, payload, bytes);
        });
}

const std::vector<DdnnSampleRecord>&
DdnnRecorder::GetRecords() const
{
    m_helper.CheckStartUp();
    return m_records;
}

std::vector<DdnnTraffic>
DdnnRecorder::GetTraffic() const
{
    std::vector<DdnnTraffic> traffic;
    for (std::size_t hop = 0; hop < m_traffic.size(); ++hop)
    {
        for (std::size_t kind = 0; kind < NUM_KINDS; ++kind)
        {
            const DdnnBytes& bytes = m_traffic[hop][kind];
            if (bytes.payload + bytes.header + bytes.onAir > 0)
            {
                const std::string name =
                    kind == 0 ? "other" : ToString(static_cast<DdnnKind>(kind));
                traffic.push_back({m_hopNames[hop], name, bytes});
            }
        }
    }
    return traffic;
}

void
DdnnRecorder::HandleOpened(uint32_t sample)
{
    m_latest = sample;
    m_milestones[sample].Open(Simulator::Now(), m_helper.GetHierarchy().tiers.size());
}

void
DdnnRecorder::HandleComputed(uint32_t device, uint32_t sample, int64_t, Time duration)
{
    Computing(sample, device) = duration;
}

Time&
DdnnRecorder::Computing(uint32_t sample, uint32_t device)
{
    m_computing[sample].resize(NumDevices());
    return m_computing[sample][device];
}

void
DdnnRecorder::HandleSummary(int tier, uint32_t sample, uint32_t node)
{
    const Time compute = tier == 0 ? Computing(sample, node) : Time(0);
    m_milestones[sample].Summary(tier, Simulator::Now(), node, compute);
    const ddnn::Hierarchy& hierarchy = m_helper.GetHierarchy();
    const bool travels = tier == 0 || hierarchy.tiers[tier].numNodes > 1;
    m_records[sample].accepted += travels ? ddnn::SummaryBytes(hierarchy) : 0;
}

void
DdnnRecorder::HandleExitClosed(int tier, uint32_t sample, const std::string& presence)
{
    m_milestones[sample].ExitClosed(tier, Simulator::Now());
    m_records[sample].summaries[tier] = presence;
}

void
DdnnRecorder::HandleFeatures(int tier, uint32_t sample, uint32_t child)
{
    m_milestones[sample].Features(tier, Simulator::Now(), child);
    const ddnn::Hierarchy& hierarchy = m_helper.GetHierarchy();
    m_records[sample].accepted += hierarchy.rawOffload
                                      ? ddnn::RawBytes(hierarchy, child)
                                      : ddnn::FeatureBytes(hierarchy, tier - 1, child);
}

void
DdnnRecorder::HandleServerClosed(int tier,
                                 int node,
                                 uint32_t sample,
                                 const std::string& presence,
                                 Time compute)
{
    m_milestones[sample].ServerClosed(tier, Simulator::Now(), compute);
    std::string& features = m_records[sample].features[tier];
    const ddnn::Hierarchy& hierarchy = m_helper.GetHierarchy();
    if (hierarchy.rawOffload)
    {
        features = presence;
        return;
    }
    features.resize(hierarchy.tiers[tier - 1].numNodes, '0');
    Merge(features, presence, ddnn::Children(hierarchy, tier, node));
}

void
DdnnRecorder::HandleEnded(uint32_t sample, DdnnOutcome outcome, const DdnnVerdict& verdict)
{
    DdnnSampleRecord& record = m_records[sample];
    record.outcome = outcome;
    record.verdict = verdict.label;
    record.exit = outcome == DdnnOutcome::LOST ? -1 : verdict.exit;
    record.uncertainty = verdict.uncertainty;
    const int answered = outcome == DdnnOutcome::EXITED ? verdict.exit : -1;
    record.latency = m_milestones[sample].End(Simulator::Now(), answered);
}

bool
DdnnRecorder::IsCounted(const DdnnSampleTag& tag) const
{
    const auto kind = static_cast<std::size_t>(tag.kind);
    return tag.sample < m_records.size() && kind > 0 && kind < NUM_KINDS;
}

std::size_t
DdnnRecorder::NumDevices() const
{
    return m_helper.GetHierarchy().tiers[0].numNodes;
}

DdnnBytes&
DdnnRecorder::Traffic(int hop, std::size_t kind)
{
    return m_traffic[hop][kind];
}

void
DdnnRecorder::HandleIpv4Tx(uint32_t node, Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t interface)
{
    const auto& hops = m_interfaceHops[node];
    CountIp(interface < hops.size() ? hops[interface] : NO_HOP, packet);
}

void
DdnnRecorder::HandleIpv6Tx(uint32_t node, Ptr<const Packet> packet, Ptr<Ipv6>, uint32_t interface)
{
    const auto& hops = m_interfaceHops[node];
    CountIp(interface < hops.size() ? hops[interface] : NO_HOP, packet);
}

uint32_t
DdnnRecorder::CountTagged(int hop, const DdnnSampleTag& tag, uint32_t bytes)
{
    if (tag.tier == 0 && hop == m_gatewayHop && tag.kind != DdnnKind::VERDICT)
    {
        m_milestones[tag.sample].PassGateway(tag.sender, Simulator::Now(), NumDevices());
    }
    if (!tag.isPayload)
    {
        return 0;
    }
    Traffic(hop, static_cast<std::size_t>(tag.kind)).payload += bytes;
    m_records[tag.sample].bytes.payload += hop == ACCESS_UP ? bytes : 0;
    return bytes;
}

void
DdnnRecorder::CountIp(int hop, Ptr<const Packet> packet)
{
    if (hop == NO_HOP || !m_latest)
    {
        return;
    }
    uint32_t sample = *m_latest;
    std::size_t kind = 0;
    uint32_t rest = packet->GetSize(); // all that is not payload
    bool first = true;
    for (ByteTagIterator i = packet->GetByteTagIterator(); i.HasNext();)
    {
        const ByteTagIterator::Item item = i.Next();
        DdnnSampleTag tag;
        if (item.GetTypeId() != DdnnSampleTag::GetTypeId())
        {
            continue;
        }
        item.GetTag(tag);
        if (!IsCounted(tag))
        {
            continue;
        }
        if (first)
        {
            // A segment of TCP can carry several messages; its own header is the first one's.
            sample = tag.sample;
            kind = static_cast<std::size_t>(tag.kind);
            first = false;
        }
        rest -= CountTagged(hop, tag, item.GetEnd() - item.GetStart());
    }
    Traffic(hop, kind).header += rest;
    m_records[sample].bytes.header += hop == ACCESS_UP ? rest : 0;
}

void
DdnnRecorder::HandleWireFrame(int hop, Ptr<const Packet> packet)
{
    CountOnAir(hop, packet, packet->GetSize());
}

void
DdnnRecorder::CountOnAir(int hop, Ptr<const Packet> packet, uint32_t bytes)
{
    if (!m_latest)
    {
        return;
    }
    uint32_t sample = *m_latest;
    std::size_t kind = 0;
    DdnnSampleTag tag;
    if (packet->FindFirstMatchingByteTag(tag) && IsCounted(tag))
    {
        sample = tag.sample;
        kind = static_cast<std::size_t>(tag.kind);
    }
    Traffic(hop, kind).onAir += bytes;
    m_records[sample].bytes.onAir += hop == ACCESS_UP ? bytes : 0;
}

} // namespace ns3
