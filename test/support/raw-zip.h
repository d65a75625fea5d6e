// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TEST_RAW_ZIP_H
#define DDNN_TEST_RAW_ZIP_H

#include <cstdint>
#include <string>
#include <vector>

namespace ddnn::test
{

/// A member of a zip archive, with everything that its directory entry claims.
struct RawZipMember
{
    std::string name;
    std::string packed; ///< the bytes in the archive
    uint16_t method;    ///< 0 stored, 8 deflated
    uint32_t size;      ///< when unpacked
    uint32_t checksum;  ///< of the unpacked bytes
};

/// The CRC-32 of zip archives.
inline uint32_t
Crc32(const std::string& bytes)
{
    uint32_t crc = 0xffffffff;
    for (const unsigned char byte : bytes)
    {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit)
        {
            crc = (crc & 1) ? crc >> 1 ^ 0xedb88320 : crc >> 1;
        }
    }
    return ~crc;
}

/// A member that is stored, and whose claims are true.
inline RawZipMember
Stored(const std::string& name, const std::string& bytes)
{
    return {name, bytes, 0, static_cast<uint32_t>(bytes.size()), Crc32(bytes)};
}

inline std::string
LittleEndian(uint32_t value, int width)
{
    std::string bytes;
    for (int i = 0; i < width; ++i)
    {
        bytes += static_cast<char>(value >> 8 * i & 0xff);
    }
    return bytes;
}

/// A zip archive written byte by byte, so that tests can say what no library would write
/// (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
inline std::string
RawZip(const std::vector<RawZipMember>& members)
{
    const uint32_t date = (1 << 5) | 1; // 1980-01-01
    std::string archive;
    std::string directory;
    for (const RawZipMember& member : members)
    {
        const std::string common =
            LittleEndian(20, 2) + LittleEndian(0, 2) + LittleEndian(member.method, 2) +
            LittleEndian(0, 2) + LittleEndian(date, 2) + LittleEndian(member.checksum, 4) +
            LittleEndian(member.packed.size(), 4) + LittleEndian(member.size, 4) +
            LittleEndian(member.name.size(), 2) + LittleEndian(0, 2);
        directory += "PK\1\2" + LittleEndian(20, 2) + common + std::string(10, '\0') +
                     LittleEndian(archive.size(), 4) + member.name;
        archive += "PK\3\4" + common + member.name + member.packed;
    }
    const std::string end = "PK\5\6" + LittleEndian(0, 4) + LittleEndian(members.size(), 2) +
                            LittleEndian(members.size(), 2) + LittleEndian(directory.size(), 4) +
                            LittleEndian(archive.size(), 4) + LittleEndian(0, 2);
    return archive + directory + end;
}

} // namespace ddnn::test

#endif // DDNN_TEST_RAW_ZIP_H
