// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-server.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnServer");
NS_OBJECT_ENSURE_REGISTERED(DdnnServer);

TypeId
DdnnServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnServer")
            .SetParent<DdnnApplication>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnServer>()
            .AddAttribute("Tier",
                          "Tier of this node, the devices' being 0.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&DdnnServer::m_tier),
                          MakeUintegerChecker<uint32_t>(1, DdnnHeader::MAX_TIERS - 1))
            .AddAttribute("Node",
                          "Number of this node in its tier.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&DdnnServer::m_node),
                          MakeUintegerChecker<uint32_t>(0, 65535))
            .AddAttribute("Gateway",
                          "Address and port that verdicts are sent to.",
                          AddressValue(),
                          MakeAddressAccessor(&DdnnServer::m_gateway),
                          MakeAddressChecker())
            .AddAttribute("AggregationDeadline",
                          "From the first features, how long a sample waits for the others.",
                          TimeValue(MicroSeconds(50137)),
                          MakeTimeAccessor(&DdnnServer::m_aggregationDeadline),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("OperationsPerSecond",
                          "Speed of the processor. The default, 100 billion, is what one core of a "
                          "server does with 256-bit vectors of floats at about 3 GHz.",
                          DoubleValue(100e9),
                          MakeDoubleAccessor(&DdnnServer::m_operationsPerSecond),
                          MakeDoubleChecker<double>(1))
            .AddTraceSource("FirstFeatures",
                            "The first features, or raw view, of a sample were accepted.",
                            MakeTraceSourceAccessor(&DdnnServer::m_firstFeaturesTrace),
                            "ns3::DdnnApplication::ContributionTracedCallback")
            .AddTraceSource("Closed",
                            "No more features of a sample are awaited; its section now runs.",
                            MakeTraceSourceAccessor(&DdnnServer::m_closedTrace),
                            "ns3::DdnnApplication::ClosedTracedCallback")
            .AddTraceSource("Verdict",
                            "The section has finished; its verdict is sent.",
                            MakeTraceSourceAccessor(&DdnnServer::m_verdictTrace),
                            "ns3::DdnnApplication::VerdictTracedCallback");
    return tid;
}

DdnnServer::DdnnServer() = default;

DdnnServer::~DdnnServer() = default;

void
DdnnServer::SetNumSamples(uint32_t numSamples)
{
    m_closed.assign(numSamples, false);
}

void
DdnnServer::StartApplication()
{
    DdnnApplication::StartApplication();
    NS_ABORT_MSG_IF(m_tier >= GetHierarchy().tiers.size() ||
                        static_cast<int>(m_node) >= GetHierarchy().tiers[m_tier].numNodes,
                    "the hierarchy has no node " << m_node << " in tier " << m_tier);
    m_children = ddnn::Children(GetHierarchy(), m_tier, m_node);
}

void
DdnnServer::Receive(const DdnnHeader& header, const DdnnPayload& payload)
{
    const DdnnKind expected = GetHierarchy().rawOffload ? DdnnKind::RAW : DdnnKind::FEATURES;
    if (header.kind != expected || header.tier + 1U != m_tier)
    {
        return Reject(DdnnReject::UNEXPECTED, header);
    }
    const std::size_t child = FindChild(header);
    if (child == m_children.size())
    {
        return Reject(DdnnReject::UNKNOWN_SENDER, header);
    }
    if (header.sample >= m_closed.size())
    {
        return Reject(DdnnReject::UNKNOWN_SAMPLE, header);
    }
    if (payload.size() != InputBytes(header))
    {
        return Reject(DdnnReject::BAD_PAYLOAD, header);
    }
    if (m_closed[header.sample])
    {
        return Reject(DdnnReject::LATE, header);
    }
    Accept(header, child, payload);
}

std::size_t
DdnnServer::FindChild(const DdnnHeader& header) const
{
    return std::find(m_children.begin(), m_children.end(), header.sender) - m_children.begin();
}

std::size_t
DdnnServer::InputBytes(const DdnnHeader& header) const
{
    return header.kind == DdnnKind::RAW
               ? ddnn::RawBytes(GetHierarchy(), header.sender)
               : ddnn::FeatureBytes(GetHierarchy(), header.tier, header.sender);
}

void
DdnnServer::Accept(const DdnnHeader& header, std::size_t child, const DdnnPayload& payload)
{
    Sample& sample = m_samples[header.sample];
    sample.inputs.resize(m_children.size());
    if (!sample.inputs[child].empty())
    {
        return Reject(DdnnReject::DUPLICATE, header);
    }
    sample.inputs[child] = payload;
    ++sample.arrived;
    if (sample.arrived == 1)
    {
        m_firstFeaturesTrace(header.sample, header.sender);
        sample.closeEvent =
            Simulator::Schedule(m_aggregationDeadline, &DdnnServer::Close, this, header.sample);
    }
    if (sample.arrived == m_children.size())
    {
        sample.closeEvent.Cancel();
        Close(header.sample);
    }
}

void
DdnnServer::Close(uint32_t sample)
{
    const auto found = m_samples.find(sample);
    const std::vector<DdnnPayload> inputs = std::move(found->second.inputs);
    m_samples.erase(found);
    m_closed[sample] = true;
    std::string presence;
    for (const auto& input : inputs)
    {
        presence += input.empty() ? '0' : '1';
    }
    m_closedTrace(sample, presence);
    Simulator::Schedule(GetComputeDelay(inputs),
                        &DdnnServer::SendVerdict,
                        this,
                        sample,
                        Classify(inputs));
}

DdnnVerdict
DdnnServer::Classify(const std::vector<DdnnPayload>& inputs) const
{
    ddnn::Verdict verdict;
    if (GetHierarchy().rawOffload)
    {
        std::vector<const uint8_t*> views;
        for (const auto& input : inputs)
        {
            views.push_back(input.empty() ? nullptr : input.data());
        }
        verdict = GetModel().Infer(views).back();
    }
    else
    {
        std::vector<ddnn::Scores> scores(GetHierarchy().tiers[m_tier].numNodes);
        scores[m_node] = GetModel().RunNode(m_tier, m_node, inputs).scores;
        verdict = GetModel().CloseExit(m_tier, scores);
    }
    return {static_cast<int>(m_tier), verdict.label, verdict.uncertainty};
}

Time
DdnnServer::GetComputeDelay(const std::vector<DdnnPayload>& inputs) const
{
    const auto& hierarchy = GetHierarchy();
    int64_t operations =
        ddnn::Operations(hierarchy, m_tier, m_node) + ddnn::ExitOperations(hierarchy, m_tier);
    if (hierarchy.rawOffload)
    {
        for (std::size_t i = 0; i < inputs.size(); ++i)
        {
            operations += inputs[i].empty() ? 0 : ddnn::Operations(hierarchy, 0, m_children[i]);
        }
    }
    return Seconds(operations / m_operationsPerSecond);
}

void
DdnnServer::SendVerdict(uint32_t sample, DdnnVerdict verdict)
{
    m_verdictTrace(sample, verdict);
    DdnnHeader header;
    header.kind = DdnnKind::VERDICT;
    header.tier = m_tier;
    header.sender = m_node;
    header.sample = sample;
    Send(m_gateway, header, EncodeVerdict(verdict));
}

} // namespace ns3
