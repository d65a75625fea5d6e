// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-processor.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <tuple>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("DdnnProcessor");
NS_OBJECT_ENSURE_REGISTERED(DdnnProcessor);

TypeId
DdnnProcessor::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnProcessor")
            .SetParent<Object>()
            .SetGroupName("Ddnn")
            .AddConstructor<DdnnProcessor>()
            .AddAttribute("OperationsPerSecond",
                          "Speed of a core. The default, that of end devices, is a Cortex-M7 at "
                          "216 MHz: 24.7 million operations in 99.1 ms (Lai, Suda, Chandra, "
                          "CMSIS-NN, arXiv:1801.06601). DdnnHelper gives all other nodes 100 "
                          "billion, which is what one core of a server does with 256-bit vectors "
                          "of floats at about 3 GHz.",
                          DoubleValue(249e6),
                          MakeDoubleAccessor(&DdnnProcessor::m_operationsPerSecond),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("Cores",
                          "How many jobs it works on at the same time.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&DdnnProcessor::m_cores),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Jitter",
                          "Random part of a job's duration: it takes (1 + Jitter) times as long.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0]"),
                          MakePointerAccessor(&DdnnProcessor::m_jitter),
                          MakePointerChecker<RandomVariableStream>())
            .AddTraceSource("BusyCores",
                            "Number of cores that work; over Cores, it is the utilisation.",
                            MakeTraceSourceAccessor(&DdnnProcessor::m_busyCores),
                            "ns3::TracedValueCallback::Uint32")
            .AddTraceSource("QueueLength",
                            "Number of jobs that wait for a core.",
                            MakeTraceSourceAccessor(&DdnnProcessor::m_queueLength),
                            "ns3::TracedValueCallback::Uint32")
            .AddTraceSource("JobStarted",
                            "A core begins with a job.",
                            MakeTraceSourceAccessor(&DdnnProcessor::m_startedTrace),
                            "ns3::DdnnProcessor::JobTracedCallback")
            .AddTraceSource("JobFinished",
                            "A job has finished.",
                            MakeTraceSourceAccessor(&DdnnProcessor::m_finishedTrace),
                            "ns3::DdnnProcessor::JobTracedCallback");
    return tid;
}

DdnnProcessor::DdnnProcessor() = default;

DdnnProcessor::~DdnnProcessor() = default;

bool
DdnnProcessor::Entry::operator<(const Entry& o) const
{
    const auto tie = [](const DdnnJob& j) {
        return std::tie(j.arrival, j.site, j.sample, j.tier, j.node);
    };
    return job.exit != o.job.exit ? job.exit : tie(job) < tie(o.job);
}

void
DdnnProcessor::Submit(DdnnJob job, FinishCallback callback)
{
    NS_LOG_FUNCTION(this << job.site << job.sample << job.operations);
    job.arrival = Simulator::Now();
    const bool isAlone = IsAlone(job);
    Entry entry{job, std::move(callback), EventId()};
    const bool hasCore = m_running.size() < m_cores && m_startEvent.IsExpired();
    if (hasCore && isAlone)
    {
        Start(std::move(entry));
        m_busyCores = m_running.size();
        return;
    }
    m_queue.insert(std::move(entry));
    m_queueLength = m_queue.size();
    if (hasCore)
    {
        // not at once: another job that comes at this moment may be first
        m_startEvent = Simulator::ScheduleNow(&DdnnProcessor::StartJobs, this);
    }
}

bool
DdnnProcessor::IsAlone(const DdnnJob& job)
{
    m_node = m_node ? m_node : PeekPointer(GetObject<Node>());
    return m_node && m_node->GetNApplications() == 1 && job.tier == 0 && !job.exit;
}

void
DdnnProcessor::Start(Entry entry)
{
    entry.job.start = Simulator::Now();
    entry.job.duration = DrawDuration(entry.job.operations);
    m_startedWork += entry.job.duration;
    m_running.push_back(std::move(entry));
    const auto started = std::prev(m_running.end());
    started->finishEvent =
        Simulator::Schedule(started->job.duration, &DdnnProcessor::Finish, this, started);
    m_startedTrace(started->job);
}

void
DdnnProcessor::StartJobs()
{
    while (m_running.size() < m_cores && !m_queue.empty())
    {
        Start(std::move(m_queue.extract(m_queue.begin()).value()));
    }
    m_busyCores = m_running.size();
    m_queueLength = m_queue.size();
}

void
DdnnProcessor::Finish(std::list<Entry>::iterator entry)
{
    const Entry finished = std::move(*entry);
    m_running.erase(entry);
    m_busyTime += finished.job.duration;
    m_finishedTrace(finished.job);
    finished.callback(finished.job);
    m_startEvent.Cancel();
    if (m_queue.empty())
    {
        m_busyCores = m_running.size();
        return;
    }
    // not at once: an exit on this node may complete what this job has begun
    m_startEvent = Simulator::ScheduleNow(&DdnnProcessor::StartJobs, this);
}

void
DdnnProcessor::Clear(uint16_t site)
{
    for (auto i = m_queue.begin(); i != m_queue.end();)
    {
        i = i->job.site == site ? m_queue.erase(i) : std::next(i);
    }
    for (auto i = m_running.begin(); i != m_running.end();)
    {
        if (i->job.site == site)
        {
            m_busyTime += Simulator::Now() - i->job.start;
            i->finishEvent.Cancel();
            i = m_running.erase(i);
        }
        else
        {
            ++i;
        }
    }
    StartJobs();
}

void
DdnnProcessor::SetSlowdown(double factor)
{
    NS_ABORT_MSG_IF(!(factor > 0), "a slowdown must be more than 0, not " << factor);
    m_slowdown = factor;
}

Time
DdnnProcessor::GetBusyTime() const
{
    Time busy = m_busyTime;
    for (const Entry& entry : m_running)
    {
        busy += Simulator::Now() - entry.job.start;
    }
    return busy;
}

Time
DdnnProcessor::GetWork() const
{
    int64_t waiting = 0;
    for (const Entry& entry : m_queue)
    {
        waiting += entry.job.operations;
    }
    return m_startedWork + Seconds(m_slowdown * GetDuration(waiting).GetSeconds());
}

Time
DdnnProcessor::GetDuration(int64_t operations) const
{
    return Seconds(static_cast<double>(operations) / m_operationsPerSecond);
}

Time
DdnnProcessor::DrawDuration(int64_t operations) const
{
    const double jitter = m_jitter->GetValue();
    NS_ABORT_MSG_IF(!(jitter >= -1),
                    "ns3::DdnnProcessor::Jitter drew " << jitter << ": it must be at least -1");
    return Seconds(m_slowdown * (1 + jitter) * static_cast<double>(operations) /
                   m_operationsPerSecond);
}

uint32_t
DdnnProcessor::GetCores() const
{
    return m_cores;
}

int64_t
DdnnProcessor::AssignStreams(int64_t stream)
{
    m_jitter->SetStream(stream);
    return 1;
}

void
DdnnProcessor::DoDispose()
{
    m_queue.clear();
    m_running.clear();
    m_jitter = nullptr;
    Object::DoDispose();
}

} // namespace ns3
