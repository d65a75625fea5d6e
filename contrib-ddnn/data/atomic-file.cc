// SPDX-License-Identifier: GPL-2.0-only
#include "atomic-file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace ddnn
{

namespace
{

namespace fs = std::filesystem;

/// A file that is removed at the end of the scope, unless it was renamed.
class TemporaryFile
{
  public:
    /// Create it beside `target`; the process's file mode mask applies.
    explicit TemporaryFile(const std::string& target)
    {
        const std::string prefix = target + ".tmp-" + std::to_string(getpid()) + "-";
        for (int attempt = 0; m_descriptor < 0; ++attempt)
        {
            m_path = prefix + std::to_string(attempt);
            m_descriptor = open(m_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
            if (m_descriptor < 0 && errno != EEXIST && errno != EINTR)
            {
                throw std::system_error(errno, std::generic_category());
            }
        }
    }

    ~TemporaryFile()
    {
        if (m_descriptor >= 0)
        {
            close(m_descriptor);
        }
        if (!m_path.empty())
        {
            unlink(m_path.c_str());
        }
    }

    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    void Write(std::string_view content)
    {
        while (!content.empty())
        {
            const ssize_t written = write(m_descriptor, content.data(), content.size());
            if (written >= 0)
            {
                content.remove_prefix(written);
            }
            else if (errno != EINTR)
            {
                throw std::system_error(errno, std::generic_category());
            }
        }
    }

    /// Close the file and give it its final name. A full disk may show as late as on closing.
    void Commit(const std::string& target)
    {
        const int descriptor = m_descriptor;
        m_descriptor = -1;
        if (close(descriptor) != 0 || std::rename(m_path.c_str(), target.c_str()) != 0)
        {
            throw std::system_error(errno, std::generic_category());
        }
        m_path.clear();
    }

  private:
    std::string m_path;   ///< empty once renamed
    int m_descriptor{-1}; ///< -1 when closed
};

/// The file that a path means. A rename would replace a link, a device or a pipe by a plain file.
std::string
ResolveTarget(const std::string& path)
{
    const std::string target = fs::is_symlink(path) ? fs::canonical(path).string() : path;
    const fs::file_status status = fs::status(target);
    if (fs::exists(status) && !fs::is_regular_file(status))
    {
        throw std::runtime_error(fs::is_directory(status) ? "it is a folder, give a file name"
                                                          : "it is not a regular file");
    }
    return target;
}

} // namespace

void
WriteFileAtomically(const std::string& path, std::string_view content)
{
    const std::string prefix = "cannot write '" + path + "': ";
    try
    {
        const std::string target = ResolveTarget(path);
        TemporaryFile file(target);
        file.Write(content);
        file.Commit(target);
    }
    catch (const std::system_error& error) // fs::filesystem_error included
    {
        throw std::runtime_error(prefix + error.code().message());
    }
    catch (const std::runtime_error& error)
    {
        throw std::runtime_error(prefix + error.what());
    }
}

} // namespace ddnn
