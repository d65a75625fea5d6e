// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/data/dataset.h"

#include "test/support/test-support.h"

#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>

namespace ddnn
{

/// For EXPECT_EQ.
static bool
operator==(const Dataset& a, const Dataset& b)
{
    return a.numClasses == b.numClasses && a.numDevices == b.numDevices && a.shapes == b.shapes &&
           a.offsets == b.offsets && a.views == b.views && a.labels == b.labels &&
           a.inView == b.inView && a.inTest == b.inTest;
}

} // namespace ddnn

namespace ddnn::test
{

namespace
{

namespace fs = std::filesystem;

constexpr int VIEW_SIZE = 4;

/// X for these labels, [n][device]: views of shape [1, 2, 2], blank where the label is `absent`.
template <typename T>
NpzArray
Views(const std::vector<int>& y, std::size_t numDevices, int absent, T value)
{
    std::vector<T> views;
    for (const int label : y)
    {
        views.insert(views.end(), VIEW_SIZE, label == absent ? T(0) : value);
    }
    return {{y.size() / numDevices, numDevices, 1, 2, 2}, views};
}

/// A data set's arrays with uint8 views.
Npz
Arrays(const std::vector<int>& y, std::size_t numDevices, int absent)
{
    return {{"X", Views<uint8_t>(y, numDevices, absent, 200)},
            {"y", {{y.size() / numDevices, numDevices}, std::vector<int32_t>(y.begin(), y.end())}}};
}

/// Three samples, two devices, classes 0 to 2, 3 is absent.
Npz
Valid()
{
    return Arrays({0, 3, 1, 1, 3, 2}, 2, 3);
}

/// The message of the error that these arrays must raise.
std::string
Error(const Npz& npz)
{
    try
    {
        MakeDataset(npz, "x.npz");
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "no error";
}

void
ExpectError(const Npz& npz, const std::string& expected)
{
    EXPECT_EQ(Error(npz), "cannot use 'x.npz' as data set: " + expected);
}

/// The message of the error that saving this data set must raise; nothing may be left behind.
std::string
SaveError(const Dataset& dataset)
{
    const TempDir folder;
    const std::string path = folder.Path("x.npz");
    try
    {
        SaveDataset(dataset, path);
    }
    catch (const std::runtime_error& error)
    {
        EXPECT_TRUE(fs::is_empty(folder.Path("")));
        const std::string text = error.what();
        const std::size_t position = text.find(path);
        return position == std::string::npos ? text
                                             : std::string(text).erase(position, path.size() - 5);
    }
    return "no error";
}

Dataset
SaveAndLoad(const Dataset& dataset)
{
    const TempDir folder;
    SaveDataset(dataset, folder.Path("x.npz"));
    return LoadDataset(folder.Path("x.npz"));
}

using Bytes = std::vector<uint8_t>;
using Ints = std::vector<int>;

/// Two samples of a camera with views [1, 1, 2] and a microphone with views [2, 1, 3].
Npz
TwoModalities()
{
    return {{"X/0", {{2, 1, 1, 2}, Bytes{1, 2, 3, 4}}},
            {"X/1", {{2, 2, 1, 3}, Bytes{5, 6, 7, 8, 9, 10, 0, 0, 0, 0, 0, 0}}},
            {"y", {{2, 2}, std::vector<int32_t>{0, 0, 1, 2}}},
            {"split", {{2}, Bytes{0, 1}}}};
}

} // namespace

TEST(Dataset, ReadsTheDocumentedLayout)
{
    const Dataset dataset = MakeDataset(Valid(), "x.npz");
    EXPECT_EQ(dataset.numClasses, 3);
    EXPECT_EQ(dataset.numDevices, 2);
    EXPECT_EQ(dataset.shapes, std::vector<Shape>(2, Shape{1, 2, 2}));
    EXPECT_EQ(dataset.Size(), 3U);
    EXPECT_EQ(dataset.labels, (Ints{0, 1, 2}));
    EXPECT_EQ(dataset.inView, (Bytes{1, 0, 1, 1, 0, 1}));
    EXPECT_EQ(dataset.inTest, (Bytes{0, 0, 0}));
    EXPECT_EQ(dataset.View(0, 0)[0], 200);
    EXPECT_EQ(dataset.View(0, 1)[3], 0);
    EXPECT_TRUE(dataset.IsBlank(0, 1));
    EXPECT_FALSE(dataset.IsBlank(2, 1));
}

TEST(Dataset, FindsViewsInOrder)
{
    Npz npz{{"X", {{2, 2, 3, 1, 2}, Bytes(24)}}, {"y", {{2, 2}, std::vector<int8_t>{0, 0, 1, 1}}}};
    Bytes& views = std::get<Bytes>(npz["X"].data);
    for (std::size_t i = 0; i < views.size(); ++i)
    {
        views[i] = static_cast<uint8_t>(i + 1);
    }
    const Dataset dataset = MakeDataset(npz, "x.npz");
    EXPECT_EQ(dataset.shapes, std::vector<Shape>(2, Shape{3, 1, 2}));
    EXPECT_EQ(dataset.View(0, 0)[0], 1);
    EXPECT_EQ(dataset.View(0, 1)[0], 7);
    EXPECT_EQ(dataset.View(1, 1)[5], 24);
}

TEST(Dataset, ReadsAnArrayPerDevice)
{
    const Dataset dataset = MakeDataset(TwoModalities(), "x.npz");
    EXPECT_EQ(dataset.numClasses, 2);
    EXPECT_EQ(dataset.shapes, (std::vector<Shape>{{1, 1, 2}, {2, 1, 3}}));
    EXPECT_EQ(dataset.views, (Bytes{1, 2, 5, 6, 7, 8, 9, 10, 3, 4, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(dataset.View(0, 1)[5], 10);
    EXPECT_EQ(dataset.View(1, 0)[1], 4);
    EXPECT_FALSE(dataset.IsBlank(0, 1));
    EXPECT_FALSE(dataset.IsBlank(1, 0));
    EXPECT_TRUE(dataset.IsBlank(1, 1));
    EXPECT_EQ(dataset.inView, (Bytes{1, 1, 1, 0}));
    EXPECT_EQ(SaveAndLoad(dataset), dataset);
    const Dataset microphone = SelectDevices(dataset, {1});
    EXPECT_EQ(microphone.shapes, (std::vector<Shape>{{2, 1, 3}}));
    EXPECT_EQ(microphone.views, (Bytes{5, 6, 7, 8, 9, 10, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(SelectDevices(dataset, {1, 0}).View(1, 1)[0], 3);
}

TEST(Dataset, TakesEqualArraysPerDeviceAsX)
{
    Npz npz = Valid();
    npz.erase("X");
    npz["X/0"] = {{3, 1, 2, 2}, Bytes{200, 200, 200, 200, 200, 200, 200, 200, 0, 0, 0, 0}};
    npz["X/1"] = {{3, 1, 2, 2}, Bytes{0, 0, 0, 0, 200, 200, 200, 200, 200, 200, 200, 200}};
    EXPECT_EQ(MakeDataset(npz, "x.npz"), MakeDataset(Valid(), "x.npz"));
}

TEST(Dataset, SavesAnArrayPerDeviceWhereShapesDiffer)
{
    const TempDir folder;
    SaveDataset(MakeDataset(TwoModalities(), "x.npz"), folder.Path("x.npz"));
    const Npz npz = ReadNpz(folder.Path("x.npz"));
    ASSERT_EQ(npz.size(), 4U);
    for (const auto& [key, array] : TwoModalities())
    {
        EXPECT_EQ(npz.at(key).shape, array.shape) << key;
        EXPECT_EQ(npz.at(key).data, array.data) << key;
    }
}

TEST(Dataset, RefusesArraysPerDeviceThatDisagree)
{
    const std::string layout = ", but must be [n, channel, row, column]";
    Npz npz = TwoModalities();
    npz["X"] = {{2, 2, 1, 1, 1}, Bytes(4)};
    ExpectError(npz,
                "array 'X': there is 'X/0' as well; leave X out, or the arrays X/0, X/1 and so on");
    for (const std::string key : {"X/0", "X/1"})
    {
        npz = TwoModalities();
        npz.erase(key);
        ExpectError(npz,
                    "there is no array '" + key +
                        "'; give one array [n, channel, row, column] for each of the 2 devices of "
                        "y");
    }
    npz = TwoModalities();
    npz["X/2"] = npz["X/1"];
    ExpectError(npz, "array 'X/2': y has 2 devices only; leave it out, or add its labels to y");
    npz = TwoModalities();
    npz["X/1"] = {{1, 2, 1, 3}, Bytes(6)};
    ExpectError(npz,
                "array 'X/1': it has 1 samples, but X/0 has 2; give every device a view of each "
                "sample, blank where it sees nothing");
    npz["X/1"] = {{2, 2, 3}, Bytes(12)};
    ExpectError(npz, "array 'X/1': its shape is [2, 2, 3]" + layout);
    npz["X/1"] = {{2, 2, 0, 3}, Bytes()};
    ExpectError(npz, "array 'X/1': its shape [2, 2, 0, 3] has an empty or too large sample");
    npz["X/1"] = {{2, 2, 1, 3}, std::vector<int32_t>(12)};
    ExpectError(npz,
                "array 'X/1': it must be uint8, or float32 or float64 in [0, 1]; convert it with "
                "numpy's astype");
    npz["X/1"] = {{2, 2, 1, 3}, std::vector<float>(12, 2)};
    ExpectError(npz,
                "array 'X/1': sample 0 has the value 2.000000, but must be in [0, 1]; scale it, or "
                "convert X/1 to uint8");
    npz = TwoModalities();
    npz["y"] = {{4}, Bytes(4)};
    ExpectError(npz, "array 'y': its shape is [4], but must be [n, device]");
}

TEST(Dataset, TakesMinusOneAsAbsent)
{
    // Views that are labelled -1 need not be blank.
    const Dataset dataset = MakeDataset(Arrays({0, -1, 1, -1, -1, 2}, 2, 99), "x.npz");
    EXPECT_EQ(dataset.numClasses, 3);
    EXPECT_EQ(dataset.inView, (Bytes{1, 0, 1, 0, 0, 1}));
}

TEST(Dataset, TakesBothCodesForAbsentTogether)
{
    const Dataset dataset = MakeDataset(Arrays({0, -1, 1, 2, 1, -1}, 2, 2), "x.npz");
    EXPECT_EQ(dataset.numClasses, 2);
    EXPECT_EQ(dataset.inView, (Bytes{1, 0, 1, 0, 1, 0}));
}

TEST(Dataset, CountsTheLargestLabelAsClassIfOneOfItsViewsIsNotBlank)
{
    Npz npz = Arrays({0, 0, 1, 1, 2, 2}, 2, 2);
    EXPECT_EQ(Error(npz),
              "cannot use 'x.npz' as data set: array 'y': sample 2 is absent from all views, so it "
              "has no label; leave it out");
    std::get<Bytes>(npz["X"].data).back() = 1;
    const Dataset dataset = MakeDataset(npz, "x.npz");
    EXPECT_EQ(dataset.numClasses, 3);
    EXPECT_EQ(dataset.labels, (Ints{0, 1, 2}));
    EXPECT_EQ(dataset.inView, Bytes(6, 1));
}

TEST(Dataset, KeepsABlankViewInViewIfItIsLabelledSo)
{
    const Dataset dataset = MakeDataset(Arrays({0, 1, 0, 1, 2, 2}, 1, 0), "x.npz");
    EXPECT_EQ(dataset.inView, Bytes(6, 1));
    EXPECT_TRUE(dataset.IsBlank(0, 0));
}

TEST(Dataset, ReadsLabelsOfAllIntegerTypes)
{
    const Dataset expected = MakeDataset(Valid(), "x.npz");
    Npz npz = Valid();
    npz["y"].data = std::vector<int8_t>{0, 3, 1, 1, 3, 2};
    EXPECT_EQ(MakeDataset(npz, "x.npz"), expected);
    npz["y"].data = std::vector<uint8_t>{0, 3, 1, 1, 3, 2};
    EXPECT_EQ(MakeDataset(npz, "x.npz"), expected);
    npz["y"].data = std::vector<int64_t>{0, 3, 1, 1, 3, 2};
    EXPECT_EQ(MakeDataset(npz, "x.npz"), expected);
}

TEST(Dataset, QuantisesRealViews)
{
    const std::vector<double>
        values{0, 1, 0.5, 1 / 255.0, 0.4 / 255, 0.6 / 255, 254.4 / 255, 0.999};
    const Bytes expected{0, 255, 128, 1, 0, 1, 254, 255};
    const NpzArray y{{2, 1}, std::vector<int32_t>{0, 1}};
    const Npz doubles{{"X", {{2, 1, 1, 2, 2}, values}}, {"y", y}};
    EXPECT_EQ(MakeDataset(doubles, "x.npz").views, expected);
    const std::vector<float> floatValues(values.begin(), values.end());
    const Npz floats{{"X", {{2, 1, 1, 2, 2}, floatValues}}, {"y", y}};
    EXPECT_EQ(MakeDataset(floats, "x.npz").views, expected);
}

TEST(Dataset, QuantisingRestoresEveryByte)
{
    std::vector<float> values;
    Bytes expected;
    for (int i = 0; i < 256; ++i)
    {
        values.push_back(static_cast<float>(i) / 255);
        expected.push_back(static_cast<uint8_t>(i));
    }
    const Npz npz{{"X", {{2, 1, 2, 8, 8}, values}}, {"y", {{2, 1}, std::vector<int8_t>{0, 1}}}};
    EXPECT_EQ(MakeDataset(npz, "x.npz").views, expected);
}

TEST(Dataset, RefusesRealViewsOutOfRange)
{
    const std::pair<float, std::string> wrong[] = {{1.5F, "1.500000"},
                                                   {-0.25F, "-0.250000"},
                                                   {200, "200.000000"},
                                                   {NAN, "nan"},
                                                   {INFINITY, "inf"}};
    for (const auto& [value, text] : wrong)
    {
        Npz npz = Valid();
        npz["X"] = Views<float>({0, 3, 1, 1, 3, 2}, 2, 3, 0.5F);
        std::get<std::vector<float>>(npz["X"].data)[1 * 2 * VIEW_SIZE + 5] = value;
        std::get<std::vector<float>>(npz["X"].data)[2 * 2 * VIEW_SIZE] = value;
        ExpectError(npz,
                    "array 'X': sample 1 has the value " + text +
                        ", but must be in [0, 1]; scale it, or convert X to uint8");
    }
}

TEST(Dataset, UsesTheGivenSplit)
{
    Npz npz = Valid();
    npz["split"] = {{3}, Bytes{1, 0, 1}};
    const Dataset dataset = MakeDataset(npz, "x.npz");
    EXPECT_EQ(dataset.inTest, (Bytes{1, 0, 1}));
    npz["split"] = {{3}, std::vector<int64_t>{1, 0, 1}};
    EXPECT_EQ(MakeDataset(npz, "x.npz"), dataset);
    using Numbers = std::vector<std::size_t>;
    EXPECT_EQ(Indices(dataset, Split::TRAIN), (Numbers{1}));
    EXPECT_EQ(Indices(dataset, Split::TEST), (Numbers{0, 2}));
    EXPECT_EQ(Indices(dataset, Split::ALL), (Numbers{0, 1, 2}));
}

TEST(Dataset, TestsEveryFifthSampleOfEachClassOtherwise)
{
    const std::vector<int> y{0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0};
    const Dataset dataset = MakeDataset(Arrays(y, 1, -1), "x.npz");
    // Class 0 is at 0, 2, 3, 5, 6, 9, 11, 12, 13, 14; class 1 at 1, 4, 7, 8, 10.
    EXPECT_EQ(Indices(dataset, Split::TEST), (std::vector<std::size_t>{6, 10, 14}));
    EXPECT_EQ(Indices(dataset, Split::TRAIN).size(), 12U);
}

TEST(Dataset, IgnoresOtherArrays)
{
    Npz npz = Valid();
    npz["frame"] = {{}, std::vector<float>{1}};
    EXPECT_EQ(MakeDataset(npz, "x.npz"), MakeDataset(Valid(), "x.npz"));
}

TEST(Dataset, RefusesMissingArrays)
{
    for (const std::string key : {"X", "y"})
    {
        Npz npz = Valid();
        npz.erase(key);
        ExpectError(npz,
                    "there is no array '" + key +
                        "'; a data set has X [n, device, channel, row, column] and y [n, device]");
    }
}

TEST(Dataset, RefusesWrongRanks)
{
    Npz npz = Valid();
    npz["X"].shape = {3, 2, 4};
    ExpectError(npz,
                "array 'X': its shape is [3, 2, 4], but must be [n, device, channel, row, column]");
    npz = Valid();
    npz["y"] = {{6}, std::vector<int32_t>(6)};
    ExpectError(npz, "array 'y': its shape is [6], but must be [3, 2] to agree with X");
    npz = Valid();
    npz["split"] = {{3, 1}, Bytes(3)};
    ExpectError(npz, "array 'split': its shape is [3, 1], but must be [3] to agree with X");
}

TEST(Dataset, RefusesSizesThatDisagree)
{
    Npz npz = Valid();
    npz["y"] = {{2, 3}, std::vector<int32_t>(6)};
    ExpectError(npz, "array 'y': its shape is [2, 3], but must be [3, 2] to agree with X");
    npz = Valid();
    npz["split"] = {{4}, Bytes(4)};
    ExpectError(npz, "array 'split': its shape is [4], but must be [3] to agree with X");
    npz = Valid();
    npz["X"].shape[0] = 4;
    ExpectError(npz, "array 'X': its shape and its data disagree");
}

TEST(Dataset, RefusesEmptyViews)
{
    ExpectError({{"X", {{0, 6, 3, 32, 32}, Bytes{}}}, {"y", {{0, 6}, std::vector<int32_t>{}}}},
                "array 'X': there is no sample in it");
    ExpectError({{"X", {{2, 0, 3, 32, 32}, Bytes{}}}, {"y", {{2, 0}, std::vector<int32_t>{}}}},
                "array 'X': its shape [2, 0, 3, 32, 32] has an empty or too large sample");
    ExpectError({{"X", {{2, 1, 3, 0, 32}, Bytes{}}}, {"y", {{2, 1}, std::vector<int32_t>{0, 1}}}},
                "array 'X': its shape [2, 1, 3, 0, 32] has an empty or too large sample");
}

TEST(Dataset, RefusesOtherTypes)
{
    Npz npz = Valid();
    npz["X"].data = std::vector<int32_t>(24);
    ExpectError(npz,
                "array 'X': it must be uint8, or float32 or float64 in [0, 1]; convert it with "
                "numpy's astype");
    npz = Valid();
    npz["y"].data = std::vector<float>(6);
    ExpectError(npz, "array 'y': it must hold integers; convert it with numpy's astype");
    npz = Valid();
    npz["split"] = {{3}, std::vector<double>(3)};
    ExpectError(npz, "array 'split': it must hold integers; convert it with numpy's astype");
}

TEST(Dataset, RefusesLabelsOutOfRange)
{
    ExpectError(Arrays({0, 1, -2, 1}, 2, -1),
                "array 'y': sample 1 has the label -2, but labels are -1 (absent) to 65535");
    ExpectError(Arrays({0, 0, 1, 1, 0, 65536}, 2, -1),
                "array 'y': sample 2 has the label 65536, but labels are -1 (absent) to 65535");
    Npz npz = Valid();
    npz["y"].data = std::vector<int64_t>{0, 3, 1, 1, int64_t{1} << 32, 2};
    ExpectError(
        npz,
        "array 'y': sample 2 has the label 4294967296, but labels are -1 (absent) to 65535");
}

TEST(Dataset, RefusesContradictoryLabels)
{
    ExpectError(Arrays({0, 1, 1, 2}, 2, -1),
                "array 'y': the views of sample 0 are labelled 0 and 1, but must agree; label "
                "absent views -1");
    // The absent code 3 means a class if one of its views is not blank.
    Npz npz = Valid();
    std::get<Bytes>(npz["X"].data)[VIEW_SIZE] = 1;
    ExpectError(npz,
                "array 'y': the views of sample 0 are labelled 0 and 3, but must agree; label "
                "absent views -1");
}

TEST(Dataset, RefusesASampleThatNoDeviceSees)
{
    const std::string expected =
        "array 'y': sample 1 is absent from all views, so it has no label; leave it out";
    ExpectError(Arrays({0, 1, 2, 2, 1, 2}, 2, 2),
                "array 'y': the views of sample 0 are labelled 0 "
                "and 1, but must agree; label absent views -1");
    ExpectError(Arrays({0, 2, 2, 2, 1, 2}, 2, 2), expected);
    ExpectError(Arrays({0, 0, -1, -1, 1, 1}, 2, -1), expected);
    ExpectError(Arrays({-1, -1}, 2, -1),
                "array 'y': sample 0 is absent from all views, so it has no label; leave it out");
}

TEST(Dataset, RefusesFewerThanTwoClasses)
{
    const std::string expected =
        "array 'y': there is only one class; classification needs at least 2";
    ExpectError(Arrays({0, 0, 0, 0}, 2, -1), expected);
    ExpectError(Arrays({0, 1, 0, 0}, 2, 1), expected);
    ExpectError(Arrays({0, -1, 0, 0}, 2, -1), expected);
    ExpectError(Arrays({0, 0}, 1, 0), expected);
}

TEST(Dataset, RefusesOtherSplitValues)
{
    Npz npz = Valid();
    npz["split"] = {{3}, std::vector<int8_t>{0, 1, -1}};
    ExpectError(npz, "array 'split': sample 2 has the value -1, but must be 0 (train) or 1 (test)");
    npz["split"] = {{3}, Bytes{0, 2, 3}};
    ExpectError(npz, "array 'split': sample 1 has the value 2, but must be 0 (train) or 1 (test)");
}

TEST(Dataset, SelectsDevicesInTheOrderGiven)
{
    Npz npz{{"X", {{2, 3, 1, 1, 2}, Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0}}},
            {"y", {{2, 3}, std::vector<int32_t>{0, 0, 0, 1, 1, 2}}},
            {"split", {{2}, Bytes{0, 1}}}};
    const Dataset all = MakeDataset(npz, "x.npz");
    const Dataset dataset = SelectDevices(all, {2, 0});
    EXPECT_EQ(dataset.numClasses, 2);
    EXPECT_EQ(dataset.numDevices, 2);
    EXPECT_EQ(dataset.shapes, std::vector<Shape>(2, Shape{1, 1, 2}));
    EXPECT_EQ(dataset.views, (Bytes{5, 6, 1, 2, 0, 0, 7, 8}));
    EXPECT_EQ(dataset.inView, (Bytes{1, 1, 0, 1}));
    EXPECT_EQ(dataset.labels, (Ints{0, 1}));
    EXPECT_EQ(dataset.inTest, (Bytes{0, 1}));
    EXPECT_EQ(SelectDevices(all, {0, 1, 2}), all);
}

TEST(Dataset, KeepsTheLabelOfASampleThatNoSelectedDeviceSees)
{
    const Dataset dataset = SelectDevices(MakeDataset(Valid(), "x.npz"), {0});
    EXPECT_EQ(dataset.labels, (Ints{0, 1, 2}));
    EXPECT_EQ(dataset.inView, (Bytes{1, 1, 0}));
    EXPECT_TRUE(dataset.IsBlank(2, 0));
}

TEST(Dataset, RefusesToSelectOtherDevices)
{
    const Dataset dataset = MakeDataset(Valid(), "x.npz");
    const auto error = [&](const std::vector<int>& devices) -> std::string {
        try
        {
            SelectDevices(dataset, devices);
        }
        catch (const std::runtime_error& failure)
        {
            return failure.what();
        }
        return "no error";
    };
    EXPECT_EQ(error({0, 2}), "the data set has no device 2; give 0 to 1");
    EXPECT_EQ(error({-1}), "the data set has no device -1; give 0 to 1");
    EXPECT_EQ(error({}), "no device is selected; give at least one");
}

TEST(Dataset, IsTheSameWhenSavedAndLoaded)
{
    Npz npz = Valid();
    npz["split"] = {{3}, Bytes{0, 1, 1}};
    const Dataset dataset = MakeDataset(npz, "x.npz");
    EXPECT_EQ(SaveAndLoad(dataset), dataset);
    const Dataset withoutAbsent = MakeDataset(Arrays({0, 0, 1, 1}, 2, -1), "x.npz");
    EXPECT_EQ(SaveAndLoad(withoutAbsent), withoutAbsent);
}

TEST(Dataset, IsTheSameWhenSavedWithAbsentViewsThatAreNotBlank)
{
    const Dataset dataset = MakeDataset(Arrays({0, -1, 1, 1}, 2, 99), "x.npz");
    ASSERT_FALSE(dataset.IsBlank(0, 1));
    EXPECT_EQ(SaveAndLoad(dataset), dataset);
}

TEST(Dataset, KeepsAClassThatNoSampleHas)
{
    // Class 2 has no sample, but views are labelled absent by 3.
    const Dataset dataset = MakeDataset(Arrays({0, 3, 1, 1}, 2, 3), "x.npz");
    ASSERT_EQ(dataset.numClasses, 3);
    EXPECT_EQ(SaveAndLoad(dataset), dataset);
}

TEST(Dataset, SavesTheDocumentedArrays)
{
    const TempDir folder;
    SaveDataset(MakeDataset(Valid(), "x.npz"), folder.Path("x.npz"));
    const Npz npz = ReadNpz(folder.Path("x.npz"));
    ASSERT_EQ(npz.size(), 3U);
    EXPECT_EQ(npz.at("X").shape, (std::vector<std::size_t>{3, 2, 1, 2, 2}));
    EXPECT_EQ(npz.at("X").data, Valid().at("X").data);
    EXPECT_EQ(npz.at("y").shape, (std::vector<std::size_t>{3, 2}));
    EXPECT_EQ(std::get<std::vector<int32_t>>(npz.at("y").data),
              (std::vector<int32_t>{0, 3, 1, 1, 3, 2}));
    EXPECT_EQ(npz.at("split").shape, (std::vector<std::size_t>{3}));
    EXPECT_EQ(std::get<Bytes>(npz.at("split").data), (Bytes{0, 0, 0}));
}

TEST(Dataset, RefusesToSaveWhatWouldNotBeTheSame)
{
    const Dataset valid = MakeDataset(Valid(), "x.npz");
    EXPECT_EQ(SaveError(SelectDevices(valid, {0})),
              "cannot use 'x.npz' as data set: array 'y': sample 2 is absent from all views, so it "
              "has no label; leave it out");
    Dataset dataset = MakeDataset(Arrays({0, 0, 1, 1}, 2, -1), "x.npz");
    dataset.numClasses = 3;
    EXPECT_EQ(SaveError(dataset),
              "cannot write data set 'x.npz': it would be read back with 2 classes instead of 3, "
              "as only views that are not blank show which classes there are; add such a view of "
              "the last class");
    dataset = valid;
    dataset.views.pop_back();
    EXPECT_EQ(SaveError(dataset),
              "cannot write data set 'x.npz': the sizes of its members disagree");
    dataset = valid;
    dataset.inView.pop_back();
    EXPECT_EQ(SaveError(dataset),
              "cannot write data set 'x.npz': the sizes of its members disagree");
}

TEST(Dataset, NamesTheFileThatCannotBeReadOrWritten)
{
    const TempDir folder;
    const std::string path = folder.Path("missing/x.npz");
    const auto error = [](const auto& action) -> std::string {
        try
        {
            action();
        }
        catch (const std::runtime_error& failure)
        {
            return failure.what();
        }
        return "no error";
    };
    EXPECT_EQ(error([&] {
                  LoadDataset(path);
              }),
              "cannot read '" + path + "': No such file or directory; check the path");
    EXPECT_EQ(error([&] {
                  SaveDataset(MakeDataset(Valid(), "x.npz"), path);
              }),
              "cannot write '" + path + "': No such file or directory");
}

} // namespace ddnn::test
