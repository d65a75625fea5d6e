// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-energy.h"

#include "ns3/ddnn-battery.h"
#include "ns3/ddnn-compute-energy-model.h"
#include "ns3/ddnn-site-applications.h"
#include "ns3/ddnn-switch.h"
#include "ns3/ddnn-wifi-energy-model.h"

#include "ns3/double.h"
#include "ns3/energy-source-container.h"
#include "ns3/loopback-net-device.h"
#include "ns3/node-list.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/wifi-net-device.h"

#include <optional>
#include <set>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnEnergy);

namespace
{

/// Where a battery that is never empty begins, and the most that others may have: ns-3's radio
/// draws as much in 140 days. Nanojoules of it can still be told.
constexpr double MAX_JOULES = 1e7;

/// The source's energy at which a battery counts as empty, as a part of what it has at first.
constexpr double EMPTY = 0.5;

/// And that at which the node comes back.
constexpr double RECHARGED = EMPTY * 1.05;

/// \return the models on a source, of all types that exist
std::vector<Ptr<energy::DeviceEnergyModel>>
FindModels(energy::EnergySource& source)
{
    std::vector<Ptr<energy::DeviceEnergyModel>> all;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const TypeId type = TypeId::GetRegistered(i);
        if (type.IsChildOf(energy::DeviceEnergyModel::GetTypeId()))
        {
            const auto models = source.FindDeviceEnergyModels(type);
            all.insert(all.end(), models.Begin(), models.End());
        }
    }
    return all;
}

std::vector<Ptr<WifiNetDevice>>
FindRadios(const Node& node)
{
    std::vector<Ptr<WifiNetDevice>> radios;
    for (uint32_t i = 0; i < node.GetNDevices(); ++i)
    {
        if (const auto device = DynamicCast<WifiNetDevice>(node.GetDevice(i)))
        {
            radios.push_back(device);
        }
    }
    return radios;
}

} // namespace

/// The account of a node.
struct DdnnEnergy::Meter
{
    Ptr<Node> node;
    Ptr<energy::EnergySourceContainer> sources; ///< null: it has none
    Ptr<energy::BasicEnergySource> own;         ///< null: the sources are the user's
    Ptr<DdnnComputeEnergyModel> compute;
    std::set<Ptr<DdnnSite>> sites; ///< that have not ended
    std::optional<Time> opened;
    DdnnNodeEnergy before; ///< what was used when it opened
    DdnnNodeEnergy used;   ///< since then, when its last site ended
};

double
DdnnEnergyResult::GetTotal() const
{
    double total = 0;
    for (const DdnnNodeEnergy& node : nodes)
    {
        total += node.device >= 0 ? node.radio + node.compute : 0;
    }
    return total;
}

TypeId
DdnnEnergy::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnEnergy")
            .SetParent<Object>()
            .SetGroupName("Ddnn")
            .AddAttribute("Battery",
                          "What an end device's battery of InstallSources holds at its first "
                          "capture, in joules, drawn once for each; 0: it is never empty.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0]"),
                          MakePointerAccessor(&DdnnEnergy::m_battery),
                          MakePointerChecker<RandomVariableStream>());
    return tid;
}

DdnnEnergy::DdnnEnergy(const ApplicationContainer& applications)
{
    std::set<Ptr<DdnnSite>> sites;
    for (const DdnnSiteApplications& found : FindDdnnSites(applications))
    {
        const Ptr<DdnnSite> site = found.site;
        sites.insert(site);
        site->TraceConnectWithoutContext(
            "Captured",
            MakeCallback(&DdnnEnergy::HandleCaptured, this, PeekPointer(site)));
        for (int device = 0; device < static_cast<int>(found.devices.size()); ++device)
        {
            Meter& meter = Get(site->GetNode(0, device));
            if (meter.sites.empty())
            {
                meter.used.site = site->GetNumber();
                meter.used.device = device;
            }
            meter.sites.insert(site);
        }
    }
    for (auto node = NodeList::Begin(); node != NodeList::End(); ++node)
    {
        if (HasSource(**node))
        {
            Meter& meter = Get(*node);
            meter.sites = meter.sites.empty() ? sites : meter.sites;
            Attach(meter);
        }
    }
    const auto keep = [self = Ptr<DdnnEnergy>(this)] {
    };
    Simulator::ScheduleDestroy(keep); // what is traced and scheduled needs it until then
}

DdnnEnergy::~DdnnEnergy() = default;

/// \return the account of a node, made at the first call
DdnnEnergy::Meter&
DdnnEnergy::Get(Ptr<Node> node)
{
    auto& meter = m_meters[node->GetId()];
    if (!meter)
    {
        meter = std::make_unique<Meter>();
        meter->node = node;
        meter->used.node = node->GetId();
    }
    return *meter;
}

bool
DdnnEnergy::HasSource(const Node& node)
{
    const auto sources = node.GetObject<energy::EnergySourceContainer>();
    return sources && sources->GetN() > 0;
}

/// Follow the node's sources, of which the first feeds its processor.
void
DdnnEnergy::Attach(Meter& meter)
{
    meter.sources = meter.node->GetObject<energy::EnergySourceContainer>();
    const Ptr<energy::EnergySource> first = meter.sources->Get(0);
    const auto models = first->FindDeviceEnergyModels(DdnnComputeEnergyModel::GetTypeId());
    if (models.GetN() > 0) // another account's, or the user's
    {
        meter.compute = DynamicCast<DdnnComputeEnergyModel>(models.Get(0));
    }
    else
    {
        meter.compute = CreateObject<DdnnComputeEnergyModel>();
        meter.compute->SetEnergySource(first);
        first->AppendDeviceEnergyModel(meter.compute);
        if (const auto processor = meter.node->GetObject<DdnnProcessor>())
        {
            meter.compute->Attach(processor);
        }
    }
    if (!meter.own)
    {
        AttachRadios(meter);
    }
    meter.compute->TraceConnectWithoutContext(
        "Depleted",
        MakeCallback(&DdnnEnergy::HandleDepleted, this, &meter));
}

/// Make models of the radios: such as stand in for the user's and, for our own source, for the
/// rest.
void
DdnnEnergy::AttachRadios(const Meter& meter)
{
    const std::vector<Ptr<WifiNetDevice>> radios = FindRadios(*meter.node);
    auto radio = radios.begin();
    for (uint32_t i = 0; i < meter.sources->GetN(); ++i)
    {
        const auto source = meter.sources->Get(i);
        const auto models = source->FindDeviceEnergyModels(WifiRadioEnergyModel::GetTypeId());
        const auto ours = source->FindDeviceEnergyModels(DdnnWifiEnergyModel::GetTypeId());
        for (uint32_t j = 0; j < models.GetN() && radio != radios.end(); ++j, ++radio)
        {
            if (ours.GetN() > 0) // another account's
            {
                continue;
            }
            const auto model = DynamicCast<WifiRadioEnergyModel>(models.Get(j));
            model->SetEnergyDepletionCallback(Callback<void>());
            model->SetEnergyRechargedCallback(Callback<void>());
            CreateObject<DdnnWifiEnergyModel>()->Attach(*radio, source, model);
        }
    }
    for (; meter.own && radio != radios.end(); ++radio)
    {
        CreateObject<DdnnWifiEnergyModel>()->Attach(*radio, meter.own);
    }
}

void
DdnnEnergy::InstallSources()
{
    for (auto& [id, meter] : m_meters)
    {
        if (meter->sources)
        {
            continue;
        }
        if (HasSource(*meter->node)) // another account's, or installed since
        {
            Attach(*meter);
            continue;
        }
        const double joules = m_battery->GetValue();
        if (!(joules >= 0 && joules <= MAX_JOULES))
        {
            throw std::runtime_error("ns3::DdnnEnergy::Battery drew " + std::to_string(joules) +
                                     " for node " + std::to_string(id) +
                                     ", it must be 0 (never empty) to 10000000 joules");
        }
        const bool ends = joules > 0;
        ObjectFactory factory;
        factory.SetTypeId(ends ? DdnnBattery::GetTypeId() : energy::BasicEnergySource::GetTypeId());
        factory.Set("BasicEnergySourceInitialEnergyJ",
                    DoubleValue(ends ? joules / EMPTY : MAX_JOULES));
        factory.Set("BasicEnergyLowBatteryThreshold", DoubleValue(ends ? EMPTY : -MAX_JOULES));
        factory.Set("BasicEnergyHighBatteryThreshold", DoubleValue(RECHARGED));
        meter->own = factory.Create<energy::BasicEnergySource>();
        meter->own->SetNode(meter->node);
        const auto sources = CreateObject<energy::EnergySourceContainer>();
        sources->Add(meter->own);
        meter->node->AggregateObject(sources);
        Attach(*meter);
    }
}

void
DdnnEnergy::HandleCaptured(DdnnSite* site, uint32_t sample)
{
    if (sample == 0)
    {
        Open(site);
    }
    if (sample + 1 == site->GetNumSamples())
    {
        Simulator::Schedule(site->GetIntervalUntilNow(), &DdnnEnergy::HandleEnd, this, site);
    }
}

void
DdnnEnergy::HandleEnd(DdnnSite* site)
{
    for (auto& [id, meter] : m_meters)
    {
        if (meter->sites.erase(site) > 0 && meter->sites.empty())
        {
            meter->used = Read(*meter);
        }
    }
}

void
DdnnEnergy::Open(DdnnSite* site)
{
    for (auto& [id, meter] : m_meters)
    {
        if (meter->opened || meter->sites.count(site) == 0)
        {
            continue;
        }
        if (meter->own)
        {
            meter->own->UpdateEnergySource();
            meter->own->SetInitialEnergy(meter->own->GetInitialEnergy()); // full, not more
            AttachRadios(*meter);
        }
        meter->before = Read(*meter);
        meter->opened = Simulator::Now();
    }
}

/// \return what was used since the account opened or, before that, in all
DdnnNodeEnergy
DdnnEnergy::Read(const Meter& meter)
{
    DdnnNodeEnergy read = meter.used;
    read.radio = -meter.before.radio;
    read.compute = -meter.before.compute;
    read.drawn = -meter.before.drawn;
    for (uint32_t i = 0; meter.sources && i < meter.sources->GetN(); ++i)
    {
        read.drawn -= meter.sources->Get(i)->GetRemainingEnergy();
        for (const auto& model : FindModels(*meter.sources->Get(i)))
        {
            const bool computes = model == meter.compute;
            (computes ? read.compute : read.radio) += model->GetTotalEnergyConsumption();
        }
    }
    return read;
}

DdnnEnergyResult
DdnnEnergy::GetResult() const
{
    DdnnEnergyResult result;
    for (const auto& [id, meter] : m_meters)
    {
        const bool ended = !meter->opened || meter->sites.empty();
        result.nodes.push_back(ended ? meter->used : Read(*meter));
    }
    for (const auto& [meter, time] : m_deaths)
    {
        result.deaths.push_back({meter->used, time - meter->opened.value_or(Time(0))});
    }
    return result;
}

std::vector<std::string>
DdnnEnergy::GetWarnings() const
{
    std::set<std::string> types;
    for (const auto& [id, meter] : m_meters)
    {
        std::size_t numModels = 0;
        for (uint32_t i = 0; meter->sources && i < meter->sources->GetN(); ++i)
        {
            numModels += FindModels(*meter->sources->Get(i)).size();
        }
        // our own source gets models of radios at the first capture
        const bool computes = numModels == 1 && (!meter->own || FindRadios(*meter->node).empty());
        for (uint32_t i = 0; computes && i < meter->node->GetNDevices(); ++i)
        {
            types.insert(meter->node->GetDevice(i)->GetInstanceTypeId().GetName());
        }
    }
    types.erase(LoopbackNetDevice::GetTypeId().GetName());
    std::vector<std::string> warnings;
    for (const std::string& type : types)
    {
        warnings.push_back("energy: " + type +
                           " has no energy model, computing alone is accounted there");
    }
    return warnings;
}

void
DdnnEnergy::HandleDepleted(Meter* meter, bool, bool depleted)
{
    // not at once: a change of the radio's state may be under way
    Simulator::ScheduleNow(&DdnnEnergy::Switch, this, meter, depleted);
}

void
DdnnEnergy::Switch(Meter* meter, bool off)
{
    if (off)
    {
        m_deaths.emplace_back(meter, Simulator::Now());
    }
    DdnnNodeSwitch::Get(meter->node)->SetOff(DdnnOffCause::BATTERY, off);
}

int64_t
DdnnEnergy::AssignStreams(int64_t stream)
{
    m_battery->SetStream(stream);
    return 1;
}

} // namespace ns3
