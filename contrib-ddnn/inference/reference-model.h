// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_REFERENCE_MODEL_H
#define DDNN_REFERENCE_MODEL_H

#include "contrib-ddnn/network/network.h"
#include "model.h"
#include "section-runner.h"

#include <memory>
#include <vector>

namespace ddnn
{

/**
 * Inference in floats, by the layers that training uses: what every faster implementation must
 * equal, bit for bit.
 *
 * AP sums the features of the children that are present; the sums of the first block on them
 * (pooled, of ConvP) are scaled by 1 / (number present).
 */
class ReferenceModel : public Model
{
  public:
    explicit ReferenceModel(const Network& network);

    NodeOutput RunDevice(int device, const uint8_t* view) const override;
    NodeOutput RunNode(int tier, int node, const std::vector<Features>& children) const override;
    Verdict CloseExit(int tier, const std::vector<Scores>& scores) const override;

  protected:
    std::vector<std::vector<std::unique_ptr<SectionRunner>>> m_sections; ///< `[tier][node]`

  private:
    Network m_network;
};

} // namespace ddnn

#endif // DDNN_REFERENCE_MODEL_H
