// SPDX-License-Identifier: GPL-2.0-only
// Messages that no node should get, sent by a stranger: each is counted and ignored, and the
// samples end as if nothing had happened.
#include "test/support/table-model.h"

#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/ddnn-site-applications.h"

#include "ns3/arp-l3-protocol.h"
#include "ns3/csma-helper.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;
using ddnn::test::World;

namespace
{

/// Three end devices, a gateway and a cloud on one Ethernet segment, on which strangers send, too.
class Applications : public testing::Test
{
  protected:
    static constexpr int NUM_DEVICES = 3;
    static constexpr int NUM_SAMPLES = 4;
    static constexpr int GATEWAY = 3;
    static constexpr int CLOUD = 4;

    Applications()
        : m_world(ddnn::test::MakeWorld('c', NUM_DEVICES, NUM_SAMPLES))
    {
        m_nodes.Create(NUM_DEVICES + 2);
        m_devices = CsmaHelper().Install(m_nodes);
        InternetStackHelper().Install(m_nodes);
        Ipv4AddressHelper("10.0.0.0", "255.255.255.0").Assign(m_devices);
        for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
        {
            m_nodes.Get(i)->GetObject<ArpL3Protocol>()->SetAttribute(
                "RequestJitter",
                StringValue("ns3::ConstantRandomVariable[Constant=0]"));
        }
        DdnnHelper ddnn(m_world.model, m_world.dataset, m_world.samples);
        ddnn.SetExitAttribute("Threshold", DoubleValue(0), 0);
        ddnn.SetSiteAttribute("Offload", EnumValue(DdnnSite::STAGGERED));
        ddnn.SetEndDeviceAttribute("ScoreSlot", TimeValue(MicroSeconds(300)));
        ddnn.SetEndDeviceAttribute("FeatureSlot", TimeValue(MilliSeconds(1)));
        NodeContainer cameras;
        for (int i = 0; i < NUM_DEVICES; ++i)
        {
            cameras.Add(m_nodes.Get(i));
        }
        const ApplicationContainer installed =
            ddnn.Install({cameras, m_nodes.Get(CLOUD)}, m_nodes.Get(GATEWAY));
        ddnn.AssignStreams(1);
        DdnnHelper::StopAfterLastSample(installed);
        m_site = FindDdnnSites(installed).front();
        m_recorder = std::make_unique<DdnnRecorder>(installed);
        for (const auto& application : m_site.all)
        {
            const uint32_t node = application->GetNode()->GetId();
            application->TraceConnectWithoutContext(
                "Rejected",
                Callback<void, const DdnnMessageName&, DdnnReject>(
                    [this, node](const DdnnMessageName&, DdnnReject reason) {
                        ++m_rejected[node][ToString(reason)];
                    }));
        }
    }

    ~Applications() override
    {
        Simulator::Destroy();
    }

    /// Send bytes to the applications of a node from the node itself, so that they arrive at
    /// exactly this time.
    void Inject(int to, double milliseconds, const std::vector<uint8_t>& bytes)
    {
        const Ptr<Node> node = m_nodes.Get(to);
        const InetSocketAddress address(Ipv4Address::GetLoopback(), m_site.site->GetPort());
        Simulator::Schedule(MicroSeconds(milliseconds * 1000), [node, address, bytes] {
            auto socket = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
            socket->SendTo(Create<Packet>(bytes.data(), bytes.size()), 0, address);
        });
    }

    static std::vector<uint8_t> Message(DdnnKind kind,
                                        uint8_t tier,
                                        uint16_t node,
                                        uint32_t sample,
                                        const DdnnPayload& payload)
    {
        DdnnHeader header;
        header.kind = kind;
        header.tier = tier;
        header.node = node;
        header.sample = sample;
        auto packet = Create<Packet>(payload.data(), payload.size());
        packet->AddHeader(header);
        std::vector<uint8_t> bytes(packet->GetSize());
        packet->CopyData(bytes.data(), bytes.size());
        return bytes;
    }

    /// Run the simulation; nothing that was injected may have changed a prediction.
    void RunUndisturbed()
    {
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
            EXPECT_EQ(record.prediction, verdicts[1].label);
            EXPECT_EQ(record.uncertainty, verdicts[1].uncertainty);
        }
        EXPECT_EQ(m_site.tracker->GetCount(DdnnOutcome::EXITED), 1U * NUM_SAMPLES);
    }

    /// Counts by reason of a node; those that are zero are left out.
    using Counts = std::map<std::string, uint64_t>;

    /// Counts the messages of a kind that an application sends.
    template <typename ApplicationPtr>
    static std::shared_ptr<int> CountSent(const ApplicationPtr& application, DdnnKind kind)
    {
        auto count = std::make_shared<int>(0);
        application->TraceConnectWithoutContext(
            "Tx",
            Callback<void, const DdnnMessageName&, uint32_t>(
                [count, kind](const DdnnMessageName& name, uint32_t) {
                    *count += name.header.kind == kind ? 1 : 0;
                }));
        return count;
    }

    const DdnnPayload m_scores = EncodeScores({1, 2, 3});
    const DdnnPayload m_features = DdnnPayload(128, 0xff);
    const DdnnPayload m_prediction = EncodePrediction({1, 2, 0.5});
    World m_world;
    NodeContainer m_nodes; ///< end devices, gateway, cloud
    NetDeviceContainer m_devices;
    DdnnSiteApplications m_site;
    std::unique_ptr<DdnnRecorder> m_recorder;
    std::map<int, Counts> m_rejected; ///< by node
};

/// After the first scores have arrived, before the last.
constexpr double FIRST_SCORES = 1.2;

/// After the first features have arrived at the server, before the last.
constexpr double FIRST_FEATURES = 2.2;

/// After the first sample has ended, before the second is captured.
constexpr double ENDED = 90;

} // namespace

TEST_F(Applications, IgnoreGarbage)
{
    const std::vector<uint8_t> good = Message(DdnnKind::SCORES, 0, 0, 0, m_scores);
    std::vector<uint8_t> otherVersion = good;
    otherVersion[1] = 9;
    std::vector<uint8_t> otherKind = good;
    otherKind[2] = 77;
    for (const int node : {0, GATEWAY, CLOUD})
    {
        Inject(node, 0.5, {});
        Inject(node, 0.5, {0xdd});
        Inject(node, 0.5, std::vector<uint8_t>(good.begin(), good.begin() + 9));
        Inject(node, 0.5, std::vector<uint8_t>(2000, 0xa5));
        Inject(node, 0.5, otherVersion);
        Inject(node, 0.5, otherKind);
    }
    RunUndisturbed();
    EXPECT_EQ(m_rejected,
              (std::map<int, Counts>{{0, {{"malformed", 6}}},
                                     {GATEWAY, {{"malformed", 6}}},
                                     {CLOUD, {{"malformed", 6}}}}));
}

TEST_F(Applications, ExitIgnoresWrongScores)
{
    const auto inject = [this](double when, const std::vector<uint8_t>& bytes) {
        Inject(GATEWAY, when, bytes);
    };
    const DdnnPayload nan = EncodeScores({1, std::nanf(""), 3});
    inject(FIRST_SCORES, Message(DdnnKind::SCORES, 0, 2, 0, nan));
    inject(FIRST_SCORES, Message(DdnnKind::SCORES, 0, 2, 0, DdnnPayload(13)));
    inject(FIRST_SCORES, Message(DdnnKind::SCORES, 0, 2, 0, {}));
    inject(FIRST_SCORES, Message(DdnnKind::SCORES, 0, 3, 0, m_scores));
    inject(FIRST_SCORES, Message(DdnnKind::SCORES, 0, 0, 0, m_scores));
    inject(FIRST_SCORES, Message(DdnnKind::SCORES, 1, 0, 0, m_scores));
    inject(FIRST_SCORES, Message(DdnnKind::SCORES, 0, 0, 4, m_scores));
    inject(FIRST_SCORES, Message(DdnnKind::FEATURES, 0, 0, 0, m_features));
    inject(FIRST_SCORES, Message(DdnnKind::REQUEST, 0, 0, 0, {}));
    inject(ENDED, Message(DdnnKind::SCORES, 0, 0, 0, m_scores));
    RunUndisturbed();
    EXPECT_EQ(
        m_rejected[GATEWAY],
        (Counts{{"bad-payload", 3}, {"duplicate", 2}, {"unexpected", 4}, {"unknown-sample", 1}}));
}

TEST_F(Applications, SampleTrackerIgnoresWrongPredictions)
{
    const auto inject =
        [this](double when, uint8_t tier, uint32_t sample, const DdnnPayload& bytes) {
            Inject(GATEWAY, when, Message(DdnnKind::PREDICTION, tier, 0, sample, bytes));
        };
    inject(FIRST_FEATURES, 0, 0, m_prediction);
    inject(FIRST_FEATURES, 2, 0, m_prediction);
    inject(FIRST_FEATURES, 1, 3, m_prediction);
    inject(FIRST_FEATURES, 1, 0, m_scores);
    inject(FIRST_FEATURES, 1, 0, EncodePrediction({1, 3, 0.5}));
    inject(FIRST_FEATURES,
           0,
           0,
           EncodePrediction({0, 2, 0.5})); // the local exit has spoken already
    inject(ENDED, 1, 0, m_prediction);
    RunUndisturbed();
    EXPECT_EQ(m_rejected[GATEWAY],
              (Counts{{"unknown-sample", 1}, {"bad-payload", 4}, {"duplicate", 1}, {"late", 1}}));
}

TEST_F(Applications, ServerIgnoresWrongFeatures)
{
    const auto inject = [this](double when, const std::vector<uint8_t>& bytes) {
        Inject(CLOUD, when, bytes);
    };
    inject(FIRST_FEATURES, Message(DdnnKind::FEATURES, 0, 0, 0, m_features));
    inject(FIRST_FEATURES, Message(DdnnKind::FEATURES, 0, 2, 0, DdnnPayload(127)));
    inject(FIRST_FEATURES, Message(DdnnKind::FEATURES, 0, 2, 0, {}));
    inject(FIRST_FEATURES, Message(DdnnKind::FEATURES, 0, 3, 0, m_features));
    inject(FIRST_FEATURES, Message(DdnnKind::FEATURES, 1, 2, 0, m_features));
    inject(FIRST_FEATURES, Message(DdnnKind::FEATURES, 0, 2, 4, m_features));
    inject(FIRST_FEATURES, Message(DdnnKind::SCORES, 0, 2, 0, m_scores));
    inject(FIRST_FEATURES, Message(DdnnKind::RAW, 0, 2, 0, DdnnPayload(3072)));
    inject(ENDED, Message(DdnnKind::FEATURES, 0, 0, 0, m_features));
    RunUndisturbed();
    EXPECT_EQ(
        m_rejected[CLOUD],
        (Counts{{"duplicate", 2}, {"bad-payload", 2}, {"unexpected", 4}, {"unknown-sample", 1}}));
}

TEST_F(Applications, EndDeviceIgnoresWrongRequests)
{
    Inject(1, ENDED, Message(DdnnKind::REQUEST, 0, 1, 0, {}));
    Inject(1, ENDED, Message(DdnnKind::REQUEST, 0, DdnnHeader::ALL_NODES, 0, {}));
    Inject(1, ENDED, Message(DdnnKind::REQUEST, 0, 1, 0, {1}));
    Inject(1, ENDED, Message(DdnnKind::REQUEST, 0, 1, 1, {}));
    Inject(1, ENDED, Message(DdnnKind::REQUEST, 0, 0, 0, {}));
    Inject(1, ENDED, Message(DdnnKind::REQUEST, 1, 1, 0, {}));
    Inject(1, ENDED, Message(DdnnKind::PREDICTION, 1, 0, 0, m_prediction));
    RunUndisturbed();
    EXPECT_EQ(
        m_rejected[1],
        (Counts{{"duplicate", 2}, {"bad-payload", 1}, {"unknown-sample", 1}, {"unexpected", 3}}));
}

TEST_F(Applications, EndDeviceAnswersARequestBeforeItsScoresLeft)
{
    // The section still computes: the features follow when it has finished.
    Inject(1, 0.1, Message(DdnnKind::REQUEST, 0, 1, 0, {}));
    const auto device = m_site.devices[1];
    Time sent;
    device->TraceConnectWithoutContext(
        "Tx",
        Callback<void, const DdnnMessageName&, uint32_t>(
            [&sent](const DdnnMessageName& name, uint32_t payloadBytes) {
                if (name.header.kind == DdnnKind::FEATURES && name.header.sample == 0)
                {
                    EXPECT_EQ(payloadBytes, 128U);
                    sent = Simulator::Now();
                }
            }));
    RunUndisturbed();
    const double compute = static_cast<double>(device->GetOperations()) / 249e6;
    EXPECT_GE(sent, Seconds(compute) + MilliSeconds(1)); // its slot
    EXPECT_LT(sent, Seconds(compute) + MicroSeconds(1020));
    // The gateway's own request then comes in vain.
    EXPECT_EQ(m_rejected[1], (Counts{{"duplicate", 1}}));
}

TEST_F(Applications, CountWhatTheyReject)
{
    Inject(CLOUD, 1, {1, 2, 3});
    Inject(CLOUD, 2, Message(DdnnKind::SCORES, 0, 2, 0, m_scores));
    RunUndisturbed();
    uint64_t malformed = 0;
    uint64_t unexpected = 0;
    for (const auto& application : m_site.all)
    {
        malformed += application->GetRejected(DdnnReject::MALFORMED);
        unexpected += application->GetRejected(DdnnReject::UNEXPECTED);
    }
    EXPECT_EQ(malformed, 1);
    EXPECT_EQ(unexpected, 1);
    EXPECT_EQ(m_rejected, (std::map<int, Counts>{{CLOUD, {{"malformed", 1}, {"unexpected", 1}}}}));
}

TEST_F(Applications, ExitAsksEachEndDevice)
{
    const auto requests = CountSent(m_site.exits[0], DdnnKind::REQUEST);
    RunUndisturbed();
    EXPECT_EQ(*requests, NUM_SAMPLES * NUM_DEVICES);
}

TEST_F(Applications, ExitAsksAllEndDevicesOfAGroupWithOneBroadcast)
{
    m_site.exits[0]->AddGroup({0, 2}, Ipv4Address("10.0.0.255"), m_devices.Get(GATEWAY));
    const auto requests = CountSent(m_site.exits[0], DdnnKind::REQUEST);
    RunUndisturbed();
    EXPECT_EQ(*requests, NUM_SAMPLES * 2); // the broadcast, and one to the end device between
}

TEST_F(Applications, EndDevicesCaptureWithTheirOffsetFromTheClock)
{
    for (const auto& device : m_site.devices)
    {
        device->SetAttribute("Offset",
                             StringValue("ns3::UniformRandomVariable[Min=0.001|Max=0.002]"));
        device->AssignStreams(7 + device->GetIndex());
    }
    std::vector<std::vector<Time>> captures(NUM_DEVICES);
    for (const auto& device : m_site.devices)
    {
        device->TraceConnectWithoutContext(
            "Capture",
            Callback<void, uint32_t>([&of = captures[device->GetIndex()]](uint32_t sample) {
                EXPECT_EQ(sample, of.size());
                of.push_back(Simulator::Now());
            }));
    }
    RunUndisturbed();
    for (const std::vector<Time>& times : captures)
    {
        ASSERT_EQ(times.size(), 1U * NUM_SAMPLES);
        EXPECT_GE(times[0], MilliSeconds(1));
        EXPECT_LE(times[0], MilliSeconds(2));
        for (std::size_t i = 0; i < times.size(); ++i)
        {
            EXPECT_EQ(times[i] - times[0], MilliSeconds(100) * i);
        }
    }
    EXPECT_NE(captures[0][0], captures[1][0]);
}
