// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-compute-energy-model.h"

#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnComputeEnergyModel");
NS_OBJECT_ENSURE_REGISTERED(DdnnComputeEnergyModel);

TypeId
DdnnComputeEnergyModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnComputeEnergyModel")
            .SetParent<energy::DeviceEnergyModel>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnComputeEnergyModel>()
            .AddAttribute("JoulesPerOperation",
                          "Energy of one operation. The default is a Cortex-M7 at 216 MHz: 102 mA, "
                          "typical of an STM32F746 in run mode from ITCM RAM with all peripherals "
                          "disabled (data sheet of STM32F745xx and STM32F746xx, DocID027590), at "
                          "3.3 V, for 249 million operations a second.",
                          DoubleValue(JOULES_PER_OPERATION),
                          MakeDoubleAccessor(&DdnnComputeEnergyModel::m_joulesPerOperation),
                          MakeDoubleChecker<double>(0))
            .AddTraceSource("Depleted",
                            "The source is empty, or was recharged.",
                            MakeTraceSourceAccessor(&DdnnComputeEnergyModel::m_depleted),
                            "ns3::TracedValueCallback::Bool");
    return tid;
}

DdnnComputeEnergyModel::DdnnComputeEnergyModel() = default;

DdnnComputeEnergyModel::~DdnnComputeEnergyModel() = default;

void
DdnnComputeEnergyModel::Attach(Ptr<DdnnProcessor> processor)
{
    processor->TraceConnectWithoutContext("JobStarted",
                                          MakeCallback(&DdnnComputeEnergyModel::HandleJob, this));
    m_switch = DdnnNodeSwitch::Get(processor->GetObject<Node>());
    m_switch->TraceConnectWithoutContext("Off",
                                         MakeCallback(&DdnnComputeEnergyModel::HandleOff, this));
}

void
DdnnComputeEnergyModel::SetEnergySource(Ptr<energy::EnergySource> source)
{
    m_source = source;
}

double
DdnnComputeEnergyModel::GetTotalEnergyConsumption() const
{
    double joules = m_finishedJoules;
    for (const auto& [run, section] : m_runs)
    {
        joules += GetDrawn(section);
    }
    return joules;
}

double
DdnnComputeEnergyModel::GetDrawn(const Section& section)
{
    const Time elapsed = Simulator::Now() - section.begin;
    return section.joules * (elapsed.GetSeconds() / section.duration.GetSeconds());
}

double
DdnnComputeEnergyModel::DoGetCurrentA() const
{
    double watts = 0;
    for (const auto& [run, section] : m_runs)
    {
        watts += section.joules / section.duration.GetSeconds();
    }
    return watts / m_source->GetSupplyVoltage();
}

void
DdnnComputeEnergyModel::ChangeState(int)
{
}

void
DdnnComputeEnergyModel::HandleJob(const DdnnJob& job)
{
    if (!m_switch->IsOff())
    {
        Run(job.operations, job.duration);
    }
}

void
DdnnComputeEnergyModel::HandleOff(bool off)
{
    if (off)
    {
        m_source->UpdateEnergySource();
        Stop();
    }
}

void
DdnnComputeEnergyModel::Run(int64_t operations, Time duration)
{
    NS_LOG_FUNCTION(this << operations << duration);
    m_source->UpdateEnergySource(); // until now the current was another one
    if (m_depleted)
    {
        return;
    }
    // A source knows currents only, so that even the fastest processor needs a moment.
    const Time positive = Max(duration, NanoSeconds(1));
    const uint64_t run = m_numRuns++;
    m_runs[run] = {Simulator::Now(), positive, operations * m_joulesPerOperation};
    Simulator::Schedule(positive, &DdnnComputeEnergyModel::Finish, this, run);
}

void
DdnnComputeEnergyModel::Finish(uint64_t run)
{
    if (m_runs.count(run) > 0)
    {
        m_source->UpdateEnergySource();
    }
    const auto found = m_runs.find(run);
    if (found != m_runs.end()) // the source may just have become empty
    {
        m_finishedJoules += found->second.joules;
        m_runs.erase(found);
    }
}

void
DdnnComputeEnergyModel::Stop()
{
    m_finishedJoules = GetTotalEnergyConsumption();
    m_runs.clear();
}

void
DdnnComputeEnergyModel::HandleEnergyDepletion()
{
    Stop();
    m_depleted = true;
}

void
DdnnComputeEnergyModel::HandleEnergyRecharged()
{
    m_depleted = false;
}

void
DdnnComputeEnergyModel::HandleEnergyChanged()
{
    // the runs' power does not depend on what is left
}

void
DdnnComputeEnergyModel::DoDispose()
{
    m_source = nullptr;
    m_switch = nullptr;
    m_runs.clear();
    energy::DeviceEnergyModel::DoDispose();
}

} // namespace ns3
