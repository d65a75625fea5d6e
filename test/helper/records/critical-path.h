// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_CRITICAL_PATH_H
#define DDNN_CRITICAL_PATH_H

#include "ns3/ddnn-processor.h"
#include "ns3/ddnn-site-applications.h"
#include "ns3/ipv4-header.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace ddnn::test
{

using namespace ns3;

/**
 * Explains a sample's latency anew, from its end back to its capture, by what trace sources tell of
 * moments alone: when an application is about to send, takes or closes something, when a processor
 * works, and what point-to-point devices put on their links and take off them.
 */
class CriticalPath
{
  public:
    /// What happened on the paths of all samples.
    struct Counts
    {
        int byMessage{0};    ///< collectors that a message closed
        int byDeadline{0};   ///< and those that their deadline closed
        int computedLate{0}; ///< features that were requested before they were computed
        int repeated{0};     ///< messages that did not arrive with the first try
        int queued{0};       ///< jobs that had to wait
        int queuedOnLink{0}; ///< messages that did not leave at once
    };

    /// \param nodes all whose processors and point-to-point devices are heard
    CriticalPath(const DdnnSiteApplications& site, const NodeContainer& nodes)
        : m_site(site)
        , m_hierarchy(site.site->GetHierarchy())
        , m_isUdp(site.site->GetTransport() == DdnnSite::UDP)
        , m_isPulled(site.site->GetOffload() != DdnnSite::PUSH)
        , m_trackerNode(site.tracker->GetNode()->GetId())
    {
        ConnectSite();
        for (uint32_t i = 0; i < nodes.GetN(); ++i)
        {
            ConnectNode(nodes.Get(i));
        }
    }

    CriticalPath(const CriticalPath&) = delete;
    CriticalPath& operator=(const CriticalPath&) = delete;

    /// \return the parts of a sample's latency; what contradicts other traces fails the test
    DdnnLatency Explain(uint32_t sample)
    {
        m_sample = sample;
        m_latency = DdnnLatency(m_captured.at(sample));
        const auto& [ended, outcome] = m_ended.at(sample);
        m_latency.end = ended;
        const auto& predictions = m_predictions[sample];
        if (predictions.empty())
        {
            EXPECT_EQ(outcome, DdnnOutcome::LOST);
            m_latency.waiting = ended - m_latency.captured;
            return m_latency;
        }
        const auto& [time, exit] = predictions.back();
        EXPECT_TRUE(outcome == DdnnOutcome::FALLBACK || time == ended);
        m_latency.waiting += ended - time;
        const Message message{DdnnKind::PREDICTION, exit, 0};
        FollowMessage(message, time, exit, {exit, 0, true}, m_trackerNode);
        FollowExit(exit, m_sent.at({message, sample}));
        return m_latency;
    }

    Counts counts;

  private:
    /// Kind, tier and node of a header.
    using Message = std::tuple<DdnnKind, uint32_t, uint32_t>;

    /// Tier, node, and whether it is the tier's exit.
    using Place = std::tuple<uint32_t, uint32_t, bool>;

    /// A message of a sample.
    using Name = std::pair<Message, uint32_t>;

    template <typename... Ts>
    struct Traced
    {
        /// Call a function whenever a trace source tells something.
        template <typename F>
        static void Connect(Ptr<Object> object, const std::string& source, F function)
        {
            ASSERT_TRUE(object->TraceConnectWithoutContext(source, Callback<void, Ts...>(function)))
                << source;
        }
    };

    static Message GetMessage(const DdnnHeader& header)
    {
        return {header.kind, header.tier, header.node};
    }

    void ConnectSite()
    {
        Traced<uint32_t>::Connect(m_site.site, "Captured", [this](uint32_t sample) {
            m_captured[sample] = Simulator::Now();
        });
        Traced<uint32_t, const DdnnPrediction&>::Connect(
            m_site.tracker,
            "Prediction",
            [this](uint32_t sample, const DdnnPrediction& prediction) {
                m_predictions[sample].emplace_back(Simulator::Now(), prediction.exit);
            });
        Traced<uint32_t, DdnnOutcome, const DdnnPrediction&, const DdnnLatency&>::Connect(
            m_site.tracker,
            "Ended",
            [this](uint32_t sample, DdnnOutcome outcome, const auto&, const auto&) {
                m_ended[sample] = {Simulator::Now(), outcome};
            });
        for (const auto& application : m_site.all)
        {
            ConnectMessages(application);
        }
        for (const auto& exit : m_site.exits)
        {
            m_nodes[{exit->GetTier(), 0, true}] = exit->GetNode()->GetId();
            ConnectCollector(exit, "ScoresReceived", {exit->GetTier(), 0, true});
        }
        for (const auto& tier : m_site.servers)
        {
            for (const auto& server : tier)
            {
                m_nodes[{server->GetTier(), server->GetIndex(), false}] =
                    server->GetNode()->GetId();
                ConnectCollector(server,
                                 "FeaturesReceived",
                                 {server->GetTier(), server->GetIndex(), false});
            }
        }
        for (const auto& device : m_site.devices)
        {
            m_nodes[{0, device->GetIndex(), false}] = device->GetNode()->GetId();
            Traced<uint32_t>::Connect(device,
                                      "Capture",
                                      [this, i = device->GetIndex()](uint32_t sample) {
                                          m_begun[{{0, i, false}, sample}] = Simulator::Now();
                                      });
        }
    }

    /// Of tries and repetitions, the first that is sent counts, and the first that arrives.
    void ConnectMessages(Ptr<DdnnApplication> application)
    {
        Traced<const DdnnMessageName&, uint32_t, const DdnnDestination&>::Connect(
            application,
            "Sending",
            [this](const DdnnMessageName& name, uint32_t, const DdnnDestination&) {
                m_sent.emplace(Name(GetMessage(name.header), name.header.sample), Simulator::Now());
            });
        Traced<const DdnnMessageName&>::Connect(
            application,
            "Rx",
            [this](const DdnnMessageName& name) {
                m_received.emplace(Name(GetMessage(name.header), name.header.sample),
                                   Simulator::Now());
            });
    }

    void ConnectCollector(Ptr<Object> application, const std::string& source, const Place& place)
    {
        Traced<uint32_t, uint32_t>::Connect(
            application,
            source,
            [this, place](uint32_t sample, uint32_t from) {
                m_accepted[{place, sample}].emplace_back(Simulator::Now(), from);
            });
        Traced<uint32_t, const std::string&>::Connect(
            application,
            "Closed",
            [this, place](uint32_t sample, const std::string&) {
                m_begun[{place, sample}] = Simulator::Now();
            });
    }

    void ConnectNode(Ptr<Node> node)
    {
        const auto note = [this](const DdnnJob& job, Time Work::*moment) {
            if (job.site == m_site.site->GetNumber())
            {
                m_work[{{job.tier, job.node, job.exit}, job.sample}].*moment = Simulator::Now();
            }
        };
        if (const auto processor = node->GetObject<DdnnProcessor>())
        {
            Traced<const DdnnJob&>::Connect(processor, "JobStarted", [note](const DdnnJob& job) {
                note(job, &Work::start);
            });
            Traced<const DdnnJob&>::Connect(processor, "JobFinished", [note](const DdnnJob& job) {
                note(job, &Work::finish);
            });
        }
        for (uint32_t i = 0; i < node->GetNDevices(); ++i)
        {
            if (const auto device = DynamicCast<PointToPointNetDevice>(node->GetDevice(i)))
            {
                ConnectPhy(device, "PhyTxBegin", m_left);
                ConnectPhy(device, "PhyRxEnd", m_came);
            }
        }
    }

    /// \param moments receives when frames with a part of a message were there
    void ConnectPhy(Ptr<NetDevice> device,
                    const std::string& source,
                    std::map<std::pair<Name, uint32_t>, std::set<Time>>& moments)
    {
        Traced<Ptr<const Packet>>::Connect(
            device,
            source,
            [this, &moments, node = device->GetNode()->GetId()](Ptr<const Packet> packet) {
                for (ByteTagIterator i = packet->GetByteTagIterator(); i.HasNext();)
                {
                    const auto item = i.Next();
                    DdnnMessageTag tag;
                    if (item.GetTypeId() != DdnnMessageTag::GetTypeId())
                    {
                        continue;
                    }
                    item.GetTag(tag);
                    if (tag.name.site == m_site.site->GetNumber())
                    {
                        const DdnnHeader& header = tag.name.header;
                        moments[{{GetMessage(header), header.sample}, node}].insert(
                            Simulator::Now());
                        m_frames[node].insert(Simulator::Now());
                    }
                }
            });
    }

    /// A message that arrived at a moment: between nodes, a link's end has told of it.
    void FollowMessage(const Message& message,
                       Time arrival,
                       uint32_t tier,
                       const Place& sender,
                       uint32_t to)
    {
        const Name name(message, m_sample);
        const Time sent = m_sent.at(name);
        m_latency.network[tier] += arrival - sent;
        const uint32_t from = m_nodes.at(sender);
        if (from == to)
        {
            EXPECT_EQ(arrival, sent);
            return;
        }
        const auto& left = m_left[{name, from}];
        const auto& came = m_came[{name, to}];
        EXPECT_EQ(m_frames[to].count(arrival), 1U) << "no frame came at that moment";
        ASSERT_FALSE(left.empty());
        EXPECT_GE(*left.begin(), sent);
        counts.queuedOnLink += *left.begin() > sent ? 1 : 0;
        if (m_isUdp)
        {
            EXPECT_EQ(came.count(arrival), 1U) << "none of the message";
            counts.repeated += left.size() > 1 && *came.begin() == arrival ? 1 : 0;
        }
        else
        {
            // a segment of another message may be the missing one of the stream
            ASSERT_FALSE(came.empty());
            EXPECT_LE(*came.begin(), arrival);
            counts.repeated += left.size() > 1 ? 1 : 0;
        }
    }

    /// What a processor finished at a moment.
    /// \return when it was given to it
    Time FollowWork(const Place& place, Time finish)
    {
        const Work& work = m_work.at({place, m_sample});
        const Time begun = m_begun.at({place, m_sample});
        EXPECT_EQ(work.finish, finish);
        m_latency.compute += work.finish - work.start;
        m_latency.queueing += work.start - begun;
        counts.queued += work.start > begun ? 1 : 0;
        return begun;
    }

    void FollowExit(uint32_t tier, Time finish)
    {
        FollowCollector({tier, 0, true}, FollowWork({tier, 0, true}, finish));
    }

    void FollowSection(uint32_t tier, uint32_t node, Time finish)
    {
        const Time begun = FollowWork({tier, node, false}, finish);
        if (tier > 0)
        {
            return FollowCollector({tier, node, false}, begun);
        }
        m_latency.waiting += begun - m_latency.captured;
    }

    void FollowCollector(const Place& place, Time closed)
    {
        const auto& [tier, node, isExit] = place;
        const auto& accepted = m_accepted.at({place, m_sample});
        const bool byMessage = accepted.back().first == closed;
        const auto& [arrival, from] = byMessage ? accepted.back() : accepted.front();
        ++(byMessage ? counts.byMessage : counts.byDeadline);
        m_latency.waiting += closed - arrival;
        const bool isRaw = m_hierarchy.rawOffload;
        const uint32_t sender = isExit ? tier : isRaw ? 0 : tier - 1;
        const Message message{isExit  ? DdnnKind::SCORES
                              : isRaw ? DdnnKind::RAW
                                      : DdnnKind::FEATURES,
                              sender,
                              from};
        FollowMessage(message, arrival, tier, {sender, from, false}, m_nodes.at(place));
        const Time sent = m_sent.at({message, m_sample});
        if (!isExit && isRaw)
        {
            m_latency.waiting += sent - m_latency.captured;
            return;
        }
        const Time finish = m_work.at({{sender, from, false}, m_sample}).finish;
        const Name request({DdnnKind::REQUEST, sender, from}, m_sample);
        const bool isPulled = !isExit && m_isPulled;
        if (isPulled && m_received.at(request) > finish)
        {
            return FollowRequest(sender, from, m_received.at(request), sent);
        }
        counts.computedLate += isPulled ? 1 : 0;
        m_latency.waiting += sent - finish;
        FollowSection(sender, from, finish);
    }

    /// A request that arrived at a moment, and was answered at another.
    void FollowRequest(uint32_t tier, uint32_t node, Time arrival, Time answered)
    {
        const Message message{DdnnKind::REQUEST, tier, node};
        m_latency.waiting += answered - arrival;
        FollowMessage(message, arrival, tier, {tier, 0, true}, m_nodes.at({tier, node, false}));
        FollowExit(tier, m_sent.at({message, m_sample}));
    }

    /// What a processor's traces tell of a job.
    struct Work
    {
        Time start;
        Time finish;
    };

    DdnnSiteApplications m_site;
    ddnn::Hierarchy m_hierarchy;
    bool m_isUdp;
    bool m_isPulled;
    uint32_t m_trackerNode;
    std::map<Place, uint32_t> m_nodes; ///< ns-3's identifiers
    std::map<uint32_t, Time> m_captured;
    std::map<uint32_t, std::pair<Time, DdnnOutcome>> m_ended;
    std::map<uint32_t, std::vector<std::pair<Time, uint32_t>>> m_predictions; ///< and their exits
    std::map<Name, Time> m_sent;
    std::map<Name, Time> m_received;
    std::map<std::pair<Place, uint32_t>, std::vector<std::pair<Time, uint32_t>>> m_accepted;
    std::map<std::pair<Place, uint32_t>, Time> m_begun; ///< when its section or exit could begin
    std::map<std::pair<Place, uint32_t>, Work> m_work;
    std::map<std::pair<Name, uint32_t>, std::set<Time>> m_left; ///< by node, onto a link
    std::map<std::pair<Name, uint32_t>, std::set<Time>> m_came; ///< by node, off a link
    std::map<uint32_t, std::set<Time>> m_frames; ///< by node, when any of the site left or came
    uint32_t m_sample{0};                        ///< that is explained
    DdnnLatency m_latency;
};

} // namespace ddnn::test

#endif // DDNN_CRITICAL_PATH_H
