// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_STREAMS_H
#define DDNN_STREAMS_H

#include "ns3/ddnn-message-tag.h"

#include "ns3/address.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/socket.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <vector>

namespace ns3
{

/**
 * Messages over TCP: one connection to each destination, opened when the first message is sent
 * there and again after it has broken. In the stream each message follows its length, four bytes
 * in network byte order.
 *
 * What waits for a connection that then cannot be made, or that breaks, is lost, as a datagram
 * would be.
 */
class DdnnStreams
{
  public:
    static constexpr uint32_t LENGTH_SIZE = 4;         ///< bytes before each message
    static constexpr uint32_t MAX_LENGTH = 1U << 26;   ///< of a message, in bytes
    static constexpr std::size_t MAX_WAITING = 100000; ///< messages for one destination

    /// Told of each message that arrives, and its tag; nullptr: it is a stranger's.
    using Receiver = std::function<void(Ptr<Packet> message, const DdnnMessageTag* tag)>;

    /// Told of each message that a broken connection may have lost.
    using LossCallback = std::function<void(const DdnnMessageName& name)>;

    /// \param receiver must outlive this
    /// \param lost must outlive this
    DdnnStreams(Receiver receiver, LossCallback lost);
    ~DdnnStreams();

    DdnnStreams(const DdnnStreams&) = delete;
    DdnnStreams& operator=(const DdnnStreams&) = delete;

    /// Accept connections on a node.
    /// \param locals addresses and ports
    void Listen(Ptr<Node> node, const std::vector<Address>& locals);

    /// Open the connection to a destination ahead of the first message.
    void Connect(const Address& to);

    /**
     * \param message with its length before it, marked with a DdnnMessageTag
     * \return false if there is no route: it is not sent. Where too many messages are waiting, it
     * is lost with the connection.
     */
    bool Send(const Address& to, Ptr<Packet> message);

    /// Close all connections.
    void Close();

    /// Give up the connections to others, and what waits for them, as when a program crashes: what
    /// TCP has accepted goes on its way, as from a kernel. The next message opens a new one.
    void Reset();

    /// \return all messages that wait for a connection, or of which a part has not been
    ///         acknowledged
    std::vector<DdnnMessageName> GetInFlight();

  private:
    /// A message that the peer may not have.
    struct Sent
    {
        uint64_t end; ///< bytes of the connection up to its end
        DdnnMessageName name;
    };

    /// To one destination.
    struct Connection
    {
        Ptr<Socket> socket; ///< nullptr: none is open
        bool connected{false};
        std::deque<Ptr<Packet>> waiting;
        uint32_t capacity{0}; ///< of the socket's send buffer, in bytes
        uint64_t written{0};  ///< bytes that the socket has taken
        std::deque<Sent> sent;
    };

    /// What has arrived on one connection.
    struct Incoming
    {
        Ptr<Socket> socket;
        Ptr<Packet> stream;                    ///< of an unfinished message
        std::deque<DdnnMessageTag> tags{};     ///< of the messages that have begun
        std::optional<DdnnMessageName> last{}; ///< the message that has begun last
    };

    bool Open(const Address& to);
    void HandleConnected(Ptr<Socket> socket);
    void HandleBroken(Ptr<Socket> socket);
    void HandleAccepted(Ptr<Socket> socket, const Address& from);
    void HandleWritable(Ptr<Socket> socket, uint32_t available);
    void HandleReadable(Ptr<Socket> socket);
    void HandlePeerClosed(Ptr<Socket> socket);
    void Flush(Connection& connection);
    Connection* Find(Ptr<Socket> socket);
    static void ForgetAcknowledged(Connection& connection);
    static std::vector<DdnnMessageName> GetInFlight(Connection& connection);
    static void NoteTags(Incoming& incoming, Ptr<const Packet> bytes);
    void ForEachSocket(const std::function<void(Ptr<Socket>)>& action);
    static void Silence(Ptr<Socket> socket);

    Receiver m_receiver;
    LossCallback m_lost;
    Ptr<Node> m_node;
    std::vector<Ptr<Socket>> m_listeners;
    std::map<Address, Connection> m_connections; ///< by destination
    std::list<Incoming> m_incoming;              ///< in the order in which they were accepted
};

} // namespace ns3

#endif // DDNN_STREAMS_H
