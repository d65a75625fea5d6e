// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"

#include "test/support/test-support.h"

#include "ns3/ddnn-csv.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace ns3;

namespace
{

DdnnRunResult
MakeResult()
{
    DdnnSampleRecord exited;
    exited.site = 3;
    exited.number = 4;
    exited.sample = 7;
    exited.label = 2;
    exited.prediction = 1;
    exited.outcome = DdnnOutcome::EXITED;
    exited.exit = 1;
    exited.uncertainty = 0.25;
    exited.scores = {"111011", "1"};
    exited.features = {"", "110011"};
    exited.latency.captured = MilliSeconds(1234);
    exited.latency.end = exited.latency.captured + MicroSeconds(10012);
    exited.latency.compute = MicroSeconds(1);
    exited.latency.queueing = MicroSeconds(4);
    exited.latency.waiting = MicroSeconds(5);
    exited.latency.network[0] = MicroSeconds(2);
    exited.latency.network[1] = MilliSeconds(10);
    exited.bytes = {840, 456, 1752};
    exited.accepted = 168; // 1344 bits in 0.2 s
    DdnnSampleRecord lost;
    lost.number = 5;
    lost.sample = 8;
    lost.scores = {"000000", ""};
    lost.features = {"", ""};
    lost.latency.captured = MilliSeconds(1334);
    lost.latency.end = MilliSeconds(1834);
    lost.latency.waiting = MilliSeconds(500);
    DdnnRunResult result;
    result.records = {exited, lost};
    result.traffic = {{"3", "access-up", "scores", {72, 228, 528}, true},
                      {"", "mine", "control", {0, 0, 14}, false}};
    result.messages = {{3, "scores", "accepted", 11, 242}};
    result.rateLimited = 3;
    result.retriesExhausted = 2;
    result.exited = 1;
    result.lost = 1;
    result.duration = MilliSeconds(200);
    return result;
}

DdnnCsv
MakeCsv()
{
    const ddnn::Hierarchy hierarchy = ddnn::MakePreset('c', {});
    DdnnCsv csv(hierarchy);
    csv.Add(MakeResult(), Summarise(MakeResult(), hierarchy, 0.8));
    return csv;
}

std::string
ReadFile(const std::string& path)
{
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

} // namespace

TEST(Csv, SamplesHaveFixedFormats)
{
    EXPECT_EQ(
        MakeCsv().GetFiles().at("samples.csv"),
        "threshold,site,number,sample,captured_s,label,prediction,outcome,exit,uncertainty,"
        "local_scores,cloud_features,cloud_scores,latency_ms,compute_ms,queueing_ms,waiting_ms,"
        "local_network_ms,cloud_network_ms,payload_bytes,header_bytes,on_air_bytes\n"
        "0.800000,3,4,7,1.234000000,2,1,exited,cloud,0.250000,111011,110011,1,"
        "10.012000,0.001000,0.004000,0.005000,0.002000,10.000000,840,456,1752\n"
        "0.800000,0,5,8,1.334000000,0,-1,lost,,,000000,,,"
        "500.000000,0.000000,0.000000,500.000000,0.000000,0.000000,0,0,0\n");
}

TEST(Csv, SummaryHasFixedFormats)
{
    EXPECT_EQ(MakeCsv().GetFiles().at("summary.csv"),
              "threshold,accuracy_percent,communication_cost_bytes,payload_bytes,header_bytes,on_"
              "air_bytes,"
              "raw_ratio,local_exit_percent,local_latency_mean_ms,local_latency_p95_ms,"
              "local_tier_scores_bytes,local_tier_features_bytes,cloud_exit_percent,"
              "cloud_latency_mean_ms,cloud_latency_p95_ms,cloud_tier_scores_bytes,"
              "cloud_tier_features_bytes,samples,exited,fallback,lost,events,"
              "latency_p50_ms,latency_p95_ms,latency_p99_ms,goodput_kbps,rate_limited,"
              "retries_exhausted\n"
              "0.800000,0.000000,140.000000,70.000000,38.000000,146.000000,43.885714,"
              "0.000000,,,72.000000,768.000000,50.000000,10.012000,10.012000,0.000000,0.000000,"
              "2,1,0,1,0,10.012000,10.012000,10.012000,6.720000,3,2\n");
}

TEST(Csv, TrafficHasARowPerSitePlaceAndKind)
{
    EXPECT_EQ(MakeCsv().GetFiles().at("traffic.csv"),
              "threshold,site,place,kind,payload_bytes,header_bytes,on_air_bytes,counted\n"
              "0.800000,3,access-up,scores,72,228,528,on-air\n"
              "0.800000,,mine,control,0,0,14,at-device\n");
}

TEST(Csv, MessagesHaveARowPerSiteKindAndDisposition)
{
    EXPECT_EQ(MakeCsv().GetFiles().at("messages.csv"),
              "threshold,site,kind,disposition,messages,bytes\n"
              "0.800000,3,scores,accepted,11,242\n");
}

TEST(Csv, WritesItsFilesAndRemovesThoseOfAnEarlierRun)
{
    const ddnn::test::TempDir folder;
    std::ofstream(folder.Path("faults.csv")) << "old";
    const DdnnCsv csv = MakeCsv();
    csv.Write(folder.Path(""));
    for (const char* name : {"samples.csv", "summary.csv", "traffic.csv", "messages.csv"})
    {
        EXPECT_EQ(ReadFile(folder.Path(name)), csv.GetFiles().at(name)) << name;
    }
    EXPECT_FALSE(std::filesystem::exists(folder.Path("faults.csv")));
}

TEST(Csv, RefusesAFolderThatDoesNotExist)
{
    const ddnn::test::TempDir folder;
    EXPECT_THROW(MakeCsv().Write(folder.Path("missing")), std::runtime_error);
    EXPECT_FALSE(std::filesystem::exists(folder.Path("missing")));
}
