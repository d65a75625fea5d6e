// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-scenario.h"

#include "ddnn-helper.h"
#include "ddnn-recorder.h"

#include "ns3/double.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace ns3
{

namespace
{

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

/// ns-3 itself would abort.
void
CheckPcapPrefix(const std::string& prefix, int numNodes)
{
    for (int i = 0; i < 2 * numNodes; ++i)
    {
        const std::string probe =
            prefix + "-" + std::to_string(i / 2) + "-" + std::to_string(i % 2) + ".pcap";
        const bool existed = std::filesystem::exists(probe);
        Require(std::ofstream(probe, std::ios::app).good(),
                "--pcap: cannot write " + probe + "; create its folder or choose another");
        if (!existed)
        {
            std::filesystem::remove(probe);
        }
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

void
Check(const DdnnScenarioSettings& settings, const ddnn::Hierarchy& hierarchy)
{
    Require(!settings.samples.empty(), "there is no sample to simulate; choose at least one");
    Require(settings.threshold >= 0 && settings.threshold <= 1,
            "--threshold is " + std::to_string(settings.threshold) + ", must be 0 to 1");
    Require(settings.interval.IsStrictlyPositive(), "--interval must be more than zero");
    Require(settings.sampleDeadline.IsStrictlyPositive(), "--deadline must be more than zero");
    Require(settings.backhaulRate.GetBitRate() > 0, "--backhaulRate must be more than zero");
    Require(!settings.backhaulDelay.IsStrictlyNegative(),
            "--backhaulDelay must not be less than zero");
    CheckFailedDevices(settings.failedDevices, hierarchy.tiers[0].numNodes);
    if (!settings.pcapPrefix.empty())
    {
        CheckPcapPrefix(settings.pcapPrefix, hierarchy.tiers[0].numNodes + 2);
    }
}

void
Configure(DdnnHelper& helper, const DdnnScenarioSettings& settings)
{
    helper.SetAccess(std::make_unique<DdnnWifiAccess>(settings.wifi));
    helper.SetBackhaul(settings.backhaulRate, settings.backhaulDelay);
    helper.SetInterval(settings.interval);
    helper.SetGatewayAttribute("Threshold", DoubleValue(settings.threshold));
    helper.SetGatewayAttribute("SampleDeadline", TimeValue(settings.sampleDeadline));
    helper.Install();
    helper.AssignStreams(1);
    for (int device : settings.failedDevices)
    {
        helper.SetFailed(device);
    }
    if (!settings.pcapPrefix.empty())
    {
        helper.EnablePcap(settings.pcapPrefix);
    }
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
    result.exited = helper.GetGateway()->GetCount(DdnnOutcome::EXITED);
    result.fallback = helper.GetGateway()->GetCount(DdnnOutcome::FALLBACK);
    result.lost = helper.GetGateway()->GetCount(DdnnOutcome::LOST);
    Require(result.exited + result.fallback + result.lost == result.records.size(),
            "the simulation ended before all of its samples; let the applications run to the end");
    CountRejected(*helper.GetGateway(), result.rejected);
    CountRejected(*helper.GetServer(), result.rejected);
    for (uint32_t i = 0; i < helper.GetDeviceNodes().GetN(); ++i)
    {
        CountRejected(*helper.GetDevice(i), result.rejected);
    }
    return result;
}

} // namespace

DdnnRunResult
RunScenario(const DdnnScenarioSettings& settings,
            std::shared_ptr<const ddnn::Model> model,
            std::shared_ptr<const ddnn::Dataset> dataset)
{
    Check(settings, model->GetHierarchy());
    DdnnHelper helper(model, dataset, settings.samples);
    const RunGuard guard(settings.rngRun);
    Configure(helper, settings);
    const DdnnRecorder recorder(helper);
    std::shared_ptr<void> attached;
    if (settings.attach)
    {
        attached = settings.attach(helper);
    }
    Simulator::Stop(helper.GetEnd());
    Simulator::Run();
    return Collect(helper, recorder);
}

} // namespace ns3
