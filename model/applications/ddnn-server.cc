// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-server.h"

#include "ns3/pointer.h"

#include <algorithm>
#include <numeric>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnServer);

TypeId
DdnnServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnServer")
            .SetParent<DdnnSection>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnServer>()
            .AddAttribute("Collector",
                          "What waits for the features.",
                          TypeId::ATTR_GET,
                          PointerValue(),
                          MakePointerAccessor(&DdnnServer::m_collector),
                          MakePointerChecker<DdnnCollector>())
            .AddTraceSource("FeaturesReceived",
                            "Features, or a raw view, of a child were accepted.",
                            MakeTraceSourceAccessor(&DdnnServer::m_featuresTrace),
                            "ns3::DdnnApplication::ContributionTracedCallback")
            .AddTraceSource("Closed",
                            "No more features of a sample are awaited; the section will run.",
                            MakeTraceSourceAccessor(&DdnnServer::m_closedTrace),
                            "ns3::DdnnApplication::ClosedTracedCallback");
    return tid;
}

DdnnServer::DdnnServer()
    : m_collector(CreateObject<DdnnCollector>())
{
}

DdnnServer::~DdnnServer() = default;

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

std::vector<Ptr<Node>>
DdnnServer::GetPeers() const
{
    std::vector<Ptr<Node>> peers = DdnnSection::GetPeers();
    if (GetSite()->GetFeatureTries() > 1)
    {
        const uint32_t tier = GetHierarchy().rawOffload ? 0 : GetTier() - 1;
        for (const int child : m_children)
        {
            peers.push_back(GetSite()->GetNode(tier, child));
        }
    }
    return peers;
}

void
DdnnServer::StartApplication()
{
    DdnnSection::StartApplication();
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    const int tier = static_cast<int>(GetTier());
    std::vector<std::size_t> sizes;
    if (hierarchy.rawOffload)
    {
        m_children.resize(hierarchy.tiers[0].numNodes);
        std::iota(m_children.begin(), m_children.end(), 0);
    }
    else
    {
        m_children = ddnn::Children(hierarchy, tier, static_cast<int>(GetIndex()));
    }
    for (int child : m_children)
    {
        sizes.push_back(hierarchy.rawOffload ? ddnn::RawBytes(hierarchy, child)
                                             : ddnn::FeatureBytes(hierarchy, tier - 1, child));
    }
    m_collector->Start(GetSite()->GetNumSamples(),
                       sizes,
                       [this](const DdnnCollector::Closed& closed) {
                           Close(closed);
                       });
}

bool
DdnnServer::Takes(const DdnnHeader& header) const
{
    const bool raw = GetHierarchy().rawOffload;
    const bool data = header.kind == (raw ? DdnnKind::RAW : DdnnKind::FEATURES) &&
                      header.tier == (raw ? 0 : GetTier() - 1);
    return data ? FindChild(header) < m_children.size() : DdnnSection::Takes(header);
}

void
DdnnServer::ReceiveOther(const DdnnMessage& message)
{
    const DdnnHeader& header = message.header;
    const auto reason = m_collector->Accept(header.sample, FindChild(header), message);
    const bool useless = reason == DdnnReject::BAD_PAYLOAD || reason == DdnnReject::UNKNOWN_SAMPLE;
    if (GetSite()->GetFeatureTries() > 1 && !useless)
    {
        Acknowledge(message);
    }
    if (reason)
    {
        return Reject(*reason, message);
    }
    m_featuresTrace(header.sample, header.node);
    m_collector->CloseIfComplete(header.sample);
}

/// Also what is late, or has come before: to be sent again would not help it.
void
DdnnServer::Acknowledge(const DdnnMessage& message)
{
    DdnnMessage answer = message;
    answer.header.kind = DdnnKind::ACKNOWLEDGEMENT;
    answer.payload.clear();
    Send({GetSite()->GetNode(message.header.tier, message.header.node)}, answer);
}

/// \return the position of a message's sender among the children, their number if it is none
std::size_t
DdnnServer::FindChild(const DdnnHeader& header) const
{
    const auto found = std::lower_bound(m_children.begin(), m_children.end(), header.node);
    const bool known = found != m_children.end() && *found == header.node;
    return known ? found - m_children.begin() : m_children.size();
}

void
DdnnServer::Close(const DdnnCollector::Closed& closed)
{
    if (IsOff())
    {
        return;
    }
    m_closedTrace(closed.sample, closed.presence);
    Run(closed.sample,
        Infer(closed.contributions),
        CountOperations(closed.contributions),
        closed.latency);
}

ddnn::NodeOutput
DdnnServer::Infer(const std::vector<DdnnPayload>& inputs) const
{
    if (!GetHierarchy().rawOffload)
    {
        return GetModel().RunNode(static_cast<int>(GetTier()),
                                  static_cast<int>(GetIndex()),
                                  inputs);
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

/// With raw offload, the sections of absent devices do not run.
int64_t
DdnnServer::CountOperations(const std::vector<DdnnPayload>& inputs) const
{
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    int64_t operations = GetOperations();
    for (std::size_t device = 0; hierarchy.rawOffload && device < inputs.size(); ++device)
    {
        operations -=
            inputs[device].empty() ? ddnn::Operations(hierarchy, 0, static_cast<int>(device)) : 0;
    }
    return operations;
}

} // namespace ns3
