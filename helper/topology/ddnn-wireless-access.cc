// SPDX-License-Identifier: GPL-2.0-only
#include "ddnn-wireless-access.h"

#include "ns3/ddnn-attributes.h"
#include "ns3/ddnn-compat.h"
#include "ns3/double.h"
#include "ns3/enum.h"
#include "ns3/mobility-helper.h"
#include "ns3/mobility-model.h"

#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DdnnWirelessAccess);

namespace
{

constexpr double RADIUS = 5; ///< metres

} // namespace

TypeId
DdnnWirelessAccess::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DdnnWirelessAccess")
            .SetParent<DdnnAccess>()
            .SetGroupName("Ddnn")
            .AddAttribute("Placement",
                          "Where the end devices stand: on a circle around the gateway, or at "
                          "random on its disc.",
                          EnumValue(CIRCLE),
                          DDNN_MAKE_ENUM_ACCESSOR(Placement, &DdnnWirelessAccess::m_placement),
                          MakeEnumChecker(CIRCLE, "circle", DISC, "disc"))
            .AddAttribute("Radius",
                          "Radius of the circle, in metres; with LTE it is 50 unless it is set.",
                          DoubleValue(RADIUS),
                          MakeDoubleAccessor(&DdnnWirelessAccess::m_radius),
                          MakeDoubleChecker<double>(0, 1e6));
    return tid;
}

double
DdnnWirelessAccess::GetDefaultRadius() const
{
    return RADIUS;
}

void
DdnnWirelessAccess::Place(const NodeContainer& nodes)
{
    const double radius = IsDefaultUnchanged(GetTypeId().GetName(), "Radius") && m_radius == RADIUS
                              ? GetDefaultRadius()
                              : m_radius;
    auto circle = CreateObject<ListPositionAllocator>();
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        const double angle = 2 * M_PI * i / nodes.GetN();
        circle->Add(Vector(radius * std::cos(angle), radius * std::sin(angle), 0));
    }
    MobilityHelper mobility;
    mobility.SetMobilityModel("ns3::ConstantPositionMobilityModel");
    mobility.SetPositionAllocator(circle);
    mobility.Install(nodes);
    if (m_placement == DISC)
    {
        m_disc = CreateObject<UniformDiscPositionAllocator>();
        m_disc->SetRho(radius);
        m_onDisc.Add(nodes);
        ChoosePositions();
    }
}

void
DdnnWirelessAccess::PlaceInMiddle(Ptr<Node> node)
{
    auto origin = CreateObject<ListPositionAllocator>();
    origin->Add(Vector(0, 0, 0));
    MobilityHelper mobility;
    mobility.SetMobilityModel("ns3::ConstantPositionMobilityModel");
    mobility.SetPositionAllocator(origin);
    mobility.Install(node);
}

void
DdnnWirelessAccess::ChoosePositions() const
{
    for (uint32_t i = 0; i < m_onDisc.GetN(); ++i)
    {
        m_onDisc.Get(i)->GetObject<MobilityModel>()->SetPosition(m_disc->GetNext());
    }
}

int64_t
DdnnWirelessAccess::AssignPlacementStreams(int64_t stream)
{
    if (!m_disc)
    {
        return 0;
    }
    const int64_t used = m_disc->AssignStreams(stream);
    ChoosePositions();
    return used;
}

} // namespace ns3
