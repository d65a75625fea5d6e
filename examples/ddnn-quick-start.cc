// SPDX-License-Identifier: GPL-2.0-only
// The template for a scenario: data, a model, nodes, applications, a run, results. The nodes are
// those of DdnnTopologyHelper here; in ddnn-own-network.cc they are one's own.
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/inference/packed-model.h"
#include "contrib-ddnn/synthetic/synthetic.h"
#include "contrib-ddnn/training/trainer.h"

#include "ns3/command-line.h"
#include "ns3/ddnn-estimates.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/simulator.h"

#include <iostream>

using namespace ns3;

int
main(int argc, char* argv[])
try
{
    ddnn::TrainSettings training;
    training.epochs = 10;
    std::string modelFile;
    std::string datasetFile;
    CommandLine cmd(__FILE__); // it takes attributes, too: --ns3::DdnnBackhaul::Delay=30ms
    cmd.AddValue("epochs", "passes over the training samples", training.epochs);
    cmd.AddValue("model", "checkpoint; without one, a model is trained", modelFile);
    cmd.AddValue("dataset", "NumPy file; without one, the views are rendered", datasetFile);
    cmd.Parse(argc, argv);

    // The data: what each device sees of each sample.
    const auto dataset = std::make_shared<const ddnn::Dataset>(
        datasetFile.empty() ? ddnn::RenderSynthetic({}) : ddnn::LoadDataset(datasetFile));

    // The model: all sections, trained jointly, here of the hierarchy in the paper's Fig. 2 (c).
    const auto model = std::make_shared<const ddnn::PackedModel>(
        modelFile.empty() ? ddnn::Train(ddnn::MakePreset('c', {}), *dataset, training)
                          : ddnn::LoadCheckpoint(modelFile));

    // The network: nodes with addresses and routes, here six devices on Wi-Fi, gateway and cloud.
    const auto network = CreateObject<DdnnTopologyHelper>();
    const DdnnTopology& site = network->Build(model->GetHierarchy()).front();
    int64_t stream = 1 + network->AssignStreams(1);
    stream += network->AssignBackhaulStreams(stream);

    // The DDNN: applications for its sections and exits, with deadlines that suit the network.
    DdnnHelper ddnn(model, dataset, ddnn::Indices(*dataset, ddnn::Split::TEST));
    ApplicationContainer applications = ddnn.Install(site.tiers, site.exits);
    ConfigureForTopology(*network, applications);
    ddnn.AssignStreams(stream);
    applications.Start(network->GetStartUpTime());

    // The results: the recorder turns the applications' trace sources into a record of each sample.
    DdnnRecorder recorder(applications);
    recorder.AddHop("wifi", site.cells[0].access->GetDevices());
    DdnnHelper::StopAfterLastSample(applications);
    Simulator::Run();
    int correct = 0, local = 0;
    DdnnBytes bytes;
    for (const DdnnSampleRecord& record : recorder.GetRecords())
    {
        correct += record.prediction == record.label;
        local += record.outcome == DdnnOutcome::EXITED && record.exit == 0;
        bytes += record.bytes;
    }
    std::cout << recorder.GetRecords().size() << " samples: " << correct << " correct, " << local
              << " exited locally\nbytes: " << bytes.payload << " payload, " << bytes.header
              << " header, " << bytes.onAir << " on air\n";
    Simulator::Destroy();
}

catch (const std::exception& e)
{
    std::cerr << "ddnn-quick-start: " << e.what() << "\n";
    return 1;
}
