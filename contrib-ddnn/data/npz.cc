// SPDX-License-Identifier: GPL-2.0-only
#include "npz.h"

#include "atomic-file.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <zip.h>

namespace ddnn
{

namespace
{

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "array data are copied as they are");

/// A .npy file: MAGIC, version, length of the header, header, data
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
const std::string MAGIC = "\x93NUMPY";

/// Of a header that can be read: the 32 extents of 20 digits that NumPy allows fit.
constexpr std::size_t MAX_HEADER_BYTES = 1024;

/// Deflate compresses 1032:1 at most: no memory is reserved for a member that claims more.
constexpr std::size_t MAX_COMPRESSION = 1100;

/// NumPy's names of the data types, those that are written in the order of NpzArray::data.
const std::vector<std::pair<std::string, decltype(NpzArray::data)>> TYPES{
    {"|u1", std::vector<uint8_t>()},
    {"|i1", std::vector<int8_t>()},
    {"<i4", std::vector<int32_t>()},
    {"<i8", std::vector<int64_t>()},
    {"<f4", std::vector<float>()},
    {"<f8", std::vector<double>()},
    {"|b1", std::vector<uint8_t>()},
};

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;

/// "2, 3"
std::string
Join(const std::vector<std::size_t>& shape)
{
    std::string text;
    for (const std::size_t extent : shape)
    {
        text += (text.empty() ? "" : ", ") + std::to_string(extent);
    }
    return text;
}

/// The value of a key in a header, a Python dictionary: without quotes, up to one of some letters.
std::string
HeaderValue(const std::string& header, const std::string& key, const std::string& ends)
{
    const std::size_t found = header.find(key);
    const std::size_t begin =
        found == std::string::npos ? found : header.find_first_not_of("'\": ", found + key.size());
    const std::size_t end = header.find_first_of(ends, begin);
    if (end == std::string::npos)
    {
        throw std::runtime_error("its .npy header has no readable '" + key + "'");
    }
    return header.substr(begin, end - begin);
}

/// The array that a header announces, still without its elements.
NpzArray
ParseHeader(const std::string& header)
{
    const std::string type = HeaderValue(header, "descr", "'\"\n");
    const auto found = std::find_if(TYPES.begin(), TYPES.end(), [&](const auto& known) {
        return known.first == type;
    });
    if (found == TYPES.end())
    {
        throw std::runtime_error("its data type '" + type + "' cannot be read; use astype");
    }
    NpzArray array{{}, found->second};
    std::string shape = HeaderValue(header, "shape", ")");
    for (char& letter : shape)
    {
        letter = letter == '(' || letter == ',' || letter == 'L' ? ' ' : letter; // 2L in Python 2
    }
    std::istringstream extents(shape + ' ');
    for (std::size_t extent = 0; extents >> extent;)
    {
        array.shape.push_back(extent);
    }
    if (!extents.eof())
    {
        throw std::runtime_error("its .npy header has no readable 'shape'");
    }
    if (HeaderValue(header, "fortran_order", ",}") != "False" && array.shape.size() > 1)
    {
        throw std::runtime_error("it is in Fortran order; use numpy.ascontiguousarray");
    }
    return array;
}

/// Read exactly so many bytes.
void
Read(zip_file_t* file, void* to, std::size_t size)
{
    if (zip_fread(file, to, size) != static_cast<zip_int64_t>(size))
    {
        throw std::runtime_error("it is damaged: " + std::string(zip_file_strerror(file)));
    }
}

/// Read a member of an archive, a .npy file.
NpzArray
ReadNpy(zip_t* archive, zip_uint64_t index)
{
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(
        zip_fopen_index(archive, index, 0),
        zip_fclose);
    zip_stat_t stat;
    if (!file || zip_stat_index(archive, index, 0, &stat) != 0)
    {
        throw std::runtime_error(zip_strerror(archive));
    }
    std::string start(MAGIC.size() + 2, '\0'); // with the version
    Read(file.get(), start.data(), start.size());
    const std::size_t lengthBytes = start[MAGIC.size()] == 1 ? 2 : 4;
    uint32_t length = 0;
    Read(file.get(), &length, lengthBytes);
    if (start.compare(0, MAGIC.size(), MAGIC) != 0 || length > MAX_HEADER_BYTES)
    {
        throw std::runtime_error("it is not in the .npy format");
    }
    std::string header(length, '\0');
    Read(file.get(), header.data(), length);
    NpzArray array = ParseHeader(header);
    const auto fill = [&](auto& values) {
        const double size = std::accumulate(array.shape.begin(),
                                            array.shape.end(),
                                            double{sizeof(values[0])}, // integers might overflow
                                            std::multiplies<>());
        if (start.size() + lengthBytes + length + size != stat.size ||
            stat.size / MAX_COMPRESSION > stat.comp_size)
        {
            throw std::runtime_error("its size is not that of the shape " + ShapeText(array.shape));
        }
        values.resize(size / sizeof(values[0]));
        Read(file.get(), values.data(), size);
    };
    std::visit(fill, array.data);
    if (zip_fread(file.get(), &length, 1) != 0) // which compares the checksum
    {
        throw std::runtime_error("its checksum is wrong");
    }
    return array;
}

/// A .npy file of version 1.0, aligned as NumPy does it.
std::string
FormatNpy(const NpzArray& array)
{
    std::string header = "{'descr': '" + TYPES[array.data.index()].first +
                         "', 'fortran_order': False, 'shape': (" + Join(array.shape) +
                         (array.shape.size() == 1 ? ",), }" : "), }");
    header.append(64 - (10 + header.size() + 1) % 64, ' ');
    header += '\n';
    const std::string length{static_cast<char>(header.size()),
                             static_cast<char>(header.size() >> 8)};
    const auto format = [&](const auto& values) {
        const auto* data = reinterpret_cast<const char*>(values.data());
        return MAGIC + std::string("\1\0", 2) + length + header +
               std::string(data, values.size() * sizeof(values[0]));
    };
    return std::visit(format, array.data);
}

/// The bytes of a zip archive, the same for the same members.
/// \param members content by name
std::string
FormatZip(const std::map<std::string, std::string>& members)
{
    constexpr std::size_t WORTH_COMPRESSING = 4096;
    constexpr zip_uint16_t DATE = 1 << 5 | 1; // 1980-01-01, the earliest that there is
    const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> file(
        zip_source_buffer_create(nullptr, 0, 0, nullptr),
        zip_source_free);
    zip_source_keep(file.get()); // a second reference, for the archive
    Archive archive(zip_open_from_source(file.get(), ZIP_TRUNCATE, nullptr), zip_discard);
    for (const auto& [name, bytes] : members)
    {
        zip_source_t* source = zip_source_buffer(archive.get(), bytes.data(), bytes.size(), 0);
        const zip_int64_t index =
            zip_file_add(archive.get(), name.c_str(), source, ZIP_FL_ENC_UTF_8);
        const int method = bytes.size() < WORTH_COMPRESSING ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
        if (zip_set_file_compression(archive.get(), index, method, 0) != 0 ||
            zip_file_set_dostime(archive.get(), index, 0, DATE, 0) != 0)
        {
            throw std::runtime_error("'" + name + "': " + zip_strerror(archive.get()));
        }
    }
    if (zip_close(archive.get()) != 0)
    {
        throw std::runtime_error(zip_strerror(archive.get()));
    }
    archive.release(); // which was freed on closing
    zip_stat_t stat;
    zip_source_stat(file.get(), &stat);
    std::string bytes(stat.size, '\0');
    zip_source_open(file.get());
    zip_source_read(file.get(), bytes.data(), bytes.size());
    zip_source_close(file.get());
    return bytes;
}

} // namespace

Npz
ReadNpz(const std::string& path, const std::function<bool(const std::string&)>& isWanted)
{
    const std::string prefix = "cannot read '" + path + "': ";
    int code = 0;
    const Archive archive(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code), zip_discard);
    if (!archive)
    {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        const std::string text = zip_error_strerror(&error);
        zip_error_fini(&error);
        throw std::runtime_error(prefix + text);
    }
    Npz arrays;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive.get(), 0); ++i)
    {
        std::filesystem::path member = zip_get_name(archive.get(), i, 0);
        if (member.extension() != ".npy" || !isWanted(member.replace_extension()))
        {
            continue;
        }
        try
        {
            arrays[member] = ReadNpy(archive.get(), i);
        }
        catch (const std::exception& error)
        {
            throw std::runtime_error(prefix + "array '" + member.string() + "': " + error.what());
        }
    }
    return arrays;
}

void
WriteNpz(const std::string& path, const Npz& arrays)
{
    std::map<std::string, std::string> members;
    for (const auto& [name, array] : arrays)
    {
        members[name + ".npy"] = FormatNpy(array);
    }
    WriteFileAtomically(path, FormatZip(members));
}

std::string
ShapeText(const std::vector<std::size_t>& shape)
{
    return "[" + Join(shape) + "]";
}

template <typename T>
std::vector<T>
Values(const Npz& npz, const std::string& name, const std::vector<std::size_t>& shape)
{
    const auto found = npz.find(name);
    if (found == npz.end())
    {
        throw std::runtime_error("array '" + name + "' is missing");
    }
    const NpzArray& array = found->second;
    if (array.shape != shape)
    {
        throw std::runtime_error("array '" + name + "' has shape " + ShapeText(array.shape) +
                                 ", must be " + ShapeText(shape));
    }
    const auto convert = [&](const auto& values) -> std::vector<T> {
        if (std::is_integral_v<T> && !std::is_integral_v<std::decay_t<decltype(values[0])>>)
        {
            throw std::runtime_error("array '" + name + "' must hold integers; use astype");
        }
        return {values.begin(), values.end()};
    };
    return std::visit(convert, array.data);
}

template std::vector<float> Values(const Npz&, const std::string&, const std::vector<std::size_t>&);
template std::vector<int64_t> Values(const Npz&,
                                     const std::string&,
                                     const std::vector<std::size_t>&);

} // namespace ddnn
