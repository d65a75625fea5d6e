// SPDX-License-Identifier: GPL-2.0-only
#include "dataset-views.h"

#include <algorithm>
#include <stdexcept>
#include <type_traits>

namespace ddnn
{

namespace
{

constexpr int64_t MAX_LABEL = 65535;
constexpr int64_t ABSENT = -1;

/// Without given split, one of so many samples of each class is a test sample.
constexpr int TEST_PERIOD = 5;

/// The values of an array of integers, which must have this shape.
std::vector<int64_t>
Integers(const Npz& npz, const std::string& key, const std::vector<std::size_t>& shape)
{
    const NpzArray& array = FindArray(npz, key);
    if (array.shape != shape)
    {
        throw std::runtime_error("array '" + key + "': its shape is " + ShapeText(array.shape) +
                                 ", but must be " + ShapeText(shape) + " to agree with X");
    }
    const auto convert = [&](const auto& values) -> std::vector<int64_t> {
        using T = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_integral_v<T>)
        {
            return {values.begin(), values.end()};
        }
        else
        {
            throw std::runtime_error("array '" + key +
                                     "': it must hold integers; convert it with numpy's astype");
        }
    };
    return std::visit(convert, array.data);
}

void
CheckRange(const std::vector<int64_t>& y, int numDevices)
{
    for (std::size_t i = 0; i < y.size(); ++i)
    {
        if (y[i] < ABSENT || y[i] > MAX_LABEL)
        {
            throw std::runtime_error("array 'y': " + SampleText(i / numDevices) +
                                     " has the label " + std::to_string(y[i]) +
                                     ", but labels are " + "-1 (absent) to " +
                                     std::to_string(MAX_LABEL));
        }
    }
}

/// |C|, see MakeDataset; reads the views and extents of `dataset`.
int
CountClasses(const Dataset& dataset, const std::vector<int64_t>& y)
{
    const int64_t largest = *std::max_element(y.begin(), y.end());
    bool isAbsentCode = true;
    for (std::size_t i = 0; i < y.size() && isAbsentCode; ++i)
    {
        isAbsentCode =
            y[i] != largest || dataset.IsBlank(i / dataset.numDevices, i % dataset.numDevices);
    }
    const int64_t numClasses = isAbsentCode ? largest : largest + 1;
    if (largest != ABSENT && numClasses < 2)
    {
        throw std::runtime_error("array 'y': there is only one class; classification needs at "
                                 "least 2");
    }
    return numClasses;
}

/// Set labels and inView from y.
void
SetLabels(const std::vector<int64_t>& y, std::size_t numSamples, Dataset& dataset)
{
    dataset.labels.assign(numSamples, ABSENT);
    dataset.inView.assign(y.size(), 0);
    for (std::size_t i = 0; i < y.size(); ++i)
    {
        int& label = dataset.labels[i / dataset.numDevices];
        if (y[i] == ABSENT || y[i] == dataset.numClasses)
        {
            continue;
        }
        if (label != ABSENT && label != y[i])
        {
            throw std::runtime_error("array 'y': the views of " +
                                     SampleText(i / dataset.numDevices) + " are labelled " +
                                     std::to_string(label) + " and " + std::to_string(y[i]) +
                                     ", but must agree; label absent views -1");
        }
        label = y[i];
        dataset.inView[i] = 1;
    }
    const auto unseen = std::find(dataset.labels.begin(), dataset.labels.end(), ABSENT);
    if (unseen != dataset.labels.end())
    {
        throw std::runtime_error("array 'y': " + SampleText(unseen - dataset.labels.begin()) +
                                 " is absent from all views, so it has no label; leave it out");
    }
}

std::vector<uint8_t>
GivenSplit(const Npz& npz, std::size_t numSamples)
{
    const std::vector<int64_t> split = Integers(npz, "split", {numSamples});
    for (std::size_t i = 0; i < split.size(); ++i)
    {
        if (split[i] != 0 && split[i] != 1)
        {
            throw std::runtime_error("array 'split': " + SampleText(i) + " has the value " +
                                     std::to_string(split[i]) +
                                     ", but must be 0 (train) or 1 (test)");
        }
    }
    return {split.begin(), split.end()};
}

std::vector<uint8_t>
DefaultSplit(const Dataset& dataset)
{
    std::vector<uint8_t> inTest;
    std::vector<int> seen(dataset.numClasses, 0);
    for (const int label : dataset.labels)
    {
        inTest.push_back(seen[label] % TEST_PERIOD == TEST_PERIOD - 1);
        ++seen[label];
    }
    return inTest;
}

Dataset
Interpret(const Npz& npz)
{
    Dataset dataset;
    const std::size_t n = SetViews(npz, dataset);
    const std::vector<int64_t> y =
        Integers(npz, "y", {n, static_cast<std::size_t>(dataset.numDevices)});
    CheckRange(y, dataset.numDevices);
    dataset.numClasses = CountClasses(dataset, y);
    SetLabels(y, n, dataset);
    dataset.inTest = npz.count("split") > 0 ? GivenSplit(npz, n) : DefaultSplit(dataset);
    return dataset;
}

} // namespace

Dataset
MakeDataset(const Npz& npz, const std::string& name)
{
    try
    {
        return Interpret(npz);
    }
    catch (const std::runtime_error& error)
    {
        throw std::runtime_error("cannot use '" + name + "' as data set: " + error.what());
    }
}

} // namespace ddnn
