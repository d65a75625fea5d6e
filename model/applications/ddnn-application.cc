// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-application.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnApplication");
NS_OBJECT_ENSURE_REGISTERED(DdnnApplication);

namespace
{

/// \return the tier whose part of the network a message crosses, see DdnnLatency
uint32_t
GetNetworkTier(const DdnnHeader& header, uint32_t numTiers)
{
    switch (header.kind)
    {
    case DdnnKind::FEATURES:
        return header.tier + 1;
    case DdnnKind::RAW:
        return numTiers - 1;
    default:
        return header.tier;
    }
}

} // namespace

std::string
ToString(DdnnReject reason)
{
    switch (reason)
    {
    case DdnnReject::MALFORMED:
        return "malformed";
    case DdnnReject::BAD_PAYLOAD:
        return "bad-payload";
    case DdnnReject::UNEXPECTED:
        return "unexpected";
    case DdnnReject::UNKNOWN_SAMPLE:
        return "unknown-sample";
    case DdnnReject::DUPLICATE:
        return "duplicate";
    case DdnnReject::LATE:
        return "late";
    case DdnnReject::NODE_OFF:
        return "node-off";
    }
    return "unknown";
}

TypeId
DdnnApplication::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnApplication")
            .SetParent<Application>()
            .SetGroupName("Ddnn")
            .AddAttribute("ConnectDelay",
                          "With TCP, from the start of the application until it opens its "
                          "connections.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&DdnnApplication::m_connectDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("Site",
                          "The site, which all its applications share: its attributes and trace "
                          "sources are reached once by $ns3::DdnnSampleTracker/Site.",
                          TypeId::ATTR_GET,
                          PointerValue(),
                          MakePointerAccessor(&DdnnApplication::GetSite),
                          MakePointerChecker<DdnnSite>())
            .AddTraceSource("Sending",
                            "A message is about to be sent; NotSent follows if there is no "
                            "address or route, Tx if it goes to another node.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_sendingTrace),
                            "ns3::DdnnApplication::SendingTracedCallback")
            .AddTraceSource("Tx",
                            "A message was handed to the transport; one to the own node is not.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_txTrace),
                            "ns3::DdnnApplication::TxTracedCallback")
            .AddTraceSource("NotSent",
                            "The transport refused a message: there is no address or route.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_notSentTrace),
                            "ns3::DdnnApplication::MessageTracedCallback")
            .AddTraceSource("Rx",
                            "A message has arrived; Rejected follows at once if it is ignored.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_rxTrace),
                            "ns3::DdnnApplication::MessageTracedCallback")
            .AddTraceSource("Rejected",
                            "A received message was ignored.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_rejectedTrace),
                            "ns3::DdnnApplication::RejectedTracedCallback")
            .AddTraceSource(
                "ConnectionLost",
                "A TCP connection broke, or has too many messages waiting: the peer may "
                "not have this one.",
                MakeTraceSourceAccessor(&DdnnApplication::m_connectionLostTrace),
                "ns3::DdnnApplication::MessageTracedCallback");
    return tid;
}

DdnnApplication::DdnnApplication()
    : m_bitErrors(CreateObject<UniformRandomVariable>())
{
}

DdnnApplication::~DdnnApplication() = default;

void
DdnnApplication::SetEndpoint(Ptr<DdnnEndpoint> endpoint)
{
    m_endpoint = endpoint;
    m_site = endpoint->GetSite();
}

Ptr<DdnnSite>
DdnnApplication::GetSite() const
{
    return m_site;
}

bool
DdnnApplication::IsRunning() const
{
    return m_running;
}

bool
DdnnApplication::IsOff() const
{
    return m_switch->IsOff();
}

void
DdnnApplication::Crash()
{
    if (m_processor) // else it has not started: there is nothing to lose
    {
        m_processor->Clear(m_site->GetNumber());
    }
    m_endpoint->Reset();
}

void
DdnnApplication::SetBitErrorRate(double rate)
{
    m_bitErrorRate = rate;
}

std::vector<DdnnMessageName>
DdnnApplication::GetInFlight() const
{
    return m_endpoint->GetInFlight();
}

uint64_t
DdnnApplication::GetRejected(DdnnReject reason) const
{
    return m_rejected.at(static_cast<std::size_t>(reason));
}

int64_t
DdnnApplication::AssignStreams(int64_t)
{
    return 0;
}

int64_t
DdnnApplication::AssignExtraStreams(int64_t stream)
{
    m_bitErrors->SetStream(stream);
    return 1;
}

const ddnn::Model&
DdnnApplication::GetModel() const
{
    return m_site->GetModel();
}

const ddnn::Hierarchy&
DdnnApplication::GetHierarchy() const
{
    return m_site->GetHierarchy();
}

Ptr<DdnnProcessor>
DdnnApplication::GetProcessor() const
{
    return m_processor;
}

void
DdnnApplication::DoDispose()
{
    if (m_endpoint)
    {
        m_endpoint->Dispose(); // that of all applications of the site on this node
    }
    m_endpoint = nullptr;
    m_site = nullptr;
    m_processor = nullptr;
    m_switch = nullptr;
    m_bitErrors = nullptr;
    Application::DoDispose();
}

void
DdnnApplication::StartApplication()
{
    NS_LOG_FUNCTION(this);
    NS_ABORT_MSG_IF(!m_endpoint,
                    GetInstanceTypeId().GetName() << " on node " << GetNode()->GetId()
                                                  << " belongs to no site: DdnnHelper::Install "
                                                     "creates the applications of one");
    m_processor = GetNode()->GetObject<DdnnProcessor>();
    NS_ABORT_MSG_IF(!m_processor,
                    "node " << GetNode()->GetId()
                            << " has no ns3::DdnnProcessor: see "
                               "DdnnHelper::InstallProcessor");
    m_switch = DdnnNodeSwitch::Get(GetNode());
    m_running = true;
    m_endpoint->Open(this);
    if (m_site->GetTransport() == DdnnSite::TCP)
    {
        // not at once: applications that start at this moment do not listen yet
        Simulator::Schedule(m_connectDelay,
                            &DdnnApplication::OpenConnections,
                            Ptr<DdnnApplication>(this));
    }
}

/// So that the first messages need not wait for it.
void
DdnnApplication::OpenConnections()
{
    for (const Ptr<Node>& peer : m_running ? GetPeers() : std::vector<Ptr<Node>>())
    {
        m_endpoint->Connect(peer);
    }
}

void
DdnnApplication::StopApplication()
{
    NS_LOG_FUNCTION(this);
    m_running = false;
    m_endpoint->Close(this);
}

void
DdnnApplication::Compute(DdnnJob job,
                         const DdnnLatency& latency,
                         std::function<void(const DdnnLatency&)> callback)
{
    job.site = m_site->GetNumber();
    m_processor->Submit(job, [latency, callback = std::move(callback)](const DdnnJob& done) {
        DdnnLatency until = latency;
        until.Advance(until.queueing, done.start);
        until.Advance(until.compute, Simulator::Now());
        callback(until);
    });
}

void
DdnnApplication::Send(const DdnnDestination& to, const DdnnMessage& message)
{
    if (!m_running || IsOff())
    {
        return;
    }
    const DdnnMessageName name = m_endpoint->GetName(message);
    NS_LOG_INFO("send " << name << ", " << message.payload.size() << " bytes");
    m_sendingTrace(name, message.payload.size(), to);
    if (!m_endpoint->Send(to, message))
    {
        NS_LOG_WARN("not sent: " << name);
        return m_notSentTrace(name);
    }
    if (to.node != GetNode())
    {
        m_txTrace(name, message.payload.size());
    }
}

void
DdnnApplication::HandleMessage(DdnnMessage message)
{
    NS_LOG_INFO("received " << message.header << ", " << message.payload.size() << " bytes");
    m_rxTrace(m_endpoint->GetName(message));
    if (IsOff())
    {
        return Reject(DdnnReject::NODE_OFF, message);
    }
    const bool data = message.header.kind == DdnnKind::SCORES ||
                      message.header.kind == DdnnKind::FEATURES ||
                      message.header.kind == DdnnKind::RAW;
    if (data && !message.isLocal && m_bitErrorRate > 0)
    {
        FlipBits(message.payload);
    }
    DdnnLatency& latency = message.latency;
    const uint32_t tier = GetNetworkTier(message.header, m_site->GetNumTiers());
    latency.Advance(latency.network.at(tier), Simulator::Now());
    Receive(message);
}

void
DdnnApplication::HandleRejected(DdnnReject reason, const DdnnMessage& message)
{
    m_rxTrace(m_endpoint->GetName(message));
    Reject(reason, message);
}

void
DdnnApplication::HandleConnectionLost(const DdnnMessageName& name)
{
    m_connectionLostTrace(name);
}

void
DdnnApplication::FlipBits(DdnnPayload& payload)
{
    for (uint8_t& byte : payload)
    {
        for (int bit = 0; bit < 8; ++bit)
        {
            byte ^= m_bitErrors->GetValue() < m_bitErrorRate ? 1U << bit : 0U;
        }
    }
}

void
DdnnApplication::Reject(DdnnReject reason, const DdnnMessage& message)
{
    NS_LOG_WARN("ignored, " << ToString(reason) << ": " << message.header);
    ++m_rejected.at(static_cast<std::size_t>(reason));
    m_rejectedTrace(m_endpoint->GetName(message), reason);
}

} // namespace ns3
