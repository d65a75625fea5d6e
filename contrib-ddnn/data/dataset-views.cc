// SPDX-License-Identifier: GPL-2.0-only
#include "dataset-views.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace ddnn
{

namespace
{

std::size_t
DataSize(const NpzArray& array)
{
    return std::visit(
        [](const auto& values) {
            return values.size();
        },
        array.data);
}

/// The number of samples n of an array of views, whose shape is to be as `layout` says.
std::size_t
CheckExtents(const std::string& key,
             const std::vector<std::size_t>& shape,
             std::size_t dimensions,
             const std::string& layout)
{
    const std::string prefix = "array '" + key + "': ";
    if (shape.size() != dimensions)
    {
        throw std::runtime_error(prefix + "its shape is " + ShapeText(shape) + ", but must be " +
                                 layout);
    }
    if (shape[0] == 0)
    {
        throw std::runtime_error(prefix + "there is no sample in it");
    }
    const std::size_t perSample = NumElements({shape.begin() + 1, shape.end()});
    if (perSample == 0 || perSample > std::numeric_limits<int>::max())
    {
        throw std::runtime_error(prefix + "its shape " + ShapeText(shape) +
                                 " has an empty or too large sample");
    }
    return shape[0];
}

/// From the last three extents of an array of views.
Shape
ViewShape(const std::vector<std::size_t>& shape)
{
    const std::size_t end = shape.size();
    return {static_cast<int>(shape[end - 3]),
            static_cast<int>(shape[end - 2]),
            static_cast<int>(shape[end - 1])};
}

template <typename T>
std::vector<uint8_t>
QuantiseReal(const std::string& key, const std::vector<T>& values, std::size_t perSample)
{
    std::vector<uint8_t> result(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
    {
        if (!(values[i] >= 0 && values[i] <= 1)) // so that NaN fails
        {
            throw std::runtime_error("array '" + key + "': " + SampleText(i / perSample) +
                                     " has the value " + std::to_string(values[i]) +
                                     ", but must be in [0, 1]; scale it, or convert " + key +
                                     " to uint8");
        }
        result[i] = static_cast<uint8_t>(std::lround(values[i] * 255));
    }
    return result;
}

std::vector<uint8_t>
Quantise(const std::string& key, const NpzArray& x)
{
    const auto quantise = [&](const auto& values) -> std::vector<uint8_t> {
        using T = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<T, uint8_t>)
        {
            return values;
        }
        else if constexpr (std::is_floating_point_v<T>)
        {
            return QuantiseReal(key, values, values.size() / x.shape[0]);
        }
        else
        {
            throw std::runtime_error("array '" + key +
                                     "': it must be uint8, or float32 or float64 in "
                                     "[0, 1]; convert it with numpy's astype");
        }
    };
    return std::visit(quantise, x.data);
}

/// The only array of views is X.
/// \return the number of samples
std::size_t
SetEqualViews(const Npz& npz, Dataset& dataset)
{
    const NpzArray& x = FindArray(npz, "X");
    const std::size_t n = CheckExtents("X", x.shape, 5, "[n, device, channel, row, column]");
    dataset.SetShapes(std::vector<Shape>(x.shape[1], ViewShape(x.shape)));
    dataset.views = Quantise("X", x);
    return n;
}

/// The number of devices of X/0, X/1, ..., which is that of y.
std::size_t
CountViewArrays(const Npz& npz)
{
    const std::vector<std::size_t>& y = FindArray(npz, "y").shape;
    if (y.size() != 2 || y[1] == 0)
    {
        throw std::runtime_error("array 'y': its shape is " + ShapeText(y) +
                                 ", but must be [n, device]");
    }
    if (npz.count("X") > 0)
    {
        throw std::runtime_error("array 'X': there is 'X/0' as well; leave X out, or the arrays "
                                 "X/0, X/1 and so on");
    }
    if (npz.count("X/" + std::to_string(y[1])) > 0)
    {
        throw std::runtime_error("array 'X/" + std::to_string(y[1]) + "': y has " +
                                 std::to_string(y[1]) +
                                 " devices only; leave it out, or add its labels to y");
    }
    return y[1];
}

/// Put the views of one device into their places.
void
PlaceViews(int device, const std::vector<uint8_t>& values, std::size_t n, Dataset& dataset)
{
    const std::size_t size = dataset.shapes[device].Size();
    for (std::size_t sample = 0; sample < n; ++sample)
    {
        std::copy_n(values.begin() + sample * size, size, dataset.View(sample, device));
    }
}

/// The arrays of views are X/0, X/1, ...
/// \return the number of samples
std::size_t
SetDifferentViews(const Npz& npz, Dataset& dataset)
{
    const std::size_t numDevices = CountViewArrays(npz);
    std::vector<std::pair<std::string, const NpzArray*>> arrays;
    std::vector<Shape> shapes;
    std::size_t n = 0;
    double perSample = 0;
    for (std::size_t device = 0; device < numDevices; ++device)
    {
        const std::string key = "X/" + std::to_string(device);
        const NpzArray& x = FindArray(npz,
                                      key,
                                      "give one array [n, channel, row, column] for each of the " +
                                          std::to_string(numDevices) + " devices of y");
        const std::size_t samples = CheckExtents(key, x.shape, 4, "[n, channel, row, column]");
        if (device > 0 && samples != n)
        {
            throw std::runtime_error("array '" + key + "': it has " + std::to_string(samples) +
                                     " samples, but X/0 has " + std::to_string(n) +
                                     "; give every device a view of each sample, blank where it "
                                     "sees nothing");
        }
        n = samples;
        arrays.emplace_back(key, &x);
        shapes.push_back(ViewShape(x.shape));
        perSample += shapes.back().Size();
    }
    if (perSample > std::numeric_limits<int>::max())
    {
        throw std::runtime_error("array 'X/0' and the like: a sample is too large");
    }
    dataset.SetShapes(shapes);
    dataset.views.resize(n * dataset.SampleSize());
    for (std::size_t device = 0; device < numDevices; ++device)
    {
        const auto& [key, array] = arrays[device];
        PlaceViews(static_cast<int>(device), Quantise(key, *array), n, dataset);
    }
    return n;
}

bool
HasArrayPerDevice(const Npz& npz)
{
    const auto first = npz.lower_bound("X/");
    return first != npz.end() && first->first.compare(0, 2, "X/") == 0 && first->first.size() > 2 &&
           std::isdigit(static_cast<unsigned char>(first->first[2]));
}

} // namespace

std::string
SampleText(std::size_t sample)
{
    return "sample " + std::to_string(sample);
}

std::string
ShapeText(const std::vector<std::size_t>& shape)
{
    std::string text;
    for (const std::size_t extent : shape)
    {
        text += (text.empty() ? "" : ", ") + std::to_string(extent);
    }
    return "[" + text + "]";
}

const NpzArray&
FindArray(const Npz& npz, const std::string& key, const std::string& remedy)
{
    const auto found = npz.find(key);
    if (found == npz.end())
    {
        throw std::runtime_error("there is no array '" + key + "'; " + remedy);
    }
    if (NumElements(found->second.shape) != DataSize(found->second))
    {
        throw std::runtime_error("array '" + key + "': its shape and its data disagree");
    }
    return found->second;
}

const NpzArray&
FindArray(const Npz& npz, const std::string& key)
{
    return FindArray(npz,
                     key,
                     "a data set has X [n, device, channel, row, column] and y [n, device]");
}

std::size_t
SetViews(const Npz& npz, Dataset& dataset)
{
    return HasArrayPerDevice(npz) ? SetDifferentViews(npz, dataset) : SetEqualViews(npz, dataset);
}

} // namespace ddnn
