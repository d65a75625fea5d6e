// SPDX-License-Identifier: GPL-2.0-only
// Writes the data set `synthetic` to a file, for Python or for a change of it.
#include "cli/program.h"

#include "contrib-ddnn/synthetic/synthetic.h"

#include <iostream>
#include <limits>

using namespace ddnn;
using namespace ddnn::examples;

int
main(int argc, char* argv[])
{
    return RunMain(
        "ddnn-dataset",
        "Renders the data set synthetic into a NumPy file.",
        [&](CLI::App& app) {
            SyntheticSettings street;
            std::string output = "street-corner.npz";
            AddNumber(app, "--devices", street.numDevices, 1, 10000, "cameras");
            AddNumber(app, "--train", street.numTrain, 1, 1000000, "training samples");
            AddNumber(app, "--test", street.numTest, 0, 1000000, "test samples");
            AddNumber(app, "--seed", street.seed, 0, std::numeric_limits<uint64_t>::max(), "seed");
            app.add_option("--output", output, "file to write");
            app.parse(argc, argv);
            SaveDataset(RenderSynthetic(street), output);
            std::cout << "The data set is in " << output << "\n";
            return 0;
        });
}
