// SPDX-License-Identifier: GPL-2.0-only
#include "dataset.h"

#include <stdexcept>

namespace ddnn
{

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
    Dataset selected;
    selected.numClasses = dataset.numClasses;
    selected.labels = dataset.labels;
    selected.inTest = dataset.inTest;
    std::vector<Shape> shapes;
    for (const int device : devices)
    {
        if (device < 0 || device >= dataset.numDevices)
        {
            throw std::runtime_error("the data set has no device " + std::to_string(device) +
                                     "; give 0 to " + std::to_string(dataset.numDevices - 1));
        }
        shapes.push_back(dataset.shapes[device]);
    }
    selected.SetShapes(shapes);
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

} // namespace ddnn
