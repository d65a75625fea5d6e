// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/ddnn-processor.h"

#include "ns3/double.h"
#include "ns3/object-factory.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

using namespace ns3;

namespace
{

constexpr double SPEED = 1e6; ///< operations per second: a microsecond each

/// A processor, and the jobs that it has finished, in that order.
class Processor : public testing::Test
{
  protected:
    ~Processor() override
    {
        Simulator::Destroy();
    }

    void Create(uint32_t cores = 1)
    {
        m_processor = CreateObjectWithAttributes<DdnnProcessor>("OperationsPerSecond",
                                                                DoubleValue(SPEED),
                                                                "Cores",
                                                                UintegerValue(cores));
    }

    void Submit(Time at, const DdnnJob& job)
    {
        Simulator::Schedule(at, [this, job] {
            m_processor->Submit(job, [this](const DdnnJob& done) {
                EXPECT_EQ(done.start + done.duration, Simulator::Now());
                m_done.push_back(done);
            });
        });
    }

    static DdnnJob MakeJob(uint32_t sample, int64_t operations, uint16_t site = 0)
    {
        DdnnJob job;
        job.site = site;
        job.sample = sample;
        job.operations = operations;
        return job;
    }

    /// Submits the next job of a Poisson process when the last one has arrived.
    void Arrive(uint32_t left, double meanSeconds, int64_t operations)
    {
        if (left == 0)
        {
            return;
        }
        m_processor->Submit(MakeJob(m_arrivals.size(), operations), [this](const DdnnJob& done) {
            m_done.push_back(done);
        });
        m_arrivals.push_back(Simulator::Now());
        const double wait = std::exponential_distribution<double>(1 / meanSeconds)(m_generator);
        Simulator::Schedule(Seconds(wait),
                            &Processor::Arrive,
                            this,
                            left - 1,
                            meanSeconds,
                            operations);
    }

    Ptr<DdnnProcessor> m_processor;
    std::vector<DdnnJob> m_done;
    std::vector<Time> m_arrivals;
    std::mt19937_64 m_generator{1};
};

/// Mean and its standard error, from the means of batches, as neighbouring values depend on each
/// other.
std::pair<double, double>
BatchMeans(const std::vector<double>& values, std::size_t batches)
{
    std::vector<double> means;
    const std::size_t size = values.size() / batches;
    for (std::size_t i = 0; i < batches; ++i)
    {
        const auto begin = values.begin() + static_cast<int64_t>(i * size);
        means.push_back(std::accumulate(begin, begin + static_cast<int64_t>(size), 0.0) /
                        static_cast<double>(size));
    }
    const double n = static_cast<double>(batches);
    const double mean = std::accumulate(means.begin(), means.end(), 0.0) / n;
    double squares = 0;
    for (const double value : means)
    {
        squares += (value - mean) * (value - mean);
    }
    return {mean, std::sqrt(squares / (n - 1) / n)};
}

} // namespace

class ProcessorLoad
    : public Processor
    , public testing::WithParamInterface<double>
{
};

TEST_P(ProcessorLoad, PoissonArrivalsWaitAsInAnMD1Queue)
{
    constexpr uint32_t JOBS = 500000;
    constexpr int64_t OPERATIONS = 1000;
    constexpr double SERVICE = OPERATIONS / SPEED;
    const double load = GetParam();
    Create();
    Simulator::ScheduleNow([this, load] {
        Arrive(JOBS, SERVICE / load, OPERATIONS);
    });
    Simulator::Run();
    ASSERT_EQ(m_done.size(), JOBS);
    std::vector<double> waits;
    for (const DdnnJob& job : m_done)
    {
        waits.push_back((job.start - job.arrival).GetSeconds());
    }
    // Pollaczek-Khinchine, for a constant time of service
    const double expected = load * SERVICE / (2 * (1 - load));
    const auto [mean, error] = BatchMeans(waits, 50);
    EXPECT_NEAR(mean + SERVICE, expected + SERVICE, 0.05 * (expected + SERVICE));
    EXPECT_NEAR(mean, expected, 3 * error);
    EXPECT_EQ(m_processor->GetBusyTime(), Seconds(SERVICE) * JOBS);
}

INSTANTIATE_TEST_SUITE_P(Loads, ProcessorLoad, testing::Values(0.3, 0.6, 0.9));

class ProcessorCores
    : public Processor
    , public testing::WithParamInterface<uint32_t>
{
};

TEST_P(ProcessorCores, JobsStartWhenACoreIsFree)
{
    constexpr uint32_t JOBS = 20000;
    const uint32_t cores = GetParam();
    Create(cores);
    std::uniform_int_distribution<int64_t> operations(1, 2000);
    std::uniform_int_distribution<int64_t> gaps(0, 2200000 / cores); // ns
    std::vector<Time> starts;
    std::vector<Time> free(cores); // an independent simulation: when each core is free
    Time arrival;
    for (uint32_t i = 0; i < JOBS; ++i)
    {
        const DdnnJob job = MakeJob(i, operations(m_generator));
        arrival += NanoSeconds(gaps(m_generator));
        Submit(arrival, job);
        const auto core = std::min_element(free.begin(), free.end());
        starts.push_back(Max(arrival, *core));
        *core = starts.back() + MicroSeconds(job.operations);
    }
    Simulator::Run();
    ASSERT_EQ(m_done.size(), JOBS);
    for (const DdnnJob& job : m_done)
    {
        ASSERT_EQ(job.start, starts[job.sample]) << job.sample;
    }
}

INSTANTIATE_TEST_SUITE_P(Cores, ProcessorCores, testing::Values(1, 2, 3, 8));

TEST_F(Processor, JobsOfTheSameMomentAreServedBySiteSampleTierAndNode)
{
    Create();
    std::vector<DdnnJob> jobs;
    for (const uint16_t site : {0, 1})
    {
        for (const uint32_t sample : {3, 4})
        {
            for (const uint8_t tier : {0, 1})
            {
                for (const uint16_t node : {0, 1, 2})
                {
                    jobs.push_back(MakeJob(sample, 10, site));
                    jobs.back().tier = tier;
                    jobs.back().node = node;
                }
            }
        }
    }
    std::vector<DdnnJob> shuffled = jobs;
    std::shuffle(shuffled.begin(), shuffled.end(), m_generator);
    for (const DdnnJob& job : shuffled)
    {
        Submit(Seconds(1), job);
    }
    Simulator::Run();
    ASSERT_EQ(m_done.size(), jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i)
    {
        EXPECT_EQ(m_done[i].site, jobs[i].site);
        EXPECT_EQ(m_done[i].sample, jobs[i].sample);
        EXPECT_EQ(m_done[i].tier, jobs[i].tier);
        EXPECT_EQ(m_done[i].node, jobs[i].node);
    }
}

TEST_F(Processor, TracesTellOfBusyCoresAndOfTheQueue)
{
    Create(2);
    std::vector<std::pair<Time, uint32_t>> busy;
    std::vector<uint32_t> queue;
    m_processor->TraceConnectWithoutContext(
        "BusyCores",
        Callback<void, uint32_t, uint32_t>([&](uint32_t, uint32_t now) {
            busy.emplace_back(Simulator::Now(), now);
        }));
    m_processor->TraceConnectWithoutContext(
        "QueueLength",
        Callback<void, uint32_t, uint32_t>([&](uint32_t, uint32_t now) {
            queue.push_back(now);
        }));
    for (uint32_t i = 0; i < 5; ++i)
    {
        Submit(MicroSeconds(i), MakeJob(i, 10));
    }
    Simulator::Run();
    // jobs 0 and 1 begin at once, 2 and 3 when these have finished, 4 then
    Time integral;
    for (std::size_t i = 0; i + 1 < busy.size(); ++i)
    {
        integral += (busy[i + 1].first - busy[i].first) * busy[i].second;
    }
    EXPECT_EQ(integral, MicroSeconds(50));
    EXPECT_EQ(integral, m_processor->GetBusyTime());
    EXPECT_EQ(busy.back().second, 0U);
    EXPECT_EQ(*std::max_element(queue.begin(), queue.end()), 3U);
    EXPECT_EQ(queue.back(), 0U);
    EXPECT_EQ(m_done.back().start, MicroSeconds(20));
}

TEST_F(Processor, ASlowdownIsThatOfJobsThatBeginAfterIt)
{
    Create();
    Submit(Seconds(0), MakeJob(0, 100));
    Submit(Seconds(0), MakeJob(1, 100));
    Simulator::Schedule(MicroSeconds(50), &DdnnProcessor::SetSlowdown, m_processor, 3.0);
    Simulator::Run();
    EXPECT_EQ(m_done[0].duration, MicroSeconds(100));
    EXPECT_EQ(m_done[1].duration, MicroSeconds(300));
}

TEST_F(Processor, JitterLengthensJobs)
{
    Create();
    double values[] = {0, 0.5, -0.25};
    auto variable = CreateObject<DeterministicRandomVariable>();
    variable->SetValueArray(values, 3);
    m_processor->SetAttribute("Jitter", PointerValue(variable));
    for (uint32_t i = 0; i < 3; ++i)
    {
        Submit(Seconds(0), MakeJob(i, 100));
    }
    Simulator::Run();
    EXPECT_EQ(m_done[0].duration, MicroSeconds(100));
    EXPECT_EQ(m_done[1].duration, MicroSeconds(150));
    EXPECT_EQ(m_done[2].duration, MicroSeconds(75));
}

TEST_F(Processor, ClearLosesTheJobsOfOneSite)
{
    Create();
    Submit(Seconds(0), MakeJob(0, 100, 1)); // on the core
    Submit(Seconds(0), MakeJob(1, 100, 1)); // waits
    Submit(Seconds(0), MakeJob(2, 100, 2));
    Simulator::Schedule(MicroSeconds(30), &DdnnProcessor::Clear, m_processor, uint16_t{1});
    Simulator::Run();
    ASSERT_EQ(m_done.size(), 1U);
    EXPECT_EQ(m_done[0].sample, 2U);
    EXPECT_EQ(m_done[0].start, MicroSeconds(30));
    EXPECT_EQ(m_processor->GetBusyTime(), MicroSeconds(130));
}
