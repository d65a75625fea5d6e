// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TEST_SUPPORT_H
#define DDNN_TEST_SUPPORT_H

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace ddnn::test
{

/// A file of this project.
inline std::string
SourcePath(const std::string& name)
{
    const auto here = std::filesystem::path(__FILE__).parent_path();
    return (here.parent_path().parent_path() / name).string();
}

/// A file of test/data.
inline std::string
DataPath(const std::string& name)
{
    return SourcePath("test/data/" + name);
}

/// A fresh folder that is removed at the end of the scope.
class TempDir
{
  public:
    TempDir()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "ddnn-XXXXXX").string();
        if (!mkdtemp(pattern.data()))
        {
            throw std::runtime_error("cannot create " + pattern);
        }
        m_path = pattern;
    }

    ~TempDir()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }

    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    std::string Path(const std::string& name) const
    {
        return (m_path / name).string();
    }

  private:
    std::filesystem::path m_path;
};

} // namespace ddnn::test

#endif // DDNN_TEST_SUPPORT_H
