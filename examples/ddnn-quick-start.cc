// SPDX-License-Identifier: GPL-2.0-only
// The template for a scenario of your own: data, a model, nodes, a run, results. See README.md.
#include "contrib-ddnn/hierarchy-presets.h"
#include "contrib-ddnn/packed-model.h"
#include "contrib-ddnn/synthetic.h"
#include "contrib-ddnn/trainer.h"

#include "ns3/command-line.h"
#include "ns3/ddnn-helper.h"
#include "ns3/ddnn-recorder.h"
#include "ns3/simulator.h"

#include <iostream>

using namespace ns3;

int
main(int argc, char* argv[])
try
{
    int epochs = 10;
    CommandLine cmd(__FILE__);
    cmd.AddValue("epochs", "passes over the training samples", epochs);
    cmd.Parse(argc, argv);

    // The data: what each device sees of each sample. Here it is rendered; ddnn::LoadDataset reads
    // a NumPy file.
    ddnn::SyntheticSettings street;
    street.numDevices = 4;
    const auto dataset = std::make_shared<const ddnn::Dataset>(ddnn::RenderSynthetic(street));

    // The hierarchy: what is trained, and what is simulated. Here it is the paper's Fig. 2 (c).
    ddnn::PresetSettings preset;
    preset.numDevices = street.numDevices;
    const ddnn::Hierarchy hierarchy = ddnn::MakePreset('c', preset);

    // The model: all sections, trained jointly. ddnn::LoadCheckpoint reads a trained one.
    ddnn::TrainSettings training;
    training.epochs = epochs;
    const auto model =
        std::make_shared<const ddnn::PackedModel>(ddnn::Train(hierarchy, *dataset, training));

    // The network: a node per device on Wi-Fi, a gateway with the local exit, and a cloud behind a
    // wide-area link. Attributes are set here, or on the command line for one run:
    // --ns3::DdnnEndDevice::OperationsPerSecond=1e9
    DdnnHelper helper(model, dataset, ddnn::Indices(*dataset, ddnn::Split::TEST));
    DdnnTopologySettings links;
    links.cloud = {DataRate("5Mbps"), MilliSeconds(30)};
    helper.SetLinks(links);
    helper.Install();
    helper.AssignStreams(1);

    // From here on everything is ns-3's: helper.GetTopology() has ordinary nodes and net
    // devices, and the applications on them have trace sources. The recorder turns these into
    // records.
    const DdnnRecorder recorder(helper);
    Simulator::Stop(helper.GetEnd());
    Simulator::Run();

    std::size_t correct = 0;
    std::size_t local = 0;
    DdnnBytes bytes;
    for (const DdnnSampleRecord& record : recorder.GetRecords())
    {
        correct += record.verdict == record.label;
        local += record.exit == 0;
        bytes += record.bytes;
    }
    std::cout << recorder.GetRecords().size() << " samples: " << correct << " correct, " << local
              << " exited locally\n"
              << "bytes: " << bytes.payload << " payload, " << bytes.header << " header, "
              << bytes.onAir << " on air\n";
    Simulator::Destroy();
    return 0;
}

catch (const std::exception& e)
{
    std::cerr << "ddnn-quick-start: " << e.what() << "\n";
    return 1;
}
