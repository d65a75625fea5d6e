// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace ddnn::examples
{

namespace
{

/// \throws std::runtime_error if no file can be created in a folder
void
TryToCreateFile(const std::string& option, const std::string& path, const std::string& folder)
{
    std::string probe = (std::filesystem::path(folder) / ".ddnn-XXXXXX").string();
    const int descriptor = mkstemp(probe.data());
    if (descriptor < 0)
    {
        throw std::runtime_error(option + "=" + path + ": cannot write in the folder '" + folder +
                                 "' (" + std::strerror(errno) + "), choose another");
    }
    close(descriptor);
    unlink(probe.c_str());
}

} // namespace

void
CheckFileWritable(const std::string& option, const std::string& path)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
    {
        throw std::runtime_error(option + "=" + path + ": is a folder, a file is needed");
    }
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    TryToCreateFile(option, path, folder.empty() ? "." : folder.string());
}

void
CheckFolderWritable(const std::string& option, const std::string& path)
{
    std::error_code error;
    std::filesystem::path existing = std::filesystem::absolute(path, error);
    while (!std::filesystem::exists(existing, error) && existing.has_relative_path())
    {
        existing = existing.parent_path();
    }
    if (!std::filesystem::is_directory(existing, error))
    {
        throw std::runtime_error(option + "=" + path + ": '" + existing.string() +
                                 "' is not a folder, choose another");
    }
    TryToCreateFile(option, path, existing.string());
}

std::string
Fixed(double value, int decimals)
{
    std::vector<char> text(std::snprintf(nullptr, 0, "%.*f", decimals, value) + 1);
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return text.data();
}

std::string
Percent(double fraction)
{
    return Fixed(100 * fraction, 2) + "%";
}

std::string
Left(const std::string& text, std::size_t width)
{
    return text + std::string(width - std::min(width, text.size()), ' ');
}

std::string
Right(const std::string& text, std::size_t width)
{
    return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string
Plural(std::size_t count, const std::string& word)
{
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

} // namespace ddnn::examples
