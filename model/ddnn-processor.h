// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_PROCESSOR_H
#define DDNN_PROCESSOR_H

#include "ddnn-compat.h"

#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"
#include "ns3/traced-value.h"

#include <cstdint>
#include <functional>
#include <list>
#include <set>

namespace ns3
{

/// What a processor works on.
struct DdnnJob
{
    uint16_t site{0};
    uint32_t sample{0};
    uint8_t tier{0};
    uint16_t node{0};      ///< number of the node in its tier
    bool exit{false};      ///< the tier's exit joins class scores, else a section runs
    int64_t operations{0}; ///< arithmetic operations
    Time arrival;          ///< when it was submitted
    Time start;            ///< when a core began with it
    Time duration;         ///< on that core
};

/**
 * The processor of a node: all sections and exits on the node, of all sites, share its cores. Jobs
 * are served in the order of their arrival; those that arrive at the same moment, in that of site,
 * sample, tier and node. Exits come before sections: they complete what a section has begun, and no
 * sample shall queue twice.
 *
 * It is aggregated to its node.
 */
class DdnnProcessor : public Object
{
  public:
    /// Told when a job has finished, at that time.
    using FinishCallback = std::function<void(const DdnnJob& job)>;

    static TypeId GetTypeId();

    DdnnProcessor();
    ~DdnnProcessor() override;

    /// \param job its name and its operations
    void Submit(DdnnJob job, FinishCallback callback);

    /// Lose all jobs of a site, as when its applications on the node crash.
    void Clear(uint16_t site);

    /// \param factor jobs that begin from now on take so many times as long, more than 0
    void SetSlowdown(double factor);

    /// \return how long its cores have worked until now, added up
    Time GetBusyTime() const;

    /// \return how long its cores need for all jobs that it was given until now, added up; those in
    ///         the queue without jitter
    Time GetWork() const;

    /// \return how long a job takes without jitter and slowdown
    Time GetDuration(int64_t operations) const;

    uint32_t GetCores() const;

    int64_t AssignStreams(int64_t stream);

    /// Signature of the trace sources JobStarted and JobFinished.
    typedef void (*JobTracedCallback)(const DdnnJob& job);

  private:
    /// A job in the queue or on a core.
    struct Entry
    {
        DdnnJob job;
        FinishCallback callback;
        EventId finishEvent;

        bool operator<(const Entry& o) const;
    };

    void DoDispose() override;
    void StartJobs();
    void Start(Entry entry);

    /// \return whether no other job can come at the same moment: an end device that is alone on its
    ///         node has one sample at a time
    bool IsAlone(const DdnnJob& job);
    void Finish(std::list<Entry>::iterator entry);
    Time DrawDuration(int64_t operations) const;

    Node* m_node{nullptr}; ///< that it is aggregated to, once it was needed
    double m_operationsPerSecond;
    uint32_t m_cores;
    Ptr<RandomVariableStream> m_jitter;
    double m_slowdown{1};
    std::multiset<Entry> m_queue;
    std::list<Entry> m_running;
    EventId m_startEvent;
    Time m_busyTime;    ///< of finished jobs
    Time m_startedWork; ///< of all jobs that a core has begun
    TracedValue<uint32_t> m_busyCores{0};
    TracedValue<uint32_t> m_queueLength{0};
    TracedCallback<const DdnnJob&> m_startedTrace;
    TracedCallback<const DdnnJob&> m_finishedTrace;
};

} // namespace ns3

#endif // DDNN_PROCESSOR_H
