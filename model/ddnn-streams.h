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

    /// Told of each message that arrives.
    using Receiver = std::function<void(Ptr<Packet> message)>;

    /// \param receiver must outlive this
    explicit DdnnStreams(Receiver receiver);
    ~DdnnStreams();

    DdnnStreams(const DdnnStreams&) = delete;
    DdnnStreams& operator=(const DdnnStreams&) = delete;

    /// Accept connections at an address and port.
    void Listen(Ptr<Node> node, const Address& local);

    /// Open the connection to a destination ahead of the first message.
    void Connect(const Address& to);

    /**
     * \param message with its length before it
     * \return false if too many messages are waiting: it is not sent
     */
    bool Send(const Address& to, Ptr<Packet> message);

    /// Close all connections.
    void Close();

  private:
    /// To one destination.
    struct Connection
    {
        Ptr<Socket> socket; ///< nullptr: none is open
        bool connected{false};
        std::deque<Ptr<Packet>> waiting;
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
    void ForEachSocket(const std::function<void(Ptr<Socket>)>& action);
    static void Silence(Ptr<Socket> socket);

    Receiver m_receiver;
    Ptr<Node> m_node;
    Ptr<Socket> m_listener;
    std::map<Address, Connection> m_connections;   ///< by destination
    std::map<Ptr<Socket>, Ptr<Packet>> m_incoming; ///< what arrived of an unfinished message
};

} // namespace ns3

#endif // DDNN_STREAMS_H
