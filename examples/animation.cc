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
Animate(ns3::DdnnHelper& helper, const std::string& file)
{
    constexpr double DISTANCE = 15;
    if (!std::ofstream(file).good())
    {
        throw std::runtime_error("--animation: cannot write " + file + "; choose another --output");
    }
    const ns3::DdnnTopology& topology = helper.GetTopology();
    auto animation = std::make_shared<ns3::AnimationInterface>(file);
    const auto& tiers = helper.GetHierarchy().tiers;
    for (int tier = 0; tier < static_cast<int>(tiers.size()); ++tier)
    {
        const std::string exit = ExitName(helper.GetHierarchy(), tier) + " aggregator";
        Place(*animation, topology.GetAggregator(tier), (2 * tier + 1) * DISTANCE, 0, exit);
        for (int node = 0; node < tiers[tier].numNodes; ++node)
        {
            Place(*animation,
                  topology.GetNode(tier, node),
                  2 * tier * DISTANCE,
                  node * DISTANCE / 3,
                  tiers[tier].name + " " + std::to_string(node));
        }
    }
    for (std::size_t cell = 0; cell < topology.GetCells().size(); ++cell)
    {
        Place(*animation,
              topology.GetCells()[cell].gateway,
              DISTANCE / 2,
              static_cast<double>(cell) * DISTANCE,
              "gateway " + std::to_string(cell));
    }
    return animation;
}

} // namespace ddnn::examples
