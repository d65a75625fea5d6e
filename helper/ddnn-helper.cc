// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-helper.h"

#include "ddnn-timing.h"

#include "contrib-ddnn/evaluation.h"

#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{

namespace
{

/// With TCP, between the applications' opening of their connections.
const Time CONNECTION_SPACING = MilliSeconds(50);

/// After the last of them, for their handshakes, repetitions included.
const Time HANDSHAKE = Seconds(10);

/// From the end of the start-up to the first capture.
const Time SETTLING = MilliSeconds(10);

/// Lengthen a deadline that is an attribute.
void
Extend(Ptr<Object> object, const std::string& attribute, Time extension)
{
    TimeValue value;
    object->GetAttribute(attribute, value);
    object->SetAttribute(attribute, TimeValue(value.Get() + extension));
}

Time
GetTime(Ptr<const Object> object, const std::string& attribute)
{
    TimeValue value;
    object->GetAttribute(attribute, value);
    return value.Get();
}

void
CheckSamples(const ddnn::Dataset& dataset, const std::vector<std::size_t>& samples)
{
    for (std::size_t sample : samples)
    {
        if (sample >= dataset.Size())
        {
            throw std::runtime_error("sample " + std::to_string(sample) +
                                     " does not exist, the data set has " +
                                     std::to_string(dataset.Size()) + ", numbered from 0");
        }
    }
}

} // namespace

DdnnHelper::DdnnHelper(std::shared_ptr<const ddnn::Model> model,
                       std::shared_ptr<const ddnn::Dataset> dataset,
                       std::vector<std::size_t> samples)
    : m_model(std::move(model))
    , m_dataset(std::move(dataset))
    , m_samples(std::move(samples))
    , m_protocol(UdpSocketFactory::GetTypeId())
{
    ddnn::CheckFit(GetHierarchy(), *m_dataset);
    CheckSamples(*m_dataset, m_samples);
    for (const ddnn::Tier& tier : GetHierarchy().tiers)
    {
        m_thresholds.push_back(tier.threshold);
    }
    m_deviceFactory.SetTypeId(DdnnEndDevice::GetTypeId());
    m_serverFactory.SetTypeId(DdnnServer::GetTypeId());
    m_serverFactory.Set("Jitter", TimeValue(Time(0)));
    m_aggregatorFactory.SetTypeId(DdnnAggregator::GetTypeId());
    m_ledgerFactory.SetTypeId(DdnnLedger::GetTypeId());
    SetAccess(DdnnAccessSettings());
}

void
DdnnHelper::SetAccess(const DdnnAccessSettings& settings)
{
    SetAccess([settings](const std::string& technology, uint32_t cell) {
        return MakeCellAccess(settings, technology, cell);
    });
}

void
DdnnHelper::SetAccess(const DdnnTopologySettings::AccessMaker& maker)
{
    m_links.makeAccess = maker;
}

void
DdnnHelper::SetLinks(const DdnnTopologySettings& settings)
{
    const auto maker = m_links.makeAccess;
    m_links = settings;
    m_links.makeAccess = maker;
}

void
DdnnHelper::SetProtocol(TypeId protocol)
{
    m_protocol = protocol;
}

void
DdnnHelper::SetInterval(Time interval)
{
    m_interval = interval;
}

void
DdnnHelper::SetThreshold(int tier, double threshold)
{
    m_thresholds.at(tier) = threshold;
}

void
DdnnHelper::SetPolicies(const DdnnPolicySettings& policies)
{
    m_policies = policies;
}

void
DdnnHelper::SetDeviceAttribute(const std::string& name, const AttributeValue& value)
{
    m_deviceFactory.Set(name, value);
}

void
DdnnHelper::SetServerAttribute(const std::string& name, const AttributeValue& value)
{
    m_serverFactory.Set(name, value);
}

void
DdnnHelper::SetAggregatorAttribute(const std::string& name, const AttributeValue& value)
{
    m_aggregatorFactory.Set(name, value);
}

void
DdnnHelper::SetLedgerAttribute(const std::string& name, const AttributeValue& value)
{
    m_ledgerFactory.Set(name, value);
}

void
DdnnHelper::CheckMessageSize(const ddnn::Hierarchy& hierarchy, TypeId protocol)
{
    constexpr int LARGEST_DATAGRAM = 60000; // bytes; UDP carries 65507, headers included
    const int largest = DdnnTiming::GetLargestPayload(hierarchy, hierarchy.tiers.size() - 1);
    if (protocol == UdpSocketFactory::GetTypeId() && largest > LARGEST_DATAGRAM)
    {
        throw std::runtime_error("a message of " + std::to_string(largest) +
                                 " bytes does not fit into one UDP datagram; use "
                                 "--transport=tcp, smaller views or fewer filters");
    }
}

void
DdnnHelper::Install()
{
    CheckMessageSize(GetHierarchy(), m_protocol);
    m_topology = std::make_unique<DdnnTopology>(GetHierarchy(), m_links);
    m_firstCapture = m_topology->GetStartUpTime() + GetConnectionTime() + SETTLING +
                     DdnnBackground::GetWarmUp(m_links.backhaul.background, m_links.cloud);
    InstallLedger();
    InstallDevices();
    InstallServers();
    InstallAggregators();
    InstallRelays();
    if (m_topology->GetLastTier() > 0)
    {
        m_backhaul = std::make_unique<DdnnBackhaul>(*m_topology, m_firstCapture, GetEnd());
    }
    Simulator::Schedule(m_topology->GetStartUpTime(), &DdnnHelper::FinishStartUp, this);
}

template <typename Application>
Ptr<Application>
DdnnHelper::Create(const ObjectFactory& factory, Ptr<Node> node, uint16_t port)
{
    auto application = factory.Create<Application>();
    application->SetModel(m_model);
    application->SetAttribute(
        "Local",
        AddressValue(DdnnSubnet::MakeAnyEndpoint(m_topology->IsIpv6(), port)));
    application->SetAttribute("Protocol", TypeIdValue(m_protocol));
    node->AddApplication(application);
    m_applications.push_back(application);
    return application;
}

void
DdnnHelper::InstallSection(Ptr<DdnnSection> section, int tier, int index)
{
    const bool alone = tier > 0 && GetHierarchy().tiers[tier].numNodes == 1;
    const Address aggregator =
        alone ? m_topology->GetLoopback() : m_topology->GetAggregatorAddress(tier);
    section->SetAttribute("Tier", UintegerValue(tier));
    section->SetAttribute("Index", UintegerValue(index));
    section->SetAttribute(
        "Aggregator",
        AddressValue(DdnnSubnet::MakeEndpoint(aggregator, DdnnApplication::AGGREGATOR_PORT)));
    if (tier + 1 < static_cast<int>(GetHierarchy().tiers.size()))
    {
        section->SetAttribute("Parent", AddressValue(GetParent(tier, index)));
    }
    UintegerValue buffered;
    section->GetAttribute("BufferedSamples", buffered);
    section->SetAttribute("BufferedSamples",
                          UintegerValue(std::max(buffered.Get(), GetBufferedSamples())));
    ApplyPolicies(m_policies, section);
    Extend(section,
           "FeatureTimeout",
           DdnnTiming(GetHierarchy(), *m_topology).GetFeatureRoundTrip(tier));
}

void
DdnnHelper::InstallCollector(Ptr<DdnnCollector> collector, Time allowance) const
{
    ApplyPolicies(m_policies, collector);
    if (!m_policies.aggregationDeadline)
    {
        Extend(collector, "Deadline", allowance);
    }
}

Address
DdnnHelper::GetParent(int tier, int index) const
{
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    const int last = static_cast<int>(hierarchy.tiers.size()) - 1;
    const Address address =
        hierarchy.rawOffload
            ? m_topology->GetNodeAddress(last, 0)
            : m_topology->GetNodeAddress(tier + 1, hierarchy.tiers[tier].parents[index]);
    return DdnnSubnet::MakeEndpoint(address, DdnnApplication::NODE_PORT);
}

uint64_t
DdnnHelper::GetBufferedSamples() const
{
    const Time deadline = GetTime(m_ledger, "SampleDeadline");
    const uint64_t inTime = deadline.GetTimeStep() / m_interval.GetTimeStep() + 2;
    return std::min<uint64_t>(inTime, m_samples.size());
}

void
DdnnHelper::InstallLedger()
{
    m_ledger = Create<DdnnLedger>(m_ledgerFactory,
                                  m_topology->GetAggregator(0),
                                  DdnnApplication::LEDGER_PORT);
    m_ledger->SetNumSamples(m_samples.size());
    m_ledger->SetAttribute("FirstCapture", TimeValue(m_firstCapture));
    m_ledger->SetAttribute("Interval", TimeValue(m_interval));
}

void
DdnnHelper::InstallDevices()
{
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    for (int i = 0; i < hierarchy.tiers[0].numNodes; ++i)
    {
        auto device = Create<DdnnEndDevice>(m_deviceFactory,
                                            m_topology->GetNode(0, i),
                                            DdnnApplication::NODE_PORT);
        InstallSection(device, 0, i);
        device->SetSamples(m_dataset, m_samples);
        device->SetAttribute("FirstCapture", TimeValue(m_firstCapture));
        device->SetAttribute("Interval", TimeValue(m_interval));
        const DdnnAccess& access = *m_topology->GetCell(i).access;
        const uint32_t position = m_topology->GetPosition(i);
        const Time slot = access.GetSlotSpacing(DdnnHeader::SIZE + ddnn::SummaryBytes(hierarchy));
        const Time featureSlot =
            access.GetSlotSpacing(DdnnHeader::SIZE + DdnnTiming::GetLargestPayload(hierarchy, 0));
        device->SetAttribute("Slot", TimeValue(slot * position));
        const bool staggered = m_policies.offload != DdnnOffload::PULL;
        device->SetAttribute("FeatureSlot", TimeValue(featureSlot * (staggered ? position : 0)));
        m_devices.push_back(device);
    }
    m_down.resize(m_devices.size());
}

void
DdnnHelper::InstallServers()
{
    const auto& tiers = GetHierarchy().tiers;
    for (int tier = 1; tier < static_cast<int>(tiers.size()); ++tier)
    {
        m_servers.emplace_back();
        for (int node = 0; node < tiers[tier].numNodes; ++node)
        {
            auto server = Create<DdnnServer>(m_serverFactory,
                                             m_topology->GetNode(tier, node),
                                             DdnnApplication::NODE_PORT);
            InstallSection(server, tier, node);
            server->SetNumSamples(m_samples.size());
            InstallCollector(server->GetCollector(),
                             DdnnTiming(GetHierarchy(), *m_topology).GetFeatureSpread(tier) +
                                 GetRepetitionTime(tier));
            m_servers.back().push_back(server);
        }
    }
}

/// Between the first and the last try of the features that nodes of this tier take.
Time
DdnnHelper::GetRepetitionTime(int tier) const
{
    const bool devices = tier == 1 || GetHierarchy().rawOffload;
    const Ptr<DdnnSection> child =
        devices ? Ptr<DdnnSection>(m_devices[0]) : Ptr<DdnnSection>(GetServer(tier - 1, 0));
    UintegerValue tries;
    child->GetAttribute("FeatureTries", tries);
    return GetTime(child, "FeatureTimeout") * (tries.Get() - 1);
}

void
DdnnHelper::InstallAggregators()
{
    const auto& tiers = GetHierarchy().tiers;
    for (int tier = 0; tier < static_cast<int>(tiers.size()); ++tier)
    {
        const Ptr<Node> node = m_topology->GetAggregator(tier);
        auto aggregator =
            Create<DdnnAggregator>(m_aggregatorFactory, node, DdnnApplication::AGGREGATOR_PORT);
        aggregator->SetNumSamples(m_samples.size());
        aggregator->SetAttribute("Tier", UintegerValue(tier));
        aggregator->SetAttribute("Threshold", DoubleValue(m_thresholds[tier]));
        const Address ledger =
            tier == 0 ? m_topology->GetLoopback() : m_topology->GetAggregatorAddress(0);
        aggregator->SetAttribute(
            "Ledger",
            AddressValue(DdnnSubnet::MakeEndpoint(ledger, DdnnApplication::LEDGER_PORT)));
        Time spread =
            GetLongestCompute() + DdnnTiming(GetHierarchy(), *m_topology).GetSummarySpread();
        for (int i = 0; tier > 0 && i < tiers[tier].numNodes; ++i)
        {
            // A sibling may wait until its deadline while the first has long closed.
            aggregator->AddTarget(DdnnSubnet::MakeEndpoint(
                tiers[tier].numNodes == 1 ? m_topology->GetLoopback()
                                          : m_topology->GetNodeAddress(tier, i),
                DdnnApplication::NODE_PORT));
            const Ptr<DdnnServer> server = GetServer(tier, i);
            spread = Max(i == 0 ? Time(0) : spread,
                         GetTime(server->GetCollector(), "Deadline") + server->GetComputeDelay());
        }
        InstallCollector(aggregator->GetCollector(), spread);
        ApplyPolicies(m_policies, aggregator);
        aggregator->SetRemaining([ledger = m_ledger](uint32_t sample) {
            return ledger->GetRemaining(sample);
        });
        if (tier + 1 < static_cast<int>(tiers.size()))
        {
            aggregator->SetBacklog([this, tier] {
                return m_topology->GetBacklog(tier + 1);
            });
        }
        m_aggregators.push_back(aggregator);
    }
}

void
DdnnHelper::InstallRelays()
{
    const auto& cells = m_topology->GetCells();
    if (cells.size() == 1)
    {
        return AddDeviceTargets(*m_aggregators[0], cells[0]);
    }
    ObjectFactory factory("ns3::DdnnRelay");
    for (std::size_t i = 0; i < cells.size(); ++i)
    {
        auto relay = Create<DdnnRelay>(factory, cells[i].gateway, DdnnApplication::RELAY_PORT);
        AddDeviceTargets(*relay, cells[i]);
        m_aggregators[0]->AddTarget(
            DdnnSubnet::MakeEndpoint(m_topology->GetRelayAddress(i), DdnnApplication::RELAY_PORT));
    }
}

void
DdnnHelper::AddDeviceTargets(DdnnApplication& application, const DdnnTopology::Cell& cell) const
{
    const bool datagrams = m_protocol == UdpSocketFactory::GetTypeId();
    if (datagrams && cell.access->HasBroadcast())
    {
        application.AddTarget(DdnnSubnet::MakeEndpoint(cell.access->GetBroadcastAddress(),
                                                       DdnnApplication::NODE_PORT));
        return;
    }
    for (uint32_t i = 0; i < cell.devices.size(); ++i)
    {
        application.AddTarget(
            DdnnSubnet::MakeEndpoint(cell.access->GetDeviceAddress(i), DdnnApplication::NODE_PORT));
    }
}

Time
DdnnHelper::GetLongestCompute() const
{
    Time longest;
    for (const auto& device : m_devices)
    {
        longest = Max(longest, device->GetComputeDelay());
    }
    return longest;
}

Time
DdnnHelper::GetConnectionTime() const
{
    const bool connects = m_protocol != UdpSocketFactory::GetTypeId();
    const auto applications = m_topology->GetNodes().GetN() + GetHierarchy().tiers.size() + 1;
    return connects ? CONNECTION_SPACING * applications + HANDSHAKE : Time(0);
}

/// One after the other, as many handshakes at once would hinder each other.
void
DdnnHelper::OpenConnections()
{
    Time delay;
    Ptr<Node> previous;
    for (const auto& application : m_applications)
    {
        delay += application->GetNode() == previous ? Time(0) : CONNECTION_SPACING;
        previous = application->GetNode();
        Simulator::Schedule(delay, &DdnnApplication::OpenConnections, application);
    }
}

void
DdnnHelper::FinishStartUp()
{
    try
    {
        m_topology->FinishStartUp();
    }
    catch (const std::runtime_error&)
    {
        // not from within the event that this is: ns-3 would leak it
        m_startUpError = std::current_exception();
        Simulator::Stop();
        return;
    }
    if (m_protocol != UdpSocketFactory::GetTypeId())
    {
        OpenConnections();
    }
    m_started = true;
    for (uint32_t device = 0; device < m_devices.size(); ++device)
    {
        if (IsRadioOff(device))
        {
            SwitchRadio(device);
        }
    }
}

bool
DdnnHelper::IsRadioOff(uint32_t device) const
{
    const std::set<DdnnDownReason>& reasons = m_down.at(device);
    return reasons.size() > reasons.count(DdnnDownReason::CRASH);
}

void
DdnnHelper::SwitchRadio(uint32_t device)
{
    if (!m_started)
    {
        return;
    }
    const DdnnTopology::Cell& cell = m_topology->GetCell(static_cast<int>(device));
    const uint32_t position = m_topology->GetPosition(static_cast<int>(device));
    if (IsRadioOff(device))
    {
        cell.access->SwitchOff(position);
    }
    else
    {
        cell.access->SwitchOn(position);
        if (m_radioCallback)
        {
            m_radioCallback(device);
        }
    }
}

void
DdnnHelper::CheckStartUp() const
{
    if (m_startUpError)
    {
        std::rethrow_exception(m_startUpError);
    }
}

void
DdnnHelper::SetDown(uint32_t device, DdnnDownReason reason, bool down)
{
    const Ptr<DdnnEndDevice> application = GetDevice(device);
    const bool wasOff = IsRadioOff(device);
    if (down)
    {
        m_down[device].insert(reason);
    }
    else
    {
        m_down[device].erase(reason);
    }
    application->SetFailed(IsDown(device, DdnnDownReason::FAULT) ||
                           IsDown(device, DdnnDownReason::BATTERY) ||
                           IsDown(device, DdnnDownReason::CRASH));
    if (wasOff != IsRadioOff(device))
    {
        SwitchRadio(device);
    }
}

bool
DdnnHelper::IsDown(uint32_t device, DdnnDownReason reason) const
{
    return m_down.at(device).count(reason) > 0;
}

void
DdnnHelper::SetRadioCallback(std::function<void(uint32_t device)> callback)
{
    m_radioCallback = std::move(callback);
}

int64_t
DdnnHelper::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    next += m_topology->AssignStreams(next);
    for (const auto& application : m_applications)
    {
        next += application->AssignStreams(next);
    }
    for (const auto& application : m_applications)
    {
        next += application->AssignFaultStreams(next);
    }
    next += m_topology->AssignWireStreams(next);
    next += m_backhaul ? m_backhaul->AssignStreams(next) : 0;
    next += m_topology->AssignLossStreams(next);
    return next - stream;
}

void
DdnnHelper::EnablePcap(const std::string& prefix)
{
    m_topology->EnablePcap(prefix);
}

Time
DdnnHelper::GetFirstCapture() const
{
    return m_firstCapture;
}

Time
DdnnHelper::GetEnd() const
{
    return m_firstCapture + m_interval * m_samples.size() + GetTime(m_ledger, "SampleDeadline");
}

const ddnn::Hierarchy&
DdnnHelper::GetHierarchy() const
{
    return m_model->GetHierarchy();
}

const ddnn::Dataset&
DdnnHelper::GetDataset() const
{
    return *m_dataset;
}

const std::vector<std::size_t>&
DdnnHelper::GetSamples() const
{
    return m_samples;
}

DdnnTopology&
DdnnHelper::GetTopology() const
{
    return *m_topology;
}

Ptr<DdnnEndDevice>
DdnnHelper::GetDevice(uint32_t device) const
{
    if (device >= m_devices.size())
    {
        throw std::runtime_error("device " + std::to_string(device) +
                                 " does not exist, there are " + std::to_string(m_devices.size()) +
                                 ", numbered from 0");
    }
    return m_devices[device];
}

Ptr<DdnnServer>
DdnnHelper::GetServer(int tier, uint32_t node) const
{
    return m_servers.at(tier - 1).at(node);
}

Ptr<DdnnAggregator>
DdnnHelper::GetAggregator(int tier) const
{
    return m_aggregators.at(tier);
}

Ptr<DdnnLedger>
DdnnHelper::GetLedger() const
{
    return m_ledger;
}

const std::vector<Ptr<DdnnApplication>>&
DdnnHelper::GetApplications() const
{
    return m_applications;
}

} // namespace ns3
