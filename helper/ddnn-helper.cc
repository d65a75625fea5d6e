// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-helper.h"

#include "ddnn-attributes.h"
#include "ddnn-site-applications.h"
#include "ddnn-site-checks.h"

#include "contrib-ddnn/evaluation/evaluation.h"

#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/object-factory.h"
#include "ns3/pointer.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnHelper");

namespace
{

/// With TCP, between two nodes' opening of their connections.
const Time CONNECTION_SPACING = MilliSeconds(50);

/// Random streams of one site, the first one's number rising with the site's.
constexpr int64_t SITE_STREAMS = 1000000;

/// Random streams of all sites; those of processors follow, by the node's number.
constexpr int64_t ALL_SITE_STREAMS = 65536 * SITE_STREAMS;

/// \return all nodes of a site, by ns-3's identifiers
std::map<uint32_t, Ptr<Node>>
GetNodes(const DdnnSiteConfig& config)
{
    std::vector<NodeContainer> groups = config.tiers;
    groups.push_back(config.exits);
    std::map<uint32_t, Ptr<Node>> nodes;
    for (const NodeContainer& group : groups)
    {
        for (uint32_t i = 0; i < group.GetN(); ++i)
        {
            nodes[group.Get(i)->GetId()] = group.Get(i);
        }
    }
    return nodes;
}

} // namespace

DdnnHelper::DdnnHelper(std::shared_ptr<const ddnn::Model> model,
                       std::shared_ptr<const ddnn::Dataset> dataset,
                       std::vector<std::size_t> samples)
    : m_model(std::move(model))
    , m_dataset(std::move(dataset))
{
    ddnn::CheckFit(m_model->GetHierarchy(), *m_dataset);
    SetSamples(std::move(samples));
}

void
DdnnHelper::SetSamples(std::vector<std::size_t> samples)
{
    for (std::size_t sample : samples)
    {
        if (sample >= m_dataset->Size())
        {
            throw std::runtime_error("sample " + std::to_string(sample) +
                                     " does not exist, the data set has " +
                                     std::to_string(m_dataset->Size()) + ", numbered from 0");
        }
    }
    m_samples = std::move(samples);
}

const std::vector<std::size_t>&
DdnnHelper::GetSamples() const
{
    return m_samples;
}

void
DdnnHelper::SetSiteNumber(uint16_t number)
{
    m_nextNumber = number;
}

void
DdnnHelper::InstallProcessor(const NodeContainer& nodes, double operationsPerSecond, uint32_t cores)
{
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        if (nodes.Get(i)->GetObject<DdnnProcessor>())
        {
            throw std::runtime_error("node " + std::to_string(nodes.Get(i)->GetId()) +
                                     " has a DdnnProcessor already");
        }
        const auto processor =
            CreateObjectWithAttributes<DdnnProcessor>("OperationsPerSecond",
                                                      DoubleValue(operationsPerSecond),
                                                      "Cores",
                                                      UintegerValue(cores));
        OwnRandomVariables(*processor);
        nodes.Get(i)->AggregateObject(processor);
    }
}

void
DdnnHelper::SetAddress(Ptr<Node> node, const Address& address)
{
    if (!Ipv4Address::IsMatchingType(address) && !Ipv6Address::IsMatchingType(address))
    {
        throw std::runtime_error("the address of node " + std::to_string(node->GetId()) +
                                 " must be an Ipv4Address or an Ipv6Address");
    }
    m_addresses[node] = address;
}

void
DdnnHelper::SetSiteAttribute(const std::string& name, const AttributeValue& value)
{
    Set(DdnnSite::GetTypeId(), name, value, ALL_TIERS);
}

void
DdnnHelper::SetEndDeviceAttribute(const std::string& name, const AttributeValue& value)
{
    Set(DdnnEndDevice::GetTypeId(), name, value, ALL_TIERS);
}

void
DdnnHelper::SetServerAttribute(const std::string& name, const AttributeValue& value, int tier)
{
    Set(DdnnServer::GetTypeId(), name, value, tier);
}

void
DdnnHelper::SetExitAttribute(const std::string& name, const AttributeValue& value, int tier)
{
    Set(DdnnExit::GetTypeId(), name, value, tier);
}

void
DdnnHelper::Set(TypeId type, const std::string& name, const AttributeValue& value, int tier)
{
    TypeId::AttributeInformation information;
    const TypeId collector = DdnnCollector::GetTypeId();
    const bool collects = type == DdnnServer::GetTypeId() || type == DdnnExit::GetTypeId();
    if (!type.LookupAttributeByName(name, &information) &&
        !(collects && collector.LookupAttributeByName(name, &information)))
    {
        throw std::runtime_error(type.GetName() + " has no attribute " + name);
    }
    const int lowest = type == DdnnServer::GetTypeId() ? 1 : 0;
    const auto numTiers = static_cast<int>(m_model->GetHierarchy().tiers.size());
    if (tier != ALL_TIERS && (tier < lowest || tier >= numTiers))
    {
        throw std::runtime_error("tier " + std::to_string(tier) + " has no " + type.GetName() +
                                 ", the tiers that have are " + std::to_string(lowest) + " to " +
                                 std::to_string(numTiers - 1));
    }
    const auto text = dynamic_cast<const StringValue*>(&value);
    const auto pointer = DynamicCast<const PointerChecker>(information.checker);
    if (text && pointer)
    {
        try
        {
            CheckObjectText(text->Get(), pointer->GetPointeeTypeId());
        }
        catch (const std::runtime_error& e)
        {
            throw std::runtime_error(type.GetName() + "::" + name + "=" + text->Get() + ": " +
                                     e.what());
        }
    }
    const Ptr<AttributeValue> valid = information.checker->CreateValidValue(value);
    if (!valid)
    {
        throw std::runtime_error(type.GetName() + "::" + name + " does not accept " +
                                 value.SerializeToString(information.checker));
    }
    // as it was given: each object makes an object of its own of a text
    m_settings.push_back({type, tier, name, value.Copy()});
}

/// Set what the user has set for this kind of object and this tier.
void
DdnnHelper::Apply(Ptr<Object> object, int tier) const
{
    OwnRandomVariables(*object);
    const TypeId type = object->GetInstanceTypeId();
    PointerValue collector;
    object->GetAttributeFailSafe("Collector", collector);
    for (const Setting& setting : m_settings)
    {
        if (setting.type == type && (setting.tier == ALL_TIERS || setting.tier == tier))
        {
            TypeId::AttributeInformation own;
            const bool isOwn = type.LookupAttributeByName(setting.name, &own);
            SetGiven(isOwn ? *object : *collector.GetObject(), setting.name, *setting.value);
        }
    }
}

DdnnSiteConfig
DdnnHelper::MakeConfig(const std::vector<NodeContainer>& tiers, const NodeContainer& exits) const
{
    const ddnn::Hierarchy& hierarchy = m_model->GetHierarchy();
    CheckTiers(hierarchy, tiers);
    if (m_samples.empty())
    {
        throw std::runtime_error("there is no sample to capture: give at least one");
    }
    DdnnSiteConfig config;
    config.number = m_nextNumber;
    config.model = m_model;
    config.dataset = m_dataset;
    config.samples = m_samples;
    config.tiers = tiers;
    config.exits = CompleteExits(hierarchy, tiers, exits);
    config.addresses = m_addresses;
    CheckNodes(GetNodes(config), config.number);
    return config;
}

void
DdnnHelper::InstallProcessors(const DdnnSiteConfig& config) const
{
    const NodeContainer& devices = config.tiers[0];
    for (const auto& [id, node] : GetNodes(config))
    {
        if (node->GetObject<DdnnProcessor>())
        {
            continue;
        }
        const auto processor = CreateObject<DdnnProcessor>();
        OwnRandomVariables(*processor);
        if (std::find(devices.Begin(), devices.End(), node) == devices.End())
        {
            SetComputed(*processor,
                        "OperationsPerSecond",
                        DoubleValue(SERVER_OPERATIONS_PER_SECOND));
        }
        node->AggregateObject(processor);
    }
}

ApplicationContainer
DdnnHelper::Install(const std::vector<NodeContainer>& tiers, const NodeContainer& exits)
{
    const ddnn::Hierarchy& hierarchy = m_model->GetHierarchy();
    const DdnnSiteConfig config = MakeConfig(tiers, exits);
    const auto site = CreateObject<DdnnSite>();
    Apply(site, ALL_TIERS);
    site->SetConfig(config);
    CheckSite(*site);
    InstallProcessors(config);

    Installed installed{site, {}};
    ApplicationContainer applications;
    std::map<Ptr<Node>, Ptr<DdnnEndpoint>> endpoints; // one for each node
    const auto install = [&](Ptr<DdnnApplication> application, Ptr<Node> node, int tier) {
        Ptr<DdnnEndpoint>& endpoint = endpoints[node];
        endpoint = endpoint ? endpoint : CreateObject<DdnnEndpoint>(site, node);
        application->SetEndpoint(endpoint);
        // nodes open their connections one after the other, or their handshakes would collide
        SetComputed(*application,
                    "ConnectDelay",
                    TimeValue(CONNECTION_SPACING * static_cast<int64_t>(endpoints.size())));
        Apply(application, tier);
        node->AddApplication(application);
        installed.applications.push_back(application);
        applications.Add(application);
    };
    install(CreateObject<DdnnSampleTracker>(), site->GetTrackerNode(), 0);
    for (int tier = 0; tier < site->GetNumTiers(); ++tier)
    {
        for (uint32_t node = 0; node < tiers[tier].GetN(); ++node)
        {
            const Ptr<DdnnSection> section = tier == 0
                                                 ? Ptr<DdnnSection>(CreateObject<DdnnEndDevice>())
                                                 : Ptr<DdnnSection>(CreateObject<DdnnServer>());
            section->SetPlace(tier, node);
            if (tier == 0)
            {
                SetComputed(*section, "Turn", UintegerValue(node));
            }
            install(section, tiers[tier].Get(node), tier);
        }
    }
    for (int tier = 0; tier < site->GetNumTiers(); ++tier)
    {
        const auto exit = CreateObject<DdnnExit>();
        exit->SetTier(tier);
        SetComputed(*exit, "Threshold", DoubleValue(hierarchy.tiers[tier].threshold));
        install(exit, site->GetExitNode(tier), tier);
    }
    CheckPolicies(hierarchy, installed.applications);
    m_installed.push_back(installed);
    ++m_nextNumber;
    for (const std::string& warning : GetWarnings())
    {
        NS_LOG_WARN(warning);
    }
    return applications;
}

int64_t
DdnnHelper::AssignStreams(int64_t stream) const
{
    for (const Installed& installed : m_installed)
    {
        int64_t next = stream + SITE_STREAMS * installed.site->GetNumber();
        for (const auto& application : installed.applications)
        {
            next += application->AssignStreams(next);
        }
        for (const auto& application : installed.applications)
        {
            next += application->AssignExtraStreams(next);
            const Ptr<Node> node = application->GetNode();
            node->GetObject<DdnnProcessor>()->AssignStreams(stream + ALL_SITE_STREAMS +
                                                            node->GetId());
        }
        installed.site->AssignStreams(next);
    }
    return 2 * ALL_SITE_STREAMS;
}

std::vector<std::string>
DdnnHelper::GetWarnings() const
{
    std::map<uint32_t, double> loads; // by node, in cores
    std::map<uint32_t, uint32_t> cores;
    for (const Installed& installed : m_installed)
    {
        const std::optional<Time> interval = installed.site->GetMeanInterval();
        for (const auto& application : installed.applications)
        {
            const auto device = DynamicCast<DdnnEndDevice>(application);
            const Ptr<Node> node = application->GetNode();
            const auto processor = node->GetObject<DdnnProcessor>();
            if (device && interval && interval->IsStrictlyPositive())
            {
                const Time compute = processor->GetDuration(device->GetOperations());
                loads[node->GetId()] += (compute / *interval).GetDouble();
                cores[node->GetId()] = processor->GetCores();
            }
        }
    }
    std::ostringstream first;
    uint32_t overloaded = 0;
    for (const auto& [node, load] : loads)
    {
        if (load > cores[node] && ++overloaded == 1)
        {
            first << "the processor of node " << node << " is overloaded: its end devices' samples "
                  << "need " << load << " cores, it has " << cores[node];
        }
    }
    if (overloaded == 0)
    {
        return {};
    }
    return {first.str() + "; overloaded nodes: " + std::to_string(overloaded) +
            "; see ns3::DdnnSite::Interval and ns3::DdnnProcessor::OperationsPerSecond"};
}

} // namespace ns3
