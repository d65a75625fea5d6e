// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_COLLECTOR_H
#define DDNN_COLLECTOR_H

#include "ddnn-application.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/**
 * Waits for what several nodes contribute to a sample, and decides when it has waited enough.
 *
 * A sample opens with the first contribution. It is closed when the contributions of all nodes that
 * are waited for are there, when those of Quorum nodes are, or when the deadline has passed since
 * it was opened. A contribution that arrives later is late.
 */
class DdnnCollector : public Object
{
  public:
    /// What stands in for a contribution that did not arrive.
    enum Absent
    {
        MASKED,    ///< nothing: the aggregation does what it does with an absent node
        ZERO,      ///< zero bytes: scores of 0, blank views, features of -1 (binary) or 0 (float)
        LAST_KNOWN ///< what has arrived from the node last; nothing before that
    };

    /// A sample that was closed.
    struct Closed
    {
        uint32_t sample{0};
        std::vector<DdnnPayload> contributions; ///< `[node]`, empty: it is left out
        std::string presence; ///< a 1 for each node that contributed in time, else a 0
        DdnnLatency latency;  ///< of what closed it: a message, or the deadline
    };

    using CloseCallback = std::function<void(const Closed& closed)>;

    static TypeId GetTypeId();

    DdnnCollector();
    ~DdnnCollector() override;

    /**
     * \param numSamples how many samples there are
     * \param bytes of each node's contribution
     * \param callback told when a sample is closed
     */
    void Start(uint32_t numSamples, std::vector<std::size_t> bytes, CloseCallback callback);

    /**
     * Take a contribution.
     * \param node one of those that Start counts
     * \return why it is ignored, if it is
     */
    std::optional<DdnnReject> Accept(uint32_t sample, std::size_t node, const DdnnMessage& message);

    /// Close a sample if no more is waited for.
    void CloseIfComplete(uint32_t sample);

    /// Lose all samples that are open, and what was known of the nodes.
    void Clear();

  private:
    /// A sample that has not been closed.
    struct Sample
    {
        std::vector<DdnnPayload> contributions; ///< `[node]`, empty: not there
        std::size_t present{0};                 ///< how many are there
        DdnnLatency first;                      ///< of the contribution that opened it
        DdnnLatency last;                       ///< of the latest contribution
        EventId closeEvent;
    };

    /// What is known of a node.
    struct NodeState
    {
        DdnnPayload last;   ///< its latest contribution
        uint32_t missed{0}; ///< samples in a row that were closed without it
    };

    void DoDispose() override;
    void Open(uint32_t sample, const DdnnLatency& latency);
    void Note(uint32_t sample, std::size_t node, const DdnnPayload& payload);
    bool IsComplete(const Sample& sample) const;
    Time GetWait() const;
    void HandleDeadline(uint32_t sample);
    void Close(uint32_t sample, const DdnnLatency& latency);
    DdnnPayload Substitute(std::size_t node) const;

    Time m_deadline;
    uint32_t m_quorum;
    double m_adaptivePercentile;
    uint32_t m_adaptiveWindow;
    Absent m_absent;
    uint32_t m_silentAfter;
    CloseCallback m_closeCallback;
    std::vector<std::size_t> m_sizes;     ///< `[node]`, bytes
    std::vector<NodeState> m_nodes;       ///< `[node]`
    std::vector<std::string> m_presence;  ///< `[sample]`, empty until it is closed
    std::vector<Time> m_openedAt;         ///< `[sample]`, since when it has been open
    std::map<uint32_t, Sample> m_samples; ///< those that are open
    std::deque<Time> m_arrivals;          ///< after the sample's first, of the latest
};

} // namespace ns3

#endif // DDNN_COLLECTOR_H
