// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-scenario.h"

#include "ddnn-fault-check.h"
#include "ddnn-fault-injector.h"
#include "ddnn-fault-target.h"
#include "ddnn-helper.h"
#include "ddnn-recorder.h"
#include "ddnn-require.h"
#include "ddnn-transit.h"

#include "contrib-ddnn/hierarchy-presets.h"

#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/udp-socket-factory.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

namespace ns3
{

namespace
{

/// The first random stream of random faults: far from all others', so that the same faults happen
/// on every access network.
constexpr int64_t FAULT_STREAMS = 1000000000000;

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

/// ns-3 itself would abort.
void
CheckPcapPrefix(const std::string& prefix)
{
    const std::string probe = prefix + "-0-1.pcap";
    const bool existed = std::filesystem::exists(probe);
    Require(std::ofstream(probe, std::ios::app).good(),
            "--pcap: cannot write " + probe + "; create its folder or choose another");
    if (!existed)
    {
        std::filesystem::remove(probe);
    }
}

void
CheckFailedDevices(const std::vector<int>& failed, int numDevices)
{
    for (int device : failed)
    {
        Require(device >= 0 && device < numDevices,
                "--failed: device " + std::to_string(device) + " does not exist, there are " +
                    std::to_string(numDevices) + ", numbered from 0");
    }
}

/// \param makeAccess makes the access network of a cell
void
CheckFaultsOfAccess(const std::vector<DdnnFault>& faults,
                    ddnn::Hierarchy hierarchy,
                    const DdnnTopologySettings::AccessMaker& makeAccess)
{
    if (hierarchy.cells.empty())
    {
        ddnn::SplitIntoCells(hierarchy, 1);
    }
    for (const DdnnFault& fault : faults)
    {
        std::set<int> devices;
        for (const DdnnFaultUnit& unit : ResolveFault(fault, hierarchy))
        {
            if (unit.kind == DdnnFaultUnit::Kind::ACCESS)
            {
                devices.insert(unit.index);
            }
        }
        std::map<std::string, bool> technologies; // and whether whole cells are meant
        for (const ddnn::Cell& cell : hierarchy.cells)
        {
            const auto targets =
                std::count_if(cell.devices.begin(), cell.devices.end(), [&](int device) {
                    return devices.count(device) > 0;
                });
            if (targets > 0)
            {
                bool& whole = technologies.emplace(cell.access, true).first->second;
                whole = whole && static_cast<std::size_t>(targets) == cell.devices.size();
            }
        }
        for (const auto& [technology, whole] : technologies)
        {
            DdnnFaultInjector::CheckAccess(fault, *makeAccess(technology, 0), whole);
        }
    }
}

void
CheckThreshold(const std::string& option, double threshold)
{
    Require(threshold >= 0 && threshold <= 1,
            option + " has " + std::to_string(threshold) + ", must be 0 to 1");
}

TypeId
GetProtocol(const DdnnScenarioSettings& settings)
{
    return settings.transport == DdnnTransport::TCP ? TcpSocketFactory::GetTypeId()
                                                    : UdpSocketFactory::GetTypeId();
}

/// The links come up without losses, which count from the first capture.
void
ScheduleAccessLoss(DdnnHelper& helper, double packetErrorRate)
{
    if (packetErrorRate == 0)
    {
        return;
    }
    Simulator::Schedule(helper.GetFirstCapture() - NanoSeconds(1), [&helper, packetErrorRate]() {
        for (const DdnnTopology::Cell& cell : helper.GetTopology().GetCells())
        {
            for (uint32_t i = 0; i < cell.nodes.GetN(); ++i)
            {
                cell.access->SetLoss(i, packetErrorRate);
            }
        }
    });
}

void
Configure(DdnnHelper& helper, const DdnnScenarioSettings& settings)
{
    helper.SetAccess(settings.access);
    helper.SetLinks(settings.links);
    helper.SetProtocol(GetProtocol(settings));
    helper.SetPolicies(settings.policies);
    helper.SetInterval(settings.interval);
    helper.SetThreshold(0, settings.threshold);
    for (std::size_t i = 0; i < settings.upperThresholds.size(); ++i)
    {
        helper.SetThreshold(static_cast<int>(i) + 1, settings.upperThresholds[i]);
    }
    helper.SetLedgerAttribute("SampleDeadline", TimeValue(settings.sampleDeadline));
    helper.Install();
    helper.AssignStreams(1);
    ScheduleAccessLoss(helper, settings.access.packetErrorRate);
    for (int device : settings.failedDevices)
    {
        helper.SetDown(device, DdnnDownReason::FAULT, true);
    }
    if (!settings.pcapPrefix.empty())
    {
        helper.EnablePcap(settings.pcapPrefix);
    }
}

/// \param happened gets all faults that happen, and must outlive the simulation
/// \return nothing if there are no faults
Ptr<DdnnFaultInjector>
InjectFaults(DdnnHelper& helper,
             const std::vector<DdnnFault>& faults,
             std::vector<DdnnFaultRecord>& happened)
{
    if (faults.empty())
    {
        return nullptr;
    }
    auto injector = CreateObject<DdnnFaultInjector>(helper);
    for (const DdnnFault& fault : faults)
    {
        injector->Add(fault);
    }
    injector->AssignStreams(FAULT_STREAMS);
    injector->TraceConnectWithoutContext(
        "Fault",
        Callback<void, const DdnnFaultRecord&>([&happened](const DdnnFaultRecord& fault) {
            happened.push_back(fault);
        }));
    return injector;
}

void
CountRejected(const DdnnApplication& application, std::map<DdnnReject, uint64_t>& rejected)
{
    for (std::size_t i = 0; i < DDNN_NUM_REJECTS; ++i)
    {
        const auto reason = static_cast<DdnnReject>(i);
        rejected[reason] += application.GetRejected(reason);
    }
}

DdnnRunResult
Collect(const DdnnHelper& helper, const DdnnRecorder& recorder)
{
    DdnnRunResult result;
    result.records = recorder.GetRecords();
    result.traffic = recorder.GetTraffic();
    result.exited = helper.GetLedger()->GetCount(DdnnOutcome::EXITED);
    result.fallback = helper.GetLedger()->GetCount(DdnnOutcome::FALLBACK);
    result.lost = helper.GetLedger()->GetCount(DdnnOutcome::LOST);
    Require(result.exited + result.fallback + result.lost == result.records.size(),
            "the simulation ended before all of its samples; let the applications run to the end");
    for (const auto& application : helper.GetApplications())
    {
        CountRejected(*application, result.rejected);
        if (const auto section = DynamicCast<DdnnSection>(application))
        {
            result.givenUp += section->GetGivenUp();
        }
        if (const auto device = DynamicCast<DdnnEndDevice>(application))
        {
            result.withheld += device->GetWithheld();
        }
    }
    return result;
}

} // namespace

void
CheckScenario(const DdnnScenarioSettings& settings, const ddnn::Hierarchy& hierarchy)
{
    Require(!settings.samples.empty(), "there is no sample to simulate; choose at least one");
    CheckThreshold("--threshold", settings.threshold);
    const std::size_t upper = settings.upperThresholds.size();
    const std::size_t between = std::max<std::size_t>(hierarchy.tiers.size(), 2) - 2;
    Require(upper <= between,
            "--upperThresholds has " + std::to_string(upper) + " values, but " +
                std::to_string(between) +
                " exits stand between the local and the last one, which always classifies");
    for (double threshold : settings.upperThresholds)
    {
        CheckThreshold("--upperThresholds", threshold);
    }
    Require(settings.interval.IsStrictlyPositive(), "--interval must be more than zero");
    Require(settings.sampleDeadline.IsStrictlyPositive(), "--deadline must be more than zero");
    Require(!settings.drain.IsStrictlyNegative(), "the time to drain must not be less than zero");
    constexpr double LONGEST_RUN = 9e9; // seconds; ns-3 counts nanoseconds in 64 bits
    const double seconds = settings.interval.GetSeconds() * settings.samples.size() +
                           settings.sampleDeadline.GetSeconds();
    Require(seconds < LONGEST_RUN,
            "--interval: " + std::to_string(settings.samples.size()) +
                " samples take longer than ns-3 can count; use a shorter one");
    const Time duration = settings.interval * settings.samples.size() + settings.sampleDeadline;
    CheckAccess(settings.access, hierarchy, duration);
    DdnnWire::Check("backhaul", settings.links.cloud);
    DdnnWire::Check("edge", settings.links.edge);
    DdnnWire::Check("cell", settings.links.cell);
    DdnnWire::Check("site", settings.links.site);
    DdnnBackhaul::Check(settings.links, hierarchy.tiers.size(), duration);
    CheckFailedDevices(settings.failedDevices, hierarchy.tiers[0].numNodes);
    CheckFaults(settings.faults, hierarchy, duration);
    CheckFaultTimes(settings.faults, duration + settings.drain);
    if (!settings.pcapPrefix.empty())
    {
        CheckPcapPrefix(settings.pcapPrefix);
    }
    CheckEnergy(settings.energy);
    CheckPolicies(settings.policies, hierarchy, settings.transport == DdnnTransport::TCP);
    DdnnHelper::CheckMessageSize(hierarchy, GetProtocol(settings));
    DdnnTopologySettings links = settings.links;
    links.makeAccess = [&settings](const std::string& technology, uint32_t cell) {
        return MakeCellAccess(settings.access, technology, cell);
    };
    DdnnTopology::Check(hierarchy, links);
    CheckFaultsOfAccess(settings.faults, hierarchy, links.makeAccess);
}

DdnnRunResult
RunScenario(const DdnnScenarioSettings& settings,
            std::shared_ptr<const ddnn::Model> model,
            std::shared_ptr<const ddnn::Dataset> dataset)
{
    CheckScenario(settings, model->GetHierarchy());
    DdnnHelper helper(model, dataset, settings.samples);
    std::unique_ptr<DdnnTransit> transit; // these outlive
    std::unique_ptr<DdnnEnergy> energy;   // outlives the simulator, which the guard destroys
    const RunGuard guard(settings.rngRun);
    Configure(helper, settings);
    if (settings.energy.enabled)
    {
        energy = std::make_unique<DdnnEnergy>(helper, settings.energy);
    }
    const DdnnRecorder recorder(helper);
    transit = std::make_unique<DdnnTransit>(helper);
    std::vector<DdnnFaultRecord> faults;
    const auto injector = InjectFaults(helper, settings.faults, faults);
    std::shared_ptr<void> attached;
    if (settings.attach)
    {
        attached = settings.attach(helper);
    }
    Simulator::Stop(helper.GetEnd() + settings.drain);
    const auto begin = std::chrono::steady_clock::now();
    Simulator::Run();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    if (injector)
    {
        injector->CheckHappened();
    }
    DdnnRunResult result = Collect(helper, recorder);
    result.messages = transit->GetCounts();
    result.faults = std::move(faults);
    if (energy)
    {
        result.energy = energy->GetResult();
    }
    result.duration = settings.interval * settings.samples.size();
    result.events = Simulator::GetEventCount();
    result.wallSeconds = elapsed.count();
    return result;
}

} // namespace ns3
