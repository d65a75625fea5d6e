// SPDX-License-Identifier: GPL-2.0-only
#include "model-cache.h"

#include "models.h"

#include "contrib-ddnn/hierarchy/hierarchy-json.h"

#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ddnn::examples
{

namespace
{

/// To be raised when the engine trains differently: older files of the cache are then not used.
constexpr const char* CACHE_VERSION = "1";

/// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/).
class Hash
{
  public:
    template <typename Value>
    void Add(const std::vector<Value>& values)
    {
        Add(values.data(), values.size() * sizeof(Value));
    }

    void Add(const std::string& text)
    {
        Add(text.data(), text.size());
    }

    /// In hexadecimal.
    std::string Text() const
    {
        std::array<char, 17> text{};
        std::snprintf(text.data(), text.size(), "%016" PRIx64, m_state);
        return text.data();
    }

  private:
    void Add(const void* bytes, std::size_t size)
    {
        for (std::size_t i = 0; i < size; ++i)
        {
            m_state = (m_state ^ static_cast<const uint8_t*>(bytes)[i]) * 0x100000001b3;
        }
    }

    uint64_t m_state{0xcbf29ce484222325};
};

std::string
CacheKey(const Hierarchy& hierarchy, const Dataset& dataset, const TrainSettings& settings)
{
    std::array<char, 256> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "%d %d %a %d %a %a %a %a %a %a %" PRIu64,
                  settings.epochs,
                  settings.batch,
                  settings.learningRate,
                  static_cast<int>(settings.decay),
                  settings.deviceExitWeight,
                  settings.failout,
                  settings.edgeFailout,
                  settings.validation,
                  settings.goal.minLocalExit,
                  settings.goal.maxBytes,
                  settings.seed);
    Hash hash;
    hash.Add(std::string(CACHE_VERSION) + ToJson(hierarchy) + text.data());
    hash.Add(dataset.views);
    hash.Add(dataset.labels);
    hash.Add(dataset.inView);
    hash.Add(dataset.inTest);
    return hash.Text();
}

/// \throws std::runtime_error if the environment names no folder
std::filesystem::path
CacheFolder()
{
    struct Place
    {
        const char* variable;
        const char* below;
    };

    for (const Place& place : {Place{"DDNN_CACHE", ""},
                               Place{"XDG_CACHE_HOME", "ns3-ddnn"},
                               Place{"HOME", ".cache/ns3-ddnn"}})
    {
        const char* folder = std::getenv(place.variable);
        if (folder && *folder)
        {
            return std::filesystem::path(folder) / place.below;
        }
    }
    throw std::runtime_error("set DDNN_CACHE to a folder");
}

/// A cached network; none if there is no file or a bad one, which training then replaces.
std::optional<Network>
ReadCached(const std::filesystem::path& file, const Hierarchy& hierarchy)
{
    if (!std::filesystem::exists(file))
    {
        return std::nullopt;
    }
    try
    {
        Network network = LoadCheckpoint(file);
        if (SameNetwork(network.hierarchy, hierarchy))
        {
            return network;
        }
    }
    catch (const std::exception&)
    {
        // as good as none
    }
    return std::nullopt;
}

} // namespace

Network
TrainOrReuse(const Hierarchy& hierarchy,
             const Dataset& dataset,
             const TrainSettings& settings,
             bool quiet)
{
    std::ostream note(quiet ? nullptr : std::cerr.rdbuf());
    std::filesystem::path file;
    try
    {
        file = CacheFolder() / (CacheKey(hierarchy, dataset, settings) + ".npz");
        if (std::optional<Network> cached = ReadCached(file, hierarchy))
        {
            note << "Using the model trained before with these settings, " << file.string() << "\n";
            return *cached;
        }
    }
    catch (const std::exception&)
    {
        // an unusable cache is reported when the network is to be kept
    }
    note << "Training the model: " << settings.epochs << " epochs (only the first time)\n";
    Network network = TrainShown(hierarchy, dataset, settings, quiet);
    try
    {
        std::filesystem::create_directories(CacheFolder());
        SaveCheckpoint(network, file);
    }
    catch (const std::exception& e)
    {
        note << "The model cannot be kept for the next time: " << e.what() << "\n";
    }
    return network;
}

} // namespace ddnn::examples
