// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_DATASET_H
#define DDNN_DATASET_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ddnn
{

/// Extent of one view or of one feature map, in the order `[channel, row, column]`.
struct Shape
{
    int channels{3};
    int rows{32};
    int columns{32};

    int Size() const
    {
        return channels * rows * columns;
    }

    bool operator==(const Shape& o) const
    {
        return channels == o.channels && rows == o.rows && columns == o.columns;
    }

    bool operator!=(const Shape& o) const
    {
        return !(*this == o);
    }
};

/// Which samples of a data set an operation reads.
enum class Split
{
    TRAIN,
    TEST,
    ALL
};

/**
 * Samples that several devices observe at the same moment, each with one label.
 *
 * A view is blank, that is all zero, where the device does not see the object. The views of
 * different devices may differ in shape.
 */
struct Dataset
{
    int numClasses{0};
    int numDevices{0};
    std::vector<Shape> shapes; ///< `[device]`, of its views; see SetShapes
    std::vector<std::size_t> offsets{
        0};                      ///< `[device + 1]`, of a device's view among a sample's values
    std::vector<uint8_t> views;  ///< `[sample, device, channel, row, column]`
    std::vector<int> labels;     ///< `[sample]`, the class, 0 to numClasses - 1
    std::vector<uint8_t> inView; ///< `[sample, device]`, 1 where the object is labelled as in view
    std::vector<uint8_t> inTest; ///< `[sample]`, 1 where the sample belongs to the test split

    std::size_t Size() const
    {
        return labels.size();
    }

    /// Set numDevices, shapes and offsets from the shapes of all devices' views.
    void SetShapes(const std::vector<Shape>& deviceShapes);

    /// Values of all views of a sample.
    std::size_t SampleSize() const
    {
        return offsets.back();
    }

    /// The view of one device, `[channel, row, column]`.
    const uint8_t* View(std::size_t sample, int device) const
    {
        return views.data() + sample * offsets.back() + offsets[device];
    }

    /// The same, to be written.
    uint8_t* View(std::size_t sample, int device)
    {
        return views.data() + sample * offsets.back() + offsets[device];
    }

    /// Whether this view is all zero.
    bool IsBlank(std::size_t sample, int device) const
    {
        const uint8_t* begin = View(sample, device);
        return std::all_of(begin, begin + shapes[device].Size(), [](uint8_t value) {
            return value == 0;
        });
    }
};

/// Indices of the samples of a split, in order.
std::vector<std::size_t> Indices(const Dataset& dataset, Split split);

/**
 * The same samples as seen by some of the devices only, in the order given.
 * A sample that none of these devices sees keeps its label.
 *
 * \throws std::runtime_error if a device does not exist, or if none is given
 */
Dataset SelectDevices(const Dataset& dataset, const std::vector<int>& devices);

/**
 * Read a data set from a file in the layout of the authors' MVMC.npz.
 *
 * - `X [n, device, channel, row, column]`: integers 0 to 255, or real numbers 0 to 1, which are
 *   quantised to 0..255. Where the devices' views differ in shape, there are arrays `X/0`, `X/1`,
 *   ... `[n, channel, row, column]` instead, one per device.
 * - `y [n, device]`, integers: the class, or |C| or -1 where the device does not see the object.
 *   The views of a sample that are not absent agree on its class, and there is at least one.
 * - `split [n]`, integers, optional: 0 train, 1 test. Without it, every fifth sample of each class
 *   is a test sample.
 *
 * Other arrays are ignored. The number of classes |C| is not in the file: if all views that carry
 * the largest label of y are blank, that label means absent and is |C| itself; otherwise it is the
 * last class, |C| - 1.
 *
 * \throws std::runtime_error naming the file, the array, and the first sample that is wrong
 */
Dataset LoadDataset(const std::string& path);

/**
 * Write a data set that LoadDataset (and NumPy) reads back with the same content.
 *
 * Absent views are labelled |C|, or -1 if one of them is not blank.
 *
 * \throws std::runtime_error if the file cannot be written, or would not be read back the same
 * because no device sees a sample, or no view shows that there is the last class; nothing is left
 * behind then
 */
void SaveDataset(const Dataset& dataset, const std::string& path);

} // namespace ddnn

#endif // DDNN_DATASET_H
