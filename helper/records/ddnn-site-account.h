// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SITE_ACCOUNT_H
#define DDNN_SITE_ACCOUNT_H

#include "ddnn-record.h"

#include "ns3/ddnn-site-applications.h"

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ns3
{

/// What the recorder knows of one site.
struct DdnnSiteAccount
{
    static constexpr std::size_t TRANSPORT =
        0; ///< where a DdnnKind would stand: TCP's own segments
    static constexpr std::size_t NUM_KINDS = DDNN_NUM_KINDS + 1;

    /// `[kind]`
    using BytesByKind = std::array<DdnnBytes, NUM_KINDS>;

    /// A sample and what is needed to complete its record.
    struct Sample
    {
        /// \return payload that the end devices have sent more than once
        uint64_t GetRepeated(std::size_t part) const;

        DdnnSampleRecord record;
        std::array<uint64_t, 2> payload{}; ///< `[part]`, that the end devices have handed over
        std::array<uint64_t, 2> carried{}; ///< `[part]`, in their IP packets
        bool ended{false};
    };

    /// Connect to the trace sources of the applications.
    explicit DdnnSiteAccount(const DdnnSiteApplications& site);

    DdnnSiteAccount(const DdnnSiteAccount&) = delete;
    DdnnSiteAccount& operator=(const DdnnSiteAccount&) = delete;

    /// \return whether a message is an end device's, which the samples' records count
    static bool IsDevices(const DdnnHeader& header);

    /// \return part of an end device's payload: 0 class scores, 1 features or views
    static std::size_t GetPart(DdnnKind kind);

    const ddnn::Hierarchy& GetHierarchy() const;

    /// \param node that sends it
    /// \return index in `sent` and `carried`
    std::size_t GetPlace(const DdnnHeader& header, Ptr<Node> node) const;

    /// \return what a place is called: a tier, or an exit
    std::string GetPlaceName(std::size_t place) const;

    /// \return the sample that TCP's own segments are charged to
    Sample& GetLatest();

    /// \return payload of a kind that was sent more than once
    uint64_t GetRepeated(std::size_t place, std::size_t kind) const;

    /// \return the completed records of the samples that have ended
    std::vector<DdnnSampleRecord> GetRecords() const;

    /// \return the nodes whose processor was given more work than it can do while samples were
    ///         captured
    std::set<uint32_t> GetOverloadedNodes() const;

    const DdnnSiteApplications applications;
    std::vector<Sample> samples;             ///< `[number]`
    std::set<Ptr<Node>> devices;             ///< nodes of the end devices
    std::map<Ptr<Node>, std::size_t> places; ///< of a node, index in `sent`
    std::vector<BytesByKind> sent;           ///< `[place]`, the tiers' nodes, then the tiers' exits
    std::vector<BytesByKind> carried;        ///< payload in their IP packets, repetitions included

  private:
    void HandleCaptured(uint32_t sample);
    void HandleScores(int tier, uint32_t sample, uint32_t node);
    void HandleScoresClosed(int tier, uint32_t sample, const std::string& presence);
    void HandleFeatures(int tier, uint32_t sample, uint32_t child);
    void HandleFeaturesClosed(int tier, int node, uint32_t sample, const std::string& presence);
    void HandleEnded(uint32_t sample,
                     DdnnOutcome outcome,
                     const DdnnPrediction& prediction,
                     const DdnnLatency& latency);
    void HandleTx(std::size_t place, const DdnnMessageName& name, uint32_t payloadBytes);

    std::vector<Ptr<DdnnProcessor>> processors; ///< of all nodes
    std::vector<Time> workAtStart;              ///< `[processor]`, at the first capture
    std::vector<Time> workAtEnd;                ///< `[processor]`, at the last capture
};

} // namespace ns3

#endif // DDNN_SITE_ACCOUNT_H
