// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_ATOMIC_FILE_H
#define DDNN_ATOMIC_FILE_H

#include <string>
#include <string_view>

namespace ddnn
{

/**
 * Write a file all or nothing: to a temporary file in the same folder that is then renamed, so that
 * a reader never sees half of it and a failure leaves an existing file as it was.
 *
 * A symbolic link is followed. The data are not forced to the disk (no fsync): after a power cut
 * the file may be lost.
 *
 * \param path the file, which is replaced if it exists; its folder must exist
 * \param content all bytes of the file
 * \throws std::runtime_error with the path and the system's reason; nothing is left behind then
 */
void WriteFileAtomically(const std::string& path, std::string_view content);

} // namespace ddnn

#endif // DDNN_ATOMIC_FILE_H
