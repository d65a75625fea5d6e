// SPDX-License-Identifier: GPL-2.0-only
// Messages that no node should get, sent by a stranger: each is counted and ignored, and the
// samples end as if nothing had happened.
#include "test/table-model.h"

#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"

#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

using namespace ns3;
using ddnn::test::World;

namespace
{

/// A simulation in which strangers send messages.
class Applications : public testing::Test
{
  protected:
    static constexpr int NUM_DEVICES = 3;
    static constexpr int NUM_SAMPLES = 4;

    Applications()
        : m_world(ddnn::test::MakeWorld('c', NUM_DEVICES, NUM_SAMPLES))
        , m_helper(m_world.model, m_world.dataset, m_world.samples)
    {
        m_helper.SetThreshold(0, 0);
        m_helper.Install();
        m_helper.AssignStreams(1);
        m_recorder = std::make_unique<DdnnRecorder>(m_helper);
    }

    ~Applications() override
    {
        Simulator::Destroy();
    }

    /// Send bytes to an application from its own node, so that they arrive at exactly this time
    /// after the first capture.
    void Inject(Ptr<Application> to, double milliseconds, const std::vector<uint8_t>& bytes)
    {
        AddressValue local;
        to->GetAttribute("Local", local);
        const uint16_t port = InetSocketAddress::ConvertFrom(local.Get()).GetPort();
        const Ptr<Node> node = to->GetNode();
        Simulator::Schedule(m_helper.GetFirstCapture() + MicroSeconds(milliseconds * 1000),
                            [node, port, bytes] {
                                auto socket =
                                    Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
                                socket->SendTo(Create<Packet>(bytes.data(), bytes.size()),
                                               0,
                                               InetSocketAddress(Ipv4Address::GetLoopback(), port));
                            });
    }

    static std::vector<uint8_t> Message(DdnnKind kind,
                                        uint8_t tier,
                                        uint16_t sender,
                                        uint32_t sample,
                                        const DdnnPayload& payload)
    {
        DdnnHeader header;
        header.kind = kind;
        header.tier = tier;
        header.sender = sender;
        header.sample = sample;
        auto packet = Create<Packet>(payload.data(), payload.size());
        packet->AddHeader(header);
        std::vector<uint8_t> bytes(packet->GetSize());
        packet->CopyData(bytes.data(), bytes.size());
        return bytes;
    }

    /// Run the simulation; nothing that was injected may have changed a verdict.
    void RunUndisturbed()
    {
        Simulator::Stop(m_helper.GetEnd());
        Simulator::Run();
        for (const DdnnSampleRecord& record : m_recorder->GetRecords())
        {
            std::vector<const uint8_t*> views;
            for (int device = 0; device < NUM_DEVICES; ++device)
            {
                views.push_back(m_world.dataset->View(record.sample, device));
            }
            const auto verdicts = m_world.model->Infer(views);
            EXPECT_EQ(record.outcome, DdnnOutcome::EXITED);
            EXPECT_EQ(record.exit, 1);
            EXPECT_EQ(record.verdict, verdicts[1].label);
            EXPECT_EQ(record.uncertainty, verdicts[1].uncertainty);
        }
        EXPECT_EQ(m_helper.GetLedger()->GetCount(DdnnOutcome::EXITED), 1U * NUM_SAMPLES);
    }

    /// Counts of an application, by reason; those that are zero are left out.
    static std::map<std::string, uint64_t> Rejected(const DdnnApplication& application)
    {
        std::map<std::string, uint64_t> counts;
        for (std::size_t i = 0; i < DDNN_NUM_REJECTS; ++i)
        {
            const auto reason = static_cast<DdnnReject>(i);
            if (application.GetRejected(reason) > 0)
            {
                counts[ToString(reason)] = application.GetRejected(reason);
            }
        }
        return counts;
    }

    using Counts = std::map<std::string, uint64_t>;

    const DdnnPayload m_scores = EncodeScores({1, 2, 3});
    const DdnnPayload m_features = DdnnPayload(128, 0xff);
    const DdnnPayload m_verdict = EncodeVerdict({1, 2, 0.5});
    World m_world;
    DdnnHelper m_helper;
    std::unique_ptr<DdnnRecorder> m_recorder;
};

/// After the first summary has arrived, before the last.
constexpr double FIRST_SUMMARIES = 1.2;

/// After the first features have arrived at the server, before the last.
constexpr double FIRST_FEATURES = 23.0;

/// After the first sample has ended, before the second is captured.
constexpr double ENDED = 90;

} // namespace

TEST_F(Applications, IgnoreGarbage)
{
    const std::vector<uint8_t> good = Message(DdnnKind::SUMMARY, 0, 0, 0, m_scores);
    std::vector<uint8_t> otherVersion = good;
    otherVersion[1] = 9;
    std::vector<uint8_t> otherKind = good;
    otherKind[2] = 77;
    const std::vector<Ptr<DdnnApplication>> applications{m_helper.GetAggregator(0),
                                                         m_helper.GetLedger(),
                                                         m_helper.GetServer(1, 0),
                                                         m_helper.GetDevice(0)};
    for (const auto& node : applications)
    {
        Inject(node, 0.5, {});
        Inject(node, 0.5, {0xdd});
        Inject(node, 0.5, std::vector<uint8_t>(good.begin(), good.begin() + 9));
        Inject(node, 0.5, std::vector<uint8_t>(2000, 0xa5));
        Inject(node, 0.5, otherVersion);
        Inject(node, 0.5, otherKind);
    }
    RunUndisturbed();
    for (const auto& application : applications)
    {
        EXPECT_EQ(Rejected(*application), (Counts{{"malformed", 6}}));
    }
}

TEST_F(Applications, AggregatorIgnoresWrongSummaries)
{
    const auto gateway = m_helper.GetAggregator(0);
    DdnnPayload nan = EncodeScores({1, std::nanf(""), 3});
    Inject(gateway, FIRST_SUMMARIES, Message(DdnnKind::SUMMARY, 0, 2, 0, nan));
    Inject(gateway, FIRST_SUMMARIES, Message(DdnnKind::SUMMARY, 0, 2, 0, DdnnPayload(13)));
    Inject(gateway, FIRST_SUMMARIES, Message(DdnnKind::SUMMARY, 0, 2, 0, {}));
    Inject(gateway, FIRST_SUMMARIES, Message(DdnnKind::SUMMARY, 0, 3, 0, m_scores));
    Inject(gateway, FIRST_SUMMARIES, Message(DdnnKind::SUMMARY, 0, 0, 0, m_scores));
    Inject(gateway, FIRST_SUMMARIES, Message(DdnnKind::SUMMARY, 1, 0, 0, m_scores));
    Inject(gateway, FIRST_SUMMARIES, Message(DdnnKind::SUMMARY, 0, 0, 4, m_scores));
    Inject(gateway, FIRST_SUMMARIES, Message(DdnnKind::FEATURES, 0, 0, 0, m_features));
    Inject(gateway, FIRST_SUMMARIES, Message(DdnnKind::OFFLOAD_REQUEST, 0, 0, 0, {}));
    Inject(gateway, ENDED, Message(DdnnKind::SUMMARY, 0, 0, 0, m_scores));
    RunUndisturbed();
    EXPECT_EQ(Rejected(*gateway),
              (Counts{{"bad-payload", 3},
                      {"unknown-sender", 1},
                      {"duplicate", 2},
                      {"unexpected", 3},
                      {"unknown-sample", 1}}));
}

TEST_F(Applications, LedgerIgnoresWrongVerdicts)
{
    const auto ledger = m_helper.GetLedger();
    const auto verdict = Message(DdnnKind::VERDICT, 1, 0, 0, m_verdict);
    Inject(ledger, FIRST_FEATURES, Message(DdnnKind::VERDICT, 0, 0, 0, m_verdict));
    Inject(ledger, FIRST_FEATURES, Message(DdnnKind::VERDICT, 2, 0, 0, m_verdict));
    Inject(ledger, FIRST_FEATURES, Message(DdnnKind::VERDICT, 1, 0, 3, m_verdict));
    Inject(ledger, FIRST_FEATURES, Message(DdnnKind::VERDICT, 1, 0, 0, m_scores));
    Inject(ledger, FIRST_FEATURES, Message(DdnnKind::SUMMARY, 0, 0, 0, m_scores));
    Inject(ledger, FIRST_FEATURES, Message(DdnnKind::VERDICT, 1, 0, 0, EncodeVerdict({1, 3, 0.5})));
    // The local exit has spoken already.
    Inject(ledger, FIRST_FEATURES, Message(DdnnKind::VERDICT, 0, 0, 0, EncodeVerdict({0, 2, 0.5})));
    Inject(ledger, ENDED, verdict);
    RunUndisturbed();
    EXPECT_EQ(Rejected(*ledger),
              (Counts{{"unexpected", 1},
                      {"unknown-sample", 1},
                      {"bad-payload", 4},
                      {"duplicate", 1},
                      {"late", 1}}));
}

TEST_F(Applications, ServerIgnoresWrongFeatures)
{
    const auto cloud = m_helper.GetServer(1, 0);
    Inject(cloud, FIRST_FEATURES, Message(DdnnKind::FEATURES, 0, 0, 0, m_features));
    Inject(cloud, FIRST_FEATURES, Message(DdnnKind::FEATURES, 0, 2, 0, DdnnPayload(127)));
    Inject(cloud, FIRST_FEATURES, Message(DdnnKind::FEATURES, 0, 2, 0, {}));
    Inject(cloud, FIRST_FEATURES, Message(DdnnKind::FEATURES, 0, 3, 0, m_features));
    Inject(cloud, FIRST_FEATURES, Message(DdnnKind::FEATURES, 1, 2, 0, m_features));
    Inject(cloud, FIRST_FEATURES, Message(DdnnKind::FEATURES, 0, 2, 4, m_features));
    Inject(cloud, FIRST_FEATURES, Message(DdnnKind::SUMMARY, 0, 2, 0, m_scores));
    Inject(cloud, FIRST_FEATURES, Message(DdnnKind::RAW, 0, 2, 0, DdnnPayload(3072)));
    Inject(cloud, ENDED, Message(DdnnKind::FEATURES, 0, 0, 0, m_features));
    RunUndisturbed();
    EXPECT_EQ(Rejected(*m_helper.GetServer(1, 0)),
              (Counts{{"duplicate", 2},
                      {"bad-payload", 2},
                      {"unknown-sender", 1},
                      {"unexpected", 3},
                      {"unknown-sample", 1}}));
}

TEST_F(Applications, DeviceIgnoresWrongRequests)
{
    const auto device = m_helper.GetDevice(1);
    Inject(device, ENDED, Message(DdnnKind::OFFLOAD_REQUEST, 0, 0, 0, {}));
    Inject(device, ENDED, Message(DdnnKind::OFFLOAD_REQUEST, 0, 0, 0, {1}));
    Inject(device, ENDED, Message(DdnnKind::OFFLOAD_REQUEST, 0, 0, 1, {}));
    Inject(device, ENDED, Message(DdnnKind::VERDICT, 1, 0, 0, m_verdict));
    RunUndisturbed();
    EXPECT_EQ(
        Rejected(*m_helper.GetDevice(1)),
        (Counts{{"duplicate", 1}, {"bad-payload", 1}, {"unknown-sample", 1}, {"unexpected", 1}}));
}

TEST_F(Applications, DeviceAnswersARequestBeforeItsSummaryLeft)
{
    // The section still computes: the features follow when it has finished.
    Inject(m_helper.GetDevice(1), 0.1, Message(DdnnKind::OFFLOAD_REQUEST, 0, 0, 0, {}));
    Time sent;
    m_helper.GetDevice(1)->TraceConnectWithoutContext(
        "Tx",
        Callback<void, const DdnnHeader&, uint32_t>(
            [&sent](const DdnnHeader& header, uint32_t payloadBytes) {
                if (header.kind == DdnnKind::FEATURES && header.sample == 0)
                {
                    EXPECT_EQ(payloadBytes, 128U);
                    sent = Simulator::Now();
                }
            }));
    RunUndisturbed();
    EXPECT_GE(sent - m_helper.GetFirstCapture(),
              m_helper.GetDevice(1)->GetComputeDelay() + MicroSeconds(300));
    EXPECT_LT(sent - m_helper.GetFirstCapture(), MilliSeconds(2));
    // The gateway's own request then comes in vain.
    EXPECT_EQ(Rejected(*m_helper.GetDevice(1)), (Counts{{"duplicate", 1}}));
}

TEST_F(Applications, TraceEveryRejection)
{
    std::vector<DdnnReject> reasons;
    m_helper.GetServer(1, 0)->TraceConnectWithoutContext(
        "Rejected",
        Callback<void, DdnnReject>([&reasons](DdnnReject reason) {
            reasons.push_back(reason);
        }));
    Inject(m_helper.GetServer(1, 0), 1, {1, 2, 3});
    Inject(m_helper.GetServer(1, 0), 2, Message(DdnnKind::SUMMARY, 0, 2, 0, m_scores));
    RunUndisturbed();
    EXPECT_EQ(reasons, (std::vector<DdnnReject>{DdnnReject::MALFORMED, DdnnReject::UNEXPECTED}));
}

TEST_F(Applications, AskAllDevicesWithOneBroadcast)
{
    int requests = 0;
    m_helper.GetAggregator(0)->TraceConnectWithoutContext(
        "Tx",
        Callback<void, const DdnnHeader&, uint32_t>(
            [&requests](const DdnnHeader& header, uint32_t) {
                requests += header.kind == DdnnKind::OFFLOAD_REQUEST ? 1 : 0;
            }));
    RunUndisturbed();
    EXPECT_EQ(requests, NUM_SAMPLES);
}

TEST_F(Applications, TraceEveryCapture)
{
    std::vector<Time> captures;
    m_helper.GetDevice(2)->TraceConnectWithoutContext(
        "Capture",
        Callback<void, uint32_t>([&captures](uint32_t sample) {
            EXPECT_EQ(sample, captures.size());
            captures.push_back(Simulator::Now());
        }));
    RunUndisturbed();
    ASSERT_EQ(captures.size(), 1U * NUM_SAMPLES);
    for (std::size_t i = 0; i < captures.size(); ++i)
    {
        EXPECT_EQ(captures[i], m_helper.GetFirstCapture() + MilliSeconds(100) * i);
    }
}
