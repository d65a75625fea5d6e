// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/data/npz.h"

#include "test/support/raw-zip.h"
#include "test/support/test-support.h"

#include <cmath>
#include <cstdlib>
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

class NpzFile : public testing::Test
{
  protected:
    /// Run Python with NumPy as np, zipfile, `path` and the arrays of Examples() as `examples`.
    void Python(const std::string& script) const
    {
        std::ofstream(m_folder.Path("script.py")) << R"(
import numpy as np, sys, zipfile
path = sys.argv[1]
examples = {
    'u1': np.array([[0, 1, 2], [253, 254, 255]], np.uint8),
    'i1': np.array([-128, 0, 127], np.int8),
    'group/0/i4': np.array([[[-2**31], [2**31 - 1]]], np.int32),
    'i8': np.array([-2**63, 5], np.int64),
    'f4': np.array([[0.1, -2.5], [3e38, np.inf]], np.float32),
    'scalar': np.float64(0.1),
    'empty': np.zeros((0, 4), np.float32),
    'large': np.full((100, 100), 7, np.int32),
    'name.of.dots': np.zeros((1,) * 32, np.uint8),
    '\u00e9t\u00e9': np.array([9], np.uint8),
}
)" << script;
        const std::string command = "/usr/bin/python3 " + m_folder.Path("script.py ") + m_path;
        ASSERT_EQ(std::system(command.c_str()), 0);
    }

    /// Read the file of these bytes.
    Npz Read(const std::string& bytes) const
    {
        std::ofstream(m_path, std::ios::binary) << bytes;
        return ReadNpz(m_path);
    }

    /// Expect an error that names the file and has this text.
    void ExpectError(const std::string& text) const
    {
        try
        {
            ReadNpz(m_path);
            ADD_FAILURE() << "no error with " << text;
        }
        catch (const std::runtime_error& error)
        {
            EXPECT_NE(std::string(error.what()).find(m_path), std::string::npos) << error.what();
            EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
        }
    }

    /// The same for the file of these bytes.
    void ExpectError(const std::string& bytes, const std::string& text) const
    {
        std::ofstream(m_path, std::ios::binary) << bytes;
        ExpectError(text);
    }

    const TempDir m_folder;
    const std::string m_path = m_folder.Path("a.npz");
};

std::string
Content(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A .npy file of version 1.0 with this dictionary.
std::string
Npy(const std::string& header, const std::string& data)
{
    return "\x93NUMPY" + std::string("\1\0", 2) + LittleEndian(header.size(), 2) + header + data;
}

/// The same with the dictionary of an array in C order.
std::string
Npy(const std::string& descr, const std::string& shape, const std::string& data)
{
    return Npy("{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n",
               data);
}

/// An archive with the one array a.
std::string
OneArray(const std::string& npy)
{
    return RawZip({Stored("a.npy", npy)});
}

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
        {"name.of.dots", {std::vector<std::size_t>(32, 1), std::vector<uint8_t>{0}}},
        {"\xc3\xa9t\xc3\xa9", {{1}, std::vector<uint8_t>{9}}},
    };
}

const NpzArray AB{{2}, std::vector<uint8_t>{'A', 'B'}};

} // namespace

TEST_F(NpzFile, ReadsWhatNumpySaves)
{
    Python("np.savez(path, **examples)");
    EXPECT_EQ(ReadNpz(m_path), Examples());
    Python("np.savez_compressed(path, **examples)");
    EXPECT_EQ(ReadNpz(m_path), Examples());
}

TEST_F(NpzFile, NumpyLoadsWhatItWrites)
{
    WriteNpz(m_path, Examples());
    Python(R"(
loaded = np.load(path, allow_pickle=False)
assert sorted(loaded.files) == sorted(examples), loaded.files
for key, expected in examples.items():
    array = loaded[key]
    assert array.dtype == expected.dtype and array.shape == expected.shape, key
    assert np.array_equal(array, expected) and array.flags.c_contiguous, key
archive = zipfile.ZipFile(path)
assert archive.testzip() is None
for info in archive.infolist():
    large = info.filename == 'large.npy'
    assert info.compress_type == (zipfile.ZIP_DEFLATED if large else zipfile.ZIP_STORED), info
    assert info.date_time == (1980, 1, 1, 0, 0, 0), info
    with archive.open(info) as member:
        assert np.lib.format.read_magic(member) == (1, 0)
        np.lib.format.read_array_header_1_0(member)
        assert member.tell() % 64 == 0, info
)");
}

TEST_F(NpzFile, WritesTheSameBytesInAnotherTimeZone)
{
    WriteNpz(m_path, Examples());
    ASSERT_EQ(setenv("TZ", "XXX-11:30", 1), 0);
    tzset();
    WriteNpz(m_folder.Path("b.npz"), Examples());
    unsetenv("TZ");
    tzset();
    EXPECT_EQ(Content(m_path), Content(m_folder.Path("b.npz")));
}

TEST_F(NpzFile, ReadsAllHeaderVersionsAndBooleansFromAStream)
{
    Python(R"(
class Stream:
    def __init__(self, file):
        self.write, self.flush = file.write, file.flush
with open(path, 'wb') as file, zipfile.ZipFile(Stream(file), 'w') as archive:
    for version in (1, 0), (2, 0), (3, 0):
        with archive.open('v%d.npy' % version[0], 'w') as member:
            np.lib.format.write_array(member, np.array([True, False]), version)
)");
    const NpzArray expected{{2}, std::vector<uint8_t>{1, 0}};
    EXPECT_EQ(ReadNpz(m_path), (Npz{{"v1", expected}, {"v2", expected}, {"v3", expected}}));
}

TEST_F(NpzFile, ReadsHeadersInOtherSpellings)
{
    for (const char* header :
         {"{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"|u1\"}  \n",
          "{'descr': '|u1', 'fortran_order': False, 'shape': (2L,), }\n", // Python 2
          "{'descr': '|u1', 'fortran_order': True, 'shape': (2,), }\n"})  // of one dimension
    {
        EXPECT_EQ(Read(OneArray(Npy(header, "AB"))), (Npz{{"a", AB}})) << header;
    }
}

TEST_F(NpzFile, ReadsOnlyWhatIsWanted)
{
    Python(R"(
np.savez(path, a=np.array([65, 66], np.uint8), text=np.array(['text']), b=np.array([None]))
with zipfile.ZipFile(path, 'a') as archive:
    archive.writestr('README', 'text')
    archive.mkdir('folder') if hasattr(archive, 'mkdir') else archive.writestr('folder/', '')
)");
    EXPECT_EQ(ReadNpz(m_path,
                      [](const std::string& name) {
                          return name == "a";
                      }),
              (Npz{{"a", AB}}));
    ExpectError("array '");
}

TEST_F(NpzFile, RefusesTypesAndHeadersThatItCannotRead)
{
    for (const std::string header :
         {"",
          "{'descr': '|u1', 'fortran_order': False, }",
          "{'descr': '|u1', 'shape': (2,), }",
          "{'fortran_order': False, 'shape': (2,), }",
          "{'descr': '|u1', 'fortran_order': 0, 'shape': (2, 1), }",
          "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 1), }",
          "{'descr': '|u1, 'fortran_order': False, 'shape': (2,), }",
          "{'descr': [('x', '|u1')], 'fortran_order': False, 'shape': (2,), }",
          "{'descr': '>i2', 'fortran_order': False, 'shape': (1,), }",
          "{'descr': '<U2', 'fortran_order': False, 'shape': (1,), }",
          "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
          "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,), }",
          "{'descr': '|u1', 'fortran_order': False, 'shape': (2.5,), }",
          "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,), }",
          "{'descr': '|u1', 'fortran_order': False, 'shape': (2"})
    {
        SCOPED_TRACE(header);
        ExpectError(OneArray(Npy(header, "AB")), "array 'a'");
    }
    ExpectError(OneArray(Npy(std::string(60000, ' '), "AB")), "array 'a'");
    ExpectError(OneArray("some text here"), "array 'a'");
}

TEST_F(NpzFile, RefusesSizesThatDisagree)
{
    const std::string whole = Npy("|u1", "(2,)", "AB");
    for (std::size_t size = 0; size < whole.size(); ++size)
    {
        ExpectError(OneArray(whole.substr(0, size)), "array 'a'");
    }
    ExpectError(OneArray(Npy("|u1", "(2,)", "ABC")), "array 'a'");
    ExpectError(OneArray(Npy("<f4", "()", "ABCDE")), "array 'a'");
    // Sizes in bytes that overflow to 0, 0 and 2.
    ExpectError(OneArray(Npy("<f8", "(2305843009213693952,)", "")), "array 'a'");
    ExpectError(OneArray(Npy("|u1", "(4294967296, 4294967296)", "")), "array 'a'");
    ExpectError(OneArray(Npy("|u1", "(9223372036854775809, 2)", "AB")), "array 'a'");
    // A header that would be longer than the file.
    ExpectError(OneArray("\x93NUMPY" + std::string("\2\0", 2) + "\xff\xff\xff\xff{}"), "array 'a'");
}

TEST_F(NpzFile, RefusesMembersThatAreNotWhatTheirDirectoryClaims)
{
    const std::string npy = Npy("|u1", "(2,)", "AB");
    const RawZipMember good = Stored("a.npy", npy);
    EXPECT_EQ(Read(RawZip({good})), (Npz{{"a", AB}}));
    RawZipMember member = good;
    member.checksum ^= 1;
    ExpectError(RawZip({member}), "array 'a'");
    member = good;
    member.method = 8; // data that are not deflated
    ExpectError(RawZip({member}), "array 'a'");
    const std::string more = npy + "C"; // a deflate block that is stored
    member.packed = "\1" + LittleEndian(more.size(), 2) + LittleEndian(~more.size(), 2) + more;
    ExpectError(RawZip({member}), "array 'a'");
    ExpectError(RawZip({good, good}), "");
}

TEST_F(NpzFile, RefusesAHugeClaimBeforeReservingMemory)
{
    const std::string npy = Npy("|u1", "(4294967000,)", "AB");
    const auto size = static_cast<uint32_t>(npy.size() - 2 + 4294967000);
    const std::string packed =
        "\1" + LittleEndian(npy.size(), 2) + LittleEndian(~npy.size(), 2) + npy;
    ExpectError(RawZip({{"a.npy", packed, 8, size, Crc32(npy)}}), "array 'a': its size");
}

TEST_F(NpzFile, RefusesForeignFiles)
{
    ExpectError(""); // which is missing
    ExpectError("x", "");
    ExpectError("sample,label\n0,1\n", "");
    ExpectError(std::string(1000, '\0'), "");
    ExpectError(Npy("|u1", "(2,)", "AB"), "");
    EXPECT_THROW(ReadNpz(m_folder.Path("")), std::runtime_error);
}

TEST_F(NpzFile, RefusesATruncatedFile)
{
    Python("np.savez_compressed(path, **examples)");
    const std::string theirs = Content(m_path);
    WriteNpz(m_path, Examples());
    for (const std::string& bytes : {Content(m_path), theirs})
    {
        ASSERT_EQ(Read(bytes), Examples());
        for (std::size_t size = 1; size < bytes.size(); size += 3)
        {
            EXPECT_THROW(Read(bytes.substr(0, size)), std::runtime_error) << size;
        }
    }
}

TEST_F(NpzFile, NeverReadsOtherValuesFromAFlippedBit)
{
    const Npz arrays{{"a", {{2}, std::vector<float>{1, 2}}},
                     {"b/c", {{2000}, std::vector<int32_t>(2000, 5)}}};
    WriteNpz(m_path, arrays);
    std::string bytes = Content(m_path);
    std::size_t numRefused = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
    {
        const char mask = static_cast<char>(1 << i % 8);
        bytes[i] ^= mask;
        try
        {
            EXPECT_EQ(Read(bytes), arrays) << "byte " << i;
        }
        catch (const std::runtime_error&)
        {
            ++numRefused;
        }
        bytes[i] ^= mask;
    }
    EXPECT_GT(numRefused, bytes.size() / 4);
}

TEST_F(NpzFile, ConvertsValuesAndNamesTheArrayOtherwise)
{
    const Npz npz{{"a", AB}, {"d", {{2, 1}, std::vector<double>{0.5, 2}}}};
    EXPECT_EQ(Values<int64_t>(npz, "a", {2}), (std::vector<int64_t>{'A', 'B'}));
    EXPECT_EQ(Values<float>(npz, "a", {2}), (std::vector<float>{'A', 'B'}));
    EXPECT_EQ(Values<float>(npz, "d", {2, 1}), (std::vector<float>{0.5, 2}));
    EXPECT_THROW(Values<int64_t>(npz, "d", {2, 1}), std::runtime_error);
    EXPECT_THROW(Values<float>(npz, "d", {2}), std::runtime_error);
    EXPECT_THROW(Values<float>(npz, "e", {2}), std::runtime_error);
}

} // namespace ddnn::test
