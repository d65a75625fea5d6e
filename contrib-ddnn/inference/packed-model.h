// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_PACKED_MODEL_H
#define DDNN_PACKED_MODEL_H

#include "reference-model.h"

namespace ddnn
{

/**
 * What the simulation runs: equals ReferenceModel bit for bit, but computes the sections all of
 * whose parts are binary (blocks, exit, and above the devices the children's features) in 16-bit
 * integers.
 */
class PackedModel : public ReferenceModel
{
  public:
    explicit PackedModel(const Network& network)
        : ReferenceModel(network)
    {
        for (std::size_t tier = 0; tier < m_sections.size(); ++tier)
        {
            for (std::size_t node = 0; node < m_sections[tier].size(); ++node)
            {
                if (auto section = MakeIntegerRunner(network, tier, node))
                {
                    m_sections[tier][node] = std::move(section);
                }
            }
        }
    }
};

} // namespace ddnn

#endif // DDNN_PACKED_MODEL_H
