// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_RECORDER_H
#define DDNN_RECORDER_H

#include "ddnn-frames.h"
#include "ddnn-site-account.h"

#include "ns3/net-device-container.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{

/**
 * Turns the trace sources of a simulation into plain records: one for each sample of each site,
 * whatever the network.
 *
 * Payload is counted where an application hands a message over, and headers where the sender's IP
 * sends it, once for each datagram, fragment and segment. What other nodes forward is counted on
 * air alone, on the hops that AddHop names. Traffic of others is not counted; what a named hop
 * carries of link control and routing is of the kind `control`.
 */
class DdnnRecorder
{
  public:
    /// \param applications what DdnnHelper::Install has returned, of one site or several
    /// \throws std::runtime_error if a site is incomplete
    explicit DdnnRecorder(const ApplicationContainer& applications);
    ~DdnnRecorder();

    DdnnRecorder(const DdnnRecorder&) = delete;
    DdnnRecorder& operator=(const DdnnRecorder&) = delete;

    /**
     * Count what net devices transmit. The bytes of frames that end devices' own net devices
     * transmit count in the samples' records, too. A frame counts once for each name, and once in
     * the records, however many calls name its net device or one above it.
     * \param name of the hop; several calls with one name add up
     */
    void AddHop(const std::string& name, const NetDeviceContainer& devices);

    /// \return the samples that have ended, by site and in the order of capture
    std::vector<DdnnSampleRecord> GetRecords() const;

    /// \return how many samples are captured, or will be, that have not ended
    std::size_t CountUnfinished() const;

    /// \return bytes by site, place and kind, without those that are zero
    std::vector<DdnnTraffic> GetTraffic() const;

    /// \return a line for each node whose processor never stood idle while samples were captured
    std::vector<std::string> GetWarnings() const;

  private:
    struct Hop;

    /// By net device, which of its observers has told of it first and counts its frames.
    using Observers = std::map<const NetDevice*, uint32_t>;

    void ConnectIp(Ptr<Node> node);
    DdnnSiteAccount* Find(uint16_t number) const;
    void CountPacket(Ptr<Node> node, Ptr<const Packet> packet, uint32_t ipHeaders, bool isTcp);
    void CountFrame(Hop& hop, uint32_t observer, Ptr<Node> node, const DdnnFrame& frame);

    std::vector<std::unique_ptr<DdnnSiteAccount>> m_sites;
    std::vector<DdnnSiteAccount*> m_siteOf; ///< `[number]`
    std::map<uint16_t, uint16_t> m_ports;   ///< number of the site by its port
    std::vector<std::unique_ptr<Hop>> m_hops;
    uint32_t m_numObservers{0};
    Observers m_observers; ///< for the samples' records
};

} // namespace ns3

#endif // DDNN_RECORDER_H
