// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_STREAMS_H
#define DDNN_STREAMS_H

#include "ns3/address.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/socket.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
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

    /// Told of each message that arrives, and its running number.
    using Receiver = std::function<void(Ptr<Packet> message, uint64_t number)>;

    /// Told of the running number of each message that a broken connection may have lost.
    using LossCallback = std::function<void(uint64_t number)>;

    /// \param receiver must outlive this
    /// \param lost must outlive this
    DdnnStreams(Receiver receiver, LossCallback lost);
    ~DdnnStreams();

    DdnnStreams(const DdnnStreams&) = delete;
    DdnnStreams& operator=(const DdnnStreams&) = delete;

    /// Accept connections at an address and port.
    void Listen(Ptr<Node> node, const Address& local);

    /// Open the connection to a destination ahead of the first message.
    void Connect(const Address& to);

    /**
     * \param message with its length before it, marked with a DdnnSampleTag
     * \return false if too many messages are waiting: it is not sent
     */
    bool Send(const Address& to, Ptr<Packet> message);

    /// Close all connections.
    void Close();

    /// Give up the connections to others, and what waits for them, as when a program crashes: what
    /// TCP has accepted goes on its way, as from a kernel. The next message opens a new one.
    void Reset();

    /// \return the running numbers of all messages that wait for a connection, or of which a part
    ///         has not been acknowledged
    std::vector<uint64_t> GetInFlight();

  private:
    /// A message that the peer may not have.
    struct Sent
    {
        uint64_t end;    ///< bytes of the connection up to its end
        uint64_t number; ///< running number
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
        Ptr<Packet> stream;           ///< of an unfinished message
        std::deque<uint64_t> numbers; ///< of the messages that have begun
        uint64_t last{0};             ///< the number that came last
    };

    void Open(const Address& to);
    void HandleConnected(Ptr<Socket> socket);
    void HandleBroken(Ptr<Socket> socket);
    void HandleAccepted(Ptr<Socket> socket, const Address& from);
    void HandleWritable(Ptr<Socket> socket, uint32_t available);
    void HandleReadable(Ptr<Socket> socket);
    void HandlePeerClosed(Ptr<Socket> socket);
    void Flush(Connection& connection);
    Connection* Find(Ptr<Socket> socket);
    static void ForgetAcknowledged(Connection& connection);
    static std::vector<uint64_t> GetInFlight(Connection& connection);
    static void NoteNumbers(Incoming& incoming, Ptr<const Packet> bytes);
    void ForEachSocket(const std::function<void(Ptr<Socket>)>& action);
    static void Silence(Ptr<Socket> socket);

    Receiver m_receiver;
    LossCallback m_lost;
    Ptr<Node> m_node;
    Ptr<Socket> m_listener;
    std::map<Address, Connection> m_connections; ///< by destination
    std::map<Ptr<Socket>, Incoming> m_incoming;
};

} // namespace ns3

#endif // DDNN_STREAMS_H
