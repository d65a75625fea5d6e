// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/hierarchy-presets.h"

#include "test/test-support.h"

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
    exited.sample = 7;
    exited.label = 2;
    exited.verdict = 1;
    exited.outcome = DdnnOutcome::EXITED;
    exited.exit = 1;
    exited.uncertainty = 0.25;
    exited.summaries = {"111011", "1"};
    exited.features = {"", "110011"};
    exited.latency = {MicroSeconds(10003),
                      MicroSeconds(1),
                      MicroSeconds(2),
                      Time(0),
                      MilliSeconds(10)};
    exited.bytes = {840, 456, 1752};
    exited.accepted = 168; // 1344 bits in 0.2 s
    DdnnSampleRecord lost;
    lost.sample = 8;
    lost.summaries = {"000000", ""};
    lost.features = {"", ""};
    lost.latency.total = MilliSeconds(500);
    lost.latency.waiting = MilliSeconds(500);
    DdnnRunResult result;
    result.records = {exited, lost};
    result.traffic = {{"access-up", "summary", {72, 228, 528}}};
    result.messages = {{"summary", "accepted", 11, 242}};
    result.withheld = 3;
    result.givenUp = 2;
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
        MakeCsv().GetSamples(),
        "threshold,sample,label,verdict,outcome,exit,uncertainty,local_summaries,cloud_features,"
        "cloud_summaries,"
        "latency_ms,compute_ms,access_ms,waiting_ms,backhaul_ms,payload_bytes,header_bytes,"
        "on_air_bytes\n"
        "0.800000,7,2,1,exited,cloud,0.250000,111011,110011,1,"
        "10.003000,0.001000,0.002000,0.000000,10.000000,840,456,1752\n"
        "0.800000,8,0,-1,lost,,,000000,,,"
        "500.000000,0.000000,0.000000,500.000000,0.000000,0,0,0\n");
}

TEST(Csv, SummaryHasFixedFormats)
{
    EXPECT_EQ(MakeCsv().GetSummary(),
              "threshold,accuracy_percent,equation1_bytes,payload_bytes,header_bytes,on_air_bytes,"
              "raw_ratio,local_exit_percent,local_latency_mean_ms,local_latency_p95_ms,"
              "local_tier_summary_bytes,local_tier_feature_bytes,cloud_exit_percent,"
              "cloud_latency_mean_ms,cloud_latency_p95_ms,cloud_tier_summary_bytes,"
              "cloud_tier_feature_bytes,samples,exited,fallback,lost,events,"
              "latency_p50_ms,latency_p95_ms,latency_p99_ms,goodput_kbps\n"
              "0.800000,0.000000,140.000000,70.000000,38.000000,146.000000,43.885714,"
              "0.000000,,,72.000000,768.000000,50.000000,10.003000,10.003000,0.000000,0.000000,"
              "2,1,0,1,0,10.003000,10.003000,10.003000,6.720000\n");
}

TEST(Csv, TrafficHasARowPerHopAndKind)
{
    EXPECT_EQ(MakeCsv().GetTraffic(),
              "threshold,hop,kind,payload_bytes,header_bytes,on_air_bytes\n"
              "0.800000,access-up,summary,72,228,528\n");
}

TEST(Csv, MessagesHaveARowPerKindAndFate)
{
    EXPECT_EQ(MakeCsv().GetMessages(),
              "threshold,kind,fate,messages,bytes\n"
              "0.800000,summary,accepted,11,242\n"
              "0.800000,all,withheld,3,\n"
              "0.800000,all,given-up,2,\n");
}

TEST(Csv, WritesItsFiles)
{
    const ddnn::test::TempDir folder;
    const DdnnCsv csv = MakeCsv();
    csv.Write(folder.Path(""));
    EXPECT_EQ(ReadFile(folder.Path("samples.csv")), csv.GetSamples());
    EXPECT_EQ(ReadFile(folder.Path("summary.csv")), csv.GetSummary());
    EXPECT_EQ(ReadFile(folder.Path("traffic.csv")), csv.GetTraffic());
    EXPECT_EQ(ReadFile(folder.Path("messages.csv")), csv.GetMessages());
}

TEST(Csv, RefusesAFolderThatDoesNotExist)
{
    const ddnn::test::TempDir folder;
    EXPECT_THROW(MakeCsv().Write(folder.Path("missing")), std::runtime_error);
    EXPECT_FALSE(std::filesystem::exists(folder.Path("missing")));
}
