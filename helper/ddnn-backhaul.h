// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_BACKHAUL_H
#define DDNN_BACKHAUL_H

#include "ddnn-background.h"
#include "ddnn-rate-trace.h"

#include "ns3/nstime.h"
#include "ns3/ptr.h"

#include <cstddef>
#include <cstdint>

namespace ns3
{

struct DdnnTopologySettings;

/// What happens on the link to the last tier. All but the background traffic begins with the first
/// capture.
struct DdnnBackhaulSettings
{
    double loss{0};      ///< packet error rate, in each direction
    DdnnRateTrace trace; ///< empty: the rate does not change
    Time on;             ///< the link transmits for so long, at its rate,
    Time off;            ///< then it does not begin to transmit for so long; 0: it never pauses
    DdnnBackgroundSettings background;
};

/// Lets it happen while the simulation runs. It must live until the simulation has ended.
class DdnnBackhaul
{
  public:
    /**
     * \param links that the hierarchy has
     * \param numTiers of the hierarchy
     * \param duration of the run, about
     * \throws std::runtime_error naming the option that is out of range, has no effect because
     *         there is one tier, or makes too much happen
     */
    static void Check(const DdnnTopologySettings& links, std::size_t numTiers, Time duration);

    /**
     * \param topology of several tiers, whose settings say what happens; must outlive this
     * \param begin the first capture
     * \param end of the simulation
     */
    DdnnBackhaul(DdnnTopology& topology, Time begin, Time end);
    ~DdnnBackhaul();

    DdnnBackhaul(const DdnnBackhaul&) = delete;
    DdnnBackhaul& operator=(const DdnnBackhaul&) = delete;

    /// \return how many random streams were used, from `stream` on
    int64_t AssignStreams(int64_t stream);

  private:
    void Begin();
    void SetRate(std::size_t point);
    void Pause();

    DdnnTopology& m_topology;
    const DdnnBackhaulSettings& m_settings;
    std::size_t m_wire;
    Time m_end;
    Ptr<OnOffApplication> m_background; ///< nullptr: there is none
};

} // namespace ns3

#endif // DDNN_BACKHAUL_H
