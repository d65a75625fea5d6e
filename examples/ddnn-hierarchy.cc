// SPDX-License-Identifier: GPL-2.0-only
// Prints a hierarchy: as a file to start from, as a table, or as what --draw draws.
// ./ddnn hierarchy --config=e --describe
#include "common.h"
#include "hierarchy-table.h"

#include "contrib-ddnn/hierarchy/hierarchy-json.h"
#include "contrib-ddnn/network/network.h"

#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace ddnn;
using namespace ddnn::examples;

namespace
{

/// All that the command line says.
struct Settings
{
    InputOptions input;
    PresetSettings network;
    std::string model;
    bool describe{false};
    bool drawing{false};
};

Settings
ParseSettings(int argc, char* argv[])
{
    Settings settings;
    settings.input.trainSamples = 1; // of the data set, only the sizes are needed
    settings.input.testSamples = 0;
    Options options("ddnn-hierarchy",
                    "Prints a hierarchy as JSON, a file for --hierarchy to start from.");
    AddInputOptions(options, settings.input, "abcdef");
    AddNetworkOptions(options, settings.network);
    options.AddString("model", "checkpoint whose hierarchy is printed", settings.model);
    options.AddFlag("describe",
                    "print a table of shapes, bytes, operations and memory instead",
                    settings.describe);
    options.AddFlag("drawing",
                    "print what results/draw-hierarchy.py reads instead",
                    settings.drawing);
    options.Parse(argc, argv);
    CheckInputOptions(options, settings.input);
    if (!settings.model.empty())
    {
        const std::string reason = settings.model + " has a hierarchy, leave one of them out";
        options.Refuse(NetworkOptionNames(), reason);
        options.Refuse({"config", "hierarchy", "dataset", "devices", "device"}, reason);
    }
    if (settings.describe && settings.drawing)
    {
        throw std::runtime_error("--drawing, --describe: leave one of them out");
    }
    return settings;
}

/// Of the checkpoint, of the file, or the preset of a data set's sizes.
Hierarchy
GetHierarchy(const Settings& settings)
{
    if (settings.model.empty() && settings.input.hierarchy.empty())
    {
        return MakeHierarchy(settings.input, settings.network, LoadInput(settings.input));
    }
    Hierarchy hierarchy = settings.model.empty() ? ReadHierarchy(settings.input.hierarchy)
                                                 : LoadCheckpoint(settings.model).hierarchy;
    if (settings.input.cells > 0)
    {
        SplitIntoCells(hierarchy, settings.input.cells);
    }
    CheckDeviceMemory(settings.input, hierarchy);
    return hierarchy;
}

} // namespace

int
main(int argc, char* argv[])
{
    return RunMain("ddnn-hierarchy", [&] {
        const Settings settings = ParseSettings(argc, argv);
        const Hierarchy hierarchy = GetHierarchy(settings);
        for (const std::string& warning : Warnings(hierarchy))
        {
            std::cerr << "ddnn-hierarchy: warning: " << warning << "\n";
        }
        std::cout << (settings.describe  ? HierarchyTable(hierarchy)
                      : settings.drawing ? HierarchyDrawing(hierarchy) + "\n"
                                         : ToJson(hierarchy) + "\n");
        return 0;
    });
}
