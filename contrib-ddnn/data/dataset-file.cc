// SPDX-License-Identifier: GPL-2.0-only
#include "dataset.h"
#include "npz.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <type_traits>

namespace ddnn
{

namespace
{

constexpr int64_t ABSENT = -1;
constexpr int64_t MAX_LABEL = 65535;

/// Without given split, one of so many samples of each class is a test sample.
constexpr int TEST_PERIOD = 5;

[[noreturn]] void
Fail(const std::string& array, const std::string& what)
{
    throw std::runtime_error("array '" + array + "': " + what);
}

template <typename T>
[[noreturn]] void
FailValue(const std::string& array, std::size_t sample, T value, const std::string& range)
{
    Fail(array,
         "sample " + std::to_string(sample) + " has the value " + std::to_string(value) +
             ", but must be " + range);
}

/// The arrays of views: X of all devices, or X/0, X/1, ... of one each.
std::vector<std::string>
ViewKeys(const Npz& npz)
{
    if (npz.count("X") + npz.count("X/0") != 1)
    {
        Fail("X", "there must be either this array, or X/0, X/1 and so on");
    }
    std::vector<std::string> keys(npz.count("X"), "X");
    for (std::string key = "X/0"; npz.count(key) > 0; key = "X/" + std::to_string(keys.size()))
    {
        keys.push_back(key);
    }
    return keys;
}

/// The shapes of the views in an array, one per device.
std::vector<Shape>
ViewShapes(const std::string& key, const std::vector<std::size_t>& shape)
{
    const bool isOfAll = key == "X";
    if (shape.size() != (isOfAll ? 5 : 4))
    {
        Fail(key,
             "its shape is " + ShapeText(shape) + ", but must be " +
                 (isOfAll ? "[n, device, channel, row, column]" : "[n, channel, row, column]"));
    }
    const double perSample =
        std::accumulate(shape.begin() + 1, shape.end(), 1.0, std::multiplies<>());
    if (shape[0] == 0 || perSample == 0 || perSample > std::numeric_limits<int>::max())
    {
        Fail(key, "its shape " + ShapeText(shape) + " is empty or too large");
    }
    const std::vector<int> extents(shape.end() - 3, shape.end());
    return std::vector<Shape>(isOfAll ? shape[1] : 1, {extents[0], extents[1], extents[2]});
}

/// Put the views in an array into their places, from a device on.
void
PlaceViews(const std::string& key, const NpzArray& x, int device, Dataset& dataset)
{
    const auto place = [&](const auto& values) {
        const std::size_t perSample = values.size() / x.shape[0];
        auto begin = values.begin();
        for (std::size_t sample = 0; sample < x.shape[0]; ++sample, begin += perSample)
        {
            const auto quantise = [&](auto value) {
                const bool isInteger = std::is_integral_v<decltype(value)>;
                const decltype(value) level = isInteger ? value : std::round(value * 255);
                if (!(level >= 0 && level <= 255)) // so that NaN fails
                {
                    FailValue(key, sample, value, "an integer 0 to 255, or a real number 0 to 1");
                }
                return static_cast<uint8_t>(level);
            };
            std::transform(begin, begin + perSample, dataset.View(sample, device), quantise);
        }
    };
    std::visit(place, x.data);
}

/// Set a data set's shapes and views.
/// \return the number of samples
std::size_t
SetViews(const Npz& npz, Dataset& dataset)
{
    const std::vector<std::string> keys = ViewKeys(npz);
    const std::vector<std::size_t>& first = npz.at(keys[0]).shape;
    std::vector<Shape> shapes;
    for (const std::string& key : keys)
    {
        const std::vector<Shape> more = ViewShapes(key, npz.at(key).shape);
        shapes.insert(shapes.end(), more.begin(), more.end());
        if (npz.at(key).shape[0] != first[0])
        {
            Fail(key, "its number of samples is not that of X/0");
        }
    }
    dataset.SetShapes(shapes);
    dataset.views.resize(first[0] * dataset.SampleSize());
    for (std::size_t i = 0; i < keys.size(); ++i)
    {
        PlaceViews(keys[i], npz.at(keys[i]), static_cast<int>(i), dataset);
    }
    return first[0];
}

/// |C|, see LoadDataset.
int
CountClasses(const Dataset& dataset, const std::vector<int64_t>& y)
{
    const int64_t largest = *std::max_element(y.begin(), y.end());
    bool isClass = false;
    for (std::size_t i = 0; i < y.size(); ++i)
    {
        const std::size_t sample = i / dataset.numDevices;
        if (y[i] < ABSENT || y[i] > MAX_LABEL)
        {
            FailValue("y", sample, y[i], "-1 (absent) to " + std::to_string(MAX_LABEL));
        }
        isClass = isClass || (y[i] == largest && !dataset.IsBlank(sample, i % dataset.numDevices));
    }
    const int numClasses = static_cast<int>(isClass ? largest + 1 : largest);
    if (numClasses < 2)
    {
        Fail("y", "there are fewer than 2 classes");
    }
    return numClasses;
}

/// Set labels and inView from y.
void
SetLabels(const std::vector<int64_t>& y, std::size_t n, Dataset& dataset)
{
    dataset.labels.assign(n, ABSENT);
    dataset.inView.assign(y.size(), 0);
    for (std::size_t i = 0; i < y.size(); ++i)
    {
        const std::size_t sample = i / dataset.numDevices;
        int& label = dataset.labels[sample];
        if (y[i] == ABSENT || y[i] == dataset.numClasses)
        {
            continue;
        }
        if (label != ABSENT && label != y[i])
        {
            FailValue("y", sample, y[i], std::to_string(label) + " as in another view, or -1");
        }
        label = static_cast<int>(y[i]);
        dataset.inView[i] = 1;
    }
    const auto unseen = std::find(dataset.labels.begin(), dataset.labels.end(), ABSENT);
    if (unseen != dataset.labels.end())
    {
        Fail("y",
             "sample " + std::to_string(unseen - dataset.labels.begin()) +
                 " is absent from all views, so it has no label; leave it out");
    }
}

std::vector<uint8_t>
GivenSplit(const Npz& npz, std::size_t n)
{
    const std::vector<int64_t> split = Values<int64_t>(npz, "split", {n});
    for (std::size_t i = 0; i < n; ++i)
    {
        if (split[i] != 0 && split[i] != 1)
        {
            FailValue("split", i, split[i], "0 (train) or 1 (test)");
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
        inTest.push_back(++seen[label] % TEST_PERIOD == 0);
    }
    return inTest;
}

/// Interpret the arrays of a file.
Dataset
MakeDataset(const Npz& npz, const std::string& path)
{
    try
    {
        Dataset dataset;
        const std::size_t n = SetViews(npz, dataset);
        const auto numDevices = static_cast<std::size_t>(dataset.numDevices);
        const std::vector<int64_t> y = Values<int64_t>(npz, "y", {n, numDevices});
        dataset.numClasses = CountClasses(dataset, y);
        SetLabels(y, n, dataset);
        dataset.inTest = npz.count("split") > 0 ? GivenSplit(npz, n) : DefaultSplit(dataset);
        return dataset;
    }
    catch (const std::runtime_error& error)
    {
        throw std::runtime_error("cannot use '" + path + "' as data set: " + error.what());
    }
}

/// The array y of a data set.
std::vector<int32_t>
FormatLabels(const Dataset& dataset)
{
    std::vector<int32_t> y;
    int absent = dataset.numClasses;
    for (std::size_t i = 0; i < dataset.inView.size(); ++i)
    {
        const std::size_t sample = i / dataset.numDevices;
        const bool isAbsent = dataset.inView[i] == 0;
        absent = isAbsent && !dataset.IsBlank(sample, i % dataset.numDevices) ? ABSENT : absent;
        y.push_back(isAbsent ? dataset.numClasses : dataset.labels[sample]);
    }
    std::replace(y.begin(), y.end(), dataset.numClasses, absent);
    return y;
}

std::vector<std::size_t>
Extents(std::vector<std::size_t> first, const Shape& view)
{
    for (const int extent : {view.channels, view.rows, view.columns})
    {
        first.push_back(extent);
    }
    return first;
}

/// The arrays of a data set.
Npz
Format(const Dataset& dataset)
{
    const std::size_t n = dataset.Size();
    const auto numDevices = static_cast<std::size_t>(dataset.numDevices);
    const std::vector<Shape>& shapes = dataset.shapes;
    Npz npz{{"y", {{n, numDevices}, FormatLabels(dataset)}}, {"split", {{n}, dataset.inTest}}};
    if (std::adjacent_find(shapes.begin(), shapes.end(), std::not_equal_to<>()) == shapes.end())
    {
        npz["X"] = {Extents({n, numDevices}, shapes.at(0)), dataset.views};
        return npz;
    }
    for (int device = 0; device < dataset.numDevices; ++device)
    {
        npz["X/" + std::to_string(device)] = {Extents({n}, shapes[device]),
                                              SelectDevices(dataset, {device}).views};
    }
    return npz;
}

} // namespace

Dataset
LoadDataset(const std::string& path)
{
    const auto isWanted = [](const std::string& name) {
        const bool isOneDevice = name.rfind("X/", 0) == 0 &&
                                 name.find_first_not_of("0123456789", 2) == std::string::npos;
        return name == "X" || name == "y" || name == "split" || isOneDevice;
    };
    return MakeDataset(ReadNpz(path, isWanted), path);
}

void
SaveDataset(const Dataset& dataset, const std::string& path)
{
    const std::string prefix = "cannot write data set '" + path + "': ";
    if (dataset.inTest.size() != dataset.Size() ||
        dataset.inView.size() != dataset.Size() * dataset.numDevices ||
        dataset.views.size() != dataset.Size() * dataset.SampleSize())
    {
        throw std::runtime_error(prefix + "the sizes of its members disagree");
    }
    const Npz npz = Format(dataset);
    const int numClasses = MakeDataset(npz, path).numClasses;
    if (numClasses != dataset.numClasses)
    {
        throw std::runtime_error(prefix + "it would be read back with " +
                                 std::to_string(numClasses) + " classes instead of " +
                                 std::to_string(dataset.numClasses) +
                                 "; add a view of the last class that is not blank");
    }
    WriteNpz(path, npz);
}

} // namespace ddnn
