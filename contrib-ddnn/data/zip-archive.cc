// SPDX-License-Identifier: GPL-2.0-only
#include "zip-archive.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <zip.h>

namespace ddnn
{

namespace
{

namespace fs = std::filesystem;

constexpr uint64_t MAX_TOTAL_BYTES = uint64_t{8} << 30;

/// Deflate cannot compress better than 1032:1, so an archive that claims more lies.
constexpr uint64_t MAX_COMPRESSION_RATIO = 1100;

/// Compressing less than this is not worth the time.
constexpr std::size_t MIN_BYTES_TO_COMPRESS = 4096;

/// 1980-01-01 in the MS-DOS format of zip archives, the earliest date that there is.
constexpr zip_uint16_t FIXED_DATE = (1 << 5) | 1;

/// An archive without members, which libzip does not write.
const std::string EMPTY_ARCHIVE = "PK\5\6" + std::string(18, '\0');

/// libzip's error record.
class ZipError
{
  public:
    ZipError()
    {
        zip_error_init(&m_error);
    }

    ~ZipError()
    {
        zip_error_fini(&m_error);
    }

    ZipError(const ZipError&) = delete;
    ZipError& operator=(const ZipError&) = delete;

    zip_error_t* Get()
    {
        return &m_error;
    }

    std::string Text()
    {
        return zip_error_strerror(&m_error);
    }

  private:
    zip_error_t m_error;
};

struct FreeSource
{
    void operator()(zip_source_t* source) const
    {
        zip_source_free(source);
    }
};

using Source = std::unique_ptr<zip_source_t, FreeSource>;

/// Add a member; `bytes` must live until the archive is closed.
void
AddMember(zip_t* archive, const std::string& name, const std::string& bytes)
{
    Source source(zip_source_buffer(archive, bytes.data(), bytes.size(), 0));
    const zip_int64_t index =
        source ? zip_file_add(archive, name.c_str(), source.get(), ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0)
    {
        throw std::runtime_error(std::string(zip_strerror(archive)) + ": name '" + name + "'");
    }
    source.release(); // the archive owns it now
    const int method = bytes.size() < MIN_BYTES_TO_COMPRESS ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
    if (zip_set_file_compression(archive, index, method, 0) != 0 ||
        zip_file_set_dostime(archive, index, 0, FIXED_DATE, 0) != 0)
    {
        throw std::runtime_error(zip_strerror(archive));
    }
}

/// All bytes of a source.
std::string
ReadAll(zip_source_t* source)
{
    zip_stat_t stat;
    if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0)
    {
        throw std::runtime_error(zip_error_strerror(zip_source_error(source)));
    }
    std::string bytes(stat.size, '\0');
    const zip_int64_t count = zip_source_read(source, bytes.data(), bytes.size());
    zip_source_close(source);
    if (count != static_cast<zip_int64_t>(bytes.size()))
    {
        throw std::runtime_error("the archive cannot be read back");
    }
    return bytes;
}

} // namespace

void
ZipArchive::Discard::operator()(zip* archive) const
{
    zip_discard(archive);
}

ZipArchive::ZipArchive(const std::string& path)
{
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (error)
    {
        throw std::runtime_error(error.message() + "; check the path");
    }
    if (!fs::is_regular_file(status))
    {
        throw std::runtime_error("it is not a regular file; check the path");
    }
    const uint64_t bytes = fs::file_size(path);
    ZipError zipError;
    zip_source_t* source = zip_source_file_create(path.c_str(), 0, -1, zipError.Get());
    if (!source)
    {
        throw std::runtime_error(zipError.Text());
    }
    Open(source, bytes);
}

ZipArchive::ZipArchive(const void* bytes, std::size_t size)
{
    ZipError zipError;
    zip_source_t* source = zip_source_buffer_create(bytes, size, 0, zipError.Get());
    if (!source)
    {
        throw std::runtime_error(zipError.Text());
    }
    Open(source, size);
}

void
ZipArchive::Open(zip_source* source, uint64_t bytes)
{
    Source owned(source);
    if (bytes == 0) // which libzip takes for an archive without members
    {
        throw std::runtime_error("it is empty; get or write it again");
    }
    ZipError error;
    m_archive.reset(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, error.Get()));
    if (!m_archive)
    {
        const bool twice = zip_error_code_zip(error.Get()) == ZIP_ER_EXISTS;
        throw std::runtime_error((twice ? "two members have the same name" : error.Text()) +
                                 "; it must be a complete file of numpy.savez");
    }
    owned.release(); // the archive owns it now
    ReadEntries(bytes);
}

void
ZipArchive::ReadEntries(uint64_t archiveBytes)
{
    constexpr zip_uint64_t NEEDED = ZIP_STAT_NAME | ZIP_STAT_SIZE;
    const uint64_t limit =
        std::min(MAX_TOTAL_BYTES, MAX_COMPRESSION_RATIO * std::min(MAX_TOTAL_BYTES, archiveBytes));
    uint64_t total = 0;
    const zip_uint64_t count = zip_get_num_entries(m_archive.get(), 0);
    for (zip_uint64_t i = 0; i < count; ++i)
    {
        zip_stat_t stat;
        if (zip_stat_index(m_archive.get(), i, 0, &stat) != 0 || (stat.valid & NEEDED) != NEEDED)
        {
            throw std::runtime_error("its directory is damaged; get or write it again");
        }
        if (stat.size > limit - total)
        {
            throw std::runtime_error("its arrays claim more than " + std::to_string(limit) +
                                     " bytes, the limit for a file of this size; split it, or "
                                     "write it again with numpy.savez");
        }
        total += stat.size;
        m_entries.push_back({stat.name, stat.size});
    }
}

void
ZipMember::Close::operator()(zip_file* file) const
{
    zip_fclose(file);
}

ZipMember::ZipMember(const ZipArchive& archive, std::size_t index)
    : m_remaining(archive.Entries().at(index).bytes)
{
    zip_stat_t stat;
    zip_stat_index(archive.m_archive.get(), index, 0, &stat);
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
    {
        throw std::runtime_error("its compression is not supported; write the file with "
                                 "numpy.savez or numpy.savez_compressed");
    }
    m_file.reset(zip_fopen_index(archive.m_archive.get(), index, 0));
    if (!m_file)
    {
        throw std::runtime_error(std::string(zip_strerror(archive.m_archive.get())) +
                                 "; write the file again with numpy.savez");
    }
}

std::size_t
ZipMember::ReadSome(void* to, std::size_t size)
{
    const zip_int64_t count = zip_fread(m_file.get(), to, size);
    if (count < 0)
    {
        throw std::runtime_error(std::string("it is damaged (") + zip_file_strerror(m_file.get()) +
                                 "); get or write the file again");
    }
    return count;
}

void
ZipMember::Read(void* to, std::size_t size)
{
    char* position = static_cast<char*>(to);
    while (size > 0)
    {
        const std::size_t count = ReadSome(position, std::min<uint64_t>(size, m_remaining));
        if (count == 0)
        {
            throw std::runtime_error("it is truncated; get or write the file again");
        }
        position += count;
        size -= count;
        m_remaining -= count;
    }
}

std::string
ZipMember::ReadText(std::size_t size)
{
    // If more is asked for than there is, reading that byte more fails.
    std::string text(std::min<uint64_t>(size, m_remaining + 1), '\0');
    Read(text.data(), text.size());
    return text;
}

void
ZipMember::Finish()
{
    char excess; // only reading on makes libzip compare the checksum
    if (ReadSome(&excess, 1) > 0)
    {
        throw std::runtime_error("it has bytes after its end; write the file again with numpy");
    }
}

std::string
FormatZip(const std::map<std::string, std::string>& members)
{
    if (members.empty())
    {
        return EMPTY_ARCHIVE;
    }
    ZipError error;
    const Source source(zip_source_buffer_create(nullptr, 0, 0, error.Get()));
    zip_t* archive =
        source ? zip_open_from_source(source.get(), ZIP_CREATE | ZIP_TRUNCATE, error.Get())
               : nullptr;
    if (!archive)
    {
        throw std::runtime_error(error.Text());
    }
    zip_source_keep(source.get()); // one reference for the archive, one for us
    try
    {
        for (const auto& [name, bytes] : members)
        {
            AddMember(archive, name, bytes);
        }
        if (zip_close(archive) != 0)
        {
            throw std::runtime_error(zip_strerror(archive));
        }
    }
    catch (...)
    {
        zip_discard(archive);
        throw;
    }
    return ReadAll(source.get());
}

} // namespace ddnn
