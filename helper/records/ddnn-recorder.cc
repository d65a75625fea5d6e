// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-recorder.h"

#include "ns3/abort.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-l4-protocol.h"

#include <algorithm>
#include <array>
#include <set>

namespace ns3
{

namespace
{

constexpr std::size_t TRANSPORT = DdnnSiteAccount::TRANSPORT;
constexpr std::size_t NUM_KINDS = DdnnSiteAccount::NUM_KINDS;

std::string
GetKindName(std::size_t kind)
{
    return kind == TRANSPORT ? "transport" : ToString(static_cast<DdnnKind>(kind));
}

template <typename Callback>
void
Connect(Ptr<Object> object, const std::string& source, Callback callback)
{
    NS_ABORT_MSG_IF(!object->TraceConnectWithoutContext(source, callback),
                    object->GetInstanceTypeId().GetName() << " has no trace source " << source);
}

/// \return all bytes of the IP headers of a packet and its fragments
/// \param header bytes of each, \param extra bytes of each if it is a fragment
uint32_t
GetIpHeaders(uint32_t packet, uint32_t mtu, uint32_t header, uint32_t extra)
{
    if (packet + header <= mtu)
    {
        return header;
    }
    const uint32_t fragment = (mtu - header - extra) / 8 * 8;
    return (packet + fragment - 1) / fragment * (header + extra);
}

} // namespace

struct DdnnRecorder::Hop
{
    std::string name;
    bool isOnAir{true};
    std::map<uint16_t, std::array<uint64_t, NUM_KINDS>> bytes; ///< by site
    uint64_t control{0};                                       ///< bytes
    Observers observers;
};

DdnnRecorder::DdnnRecorder(const ApplicationContainer& applications)
{
    std::set<Ptr<Node>> nodes;
    for (const DdnnSiteApplications& found : FindDdnnSites(applications))
    {
        m_sites.push_back(std::make_unique<DdnnSiteAccount>(found));
        const uint16_t number = found.site->GetNumber();
        m_siteOf.resize(number + 1);
        m_siteOf[number] = m_sites.back().get();
        m_ports[found.site->GetPort()] = number;
        for (const auto& application : found.all)
        {
            if (nodes.insert(application->GetNode()).second)
            {
                ConnectIp(application->GetNode());
            }
        }
    }
}

DdnnRecorder::~DdnnRecorder() = default;

void
DdnnRecorder::ConnectIp(Ptr<Node> node)
{
    if (const auto ipv4 = node->GetObject<Ipv4L3Protocol>())
    {
        Connect(
            ipv4,
            "SendOutgoing",
            Callback<void, const Ipv4Header&, Ptr<const Packet>, uint32_t>(
                [this, node = PeekPointer(node), ip = PeekPointer(ipv4)](const Ipv4Header& header,
                                                                         Ptr<const Packet> packet,
                                                                         uint32_t interface) {
                    const uint32_t mtu = ip->GetNetDevice(interface)->GetMtu();
                    const uint32_t headers =
                        GetIpHeaders(packet->GetSize(), mtu, header.GetSerializedSize(), 0);
                    const bool isTcp = header.GetProtocol() == TcpL4Protocol::PROT_NUMBER;
                    CountPacket(node, packet, headers, isTcp);
                }));
    }
    if (const auto ipv6 = node->GetObject<Ipv6L3Protocol>())
    {
        constexpr uint32_t FRAGMENT_HEADER = 8;
        Connect(
            ipv6,
            "SendOutgoing",
            Callback<void, const Ipv6Header&, Ptr<const Packet>, uint32_t>(
                [this, node = PeekPointer(node), ip = PeekPointer(ipv6)](const Ipv6Header& header,
                                                                         Ptr<const Packet> packet,
                                                                         uint32_t interface) {
                    const uint32_t mtu = ip->GetNetDevice(interface)->GetMtu();
                    const uint32_t headers = GetIpHeaders(packet->GetSize(),
                                                          mtu,
                                                          header.GetSerializedSize(),
                                                          FRAGMENT_HEADER);
                    const bool isTcp = header.GetNextHeader() == TcpL4Protocol::PROT_NUMBER;
                    CountPacket(node, packet, headers, isTcp);
                }));
    }
}

DdnnSiteAccount*
DdnnRecorder::Find(uint16_t number) const
{
    return number < m_siteOf.size() ? m_siteOf[number] : nullptr;
}

/// Count an IP packet where it is made. Segments of TCP may carry parts of several messages.
void
DdnnRecorder::CountPacket(Ptr<Node> node, Ptr<const Packet> packet, uint32_t ipHeaders, bool isTcp)
{
    DdnnSiteAccount* site = nullptr; // of the packet's headers: that of its first message
    DdnnSiteAccount::Sample* sample = nullptr;
    std::size_t kind = TRANSPORT;
    std::size_t place = 0;
    uint32_t headers = ipHeaders + packet->GetSize();
    for (ByteTagIterator i = packet->GetByteTagIterator(); i.HasNext();)
    {
        const ByteTagIterator::Item item = i.Next();
        DdnnMessageTag tag;
        if (item.GetTypeId() != DdnnMessageTag::GetTypeId())
        {
            continue;
        }
        item.GetTag(tag);
        DdnnSiteAccount* const other = Find(tag.name.site);
        if (!other)
        {
            continue;
        }
        const DdnnHeader& header = tag.name.header;
        DdnnSiteAccount::Sample& itsSample = other->samples.at(header.sample);
        const auto itsKind = static_cast<std::size_t>(header.kind);
        const std::size_t itsPlace = other->GetPlace(header, node);
        if (!site)
        {
            site = other;
            kind = itsKind;
            place = itsPlace;
            sample = DdnnSiteAccount::IsDevices(header) ? &itsSample : nullptr;
        }
        if (tag.IsPayload())
        {
            const uint32_t bytes = item.GetEnd() - item.GetStart();
            headers -= bytes;
            other->carried[itsPlace][itsKind].payload += bytes;
            if (DdnnSiteAccount::IsDevices(header))
            {
                itsSample.carried[DdnnSiteAccount::GetPart(header.kind)] += bytes;
            }
        }
    }
    if (!site && isTcp)
    {
        TcpHeader header;
        packet->PeekHeader(header);
        auto port = m_ports.find(header.GetSourcePort());
        port = port == m_ports.end() ? m_ports.find(header.GetDestinationPort()) : port;
        site = port == m_ports.end() ? nullptr : Find(port->second);
        if (site)
        {
            place = site->places[node];
            sample = site->devices.count(node) > 0 ? &site->GetLatest() : nullptr;
        }
    }
    if (site)
    {
        site->sent[place][kind].header += headers;
    }
    if (sample)
    {
        sample->record.bytes.header += headers;
    }
}

void
DdnnRecorder::AddHop(const std::string& name, const NetDeviceContainer& devices)
{
    auto found = std::find_if(m_hops.begin(), m_hops.end(), [&name](const auto& hop) {
        return hop->name == name;
    });
    if (found == m_hops.end())
    {
        found = m_hops.insert(found, std::make_unique<Hop>());
        (*found)->name = name;
    }
    Hop& hop = **found;
    for (uint32_t i = 0; i < devices.GetN(); ++i)
    {
        const Ptr<NetDevice> device = devices.Get(i);
        const auto count = [this,
                            &hop,
                            observer = m_numObservers++,
                            node = PeekPointer(device->GetNode())](const DdnnFrame& frame) {
            CountFrame(hop, observer, node, frame);
        };
        const bool isOnAir = TraceDdnnFrames(device, count);
        hop.isOnAir = hop.isOnAir && isOnAir;
    }
}

void
DdnnRecorder::CountFrame(Hop& hop, uint32_t observer, Ptr<Node> node, const DdnnFrame& frame)
{
    const auto isFirst = [&frame, observer](Observers& observers) {
        return observers.emplace(frame.sender, observer).first->second == observer;
    };
    if (!isFirst(hop.observers))
    {
        return;
    }
    DdnnMessageTag tag;
    uint16_t number = 0;
    const DdnnFrameKind frameKind = ClassifyDdnnFrame(frame, m_ports, tag, number);
    if (frameKind == DdnnFrameKind::CONTROL)
    {
        hop.control += frame.bytes;
    }
    const bool isMessage = frameKind == DdnnFrameKind::MESSAGE;
    DdnnSiteAccount* const site =
        isMessage || frameKind == DdnnFrameKind::TRANSPORT ? Find(number) : nullptr;
    if (!site)
    {
        return;
    }
    const std::size_t kind = isMessage ? static_cast<std::size_t>(tag.name.header.kind) : TRANSPORT;
    hop.bytes[number][kind] += frame.bytes;
    if (site->devices.count(node) > 0 && isFirst(m_observers))
    {
        DdnnSiteAccount::Sample& sample =
            isMessage ? site->samples.at(tag.name.header.sample) : site->GetLatest();
        sample.record.bytes.onAir += frame.bytes;
    }
}

std::vector<DdnnSampleRecord>
DdnnRecorder::GetRecords() const
{
    std::vector<DdnnSampleRecord> records;
    for (const auto& site : m_sites)
    {
        const std::vector<DdnnSampleRecord> more = site->GetRecords();
        records.insert(records.end(), more.begin(), more.end());
    }
    return records;
}

std::size_t
DdnnRecorder::CountUnfinished() const
{
    std::size_t unfinished = 0;
    for (const auto& site : m_sites)
    {
        unfinished +=
            std::count_if(site->samples.begin(), site->samples.end(), [](const auto& sample) {
                return !sample.ended;
            });
    }
    return unfinished;
}

std::vector<DdnnTraffic>
DdnnRecorder::GetTraffic() const
{
    std::vector<DdnnTraffic> traffic;
    for (const auto& site : m_sites)
    {
        const std::string number = std::to_string(site->applications.site->GetNumber());
        for (std::size_t place = 0; place < site->sent.size(); ++place)
        {
            for (std::size_t kind = 0; kind < NUM_KINDS; ++kind)
            {
                DdnnBytes bytes = site->sent[place][kind];
                bytes.header += site->GetRepeated(place, kind);
                if (bytes.payload + bytes.header > 0)
                {
                    traffic.push_back(
                        {number, site->GetPlaceName(place), GetKindName(kind), bytes, true});
                }
            }
        }
    }
    for (const auto& hop : m_hops)
    {
        for (const auto& [number, bytes] : hop->bytes)
        {
            for (std::size_t kind = 0; kind < NUM_KINDS; ++kind)
            {
                if (bytes[kind] > 0)
                {
                    traffic.push_back({std::to_string(number),
                                       hop->name,
                                       GetKindName(kind),
                                       {0, 0, bytes[kind]},
                                       hop->isOnAir});
                }
            }
        }
        if (hop->control > 0)
        {
            traffic.push_back({"", hop->name, "control", {0, 0, hop->control}, hop->isOnAir});
        }
    }
    return traffic;
}

std::vector<std::string>
DdnnRecorder::GetWarnings() const
{
    std::set<uint32_t> nodes; // one may belong to several sites
    for (const auto& site : m_sites)
    {
        nodes.merge(site->GetOverloadedNodes());
    }
    if (nodes.empty())
    {
        return {};
    }
    return {"the processor of node " + std::to_string(*nodes.begin()) +
            " is overloaded: it was given more work than it can do, see ns3::DdnnProcessor; "
            "overloaded nodes: " +
            std::to_string(nodes.size())};
}

} // namespace ns3
