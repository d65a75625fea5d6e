// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ZIP_ARCHIVE_H
#define DDNN_ZIP_ARCHIVE_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

struct zip;
struct zip_file;
struct zip_source;

namespace ddnn
{

/**
 * A zip archive that may be hostile, open for reading.
 *
 * The errors of this class and of ZipMember, std::runtime_error, do not name the file.
 */
class ZipArchive
{
  public:
    /// What the archive's directory says of a member.
    struct Entry
    {
        std::string name;
        uint64_t bytes; ///< when unpacked
    };

    /// Open a file.
    /// \throws std::runtime_error if there is none, or it is not a consistent zip archive in which
    /// every name is there once
    explicit ZipArchive(const std::string& path);

    /// The same from memory, which must stay valid.
    ZipArchive(const void* bytes, std::size_t size);

    /// The members, in the archive's order. Memory for all of them, unpacked, may be reserved: they
    /// are not larger than the archive can really hold, and 8 GiB at most.
    const std::vector<Entry>& Entries() const
    {
        return m_entries;
    }

  private:
    friend class ZipMember;

    struct Discard
    {
        void operator()(zip* archive) const;
    };

    void Open(zip_source* source, uint64_t bytes);
    void ReadEntries(uint64_t archiveBytes);

    std::unique_ptr<zip, Discard> m_archive;
    std::vector<Entry> m_entries;
};

/// One member of an archive, stored or deflated, read from its start to its end.
class ZipMember
{
  public:
    /// \param archive the archive, which must outlive this object
    /// \param index of the member in ZipArchive::Entries
    /// \throws std::runtime_error if its compression is not supported
    ZipMember(const ZipArchive& archive, std::size_t index);

    /// Bytes that are still to be read, according to the archive's directory.
    uint64_t Remaining() const
    {
        return m_remaining;
    }

    /// Read exactly so many bytes.
    /// \throws std::runtime_error if there are fewer
    void Read(void* to, std::size_t size);

    /// The same, into a string.
    std::string ReadText(std::size_t size);

    /// Check that nothing follows, and the checksum.
    /// \throws std::runtime_error otherwise
    void Finish();

  private:
    struct Close
    {
        void operator()(zip_file* file) const;
    };

    /// Returns 0 at the end.
    std::size_t ReadSome(void* to, std::size_t size);

    std::unique_ptr<zip_file, Close> m_file;
    uint64_t m_remaining;
};

/**
 * The bytes of a zip archive, the same for the same members.
 *
 * \param members content by name; large ones are deflated
 * \throws std::runtime_error if a name is not UTF-8
 */
std::string FormatZip(const std::map<std::string, std::string>& members);

} // namespace ddnn

#endif // DDNN_ZIP_ARCHIVE_H
