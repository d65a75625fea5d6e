// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-recorder.h"

#include "ns3/abort.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"

namespace ns3
{

std::string
ToString(DdnnHop hop)
{
    switch (hop)
    {
    case DdnnHop::ACCESS_UP:
        return "access-up";
    case DdnnHop::ACCESS_DOWN:
        return "access-down";
    case DdnnHop::BACKHAUL_UP:
        return "backhaul-up";
    case DdnnHop::BACKHAUL_DOWN:
        return "backhaul-down";
    }
    return "unknown";
}

namespace
{

constexpr uint32_t UDP_HEADER = 8; // bytes

template <typename Callback>
void
Connect(Ptr<Object> object, const std::string& source, Callback callback)
{
    NS_ABORT_MSG_IF(!object->TraceConnectWithoutContext(source, callback),
                    "cannot connect to the trace source " << source);
}

} // namespace

DdnnRecorder::DdnnRecorder(const DdnnHelper& helper)
    : m_helper(helper)
    , m_numDevices(helper.GetDeviceNodes().GetN())
    , m_records(helper.GetSamples().size())
    , m_milestones(helper.GetSamples().size())
{
    for (std::size_t i = 0; i < m_records.size(); ++i)
    {
        m_records[i].sample = helper.GetSamples()[i];
        m_records[i].label = helper.GetDataset().labels[m_records[i].sample];
        m_records[i].presence.resize(helper.GetHierarchy().tiers.size());
    }
    ConnectApplications();
    ConnectBytes();
}

void
DdnnRecorder::ConnectApplications()
{
    auto gateway = m_helper.GetGateway();
    Connect(gateway, "SampleOpened", MakeCallback(&DdnnRecorder::HandleOpened, this));
    Connect(gateway, "SummaryReceived", MakeCallback(&DdnnRecorder::HandleSummary, this));
    Connect(gateway, "Closed", MakeCallback(&DdnnRecorder::HandleGatewayClosed, this));
    Connect(gateway, "Ended", MakeCallback(&DdnnRecorder::HandleEnded, this));
    auto server = m_helper.GetServer();
    Connect(server, "FirstFeatures", MakeCallback(&DdnnRecorder::HandleFirstFeatures, this));
    Connect(server, "Closed", MakeCallback(&DdnnRecorder::HandleServerClosed, this));
    Connect(server, "Verdict", MakeCallback(&DdnnRecorder::HandleServerVerdict, this));
}

void
DdnnRecorder::ConnectBytes()
{
    NodeContainer nodes(m_helper.GetDeviceNodes(),
                        m_helper.GetGatewayNode(),
                        m_helper.GetCloudNode());
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        Connect(nodes.Get(i)->GetObject<Ipv4L3Protocol>(),
                "Tx",
                MakeCallback(&DdnnRecorder::HandleIpTx, this, i));
    }
    const NetDeviceContainer& backhaul = m_helper.GetBackhaul();
    m_backhaulInterface =
        m_helper.GetGatewayNode()->GetObject<Ipv4>()->GetInterfaceForDevice(backhaul.Get(0));
    Connect(backhaul.Get(0),
            "PhyTxBegin",
            MakeCallback(&DdnnRecorder::HandleBackhaulFrame, this, DdnnHop::BACKHAUL_UP));
    Connect(backhaul.Get(1),
            "PhyTxBegin",
            MakeCallback(&DdnnRecorder::HandleBackhaulFrame, this, DdnnHop::BACKHAUL_DOWN));
    m_helper.GetAccess().TraceFrames(
        [this](uint32_t node, Ptr<const Packet> payload, uint32_t bytes) {
            HandleAccessFrame(node, payload, bytes);
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
    for (std::size_t hop = 0; hop < DDNN_NUM_HOPS; ++hop)
    {
        for (std::size_t kind = 0; kind < NUM_KINDS; ++kind)
        {
            const DdnnBytes& bytes = m_traffic[hop][kind];
            if (bytes.payload + bytes.header + bytes.onAir > 0)
            {
                const std::string name =
                    kind == 0 ? "other" : ToString(static_cast<DdnnKind>(kind));
                traffic.push_back({static_cast<DdnnHop>(hop), name, bytes});
            }
        }
    }
    return traffic;
}

void
DdnnRecorder::HandleOpened(uint32_t sample)
{
    m_latest = sample;
    m_milestones[sample].captured = Simulator::Now();
}

void
DdnnRecorder::HandleSummary(uint32_t sample, uint32_t device)
{
    Milestones& milestones = m_milestones[sample];
    if (!milestones.firstSummary)
    {
        milestones.firstSummary = Simulator::Now();
        milestones.deviceCompute = m_helper.GetDevice(device)->GetComputeDelay();
    }
}

void
DdnnRecorder::HandleGatewayClosed(uint32_t sample, const std::string& presence)
{
    m_milestones[sample].gatewayClosed = Simulator::Now();
    m_records[sample].presence.front() = presence;
}

void
DdnnRecorder::HandleFirstFeatures(uint32_t sample, uint32_t device)
{
    Milestones& milestones = m_milestones[sample];
    milestones.firstFeatures = Simulator::Now();
    if (device < milestones.passed.size())
    {
        milestones.leftGateway = milestones.passed[device];
    }
}

void
DdnnRecorder::HandleServerClosed(uint32_t sample, const std::string& presence)
{
    m_milestones[sample].serverClosed = Simulator::Now();
    m_records[sample].presence.back() = presence;
}

void
DdnnRecorder::HandleServerVerdict(uint32_t sample, const DdnnVerdict&)
{
    m_milestones[sample].serverVerdict = Simulator::Now();
}

void
DdnnRecorder::HandleEnded(uint32_t sample, DdnnOutcome outcome, const DdnnVerdict& verdict)
{
    DdnnSampleRecord& record = m_records[sample];
    record.outcome = outcome;
    record.verdict = verdict.label;
    record.exit = outcome == DdnnOutcome::LOST ? -1 : verdict.exit;
    record.uncertainty = verdict.uncertainty;
    Milestones& milestones = m_milestones[sample];
    const bool serverAnswered = outcome == DdnnOutcome::EXITED && verdict.exit > 0;
    record.latency = Measure(milestones, serverAnswered, Simulator::Now());
    milestones.ended = true;
    milestones.passed = {};
}

DdnnLatency
DdnnRecorder::Measure(const Milestones& milestones, bool serverAnswered, Time end)
{
    DdnnLatency latency;
    Time reached = milestones.captured;
    if (milestones.firstSummary)
    {
        latency.compute = milestones.deviceCompute;
        latency.access = *milestones.firstSummary - reached - latency.compute;
        reached = *milestones.firstSummary;
    }
    if (milestones.gatewayClosed)
    {
        latency.waiting = *milestones.gatewayClosed - reached;
        reached = *milestones.gatewayClosed;
    }
    if (milestones.firstFeatures && milestones.leftGateway)
    {
        latency.access += *milestones.leftGateway - reached;
        latency.backhaul = *milestones.firstFeatures - *milestones.leftGateway;
        reached = *milestones.firstFeatures;
    }
    if (milestones.serverClosed)
    {
        latency.waiting += *milestones.serverClosed - reached;
        reached = *milestones.serverClosed;
    }
    if (serverAnswered && milestones.serverVerdict)
    {
        latency.compute += *milestones.serverVerdict - reached;
        latency.backhaul += end - *milestones.serverVerdict;
        reached = end;
    }
    latency.waiting += end - reached;
    latency.total = end - milestones.captured;
    return latency;
}

DdnnHop
DdnnRecorder::FindHop(uint32_t node, uint32_t interface) const
{
    if (node < m_numDevices)
    {
        return DdnnHop::ACCESS_UP;
    }
    if (node > m_numDevices)
    {
        return DdnnHop::BACKHAUL_DOWN;
    }
    return interface == m_backhaulInterface ? DdnnHop::BACKHAUL_UP : DdnnHop::ACCESS_DOWN;
}

void
DdnnRecorder::HandleIpTx(uint32_t node, Ptr<const Packet> packet, Ptr<Ipv4>, uint32_t interface)
{
    DdnnSampleTag tag;
    if (!packet->FindFirstMatchingByteTag(tag) || tag.sample >= m_records.size())
    {
        return;
    }
    Ipv4Header ip;
    packet->PeekHeader(ip);
    DdnnBytes bytes;
    bytes.header = ip.GetSerializedSize();
    if (ip.GetFragmentOffset() == 0)
    {
        bytes.header += UDP_HEADER + DdnnHeader::SIZE;
    }
    bytes.payload = packet->GetSize() - bytes.header;
    const DdnnHop hop = FindHop(node, interface);
    m_traffic[static_cast<std::size_t>(hop)][static_cast<std::size_t>(tag.kind)] += bytes;
    if (hop == DdnnHop::ACCESS_UP)
    {
        m_records[tag.sample].bytes += bytes;
    }
    else if (hop == DdnnHop::BACKHAUL_UP)
    {
        NotePassage(tag);
    }
}

void
DdnnRecorder::NotePassage(const DdnnSampleTag& tag)
{
    Milestones& milestones = m_milestones[tag.sample];
    if (!milestones.ended && tag.sender < m_numDevices)
    {
        // A message in several fragments has passed with its last one.
        milestones.passed.resize(m_numDevices);
        milestones.passed[tag.sender] = Simulator::Now();
    }
}

void
DdnnRecorder::HandleAccessFrame(uint32_t node, Ptr<const Packet> payload, uint32_t bytes)
{
    const bool fromDevice = node < m_numDevices;
    CountOnAir(fromDevice ? DdnnHop::ACCESS_UP : DdnnHop::ACCESS_DOWN, payload, bytes);
}

void
DdnnRecorder::HandleBackhaulFrame(DdnnHop hop, Ptr<const Packet> packet)
{
    CountOnAir(hop, packet, packet->GetSize());
}

void
DdnnRecorder::CountOnAir(DdnnHop hop, Ptr<const Packet> packet, uint32_t bytes)
{
    if (!m_latest)
    {
        return;
    }
    uint32_t sample = *m_latest;
    std::size_t kind = 0;
    DdnnSampleTag tag;
    if (packet->FindFirstMatchingByteTag(tag) && tag.sample < m_records.size())
    {
        sample = tag.sample;
        kind = static_cast<std::size_t>(tag.kind);
    }
    m_traffic[static_cast<std::size_t>(hop)][kind].onAir += bytes;
    if (hop == DdnnHop::ACCESS_UP)
    {
        m_records[sample].bytes.onAir += bytes;
    }
}

} // namespace ns3
