// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_TABLE_MODEL_H
#define DDNN_TABLE_MODEL_H

#include "contrib-ddnn/data/dataset.h"
#include "contrib-ddnn/hierarchy/hierarchy-presets.h"
#include "contrib-ddnn/inference/exit.h"
#include "contrib-ddnn/inference/model.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

namespace ddnn::test
{

/// FNV-1a.
inline uint64_t
Hash(const uint8_t* bytes, std::size_t size, uint64_t hash = 0xcbf29ce484222325)
{
    for (std::size_t i = 0; i < size; ++i)
    {
        hash = (hash ^ bytes[i]) * 0x100000001b3;
    }
    return hash;
}

/// SplitMix64.
inline uint64_t
Mix(uint64_t& state)
{
    state += 0x9e3779b97f4a7c15;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/// A model without a network: features and scores are drawn from a hash of what they depend on, so
/// that any byte that is changed, lost or swapped on the way shows in the prediction.
class TableModel : public Model
{
  public:
    using Model::Model;

    NodeOutput RunDevice(int device, const uint8_t* view) const override
    {
        return Draw(Hash(view, RawBytes(GetHierarchy(), device)), 0, device);
    }

    NodeOutput RunNode(int tier, int node, const std::vector<Features>& children) const override
    {
        uint64_t hash = Hash(nullptr, 0);
        for (const Features& child : children)
        {
            const uint8_t present = child.empty() ? 0 : 1;
            hash = Hash(&present, 1, hash);
            hash = Hash(child.data(), child.size(), hash);
        }
        return Draw(hash, tier, node);
    }

    Verdict CloseExit(int, const std::vector<Scores>& scores) const override
    {
        Scores joined(GetHierarchy().numClasses, -100);
        for (const Scores& node : scores)
        {
            for (std::size_t i = 0; i < node.size(); ++i)
            {
                joined[i] = std::max(joined[i], node[i]);
            }
        }
        return MakeVerdict(joined);
    }

  private:
    NodeOutput Draw(uint64_t state, int tier, int node) const
    {
        state += 1000 * tier + node;
        NodeOutput output;
        output.features.resize(FeatureBytes(GetHierarchy(), tier, node));
        for (uint8_t& byte : output.features)
        {
            byte = static_cast<uint8_t>(Mix(state));
        }
        for (int i = 0; i < GetHierarchy().numClasses; ++i)
        {
            output.scores.push_back(static_cast<float>(Mix(state) % 1000) / 200.0F);
        }
        return output;
    }
};

/// Views of random bytes, all samples in the test split.
inline Dataset
MakeRandomDataset(int numSamples, int numDevices)
{
    Dataset dataset;
    dataset.numClasses = 3;
    dataset.SetShapes(std::vector<Shape>(numDevices));
    uint64_t state = 1;
    for (int i = 0; i < numSamples; ++i)
    {
        dataset.labels.push_back(static_cast<int>(Mix(state) % 3));
    }
    dataset.views.resize(numSamples * dataset.SampleSize());
    for (uint8_t& value : dataset.views)
    {
        value = static_cast<uint8_t>(Mix(state));
    }
    dataset.inView.assign(static_cast<std::size_t>(numSamples) * numDevices, 1);
    dataset.inTest.assign(numSamples, 1);
    return dataset;
}

/// A model, samples for it, and their indices.
struct World
{
    std::shared_ptr<const Model> model;
    std::shared_ptr<const Dataset> dataset;
    std::vector<std::size_t> samples;
};

/// \param config preset: 'a', 'b' or 'c'
inline World
MakeWorld(char config, int numDevices, int numSamples)
{
    PresetSettings settings;
    settings.numDevices = numDevices;
    World world;
    world.model = std::make_shared<TableModel>(MakePreset(config, settings));
    world.dataset = std::make_shared<Dataset>(MakeRandomDataset(numSamples, numDevices));
    world.samples.resize(numSamples);
    std::iota(world.samples.begin(), world.samples.end(), 0);
    return world;
}

} // namespace ddnn::test

#endif // DDNN_TABLE_MODEL_H
