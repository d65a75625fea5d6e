// SPDX-License-Identifier: GPL-2.0-only
// Writes the data set `synthetic` to a file, for Python or for a change of it.
#include "options.h"

#include "contrib-ddnn/synthetic/synthetic.h"

#include <iostream>

using namespace ddnn;
using namespace ddnn::examples;

int
main(int argc, char* argv[])
{
    return RunMain("ddnn-dataset", [&] {
        SyntheticSettings street;
        std::string output = "street-corner.npz";
        Options options("ddnn-dataset", "Renders the data set synthetic into a NumPy file.");
        options.AddInt("devices", "cameras", street.numDevices, 1, 10000);
        options.AddInt("train", "training samples", street.numTrain, 1, 1000000);
        options.AddInt("test", "test samples", street.numTest, 0, 1000000);
        options.AddSeed("seed", "of the samples", street.seed);
        options.AddString("output", "file to write", output);
        options.Parse(argc, argv);
        SaveDataset(RenderSynthetic(street), output);
        std::cout << "The data set is in " << output << "\n";
        return 0;
    });
}
