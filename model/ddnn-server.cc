// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-server.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/pointer.h"
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
            .AddAttribute("Acknowledge",
                          "Whether features and views are acknowledged, as a sender with several "
                          "FeatureTries expects.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&DdnnServer::m_acknowledge),
                          MakeBooleanChecker())
            .AddAttribute("Collector",
                          "What waits for the features.",
                          TypeId::ATTR_GET,
                          PointerValue(),
                          MakePointerAccessor(&DdnnServer::m_collector),
                          MakePointerChecker<DdnnCollector>())
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

DdnnServer::DdnnServer()
    : m_collector(CreateObject<DdnnCollector>())
{
}

DdnnServer::~DdnnServer() = default;

void
DdnnServer::SetNumSamples(uint32_t numSamples)
{
    m_collector->SetNumSamples(numSamples);
}

Ptr<DdnnCollector>
DdnnServer::GetCollector() const
{
    return m_collector;
}

void
DdnnServer::Crash()
{
    m_collector->Clear();
    DdnnSection::Crash();
}

void
DdnnServer::DoDispose()
{
    m_collector->Dispose();
    m_collector = nullptr;
    DdnnSection::DoDispose();
}

void
DdnnServer::StartApplication()
{
    DdnnSection::StartApplication();
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    std::vector<std::size_t> sizes;
    if (hierarchy.rawOffload)
    {
        m_children.resize(hierarchy.tiers[0].numNodes);
        std::iota(m_children.begin(), m_children.end(), 0);
    }
    else
    {
        m_children = ddnn::Children(hierarchy, GetTier(), GetIndex());
    }
    for (int child : m_children)
    {
        sizes.push_back(hierarchy.rawOffload ? ddnn::RawBytes(hierarchy, child)
                                             : ddnn::FeatureBytes(hierarchy, GetTier() - 1, child));
    }
    m_collector->SetSizes(sizes);
    m_collector->SetCloseCallback([this](uint32_t sample,
                                         const std::vector<DdnnPayload>& inputs,
                                         const std::string& presence) {
        Close(sample, inputs, presence);
    });
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
    const auto reason = m_collector->Accept(header.sample, child, payload);
    const bool useless = reason == DdnnReject::BAD_PAYLOAD || reason == DdnnReject::UNKNOWN_SAMPLE;
    if (m_acknowledge && !useless)
    {
        Acknowledge(header);
    }
    if (reason)
    {
        return Reject(*reason, header);
    }
    m_featuresTrace(header.sample, header.sender);
    m_collector->CloseIfComplete(header.sample);
}

/// Also what is late, or has come before: to be sent again would not help it.
void
DdnnServer::Acknowledge(DdnnHeader header)
{
    header.kind = DdnnKind::ACKNOWLEDGEMENT;
    Send(GetSender(), header, {});
}

std::size_t
DdnnServer::FindChild(const DdnnHeader& header) const
{
    const auto found = std::lower_bound(m_children.begin(), m_children.end(), header.sender);
    const bool known = found != m_children.end() && *found == header.sender;
    return known ? found - m_children.begin() : m_children.size();
}

void
DdnnServer::Close(uint32_t sample,
                  const std::vector<DdnnPayload>& inputs,
                  const std::string& presence)
{
    if (IsFailed())
    {
        return;
    }
    const Time compute = GetRunningTime(inputs);
    m_closedTrace(sample, presence, compute);
    Publish(sample, Run(inputs), compute);
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
