// SPDX-License-Identifier: GPL-2.0-only
#include "evaluation-csv.h"

#include "models.h"
#include "output.h"

#include <stdexcept>

namespace ddnn::examples
{

namespace
{

/// The devices of a set's bits.
std::vector<int>
Members(unsigned set, int numDevices)
{
    std::vector<int> members;
    for (int device = 0; device < numDevices; ++device)
    {
        if ((set >> device & 1) != 0)
        {
            members.push_back(device);
        }
    }
    return members;
}

} // namespace

std::string
SamplesCsv(const std::vector<SampleResult>& results,
           const std::vector<std::string>& exits,
           const std::vector<double>& thresholds)
{
    std::string csv = "sample,label";
    for (const std::string& name : exits)
    {
        csv += "," + name + "_label," + name + "_entropy";
    }
    csv += ",exit,prediction\n";
    for (const SampleResult& result : results)
    {
        const int exit = ChooseExit(result.exits, thresholds);
        csv += std::to_string(result.sample) + "," + std::to_string(result.label);
        for (const Verdict& verdict : result.exits)
        {
            csv += "," + std::to_string(verdict.label) + "," + Fixed(verdict.uncertainty, 6);
        }
        csv += "," + exits[exit] + "," + std::to_string(result.exits[exit].label) + "\n";
    }
    return csv;
}

std::string
FailuresCsv(const Model& model,
            const Dataset& dataset,
            const std::vector<std::size_t>& samples,
            const std::vector<double>& thresholds)
{
    constexpr int MOST = 16;
    const int devices = dataset.numDevices;
    if (devices > MOST)
    {
        throw std::runtime_error("--allFailures: there are too many sets of " +
                                 Plural(devices, "device") + ", give --failed for some of them");
    }
    std::string csv = "failed,count";
    for (const std::string& name : ExitNames(model.GetHierarchy()))
    {
        csv += "," + name;
    }
    csv += ",overall\n";
    for (unsigned set = 0; set + 1 < 1U << devices; ++set)
    {
        const std::vector<int> failed = Members(set, devices);
        const Evaluation evaluation =
            Evaluate(Classify(model, dataset, samples, failed), dataset.numClasses, thresholds);
        std::string names;
        for (int device : failed)
        {
            names += (names.empty() ? "" : "-") + std::to_string(device);
        }
        csv += names + "," + std::to_string(failed.size());
        for (double accuracy : evaluation.exitAccuracy)
        {
            csv += "," + Fixed(100 * accuracy, 6);
        }
        csv += "," + Fixed(100 * evaluation.overall, 6) + "\n";
    }
    return csv;
}

} // namespace ddnn::examples
