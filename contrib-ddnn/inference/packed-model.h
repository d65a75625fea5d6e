// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_PACKED_MODEL_H
#define DDNN_PACKED_MODEL_H

#include "binary-layers.h"
#include "integer-convp.h"
#include "model.h"
#include "reference-model.h"

#include <optional>
#include <vector>

namespace ddnn
{

/**
 * Inference on packed bits, with batch norm folded into thresholds. Equals ReferenceModel bit for
 * bit, and is what the simulation runs.
 *
 * This holds for the sections all of whose parts are binary: ConvP blocks, the exit, and above the
 * devices the children's features, of one shape. ReferenceModel runs the others.
 */
class PackedModel : public Model
{
  public:
    explicit PackedModel(const Network& network);

    NodeOutput RunDevice(int device, const uint8_t* view) const override;
    NodeOutput RunNode(int tier, int node, const std::vector<Features>& children) const override;
    Verdict CloseExit(int tier, const std::vector<Scores>& scores) const override;

  private:
    struct PackedSection
    {
        PackedSection(const Section& section, std::optional<IntegerConvP> first);

        /// Runs the binary blocks and the exit.
        /// \param present `[channel]` of the first of these blocks' input; empty: all
        NodeOutput Finish(Signs signs, std::vector<uint8_t> present = {}) const;

        std::optional<IntegerConvP> first; ///< first block of a device, or fed by AP
        std::vector<BinaryConvP> blocks;   ///< the others
        BinaryFullyConnected exit;
    };

    ReferenceModel m_reference;
    /// `[tier][node]`, those that are binary
    std::vector<std::vector<std::optional<PackedSection>>> m_sections;
};

} // namespace ddnn

#endif // DDNN_PACKED_MODEL_H
