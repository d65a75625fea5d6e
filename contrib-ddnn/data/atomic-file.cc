// SPDX-License-Identifier: GPL-2.0-only
#include "atomic-file.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace ddnn
{

void
WriteFileAtomically(const std::string& path, std::string_view content)
{
    namespace fs = std::filesystem;
    const std::string target = fs::is_symlink(path) ? fs::canonical(path).string() : path;
    if (fs::exists(target) && !fs::is_regular_file(target)) // which a rename would replace
    {
        throw std::runtime_error("cannot write '" + path + "': it is not a regular file");
    }
    const std::string temporary = target + ".tmp-" + std::to_string(getpid());
    std::ofstream file(temporary, std::ios::binary);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.close(); // a full disk may show as late as here
    if (!file || std::rename(temporary.c_str(), target.c_str()) != 0)
    {
        const int reason = errno;
        std::remove(temporary.c_str());
        throw std::system_error(reason, std::generic_category(), "cannot write '" + path + "'");
    }
}

} // namespace ddnn
