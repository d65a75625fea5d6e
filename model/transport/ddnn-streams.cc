// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-streams.h"

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

const Time NEVER = Seconds(1e9); ///< within what ns-3 can count

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

DdnnMessageName
GetName(Ptr<const Packet> message)
{
    DdnnMessageTag tag;
    message->FindFirstMatchingByteTag(tag);
    return tag.name;
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
    m_listeners.clear();
    m_connections.clear();
    m_incoming.clear();
}

void
DdnnStreams::ForEachSocket(const std::function<void(Ptr<Socket>)>& action)
{
    std::for_each(m_listeners.begin(), m_listeners.end(), action);
    for (auto& [to, connection] : m_connections)
    {
        if (connection.socket)
        {
            action(connection.socket);
        }
    }
    for (const Incoming& incoming : m_incoming)
    {
        action(incoming.socket);
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
DdnnStreams::Listen(Ptr<Node> node, const std::vector<Address>& locals)
{
    m_node = node;
    for (const Address& local : locals)
    {
        const auto listener = Socket::CreateSocket(node, TcpSocketFactory::GetTypeId());
        // An accepted connection sends nothing. But a repeated SYN lets ns-3 probe the window of
        // its peer, and crash, as there is nothing to send.
        listener->SetAttribute("PersistTimeout", TimeValue(NEVER));
        NS_ABORT_MSG_IF(listener->Bind(local) != 0 || listener->Listen() != 0,
                        "node " << node->GetId() << ": the port of ns3::DdnnSite is in use");
        listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                    MakeCallback(&DdnnStreams::HandleAccepted, this));
        m_listeners.push_back(listener);
    }
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
    if (!connection.socket && !Open(to))
    {
        return false;
    }
    if (connection.waiting.size() >= MAX_WAITING)
    {
        m_lost(GetName(message));
        return true;
    }
    connection.waiting.push_back(message);
    if (connection.connected)
    {
        Flush(connection);
    }
    return true;
}

/// \return false if there is no route
bool
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
    if (connection.socket->Connect(to) == 0)
    {
        return true;
    }
    Silence(connection.socket);
    connection = Connection();
    return false;
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
        const std::vector<DdnnMessageName> lost = GetInFlight(*connection);
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

std::vector<DdnnMessageName>
DdnnStreams::GetInFlight(Connection& connection)
{
    if (connection.connected)
    {
        ForgetAcknowledged(connection);
    }
    std::vector<DdnnMessageName> names;
    for (const Sent& sent : connection.sent)
    {
        names.push_back(sent.name);
    }
    for (const Ptr<Packet>& message : connection.waiting)
    {
        names.push_back(GetName(message));
    }
    return names;
}

std::vector<DdnnMessageName>
DdnnStreams::GetInFlight()
{
    std::vector<DdnnMessageName> names;
    for (auto& [to, connection] : m_connections)
    {
        const std::vector<DdnnMessageName> more = GetInFlight(connection);
        names.insert(names.end(), more.begin(), more.end());
    }
    return names;
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
        connection.sent.push_back({connection.written, GetName(message)});
        connection.waiting.pop_front();
    }
}

void
DdnnStreams::HandleAccepted(Ptr<Socket> socket, const Address&)
{
    m_incoming.push_back({socket, Create<Packet>()});
    socket->SetRecvCallback(MakeCallback(&DdnnStreams::HandleReadable, this));
    socket->SetCloseCallbacks(MakeCallback(&DdnnStreams::HandlePeerClosed, this),
                              MakeCallback(&DdnnStreams::HandlePeerClosed, this));
}

void
DdnnStreams::HandlePeerClosed(Ptr<Socket> socket)
{
    m_incoming.remove_if([&socket](const Incoming& incoming) {
        return incoming.socket == socket;
    });
    Silence(socket);
    socket->Close();
}

/// Messages arrive in the order of their headers; a header may come in several parts.
void
DdnnStreams::NoteTags(Incoming& incoming, Ptr<const Packet> bytes)
{
    for (ByteTagIterator i = bytes->GetByteTagIterator(); i.HasNext();)
    {
        const ByteTagIterator::Item item = i.Next();
        DdnnMessageTag tag;
        if (item.GetTypeId() != DdnnMessageTag::GetTypeId())
        {
            continue;
        }
        item.GetTag(tag);
        if (!tag.IsPayload() && !(tag.name == incoming.last))
        {
            incoming.last = tag.name;
            incoming.tags.push_back(tag);
        }
    }
}

void
DdnnStreams::HandleReadable(Ptr<Socket> socket)
{
    const auto found =
        std::find_if(m_incoming.begin(), m_incoming.end(), [&socket](const Incoming& incoming) {
            return incoming.socket == socket;
        });
    if (found == m_incoming.end())
    {
        return;
    }
    Incoming& incoming = *found;
    const Ptr<Packet> stream = incoming.stream;
    while (Ptr<Packet> more = socket->Recv())
    {
        if (more->GetSize() == 0)
        {
            break;
        }
        NoteTags(incoming, more);
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
        if (incoming.tags.empty())
        {
            m_receiver(message, nullptr);
            continue;
        }
        const DdnnMessageTag tag = incoming.tags.front();
        incoming.tags.pop_front();
        m_receiver(message, &tag);
    }
}

} // namespace ns3
