// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-server.h"

#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <numeric>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnServer");
NS_OBJECT_ENSURE_REGISTERED(DdnnServer);

TypeId
DdnnServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnServer")
            .SetParent<DdnnSection>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnServer>()
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
            .AddTraceSource("FeaturesReceived",
                            "Features, or a raw view, of a child were accepted.",
                            MakeTraceSourceAccessor(&DdnnServer::m_featuresTrace),
                            "ns3::DdnnApplication::ContributionTracedCallback")
            .AddTraceSource("Closed",
                            "No more features of a sample are awaited; the section now runs.",
                            MakeTraceSourceAccessor(&DdnnServer::m_closedTrace),
                            "ns3::DdnnServer::ClosedTracedCallback");
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
    DdnnSection::StartApplication();
    if (GetHierarchy().rawOffload)
    {
        m_children.resize(GetHierarchy().tiers[0].numNodes);
        std::iota(m_children.begin(), m_children.end(), 0);
    }
    else
    {
        m_children = ddnn::Children(GetHierarchy(), GetTier(), GetIndex());
    }
}

double
DdnnServer::GetOperationsPerSecond() const
{
    return m_operationsPerSecond;
}

void
DdnnServer::ReceiveOther(const DdnnHeader& header, const DdnnPayload& payload)
{
    const bool raw = GetHierarchy().rawOffload;
    const uint32_t tier = raw ? 0 : GetTier() - 1;
    if (header.kind != (raw ? DdnnKind::RAW : DdnnKind::FEATURES) || header.tier != tier)
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
    const auto found = std::lower_bound(m_children.begin(), m_children.end(), header.sender);
    const bool known = found != m_children.end() && *found == header.sender;
    return known ? found - m_children.begin() : m_children.size();
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
    m_featuresTrace(header.sample, header.sender);
    if (sample.arrived == 1)
    {
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
    const Time compute = GetRunningTime(inputs);
    m_closedTrace(sample, presence, compute);
    if (!IsFailed())
    {
        Publish(sample, Run(inputs), compute);
    }
}

ddnn::NodeOutput
DdnnServer::Run(const std::vector<DdnnPayload>& inputs) const
{
    if (!GetHierarchy().rawOffload)
    {
        return GetModel().RunNode(GetTier(), GetIndex(), inputs);
    }
    std::vector<const uint8_t*> views;
    for (const auto& input : inputs)
    {
        views.push_back(input.empty() ? nullptr : input.data());
    }
    ddnn::NodeOutput output;
    output.scores = GetModel().Infer(views).back().scores;
    return output;
}

Time
DdnnServer::GetRunningTime(const std::vector<DdnnPayload>& inputs) const
{
    const auto& hierarchy = GetHierarchy();
    if (!hierarchy.rawOffload)
    {
        return DdnnSection::GetComputeDelay();
    }
    int64_t operations = 0;
    for (std::size_t device = 0; device < inputs.size(); ++device)
    {
        operations += inputs[device].empty() ? 0 : ddnn::Operations(hierarchy, 0, device);
    }
    for (std::size_t tier = 1; tier < hierarchy.tiers.size(); ++tier)
    {
        for (int node = 0; node < hierarchy.tiers[tier].numNodes; ++node)
        {
            operations += ddnn::Operations(hierarchy, tier, node);
        }
    }
    return GetDuration(operations);
}

} // namespace ns3
