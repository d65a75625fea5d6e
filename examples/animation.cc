// SPDX-License-Identifier: GPL-2.0-only
#include "animation.h"

#include "ns3/animation-interface.h"
#include "ns3/mobility-model.h"

#include <fstream>
#include <stdexcept>

namespace ddnn::examples
{

namespace
{

/// Gives a node that stands nowhere a place in the animation, and a name.
void
Place(ns3::AnimationInterface& animation,
      ns3::Ptr<ns3::Node> node,
      double x,
      double y,
      const std::string& name)
{
    if (!node->GetObject<ns3::MobilityModel>())
    {
        ns3::AnimationInterface::SetConstantPosition(node, x, y);
    }
    animation.UpdateNodeDescription(node, name);
}

} // namespace

std::shared_ptr<void>
Animate(const ns3::DdnnScenarioParts& parts, const std::string& file)
{
    constexpr double DISTANCE = 15;
    if (!std::ofstream(file).good())
    {
        throw std::runtime_error("--animation: cannot write " + file + "; choose another --output");
    }
    auto animation = std::make_shared<ns3::AnimationInterface>(file);
    const Hierarchy& hierarchy = parts.sites[0].site->GetHierarchy();
    double top = 0; // of the site
    for (const ns3::DdnnTopology& site : parts.topology->GetSites())
    {
        for (uint32_t tier = 0; tier < site.tiers.size(); ++tier)
        {
            const std::string exit = ExitName(hierarchy, static_cast<int>(tier)) + " exit";
            Place(*animation, site.exits.Get(tier), (2 * tier + 1) * DISTANCE, top, exit);
            for (uint32_t node = 0; node < site.tiers[tier].GetN(); ++node)
            {
                Place(*animation,
                      site.tiers[tier].Get(node),
                      2 * tier * DISTANCE,
                      top + node * DISTANCE / 3,
                      hierarchy.tiers[tier].name + " " + std::to_string(node));
            }
        }
        for (std::size_t cell = 0; cell < site.cells.size(); ++cell)
        {
            Place(*animation,
                  site.cells[cell].gateway,
                  DISTANCE / 2,
                  top + static_cast<double>(cell) * DISTANCE,
                  "gateway " + std::to_string(cell));
        }
        top += DISTANCE * (1 + site.tiers[0].GetN() / 3.0);
    }
    return animation;
}

} // namespace ddnn::examples
