// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/data/npz.h"

#include "test/support/raw-zip.h"
#include "test/support/test-support.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <limits>

namespace ddnn
{

/// For EXPECT_EQ.
static bool
operator==(const NpzArray& a, const NpzArray& b)
{
    return a.shape == b.shape && a.data == b.data;
}

} // namespace ddnn

namespace ddnn::test
{

namespace
{

namespace fs = std::filesystem;

std::string
Content(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void
WriteText(const std::string& path, const std::string& content)
{
    std::ofstream(path, std::ios::binary) << content;
}

/// Run Python with NumPy as np, and `path` defined. Returns whether it succeeded.
bool
Python(const std::string& path, const std::string& script)
{
    const TempDir folder;
    const std::string file = folder.Path("script.py");
    WriteText(file, "import numpy as np, sys\npath = sys.argv[1]\n" + script);
    return std::system(("/usr/bin/python3 '" + file + "' '" + path + "'").c_str()) == 0;
}

Npz
Read(const std::string& bytes)
{
    return ReadNpz(bytes.data(), bytes.size(), "x.npz");
}

/// The message of the error that reading these bytes must raise.
std::string
ReadError(const std::string& bytes)
{
    try
    {
        Read(bytes);
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "no error";
}

/// The same for a file.
std::string
FileError(const std::string& path)
{
    try
    {
        ReadNpz(path);
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "no error";
}

/// A .npy file of version 1.0 with this dictionary.
std::string
Npy(const std::string& header, const std::string& data)
{
    return "\x93NUMPY" + std::string("\1\0", 2) + LittleEndian(header.size(), 2) + header + data;
}

/// The dictionary of an array.
std::string
Header(const std::string& descr,
       const std::string& shape,
       const std::string& fortranOrder = "False")
{
    return "{'descr': '" + descr + "', 'fortran_order': " + fortranOrder + ", 'shape': " + shape +
           ", }\n";
}

/// An archive with the one array a.
std::string
OneArray(const std::string& npy)
{
    return RawZip({Stored("a.npy", npy)});
}

void
ExpectArrayError(const std::string& npy, const std::string& expected)
{
    EXPECT_EQ(ReadError(OneArray(npy)), "cannot read 'x.npz': array 'a': " + expected);
}

const std::string MALFORMED = "its .npy header is malformed; write it again with numpy";
const std::string TRUNCATED = "it is truncated; get or write the file again";

/// One array of each type, and of each kind of shape.
Npz
Examples()
{
    return {
        {"u1", {{2, 3}, std::vector<uint8_t>{0, 1, 2, 253, 254, 255}}},
        {"i1", {{3}, std::vector<int8_t>{-128, 0, 127}}},
        {"group/0/i4", {{1, 2, 1}, std::vector<int32_t>{-2147483647 - 1, 2147483647}}},
        {"i8", {{2}, std::vector<int64_t>{std::numeric_limits<int64_t>::min(), 5}}},
        {"f4", {{2, 2}, std::vector<float>{0.1F, -2.5F, 3e38F, INFINITY}}},
        {"scalar", {{}, std::vector<double>{0.1}}},
        {"empty", {{0, 4}, std::vector<float>{}}},
        {"large", {{100, 100}, std::vector<int32_t>(10000, 7)}},
        {"\xc3\xa9t\xc3\xa9", {{1}, std::vector<uint8_t>{9}}},
    };
}

/// Python that makes the same arrays as Examples().
const std::string EXAMPLES_SCRIPT = R"(
examples = {
    'u1': np.array([[0, 1, 2], [253, 254, 255]], np.uint8),
    'i1': np.array([-128, 0, 127], np.int8),
    'group/0/i4': np.array([[[-2**31], [2**31 - 1]]], np.int32),
    'i8': np.array([-2**63, 5], np.int64),
    'f4': np.array([[0.1, -2.5], [3e38, np.inf]], np.float32),
    'scalar': np.float64(0.1),
    'empty': np.zeros((0, 4), np.float32),
    'large': np.full((100, 100), 7, np.int32),
    '\u00e9t\u00e9': np.array([9], np.uint8),
}
)";

} // namespace

TEST(Npz, ReadsWhatNumpySaves)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    ASSERT_TRUE(Python(path, EXAMPLES_SCRIPT + "np.savez(path, **examples)"));
    EXPECT_EQ(ReadNpz(path), Examples());
}

TEST(Npz, ReadsWhatNumpySavesCompressed)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    ASSERT_TRUE(Python(path, EXAMPLES_SCRIPT + "np.savez_compressed(path, **examples)"));
    EXPECT_LT(fs::file_size(path), 10000U);
    EXPECT_EQ(ReadNpz(path), Examples());
}

TEST(Npz, ReadsTheSameFromMemory)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    WriteNpz(path, Examples());
    EXPECT_EQ(Read(Content(path)), Examples());
}

TEST(Npz, NumpyLoadsWhatItWrites)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    WriteNpz(path, Examples());
    EXPECT_TRUE(Python(path, EXAMPLES_SCRIPT + R"(
loaded = np.load(path, allow_pickle=False)
assert sorted(loaded.files) == sorted(examples), loaded.files
for key, expected in examples.items():
    array = loaded[key]
    assert array.dtype == expected.dtype and array.shape == expected.shape, key
    assert np.array_equal(array, expected), key
    assert array.flags.c_contiguous
)"));
}

TEST(Npz, NumpyFindsHeadersAligned)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    Npz arrays;
    std::vector<std::size_t> shape;
    for (int rank = 0; rank <= 32; ++rank)
    {
        arrays[std::to_string(rank)] = {shape, std::vector<uint8_t>{42}};
        shape.push_back(1);
    }
    WriteNpz(path, arrays);
    EXPECT_EQ(ReadNpz(path), arrays);
    EXPECT_TRUE(Python(path, R"(
import zipfile
archive = zipfile.ZipFile(path)
assert archive.testzip() is None
for name in archive.namelist():
    with archive.open(name) as member:
        assert np.lib.format.read_magic(member) == (1, 0)
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(member)
        assert shape == (1,) * int(name[:-4]) and not fortran and dtype == np.uint8
        assert member.tell() % 64 == 0
        assert member.read() == b'*'
)"));
}

TEST(Npz, ReadsBooleansAsUint8)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    ASSERT_TRUE(Python(path, "np.savez(path, a=np.array([True, False]))"));
    EXPECT_EQ(ReadNpz(path), (Npz{{"a", {{2}, std::vector<uint8_t>{1, 0}}}}));
}

TEST(Npz, ReadsAllHeaderVersions)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    ASSERT_TRUE(Python(path, R"(
import zipfile
with zipfile.ZipFile(path, 'w') as archive:
    for version in (1, 0), (2, 0), (3, 0):
        with archive.open('v%d.npy' % version[0], 'w') as member:
            np.lib.format.write_array(member, np.arange(3, dtype=np.int32), version)
)"));
    const NpzArray expected{{3}, std::vector<int32_t>{0, 1, 2}};
    EXPECT_EQ(ReadNpz(path), (Npz{{"v1", expected}, {"v2", expected}, {"v3", expected}}));
}

TEST(Npz, ReadsAnArchiveThatWasStreamed)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    ASSERT_TRUE(Python(path, R"(
class Stream:
    def __init__(self, file):
        self.read, self.write, self.flush = file.read, file.write, file.flush
with open(path, 'wb') as file:
    np.savez_compressed(Stream(file), a=np.arange(3, dtype=np.int32))
)"));
    EXPECT_EQ(ReadNpz(path), (Npz{{"a", {{3}, std::vector<int32_t>{0, 1, 2}}}}));
}

TEST(Npz, WritesAndReadsNoArrays)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    WriteNpz(path, {});
    EXPECT_EQ(ReadNpz(path), Npz{});
    EXPECT_TRUE(Python(path, "assert np.load(path).files == []"));
}

TEST(Npz, WritesTheSameBytesAtAnotherTime)
{
    const TempDir folder;
    WriteNpz(folder.Path("a.npz"), Examples());
    // A time zone away the local time, which zip archives hold, is another one.
    ASSERT_EQ(setenv("TZ", "XXX-11:30", 1), 0);
    tzset();
    WriteNpz(folder.Path("b.npz"), Examples());
    unsetenv("TZ");
    tzset();
    EXPECT_EQ(Content(folder.Path("a.npz")), Content(folder.Path("b.npz")));
    EXPECT_TRUE(Python(folder.Path("a.npz"), R"(
import zipfile
for info in zipfile.ZipFile(path).infolist():
    assert info.date_time == (1980, 1, 1, 0, 0, 0), info
)"));
}

TEST(Npz, CompressesLargeArraysOnly)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    WriteNpz(path, Examples());
    EXPECT_TRUE(Python(path, R"(
import zipfile
for info in zipfile.ZipFile(path).infolist():
    large = info.filename == 'large.npy'
    assert info.compress_type == (zipfile.ZIP_DEFLATED if large else zipfile.ZIP_STORED), info
)"));
}

TEST(Npz, ReadsTheParityFixture)
{
    const Npz arrays = ReadNpz(DataPath("parity-mp-cc.npz"));
    using Extents = std::vector<std::size_t>;
    EXPECT_EQ(arrays.at("device/0/convp/weight").shape, (Extents{4, 3, 3, 3}));
    EXPECT_EQ(arrays.at("cloud/convp/0/weight").shape, (Extents{16, 24, 3, 3}));
    EXPECT_EQ(arrays.at("input/x").shape, (Extents{8, 6, 3, 32, 32}));
    EXPECT_EQ(arrays.at("input/failed").shape, (Extents{0}));
    EXPECT_EQ(arrays.at("train/loss").shape, Extents{});
    EXPECT_TRUE(std::holds_alternative<std::vector<uint8_t>>(arrays.at("input/x").data));
    EXPECT_TRUE(std::holds_alternative<std::vector<double>>(arrays.at("train/loss").data));
    EXPECT_EQ(std::get<std::vector<float>>(arrays.at("device/0/convp/weight").data).size(), 108U);
}

TEST(Npz, AcceptsFortranOrderWhereItMeansNothing)
{
    const std::string header = Header("|u1", "(2,)", "True");
    EXPECT_EQ(Read(OneArray(Npy(header, "AB"))),
              (Npz{{"a", {{2}, std::vector<uint8_t>{'A', 'B'}}}}));
}

TEST(Npz, AcceptsHeadersInAnotherSpelling)
{
    const std::string header = "{\"shape\":(2,1),\"fortran_order\":False,\"descr\":\"|i1\"}  \n";
    EXPECT_EQ(Read(OneArray(Npy(header, "AB"))),
              (Npz{{"a", {{2, 1}, std::vector<int8_t>{'A', 'B'}}}}));
}

TEST(Npz, AcceptsAnEmptyArrayWithHugeExtents)
{
    const Npz arrays = Read(OneArray(Npy(Header("<f8", "(4294967296, 4294967296, 0)"), "")));
    EXPECT_EQ(std::get<std::vector<double>>(arrays.at("a").data).size(), 0U);
}

TEST(Npz, RefusesFortranOrder)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    ASSERT_TRUE(Python(path, "np.savez(path, a=np.asfortranarray(np.ones((2, 3))))"));
    EXPECT_EQ(FileError(path),
              "cannot read '" + path +
                  "': array 'a': it is in Fortran order; convert it with numpy.ascontiguousarray");
}

TEST(Npz, RefusesOtherDataTypes)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    const std::pair<const char*, const char*> types[] = {
        {"np.zeros(2, np.uint16)", "'<u2'"},
        {"np.zeros(2, '>f4')", "'>f4'"},
        {"np.zeros(2, np.float16)", "'<f2'"},
        {"np.zeros(2, np.complex64)", "'<c8'"},
        {"np.array(['text'])", "'<U4'"},
        {"np.array([None])", "'|O'"},
        {"np.zeros(2, [('x', 'i4'), ('y', 'i4')])", "(structured)"},
    };
    for (const auto& [expression, descr] : types)
    {
        ASSERT_TRUE(Python(path, "np.savez(path, **{'b/a': " + std::string(expression) + "})"));
        EXPECT_EQ(FileError(path),
                  "cannot read '" + path + "': array 'b/a': its data type " + descr +
                      " is not supported; convert it with numpy's astype to uint8, int8, int32, "
                      "int64, float32 or float64, or leave it out");
    }
}

TEST(Npz, RefusesMalformedHeaders)
{
    const char* headers[] = {
        "",
        "{",
        "{}",
        "[]",
        "text",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), } x",
        "{'descr': '|u1', 'fortran_order': False, }",
        "{'descr': '|u1', 'shape': (2,), }",
        "{'fortran_order': False, 'shape': (2,), }",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,), }",
        "{'descr': '|u1, 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '|u1\", 'fortran_order': False",
        "{'descr': 1, 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': 2, }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2 1), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,,), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2.5,), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }",
        "{'descr': '|u1' 'fortran_order': False, 'shape': (2,), }",
        "{'descr' '|u1', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'more': '', }",
    };
    for (const char* header : headers)
    {
        SCOPED_TRACE(header);
        ExpectArrayError(Npy(header, "AB"), MALFORMED);
    }
}

TEST(Npz, RefusesTooManyDimensions)
{
    std::string shape = "(2,";
    for (int i = 0; i < 32; ++i)
    {
        shape += "1,";
    }
    ExpectArrayError(Npy(Header("|u1", shape + ")"), "AB"), MALFORMED);
}

TEST(Npz, RefusesForeignMembers)
{
    ExpectArrayError("some text here", "it is not in the .npy format; write it again with numpy");
    EXPECT_EQ(ReadError(RawZip({Stored("read\nme", "text")})),
              "cannot read 'x.npz': its member 'read?me' is not an array; write the file with "
              "numpy.savez");
    EXPECT_EQ(ReadError(RawZip({Stored("dir/", "")})),
              "cannot read 'x.npz': its member 'dir/' is not an array; write the file with "
              "numpy.savez");
}

TEST(Npz, RefusesAnUnknownFormatVersion)
{
    std::string npy = Npy(Header("|u1", "(2,)"), "AB");
    npy[6] = 4;
    ExpectArrayError(npy, "its .npy version 4 is unknown; write it again with numpy");
    npy[6] = 0;
    ExpectArrayError(npy, "its .npy version 0 is unknown; write it again with numpy");
}

TEST(Npz, RefusesTruncatedArrays)
{
    const std::string npy = Npy(Header("|u1", "(2,)"), "AB");
    for (std::size_t size = 0; size < npy.size(); ++size)
    {
        SCOPED_TRACE(size);
        const std::string expected = size < npy.size() - 2
                                         ? TRUNCATED
                                         : "its shape needs 2 elements of 1 bytes, but " +
                                               std::to_string(size + 2 - npy.size()) +
                                               " bytes are there; write the file again with numpy";
        ExpectArrayError(npy.substr(0, size), expected);
    }
}

TEST(Npz, RefusesAHeaderLongerThanTheFile)
{
    const std::string npy = "\x93NUMPY" + std::string("\2\0", 2) + "\xff\xff\xff\xff{}";
    ExpectArrayError(npy, TRUNCATED);
}

TEST(Npz, RefusesSizesThatDisagree)
{
    ExpectArrayError(Npy(Header("|u1", "(2,)"), "ABC"),
                     "its shape needs 2 elements of 1 bytes, but 3 bytes are there; write the file "
                     "again with numpy");
    ExpectArrayError(Npy(Header("<f4", "()"), "ABCDE"),
                     "its shape needs 1 elements of 4 bytes, but 5 bytes are there; write the file "
                     "again with numpy");
    // 2^61 doubles: their size in bytes overflows to 0.
    ExpectArrayError(Npy(Header("<f8", "(2305843009213693952,)"), ""),
                     "its shape needs 2305843009213693952 elements of 8 bytes, but 0 bytes are "
                     "there; write the file again with numpy");
    ExpectArrayError(Npy(Header("|u1", "(4294967296, 4294967296)"), ""),
                     "its shape is too large for the memory");
}

TEST(Npz, RefusesAWrongChecksum)
{
    RawZipMember member = Stored("a.npy", Npy(Header("|u1", "(2,)"), "AB"));
    member.checksum ^= 1;
    EXPECT_EQ(ReadError(RawZip({member})),
              "cannot read 'x.npz': array 'a': it is damaged (CRC error); get or write the file "
              "again");
}

TEST(Npz, RefusesDuplicates)
{
    const RawZipMember member = Stored("a.npy", Npy(Header("|u1", "(2,)"), "AB"));
    EXPECT_EQ(ReadError(RawZip({member, member})),
              "cannot read 'x.npz': two members have the same name; it must be a complete file of "
              "numpy.savez");
}

TEST(Npz, RefusesOtherCompression)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    ASSERT_TRUE(Python(path, R"(
import zipfile
np.savez(path, a=np.ones(3))
content = zipfile.ZipFile(path).read('a.npy')
zipfile.ZipFile(path, 'w', zipfile.ZIP_LZMA).writestr('a.npy', content)
)"));
    EXPECT_EQ(FileError(path),
              "cannot read '" + path +
                  "': array 'a': its compression is not supported; write the file with numpy.savez "
                  "or numpy.savez_compressed");
}

TEST(Npz, RefusesDamagedCompressedData)
{
    const std::string npy = Npy(Header("|u1", "(2,)"), "AB");
    RawZipMember member = Stored("a.npy", npy);
    member.method = 8;
    const std::string error = ReadError(RawZip({member}));
    EXPECT_EQ(error.find("cannot read 'x.npz': array 'a': it is damaged ("), 0U) << error;
}

TEST(Npz, RefusesAMemberThatHoldsMoreThanItClaims)
{
    // A deflate block that is stored, with one byte more than the directory says.
    const std::string npy = Npy(Header("|u1", "(2,)"), "AB");
    const std::string more = npy + "C";
    RawZipMember member = Stored("a.npy", npy);
    member.method = 8;
    member.packed = "\1" + LittleEndian(more.size(), 2) + LittleEndian(~more.size(), 2) + more;
    EXPECT_NE(ReadError(RawZip({member})), "no error");
    member.packed = "\1" + LittleEndian(npy.size(), 2) + LittleEndian(~npy.size(), 2) + npy;
    EXPECT_EQ(Read(RawZip({member})), (Npz{{"a", {{2}, std::vector<uint8_t>{'A', 'B'}}}}));
}

TEST(Npz, RefusesAZipBombBeforeReservingMemory)
{
    RawZipMember member = Stored("a.npy", Npy(Header("|u1", "(4294967000,)"), "AB"));
    member.method = 8;
    member.size = 0xfffffff0;
    const std::string archive = RawZip({member});
    EXPECT_EQ(ReadError(archive),
              "cannot read 'x.npz': its arrays claim more than " +
                  std::to_string(1100 * archive.size()) +
                  " bytes, the limit for a file of this size; split it, or write it again with "
                  "numpy.savez");
}

TEST(Npz, RefusesMoreThan8GiB)
{
    RawZipMember member{"a.npy", std::string(5000000, 'x'), 8, 0xf0000000, 0};
    RawZipMember second = member;
    RawZipMember third = member;
    second.name = "b.npy";
    third.name = "c.npy";
    const std::string error = ReadError(RawZip({member, second, third}));
    EXPECT_NE(error.find("more than 8589934592 bytes"), std::string::npos) << error;
}

TEST(Npz, RefusesForeignFiles)
{
    const std::string expected =
        "cannot read 'x.npz': Not a zip archive; it must be a complete file of numpy.savez";
    EXPECT_EQ(ReadError(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16)), expected);
    EXPECT_EQ(ReadError("sample,label\n0,1\n"), expected);
    EXPECT_EQ(ReadError(Npy(Header("|u1", "(2,)"), "AB")), expected);
    EXPECT_EQ(ReadError(std::string(1000, '\0')), expected);
    EXPECT_EQ(ReadError("x"), expected);
    EXPECT_EQ(ReadError(""), "cannot read 'x.npz': it is empty; get or write it again");
}

TEST(Npz, RefusesAMissingFile)
{
    const TempDir folder;
    const std::string path = folder.Path("missing.npz");
    EXPECT_EQ(FileError(path),
              "cannot read '" + path + "': No such file or directory; check the path");
}

TEST(Npz, RefusesAFolder)
{
    const TempDir folder;
    const std::string path = folder.Path("");
    EXPECT_EQ(FileError(path),
              "cannot read '" + path + "': it is not a regular file; check the path");
}

TEST(Npz, RefusesAnEmptyFile)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    WriteText(path, "");
    EXPECT_EQ(FileError(path), "cannot read '" + path + "': it is empty; get or write it again");
}

TEST(Npz, RefusesAFileTruncatedAnywhere)
{
    const TempDir folder;
    WriteNpz(folder.Path("ours.npz"), Examples());
    ASSERT_TRUE(Python(folder.Path("theirs.npz"),
                       EXAMPLES_SCRIPT + "np.savez_compressed(path, **examples)"));
    for (const char* name : {"ours.npz", "theirs.npz"})
    {
        const std::string bytes = Content(folder.Path(name));
        ASSERT_EQ(Read(bytes), Examples());
        for (std::size_t size = 0; size < bytes.size(); ++size)
        {
            // A heap block of just this size lets a sanitizer see reads beyond it.
            const std::vector<char> part(bytes.begin(), bytes.begin() + size);
            EXPECT_THROW(ReadNpz(part.data(), part.size(), name), std::runtime_error)
                << name << " " << size;
        }
    }
}

TEST(Npz, NeverReadsOtherValuesFromAFlippedBit)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    const Npz arrays{{"a", {{2}, std::vector<float>{1, 2}}},
                     {"b/c", {{2000}, std::vector<int32_t>(2000, 5)}}};
    WriteNpz(path, arrays);
    std::string bytes = Content(path);
    int numRefused = 0;
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit)
    {
        const char mask = static_cast<char>(1 << bit % 8);
        bytes[bit / 8] ^= mask;
        try
        {
            EXPECT_EQ(Read(bytes), arrays) << "bit " << bit;
        }
        catch (const std::runtime_error&)
        {
            ++numRefused;
        }
        bytes[bit / 8] ^= mask;
    }
    EXPECT_GT(numRefused, 1000);
}

TEST(Npz, RefusesToWriteWhatDisagrees)
{
    const TempDir folder;
    const std::string path = folder.Path("a.npz");
    const auto expectError = [&](const Npz& arrays, const std::string& expected) {
        try
        {
            WriteNpz(path, arrays);
            ADD_FAILURE() << "no error, but expected: " << expected;
        }
        catch (const std::runtime_error& error)
        {
            EXPECT_EQ(error.what(), "cannot write '" + path + "': " + expected);
        }
        EXPECT_FALSE(fs::exists(path));
    };
    expectError({{"a", {{3}, std::vector<float>{1, 2}}}},
                "array 'a': its shape needs 3 elements, but 2 are there");
    expectError({{"a", {std::vector<std::size_t>(33, 1), std::vector<float>{1}}}},
                "array 'a': it has more than 32 dimensions");
    expectError({{"a", {{std::size_t{1} << 40, std::size_t{1} << 40}, std::vector<float>{1}}}},
                "array 'a': its shape is too large for the memory");
    expectError({{"\xff", {{1}, std::vector<float>{1}}}}, "Invalid argument: name '\xff.npy'");
}

TEST(Npz, NamesTheFileThatCannotBeWritten)
{
    const TempDir folder;
    const std::string path = folder.Path("missing/a.npz");
    try
    {
        WriteNpz(path, Examples());
        FAIL() << "no error";
    }
    catch (const std::runtime_error& error)
    {
        EXPECT_EQ(error.what(), "cannot write '" + path + "': No such file or directory");
    }
}

TEST(Npz, CountsElements)
{
    EXPECT_EQ(NumElements({}), 1U);
    EXPECT_EQ(NumElements({2, 3, 4}), 24U);
    EXPECT_EQ(NumElements({2, 0}), 0U);
    EXPECT_THROW(NumElements({std::size_t{1} << 32, std::size_t{1} << 32}), std::runtime_error);
}

} // namespace ddnn::test
