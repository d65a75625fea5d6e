// SPDX-License-Identifier: GPL-2.0-only
#ifndef DDNN_WIRELESS_ACCESS_H
#define DDNN_WIRELESS_ACCESS_H

#include "ddnn-access.h"

#include "ns3/position-allocator.h"

namespace ns3
{

/// What the wireless access networks have in common: nodes stand somewhere.
class DdnnWirelessAccess : public DdnnAccess
{
  public:
    /// Where the devices stand.
    enum Placement
    {
        CIRCLE, ///< evenly on a circle around the gateway
        DISC    ///< at random, uniformly on the disc within it
    };

    static TypeId GetTypeId();

  protected:
    /// Give nodes positions around the origin.
    void Place(const NodeContainer& nodes);

    /// Give a node the position of the origin.
    static void PlaceInMiddle(Ptr<Node> node);

    /// Choose random positions anew, with a stream of their own.
    /// \return how many random streams were used, from `stream` on
    int64_t AssignPlacementStreams(int64_t stream);

    /// \return that of the placement unless somebody has set Radius, in metres
    virtual double GetDefaultRadius() const;

  private:
    void ChoosePositions() const;

    Placement m_placement;
    double m_radius;
    Ptr<UniformDiscPositionAllocator> m_disc; ///< if positions are random
    NodeContainer m_onDisc;                   ///< nodes with such positions
};

} // namespace ns3

#endif // DDNN_WIRELESS_ACCESS_H
