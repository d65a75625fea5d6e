// SPDX-License-Identifier: GPL-2.0-only
// Classifying one sample (six devices and cloud), one epoch of training, and what a simulation
// costs with the network's mathematics and without.
#include "contrib-ddnn/evaluation/evaluation.h"
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/inference/packed-model.h"
#include "contrib-ddnn/inference/reference-model.h"
#include "contrib-ddnn/synthetic/synthetic.h"
#include "contrib-ddnn/training/trainer.h"

#include "ns3/ddnn-scenario.h"

#include <benchmark/benchmark.h>
#include <omp.h>

#include <chrono>
#include <map>
#include <memory>

namespace
{

using namespace ddnn;

double
Now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

const Dataset&
Street()
{
    static const Dataset dataset = RenderSynthetic({});
    return dataset;
}

/// Trained briefly: what the weights are changes no cost but the share of local exits.
const Network&
TrainedNetwork()
{
    static const Network network = [] {
        omp_set_num_threads(1); // what is timed afterwards has one core, too
        TrainSettings settings;
        settings.epochs = 5;
        return Train(MakePreset('c', {}), Street(), settings);
    }();
    return network;
}

template <typename AnyModel>
void
ClassifySample(benchmark::State& state)
{
    const AnyModel model(TrainedNetwork());
    const Dataset& dataset = Street();
    std::size_t sample = 0;
    for (auto _ : state)
    {
        std::vector<const uint8_t*> views;
        for (int device = 0; device < dataset.numDevices; ++device)
        {
            views.push_back(dataset.View(sample, device));
        }
        benchmark::DoNotOptimize(model.Infer(views));
        sample = (sample + 1) % dataset.Size();
    }
}

BENCHMARK_TEMPLATE(ClassifySample, PackedModel)->Unit(benchmark::kMicrosecond);
BENCHMARK_TEMPLATE(ClassifySample, ReferenceModel)->Unit(benchmark::kMicrosecond);

/// One epoch on 1115 samples, the training split of the EPFL crops, on one thread.
void
TrainEpoch(benchmark::State& state)
{
    SyntheticSettings street;
    street.numTrain = 1115;
    street.numTest = 3;
    const Dataset dataset = RenderSynthetic(street);
    omp_set_num_threads(static_cast<int>(state.range(0)));
    TrainSettings settings;
    settings.validation = 0;
    for (auto _ : state)
    {
        // the set-up and the re-estimation of the statistics are the same for both, so they cancel
        settings.epochs = 1;
        auto begin = Now();
        Train(MakePreset('c', {}), dataset, settings);
        const double one = Now() - begin;
        settings.epochs = 3;
        begin = Now();
        Train(MakePreset('c', {}), dataset, settings);
        state.SetIterationTime((Now() - begin - one) / 2);
    }
    omp_set_num_threads(omp_get_num_procs());
}

BENCHMARK(TrainEpoch)
    ->Arg(1)
    ->Arg(2)
    ->UseManualTime()
    ->Iterations(1)
    ->Repetitions(5)
    ->ReportAggregatesOnly()
    ->Unit(benchmark::kMillisecond);

/// Answers from memory what the packed model has answered before.
class CannedModel : public Model
{
  public:
    explicit CannedModel(const Network& network)
        : Model(network.hierarchy)
        , m_model(network)
    {
    }

    NodeOutput RunDevice(int device, const uint8_t* view) const override
    {
        return Recall(m_devices, view, [&] {
            return m_model.RunDevice(device, view);
        });
    }

    NodeOutput RunNode(int tier, int node, const std::vector<Features>& children) const override
    {
        return Recall(m_nodes, children, [&] {
            return m_model.RunNode(tier, node, children);
        });
    }

    Verdict CloseExit(int tier, const std::vector<Scores>& scores) const override
    {
        return Recall(m_exits[tier], scores, [&] {
            return m_model.CloseExit(tier, scores);
        });
    }

  private:
    template <typename Key, typename Value, typename Compute>
    static Value Recall(std::map<Key, Value>& memory, const Key& key, Compute compute)
    {
        const auto found = memory.find(key);
        return found != memory.end() ? found->second : memory.emplace(key, compute()).first->second;
    }

    PackedModel m_model;
    mutable std::map<const uint8_t*, NodeOutput> m_devices;
    mutable std::map<std::vector<Features>, NodeOutput> m_nodes;
    mutable std::map<int, std::map<std::vector<Scores>, Verdict>> m_exits;
};

template <typename AnyModel>
void
Simulate(benchmark::State& state)
{
    const auto dataset = std::make_shared<const Dataset>(Street());
    const auto model = std::make_shared<const AnyModel>(TrainedNetwork());
    ns3::DdnnRunSettings run;
    run.samples = Indices(*dataset, Split::TEST);
    const auto scenario = ns3::CreateObject<ns3::DdnnScenario>();
    scenario->Run(run, model, dataset); // fills the memory of CannedModel
    for (auto _ : state)
    {
        scenario->Run(run, model, dataset);
    }
}

BENCHMARK_TEMPLATE(Simulate, PackedModel)->Unit(benchmark::kMillisecond);
BENCHMARK_TEMPLATE(Simulate, CannedModel)->Unit(benchmark::kMillisecond);

} // namespace
