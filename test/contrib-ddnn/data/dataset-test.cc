// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/data/dataset.h"

#include "contrib-ddnn/data/npz.h"
#include "test/support/test-support.h"

#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <numeric>

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

using Bytes = std::vector<uint8_t>;
using Ints = std::vector<int32_t>;
using Numbers = std::vector<std::size_t>;

constexpr int VIEW_SIZE = 4;

/// The data set in a file of these arrays.
Dataset
Load(const Npz& npz)
{
    const TempDir folder;
    WriteNpz(folder.Path("x.npz"), npz);
    return LoadDataset(folder.Path("x.npz"));
}

/// Views of shape [1, 2, 2], blank where the label is `absent`.
Npz
Arrays(const Ints& y, std::size_t numDevices, int absent)
{
    Bytes views;
    for (const int label : y)
    {
        views.insert(views.end(), VIEW_SIZE, label == absent ? 0 : 200);
    }
    const std::size_t n = y.size() / numDevices;
    return {{"X", {{n, numDevices, 1, 2, 2}, views}}, {"y", {{n, numDevices}, y}}};
}

/// Three samples, two devices, classes 0 to 2, 3 is absent; with another array, if one is given.
Npz
Valid(const std::string& key = "y", const NpzArray& array = {{3, 2}, Ints{0, 3, 1, 1, 3, 2}})
{
    Npz npz = Arrays({0, 3, 1, 1, 3, 2}, 2, 3);
    npz[key] = array;
    return npz;
}

/// Two samples of a camera with views [1, 1, 2] and a microphone with views [2, 1, 3].
Npz
TwoModalities()
{
    return {{"X/0", {{2, 1, 1, 2}, Bytes{1, 2, 3, 4}}},
            {"X/1", {{2, 2, 1, 3}, Bytes{5, 6, 7, 8, 9, 10, 0, 0, 0, 0, 0, 0}}},
            {"y", {{2, 2}, Ints{0, 0, 1, 2}}},
            {"split", {{2}, Bytes{0, 1}}}};
}

/// Expect an error that names the file, an array, and what is wrong.
void
ExpectError(const Npz& npz, const std::string& array, const std::string& text = "")
{
    try
    {
        Load(npz);
        ADD_FAILURE() << "no error for " << array << " with " << text;
    }
    catch (const std::runtime_error& error)
    {
        const std::string what = error.what();
        EXPECT_NE(what.find("x.npz"), std::string::npos) << what;
        EXPECT_NE(what.find("array '" + array + "'"), std::string::npos) << what;
        EXPECT_NE(what.find(text), std::string::npos) << what;
    }
}

/// Expect that a data set is the same when it is written and read.
void
ExpectSame(const Dataset& dataset)
{
    const TempDir folder;
    SaveDataset(dataset, folder.Path("x.npz"));
    EXPECT_EQ(LoadDataset(folder.Path("x.npz")), dataset);
}

} // namespace

TEST(Dataset, ReadsTheDocumentedLayout)
{
    const Dataset dataset = Load(Valid());
    EXPECT_EQ(dataset.numClasses, 3);
    EXPECT_EQ(dataset.numDevices, 2);
    EXPECT_EQ(dataset.shapes, std::vector<Shape>(2, Shape{1, 2, 2}));
    EXPECT_EQ(dataset.labels, (Ints{0, 1, 2}));
    EXPECT_EQ(dataset.inView, (Bytes{1, 0, 1, 1, 0, 1}));
    EXPECT_EQ(dataset.inTest, (Bytes{0, 0, 0}));
    EXPECT_TRUE(dataset.IsBlank(0, 1));
    EXPECT_FALSE(dataset.IsBlank(2, 1));
    EXPECT_EQ(Load(Valid("frame", {{}, std::vector<float>{1}})), dataset);
}

TEST(Dataset, FindsViewsInOrder)
{
    Bytes views(24);
    std::iota(views.begin(), views.end(), 1);
    const Dataset dataset =
        Load({{"X", {{2, 2, 3, 1, 2}, views}}, {"y", {{2, 2}, Ints{0, 0, 1, 1}}}});
    EXPECT_EQ(dataset.shapes, std::vector<Shape>(2, Shape{3, 1, 2}));
    EXPECT_EQ(dataset.View(0, 0)[0], 1);
    EXPECT_EQ(dataset.View(0, 1)[0], 7);
    EXPECT_EQ(dataset.View(1, 1)[5], 24);
}

TEST(Dataset, ReadsAnArrayPerDevice)
{
    const Dataset dataset = Load(TwoModalities());
    EXPECT_EQ(dataset.shapes, (std::vector<Shape>{{1, 1, 2}, {2, 1, 3}}));
    EXPECT_EQ(dataset.views, (Bytes{1, 2, 5, 6, 7, 8, 9, 10, 3, 4, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(dataset.View(0, 1)[5], 10);
    EXPECT_EQ(dataset.View(1, 0)[1], 4);
    EXPECT_TRUE(dataset.IsBlank(1, 1));
    EXPECT_EQ(dataset.inView, (Bytes{1, 1, 1, 0}));
    EXPECT_EQ(SelectDevices(dataset, {1, 0}).View(1, 1)[0], 3);
    Npz npz =
        Valid("X/0", {{3, 1, 2, 2}, Bytes{200, 200, 200, 200, 200, 200, 200, 200, 0, 0, 0, 0}});
    npz["X/1"] = {{3, 1, 2, 2}, Bytes{0, 0, 0, 0, 200, 200, 200, 200, 200, 200, 200, 200}};
    npz.erase("X");
    EXPECT_EQ(Load(npz), Load(Valid()));
}

TEST(Dataset, RefusesArraysPerDeviceThatDisagree)
{
    const auto changed = [](const std::string& key, const NpzArray& array) {
        Npz npz = TwoModalities();
        npz[key] = array;
        return npz;
    };
    ExpectError(changed("X", {{2, 2, 1, 1, 1}, Bytes(4)}), "X", "X/0");
    ExpectError(changed("X/2", {{2, 2, 1, 3}, Bytes(12)}), "y", "[2, 3]");
    ExpectError(changed("X/1", {{1, 2, 1, 3}, Bytes(6)}), "X/1", "samples");
    ExpectError(changed("X/1", {{2, 2, 3}, Bytes(12)}), "X/1", "[2, 2, 3]");
    ExpectError(changed("X/1", {{2, 2, 0, 3}, Bytes()}), "X/1", "[2, 2, 0, 3]");
    Npz npz = TwoModalities();
    npz.erase("X/1");
    ExpectError(npz, "y", "[2, 1]");
    npz.erase("X/0");
    ExpectError(npz, "X");
}

TEST(Dataset, TakesMinusOneAndTheNumberOfClassesAsAbsent)
{
    // Views that are labelled -1 need not be blank.
    EXPECT_EQ(Load(Arrays({0, -1, 1, -1, -1, 2}, 2, 99)).inView, (Bytes{1, 0, 1, 0, 0, 1}));
    const Dataset both = Load(Arrays({0, -1, 1, 2, 1, -1}, 2, 2));
    EXPECT_EQ(both.numClasses, 2);
    EXPECT_EQ(both.inView, (Bytes{1, 0, 1, 0, 1, 0}));
}

TEST(Dataset, CountsTheLargestLabelAsClassIfOneOfItsViewsIsNotBlank)
{
    Npz npz = Arrays({0, 0, 1, 1, 2, 2}, 2, 2);
    ExpectError(npz, "y", "sample 2");
    std::get<Bytes>(npz["X"].data).back() = 1;
    const Dataset dataset = Load(npz);
    EXPECT_EQ(dataset.numClasses, 3);
    EXPECT_EQ(dataset.labels, (Ints{0, 1, 2}));
    EXPECT_EQ(dataset.inView, Bytes(6, 1));
    // A blank view of another class is in view if it is labelled so.
    EXPECT_EQ(Load(Arrays({0, 1, 0, 1, 2, 2}, 1, 0)).inView, Bytes(6, 1));
}

TEST(Dataset, ReadsLabelsOfAllIntegerTypes)
{
    const Dataset expected = Load(Valid());
    EXPECT_EQ(Load(Valid("y", {{3, 2}, std::vector<int8_t>{0, 3, 1, 1, 3, 2}})), expected);
    EXPECT_EQ(Load(Valid("y", {{3, 2}, Bytes{0, 3, 1, 1, 3, 2}})), expected);
    EXPECT_EQ(Load(Valid("y", {{3, 2}, std::vector<int64_t>{0, 3, 1, 1, 3, 2}})), expected);
    ExpectError(Valid("y", {{3, 2}, std::vector<float>(6)}), "y", "integers");
}

TEST(Dataset, ReadsViewsOfAllTypes)
{
    std::vector<float> floats;
    std::vector<double> doubles;
    Ints integers;
    Bytes expected;
    for (int i = 0; i < 256; ++i)
    {
        floats.push_back(static_cast<float>(i) / 255);
        doubles.push_back((i + (i < 128 ? 0.49 : -0.49)) / 255);
        integers.push_back(i);
        expected.push_back(static_cast<uint8_t>(i));
    }
    const Numbers shape{2, 1, 2, 8, 8};
    const NpzArray y{{2, 1}, Ints{0, 1}};
    EXPECT_EQ(Load({{"X", {shape, floats}}, {"y", y}}).views, expected);
    EXPECT_EQ(Load({{"X", {shape, doubles}}, {"y", y}}).views, expected);
    EXPECT_EQ(Load({{"X", {shape, integers}}, {"y", y}}).views, expected);
}

TEST(Dataset, RefusesViewsOutOfRange)
{
    for (const float value : {1.5F, -0.25F, 200.0F, NAN, INFINITY})
    {
        std::vector<float> views(3 * 2 * VIEW_SIZE, 0.5F);
        views[1 * 2 * VIEW_SIZE + 5] = value;
        views[2 * 2 * VIEW_SIZE] = value;
        ExpectError(Valid("X", {{3, 2, 1, 2, 2}, views}), "X", "sample 1");
    }
    ExpectError(Valid("X", {{3, 2, 1, 2, 2}, Ints(24, 256)}), "X", "256");
    ExpectError(Valid("X", {{3, 2, 1, 2, 2}, Ints(24, -1)}), "X", "-1");
}

TEST(Dataset, UsesTheGivenSplit)
{
    const Dataset dataset = Load(Valid("split", {{3}, std::vector<int64_t>{1, 0, 1}}));
    EXPECT_EQ(dataset.inTest, (Bytes{1, 0, 1}));
    EXPECT_EQ(Indices(dataset, Split::TRAIN), (Numbers{1}));
    EXPECT_EQ(Indices(dataset, Split::TEST), (Numbers{0, 2}));
    EXPECT_EQ(Indices(dataset, Split::ALL), (Numbers{0, 1, 2}));
    ExpectError(Valid("split", {{3}, std::vector<int8_t>{0, 1, -1}}), "split", "sample 2");
    ExpectError(Valid("split", {{3}, Bytes{0, 2, 3}}), "split", "sample 1");
    ExpectError(Valid("split", {{3}, std::vector<double>(3)}), "split", "integers");
}

TEST(Dataset, TestsEveryFifthSampleOfEachClassOtherwise)
{
    const Dataset dataset = Load(Arrays({0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0}, 1, -1));
    // Class 0 is at 0, 2, 3, 5, 6, 9, 11, 12, 13, 14; class 1 at 1, 4, 7, 8, 10.
    EXPECT_EQ(Indices(dataset, Split::TEST), (Numbers{6, 10, 14}));
    EXPECT_EQ(Indices(dataset, Split::TRAIN).size(), 12U);
}

TEST(Dataset, RefusesMissingArraysAndOtherShapes)
{
    for (const std::string key : {"X", "y"})
    {
        Npz npz = Valid();
        npz.erase(key);
        ExpectError(npz, key);
    }
    ExpectError(Valid("X", {{3, 2, 4}, Bytes(24)}), "X", "[3, 2, 4]");
    ExpectError(Valid("X", {{}, Bytes(1)}), "X", "[]");
    ExpectError(Valid("X", {{0, 6, 3, 32, 32}, Bytes()}), "X", "[0, 6, 3, 32, 32]");
    ExpectError(Valid("X", {{2, 0, 3, 32, 32}, Bytes()}), "X", "[2, 0, 3, 32, 32]");
    ExpectError(Valid("y", {{6}, Ints(6)}), "y", "[3, 2]");
    ExpectError(Valid("y", {{2, 3}, Ints(6)}), "y", "[3, 2]");
    ExpectError(Valid("split", {{3, 1}, Bytes(3)}), "split", "[3]");
    ExpectError(Valid("split", {{4}, Bytes(4)}), "split", "[3]");
}

TEST(Dataset, RefusesWrongLabels)
{
    ExpectError(Arrays({0, 1, -2, 1}, 2, -1), "y", "sample 1");
    ExpectError(Arrays({0, 0, 1, 1, 0, 65536}, 2, -1), "y", "sample 2");
    const std::vector<int64_t> huge{0, 3, 1, 1, int64_t{1} << 32, 2};
    ExpectError(Valid("y", {{3, 2}, huge}), "y", "4294967296");
    // The views of a sample contradict each other.
    ExpectError(Arrays({0, 1, 1, 2}, 2, -1), "y", "sample 0");
    // No device sees a sample.
    ExpectError(Arrays({0, 2, 2, 2, 1, 2}, 2, 2), "y", "sample 1");
    ExpectError(Arrays({0, 0, -1, -1, 1, 1}, 2, -1), "y", "sample 1");
    // There is one class.
    ExpectError(Arrays({0, 0, 0, 0}, 2, -1), "y", "classes");
    ExpectError(Arrays({0, 1, 0, 0}, 2, 1), "y", "classes");
    ExpectError(Arrays({-1, -1}, 2, -1), "y", "classes");
}

TEST(Dataset, SelectsDevicesInTheOrderGiven)
{
    const Dataset all = Load({{"X", {{2, 3, 1, 1, 2}, Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0}}},
                              {"y", {{2, 3}, Ints{0, 0, 0, 1, 1, 2}}},
                              {"split", {{2}, Bytes{0, 1}}}});
    const Dataset dataset = SelectDevices(all, {2, 0});
    EXPECT_EQ(dataset.numClasses, 2);
    EXPECT_EQ(dataset.shapes, std::vector<Shape>(2, Shape{1, 1, 2}));
    EXPECT_EQ(dataset.views, (Bytes{5, 6, 1, 2, 0, 0, 7, 8}));
    EXPECT_EQ(dataset.inView, (Bytes{1, 1, 0, 1}));
    EXPECT_EQ(dataset.labels, (Ints{0, 1})); // that of a sample that no device sees, too
    EXPECT_EQ(dataset.inTest, (Bytes{0, 1}));
    EXPECT_EQ(SelectDevices(all, {0, 1, 2}), all);
    EXPECT_THROW(SelectDevices(all, {0, 3}), std::runtime_error);
    EXPECT_THROW(SelectDevices(all, {-1}), std::runtime_error);
}

TEST(Dataset, IsTheSameWhenSavedAndLoaded)
{
    ExpectSame(Load(Valid("split", {{3}, Bytes{0, 1, 1}})));
    ExpectSame(Load(TwoModalities()));
    ExpectSame(Load(Arrays({0, 0, 1, 1}, 2, -1)));  // nothing is absent
    ExpectSame(Load(Arrays({0, -1, 1, 1}, 2, 99))); // an absent view is not blank
    ExpectSame(Load(Arrays({0, 3, 1, 1}, 2, 3)));   // class 2 has no sample, 3 means absent
}

TEST(Dataset, SavesTheDocumentedArrays)
{
    const TempDir folder;
    for (const Npz& expected : {Valid("split", {{3}, Bytes{0, 0, 0}}), TwoModalities()})
    {
        SaveDataset(Load(expected), folder.Path("x.npz"));
        const Npz npz = ReadNpz(folder.Path("x.npz"));
        ASSERT_EQ(npz.size(), expected.size());
        for (const auto& [key, array] : expected)
        {
            EXPECT_EQ(npz.at(key).shape, array.shape) << key;
            EXPECT_EQ(npz.at(key).data, array.data) << key;
        }
    }
}

TEST(Dataset, RefusesToSaveWhatWouldNotBeTheSame)
{
    const Dataset valid = Load(Valid());
    std::vector<Dataset> wrong(4, valid);
    wrong[0] = SelectDevices(valid, {0}); // which does not see sample 2
    wrong[1] = Load(Arrays({0, 0, 1, 1}, 2, -1));
    wrong[1].numClasses = 3;
    wrong[2].views.pop_back();
    wrong[3].inView.pop_back();
    for (const Dataset& dataset : wrong)
    {
        const TempDir folder;
        EXPECT_THROW(SaveDataset(dataset, folder.Path("x.npz")), std::runtime_error);
        EXPECT_TRUE(std::filesystem::is_empty(folder.Path("")));
    }
}

} // namespace ddnn::test
