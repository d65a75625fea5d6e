// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/data/atomic-file.h"

#include "test/support/test-support.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <sys/resource.h>
#include <sys/stat.h>

namespace ddnn::test
{

namespace
{

namespace fs = std::filesystem;

std::string
Content(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Number of entries in the folder of a file.
int
CountBeside(const std::string& path)
{
    const fs::directory_iterator entries(fs::path(path).parent_path());
    return std::distance(begin(entries), end(entries));
}

/// The message of the error that writing this file must raise.
std::string
WriteError(const std::string& path, const std::string& content = "new")
{
    try
    {
        WriteFileAtomically(path, content);
    }
    catch (const std::runtime_error& error)
    {
        return error.what();
    }
    return "no error";
}

/// Lets files of this process grow only to so many bytes, as if the disk were full.
class FileSizeLimit
{
  public:
    explicit FileSizeLimit(rlim_t bytes)
        : m_oldHandler(std::signal(SIGXFSZ, SIG_IGN))
    {
        getrlimit(RLIMIT_FSIZE, &m_old);
        const rlimit limit{bytes, m_old.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }

    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_old);
        std::signal(SIGXFSZ, m_oldHandler);
    }

    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  private:
    rlimit m_old{};
    void (*m_oldHandler)(int);
};

} // namespace

TEST(AtomicFile, WritesAllBytes)
{
    const TempDir folder;
    const std::string path = folder.Path("file");
    const std::string content = std::string("a\0b\n", 4) + std::string(100000, 'x');
    WriteFileAtomically(path, content);
    EXPECT_EQ(Content(path), content);
    EXPECT_EQ(CountBeside(path), 1);
}

TEST(AtomicFile, WritesAnEmptyFile)
{
    const TempDir folder;
    const std::string path = folder.Path("file");
    WriteFileAtomically(path, "");
    EXPECT_TRUE(fs::is_regular_file(path));
    EXPECT_EQ(fs::file_size(path), 0U);
}

TEST(AtomicFile, ReplacesAnExistingFile)
{
    const TempDir folder;
    const std::string path = folder.Path("file");
    WriteFileAtomically(path, "a longer old content");
    WriteFileAtomically(path, "new");
    EXPECT_EQ(Content(path), "new");
    EXPECT_EQ(CountBeside(path), 1);
}

TEST(AtomicFile, LeavesAnOpenReaderTheOldContent)
{
    const TempDir folder;
    const std::string path = folder.Path("file");
    WriteFileAtomically(path, "old");
    std::ifstream reader(path);
    WriteFileAtomically(path, "new");
    std::string content;
    reader >> content;
    EXPECT_EQ(content, "old");
}

TEST(AtomicFile, AppliesTheFileModeMask)
{
    const TempDir folder;
    const std::string path = folder.Path("file");
    const mode_t old = umask(027);
    WriteFileAtomically(path, "x");
    umask(old);
    EXPECT_EQ(fs::status(path).permissions(), fs::perms(0640));
}

TEST(AtomicFile, FollowsASymbolicLink)
{
    const TempDir folder;
    const std::string path = folder.Path("link");
    WriteFileAtomically(folder.Path("file"), "old");
    fs::create_symlink("file", path);
    WriteFileAtomically(path, "new");
    EXPECT_TRUE(fs::is_symlink(path));
    EXPECT_EQ(Content(folder.Path("file")), "new");
    EXPECT_EQ(CountBeside(path), 2);
}

TEST(AtomicFile, WritesWhereAnotherTemporaryFileWasLeft)
{
    const TempDir folder;
    const std::string path = folder.Path("file");
    const std::string left = path + ".tmp-" + std::to_string(getpid()) + "-0";
    WriteFileAtomically(left, "left");
    WriteFileAtomically(path, "new");
    EXPECT_EQ(Content(path), "new");
    EXPECT_EQ(Content(left), "left");
    EXPECT_EQ(CountBeside(path), 2);
}

TEST(AtomicFile, TakesAPathRelativeToTheCurrentFolder)
{
    const TempDir folder;
    const fs::path old = fs::current_path();
    fs::current_path(folder.Path(""));
    WriteFileAtomically("file", "new");
    fs::current_path(old);
    EXPECT_EQ(Content(folder.Path("file")), "new");
}

TEST(AtomicFile, RefusesAMissingFolder)
{
    const TempDir folder;
    const std::string path = folder.Path("missing/file");
    EXPECT_EQ(WriteError(path), "cannot write '" + path + "': No such file or directory");
    EXPECT_FALSE(fs::exists(folder.Path("missing")));
}

TEST(AtomicFile, RefusesAFileAsFolder)
{
    const TempDir folder;
    WriteFileAtomically(folder.Path("file"), "old");
    const std::string path = folder.Path("file/inside");
    EXPECT_EQ(WriteError(path), "cannot write '" + path + "': Not a directory");
    EXPECT_EQ(Content(folder.Path("file")), "old");
}

TEST(AtomicFile, RefusesAnUnwritableFolder)
{
    // Nobody can create files in /proc; a folder without write permission would not stop root.
    const std::string path = "/proc/ddnn-file";
    const std::string error = WriteError(path);
    EXPECT_EQ(error.find("cannot write '" + path + "': "), 0U) << error;
    EXPECT_FALSE(fs::exists(path));
}

TEST(AtomicFile, RefusesAFolderAsFile)
{
    const TempDir folder;
    const std::string path = folder.Path("folder");
    fs::create_directory(path);
    EXPECT_EQ(WriteError(path), "cannot write '" + path + "': it is a folder, give a file name");
    EXPECT_TRUE(fs::is_directory(path));
    EXPECT_EQ(CountBeside(path), 1);
}

TEST(AtomicFile, DoesNotReplaceADevice)
{
    const TempDir folder;
    const std::string path = folder.Path("pipe");
    ASSERT_EQ(mkfifo(path.c_str(), 0666), 0);
    EXPECT_EQ(WriteError(path), "cannot write '" + path + "': it is not a regular file");
    EXPECT_TRUE(fs::is_fifo(path));
    EXPECT_EQ(CountBeside(path), 1);
}

TEST(AtomicFile, RefusesADanglingLink)
{
    const TempDir folder;
    const std::string path = folder.Path("link");
    fs::create_symlink("missing", path);
    EXPECT_EQ(WriteError(path), "cannot write '" + path + "': No such file or directory");
    EXPECT_EQ(CountBeside(path), 1);
}

TEST(AtomicFile, RefusesATooLongName)
{
    const TempDir folder;
    const std::string path = folder.Path(std::string(300, 'x'));
    EXPECT_EQ(WriteError(path), "cannot write '" + path + "': File name too long");
}

TEST(AtomicFile, KeepsTheOldFileIfTheDiskIsFull)
{
    const TempDir folder;
    const std::string path = folder.Path("file");
    WriteFileAtomically(path, "old");
    std::string error;
    {
        const FileSizeLimit limit(4096);
        error = WriteError(path, std::string(10000, 'x'));
    }
    EXPECT_EQ(error, "cannot write '" + path + "': File too large");
    EXPECT_EQ(Content(path), "old");
    EXPECT_EQ(CountBeside(path), 1);
}

TEST(AtomicFile, LeavesNothingIfTheDiskIsFull)
{
    const TempDir folder;
    const std::string path = folder.Path("file");
    std::string error;
    {
        const FileSizeLimit limit(4096);
        error = WriteError(path, std::string(10000, 'x'));
    }
    EXPECT_EQ(error, "cannot write '" + path + "': File too large");
    EXPECT_EQ(CountBeside(path), 0);
}

} // namespace ddnn::test
