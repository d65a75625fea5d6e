// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_REFERENCE_MODEL_H
#define DDNN_REFERENCE_MODEL_H

#include "contrib-ddnn/network/network.h"
#include "model.h"

#include <memory>
#include <vector>

namespace ddnn
{

/// A view's 8-bit values enter the first block as integers; this scales its sums to inputs in
/// [0, 1].
constexpr float VIEW_SCALE = 1.0F / 255;

/// A section that is ready to run.
class SectionRunner
{
  public:
    virtual ~SectionRunner() = default;

    /// \param view of a device
    virtual NodeOutput Run(const uint8_t* view) const = 0;

    /// \param children features of each child of a node above the devices; at least one is present
    virtual NodeOutput Run(const std::vector<Features>& children) const = 0;
};

/// In floats.
std::unique_ptr<SectionRunner> MakeRunner(const Network& network, int tier, int node);

/// In 16-bit integers.
/// \return none where a block, the exit or the features of a child are not binary
std::unique_ptr<SectionRunner> MakeIntegerRunner(const Network& network, int tier, int node);

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
