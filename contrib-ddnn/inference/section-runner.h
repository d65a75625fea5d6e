// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_SECTION_RUNNER_H
#define DDNN_SECTION_RUNNER_H

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

} // namespace ddnn

#endif // DDNN_SECTION_RUNNER_H
