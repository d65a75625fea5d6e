// SPDX-License-Identifier: GPL-2.0-only
#include "dataset.h"

#include <functional>
#include <stdexcept>

namespace ddnn
{

namespace
{

/// The array y of a data set.
std::vector<int32_t>
FormatLabels(const Dataset& dataset)
{
    std::vector<int32_t> y(dataset.inView.size());
    bool absentIsBlank = true;
    for (std::size_t i = 0; i < y.size(); ++i)
    {
        const std::size_t sample = i / dataset.numDevices;
        absentIsBlank =
            absentIsBlank && (dataset.inView[i] || dataset.IsBlank(sample, i % dataset.numDevices));
        y[i] = dataset.labels[sample];
    }
    for (std::size_t i = 0; i < y.size(); ++i)
    {
        if (!dataset.inView[i])
        {
            y[i] = absentIsBlank ? dataset.numClasses : -1;
        }
    }
    return y;
}

std::vector<std::size_t>
Extents(const Shape& shape)
{
    return {static_cast<std::size_t>(shape.channels),
            static_cast<std::size_t>(shape.rows),
            static_cast<std::size_t>(shape.columns)};
}

/// The views of one device, `[n, channel, row, column]`.
NpzArray
FormatViews(const Dataset& dataset, int device)
{
    std::vector<std::size_t> shape = Extents(dataset.shapes[device]);
    shape.insert(shape.begin(), dataset.Size());
    std::vector<uint8_t> views;
    for (std::size_t sample = 0; sample < dataset.Size(); ++sample)
    {
        const uint8_t* view = dataset.View(sample, device);
        views.insert(views.end(), view, view + dataset.shapes[device].Size());
    }
    return {shape, views};
}

/// The arrays of a data set, as MakeDataset reads them.
Npz
Format(const Dataset& dataset)
{
    const std::size_t n = dataset.Size();
    const std::size_t numDevices = dataset.numDevices;
    Npz npz{{"y", {{n, numDevices}, FormatLabels(dataset)}}, {"split", {{n}, dataset.inTest}}};
    const auto& shapes = dataset.shapes;
    if (std::adjacent_find(shapes.begin(), shapes.end(), std::not_equal_to<>()) == shapes.end())
    {
        std::vector<std::size_t> shape = Extents(shapes.front());
        shape.insert(shape.begin(), {n, numDevices});
        npz["X"] = {shape, dataset.views};
        return npz;
    }
    for (int device = 0; device < dataset.numDevices; ++device)
    {
        npz["X/" + std::to_string(device)] = FormatViews(dataset, device);
    }
    return npz;
}

} // namespace

void
Dataset::SetShapes(const std::vector<Shape>& deviceShapes)
{
    numDevices = static_cast<int>(deviceShapes.size());
    shapes = deviceShapes;
    offsets.assign(1, 0);
    for (const Shape& shape : shapes)
    {
        offsets.push_back(offsets.back() + shape.Size());
    }
}

std::vector<std::size_t>
Indices(const Dataset& dataset, Split split)
{
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < dataset.Size(); ++i)
    {
        if (split == Split::ALL || (split == Split::TEST) == (dataset.inTest[i] != 0))
        {
            indices.push_back(i);
        }
    }
    return indices;
}

Dataset
SelectDevices(const Dataset& dataset, const std::vector<int>& devices)
{
    if (devices.empty())
    {
        throw std::runtime_error("no device is selected; give at least one");
    }
    for (const int device : devices)
    {
        if (device < 0 || device >= dataset.numDevices)
        {
            throw std::runtime_error("the data set has no device " + std::to_string(device) +
                                     "; give 0 to " + std::to_string(dataset.numDevices - 1));
        }
    }
    Dataset selected;
    selected.numClasses = dataset.numClasses;
    std::vector<Shape> shapes;
    for (const int device : devices)
    {
        shapes.push_back(dataset.shapes[device]);
    }
    selected.SetShapes(shapes);
    selected.labels = dataset.labels;
    selected.inTest = dataset.inTest;
    for (std::size_t sample = 0; sample < dataset.Size(); ++sample)
    {
        for (const int device : devices)
        {
            const uint8_t* view = dataset.View(sample, device);
            selected.views.insert(selected.views.end(), view, view + dataset.shapes[device].Size());
            selected.inView.push_back(dataset.inView[sample * dataset.numDevices + device]);
        }
    }
    return selected;
}

Dataset
LoadDataset(const std::string& path)
{
    return MakeDataset(ReadNpz(path), path);
}

void
SaveDataset(const Dataset& dataset, const std::string& path)
{
    const std::string prefix = "cannot write data set '" + path + "': ";
    const std::size_t numViews = dataset.Size() * dataset.numDevices;
    const std::size_t numDevices = dataset.numDevices;
    if (dataset.shapes.size() != numDevices || dataset.offsets.size() != numDevices + 1 ||
        dataset.inTest.size() != dataset.Size() || dataset.inView.size() != numViews ||
        dataset.views.size() != dataset.Size() * dataset.SampleSize())
    {
        throw std::runtime_error(prefix + "the sizes of its members disagree");
    }
    const Npz npz = Format(dataset);
    const Dataset readBack = MakeDataset(npz, path);
    if (readBack.numClasses != dataset.numClasses)
    {
        throw std::runtime_error(prefix + "it would be read back with " +
                                 std::to_string(readBack.numClasses) + " classes instead of " +
                                 std::to_string(dataset.numClasses) +
                                 ", as only views that are not blank show which classes there "
                                 "are; add such a view of the last class");
    }
    WriteNpz(path, npz);
}

} // namespace ddnn
