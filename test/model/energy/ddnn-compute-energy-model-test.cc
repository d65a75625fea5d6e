// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-compute-energy-model.h"

#include "ns3/basic-energy-source.h"
#include "ns3/double.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

/// A processor that takes 1 mJ per operation, and its source.
class ComputeEnergyModel : public testing::Test
{
  protected:
    ComputeEnergyModel()
    {
        m_source->SetInitialEnergy(2);
        m_source->SetSupplyVoltage(4);
        m_source->SetAttribute("BasicEnergyLowBatteryThreshold", DoubleValue(0.5));
        m_source->SetAttribute("BasicEnergyHighBatteryThreshold", DoubleValue(0.6));
        m_model->SetAttribute("JoulesPerOperation", DoubleValue(1e-3));
        m_model->SetEnergySource(m_source);
        m_model->TraceConnectWithoutContext(
            "Depleted",
            MakeCallback(&ComputeEnergyModel::HandleDepleted, this));
        m_source->AppendDeviceEnergyModel(m_model);
    }

    ~ComputeEnergyModel() override
    {
        Simulator::Destroy();
        m_source->Dispose();
    }

    void HandleDepleted(bool, bool depleted)
    {
        m_changes.emplace_back(Simulator::Now(), depleted);
    }

    void RunAt(Time begin, int64_t operations, Time duration)
    {
        Simulator::Schedule(begin, &DdnnComputeEnergyModel::Run, m_model, operations, duration);
    }

    void Simulate(Time end)
    {
        Simulator::Stop(end);
        Simulator::Run();
    }

    Ptr<energy::BasicEnergySource> m_source{CreateObject<energy::BasicEnergySource>()};
    Ptr<DdnnComputeEnergyModel> m_model{CreateObject<DdnnComputeEnergyModel>()};
    std::vector<std::pair<Time, bool>> m_changes; ///< whether the source is empty
};

/// What rounding to nanojoules may cost in a few updates.
constexpr double NANOJOULES = 1e-8;

} // namespace

TEST_F(ComputeEnergyModel, DrawsAConstantPowerDuringARun)
{
    RunAt(Seconds(1), 100, Seconds(2));
    Simulate(Seconds(2));
    EXPECT_DOUBLE_EQ(m_model->GetTotalEnergyConsumption(), 0.05);
    EXPECT_DOUBLE_EQ(m_model->GetCurrentA(), 0.1 / 2 / 4);
    EXPECT_NEAR(m_source->GetRemainingEnergy(), 1.95, NANOJOULES);
}

TEST_F(ComputeEnergyModel, CountsEveryOperationOfOverlappingRuns)
{
    RunAt(Seconds(1), 100, Seconds(2));
    RunAt(Seconds(2), 50, Seconds(2));
    RunAt(Seconds(2.5), 7, Time(0));
    Simulate(Seconds(10));
    EXPECT_DOUBLE_EQ(m_model->GetTotalEnergyConsumption(), 0.157);
    EXPECT_EQ(m_model->GetCurrentA(), 0);
    EXPECT_NEAR(m_source->GetRemainingEnergy(), 1.843, NANOJOULES);
    EXPECT_TRUE(m_changes.empty());
}

TEST_F(ComputeEnergyModel, StopsWhileTheSourceIsEmpty)
{
    RunAt(Seconds(1), 2000, Seconds(2));
    Simulator::Schedule(Seconds(2), &energy::BasicEnergySource::UpdateEnergySource, m_source);
    RunAt(Seconds(5), 100, Seconds(1));
    Simulator::Schedule(Seconds(7), &energy::BasicEnergySource::SetInitialEnergy, m_source, 2);
    RunAt(Seconds(8), 100, Seconds(1));
    Simulate(Seconds(8.5));
    EXPECT_EQ(m_changes.at(0), std::pair(Seconds(2), true));
    EXPECT_EQ(m_changes.at(1), std::pair(Seconds(7), false));
    EXPECT_DOUBLE_EQ(m_model->GetTotalEnergyConsumption(), 1.05);
    EXPECT_DOUBLE_EQ(m_model->GetCurrentA(), 0.1 / 4);
}

TEST_F(ComputeEnergyModel, FollowsTheProcessorOfANodeThatIsOn)
{
    const auto node = CreateObject<Node>();
    const auto processor = CreateObject<DdnnProcessor>();
    processor->SetAttribute("OperationsPerSecond", DoubleValue(100));
    node->AggregateObject(processor);
    m_model->Attach(processor);
    const auto submitAt = [&](double seconds, int64_t operations) {
        Simulator::Schedule(Seconds(seconds), [=] {
            DdnnJob job;
            job.operations = operations;
            processor->Submit(job, [](const DdnnJob&) {
            });
        });
    };
    const auto setOffAt = [&](double seconds, bool off) {
        Simulator::Schedule(Seconds(seconds),
                            &DdnnNodeSwitch::SetOff,
                            DdnnNodeSwitch::Get(node),
                            DdnnOffCause::FAULT,
                            off);
    };
    submitAt(1, 100);
    submitAt(3, 100);
    setOffAt(3.25, true); // a quarter was done
    submitAt(5, 100);
    setOffAt(5.5, false); // off when it began
    submitAt(7, 100);
    Simulate(Seconds(10));
    EXPECT_DOUBLE_EQ(m_model->GetTotalEnergyConsumption(), 0.225);
}
