// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_REFERENCE_MODEL_H
#define DDNN_REFERENCE_MODEL_H

#include "contrib-ddnn/network/network.h"
#include "model.h"

namespace ddnn
{

/**
 * Inference in floats with obvious loops: what every faster implementation must equal, bit for bit.
 *
 * AP sums the features of the children that are present; the sums of the first block on them
 * (pooled, of ConvP) are scaled by 1 / (number present). CC puts the children's features one behind
 * the other, zeros for those that are absent. Sums add their terms in the order of the weights.
 */
class ReferenceModel : public Model
{
  public:
    explicit ReferenceModel(const Network& network);

    NodeOutput RunDevice(int device, const uint8_t* view) const override;
    NodeOutput RunNode(int tier, int node, const std::vector<Features>& children) const override;
    Verdict CloseExit(int tier, const std::vector<Scores>& scores) const override;

  private:
    Network m_network;
};

} // namespace ddnn

#endif // DDNN_REFERENCE_MODEL_H
