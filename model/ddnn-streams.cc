// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-streams.h"

#include "ddnn-sample-tag.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/tcp-socket-factory.h"

#include <algorithm>
#include <array>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnStreams");

namespace
{

uint32_t
PeekLength(Ptr<const Packet> stream)
{
    std::array<uint8_t, DdnnStreams::LENGTH_SIZE> bytes{};
    stream->CopyData(bytes.data(), bytes.size());
    uint32_t length = 0;
    for (uint8_t byte : bytes)
    {
        length = length << 8 | byte;
    }
    return length;
}

/// \return the running number of a message
uint64_t
GetNumber(Ptr<const Packet> message)
{
    DdnnSampleTag tag;
    message->FindFirstMatchingByteTag(tag);
    return tag.message;
}

} // namespace

DdnnStreams::DdnnStreams(Receiver receiver, LossCallback lost)
    : m_receiver(std::move(receiver))
    , m_lost(std::move(lost))
{
}

DdnnStreams::~DdnnStreams()
{
    ForEachSocket(Silence);
}

void
DdnnStreams::Reset()
{
    for (auto& [to, connection] : m_connections)
    {
        if (connection.socket)
        {
            HandleBroken(connection.socket);
        }
    }
}

void
DdnnStreams::Close()
{
    ForEachSocket([](Ptr<Socket> socket) {
        Silence(socket);
        socket->Close();
    });
    m_listener = nullptr;
    m_connections.clear();
    m_incoming.clear();
}

void
DdnnStreams::ForEachSocket(const std::function<void(Ptr<Socket>)>& action)
{
    if (m_listener)
    {
        action(m_listener);
    }
    for (auto& [to, connection] : m_connections)
    {
        if (connection.socket)
        {
            action(connection.socket);
        }
    }
    for (auto& [socket, stream] : m_incoming)
    {
        action(socket);
    }
}

void
DdnnStreams::Silence(Ptr<Socket> socket)
{
    socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                               MakeNullCallback<void, Ptr<Socket>>());
    socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                              MakeNullCallback<void, Ptr<Socket>>());
    socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                              MakeNullCallback<void, Ptr<Socket>, const Address&>());
    socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
    socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
}

void
DdnnStreams::Listen(Ptr<Node> node, const Address& local)
{
    m_node = node;
    m_listener = Socket::CreateSocket(node, TcpSocketFactory::GetTypeId());
    NS_ABORT_MSG_IF(m_listener->Bind(local) != 0 || m_listener->Listen() != 0,
                    "cannot listen on a DDNN application's port");
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&DdnnStreams::HandleAccepted, this));
}

void
DdnnStreams::Connect(const Address& to)
{
    if (!m_connections[to].socket)
    {
        Open(to);
    }
}

bool
DdnnStreams::Send(const Address& to, Ptr<Packet> message)
{
    Connection& connection = m_connections[to];
    if (connection.waiting.size() >= MAX_WAITING)
    {
        return false;
    }
    connection.waiting.push_back(message);
    if (!connection.socket)
    {
        Open(to);
    }
    else if (connection.connected)
    {
        Flush(connection);
    }
    return true;
}

void
DdnnStreams::Open(const Address& to)
{
    Connection& connection = m_connections[to];
    connection.socket = Socket::CreateSocket(m_node, TcpSocketFactory::GetTypeId());
    connection.connected = false;
    // Messages are short and urgent: none waits to be sent together with the next.
    connection.socket->SetAttribute("TcpNoDelay", BooleanValue(true));
    connection.socket->SetConnectCallback(MakeCallback(&DdnnStreams::HandleConnected, this),
                                          MakeCallback(&DdnnStreams::HandleBroken, this));
    connection.socket->SetCloseCallbacks(MakeCallback(&DdnnStreams::HandleBroken, this),
                                         MakeCallback(&DdnnStreams::HandleBroken, this));
    connection.socket->SetSendCallback(MakeCallback(&DdnnStreams::HandleWritable, this));
    connection.socket->Connect(to);
}

DdnnStreams::Connection*
DdnnStreams::Find(Ptr<Socket> socket)
{
    for (auto& [to, connection] : m_connections)
    {
        if (connection.socket == socket)
        {
            return &connection;
        }
    }
    return nullptr;
}

void
DdnnStreams::HandleConnected(Ptr<Socket> socket)
{
    if (Connection* connection = Find(socket))
    {
        connection->connected = true;
        connection->capacity = socket->GetTxAvailable();
        Flush(*connection);
    }
}

void
DdnnStreams::HandleBroken(Ptr<Socket> socket)
{
    if (Connection* connection = Find(socket))
    {
        NS_LOG_WARN("a connection broke, " << connection->waiting.size() << " messages are lost");
        const std::vector<uint64_t> lost = GetInFlight(*connection);
        Silence(socket);
        socket->Close();
        *connection = Connection();
        std::for_each(lost.begin(), lost.end(), m_lost);
    }
}

void
DdnnStreams::ForgetAcknowledged(Connection& connection)
{
    const uint32_t unacknowledged = connection.capacity - connection.socket->GetTxAvailable();
    while (!connection.sent.empty() &&
           connection.sent.front().end + unacknowledged <= connection.written)
    {
        connection.sent.pop_front();
    }
}

std::vector<uint64_t>
DdnnStreams::GetInFlight(Connection& connection)
{
    if (connection.connected)
    {
        ForgetAcknowledged(connection);
    }
    std::vector<uint64_t> numbers;
    for (const Sent& sent : connection.sent)
    {
        numbers.push_back(sent.number);
    }
    for (const Ptr<Packet>& message : connection.waiting)
    {
        numbers.push_back(GetNumber(message));
    }
    return numbers;
}

std::vector<uint64_t>
DdnnStreams::GetInFlight()
{
    std::vector<uint64_t> numbers;
    for (auto& [to, connection] : m_connections)
    {
        const std::vector<uint64_t> more = GetInFlight(connection);
        numbers.insert(numbers.end(), more.begin(), more.end());
    }
    return numbers;
}

void
DdnnStreams::HandleWritable(Ptr<Socket> socket, uint32_t)
{
    Connection* connection = Find(socket);
    if (connection && connection->connected)
    {
        Flush(*connection);
    }
}

void
DdnnStreams::Flush(Connection& connection)
{
    ForgetAcknowledged(connection);
    while (!connection.waiting.empty())
    {
        Ptr<Packet> message = connection.waiting.front();
        const uint32_t size = message->GetSize();
        const uint32_t room = std::min(connection.socket->GetTxAvailable(), size);
        // a message that is larger than the send buffer goes in parts
        const Ptr<Packet> part = room == size ? message : message->CreateFragment(0, room);
        if (room == 0 || connection.socket->Send(part) < 0 || !connection.socket)
        {
            return; // full: HandleWritable goes on; or broken just now
        }
        connection.written += room;
        if (room < size)
        {
            connection.waiting.front() = message->CreateFragment(room, size - room);
            return;
        }
        connection.sent.push_back({connection.written, GetNumber(message)});
        connection.waiting.pop_front();
    }
}

void
DdnnStreams::HandleAccepted(Ptr<Socket> socket, const Address&)
{
    m_incoming[socket].stream = Create<Packet>();
    socket->SetRecvCallback(MakeCallback(&DdnnStreams::HandleReadable, this));
    socket->SetCloseCallbacks(MakeCallback(&DdnnStreams::HandlePeerClosed, this),
                              MakeCallback(&DdnnStreams::HandlePeerClosed, this));
}

void
DdnnStreams::HandlePeerClosed(Ptr<Socket> socket)
{
    m_incoming.erase(socket);
    Silence(socket);
    socket->Close();
}

/// Messages arrive in the order of their numbers' first bytes; one may come in several parts.
void
DdnnStreams::NoteNumbers(Incoming& incoming, Ptr<const Packet> bytes)
{
    for (ByteTagIterator i = bytes->GetByteTagIterator(); i.HasNext();)
    {
        const ByteTagIterator::Item item = i.Next();
        DdnnSampleTag tag;
        if (item.GetTypeId() != DdnnSampleTag::GetTypeId())
        {
            continue;
        }
        item.GetTag(tag);
        if (!tag.isPayload && tag.message != incoming.last)
        {
            incoming.last = tag.message;
            incoming.numbers.push_back(tag.message);
        }
    }
}

void
DdnnStreams::HandleReadable(Ptr<Socket> socket)
{
    const auto found = m_incoming.find(socket);
    if (found == m_incoming.end())
    {
        return;
    }
    Incoming& incoming = found->second;
    const Ptr<Packet> stream = incoming.stream;
    while (Ptr<Packet> more = socket->Recv())
    {
        if (more->GetSize() == 0)
        {
            break;
        }
        NoteNumbers(incoming, more);
        more->RemoveAllByteTags(); // the stream would keep those of all its past
        stream->AddAtEnd(more);
    }
    while (stream->GetSize() >= LENGTH_SIZE)
    {
        const uint32_t length = PeekLength(stream);
        if (length > MAX_LENGTH)
        {
            NS_LOG_WARN("a stream that is no DDNN's is closed");
            return HandlePeerClosed(socket);
        }
        if (stream->GetSize() < LENGTH_SIZE + length)
        {
            return;
        }
        const Ptr<Packet> message = stream->CreateFragment(LENGTH_SIZE, length);
        stream->RemoveAtStart(LENGTH_SIZE + length);
        uint64_t number = 0; // of a stream that is no DDNN's
        if (!incoming.numbers.empty())
        {
            number = incoming.numbers.front();
            incoming.numbers.pop_front();
        }
        m_receiver(message, number);
    }
}

} // namespace ns3
