// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-scenario.h"

#include "ddnn-estimates.h"
#include "ddnn-scenario-checks.h"
#include "ddnn-topology-names.h"

#include "ns3/boolean.h"
#include "ns3/ddnn-attributes.h"
#include "ns3/ddnn-fault-injector.h"
#include "ns3/ddnn-fault.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/double.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <sstream>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnScenario);

namespace
{

/// The first random stream of faults: far from all others', so that the same faults happen on every
/// access network.
constexpr int64_t FAULT_STREAMS = 1000000000000;

void
Require(bool condition, const std::string& message)
{
    if (!condition)
    {
        throw std::runtime_error(message);
    }
}

/// Leaves ns-3 as it was before the run, also after an exception.
class RunGuard
{
  public:
    explicit RunGuard(std::optional<uint64_t> run)
        : m_run(RngSeedManager::GetRun())
    {
        if (run)
        {
            RngSeedManager::SetRun(*run);
        }
    }

    ~RunGuard()
    {
        Simulator::Destroy();
        RngSeedManager::SetRun(m_run);
    }

    RunGuard(const RunGuard&) = delete;
    RunGuard& operator=(const RunGuard&) = delete;

  private:
    uint64_t m_run;
};

/// \return how long samples are captured: the mean interval for each
Time
GetDuration(const DdnnSite& site)
{
    return site.GetIntervalUntilNow() * static_cast<int64_t>(site.GetNumSamples());
}

Ptr<DdnnFaultInjector>
Inject(const DdnnScenarioParts& parts, const std::vector<DdnnFault>& faults, int64_t stream)
{
    const auto injector = CreateObject<DdnnFaultInjector>(parts.applications);
    AddDdnnTargets(parts.topology->GetSites(), *injector);
    injector->Add(faults);
    injector->AssignStreams(stream);
    return injector;
}

} // namespace

/// All that a run consists of.
struct DdnnScenario::Installed
{
    explicit Installed(const DdnnHelper& helper)
        : ddnn(helper)
    {
    }

    DdnnHelper ddnn;
    DdnnScenarioParts parts;
    Ptr<DdnnEnergy> energy; ///< nullptr: it is not accounted
    Ptr<DdnnFaultInjector> impairments;
    Ptr<DdnnFaultInjector> faults;
};

TypeId
DdnnScenario::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnScenario")
            .SetParent<Object>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnScenario>()
            .AddAttribute("Sites",
                          "Copies of the configuration, each with cells and gateways of its own, "
                          "that share the last tier.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&DdnnScenario::m_sites),
                          MakeUintegerChecker<uint32_t>(1, 4096))
            .AddAttribute("SitePhase",
                          "Part of the interval over which the sites' captures are spread; 0: all "
                          "capture at the same time.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&DdnnScenario::m_sitePhase),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("DeviceSpeed",
                          "Operations per second of the end devices' processors; 0: as "
                          "ns3::DdnnProcessor says.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&DdnnScenario::m_deviceSpeed),
                          MakeDoubleChecker<double>(0))
            .AddAttribute("EdgeSpeed",
                          "The same of the tiers between the end devices and the last.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&DdnnScenario::m_edgeSpeed),
                          MakeDoubleChecker<double>(0))
            .AddAttribute("CloudSpeed",
                          "The same of the last tier, for each core.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&DdnnScenario::m_cloudSpeed),
                          MakeDoubleChecker<double>(0))
            .AddAttribute("CloudCores",
                          "Cores of the last tier's processor.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&DdnnScenario::m_cloudCores),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("AccessLoss",
                          "Probability that a packet is lost which an access network has delivered "
                          "to an end device or from it, from the first capture on.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&DdnnScenario::m_accessLoss),
                          MakeDoubleChecker<double>(0, 1))
            .AddAttribute("Energy",
                          "Account the energy of the end devices; so does a battery or an energy "
                          "per operation that is set.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&DdnnScenario::m_energy),
                          MakeBooleanChecker())
            .AddAttribute("Drain",
                          "How long the simulation goes on when all samples have ended.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&DdnnScenario::m_drain),
                          MakeTimeChecker(Time(0)));
    return tid;
}

DdnnScenario::DdnnScenario() = default;

DdnnScenario::~DdnnScenario() = default;

std::vector<std::string>
DdnnScenario::Check(const DdnnRunSettings& run,
                    const ddnn::Hierarchy& hierarchy,
                    std::shared_ptr<const ddnn::Dataset> dataset) const
{
    const RunGuard guard(run.rngRun);
    const auto installed = Install(run, MakeUntrainedModel(hierarchy), dataset);
    const DdnnSiteApplications& site = installed->parts.sites[0];
    CheckDraws(*site.site, "Interval", 0, 1e9);
    CheckDraws(*site.devices[0], "Offset", 0, 1e9);
    CheckDraws(*site.devices[0]->GetNode()->GetObject<DdnnProcessor>(), "Jitter", -1, 1e9);
    std::set<std::string> used;
    for (const DdnnTopology::Cell& cell : installed->parts.topology->GetSites()[0].cells)
    {
        used.insert(cell.access->GetName());
    }
    std::vector<std::string> warnings;
    if (used != std::set<std::string>{"p2p"})
    {
        warnings = ddnn::Warnings(hierarchy);
    }
    if (installed->energy)
    {
        const auto more = installed->energy->GetWarnings();
        warnings.insert(warnings.end(), more.begin(), more.end());
    }
    return warnings;
}

void
DdnnScenario::CheckAttributes(const ddnn::Hierarchy& hierarchy) const
{
    CreateObject<DdnnTopologyHelper>()->Check(hierarchy);
    if (hierarchy.tiers.size() == 1)
    {
        CheckUnset(DdnnBackhaul::GetTypeId(), "the hierarchy has one tier, and no link to another");
    }
    CheckUnset(Application::GetTypeId(), "the scenario starts and stops its applications");
    for (const auto& [speed, name] : {std::pair{m_deviceSpeed, "DeviceSpeed"},
                                      std::pair{m_edgeSpeed, "EdgeSpeed"},
                                      std::pair{m_cloudSpeed, "CloudSpeed"}})
    {
        Require(speed == 0 || speed >= 1,
                std::string("ns3::DdnnScenario::") + name + " must be 0 or at least 1");
    }
    CheckDependent();
}

void
DdnnScenario::InstallProcessors(const DdnnTopology& topology) const
{
    const auto install = [](const NodeContainer& nodes, double speed, uint32_t cores) {
        // the last tier is all sites'
        if ((speed > 0 || cores > 1) && !nodes.Get(0)->GetObject<DdnnProcessor>())
        {
            const double byDefault = DdnnHelper::SERVER_OPERATIONS_PER_SECOND;
            DdnnHelper::InstallProcessor(nodes, speed > 0 ? speed : byDefault, cores);
        }
    };
    const std::size_t last = topology.tiers.size() - 1;
    install(topology.tiers[0], m_deviceSpeed, 1);
    for (std::size_t tier = 1; tier < last; ++tier)
    {
        install(topology.tiers[tier], m_edgeSpeed, 1);
    }
    if (last > 0)
    {
        install(topology.tiers[last], m_cloudSpeed, m_cloudCores);
    }
}

bool
DdnnScenario::AccountsEnergy() const
{
    return m_energy || !IsDefaultUnchanged("ns3::DdnnEnergy", "Battery") ||
           !IsDefaultUnchanged("ns3::DdnnComputeEnergyModel", "JoulesPerOperation");
}

void
DdnnScenario::InstallSites(DdnnHelper& ddnn, DdnnScenarioParts& parts) const
{
    const auto& topologies = parts.topology->GetSites();
    std::vector<std::size_t> samples = ddnn.GetSamples();
    const std::size_t step = std::max<std::size_t>(samples.size() / topologies.size(), 1);
    for (const DdnnTopology& topology : topologies)
    {
        InstallProcessors(topology);
        ddnn.SetSamples(samples);
        parts.applications.Add(ddnn.Install(topology.tiers, topology.exits));
        // the next site, which captures later, is behind: so they never have the same one
        std::rotate(samples.begin(), samples.end() - static_cast<int64_t>(step), samples.end());
    }
    parts.sites = FindDdnnSites(parts.applications);
    ConfigureForTopology(*parts.topology, parts.applications, m_sitePhase);
    parts.applications.Start(parts.topology->GetStartUpTime());
    TimeValue delay;
    parts.sites[0].site->GetAttribute("CaptureDelay", delay);
    parts.firstCapture = parts.topology->GetStartUpTime() + delay.Get();
}

/// \return what happens to the links from the first capture on
std::vector<DdnnFault>
DdnnScenario::MakeImpairments(const DdnnScenarioParts& parts) const
{
    std::ostringstream script;
    std::vector<DdnnFault> trace;
    if (m_accessLoss > 0)
    {
        script << "0s link:device loss " << m_accessLoss << "\n";
    }
    if (const auto backhaul = parts.topology->GetSites()[0].backhaul)
    {
        if (backhaul->GetLoss() > 0)
        {
            script << "0s link:backhaul loss " << backhaul->GetLoss() << "\n";
        }
        trace = backhaul->GetTrace("link:backhaul");
    }
    std::vector<DdnnFault> faults = ParseFaults(script.str());
    faults.insert(faults.end(), trace.begin(), trace.end());
    return faults;
}

std::unique_ptr<DdnnScenario::Installed>
DdnnScenario::Install(const DdnnRunSettings& run,
                      std::shared_ptr<const ddnn::Model> model,
                      std::shared_ptr<const ddnn::Dataset> dataset) const
{
    Require(!run.samples.empty(), "there is no sample to simulate; choose at least one");
    const ddnn::Hierarchy& hierarchy = model->GetHierarchy();
    for (int device : run.failedDevices)
    {
        Require(device >= 0 && device < hierarchy.tiers[0].numNodes,
                "device " + std::to_string(device) + " does not exist, there are " +
                    std::to_string(hierarchy.tiers[0].numNodes) + ", numbered from 0");
    }
    if (!run.pcapPrefix.empty())
    {
        CheckPcapPrefix(run.pcapPrefix);
    }
    CheckAttributes(hierarchy);
    auto installed = std::make_unique<Installed>(DdnnHelper(model, dataset, run.samples));
    auto& [ddnn, parts, energy, impairments, faults] = *installed;
    parts.topology = CreateObject<DdnnTopologyHelper>();
    parts.topology->Build(hierarchy, m_sites);
    for (const auto& [tier, threshold] : run.thresholds)
    {
        ddnn.SetExitAttribute("Threshold", DoubleValue(threshold), tier);
    }
    InstallSites(ddnn, parts);
    int64_t stream = 1;
    stream += parts.topology->AssignStreams(stream);
    stream += ddnn.AssignStreams(stream);
    stream += parts.topology->AssignBackhaulStreams(stream);
    if (AccountsEnergy())
    {
        energy = CreateObject<DdnnEnergy>(parts.applications);
        stream += energy->AssignStreams(stream);
        energy->InstallSources();
    }
    impairments = Inject(parts, MakeImpairments(parts), stream);
    faults = Inject(parts, run.faults, FAULT_STREAMS);
    for (int device : run.failedDevices)
    {
        for (const DdnnSiteApplications& site : parts.sites)
        {
            Simulator::Schedule(parts.topology->GetStartUpTime(),
                                &DdnnNodeSwitch::SetOff,
                                DdnnNodeSwitch::Get(site.devices.at(device)->GetNode()),
                                DdnnOffCause::FAULT,
                                true);
        }
    }
    return installed;
}

DdnnRunResult
DdnnScenario::Run(const DdnnRunSettings& run,
                  std::shared_ptr<const ddnn::Model> model,
                  std::shared_ptr<const ddnn::Dataset> dataset) const
{
    const RunGuard guard(run.rngRun);
    const auto installed = Install(run, model, dataset);
    const auto& [ddnn, parts, energy, impairments, faults] = *installed;
    DdnnRunResult result;
    faults->TraceConnectWithoutContext(
        "Fault",
        Callback<void, const DdnnFaultRecord&>([&result](const DdnnFaultRecord& fault) {
            result.faults.push_back(fault);
        }));
    DdnnRecorder recorder(parts.applications);
    AddDdnnHops(parts.topology->GetSites(), recorder);
    const DdnnMessageTracker messages(parts.applications);
    DdnnHelper::StopAfterLastSample(parts.applications, m_drain);
    if (!run.pcapPrefix.empty())
    {
        parts.topology->EnablePcap(run.pcapPrefix);
    }
    const auto attached = run.attach ? run.attach(parts) : nullptr;
    const auto begin = std::chrono::steady_clock::now();
    Simulator::Run();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    parts.topology->CheckStartUp();
    Require(recorder.CountUnfinished() == 0, "the simulation ended before all of its samples");
    result.records = recorder.GetRecords();
    result.traffic = recorder.GetTraffic();
    result.messages = messages.GetCounts();
    result.warnings = ddnn.GetWarnings();
    const auto busy = recorder.GetWarnings();
    result.warnings.insert(result.warnings.end(), busy.begin(), busy.end());
    if (energy)
    {
        result.energy = energy->GetResult();
    }
    result.CountApplications(parts.sites);
    result.duration = GetDuration(*parts.sites[0].site);
    result.events = Simulator::GetEventCount();
    result.wallSeconds = elapsed.count();
    return result;
}

} // namespace ns3
