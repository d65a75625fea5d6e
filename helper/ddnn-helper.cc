// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-helper.h"

#include "ddnn-wifi-access.h"

#include "contrib-ddnn/evaluation.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/mobility-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{

namespace
{

/// Host numbers.
constexpr uint32_t BACKHAUL_GATEWAY = 1;
constexpr uint32_t BACKHAUL_CLOUD = 2;

/// IPv4, UDP and PPP, of each fragment at most.
constexpr uint32_t LOWER_HEADERS = 30;

/// Payload of a fragment, at least.
constexpr uint32_t FRAGMENT = 1400;

/// From the end of the start-up to the first capture.
const Time SETTLING = MilliSeconds(10);

Address
Endpoint(const Address& host)
{
    return DdnnSubnet::MakeEndpoint(host, DdnnApplication::PORT);
}

Address
BackhaulEndpoint(uint32_t host)
{
    return Endpoint(DdnnSubnet(false, 1).GetAddress(host));
}

/// Lengthen a deadline that is an attribute.
void
Extend(Ptr<Object> object, const std::string& attribute, Time extension)
{
    TimeValue value;
    object->GetAttribute(attribute, value);
    object->SetAttribute(attribute, TimeValue(value.Get() + extension));
}

void
CheckMessageSize(const ddnn::Hierarchy& hierarchy)
{
    constexpr int LARGEST = 60000; // bytes; UDP carries 65507, headers included
    const int largest = hierarchy.rawOffload ? ddnn::RawBytes(hierarchy)
                                             : std::max(ddnn::FeatureBytes(hierarchy, 0, 0),
                                                        ddnn::SummaryBytes(hierarchy));
    if (largest > LARGEST)
    {
        throw std::runtime_error("a message of " + std::to_string(largest) +
                                 " bytes does not fit into one UDP datagram; use smaller views or "
                                 "fewer filters");
    }
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
    , m_access(std::make_unique<DdnnWifiAccess>())
{
    ddnn::CheckFit(GetHierarchy(), *m_dataset);
    CheckSamples(*m_dataset, m_samples);
    if (GetHierarchy().tiers.size() != 2)
    {
        throw std::runtime_error(
            "the simulation needs a hierarchy of two tiers, devices and cloud; "
            "this model has " +
            std::to_string(GetHierarchy().tiers.size()));
    }
    CheckMessageSize(GetHierarchy());
    m_deviceFactory.SetTypeId(DdnnEndDevice::GetTypeId());
    m_gatewayFactory.SetTypeId(DdnnGateway::GetTypeId());
    m_serverFactory.SetTypeId(DdnnServer::GetTypeId());
}

void
DdnnHelper::SetAccess(std::unique_ptr<DdnnAccess> access)
{
    m_access = std::move(access);
}

void
DdnnHelper::SetBackhaul(DataRate rate, Time delay)
{
    m_backhaulRate = rate;
    m_backhaulDelay = delay;
}

void
DdnnHelper::SetInterval(Time interval)
{
    m_interval = interval;
}

void
DdnnHelper::SetSlotSpacing(Time spacing)
{
    m_slotSpacing = spacing;
}

void
DdnnHelper::SetDeviceAttribute(const std::string& name, const AttributeValue& value)
{
    m_deviceFactory.Set(name, value);
}

void
DdnnHelper::SetGatewayAttribute(const std::string& name, const AttributeValue& value)
{
    m_gatewayFactory.Set(name, value);
}

void
DdnnHelper::SetServerAttribute(const std::string& name, const AttributeValue& value)
{
    m_serverFactory.Set(name, value);
}

void
DdnnHelper::Install()
{
    InstallLinks();
    InstallAddresses();
    m_firstCapture = m_access->GetStartUpTime() + SETTLING;
    InstallDevices();
    InstallGateway();
    InstallServer();
    Simulator::Schedule(m_access->GetStartUpTime(), &DdnnHelper::FinishStartUp, this);
}

void
DdnnHelper::InstallLinks()
{
    m_deviceNodes.Create(GetHierarchy().tiers[0].numNodes);
    m_gatewayNode = CreateObject<Node>();
    m_cloudNode = CreateObject<Node>();
    m_access->Install(m_deviceNodes, m_gatewayNode);
    PointToPointHelper backhaul;
    backhaul.SetDeviceAttribute("DataRate", DataRateValue(m_backhaulRate));
    backhaul.SetChannelAttribute("Delay", TimeValue(m_backhaulDelay));
    backhaul.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("1000p"));
    m_backhaul = backhaul.Install(m_gatewayNode, m_cloudNode);
}

void
DdnnHelper::InstallAddresses()
{
    DdnnSubnet::InstallStack(NodeContainer(m_deviceNodes, m_gatewayNode, m_cloudNode), false);
    m_access->AssignAddresses(DdnnSubnet(false, 0));
    const DdnnSubnet backhaul(false, 1);
    backhaul.Add(m_backhaul.Get(0), BACKHAUL_GATEWAY);
    backhaul.Add(m_backhaul.Get(1), BACKHAUL_CLOUD);
    DdnnSubnet::AddDefaultRoute(m_backhaul.Get(1), backhaul.GetAddress(BACKHAUL_GATEWAY));
}

void
DdnnHelper::InstallDevices()
{
    for (uint32_t i = 0; i < m_deviceNodes.GetN(); ++i)
    {
        auto device = m_deviceFactory.Create<DdnnEndDevice>();
        device->SetModel(m_model);
        device->SetSamples(m_dataset, m_samples);
        device->SetAttribute("Index", UintegerValue(i));
        device->SetAttribute("Gateway", AddressValue(Endpoint(m_access->GetGatewayAddress())));
        device->SetAttribute("Server", AddressValue(BackhaulEndpoint(BACKHAUL_CLOUD)));
        device->SetAttribute("FirstCapture", TimeValue(m_firstCapture));
        device->SetAttribute("Interval", TimeValue(m_interval));
        device->SetAttribute("Slot", TimeValue(m_slotSpacing * i));
        m_deviceNodes.Get(i)->AddApplication(device);
        m_devices.push_back(device);
    }
}

void
DdnnHelper::InstallGateway()
{
    m_gateway = m_gatewayFactory.Create<DdnnGateway>();
    m_gateway->SetModel(m_model);
    m_gateway->SetNumSamples(m_samples.size());
    m_gateway->SetAttribute("FirstCapture", TimeValue(m_firstCapture));
    m_gateway->SetAttribute("Interval", TimeValue(m_interval));
    Time longest;
    for (uint32_t i = 0; i < m_devices.size(); ++i)
    {
        m_gateway->AddDevice(Endpoint(m_access->GetDeviceAddress(i)));
        longest = Max(longest, m_devices[i]->GetComputeDelay());
    }
    if (m_access->HasBroadcast())
    {
        m_gateway->SetAttribute("Broadcast",
                                AddressValue(Endpoint(m_access->GetBroadcastAddress())));
    }
    Extend(m_gateway, "AggregationDeadline", longest + GetSlotsTime());
    TimeValue deadline;
    m_gateway->GetAttribute("SampleDeadline", deadline);
    UintegerValue buffered;
    m_devices[0]->GetAttribute("BufferedSamples", buffered);
    const uint64_t inTime = deadline.Get().GetTimeStep() / m_interval.GetTimeStep() + 2;
    const uint64_t alive = std::min<uint64_t>(inTime, m_samples.size());
    for (const auto& device : m_devices)
    {
        device->SetAttribute("BufferedSamples", UintegerValue(std::max(buffered.Get(), alive)));
    }
    m_gatewayNode->AddApplication(m_gateway);
}

void
DdnnHelper::InstallServer()
{
    m_server = m_serverFactory.Create<DdnnServer>();
    m_server->SetModel(m_model);
    m_server->SetNumSamples(m_samples.size());
    m_server->SetAttribute("Gateway", AddressValue(BackhaulEndpoint(BACKHAUL_GATEWAY)));
    Extend(m_server, "AggregationDeadline", GetSlotsTime() + GetBackhaulTime());
    m_cloudNode->AddApplication(m_server);
}

Time
DdnnHelper::GetSlotsTime() const
{
    return m_slotSpacing * m_deviceNodes.GetN();
}

Time
DdnnHelper::GetBackhaulTime() const
{
    const ddnn::Hierarchy& hierarchy = GetHierarchy();
    Time total;
    for (uint32_t i = 0; i < m_deviceNodes.GetN(); ++i)
    {
        const uint32_t payload =
            hierarchy.rawOffload ? ddnn::RawBytes(hierarchy) : ddnn::FeatureBytes(hierarchy, 0, i);
        const uint32_t message = DdnnHeader::SIZE + payload;
        total +=
            m_backhaulRate.CalculateBytesTxTime(message + (message / FRAGMENT + 1) * LOWER_HEADERS);
    }
    return total;
}

void
DdnnHelper::FinishStartUp()
{
    try
    {
        m_access->FinishStartUp();
    }
    catch (const std::runtime_error&)
    {
        // not from within the event that this is: ns-3 would leak it
        m_startUpError = std::current_exception();
        Simulator::Stop();
        return;
    }
    for (uint32_t device : m_failed)
    {
        m_access->SwitchOff(device);
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
DdnnHelper::SetFailed(uint32_t device)
{
    GetDevice(device)->SetFailed(true);
    m_failed.insert(device);
}

int64_t
DdnnHelper::AssignStreams(int64_t stream)
{
    int64_t next = stream;
    next += m_access->AssignStreams(next);
    InternetStackHelper stack;
    next += stack.AssignStreams(NodeContainer(m_deviceNodes, m_gatewayNode, m_cloudNode), next);
    for (const auto& device : m_devices)
    {
        next += device->AssignStreams(next);
    }
    next += m_gateway->AssignStreams(next);
    next += m_server->AssignStreams(next);
    return next - stream;
}

void
DdnnHelper::EnablePcap(const std::string& prefix)
{
    m_access->EnablePcap(prefix);
    PointToPointHelper().EnablePcap(prefix, m_backhaul);
}

Time
DdnnHelper::GetFirstCapture() const
{
    return m_firstCapture;
}

Time
DdnnHelper::GetEnd() const
{
    TimeValue deadline;
    m_gateway->GetAttribute("SampleDeadline", deadline);
    return m_firstCapture + m_interval * m_samples.size() + deadline.Get();
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

DdnnAccess&
DdnnHelper::GetAccess() const
{
    return *m_access;
}

const NetDeviceContainer&
DdnnHelper::GetBackhaul() const
{
    return m_backhaul;
}

const NodeContainer&
DdnnHelper::GetDeviceNodes() const
{
    return m_deviceNodes;
}

Ptr<Node>
DdnnHelper::GetGatewayNode() const
{
    return m_gatewayNode;
}

Ptr<Node>
DdnnHelper::GetCloudNode() const
{
    return m_cloudNode;
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

Ptr<DdnnGateway>
DdnnHelper::GetGateway() const
{
    return m_gateway;
}

Ptr<DdnnServer>
DdnnHelper::GetServer() const
{
    return m_server;
}

} // namespace ns3
