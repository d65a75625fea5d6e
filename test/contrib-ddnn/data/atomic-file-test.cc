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

/// Expect an error that names the file, with this reason.
void
ExpectError(const std::string& path, const std::string& content, const std::string& reason)
{
    try
    {
        WriteFileAtomically(path, content);
        ADD_FAILURE() << "no error: " << reason;
    }
    catch (const std::runtime_error& error)
    {
        EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
        EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
    }
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

TEST(AtomicFile, WritesAllBytesInPlaceOfTheOld)
{
    const TempDir folder;
    const std::string path = folder.Path("file");
    for (const std::string& content :
         {std::string("a\0b\n", 4) + std::string(100000, 'x'), std::string("new"), std::string()})
    {
        WriteFileAtomically(path, content);
        EXPECT_EQ(Content(path), content);
        EXPECT_EQ(CountBeside(path), 1);
    }
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

TEST(AtomicFile, TakesAPathRelativeToTheCurrentFolder)
{
    const TempDir folder;
    const fs::path old = fs::current_path();
    fs::current_path(folder.Path(""));
    WriteFileAtomically("file", "new");
    fs::current_path(old);
    EXPECT_EQ(Content(folder.Path("file")), "new");
}

TEST(AtomicFile, NamesTheFileThatCannotBeWritten)
{
    const TempDir folder;
    WriteFileAtomically(folder.Path("file"), "old");
    fs::create_directory(folder.Path("folder"));
    fs::create_symlink("missing", folder.Path("link"));
    ASSERT_EQ(mkfifo(folder.Path("pipe").c_str(), 0666), 0);
    ExpectError(folder.Path("missing/file"), "new", "No such file");
    ExpectError(folder.Path("file/inside"), "new", "Not a directory");
    ExpectError(folder.Path("folder"), "new", "not a regular file");
    ExpectError(folder.Path("pipe"), "new", "not a regular file");
    ExpectError(folder.Path("link"), "new", "No such file");
    ExpectError(folder.Path(std::string(300, 'x')), "new", "too long");
    ExpectError("/proc/ddnn-file", "new", ""); // where nobody can create files, not even root
    EXPECT_EQ(CountBeside(folder.Path("file")), 4);
    EXPECT_EQ(Content(folder.Path("file")), "old");
}

TEST(AtomicFile, LeavesAllAsItWasIfTheDiskIsFull)
{
    const TempDir folder;
    const std::string path = folder.Path("file");
    WriteFileAtomically(path, "old");
    {
        const FileSizeLimit limit(4096);
        ExpectError(path, std::string(10000, 'x'), "too large");
        ExpectError(folder.Path("other"), std::string(5000, 'x'), "too large"); // found on closing
    }
    EXPECT_EQ(Content(path), "old");
    EXPECT_EQ(CountBeside(path), 1);
}

} // namespace ddnn::test
