// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-application.h"

#include "ddnn-sample-tag.h"

#include "ns3/abort.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/type-id.h"
#include "ns3/udp-socket-factory.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnApplication");
NS_OBJECT_ENSURE_REGISTERED(DdnnApplication);

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
    case DdnnReject::UNKNOWN_SENDER:
        return "unknown-sender";
    case DdnnReject::UNKNOWN_SAMPLE:
        return "unknown-sample";
    case DdnnReject::DUPLICATE:
        return "duplicate";
    case DdnnReject::LATE:
        return "late";
    case DdnnReject::NODE_DOWN:
        return "node-down";
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
            .AddAttribute("Local",
                          "Address and port to receive on.",
                          AddressValue(InetSocketAddress(Ipv4Address::GetAny(), NODE_PORT)),
                          MakeAddressAccessor(&DdnnApplication::m_local),
                          MakeAddressChecker())
            .AddAttribute("Protocol",
                          "The transport of messages, ns3::UdpSocketFactory or "
                          "ns3::TcpSocketFactory.",
                          TypeIdValue(UdpSocketFactory::GetTypeId()),
                          MakeTypeIdAccessor(&DdnnApplication::m_protocol),
                          MakeTypeIdChecker())
            .AddTraceSource("Tx",
                            "A message was handed to the socket.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_txTrace),
                            "ns3::DdnnApplication::TxTracedCallback")
            .AddTraceSource("Sending",
                            "A message is about to be handed to the socket; Tx or NotSent follows.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_sendingTrace),
                            "ns3::DdnnApplication::SendingTracedCallback")
            .AddTraceSource("NotSent",
                            "The socket refused a message.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_notSentTrace),
                            "ns3::DdnnApplication::MessageTracedCallback")
            .AddTraceSource("Received",
                            "A message has arrived; Rejected follows at once if it is ignored.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_receivedTrace),
                            "ns3::DdnnApplication::MessageTracedCallback")
            .AddTraceSource("ConnectionLost",
                            "A TCP connection broke, of which the peer may not have the message.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_connectionLostTrace),
                            "ns3::DdnnApplication::MessageTracedCallback")
            .AddTraceSource("Rejected",
                            "A received message was ignored.",
                            MakeTraceSourceAccessor(&DdnnApplication::m_rejectedTrace),
                            "ns3::DdnnApplication::RejectedTracedCallback");
    return tid;
}

DdnnApplication::DdnnApplication()
    : m_bitErrors(CreateObject<UniformRandomVariable>())
{
}

DdnnApplication::~DdnnApplication() = default;

void
DdnnApplication::SetModel(std::shared_ptr<const ddnn::Model> model)
{
    m_model = std::move(model);
}

void
DdnnApplication::SetFailed(bool failed)
{
    m_failed = failed;
}

bool
DdnnApplication::IsFailed() const
{
    return m_failed;
}

void
DdnnApplication::Crash()
{
    if (m_streams)
    {
        m_streams->Reset();
    }
}

void
DdnnApplication::SetBitErrorRate(double rate)
{
    m_bitErrorRate = rate;
}

std::vector<uint64_t>
DdnnApplication::GetInFlight() const
{
    return m_streams ? m_streams->GetInFlight() : std::vector<uint64_t>();
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
DdnnApplication::AssignFaultStreams(int64_t stream)
{
    m_bitErrors->SetStream(stream);
    return 1;
}

const ddnn::Model&
DdnnApplication::GetModel() const
{
    return *m_model;
}

const ddnn::Hierarchy&
DdnnApplication::GetHierarchy() const
{
    return m_model->GetHierarchy();
}

void
DdnnApplication::AddTarget(const Address& target)
{
    m_targets.push_back(target);
}

void
DdnnApplication::OpenConnections()
{
    for (const Address& destination : GetDestinations())
    {
        if (m_streams)
        {
            m_streams->Connect(destination);
        }
    }
}

std::vector<Address>
DdnnApplication::GetDestinations() const
{
    return m_targets;
}

void
DdnnApplication::DoDispose()
{
    m_socket = nullptr;
    m_streams = nullptr;
    m_model = nullptr;
    m_bitErrors = nullptr;
    Application::DoDispose();
}

bool
DdnnApplication::UsesTcp() const
{
    return m_protocol == TcpSocketFactory::GetTypeId();
}

void
DdnnApplication::StartApplication()
{
    NS_LOG_FUNCTION(this);
    NS_ABORT_MSG_IF(!m_model, "a DDNN application needs a model: call SetModel before the start");
    m_running = true;
    if (UsesTcp())
    {
        m_streams = std::make_unique<DdnnStreams>(
            [this](Ptr<Packet> packet, uint64_t number) {
                HandleMessage(packet, number);
            },
            [this](uint64_t number) {
                m_connectionLostTrace(number);
            });
        m_streams->Listen(GetNode(), m_local);
        return;
    }
    m_socket = Socket::CreateSocket(GetNode(), m_protocol);
    NS_ABORT_MSG_IF(m_socket->Bind(m_local) != 0, "cannot bind a DDNN application's socket");
    m_socket->SetAllowBroadcast(true);
    m_socket->SetRecvCallback(MakeCallback(&DdnnApplication::HandleRead, this));
}

void
DdnnApplication::StopApplication()
{
    NS_LOG_FUNCTION(this);
    m_running = false;
    if (m_streams)
    {
        m_streams->Close();
        m_streams = nullptr;
    }
    if (m_socket)
    {
        m_socket->Close();
        m_socket = nullptr;
    }
}

Ptr<Packet>
DdnnApplication::MakePacket(const DdnnHeader& header, const DdnnPayload& payload, bool tcp)
{
    auto message = Create<Packet>();
    message->AddHeader(header);
    if (tcp)
    {
        const uint32_t length = DdnnHeader::SIZE + payload.size();
        std::array<uint8_t, DdnnStreams::LENGTH_SIZE> bytes{};
        for (std::size_t i = 0; i < bytes.size(); ++i)
        {
            bytes[i] = static_cast<uint8_t>(length >> (8 * (bytes.size() - 1 - i)));
        }
        auto prefix = Create<Packet>(bytes.data(), bytes.size());
        prefix->AddAtEnd(message);
        message = prefix;
    }
    message->AddByteTag(DdnnSampleTag(header, false, message->GetUid()));
    if (!payload.empty())
    {
        auto data = Create<Packet>(payload.data(), payload.size());
        data->AddByteTag(DdnnSampleTag(header, true, message->GetUid()));
        message->AddAtEnd(data);
    }
    return message;
}

void
DdnnApplication::Send(const Address& to, const DdnnHeader& header, const DdnnPayload& payload)
{
    if (!m_running || m_failed)
    {
        return;
    }
    NS_LOG_INFO("send " << header << ", " << payload.size() << " bytes");
    const Ptr<Packet> packet = MakePacket(header, payload, UsesTcp());
    const uint64_t number = packet->GetUid(); // sending may change the packet
    m_sendingTrace(number, header, payload.size(), to);
    const bool sent =
        m_streams ? m_streams->Send(to, packet) : m_socket->SendTo(packet, 0, to) >= 0;
    if (!sent)
    {
        NS_LOG_WARN("not sent: " << header);
        m_notSentTrace(number);
        return;
    }
    m_txTrace(header, payload.size());
}

void
DdnnApplication::SendToTargets(const DdnnHeader& header)
{
    for (const Address& target : m_targets)
    {
        Send(target, header, {});
    }
}

void
DdnnApplication::HandleRead(Ptr<Socket> socket)
{
    while (auto packet = socket->RecvFrom(m_sender))
    {
        DdnnSampleTag tag;
        packet->FindFirstMatchingByteTag(tag);
        HandleMessage(packet, tag.message);
    }
}

const Address&
DdnnApplication::GetSender() const
{
    return m_sender;
}

void
DdnnApplication::HandleMessage(Ptr<Packet> packet, uint64_t number)
{
    m_receivedTrace(number);
    DdnnHeader header;
    if (!DdnnHeader::Read(packet, header))
    {
        NS_LOG_WARN("ignored: not a message of a DDNN, " << packet->GetSize() << " bytes");
        return Reject(DdnnReject::MALFORMED);
    }
    NS_LOG_INFO("received " << header << ", " << packet->GetSize() << " bytes");
    if (m_failed)
    {
        return Reject(DdnnReject::NODE_DOWN, header);
    }
    DdnnPayload payload(packet->GetSize());
    packet->CopyData(payload.data(), payload.size());
    const bool data = header.kind == DdnnKind::SUMMARY || header.kind == DdnnKind::FEATURES ||
                      header.kind == DdnnKind::RAW;
    if (data && m_bitErrorRate > 0)
    {
        FlipBits(payload);
    }
    Receive(header, payload);
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
DdnnApplication::Reject(DdnnReject reason, const DdnnHeader& header)
{
    NS_LOG_WARN("ignored, " << ToString(reason) << ": " << header);
    Reject(reason);
}

void
DdnnApplication::Reject(DdnnReject reason)
{
    ++m_rejected.at(static_cast<std::size_t>(reason));
    m_rejectedTrace(reason);
}

} // namespace ns3
