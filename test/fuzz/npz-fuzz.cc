// SPDX-License-Identifier: GPL-2.0-only
#include "contrib-ddnn/data/dataset.h"
#include "test/support/raw-zip.h"

#include <cstdlib>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace
{

/// Read an archive as data set. Errors must be one line.
void
Read(const std::string& archive)
{
    const int file = memfd_create("fuzz", 0);
    if (write(file, archive.data(), archive.size()) != static_cast<ssize_t>(archive.size()))
    {
        std::abort();
    }
    try
    {
        const auto dataset = ddnn::LoadDataset("/proc/self/fd/" + std::to_string(file));
        const std::size_t lastSample = dataset.Size() - 1;
        if (dataset.labels.at(lastSample) >= dataset.numClasses ||
            dataset.View(lastSample, dataset.numDevices - 1) + dataset.shapes.back().Size() !=
                dataset.views.data() + dataset.views.size())
        {
            std::abort();
        }
    }
    catch (const std::runtime_error& error)
    {
        if (std::string(error.what()).find('\n') != std::string::npos)
        {
            std::abort();
        }
    }
    close(file);
}

/// An archive of .npy files of these names, of which the input consists, with right checksums.
std::string
Pack(const std::string& input, const std::vector<const char*>& names)
{
    const std::string magic = "\x93NUMPY";
    std::vector<ddnn::test::RawZipMember> members;
    std::size_t begin = 0;
    for (const char* name : names)
    {
        if (begin == std::string::npos)
        {
            break;
        }
        const std::size_t end = input.find(magic, begin + 1);
        members.push_back(ddnn::test::Stored(name, input.substr(begin, end - begin)));
        begin = end;
    }
    return ddnn::test::RawZip(members);
}

} // namespace

/**
 * Feeds the reader the input as an archive, and as the content of an archive: few changes of a
 * whole archive get past its checksums.
 */
extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size)
{
    const std::string input(data, data + size);
    Read(input);
    Read(Pack(input, {"X.npy", "y.npy", "split.npy"}));
    Read(Pack(input, {"X/0.npy", "X/1.npy", "y.npy", "split.npy"}));
    return 0;
}
