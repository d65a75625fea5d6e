// SPDX-License-Identifier: GPL-2.0-only
#include "npz.h"

#include "atomic-file.h"
#include "npy-header.h"
#include "zip-archive.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ddnn
{

namespace
{

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "array data are copied as they are");

const std::string SUFFIX = ".npy";

/// Names from a file may hold anything; a message is one line.
std::string
OneLine(std::string text)
{
    const auto isControl = [](unsigned char c) {
        return c < ' ' || c == 127;
    };
    std::replace_if(text.begin(), text.end(), isControl, '?');
    return text;
}

NpzArray
ReadArray(ZipMember& member)
{
    const std::size_t lengthBytes = NpyLengthBytes(member.ReadText(NPY_PREFIX_BYTES));
    const std::size_t length = NpyHeaderLength(member.ReadText(lengthBytes));
    const NpyHeader header = ParseNpyHeader(member.ReadText(length));

    NpzArray array{header.shape, EmptyDataOfType(header.descr)};
    const std::size_t count = NumElements(array.shape);
    const auto read = [&](auto& values) {
        const std::size_t width = sizeof(values[0]);
        if (member.Remaining() % width != 0 || member.Remaining() / width != count)
        {
            throw std::runtime_error("its shape needs " + std::to_string(count) + " elements of " +
                                     std::to_string(width) + " bytes, but " +
                                     std::to_string(member.Remaining()) +
                                     " bytes are there; write the file again with numpy");
        }
        values.resize(count);
        member.Read(values.data(), count * width);
    };
    std::visit(read, array.data);
    member.Finish();
    return array;
}

/// The name of an array, from the name of its member.
std::string
ArrayName(const std::string& member)
{
    const std::size_t length = member.size() - std::min(member.size(), SUFFIX.size());
    if (member.substr(length) != SUFFIX)
    {
        throw std::runtime_error("its member '" + OneLine(member) +
                                 "' is not an array; write the file with numpy.savez");
    }
    return member.substr(0, length);
}

Npz
ReadArrays(const ZipArchive& archive)
{
    Npz arrays;
    for (std::size_t i = 0; i < archive.Entries().size(); ++i)
    {
        const std::string name = ArrayName(archive.Entries()[i].name);
        try
        {
            ZipMember member(archive, i);
            arrays.emplace(name, ReadArray(member));
        }
        catch (const std::runtime_error& error)
        {
            throw std::runtime_error(OneLine("array '" + name + "': " + error.what()));
        }
    }
    return arrays;
}

/// What stands before the data, and the data.
std::string
FormatNpy(const NpzArray& array)
{
    std::string bytes = FormatNpyHeader(array);
    const std::size_t count = NumElements(array.shape);
    const auto append = [&](const auto& values) {
        if (values.size() != count)
        {
            throw std::runtime_error("its shape needs " + std::to_string(count) +
                                     " elements, but " + std::to_string(values.size()) +
                                     " are there");
        }
        bytes.append(reinterpret_cast<const char*>(values.data()), count * sizeof(values[0]));
    };
    std::visit(append, array.data);
    return bytes;
}

/// Call `read`, and name the file in its errors.
template <typename Read>
Npz
NameFileInErrors(const std::string& file, const Read& read)
{
    try
    {
        return read();
    }
    catch (const std::runtime_error& error)
    {
        throw std::runtime_error("cannot read '" + file + "': " + error.what());
    }
}

} // namespace

std::size_t
NumElements(const std::vector<std::size_t>& shape)
{
    if (std::find(shape.begin(), shape.end(), 0) != shape.end())
    {
        return 0;
    }
    std::size_t product = 1;
    for (const std::size_t extent : shape)
    {
        if (extent > std::numeric_limits<std::size_t>::max() / product)
        {
            throw std::runtime_error("its shape is too large for the memory");
        }
        product *= extent;
    }
    return product;
}

Npz
ReadNpz(const std::string& path)
{
    return NameFileInErrors(path, [&] {
        return ReadArrays(ZipArchive(path));
    });
}

Npz
ReadNpz(const void* bytes, std::size_t size, const std::string& name)
{
    return NameFileInErrors(name, [&] {
        return ReadArrays(ZipArchive(bytes, size));
    });
}

void
WriteNpz(const std::string& path, const Npz& arrays)
{
    std::map<std::string, std::string> members;
    for (const auto& [name, array] : arrays)
    {
        try
        {
            members.emplace(name + SUFFIX, FormatNpy(array));
        }
        catch (const std::runtime_error& error)
        {
            throw std::runtime_error("cannot write '" + path + "': array '" + name +
                                     "': " + error.what());
        }
    }
    std::string bytes;
    try
    {
        bytes = FormatZip(members);
    }
    catch (const std::runtime_error& error)
    {
        throw std::runtime_error("cannot write '" + path + "': " + error.what());
    }
    WriteFileAtomically(path, bytes);
}

} // namespace ddnn
